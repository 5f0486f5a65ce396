use core::fmt;

use super::IdentityError;

/// A user's `user_id`, the exact text that the client sends beside the hash.
///
/// An integer id is its decimal text, so it can be given as a `u32` or a `u64`.
///
/// # Examples
///
/// ```
/// use intercom_identity::{IdentityError, UserId};
///
/// assert_eq!(UserId::new("4711")?, UserId::from(4711_u64));
/// assert_eq!(UserId::new(""), Err(IdentityError::EmptyUserId));
/// # Ok::<(), IdentityError>(())
/// ```
#[derive(Clone, Copy)]
pub struct UserId<'a>(Text<'a>);

#[derive(Clone, Copy)]
enum Text<'a> {
    Given(&'a str),
    /// The digits stand at the end; 20 hold the largest `u64`.
    Decimal {
        digits: [u8; 20],
        start: usize,
    },
}

impl<'a> UserId<'a> {
    /// Takes the id as it is: nothing is trimmed, lower-cased or normalised.
    ///
    /// # Errors
    ///
    /// [`IdentityError::EmptyUserId`] if there is no text. An empty id is not "no id": falling back to the email would
    /// let whoever controls the email become the user.
    pub const fn new(user_id: &'a str) -> Result<Self, IdentityError> {
        if user_id.is_empty() {
            return Err(IdentityError::EmptyUserId);
        }
        Ok(Self(Text::Given(user_id)))
    }

    /// A text that was a `UserId` before, and has been owned since.
    #[cfg(feature = "jwt")]
    pub(crate) const fn checked_before(user_id: &'a str) -> Self {
        Self(Text::Given(user_id))
    }

    /// The id as text.
    #[must_use]
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "decimal digits are ASCII")]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Given(user_id) => user_id,
            Text::Decimal { digits, start } => {
                str::from_utf8(digits.split_at(*start).1).expect("decimal digits are ASCII")
            }
        }
    }
}

impl From<u32> for UserId<'_> {
    fn from(user_id: u32) -> Self {
        u64::from(user_id).into()
    }
}

impl From<u64> for UserId<'_> {
    fn from(mut user_id: u64) -> Self {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit += (user_id % 10) as u8;
            start -= 1;
            user_id /= 10;
            if user_id == 0 {
                break;
            }
        }
        Self(Text::Decimal { digits, start })
    }
}

impl PartialEq for UserId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for UserId<'_> {}

/// Personal data: the text is not shown.
impl fmt::Debug for UserId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(_) = self;
        f.write_str("UserId([REDACTED])")
    }
}
