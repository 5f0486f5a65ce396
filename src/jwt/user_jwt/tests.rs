//! Here and not in `tests/`, because many of the keys are zeros, which no secret may be.

use alloc::{boxed::Box, vec::Vec};
use core::error::Error;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};

use super::UserJwt;
use crate::{
    Secret, UnixTime,
    jwt::JwtError::{Algorithm, Base64, Claims, Header, Parts, Signature},
};

type Result<T = ()> = core::result::Result<T, Box<dyn Error>>;

/// The payloads are plain texts, so a token whose signature is accepted is refused for its claims, and no other is.
#[test]
fn wycheproof_signatures_are_accepted_and_forgeries_refused_for_what_they_are() -> Result {
    /// Valid only for a library that skips what is not base64url, which RFC 7515, section 2, does not allow.
    const DISPUTED: [u32; 2] = [372, 373];

    let (mut valid, mut invalid) = (0, 0);
    for line in include_str!("../../../tests/vectors/wycheproof_jws.tsv").lines().filter(|line| !line.starts_with('#'))
    {
        let [tc_id, result, key, jws] = *line.split('\t').collect::<Vec<_>>() else { return Err(line.into()) };
        let tc_id: u32 = tc_id.parse()?;
        let expected = match tc_id {
            4 | 7 | 10 | 12..=15 | 17 => Parts,
            9 | 11 => Header,
            16 | 341..=344 => Algorithm,
            365 | 366 | 368 | 369 | 371 | 372 | 375 => Base64,
            2 | 3 | 5 | 6 | 8 | 360..=364 | 373 | 374 => Signature,
            _ => Claims,
        };
        let secret = Secret::keyed_with(&BASE64URL.decode(key)?);
        let outcome = jws.parse::<UserJwt>().and_then(|jwt| jwt.verify(&secret, UnixTime::MIN));
        assert_eq!(outcome, Err(expected), "{tc_id}");
        if !DISPUTED.contains(&tc_id) {
            assert_eq!(result == "valid", expected == Claims, "{tc_id}");
        }
        *if result == "valid" { &mut valid } else { &mut invalid } += 1;
    }
    assert_eq!((valid, invalid), (9, 32));
    Ok(())
}
