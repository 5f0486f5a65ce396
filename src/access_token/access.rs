use alloc::string::String;
use core::fmt;

use super::claim;
use crate::{Email, Identity, JwtError, UserId, jwt::Object};

/// What an [`AccessToken`](super::AccessToken) gives access as: the [`Admission`](crate::Admission) that it was issued
/// for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "who has access matters as much as that somebody has"]
#[expect(clippy::exhaustive_enums, reason = "a new kind of access must not pass unnoticed through a caller's `match`")]
pub enum Access {
    /// A user whose identity was proved.
    Verified(Subject),
    /// A user whose identity was not proved: anybody could have claimed it.
    Unverified(Subject),
    /// A visitor.
    Unidentified,
}

impl Access {
    pub(super) fn read(claims: &Object) -> Result<Self, JwtError> {
        let name = claim::IDENTITY;
        match claims.text(name)?.as_deref() {
            Some("verified") => Subject::read(claims).map(Self::Verified),
            Some("unverified") => Subject::read(claims).map(Self::Unverified),
            Some("unidentified") => Ok(Self::Unidentified),
            _ => Err(JwtError::Claim { name }),
        }
    }
}

/// The user whom an [`AccessToken`](super::AccessToken) names. `Debug` does not show who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject(Identifier);

#[derive(Clone, PartialEq, Eq)]
enum Identifier {
    UserId(String),
    Email(String),
}

impl Subject {
    fn read(claims: &Object) -> Result<Self, JwtError> {
        let sub = claims.text(claim::SUBJECT)?.unwrap_or_default();
        let malformed = |_| JwtError::Claim { name: claim::SUBJECT };
        match claims.text(claim::IDENTIFIER)?.as_deref() {
            Some("user_id") => {
                UserId::new(&sub).map_err(malformed)?;
                Ok(Self(Identifier::UserId(sub.into_owned())))
            }
            Some("email") => {
                Email::new(&sub).map_err(malformed)?;
                Ok(Self(Identifier::Email(sub.into_owned())))
            }
            _ => Err(JwtError::Claim { name: claim::IDENTIFIER }),
        }
    }

    /// Who it is, by the one identifier that counts.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        match &self.0 {
            Identifier::UserId(user_id) => Identity::UserId(UserId::checked_before(user_id)),
            Identifier::Email(email) => Identity::Email(Email::checked_before(email)),
        }
    }
}

/// Personal data: the text is not shown.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("Subject([REDACTED])")
    }
}
