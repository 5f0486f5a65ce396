use intercom_identity::{
    JwtError::{self, Algorithm, Critical, Header, Signature, Type},
    UserClaims, UserId,
};

use crate::{CLAIMS, KEY, forge, verify};

const REFUSED: [(&str, JwtError); 59] = [
    (r#"{"alg":"none"}"#, Algorithm),
    (r#"{"alg":"None"}"#, Algorithm),
    (r#"{"alg":"NONE"}"#, Algorithm),
    (r#"{"alg":"nOnE"}"#, Algorithm),
    (r#"{"alg":""}"#, Algorithm),
    (r#"{"alg":"RS256"}"#, Algorithm),
    (r#"{"alg":"ES256"}"#, Algorithm),
    (r#"{"alg":"PS256"}"#, Algorithm),
    (r#"{"alg":"EdDSA"}"#, Algorithm),
    (r#"{"alg":"HS1"}"#, Algorithm),
    (r#"{"alg":"HS384"}"#, Algorithm),
    (r#"{"alg":"HS512"}"#, Algorithm),
    (r#"{"alg":"hs256"}"#, Algorithm),
    (r#"{"alg":"Hs256"}"#, Algorithm),
    (r#"{"alg":"HS256 "}"#, Algorithm),
    (r#"{"alg":" HS256"}"#, Algorithm),
    (r#"{"alg":"HS256\u0000"}"#, Algorithm),
    (r#"{"alg":"HS256,none"}"#, Algorithm),
    (r#"{"alg":"ＨＳ２５６"}"#, Algorithm),
    (r#"{"alg":null}"#, Algorithm),
    (r#"{"typ":"JWT"}"#, Algorithm),
    (r#"{"ALG":"HS256"}"#, Algorithm),
    (r#"{"Alg":"HS256","typ":"JWT"}"#, Algorithm),
    ("{}", Algorithm),
    (r#"{"alg":256}"#, Algorithm),
    (r#"{"alg":true}"#, Algorithm),
    (r#"{"alg":["HS256"]}"#, Algorithm),
    (r#"{"alg":{"HS256":"HS256"}}"#, Algorithm),
    (r#"{"alg":"HS256\ud83d"}"#, Algorithm),
    (r#"{"alg":"HS256","crit":["exp"]}"#, Critical),
    (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, Critical),
    (r#"{"alg":"HS256","crit":[]}"#, Critical),
    (r#"{"alg":"HS256","crit":"exp"}"#, Critical),
    (r#"{"alg":"HS256","crit":false}"#, Critical),
    (r#"{"alg":"HS256","crit":null}"#, Critical),
    (r#"{"alg":"HS256","\u0063rit":["exp"]}"#, Critical),
    (r#"{"alg":"HS256","typ":"at+jwt"}"#, Type),
    (r#"{"alg":"HS256","typ":"JWS"}"#, Type),
    (r#"{"alg":"HS256","typ":"JWE"}"#, Type),
    (r#"{"alg":"HS256","typ":"JOSE+JSON"}"#, Type),
    (r#"{"alg":"HS256","typ":"JWT "}"#, Type),
    (r#"{"alg":"HS256","typ":""}"#, Type),
    (r#"{"alg":"HS256","typ":1}"#, Type),
    (r#"{"alg":"HS256","typ":["JWT"]}"#, Type),
    (r#"{"alg":"HS256","typ":"JWT\ud83d"}"#, Type),
    (r#"{"alg":"HS256","alg":"HS256"}"#, Header),
    (r#"{"alg":"none","alg":"HS256"}"#, Header),
    (r#"{"alg":"HS256","\u0061lg":"none"}"#, Header),
    (r#"{"alg":"HS256","typ":"JWT","typ":"JWT"}"#, Header),
    (r#"{"alg":"HS256","kid":"1","kid":"2"}"#, Header),
    ("", Header),
    ("null", Header),
    ("[]", Header),
    (r#"[{"alg":"HS256"}]"#, Header),
    (r#""HS256""#, Header),
    (r#"{"alg":"HS256""#, Header),
    (r#"{"alg":"HS256",}"#, Header),
    (r#"{"alg":"HS256"}{}"#, Header),
    ("\u{feff}{\"alg\":\"HS256\"}", Header),
];

const ACCEPTED: [&str; 20] = [
    r#"{"alg":"HS256","typ":"JWT"}"#,
    r#"{"typ":"JWT","alg":"HS256"}"#,
    r#"{"alg":"HS256"}"#,
    r#"{"alg":"HS256","typ":null}"#,
    r#"{"alg":"HS256","typ":"jwt"}"#,
    r#"{"alg":"HS256","typ":"Jwt"}"#,
    "{\r\n \"alg\" :\t\"HS256\" }\n",
    r#"{"\u0061lg":"HS\u003256"}"#,
    r#"{"alg":"HS256","cty":"JWT"}"#,
    r#"{"alg":"HS256","kid":"../../../../dev/null"}"#,
    r#"{"alg":"HS256","kid":"1' UNION SELECT 'abc123"}"#,
    r#"{"alg":"HS256","jwk":{"kty":"oct","k":"YXR0YWNrZXI"}}"#,
    r#"{"alg":"HS256","jku":"https://attacker.example/keys.json"}"#,
    r#"{"alg":"HS256","x5u":"https://attacker.example/chain.pem"}"#,
    r#"{"alg":"HS256","x5c":["YXR0YWNrZXI"]}"#,
    r#"{"alg":"HS256","zip":"DEF"}"#,
    r#"{"alg":"HS256","b64":false}"#,
    r#"{"alg":"HS256","enc":"A256GCM"}"#,
    r#"{"alg":"HS256","CRIT":["exp"]}"#,
    r#"{"alg":"HS256","x":{"alg":"none","alg":"none","crit":[]}}"#,
];

#[test]
fn header_that_does_not_ask_for_hs256_and_nothing_else_is_refused_whoever_signed_it() {
    for (header, error) in REFUSED {
        assert_eq!(verify(&forge::token(KEY, header, CLAIMS)), Err(error), "{header}");
    }
}

#[test]
fn header_is_refused_whatever_the_signature() {
    for (header, error) in REFUSED {
        let text = format!("{}.{}", forge::base64url(header), forge::base64url(CLAIMS));
        for token in [format!("{text}."), format!("{text}.AA"), format!("{text}.*"), forge::sign("attacker", &text)] {
            assert_eq!(verify(&token), Err(error), "{token}");
        }
    }
}

#[test]
fn header_that_asks_for_hs256_is_taken_and_what_else_it_says_is_ignored() {
    for header in ACCEPTED {
        let claims = UserClaims::new(UserId::from(4711_u32));
        assert_eq!(verify(&forge::token(KEY, header, CLAIMS)), Ok(claims), "{header}");
    }
}

/// With `jwk`, `jku`, `x5c`, or a `kid` that leads to an empty file.
#[test]
fn header_cannot_choose_the_key() {
    for header in ACCEPTED {
        for key in ["attacker", "", "abc12", "abc1234", "ABC123"] {
            assert_eq!(verify(&forge::token(key, header, CLAIMS)), Err(Signature), "{header}");
        }
    }
}

#[test]
fn header_that_is_not_utf_8_is_refused() {
    let header = [b"{\"alg\":\"HS256\",\"kid\":\"".as_slice(), b"\xff\"}"].concat();
    let text = format!("{}.{}", forge::base64url(header), forge::base64url(CLAIMS));
    assert_eq!(verify(&forge::sign(KEY, &text)), Err(Header));
}

#[test]
fn header_nested_as_deep_as_a_token_can_be_is_refused_without_overflowing_the_stack() -> crate::TestResult {
    let depth = 5_500;
    let header = format!(r#"{{"alg":"none","x":{}{}}}"#, "[".repeat(depth / 2), "]".repeat(depth / 2));
    let token = forge::token(KEY, &header, CLAIMS);
    let outcome = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || verify(&token))?.join();
    assert_eq!(outcome.ok(), Some(Err(Algorithm)));
    Ok(())
}
