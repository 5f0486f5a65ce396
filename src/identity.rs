use core::fmt;

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

/// Who a logged-in user is to Intercom. A visitor has no identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the protocol has two identifiers; a third would change its rule")]
pub enum Identity<'a> {
    /// Known by `user_id` alone.
    UserId(UserId<'a>),
    /// Known by email alone.
    Email(Email<'a>),
    /// Known by both; the `user_id` identifies.
    UserIdAndEmail(UserId<'a>, Email<'a>),
}

impl<'a> Identity<'a> {
    /// Makes an identity of what a session or a request holds.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::Unidentified`] if neither is given: a visitor, whom identity verification does not concern.
    /// - [`IdentityError::EmptyUserId`], [`IdentityError::EmptyEmail`], [`IdentityError::EmailWithoutAt`] if one is
    ///   given that cannot be. What is present but empty is never taken for absent.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Identity, IdentityError};
    ///
    /// assert_eq!(Identity::new(Some("4711"), Some("ada@example.com"))?.identifier(), "4711");
    /// assert_eq!(Identity::new(None, Some("ada@example.com"))?.identifier(), "ada@example.com");
    /// assert_eq!(Identity::new(Some(""), Some("ada@example.com")), Err(IdentityError::EmptyUserId));
    /// assert_eq!(Identity::new(None, None), Err(IdentityError::Unidentified));
    /// # Ok::<(), IdentityError>(())
    /// ```
    pub fn new(user_id: Option<&'a str>, email: Option<&'a str>) -> Result<Self, IdentityError> {
        match (user_id, email) {
            (Some(user_id), Some(email)) => Ok(Self::UserIdAndEmail(UserId::new(user_id)?, Email::new(email)?)),
            (Some(user_id), None) => UserId::new(user_id).map(Self::UserId),
            (None, Some(email)) => Email::new(email).map(Self::Email),
            (None, None) => Err(IdentityError::Unidentified),
        }
    }

    /// The text that is hashed: the `user_id`, or the email only if there is no `user_id`.
    ///
    /// Source: "Installing Intercom", section on identity verification, at developers.intercom.com.
    #[must_use]
    pub fn identifier(&self) -> &str {
        match self {
            Self::UserId(user_id) | Self::UserIdAndEmail(user_id, _) => user_id.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }

    /// The `user_id`, if known.
    #[must_use]
    pub const fn user_id(&self) -> Option<UserId<'a>> {
        match *self {
            Self::UserId(user_id) | Self::UserIdAndEmail(user_id, _) => Some(user_id),
            Self::Email(_) => None,
        }
    }

    /// The email, if known.
    #[must_use]
    pub const fn email(&self) -> Option<Email<'a>> {
        match *self {
            Self::Email(email) | Self::UserIdAndEmail(_, email) => Some(email),
            Self::UserId(_) => None,
        }
    }
}

impl<'a> From<UserId<'a>> for Identity<'a> {
    fn from(user_id: UserId<'a>) -> Self {
        Self::UserId(user_id)
    }
}

impl<'a> From<Email<'a>> for Identity<'a> {
    fn from(email: Email<'a>) -> Self {
        Self::Email(email)
    }
}

impl<'a> From<(UserId<'a>, Email<'a>)> for Identity<'a> {
    fn from((user_id, email): (UserId<'a>, Email<'a>)) -> Self {
        Self::UserIdAndEmail(user_id, email)
    }
}

/// Why there is no [`Identity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Neither a `user_id` nor an email: a visitor.
    #[error("neither a user_id nor an email is given")]
    Unidentified,
    /// The `user_id` is present but empty.
    #[error("the user_id is empty")]
    EmptyUserId,
    /// The email is present but empty.
    #[error("the email is empty")]
    EmptyEmail,
    /// The email has no `@`.
    #[error("the email has no @")]
    EmailWithoutAt,
}
