//! No copy of a secret outlives it, whatever was done with it.
//!
//! Linux lets a process look at all of its memory, and only there do these tests exist.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test panics")]

mod memory;

use std::{mem, thread};

use hmac::{Hmac, KeyInit};
use intercom_identity::{
    Admission, AuthRequest, Authenticator, Keyring, Platform, Rejection, Secret, SecretError, UserHash, UserId,
};
use sha2::{Digest, Sha256, digest::common::hazmat::SerializableState};
use zeroize::{Zeroizing, zeroize_stack};

use memory::{Key, Trace, far_below, traces_after};

/// As long as Intercom's, one block of SHA-256, one byte more, several blocks.
const KEY_LENGTHS: [usize; 4] = [43, 64, 65, 200];

/// With its padding, SHA-256 takes the first two as one block, the next two as two, the last as many.
const IDENTIFIER_LENGTHS: [usize; 5] = [6, 36, 60, 100, 3000];

#[test]
fn living_secret_is_two_keyed_states_and_nothing_else() {
    for length in KEY_LENGTHS {
        assert_eq!(traces_after(length, secret), [Trace::InnerState, Trace::OuterState], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_was_made() {
    for length in KEY_LENGTHS {
        assert_eq!(traces_after(length, |key| drop(secret(key))), [], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_computed() {
    for length in IDENTIFIER_LENGTHS {
        let identifier = identifier(length);
        let traces = traces_after(43, |key| {
            let secret = secret(key);
            far_below(|| UserHash::compute(&secret, user_id(&identifier)))
        });
        assert_eq!(traces, [], "identifier of {length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_verified() {
    for length in IDENTIFIER_LENGTHS {
        let identifier = identifier(length);
        let traces = traces_after(43, |key| {
            let secret = secret(key);
            let hash = UserHash::compute(&secret, user_id(&identifier));
            assert_eq!(far_below(|| hash.verify(&secret, user_id(&identifier))), Ok(()));
        });
        assert_eq!(traces, [], "identifier of {length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_was_moved_about_and_used() {
    let identifiers = IDENTIFIER_LENGTHS.map(identifier);
    let traces = traces_after(43, |key| {
        let secret = move_about(secret(key));
        let hashes = identifiers.each_ref().map(|identifier| UserHash::compute(&secret, user_id(identifier)));
        drop(move_about(secret));
        hashes
    });
    assert_eq!(traces, []);
}

#[test]
fn nothing_is_left_of_a_text_that_was_refused() {
    for length in KEY_LENGTHS {
        let traces = traces_after(length, |key| {
            let line = key.line();
            assert_eq!(far_below(|| Secret::new(&line)).err(), Some(SecretError::SurroundingWhitespace));
        });
        assert_eq!(traces, [], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_string_that_became_a_secret() {
    for length in KEY_LENGTHS {
        let traces = traces_after(length, |key| {
            let text = owned(key.text());
            drop(far_below(|| Secret::try_from(text)).unwrap());
        });
        assert_eq!(traces, [], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_string_that_was_refused() {
    let traces = traces_after(43, |key| {
        let line = owned(key.line());
        assert_eq!(far_below(|| Secret::try_from(line)).err(), Some(SecretError::SurroundingWhitespace));
    });
    assert_eq!(traces, []);
}

#[test]
fn nothing_is_left_of_a_keyring_that_grew_and_signed() {
    let traces = traces_after(43, |key| {
        let keyring = rotation(key);
        let hash = far_below(|| UserHash::compute(keyring.secret(Platform::Ios).unwrap(), user_id("7")));
        drop(keyring);
        hash
    });
    assert_eq!(traces, []);
}

#[test]
fn nothing_is_left_of_an_authenticator_that_verified_and_refused() {
    let traces = traces_after(43, |key| {
        let hash = UserHash::compute(&secret(key), user_id("7"));
        let authenticator = Authenticator::new(rotation(key));
        let request = AuthRequest::new(Platform::Ios).user_hash(hash.as_str());
        let outcomes = ["7", "8"].map(|id| far_below(|| authenticator.authenticate(&request.identity(user_id(id)))));
        assert!(matches!(outcomes, [Ok(Admission::Verified(_)), Err(Rejection::UserHashMismatch)]), "{outcomes:?}");
    });
    assert_eq!(traces, []);
}

#[cfg(feature = "jwt")]
mod jwt {
    use std::time::Duration;

    use intercom_identity::{Access, AccessTokens, JwtError, UnixTime, UserClaims, UserJwt};

    use super::*;

    const NOW: i64 = 1_767_225_600;

    #[test]
    fn nothing_is_left_of_a_secret_that_signed_and_verified_a_token() {
        let now = UnixTime::from_seconds(NOW).unwrap();
        let traces = traces_after(43, |key| {
            let (secret, other) = (secret(key), Secret::new("another").unwrap());
            let jwt = far_below(|| UserJwt::sign(&secret, &UserClaims::new(user_id("7")))).unwrap();
            assert_eq!(far_below(|| jwt.verify(&secret, now)), Ok(UserClaims::new(user_id("7"))));
            assert_eq!(far_below(|| jwt.verify(&other, now)), Err(JwtError::Signature));
            jwt
        });
        assert_eq!(traces, []);
    }

    #[test]
    fn nothing_is_left_of_an_authenticator_that_verified_a_token() {
        let now = UnixTime::from_seconds(NOW).unwrap();
        let traces = traces_after(43, |key| {
            let jwt = UserJwt::sign(&secret(key), &UserClaims::new(user_id("7"))).unwrap();
            let authenticator = Authenticator::new(rotation(key));
            let request = AuthRequest::new(Platform::Ios).user_jwt(jwt.as_str(), now);
            let outcome = far_below(|| authenticator.authenticate(&request));
            assert!(matches!(outcome, Ok(Admission::Verified(_))), "{outcome:?}");
        });
        assert_eq!(traces, []);
    }

    #[test]
    fn nothing_is_left_of_access_tokens_that_issued_and_verified() {
        let now = UnixTime::from_seconds(NOW).unwrap();
        let traces = traces_after(43, |key| {
            let tokens = AccessTokens::new(secret(key), "messages", Duration::from_secs(900));
            let token = far_below(|| tokens.issue(&Admission::Unidentified, now)).unwrap();
            assert_eq!(far_below(|| tokens.verify(token.as_str(), now)), Ok(Access::Unidentified));
            token
        });
        assert_eq!(traces, []);
    }
}

#[cfg(feature = "serde")]
mod deserialized {
    use serde::{
        Deserialize,
        de::value::{Error, StringDeserializer},
    };

    use super::*;

    fn deserialize(text: Zeroizing<String>) -> Result<Secret, Error> {
        let deserializer = StringDeserializer::new(owned(text));
        far_below(|| Secret::deserialize(deserializer))
    }

    #[test]
    fn nothing_is_left_of_a_string_that_became_a_secret() {
        for length in KEY_LENGTHS {
            assert_eq!(traces_after(length, |key| drop(deserialize(key.text()).unwrap())), [], "{length} bytes");
        }
    }

    #[test]
    fn nothing_is_left_of_a_string_that_was_refused() {
        assert_eq!(traces_after(43, |key| deserialize(key.line()).unwrap_err()), []);
    }
}

/// What the tests above do not find is found where it is.
mod control {
    use super::*;

    #[test]
    fn living_text_is_found() {
        for length in KEY_LENGTHS {
            assert_eq!(traces_after(length, Key::text), [Trace::Text], "{length} bytes");
        }
    }

    #[test]
    fn living_block_is_found_as_bytes() {
        for (pad, trace) in [(0x36, Trace::InnerBlock), (0x5c, Trace::OuterBlock)] {
            let padded = |key: &Key| key.text().bytes().map(|byte| byte ^ pad).collect::<Vec<_>>();
            assert_eq!(traces_after(43, padded), [trace]);
        }
    }

    #[test]
    fn living_block_is_found_as_words() {
        for (pad, trace) in [(0x3636_3636, Trace::InnerBlock), (0x5c5c_5c5c, Trace::OuterBlock)] {
            let traces = traces_after(43, |key| {
                let text = key.text();
                let words = text.as_bytes().as_chunks().0.iter().copied().map(u32::from_be_bytes);
                words.map(|word| word ^ pad).collect::<Vec<_>>()
            });
            assert_eq!(traces, [trace]);
        }
    }

    #[test]
    fn living_state_is_found_in_big_endian_and_in_any_order() {
        fn reversed_inner_state(key: &Key) -> Vec<u8> {
            let block: Zeroizing<Vec<_>> = Zeroizing::new(key.text().bytes().map(|byte| byte ^ 0x36).collect());
            Sha256::new_with_prefix(&block).serialize().into_iter().take(32).rev().collect()
        }
        let traces = traces_after(64, |key| {
            let reversed = far_below(|| reversed_inner_state(key));
            zeroize_stack::<{ 64 * 1024 }>();
            reversed
        });
        assert_eq!(traces, [Trace::InnerState]);
    }

    #[test]
    fn hmac_keyed_without_care_leaves_both_states() {
        for length in KEY_LENGTHS {
            let traces = traces_after(length, |key| {
                let text = key.text();
                far_below(|| drop(Hmac::<Sha256>::new_from_slice(text.as_bytes()).unwrap()));
            });
            // What else is left depends on how it was compiled.
            assert!(traces.ends_with(&[Trace::InnerState, Trace::OuterState]), "{length} bytes");
        }
    }
}

fn secret(key: &Key) -> Secret {
    let text = key.text();
    far_below(|| Secret::new(&text)).unwrap()
}

/// For whoever promises to wipe it.
fn owned(mut text: Zeroizing<String>) -> String {
    mem::take(&mut *text)
}

fn identifier(length: usize) -> String {
    "7".repeat(length)
}

fn user_id(identifier: &str) -> UserId<'_> {
    UserId::new(identifier).unwrap()
}

/// The key and two others; the first signs, every one verifies.
fn rotation(key: &Key) -> Keyring {
    let [before, after] = ["the one before", "the one after"].map(|text| Secret::new(text).unwrap());
    [secret(key), before, after]
        .into_iter()
        .fold(Keyring::new(), |keyring, secret| keyring.with([Platform::Ios], secret))
}

fn move_about(secret: Secret) -> Secret {
    let on_a_thread = thread::spawn(|| {
        far_below(|| UserHash::compute(&secret, user_id("7")));
        secret
    });
    let mut several = Vec::with_capacity(1);
    several.push(on_a_thread.join().unwrap());
    several.reserve_exact(1000);
    let mut here = Box::new(several.pop());
    let mut there = None;
    mem::swap(&mut *here, &mut there);
    there.take().unwrap()
}
