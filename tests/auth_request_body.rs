//! How the JSON body that a client sends becomes a request.

#![cfg(all(feature = "serde", feature = "verify"))]

mod support;

use intercom_identity::{
    IdentityError, Keyring, ParseUserHashError,
    Platform::Web,
    Secret, UnixTime,
    verify::{
        Admission, AuthRequestBody, Authenticator, Enforcement,
        Rejection::{self, MalformedIdentity, MalformedUserHash, MissingProof, ProofNotAccepted, UserHashMismatch},
    },
};
use proptest::{option, prelude::*};
use serde::Deserialize;
use serde_json::json;

use support::TestResult;

/// The spellings of each field.
const FIELDS: [&[&str]; 4] = [
    &["user_id", "userId"],
    &["email"],
    &["user_hash", "userHash"],
    &["user_jwt", "userJwt", "intercom_user_jwt", "intercomUserJwt"],
];

/// Secret `abc123`, claims `{"user_id":4711}`; from Intercom's samples.
const USER_JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo0NzExfQ.QN_aZBcgr8y2Bxsd4uiveNWRC3lANhTO9YV_eb1DPaA";

/// With `abc123`; from the tests of Intercom's Node client.
const HASH_OF_1: &str = "f02877f24c9dd37542268a28627ebaf2e07d0d114d9482abcdc20f60874b40b3";

/// A server on the web with one short secret.
fn server(secret: &str) -> TestResult<Authenticator> {
    Ok(Authenticator::new(Keyring::new().with([Web], Secret::from_raw_key(secret.as_bytes())?)))
}

fn decide(json: &str, server: &Authenticator) -> TestResult<Result<Admission, Rejection>> {
    let body: AuthRequestBody = serde_json::from_str(json)?;
    Ok(server.authenticate(&body.request(Web, UnixTime::from_seconds(1_767_225_600)?)))
}

/// What a server that only observes sees of a request: `user_id`, email, and why they are not proved.
type Seen = (Option<String>, Option<String>, Option<Rejection>);

fn seen(json: &str) -> TestResult<Seen> {
    match decide(json, &server("abc123")?.enforcement(Web, Enforcement::Observe))? {
        Ok(Admission::Unverified(user)) => {
            let identity = user.claimed();
            let user_id = identity.and_then(|identity| identity.user_id().map(|user_id| user_id.as_str().to_owned()));
            let email = identity.and_then(|identity| identity.email().map(|email| email.as_str().to_owned()));
            Ok((user_id, email, Some(*user.reason())))
        }
        Ok(Admission::Unidentified) => Ok((None, None, None)),
        outcome => Err(format!("{outcome:?}").into()),
    }
}

/// The text of the error, without its position.
fn refusal(json: &str) -> Option<String> {
    let error = serde_json::from_str::<AuthRequestBody>(json).err()?;
    let position = format!(" at line {} column {}", error.line(), error.column());
    Some(error.to_string().replace(&position, ""))
}

/// Some write an empty or a useless email.
#[test]
fn honest_users_are_verified_however_their_client_writes_them() -> TestResult {
    let of_1234 = "3f5ed07739c3217c03afaff4ecf40a6974ee8e0523e6c9914236b4251504db23";
    for (secret, body, user_id) in [
        ("abc123", format!(r#"{{"user_id":"1","email":"ada@example.com","user_hash":"{HASH_OF_1}"}}"#), "1"),
        ("abc123", format!(r#"{{"user_id":1,"user_hash":"{HASH_OF_1}","name":"Ada","company":{{"id":7}}}}"#), "1"),
        ("abc123", format!(r#"{{"user_id":1,"user_hash":"{HASH_OF_1}","user_jwt":null,"email":null}}"#), "1"),
        ("abcdefgh", format!(r#"{{"user_id":"1234","email":"","user_hash":"{of_1234}"}}"#), "1234"),
        ("abcdefgh", format!(r#"{{"user_id":"1234","email":"n/a","user_hash":"{of_1234}"}}"#), "1234"),
    ] {
        let Ok(Admission::Verified(user)) = decide(&body, &server(secret)?)? else { return Err(body.into()) };
        assert_eq!((user.identifier(), user.identity().email()), (user_id, None), "{body}");
    }
    Ok(())
}

#[test]
fn names_that_are_all_empty_name_nobody_and_an_empty_user_id_beside_an_email_is_malformed() -> TestResult {
    let user = |user_id: &str| Some(user_id.to_owned());
    for (body, expected) in [
        ("{}", (None, None, None)),
        (r#"{"user_id":"","email":""}"#, (None, None, None)),
        (r#"{"user_id":"","email":null,"user_hash":"f028"}"#, (None, None, None)),
        (r#"{"email":""}"#, (None, None, None)),
        (r#"{"user_id":"7","email":"n/a"}"#, (user("7"), None, Some(MissingProof))),
        (r#"{"user_id":"7","email":"","user_hash":"","user_jwt":""}"#, (user("7"), None, Some(MissingProof))),
        (r#"{"email":"n/a"}"#, (None, None, Some(MalformedIdentity(IdentityError::EmailWithoutAt)))),
        (
            r#"{"user_id":"","email":"ada@example.com"}"#,
            (None, None, Some(MalformedIdentity(IdentityError::EmptyUserId))),
        ),
        (
            r#"{"user_id":"eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9"}"#,
            (None, None, Some(MalformedIdentity(IdentityError::JwtSigningInput))),
        ),
        (
            r#"{"user_id":"7","user_hash":"f028"}"#,
            (user("7"), None, Some(MalformedUserHash(ParseUserHashError::Length { found: 4 }))),
        ),
    ] {
        assert_eq!(seen(body)?, expected, "{body}");
    }
    Ok(())
}

#[test]
fn integer_of_64_bits_is_its_decimal_text_and_a_string_stays_as_it_is() -> TestResult {
    for integer in ["0", "-1", "4711", "-9223372036854775808", "9223372036854775808", "18446744073709551615"] {
        assert_eq!(seen(&format!(r#"{{"user_id":{integer}}}"#))?.0.as_deref(), Some(integer));
    }
    for text in ["01", "+1", "1.0", "1e2", " 1", "-0", "18446744073709551616"] {
        assert_eq!(seen(&format!(r#"{{"user_id":"{text}"}}"#))?.0.as_deref(), Some(text));
    }
    Ok(())
}

/// `serde_json` writes a number so to itself, where another crate has turned on its `arbitrary_precision`.
#[test]
fn object_that_looks_like_a_number_is_none() {
    let (name, digits) = ("$serde_json::private::Number", "7");
    for number in [
        format!(r#"{{"{name}":"{digits}"}}"#),
        format!(r#"{{"\u0024{}":"{digits}"}}"#, &name[1..]),
        format!(r#"{{"{name}":"\u0037"}}"#),
        format!(r#"{{"{name}":{digits}}}"#),
        format!(r#"{{"{name}":"{digits}","{name}":"{digits}"}}"#),
    ] {
        let body = format!(r#"{{"user_id":{number}}}"#);
        assert_eq!(refusal(&body).as_deref(), Some("expected a string or a 64-bit integer"), "{body}");
        assert_eq!(refusal(&number).as_deref(), Some("expected an object"));
        let stream = serde_json::from_reader::<_, AuthRequestBody>(body.as_bytes());
        assert!(stream.is_err_and(|error| error.to_string().starts_with("expected a string or a 64-bit")), "{body}");
    }
    let value = serde_json::Map::from_iter([(name.to_owned(), json!(digits))]);
    let value = serde_json::Value::Object([("user_id".to_owned(), value.into())].into_iter().collect());
    let refused = "expected a string or a 64-bit integer";
    assert_eq!(AuthRequestBody::deserialize(&value).err().map(|error| error.to_string()).as_deref(), Some(refused));
    let owned = serde_json::from_value::<AuthRequestBody>(value);
    assert_eq!(owned.err().map(|error| error.to_string()).as_deref(), Some(refused));
}

/// Also with `arbitrary_precision`, from whatever `serde_json` reads.
#[test]
fn integer_is_taken_from_text_from_a_stream_and_from_a_value() -> TestResult {
    let json = r#"{"user_id":18446744073709551615}"#;
    let value: serde_json::Value = serde_json::from_str(json)?;
    for body in [
        serde_json::from_str::<AuthRequestBody>(json)?,
        serde_json::from_reader(json.as_bytes())?,
        AuthRequestBody::deserialize(&value)?,
        serde_json::from_value(value)?,
    ] {
        let request = body.request(Web, UnixTime::MIN);
        let Admission::Unverified(user) = server("abc123")?.authenticate_with(&request, Enforcement::Observe)? else {
            return Err(format!("{request:?}").into());
        };
        let identity = user.claimed();
        assert_eq!(identity.as_ref().map(intercom_identity::Identity::identifier), Some("18446744073709551615"));
    }
    Ok(())
}

/// JavaScript makes 1234567890123456800 of this integer, so a big id belongs in a string.
#[test]
fn integer_that_javascript_has_rounded_is_not_verified() -> TestResult {
    let user_hash = "35c633163f45c9b49fd59a405df5c673325b4ea9d3fa9dd4519d55249ee69dfe";
    for (user_id, expected) in [
        ("1234567890123456789", Ok("verified")),
        (r#""1234567890123456789""#, Ok("verified")),
        ("1234567890123456800", Err(UserHashMismatch)),
    ] {
        let body = format!(r#"{{"user_id":{user_id},"user_hash":"{user_hash}"}}"#);
        assert_eq!(decide(&body, &server("abcdefgh")?)?.map(|admission| admission.label()), expected, "{user_id}");
    }
    Ok(())
}

#[test]
fn other_types_are_refused_in_every_field_and_as_the_body_and_not_quoted() {
    let assert_refused = |json: &str, expected: &str| {
        let refusal = refusal(json).unwrap_or_default();
        let kinds = ["sequence", "map", "null"].map(|kind| format!("invalid type: {kind}, {expected}"));
        assert!(refusal == expected || kinds.contains(&refusal), "{json}: {refusal}");
    };
    let not_ids = r#"4711.0 1e2 -0 18446744073709551616 -9223372036854775809 true ["4711"] {"$oid":"4711"} {}"#;
    for value in not_ids.split(' ') {
        assert_refused(&format!(r#"{{"user_id":{value}}}"#), "expected a string or a 64-bit integer");
    }
    for field in FIELDS.concat().into_iter().filter(|field| !["user_id", "userId"].contains(field)) {
        for value in r#"4711 -4711 47.11 true [] ["a@b"] {"a":"b"}"#.split(' ') {
            assert_refused(&format!(r#"{{"{field}":{value}}}"#), "expected a string");
        }
    }
    for body in r#""f02877f2" 4711 -4711 true null [] ["4711",null,null,null]"#.split(' ') {
        assert_refused(body, "expected an object");
    }
}

#[test]
fn duplicate_field_is_refused_even_if_it_is_null_or_equal() {
    for spelling in FIELDS.concat() {
        for (first, second) in [("null", "null"), ("null", "\"a@b\""), ("\"a@b\"", "null"), ("\"a@b\"", "\"a@b\"")] {
            let twice = format!(r#"{{"{spelling}":{first},"{spelling}":{second}}}"#);
            assert_eq!(refusal(&twice), Some(format!("duplicate field `{spelling}`")), "{twice}");
        }
    }
    assert_eq!(refusal(r#"{"user_id":"1","user\u005fid":2}"#).as_deref(), Some("duplicate field `user_id`"));
}

#[test]
fn field_in_two_spellings_counts_once_if_the_values_are_equal_or_one_is_null() -> TestResult {
    for spellings in FIELDS {
        for (one, other) in spellings.iter().flat_map(|one| spellings.iter().map(move |other| (one, other))) {
            if one == other {
                continue;
            }
            let decided = |first: &str, second: &str| {
                let body = format!(r#"{{"email":"ada@example.com","{one}":{first},"{other}":{second}}}"#);
                decide(&body, &server("abc123")?)
            };
            let alone = decide(&format!(r#"{{"email":"ada@example.com","{one}":"7"}}"#), &server("abc123")?)?;
            for (first, second) in [("\"7\"", "\"7\""), ("\"7\"", "null"), ("null", "\"7\"")] {
                assert_eq!(decided(first, second)?, alone, "{one}: {first}, {other}: {second}");
            }
            assert_eq!(decided("null", "null")?, Err(MissingProof), "{one}, {other}");
            for (first, second) in [("\"7\"", "\"8\""), ("\"7\"", "\"\""), ("\"\"", "\"7\"")] {
                let differ = format!(r#"{{"{one}":{first},"{other}":{second}}}"#);
                assert_eq!(refusal(&differ), Some(format!("duplicate field `{other}`")), "{differ}");
            }
        }
    }
    assert_eq!(seen(r#"{"user_id":4711,"userId":"4711"}"#)?.0.as_deref(), Some("4711"));
    assert_eq!(refusal(r#"{"user_id":4711,"userId":"04711"}"#).as_deref(), Some("duplicate field `userId`"));
    let thrice = r#"{"user_jwt":"a.b.c","userJwt":null,"intercomUserJwt":"a.b.d"}"#;
    assert_eq!(refusal(thrice).as_deref(), Some("duplicate field `intercomUserJwt`"));
    Ok(())
}

/// Read as a visitor's, it would let a whole app version in without a check.
#[test]
fn body_in_camel_case_means_what_it_says() -> TestResult {
    for (body, expected) in [
        (format!(r#"{{"userId":"1","userHash":"{HASH_OF_1}"}}"#), Ok("verified")),
        (format!(r#"{{"userId":1,"user_hash":"{HASH_OF_1}"}}"#), Ok("verified")),
        (r#"{"userId":"4711"}"#.into(), Err(MissingProof)),
        (r#"{"userId":"4711","userHash":"x"}"#.into(), Err(MalformedUserHash(ParseUserHashError::Length { found: 1 }))),
        (format!(r#"{{"userId":"4711","userHash":"{HASH_OF_1}"}}"#), Err(UserHashMismatch)),
        (format!(r#"{{"userId":"4711","userJwt":"{USER_JWT}"}}"#), Err(ProofNotAccepted)),
        (format!(r#"{{"userId":"4711","intercomUserJwt":"{USER_JWT}"}}"#), Err(ProofNotAccepted)),
    ] {
        assert_eq!(decide(&body, &server("abc123")?)?.map(|admission| admission.label()), expected, "{body}");
    }
    Ok(())
}

/// Intercom's clients send attributes beside the identity.
#[test]
fn field_of_another_name_is_ignored() -> TestResult {
    for name in ["", "userid", "UserId", "User_id", "user_id ", "user-hash", "userJWT", "Email", "hash", "app_id"] {
        for value in r#"null "4712" [{}] {"user_id":"4712"} 1e2"#.split(' ') {
            let body = format!(r#"{{"{name}":{value},"user_id":"4711","{name}":{value}}}"#);
            assert_eq!(seen(&body)?, (Some("4711".into()), None, Some(MissingProof)), "{body}");
        }
    }
    Ok(())
}

#[test]
fn token_of_either_name_counts_as_absent_unless_the_server_accepts_tokens() -> TestResult {
    for name in ["user_jwt", "intercom_user_jwt"] {
        for (body, expected) in [
            (format!(r#"{{"{name}":"{USER_JWT}"}}"#), Ok("unidentified")),
            (format!(r#"{{"user_id":4711,"{name}":"{USER_JWT}"}}"#), Err(ProofNotAccepted)),
            (format!(r#"{{"user_id":1,"user_hash":"{HASH_OF_1}","{name}":"{USER_JWT}"}}"#), Ok("verified")),
            (format!(r#"{{"user_id":4711,"{name}":""}}"#), Err(MissingProof)),
        ] {
            assert_eq!(decide(&body, &server("abc123")?)?.map(|admission| admission.label()), expected, "{body}");
        }
    }
    Ok(())
}

#[cfg(feature = "jwt")]
#[test]
fn token_of_either_name_is_verified_where_tokens_are_accepted() -> TestResult {
    let server = server("abc123")?.accept(Web, intercom_identity::verify::Proofs::Either);
    for (body, expected) in [
        (json!({ "user_jwt": USER_JWT }), Ok("verified")),
        (json!({ "intercom_user_jwt": USER_JWT, "user_hash": null }), Ok("verified")),
        (json!({ "user_id": 4711, "email": "", "user_jwt": USER_JWT, "user_hash": "" }), Ok("verified")),
        (json!({ "user_id": "", "email": "", "user_jwt": USER_JWT }), Ok("verified")),
        (json!({ "user_id": 4712, "user_jwt": USER_JWT }), Err(Rejection::IdentityMismatch)),
        (json!({ "user_jwt": USER_JWT, "user_hash": "f028" }), Err(Rejection::UserHashAndUserJwt)),
        (json!({ "user_id": 4711, "user_hash": USER_JWT }), Err(Rejection::UserJwtAsUserHash)),
    ] {
        assert_eq!(decide(&body.to_string(), &server)?.map(|admission| admission.label()), expected, "{body}");
    }
    Ok(())
}

#[test]
fn escapes_are_read_in_names_and_in_values_from_a_slice_and_from_a_stream() -> TestResult {
    let json = r#"{"em\u0061il":"\"\u0000\\\/\b\f\n\r\t\"\u0040\ud83d\ude00ẞ"}"#;
    assert_eq!(seen(json)?.1.as_deref(), Some("\"\0\\/\u{8}\u{c}\n\r\t\"@😀ẞ"));
    let from_a_stream: AuthRequestBody = serde_json::from_reader(json.as_bytes())?;
    assert_eq!(server("abc123")?.authenticate(&from_a_stream.request(Web, UnixTime::MIN)), Err(MissingProof));
    Ok(())
}

#[test]
fn malformed_json_is_refused_and_not_quoted() {
    let bodies =
        br#" {"user_id":"secretive secretive {'user_id':'secretive'} {"user_id":secretive} {"user_id":"secretive",}
        {"user_id":"secretive"}{} {"user_id":"secretive\ud83d"} {"user_id":0123456789}"#;
    let bodies = bodies.split(u8::is_ascii_whitespace).filter(|body| !body.is_empty());
    for bytes in bodies.chain([b"".as_slice(), b"{\"user_id\":\"secretive\xff\"}", b"{\"user_id\":\"secretive\n\"}"]) {
        let refusal = serde_json::from_slice::<AuthRequestBody>(bytes).err().map(|error| error.to_string());
        let json = String::from_utf8_lossy(bytes);
        assert!(refusal.is_some_and(|text| !text.contains("secret") && !text.contains("123456")), "{json}");
    }
}

proptest! {
    #[test]
    fn every_string_is_taken_as_it_is(user_id in option::of("[^.]+"), email in option::of("[^.]*@[^.]*")) {
        let body = json!({ "user_id": user_id, "email": email }).to_string();
        let (seen_user_id, seen_email, _) = seen(&body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!((seen_user_id, seen_email), (user_id, email));
    }
}
