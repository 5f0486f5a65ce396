//! The user's JSON Web Token: which text is one, whose signature counts, and which claims are accepted.

#![cfg(feature = "jwt")]

#[path = "support/forge.rs"]
mod forge;
mod support;

use std::{sync::LazyLock, thread};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use intercom_identity::{
    Identity, Secret, UnixTime, UserId,
    jwt::{
        JwtError::{
            self, Algorithm, Base64, Claim, Claims, Critical, Expired, Header, Length, NotYetValid, Parts, Signature,
            Type,
        },
        UserClaims, UserJwt,
    },
};
use serde_json::{Value, json};

use forge::{HEADER, base64url};
use support::TestResult;

const KEY: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const ANOTHER_KEY: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";
const CLAIMS: &str = r#"{"user_id":"4711"}"#;
/// 2026-01-01 00:00 UTC.
const NOW: i64 = 1_767_225_600;

/// Header and payload, by Python's `json` and `base64`.
const SIGNED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiNDcxMSJ9";
/// With `KEY`, by Python's `hmac`.
const SIGNATURE: &str = "jgcU1JNJTzfPNPi6IECkiYwAW5M4lm15JWVC-Xn-SL8";

#[expect(clippy::expect_used, reason = "the key is a secret of Intercom's form")]
static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(KEY).expect("the key is a secret of Intercom's form"));

#[expect(clippy::expect_used, reason = "no test goes beyond the years that there are")]
fn second(since_1970: i64) -> UnixTime {
    UnixTime::from_seconds(since_1970).expect("no test goes beyond the years that there are")
}

/// What becomes of a text that a client sends.
fn verify_at(text: &str, now: i64) -> Result<UserClaims, JwtError> {
    text.parse::<UserJwt>()?.verify(&SECRET, second(now))
}

fn verify(text: &str) -> Result<UserClaims, JwtError> {
    verify_at(text, NOW)
}

/// What becomes of a token that is signed with the secret.
fn verify_claims(payload: impl AsRef<[u8]>) -> Result<UserClaims, JwtError> {
    verify(&forge::token(KEY, HEADER, payload))
}

fn user() -> UserClaims {
    UserClaims::without_expiry(UserId::from(4711_u32))
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let flip = |(at, byte): (usize, &u8)| if at == bit / 8 { byte ^ (1 << (bit % 8)) } else { *byte };
    bytes.iter().enumerate().map(flip).collect()
}

#[test]
fn token_of_another_implementation_is_verified_and_ours_is_the_same() -> TestResult {
    let token = format!("{SIGNED}.{SIGNATURE}");
    assert_eq!(verify(&token), Ok(user()));
    assert_eq!(UserJwt::sign(&SECRET, &user())?.as_str(), token);
    assert_eq!(UserJwt::sign(&SECRET, &user())?.verify(&SECRET, second(NOW)), Ok(user()));
    assert_eq!(forge::token(KEY, HEADER, CLAIMS), token);
    Ok(())
}

/// RFC 7515, appendix A.1: its header has a line break, its claims no `user_id`.
#[test]
fn sample_of_rfc_7515_is_correctly_signed_but_not_a_users_and_no_other_key_verifies_it() -> TestResult {
    const JWT: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const JWK: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let (jwt, key) = (JWT.parse::<UserJwt>()?, BASE64URL.decode(JWK)?);
    assert_eq!(jwt.verify(&Secret::from_raw_key(&key)?, second(1_300_819_379)), Err(Claim { name: "user_id" }));
    for bit in 0..key.len() * 8 {
        let secret = Secret::from_raw_key(&flipped(&key, bit))?;
        assert_eq!(jwt.verify(&secret, second(1_300_819_379)), Err(Signature), "{bit}");
    }
    Ok(())
}

/// Texts that are near to the part and not base64url without padding.
fn spoiled(part: &str) -> Vec<String> {
    let (first, rest) = part.split_at(1);
    let (but_last, last) = part.split_at(part.len() - 1);
    let next = last.bytes().map(|digit| char::from(digit + 1)).collect::<String>();
    let mut spoiled: Vec<_> = ["+", "/", "=", " ", "\0", "%", "é"].map(|first| format!("{first}{rest}")).into();
    spoiled.extend(["=", "==", " ", "\n", "\r\n", "\0"].map(|end| format!("{part}{end}")));
    spoiled.extend([" ", "\t", "\u{feff}"].map(|start| format!("{start}{part}")));
    spoiled.extend([format!("{first}\n{rest}"), format!("{but_last}="), format!("{but_last}{next}")]);
    spoiled
}

#[test]
fn text_without_exactly_two_dots_and_an_empty_part_are_refused() {
    let (header, payload) = SIGNED.split_once('.').unwrap_or_default();
    for (text, error) in [
        ("", Parts),
        (SIGNED, Parts),
        (&format!("{header} {payload} {SIGNATURE}"), Parts),
        (&format!("{SIGNED}.{SIGNATURE}."), Parts),
        (&format!(".{SIGNED}.{SIGNATURE}"), Parts),
        // The five parts of JSON Web Encryption, and JSON serialization (RFC 7515, section 7.2).
        (&format!("{}.a.b.c.d", base64url(r#"{"alg":"dir","enc":"A256GCM"}"#)), Parts),
        (&format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{SIGNATURE}"}}"#), Parts),
        ("..", Header),
        (&forge::sign(KEY, &format!(".{payload}")), Header),
        (&format!("{header}..{SIGNATURE}"), Signature),
        (&forge::sign(KEY, &format!("{header}.")), Claims),
        (&format!("{SIGNED}."), Signature),
    ] {
        assert_eq!(verify(text), Err(error), "{text}");
    }
}

/// Header and payload have one byte more than a multiple of three, so some bits must be zero.
#[test]
fn header_and_payload_that_are_not_canonical_base64url_are_refused_even_if_correctly_signed() {
    let (header, payload) = (base64url(r#"{"alg":"HS256"} "#), base64url(r#"{"user_id":"4711"} "#));
    assert_eq!(verify(&forge::sign(KEY, &format!("{header}.{payload}"))), Ok(user()));
    for spoiled in spoiled(&header) {
        assert_eq!(verify(&forge::sign(KEY, &format!("{spoiled}.{payload}"))), Err(Base64), "{spoiled:?}");
    }
    for spoiled in spoiled(&payload) {
        let text = format!("{header}.{spoiled}");
        assert_eq!(verify(&forge::sign(KEY, &text)), Err(Base64), "{text:?}");
        assert_eq!(verify(&forge::sign(ANOTHER_KEY, &text)), Err(Signature), "{text:?}");
    }
}

#[test]
fn token_of_8192_bytes_is_taken_and_signed_and_one_of_8193_is_refused_before_it_is_copied() -> TestResult {
    // Header, signature and dots take 81 bytes.
    for (payload, expected) in [(6083, Ok(8192)), (6084, Err(Length { found: 8193 }))] {
        let spaces = " ".repeat(payload - CLAIMS.len());
        let token = forge::token(KEY, HEADER, format!("{CLAIMS}{spaces}"));
        assert_eq!(verify(&token).map(|_| token.len()), expected);

        let text = "x".repeat(payload - r#"{"user_id":"4711","text":""}"#.len());
        let signed = UserJwt::sign(&SECRET, &user().attribute("text", text)?);
        assert_eq!(signed.map(|jwt| jwt.as_str().len()), expected);
    }
    let text = ".".repeat(1 << 20);
    let used = allocation_counter::measure(|| assert_eq!(verify(&text), Err(Length { found: 1 << 20 })));
    assert_eq!(used.bytes_total, 0);
    Ok(())
}

/// A parser that calls itself for every level would not get through.
#[test]
fn nesting_as_deep_as_a_token_can_be_is_refused_and_overflows_no_stack() -> TestResult {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let in_header = forge::token(KEY, &format!(r#"{{"alg":"HS256","x":{}}}"#, nested(2_900)), CLAIMS);
    let in_claims = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","x":{}}}"#, nested(2_900)));
    let of_120_levels = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","x":{}}}"#, nested(120)));
    let verify_all = move || [in_header, in_claims, of_120_levels].map(|token| verify(&token).map(drop));
    let outcomes = thread::Builder::new().stack_size(256 * 1024).spawn(verify_all)?.join();
    assert_eq!(outcomes.ok(), Some([Err(Header), Err(Claims), Ok(())]));
    Ok(())
}

#[test]
fn header_that_does_not_ask_for_hs256_alone_is_refused_whatever_the_signature() {
    let algorithms = r#""none" "nOnE" "" "RS256" "HS384" "HS512" "hs256" "HS256\u0020" "HS256\u0000" "ＨＳ２５６" null 256 ["HS256"]"#;
    let algorithms = algorithms.split(' ').map(|alg| (format!(r#"{{"alg":{alg}}}"#), Algorithm));
    let without_algorithm = r#"{} {"typ":"JWT"} {"Alg":"HS256","typ":"JWT"}"#.split(' ');
    let extensions = r#"["exp"] ["b64"] [] "exp" false null"#.split(' ');
    let extensions = extensions.map(|crit| (format!(r#"{{"alg":"HS256","b64":false,"crit":{crit}}}"#), Critical));
    let types = r#""at+jwt" "JWE" "JWT\u0020" "" "application/" 1 ["JWT"]"#.split(' ');
    let types = types.map(|typ| (format!(r#"{{"alg":"HS256","typ":{typ}}}"#), Type));
    let malformed = r#"
        {"alg":"HS256","alg":"HS256"} {"alg":"none","alg":"HS256"} {"alg":"HS256","\u0061lg":"none"}
        {"alg":"HS256","kid":"1","kid":"2"} {"alg":"HS256\ud83d"} {"alg":"HS256" {"alg":"HS256",} {"alg":"HS256"}{}
        null [] [{"alg":"HS256"}] "HS256" HS256
    "#;
    let headers = without_algorithm.map(|header| (header.to_owned(), Algorithm)).chain(algorithms).chain(extensions);
    let malformed = malformed.split_whitespace().map(|header| (header.to_owned(), Header));
    for (header, error) in headers.chain(types).chain(malformed).chain([(String::new(), Header)]) {
        let text = format!("{}.{}", base64url(&header), base64url(CLAIMS));
        for token in [format!("{text}."), format!("{text}.*"), forge::sign(ANOTHER_KEY, &text), forge::sign(KEY, &text)]
        {
            assert_eq!(verify(&token), Err(error), "{header}");
        }
    }
    let not_utf_8 = base64url(b"{\"alg\":\"HS256\",\"kid\":\"\xff\"}");
    assert_eq!(verify(&forge::sign(KEY, &format!("{not_utf_8}.{}", base64url(CLAIMS)))), Err(Header));
}

/// Neither `jwk`, `jku`, `x5c` nor a `kid` that leads to an empty file chooses the key.
#[test]
fn header_that_asks_for_hs256_is_taken_and_its_other_parameters_are_ignored() {
    let headers = r#"
        {"typ":"JWT","alg":"HS256"} {"alg":"HS256"} {"alg":"HS256","typ":null} {"\u0061lg":"HS\u003256"}
        {"alg":"HS256","typ":"jwt"} {"alg":"HS256","typ":"application/jwt"} {"alg":"HS256","typ":"application/JWT"}
        {"alg":"HS256","kid":"../../../../dev/null"} {"alg":"HS256","jwk":{"kty":"oct","k":"YXR0YWNrZXI"}}
        {"alg":"HS256","jku":"https://attacker.example/keys.json"} {"alg":"HS256","x5c":["YXR0YWNrZXI"]}
        {"alg":"HS256","zip":"DEF"} {"alg":"HS256","b64":false} {"alg":"HS256","x":{"alg":"none","crit":[]}}
    "#;
    for header in headers.split_whitespace().chain(["{\r\n \"alg\" :\t\"HS256\" }\n"]) {
        assert_eq!(verify(&forge::token(KEY, header, CLAIMS)), Ok(user()), "{header}");
        for key in ["attacker", "", ANOTHER_KEY] {
            assert_eq!(verify(&forge::token(key, header, CLAIMS)), Err(Signature), "{header}");
        }
    }
}

#[test]
fn signature_with_another_secret_over_another_text_or_of_another_length_is_refused() -> TestResult {
    let (header, payload) = SIGNED.split_once('.').unwrap_or_default();
    for key in [ANOTHER_KEY, "", &KEY[1..], &KEY.to_uppercase(), &format!("{KEY}\n")] {
        assert_eq!(verify(&forge::token(key, HEADER, CLAIMS)), Err(Signature), "{key:?}");
    }
    for signed in ["", header, payload, &format!("{header}{payload}"), &format!("{SIGNED}."), CLAIMS] {
        let token = format!("{SIGNED}.{}", base64url(forge::tag(KEY, signed)));
        assert_eq!(verify(&token), Err(Signature), "{signed}");
    }
    let tag = BASE64URL.decode(SIGNATURE)?;
    let mut wrong: Vec<Vec<u8>> = (0..tag.len()).map(|length| tag.iter().copied().take(length).collect()).collect();
    wrong.extend([[&tag, &[0][..]].concat(), [&[0], &tag[..]].concat(), tag.repeat(2), vec![0; 32], vec![0xff; 32]]);
    for tag in wrong {
        assert_eq!(verify(&format!("{SIGNED}.{}", base64url(&tag))), Err(Signature), "{tag:?}");
    }
    Ok(())
}

/// The last digit has two bits that must be zero: `9`, `-` and `_` stand for the same bytes as `8`.
#[test]
fn only_the_canonical_text_of_a_signature_is_accepted() {
    let (but_last, last) = SIGNATURE.split_at(42);
    assert_eq!(last, "8");
    let same_bytes = ["9", "-", "_"].map(|last| format!("{but_last}{last}"));
    let no_bytes = ["AB==", "AB", "A", "*", but_last].map(str::to_owned);
    for signature in spoiled(SIGNATURE).into_iter().chain(same_bytes).chain(no_bytes) {
        assert_eq!(verify(&format!("{SIGNED}.{signature}")), Err(Signature), "{signature:?}");
    }
}

/// The token has expired: code that read a claim before the signature is verified would say so.
#[test]
fn every_bit_flipped_in_a_token_and_every_cut_is_refused_before_a_claim_is_read() {
    let token =
        forge::token(KEY, HEADER, r#"{"user_id":"4711","email":"ada@example.com","exp":1,"seats":[1,2.5,null]}"#);
    assert_eq!(verify(&token), Err(Expired));
    let flips = (0..token.len() * 8).filter_map(|bit| String::from_utf8(flipped(token.as_bytes(), bit)).ok());
    let mut texts: Vec<_> = flips.collect();
    // An ASCII character with its highest bit set is not UTF-8; with any other bit flipped it is.
    assert_eq!(texts.len(), token.len() * 7);
    let cuts = (1..token.len()).map(|at| token.split_at(at));
    texts.extend(cuts.flat_map(|(start, end)| [start.to_owned(), end.to_owned()]));
    for text in texts {
        let outcome = verify(&text);
        let unread = matches!(outcome, Err(Parts | Base64 | Header | Algorithm | Type | Signature));
        assert!(unread, "{text:?}: {outcome:?}");
    }
}

#[test]
fn payload_that_is_not_an_object_with_distinct_names_is_refused() {
    let payloads = r#"
        null "4711" [{"user_id":"4711"}] ["user_id","4711"] {"user_id":"4711" {"user_id":"4711",} {"user_id":"4711"}{}
        {'user_id':'4711'} {"user_id":"4711","x":NaN} {"user_id":"4711","x":01} {"user_id":"4711","x":"\x"}
        {"user_id":"\ud83d"} {"user_id":"4711","\ud83d":1} {"user_id":"4711","user_id":"4712"}
        {"user_id":"4711","user_id":"4711"} {"user_id":"4711","user\u005fid":"4712"}
        {"user_id":"4711","email":"ada@example.com","email":null} {"user_id":"4711","exp":4102444800,"exp":4102444800}
        {"user_id":"4711","plan":"pro","x":1,"plan":"free"} {"user_id":"4711","":1,"":2}
    "#;
    let others = ["", "{\"user_id\":\"4711\"}\0", "\u{feff}{\"user_id\":\"4711\"}"];
    let not_utf_8 = [b"{\"user_id\":\"\xff\"}".as_slice(), b"{\"user_id\":\"4711\",\"x\":\"\xc0\xaf\"}"];
    for payload in payloads.split_whitespace().chain(others).map(str::as_bytes).chain(not_utf_8) {
        assert_eq!(verify_claims(payload), Err(Claims), "{}", String::from_utf8_lossy(payload));
    }
}

#[test]
fn user_id_is_a_string_or_an_integer_of_64_bits() -> TestResult {
    for integer in ["4711", "0", "-1", "-9223372036854775808", "18446744073709551615"] {
        let claims = verify_claims(format!(r#"{{"user_id":{integer}}}"#))?;
        assert_eq!(claims.identity(), Identity::UserId(UserId::new(integer)?));
    }
    for text in ["-0", "1e2", " 4711\n", "e\u{301}\0", r#""},"user_id":"4712"#] {
        let claims = verify_claims(json!({ "user_id": text }).to_string())?;
        assert_eq!(claims.identity(), Identity::UserId(UserId::new(text)?), "{text}");
    }
    let refused = r#"
        4711.0 1e2 -0 18446744073709551616 -9223372036854775809 "" null true ["4711"] {"user_id":"4711"}
        "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9"
        {"$serde_json::private::Number":"7"} {"\u0024serde_json::private::Number":"7"}
    "#;
    let refused = refused.split_whitespace().map(|user_id| format!(r#"{{"user_id":{user_id}}}"#));
    let missing = ["{}", r#"{"sub":"4711"}"#, r#"{"User_ID":"4711"}"#, r#"{"email":"ada@example.com"}"#];
    for payload in refused.chain(missing.map(str::to_owned)) {
        assert_eq!(verify_claims(&payload), Err(Claim { name: "user_id" }), "{payload}");
    }
    Ok(())
}

/// Django's users have an empty email by default.
#[test]
fn text_that_is_no_email_counts_as_absent_and_another_type_is_refused() {
    let outcome = |email| verify_claims(format!(r#"{{"user_id":"4711","email":{email}}}"#));
    for email in ["null", r#""""#, r#"" ""#, r#""n/a""#] {
        assert_eq!(outcome(email), Ok(user()), "{email}");
    }
    for email in r#"4711 true [] ["ada@example.com"] {} "eyJhbGciOiJIUzI1NiJ9.@example.com""#.split(' ') {
        assert_eq!(outcome(email), Err(Claim { name: "email" }), "{email}");
    }
}

/// `NumericDate` is any JSON number (RFC 7519, section 2).
#[test]
fn token_is_valid_from_its_nbf_to_before_its_exp_written_as_any_number_without_its_fraction() -> TestResult {
    for (number, seconds) in [
        ("1767225600", NOW),
        ("1767225600.999", NOW),
        ("1.7672256e9", NOW),
        ("1767225600000e-3", NOW),
        ("-0", 0),
        ("-0.5", 0),
        ("-1.5", -1),
        ("253402300799.5", 253_402_300_799),
        ("-253402300798", -253_402_300_798),
    ] {
        let exp = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","exp":{number}}}"#));
        assert_eq!(verify_at(&exp, seconds - 1)?.expires_at(), Some(second(seconds)), "{number}");
        assert_eq!(verify_at(&exp, seconds), Err(Expired), "{number}");
        let nbf = forge::token(KEY, HEADER, format!(r#"{{"user_id":"4711","nbf":{number}}}"#));
        assert_eq!(verify_at(&nbf, seconds - 1), Err(NotYetValid), "{number}");
        assert_eq!(verify_at(&nbf, seconds).map(drop), Ok(()), "{number}");
    }
    let without_times = format!("{SIGNED}.{SIGNATURE}").parse::<UserJwt>()?;
    assert_eq!([UnixTime::MIN, UnixTime::MAX].map(|now| without_times.verify(&SECRET, now)), [Ok(user()), Ok(user())]);
    Ok(())
}

/// JavaScript writes `null` for a date that it could not compute, and counts milliseconds.
#[test]
fn time_that_is_null_not_a_number_or_out_of_range_is_refused() {
    let times = r#"
        null "1767225600" "2026-01-01T00:00:00Z" true [1767225600] {} 1767225600000 253402300800 -253402300800
        9223372036854775808 18446744073709551616 -9223372036854775809 1e300 -1e300
    "#;
    for (time, name) in times.split_whitespace().flat_map(|time| ["exp", "nbf"].map(|name| (time, name))) {
        let outcome = verify_claims(format!(r#"{{"user_id":"4711","{name}":{time}}}"#));
        assert_eq!(outcome, Err(Claim { name }), "{name} {time}");
    }
    // Without `arbitrary_precision`, `serde_json` has no such number.
    let expected = if serde_json::from_str::<Value>("1e999").is_ok() { Claim { name: "exp" } } else { Claims };
    assert_eq!(verify_claims(r#"{"user_id":"4711","exp":1e999}"#), Err(expected));
}

#[test]
fn token_is_shown_and_serialized_as_its_text_and_read_as_strictly_as_it_is_parsed() -> TestResult {
    let token = format!("{SIGNED}.{SIGNATURE}");
    let jwt: UserJwt = serde_json::from_value(json!(token))?;
    assert_eq!((jwt.as_str(), jwt.to_string(), serde_json::to_value(&jwt)?), (&*token, token.clone(), json!(token)));
    assert_eq!(format!("{jwt:?}"), "UserJwt([REDACTED])");
    for (json, text) in [
        (json!("Ada.Lovelace"), "the token does not have three parts: send it as it was signed"),
        (json!("e30.e30."), "the algorithm of the token is not HS256: sign with HS256"),
        (json!(4711), "expected a string"),
        (json!(null), "invalid type: null, expected a string"),
    ] {
        let error = serde_json::from_value::<UserJwt>(json).err();
        assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(text));
    }
    Ok(())
}
