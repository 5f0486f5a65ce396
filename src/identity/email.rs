use core::fmt;

use super::IdentityError;

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
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Email<'a>(&'a str);

impl<'a> Email<'a> {
    /// Takes the email as it is: nothing is trimmed, lower-cased or normalised.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::EmptyEmail`] if there is no text.
    /// - [`IdentityError::EmailWithoutAt`] if there is no `@` in it: most likely it is another identifier.
    pub fn new(email: &'a str) -> Result<Self, IdentityError> {
        if email.is_empty() {
            Err(IdentityError::EmptyEmail)
        } else if email.contains('@') {
            Ok(Self(email))
        } else {
            Err(IdentityError::EmailWithoutAt)
        }
    }

    /// A text that was an `Email` before, and has been owned since.
    #[cfg(feature = "jwt")]
    pub(crate) const fn checked_before(email: &'a str) -> Self {
        Self(email)
    }

    /// The email as text.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }
}

/// Personal data: the text is not shown.
impl fmt::Debug for Email<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("Email([REDACTED])")
    }
}
