//! What the app server hands to the messenger, and the messenger sends to the auth server.

use intercom_identity::{Identity, Secret, UserHash};
use serde::{Deserialize, Serialize};

use crate::Result;

#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) user_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) user_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_jwt: Option<String>,
}

impl Settings {
    pub(crate) fn with_hash(&self, user_hash: impl Into<String>) -> Self {
        Self { user_hash: Some(user_hash.into()), ..self.clone() }
    }

    pub(crate) fn without_hash(&self) -> Self {
        Self { user_hash: None, ..self.clone() }
    }

    pub(crate) fn with_jwt(&self, user_jwt: impl Into<String>) -> Self {
        Self { user_jwt: Some(user_jwt.into()), ..self.clone() }
    }

    pub(crate) fn in_upper_case(&self) -> Self {
        Self { user_hash: self.user_hash.as_deref().map(str::to_uppercase), ..self.clone() }
    }

    pub(crate) fn signed_with(&self, secret: &str) -> Result<Self> {
        let identity = Identity::new(self.user_id.as_deref(), self.email.as_deref())?;
        Ok(self.with_hash(UserHash::compute(&Secret::new(secret)?, identity).as_str()))
    }
}
