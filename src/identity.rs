mod email;
mod user_id;

pub use email::Email;
pub use user_id::UserId;

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

    /// Which identifier [`identifier`](Self::identifier) is.
    #[cfg(feature = "jwt")]
    pub(crate) const fn identifier_name(&self) -> &'static str {
        match self {
            Self::UserId(_) | Self::UserIdAndEmail(..) => "user_id",
            Self::Email(_) => "email",
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
