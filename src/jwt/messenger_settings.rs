use alloc::{borrow::ToOwned, string::ToString};

use super::{JwtError, UserClaims, UserJwt};
use crate::{Keyring, MessengerSettings, NoSecret, Platform, messenger_settings::Proof};

impl MessengerSettings {
    /// The settings of a user, with a JSON Web Token of the claims.
    ///
    /// On the web that is `intercom_user_jwt` alone, with no identity in the clear. An app has to log in with the identity,
    /// so on iOS and Android it is `user_id`, `email` if known and `user_jwt`.
    ///
    /// # Errors
    ///
    /// - [`SettingsError::NoSecret`] if the keyring has none for the platform.
    /// - [`SettingsError::Jwt`] if the claims cannot be signed: with [`JwtError::Length`], they are too long.
    pub fn with_user_jwt(keyring: &Keyring, platform: Platform, claims: &UserClaims) -> Result<Self, SettingsError> {
        let user_jwt = UserJwt::sign(keyring.secret(platform)?, claims)?.to_string();
        let signed = claims.names().map(ToOwned::to_owned).collect();
        Ok(match platform {
            Platform::Web => Self::of(None, Proof::IntercomUserJwt(user_jwt), signed),
            Platform::Ios | Platform::Android => Self::of(Some(claims.identity()), Proof::UserJwt(user_jwt), signed),
        })
    }
}

/// Why there are no [`MessengerSettings`] with a JSON Web Token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No secret serves the platform.
    #[error(transparent)]
    NoSecret(#[from] NoSecret),
    /// The claims cannot be signed.
    #[error(transparent)]
    Jwt(#[from] JwtError),
}
