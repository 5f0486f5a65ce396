//! The proofs to verify: a user hash and a JSON Web Token, right or wrong in chosen places. And a naive comparison, as a
//! control.

use std::{error::Error, hint::black_box, ops::Range};

use intercom_identity::{
    Secret, UserHash, UserId,
    jwt::{UserClaims, UserJwt},
};

/// As long as Intercom's secrets.
pub(crate) const KEY: [u8; 43] = *b"forty-three-characters-that-keep-no-secrets";

pub(crate) fn user_id() -> UserId<'static> {
    UserId::from(4711_u32)
}

/// The text of a user hash or a user JWT.
pub(crate) struct Proof {
    text: String,
    /// How many characters at its end depend on the key.
    pub(crate) places: usize,
}

impl Proof {
    pub(crate) fn user_hash() -> Result<Self, Box<dyn Error>> {
        let hash = UserHash::compute(&Secret::from_raw_key(&KEY)?, user_id());
        Ok(Self { text: hash.to_string(), places: 64 })
    }

    pub(crate) fn user_jwt() -> Result<Self, Box<dyn Error>> {
        let jwt = UserJwt::sign(&Secret::from_raw_key(&KEY)?, &UserClaims::without_expiry(user_id()))?;
        Ok(Self { text: jwt.to_string(), places: 43 })
    }

    pub(crate) fn right(&self) -> &str {
        &self.text
    }

    /// The text with another character in each of these places: a hexadecimal digit, which can also end the canonical
    /// base64url of 32 bytes.
    pub(crate) fn wrong_in(&self, places: Range<usize>) -> String {
        let (public, secret) = self.text.split_at(self.text.len() - self.places);
        let wrong = secret.char_indices().map(|(place, right)| match right {
            _ if !places.contains(&place) => right,
            '0' => '4',
            _ => '0',
        });
        public.chars().chain(wrong).collect()
    }
}

/// Stops at the first difference. `black_box` hides the length: knowing it, the compiler could compare all bytes at once.
pub(crate) fn naive_eq(a: &[u8], b: &[u8]) -> bool {
    black_box(a) == black_box(b)
}
