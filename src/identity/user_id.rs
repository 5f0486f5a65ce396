use core::hash::{Hash, Hasher};

use super::{Email, Identity, IdentityError, signing_input};

/// A user's `user_id`, the exact text that the client sends beside the hash.
///
/// Use the id from your own records, never one that the user chose. It must be unique in the workspace: two systems
/// that share a secret share the hashes of their users. An integer id is its decimal text.
///
/// # Examples
///
/// ```
/// use intercom_identity::{IdentityError, UserId};
///
/// assert_eq!(UserId::new("4711")?, UserId::from(4711_i64));
/// assert_eq!(UserId::new(""), Err(IdentityError::EmptyUserId));
///
/// // The hash of this text would be the signature of a token for user 1.
/// let forged = UserId::new("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9");
/// assert_eq!(forged, Err(IdentityError::JwtSigningInput));
/// # Ok::<(), IdentityError>(())
/// ```
#[derive(Clone, Copy)]
pub struct UserId<'a>(Text<'a>);

#[derive(Clone, Copy)]
enum Text<'a> {
    Given(&'a str),
    /// An integer, its digits right-aligned; 20 bytes hold any 64-bit integer.
    Decimal {
        digits: [u8; 20],
        start: u8,
    },
}

impl<'a> UserId<'a> {
    /// Takes the id as it is: nothing is trimmed, lower-cased or normalised.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::EmptyUserId`] if the text is empty.
    /// - [`IdentityError::Placeholder`] if it is what a program writes where it has no id: `undefined`, `null`, `None`, `nil`,
    ///   `NaN` or `[object Object]`. All such users would be one.
    /// - [`IdentityError::JwtSigningInput`] if it could be read as the signed part of a JSON Web Token, or has a dot and is
    ///   longer than 1 KiB.
    #[inline]
    pub fn new(user_id: &'a str) -> Result<Self, IdentityError> {
        check(user_id)?;
        Ok(Self::known(user_id))
    }

    /// The identity of the user with this id and, where there is one, an email: from a database, for example.
    ///
    /// The email is not what is hashed, so one that is empty or has no `@` counts as absent.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::Swapped`] if the id has an `@`, and the email has a digit and no `@`.
    /// - [`IdentityError::JwtSigningInput`] if the email could be read as the signed part of a JSON Web Token.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Email, UserId};
    ///
    /// let (id, email) = (4711_i64, Some("ada@example.com".to_owned()));
    /// let identity = UserId::from(id).with_email(email.as_deref())?;
    /// assert_eq!(identity.identifier(), "4711");
    /// assert_eq!(identity.email(), Some(Email::new("ada@example.com")?));
    /// # Ok::<(), intercom_identity::IdentityError>(())
    /// ```
    #[inline]
    pub fn with_email(self, email: Option<&'a str>) -> Result<Identity<'a>, IdentityError> {
        let Some(email) = email else { return Ok(self.into()) };
        match Email::new(email) {
            Ok(email) => Ok((self, email).into()),
            Err(IdentityError::EmailWithoutAt) if self.as_str().contains('@') && has_digit(email) => {
                Err(IdentityError::Swapped)
            }
            Err(IdentityError::EmptyEmail | IdentityError::EmailWithoutAt) => Ok(self.into()),
            Err(error) => Err(error),
        }
    }

    /// For a string that has been checked before.
    #[inline]
    pub(crate) const fn known(user_id: &'a str) -> Self {
        Self(Text::Given(user_id))
    }

    /// The id as text.
    #[must_use]
    #[inline]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "decimal digits are ASCII")]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Given(user_id) => user_id,
            Text::Decimal { digits, start } => {
                str::from_utf8(digits.split_at(usize::from(*start)).1).expect("decimal digits are ASCII")
            }
        }
    }

    fn decimal(mut magnitude: u64, is_negative: bool) -> Self {
        let mut digits = [b'-'; 20];
        let mut start = 20;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (magnitude % 10) as u8;
            start -= 1;
            magnitude /= 10;
            if magnitude == 0 {
                break;
            }
        }
        Self(Text::Decimal { digits, start: start - u8::from(is_negative) })
    }
}

/// Out of line: with it, `Identity::new` is too long to be inlined, and a hash takes a sixth longer.
#[inline(never)]
fn check(user_id: &str) -> Result<(), IdentityError> {
    match user_id {
        "" => Err(IdentityError::EmptyUserId),
        "undefined" | "null" | "None" | "nil" | "NaN" | "[object Object]" => Err(IdentityError::Placeholder),
        _ if signing_input::may_be(user_id) => Err(IdentityError::JwtSigningInput),
        _ => Ok(()),
    }
}

/// Most ids have a digit; what stands for a missing email, such as `n/a` or `none`, has none.
fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

impl From<u64> for UserId<'_> {
    fn from(user_id: u64) -> Self {
        Self::decimal(user_id, false)
    }
}

impl From<i64> for UserId<'_> {
    fn from(user_id: i64) -> Self {
        Self::decimal(user_id.unsigned_abs(), user_id < 0)
    }
}

impl From<u32> for UserId<'_> {
    fn from(user_id: u32) -> Self {
        u64::from(user_id).into()
    }
}

impl From<i32> for UserId<'_> {
    fn from(user_id: i32) -> Self {
        i64::from(user_id).into()
    }
}

impl PartialEq for UserId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for UserId<'_> {}

impl Hash for UserId<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

// A `user_id` is personal data.
redacted_debug!(UserId<'_>);
