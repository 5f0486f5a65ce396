use intercom_identity::{
    Email, Identity,
    JwtError::{Claim, Claims, Signature},
    UserClaims, UserId,
};
use serde_json::Value;

use crate::{HEADER, TestResult, forge, verify, verify_claims};

const NOT_AN_OBJECT: [&str; 33] = [
    "",
    " ",
    "null",
    "true",
    "4711",
    r#""4711""#,
    "[]",
    r#"["user_id","4711"]"#,
    r#"[{"user_id":"4711"}]"#,
    "{",
    "}",
    r#"{"user_id":"4711""#,
    r#"{"user_id":"4711",}"#,
    r#"{"user_id":"4711"},"#,
    r#"{"user_id":"4711"}{}"#,
    r#"{"user_id":"4711"} x"#,
    "{\"user_id\":\"4711\"}\0",
    "\u{feff}{\"user_id\":\"4711\"}",
    r#"{"user_id" "4711"}"#,
    r#"{"user_id":}"#,
    r#"{"user_id":"4711" "x":1}"#,
    r#"{"user_id":"4711",,"x":1}"#,
    r#"{user_id:"4711"}"#,
    "{'user_id':'4711'}",
    r#"{"user_id":"4711","x":NaN}"#,
    r#"{"user_id":"4711","x":Infinity}"#,
    r#"{"user_id":"4711","x":+1}"#,
    r#"{"user_id":"4711","x":01}"#,
    r#"{"user_id":"4711","x":.5}"#,
    r#"{"user_id":"4711","x":0x1}"#,
    r#"{"user_id":"4711","x":"\x"}"#,
    "{\"user_id\":\"4711\",\"x\":\"\n\"}",
    r#"{"user_id":"4711"/* Ada */}"#,
];

const TWICE: [&str; 8] = [
    r#"{"user_id":"4711","user_id":"4712"}"#,
    r#"{"user_id":"4711","user_id":"4711"}"#,
    r#"{"user_id":"4711","user\u005fid":"4712"}"#,
    r#"{"\u0075ser_id":"4711","user_id":"4712"}"#,
    r#"{"user_id":"4711","email":"ada@example.com","email":null}"#,
    r#"{"user_id":"4711","exp":4102444800,"exp":4102444800}"#,
    r#"{"user_id":"4711","plan":"pro","x":1,"plan":"free"}"#,
    r#"{"user_id":"4711","":1,"":2}"#,
];

#[test]
fn payload_that_is_not_an_object_is_refused() {
    for payload in NOT_AN_OBJECT {
        assert_eq!(verify_claims(payload), Err(Claims), "{payload:?}");
    }
}

#[test]
fn claim_that_stands_there_twice_is_refused_however_its_name_is_written() {
    for payload in TWICE {
        assert_eq!(verify_claims(payload), Err(Claims), "{payload}");
    }
}

#[test]
fn claim_that_stands_there_twice_is_refused_wherever_it_stands_among_many() {
    let with_names_of = |lengths: &[usize]| {
        let members: Vec<_> = lengths.iter().map(|&length| format!(r#","{}":{length}"#, "x".repeat(length))).collect();
        verify_claims(format!(r#"{{"user_id":"4711"{}}}"#, members.concat()))
    };
    let lengths: Vec<usize> = (0..7).collect();
    assert_eq!(with_names_of(&lengths).map(drop), Ok(()));
    for one in 0..7 {
        for other in (0..7).filter(|other| *other != one) {
            let twice: Vec<usize> = lengths.iter().map(|&length| if length == one { other } else { length }).collect();
            assert_eq!(with_names_of(&twice), Err(Claims), "{twice:?}");
        }
    }
    let many = (0..600).map(|name| format!(r#","{name}":0"#)).collect::<Vec<_>>().concat();
    assert_eq!(verify_claims(format!(r#"{{"user_id":"4711"{many}}}"#)).map(drop), Ok(()));
    for twice in ["0", "299", "599"] {
        assert_eq!(verify_claims(format!(r#"{{"user_id":"4711"{many},"{twice}":0}}"#)), Err(Claims), "{twice}");
    }
}

#[test]
fn payload_that_is_not_utf_8_is_refused() {
    for payload in [
        b"{\"user_id\":\"\xff\"}".as_slice(),
        b"{\"user_id\":\"4711\",\"x\":\"\xff\"}",
        b"{\"user_id\":\"4711\",\"\xff\":1}",
        b"{\"user_id\":\"4711\",\"x\":\"\xed\xa0\x80\"}",
        b"{\"user_id\":\"4711\",\"x\":\"\xc0\xaf\"}",
        b"\xff\xfe{\0}\0",
    ] {
        assert_eq!(verify_claims(payload), Err(Claims), "{payload:?}");
    }
}

#[test]
fn name_that_is_half_a_character_is_refused() {
    assert_eq!(verify_claims(r#"{"user_id":"4711","\ud83d":1}"#), Err(Claims));
}

#[test]
fn user_id_that_is_missing_empty_or_no_text_is_refused() {
    for payload in [
        "{}",
        r#"{"sub":"4711"}"#,
        r#"{"User_ID":"4711"}"#,
        r#"{"user_id ":"4711"}"#,
        r#"{"email":"ada@example.com"}"#,
        r#"{"user_id":""}"#,
        r#"{"user_id":null}"#,
        r#"{"user_id":4711}"#,
        r#"{"user_id":4711.0}"#,
        r#"{"user_id":true}"#,
        r#"{"user_id":["4711"]}"#,
        r#"{"user_id":{"user_id":"4711"}}"#,
        r#"{"user_id":"\ud83d"}"#,
    ] {
        assert_eq!(verify_claims(payload), Err(Claim { name: "user_id" }), "{payload}");
    }
}

#[test]
fn email_that_is_empty_or_without_at_or_no_text_is_refused() {
    for email in [r#""""#, r#""ada""#, r#"" ""#, "4711", "true", "[]", r#"["ada@example.com"]"#, "{}", r#""\ud83d@""#] {
        let payload = format!(r#"{{"user_id":"4711","email":{email}}}"#);
        assert_eq!(verify_claims(&payload), Err(Claim { name: "email" }), "{email}");
    }
}

#[test]
fn email_that_is_null_is_as_good_as_left_out() -> TestResult {
    let claims = verify_claims(r#"{"user_id":"4711","email":null}"#)?;
    assert_eq!(claims, UserClaims::new(UserId::from(4711_u32)));
    assert_eq!(claims.identity(), Identity::UserId(UserId::from(4711_u32)));
    Ok(())
}

#[test]
fn identity_is_read_as_it_is_written() -> TestResult {
    for (json, text) in [
        (r"\u0000", "\0"),
        (" 4711\\n", " 4711\n"),
        (r"ADA@Example.com", "ADA@Example.com"),
        (r"e\u0301@", "e\u{301}@"),
        ("\u{e9}@", "\u{e9}@"),
        (r"\uD83D\uDE00@", "\u{1f600}@"),
        (r#"\"},\"user_id\":\"4712@"#, r#""},"user_id":"4712@"#),
    ] {
        let claims = verify_claims(format!(r#"{{"user_id":"{json}"}}"#))?;
        assert_eq!(claims.identity(), Identity::UserId(UserId::new(text)?), "{json}");
        if text.contains('@') {
            let claims = verify_claims(format!(r#"{{"user_id":"4711","email":"{json}"}}"#))?;
            assert_eq!(claims.identity().email(), Some(Email::new(text)?), "{json}");
        }
    }
    Ok(())
}

#[test]
fn claim_whose_name_only_looks_like_a_known_one_is_an_attribute() -> TestResult {
    let claims = verify_claims(r#"{"user_id":"4711","Email":"x","EXP":1,"exp\u0000":2,"\u0435xp":3,"NBF":4}"#)?;
    assert_eq!(claims.identity(), Identity::UserId(UserId::from(4711_u32)));
    assert_eq!(claims.expiry(), None);
    for (name, value) in [("Email", "x".into()), ("EXP", 1.into()), ("exp\0", 2.into()), ("\u{435}xp", 3.into())] {
        assert_eq!(claims.read_attribute::<Value>(name), Ok(Some(value)), "{name}");
    }
    Ok(())
}

#[test]
fn white_space_and_order_make_no_difference() -> TestResult {
    let claims = verify_claims("\r\n\t { \"plan\" : \"pro\" ,\n\"user_id\":\"4711\"\t}\n ")?;
    assert_eq!(claims, UserClaims::new(UserId::from(4711_u32)).attribute("plan", &"pro")?);
    Ok(())
}

#[test]
fn no_claim_is_interpreted_before_the_signature_is_verified() {
    let others =
        [r#"{"user_id":4711}"#, r#"{"user_id":"4711","exp":"1"}"#, r#"{"user_id":"4711","exp":1}"#, "\u{0}\u{1}"];
    for payload in NOT_AN_OBJECT.iter().chain(&TWICE).chain(&others) {
        assert_eq!(verify(&forge::token("attacker", HEADER, payload)), Err(Signature), "{payload:?}");
    }
}
