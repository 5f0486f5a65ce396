use super::{IdentityError, signing_input};

/// A user's email, the exact text that the client sends.
///
/// # Examples
///
/// ```
/// use intercom_identity::{Email, IdentityError};
///
/// assert_eq!(Email::new("Ada@Example.com")?.as_str(), "Ada@Example.com");
/// assert_eq!(Email::new("ada"), Err(IdentityError::EmailWithoutAt));
/// # Ok::<(), IdentityError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Email<'a>(&'a str);

impl<'a> Email<'a> {
    /// Takes the email as it is: nothing is trimmed, lower-cased or normalised.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::EmptyEmail`] if the text is empty.
    /// - [`IdentityError::EmailWithoutAt`] if it has no `@`: most likely it is another identifier.
    /// - [`IdentityError::JwtSigningInput`] if it could be read as the signed part of a JSON Web Token.
    #[inline]
    pub fn new(email: &'a str) -> Result<Self, IdentityError> {
        check(email)?;
        Ok(Self(email))
    }

    /// For a string that has been checked before.
    #[cfg(any(feature = "jwt", feature = "verify"))]
    pub(crate) const fn known(email: &'a str) -> Self {
        Self(email)
    }

    /// The email as text.
    #[must_use]
    #[inline]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

// An email is personal data.
redacted_debug!(Email<'_>);

/// Out of line, as for a `UserId`.
#[inline(never)]
fn check(email: &str) -> Result<(), IdentityError> {
    match email {
        "" => Err(IdentityError::EmptyEmail),
        _ if !email.contains('@') => Err(IdentityError::EmailWithoutAt),
        _ if signing_input::may_be(email) => Err(IdentityError::JwtSigningInput),
        _ => Ok(()),
    }
}
