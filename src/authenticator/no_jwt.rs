//! What `jwt.rs` is without the feature: no token is accepted, so there are never claims.

use alloc::vec::Vec;
pub(super) use core::convert::Infallible as UserClaims;

use super::{Authenticator, Rejection, Verified};
use crate::{
    Identity, Platform, UnixTime,
    mistake::{Mistake, Suspect},
};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Policy(());

impl Authenticator {
    pub(super) const fn check_user_jwt(
        &self,
        _: Platform,
        _: &str,
        _: UnixTime,
        _: Option<Identity<'_>>,
    ) -> Result<Verified, Rejection> {
        let Policy(()) = self.user_jwts;
        Err(Rejection::ProofNotAccepted)
    }

    pub(crate) const fn explain_user_jwt(&self, _: &str, _: UnixTime, _: &[Suspect<'_>]) -> Option<Vec<Mistake>> {
        let Policy(()) = self.user_jwts;
        None
    }
}
