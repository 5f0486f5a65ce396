mod email;
pub(crate) mod lenient_base64;
pub(crate) mod signing_input;
mod user_id;

pub use email::Email;
pub use user_id::UserId;

/// Who a logged-in user is to Intercom. A visitor has no identity.
///
/// `==` compares the email, too. To tell whether two are the same user, compare [`kind`](Self::kind) and
/// [`identifier`](Self::identifier).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Makes an identity from what a session or a request holds.
    ///
    /// An empty `user_id` is an error, never treated as missing: falling back to the email would let anybody who controls
    /// the email become the user. Beside a `user_id`, an email that is empty or has no `@` counts as absent, because the
    /// email is not what is hashed.
    ///
    /// # Errors
    ///
    /// - [`IdentityError::Unidentified`] if neither is given: a visitor, to whom identity verification does not apply.
    /// - [`IdentityError::EmptyUserId`] if the `user_id` is empty.
    /// - [`IdentityError::Placeholder`] if the `user_id` is what a program writes where it has no id, such as `undefined`.
    /// - [`IdentityError::Swapped`] if the `user_id` has an `@`, and the email has a digit and no `@`.
    /// - [`IdentityError::EmptyEmail`] or [`IdentityError::EmailWithoutAt`] if there is only an email, and it is not a valid one.
    /// - [`IdentityError::JwtSigningInput`] if either could be read as the signed part of a JSON Web Token.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{Identity, IdentityError};
    ///
    /// assert_eq!(Identity::new(Some("4711"), Some("ada@example.com"))?.identifier(), "4711");
    /// assert_eq!(Identity::new(None, Some("ada@example.com"))?.identifier(), "ada@example.com");
    /// let empty = Identity::new(Some(""), Some("ada@example.com"));
    /// assert_eq!(empty, Err(IdentityError::EmptyUserId));
    /// assert_eq!(Identity::new(None, None), Err(IdentityError::Unidentified));
    /// # Ok::<(), IdentityError>(())
    /// ```
    #[inline]
    pub fn new(user_id: Option<&'a str>, email: Option<&'a str>) -> Result<Self, IdentityError> {
        match (user_id, email) {
            (Some(user_id), email) => UserId::new(user_id)?.with_email(email),
            (None, Some(email)) => Email::new(email).map(Self::Email),
            (None, None) => Err(IdentityError::Unidentified),
        }
    }

    /// The text that is hashed: the `user_id`, or the email only if there is no `user_id`.
    ///
    /// Source: "Installing Intercom", section on identity verification, at developers.intercom.com.
    #[must_use]
    #[inline]
    pub fn identifier(&self) -> &str {
        match self {
            Self::UserId(user_id) | Self::UserIdAndEmail(user_id, _) => user_id.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }

    /// What the [identifier](Self::identifier) is: `user_id` or `email`.
    ///
    /// The email of one user can be the `user_id` of another, so store data by kind and identifier together.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::Identity;
    ///
    /// let ada = Identity::new(None, Some("ada@example.com"))?;
    /// assert_eq!((ada.kind(), ada.identifier()), ("email", "ada@example.com"));
    /// let other = Identity::new(Some("ada@example.com"), None)?;
    /// assert_eq!((other.kind(), other.identifier()), ("user_id", "ada@example.com"));
    /// # Ok::<(), intercom_identity::IdentityError>(())
    /// ```
    #[must_use]
    pub const fn kind(&self) -> &'static str {
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
    #[inline]
    fn from(user_id: UserId<'a>) -> Self {
        Self::UserId(user_id)
    }
}

impl<'a> From<Email<'a>> for Identity<'a> {
    #[inline]
    fn from(email: Email<'a>) -> Self {
        Self::Email(email)
    }
}

impl<'a> From<(UserId<'a>, Email<'a>)> for Identity<'a> {
    #[inline]
    fn from((user_id, email): (UserId<'a>, Email<'a>)) -> Self {
        Self::UserIdAndEmail(user_id, email)
    }
}

impl<'a> From<(UserId<'a>, Option<Email<'a>>)> for Identity<'a> {
    #[inline]
    fn from((user_id, email): (UserId<'a>, Option<Email<'a>>)) -> Self {
        match email {
            Some(email) => Self::UserIdAndEmail(user_id, email),
            None => Self::UserId(user_id),
        }
    }
}

/// Why there is no [`Identity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Neither a `user_id` nor an email is given: a visitor.
    #[error("neither a user_id nor an email is given")]
    Unidentified,
    /// The `user_id` is empty.
    #[error("the user_id is empty: leave it out if there is none")]
    EmptyUserId,
    /// The email is empty.
    #[error("the email is empty: leave it out if there is none")]
    EmptyEmail,
    /// The email has no `@`.
    #[error("the email has no @: send another identifier as user_id")]
    EmailWithoutAt,
    /// The `user_id` is what a program writes where it has no id, such as `undefined` or `null`.
    #[error("the user_id is a placeholder such as undefined or null: send the id of the user, or none for a visitor")]
    Placeholder,
    /// The `user_id` has an `@`, and the email has a digit and no `@`.
    #[error("user_id and email are swapped: pass the user_id first, then the email")]
    Swapped,
    /// The identifier can be read as the signed part of a JSON Web Token, so its hash would be the signature of a token
    /// that its owner forged. Or it has a dot and is longer than 1 KiB, as no real id is.
    #[error("the identifier can be read as part of a JSON Web Token: never let users choose their own user_id")]
    JwtSigningInput,
}
