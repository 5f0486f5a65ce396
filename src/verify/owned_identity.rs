use alloc::boxed::Box;
use core::fmt;

use crate::{Email, Identity, UserId};

/// An [`Identity`] that outlives the request.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum OwnedIdentity {
    UserId(Box<str>, Option<Box<str>>),
    Email(Box<str>),
}

impl OwnedIdentity {
    /// The one identifier that a user hash proves.
    pub(super) fn proved_by_hash(identity: Identity<'_>) -> Self {
        match identity.user_id() {
            Some(user_id) => Identity::UserId(user_id).into(),
            None => identity.into(),
        }
    }

    pub(super) fn identifier(&self) -> &str {
        let (Self::UserId(identifier, _) | Self::Email(identifier)) = self;
        identifier
    }

    pub(super) fn get(&self) -> Identity<'_> {
        match self {
            Self::UserId(user_id, email) => (UserId::known(user_id), email.as_deref().map(Email::known)).into(),
            Self::Email(email) => Email::known(email).into(),
        }
    }
}

impl From<Identity<'_>> for OwnedIdentity {
    fn from(identity: Identity<'_>) -> Self {
        let email = identity.email().map(|email| email.as_str().into());
        match identity.user_id() {
            Some(user_id) => Self::UserId(user_id.as_str().into(), email),
            None => Self::Email(identity.identifier().into()),
        }
    }
}

impl fmt::Debug for OwnedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
