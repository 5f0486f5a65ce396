//! No copy of a secret outlives it, whatever was done with it; nor does the hash that a wrong one was compared with.
//!
//! Linux lets a process look at all of its memory, and only there do these tests exist.
#![cfg(all(target_os = "linux", feature = "jwt", feature = "verify"))]
#![expect(clippy::unwrap_used, reason = "a test panics")]

#[path = "support/memory.rs"]
mod memory;

use std::{hint::black_box, mem, thread};

use hmac::{Hmac, KeyInit};
use intercom_identity::{
    Keyring, Platform, Secret, SecretError, UserHash, UserHashMismatch, UserId,
    verify::{AuthRequest, Authenticator, Mistake, Rejection},
};
use sha2::{Digest, Sha256, digest::common::hazmat::SerializableState};
use zeroize::{Zeroizing, zeroize_stack};

use memory::{Key, MESSAGES, Trace, far_below, traces_after};

/// As long as Intercom's, one block of SHA-256, one byte more, several blocks.
const KEY_LENGTHS: [usize; 4] = [43, 64, 65, 200];

/// With its padding, SHA-256 takes the first two as one block, the next two as two, the last as many.
const IDENTIFIER_LENGTHS: [usize; 5] = [6, 36, 60, 100, 3000];

const OTHER: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";

#[track_caller]
fn assert_nothing_is_left<T>(scenario: impl FnOnce(&Key) -> T + Send) {
    assert_eq!(traces_after(43, scenario), []);
}

fn secret(key: &Key) -> Secret {
    let text = key.text();
    far_below(|| Secret::new(&text)).unwrap()
}

/// For a callee that promises to wipe it.
fn owned(mut text: Zeroizing<String>) -> String {
    mem::take(&mut *text)
}

fn user_id(identifier: &str) -> UserId<'_> {
    UserId::new(identifier).unwrap()
}

fn victim() -> UserId<'static> {
    user_id(MESSAGES[0])
}

/// The key signs, and another one verifies too.
fn authenticator(key: &Key) -> Authenticator {
    let keyring = Keyring::new().with([Platform::Ios], secret(key));
    Authenticator::new(keyring.with([Platform::Ios], Secret::new(OTHER).unwrap()))
}

#[test]
fn living_secret_is_two_keyed_states_and_nothing_is_left_of_a_dropped_one() {
    for length in KEY_LENGTHS {
        assert_eq!(traces_after(length, secret), [Trace::InnerState, Trace::OuterState], "{length} bytes");
        assert_eq!(traces_after(length, |key| drop(secret(key))), [], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_an_owned_text_that_became_a_secret() {
    for length in KEY_LENGTHS {
        let traces = traces_after(length, |key| {
            let text = owned(key.text());
            drop(far_below(|| Secret::try_from(text)).unwrap());
            let text = owned(key.text()).into_bytes();
            drop(far_below(|| Secret::try_from(text)).unwrap());
        });
        assert_eq!(traces, [], "{length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_text_or_an_owned_text_that_was_refused() {
    for length in KEY_LENGTHS {
        for (refused, error) in [
            (Key::line as fn(&Key) -> _, SecretError::UnexpectedCharacter),
            // Nor of what it is the encoding of.
            (Key::encoded, SecretError::Encoded),
            (Key::hexadecimal, SecretError::Encoded),
        ] {
            let traces = traces_after(length, |key| {
                let text = refused(key);
                assert_eq!(far_below(|| Secret::new(&text)).err(), Some(error));
                let text = owned(text);
                assert_eq!(far_below(|| Secret::try_from(text)).err(), Some(error));
                let text = owned(refused(key)).into_bytes();
                assert_eq!(far_below(|| Secret::try_from(text)).err(), Some(error));
            });
            assert_eq!(traces, [], "{error:?}, {length} bytes");
        }
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_computed_and_verified_identifiers_of_any_length() {
    for length in IDENTIFIER_LENGTHS {
        let identifier = "7".repeat(length);
        let traces = traces_after(43, |key| {
            let secret = secret(key);
            let hash = far_below(|| UserHash::compute(&secret, user_id(&identifier)));
            assert_eq!(far_below(|| hash.verify(&secret, user_id(&identifier))), Ok(()));
            hash
        });
        assert_eq!(traces, [], "identifier of {length} bytes");
    }
}

#[test]
fn nothing_is_left_of_a_secret_that_was_moved_about_and_used() {
    assert_nothing_is_left(|key| {
        let secret = move_about(secret(key));
        let hash = far_below(|| UserHash::compute(&secret, user_id("7")));
        drop(move_about(secret));
        hash
    });
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

/// Whoever found it could send it, for ever.
#[test]
fn nothing_is_left_of_the_hash_that_a_wrong_one_was_compared_with() {
    let wrong: UserHash = "0".repeat(64).parse().unwrap();
    assert_nothing_is_left(|key| {
        let secret = secret(key);
        assert_eq!(far_below(|| wrong.verify(&secret, victim())), Err(UserHashMismatch));
    });
    assert_nothing_is_left(|key| {
        let authenticator = authenticator(key);
        let request = AuthRequest::new(Platform::Ios).identity(victim()).user_hash(wrong.as_str());
        assert_eq!(far_below(|| authenticator.authenticate(&request)), Err(Rejection::UserHashMismatch));
        assert_eq!(far_below(|| authenticator.diagnose(&request)), []);
    });
}

#[test]
fn nothing_is_left_of_a_secret_that_was_sent_in_the_place_of_a_hash_and_diagnosed() {
    for length in KEY_LENGTHS {
        let traces = traces_after(length, |key| {
            let (authenticator, sent) = (authenticator(key), key.text());
            let request = AuthRequest::new(Platform::Ios).identity(victim()).user_hash(&sent);
            assert_eq!(far_below(|| authenticator.diagnose(&request)), [Mistake::SecretSent]);
        });
        assert_eq!(traces, [], "{length} bytes");
        // One that the server does not know.
        let traces = traces_after(length, |key| {
            let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], Secret::new(OTHER).unwrap()));
            let sent = key.text();
            let request = AuthRequest::new(Platform::Ios).identity(victim()).user_hash(&sent);
            assert_eq!(far_below(|| authenticator.diagnose(&request)), []);
        });
        assert_eq!(traces, [], "{length} bytes, unknown");
    }
}

#[cfg(feature = "jwt")]
#[test]
fn nothing_is_left_of_a_secret_that_signed_and_verified_tokens_nor_of_the_signature_of_a_wrong_one() {
    use intercom_identity::{
        UnixTime,
        jwt::{JwtError, UserClaims, UserJwt},
        verify::Proofs,
    };

    let [_, signed] = MESSAGES;
    let forged = format!("{signed}.{}", "A".repeat(43));
    assert_nothing_is_left(|key| {
        let authenticator = authenticator(key).accept(Platform::Ios, Proofs::UserJwt);
        let secret = secret(key);
        let claims = UserClaims::without_expiry(user_id("7"));
        let jwt = far_below(|| UserJwt::sign(&secret, &claims)).unwrap();
        assert_eq!(far_below(|| jwt.verify(&secret, UnixTime::MIN)), Ok(claims));
        let request = AuthRequest::new(Platform::Ios).user_jwt(jwt.as_str(), UnixTime::MIN);
        assert!(far_below(|| authenticator.authenticate(&request)).is_ok());

        let refused = forged.parse::<UserJwt>().unwrap();
        assert_eq!(far_below(|| refused.verify(&secret, UnixTime::MIN)), Err(JwtError::Signature));
        let request = request.user_jwt(&forged, UnixTime::MIN);
        let refusal = Rejection::InvalidUserJwt(JwtError::Signature);
        assert_eq!(far_below(|| authenticator.authenticate(&request)), Err(refusal));
        assert_eq!(far_below(|| authenticator.diagnose(&request)), []);
        jwt
    });
}

#[cfg(feature = "serde")]
#[test]
fn nothing_is_left_of_a_string_that_was_deserialized_or_refused() {
    use serde::{
        Deserialize,
        de::value::{Error, MapDeserializer, StringDeserializer},
    };

    let keyring = |name: String, secret: String| {
        let map = MapDeserializer::<_, Error>::new([(name, secret)].into_iter());
        far_below(|| Keyring::deserialize(map))
    };
    let deserialize = |text| {
        let deserializer = StringDeserializer::<Error>::new(owned(text));
        far_below(|| Secret::deserialize(deserializer))
    };
    for length in KEY_LENGTHS {
        assert_eq!(traces_after(length, |key| drop(deserialize(key.text()).unwrap())), [], "{length} bytes");
        assert_eq!(traces_after(length, |key| deserialize(key.line()).unwrap_err()), [], "{length} bytes");
        assert_eq!(traces_after(length, |key| drop(keyring("web".into(), owned(key.text())).unwrap())), []);
        assert_eq!(traces_after(length, |key| keyring("web".into(), owned(key.line())).unwrap_err()), []);
        assert_eq!(traces_after(length, |key| keyring(owned(key.text()), "web".into()).unwrap_err()), []);
    }
}

/// What the tests above do not find is found where it is.
mod control {
    use super::*;

    #[test]
    fn living_text_is_found() {
        for length in KEY_LENGTHS {
            for text in [Key::text, Key::encoded] {
                assert_eq!(traces_after(length, text), [Trace::Text], "{length} bytes");
            }
        }
    }

    #[test]
    fn living_block_is_found_as_bytes_and_as_words() {
        for (pad, trace) in [(0x36, Trace::InnerBlock), (0x5c, Trace::OuterBlock)] {
            let bytes = |key: &Key| key.text().bytes().map(|byte| byte ^ pad).collect::<Vec<_>>();
            let words = |key: &Key| {
                let text = key.text();
                let words = text.as_bytes().as_chunks().0.iter();
                words.map(|word| u32::from_be_bytes(*word) ^ u32::from_ne_bytes([pad; 4])).collect::<Vec<_>>()
            };
            assert_eq!([traces_after(43, bytes), traces_after(43, words)], [[trace], [trace]]);
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
    fn living_hash_is_found_as_digits_and_as_bytes() {
        let hash = |key: &Key| far_below(|| UserHash::compute(&secret(key), victim()));
        assert_eq!(traces_after(43, hash), [Trace::Hash]);
        assert_eq!(traces_after(43, |key| Box::new(hash(key).to_bytes())), [Trace::Hash]);
    }

    #[test]
    fn hmac_that_is_not_dropped_leaves_both_states_on_the_stack() {
        for length in KEY_LENGTHS {
            let traces = traces_after(length, |key| {
                let text = key.text();
                // `black_box`, or link-time optimisation keeps nothing in memory.
                far_below(|| mem::forget(black_box(Hmac::<Sha256>::new_from_slice(text.as_bytes()).unwrap())));
            });
            // What else is left depends on how it was compiled.
            assert!(traces.ends_with(&[Trace::InnerState, Trace::OuterState]), "{length} bytes");
        }
    }
}
