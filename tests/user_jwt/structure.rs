use intercom_identity::{
    JwtError::{
        self, Algorithm, Base64, Claim, Claims, Critical, Expired, Header, Length, NotYetValid, Parts, Signature,
    },
    UserClaims, UserId, UserJwt,
};

use crate::{CLAIMS, HEADER, KEY, NOW, TestResult, forge, verify, verify_claims};

/// Ways to write base64url that are none, each on its own enough to make one of another length.
const INSERTIONS: [fn(&str) -> String; 11] = [
    |part| format!("{part}="),
    |part| format!("{part}=="),
    |part| format!(" {part}"),
    |part| format!("{part} "),
    |part| format!("{part}\n"),
    |part| format!("{part}\r\n"),
    |part| format!("\t{part}"),
    |part| format!("{part}\0"),
    |part| format!("\u{feff}{part}"),
    with_a_digit_of_no_byte,
    |part| part.replacen('e', "e\n", 1) + "\n",
];

/// The same, the length kept.
const REPLACEMENTS: [fn(&str) -> String; 10] = [
    |part| replace_first(part, "+"),
    |part| replace_first(part, "/"),
    |part| replace_first(part, "="),
    |part| replace_first(part, " "),
    |part| replace_first(part, "\0"),
    |part| replace_first(part, "%"),
    |part| replace_first(&part[1..], "é"),
    |part| replace_first(&part[2..], "\u{ff21}"),
    |part| part[..part.len() - 1].to_owned() + "=",
    not_canonical,
];

fn replace_first(part: &str, first: &str) -> String {
    format!("{first}{}", &part[1..])
}

fn with_a_digit_of_no_byte(part: &str) -> String {
    let whole = part.len().next_multiple_of(4);
    format!("{part:A<width$}", width = whole + 1)
}

/// The next digit: the bits that must be zero are not.
fn not_canonical(part: &str) -> String {
    let (rest, last) = part.split_at(part.len() - 1);
    let next = last.bytes().map(|digit| char::from(digit + 1));
    rest.chars().chain(next).collect()
}

/// One that is one byte more than a multiple of three, so that there are bits that must be zero.
const PAYLOAD: &str = r#"{"user_id":"4711"} "#;
const HEADER_OF_16_BYTES: &str = r#"{"alg":"HS256"} "#;

#[test]
fn text_without_exactly_two_dots_is_refused() {
    let token = forge::token(KEY, HEADER, CLAIMS);
    let (signed, tag) = token.rsplit_once('.').unwrap_or_default();
    let (header, payload) = signed.split_once('.').unwrap_or_default();
    for text in [
        String::new(),
        ".".into(),
        "...".into(),
        "....".into(),
        header.into(),
        signed.into(),
        format!("{header}{payload}{tag}"),
        format!("{header}.{payload}{tag}"),
        format!("{header} {payload} {tag}"),
        format!("{header}。{payload}。{tag}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{header}..{payload}.{tag}"),
        format!("{token}.{tag}"),
        format!("{token}.{token}"),
        // The five parts of JSON Web Encryption.
        format!("{}.{payload}.{payload}.{payload}.{tag}", forge::base64url(r#"{"alg":"dir","enc":"A256GCM"}"#)),
        // JSON serialization (RFC 7515, section 7.2).
        format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{tag}"}}"#),
    ] {
        assert_eq!(verify(&text), Err(Parts), "{text}");
    }
}

#[test]
fn part_that_is_empty_is_refused() {
    let token = forge::token(KEY, HEADER, CLAIMS);
    let (signed, tag) = token.rsplit_once('.').unwrap_or_default();
    let (header, payload) = signed.split_once('.').unwrap_or_default();
    assert_eq!(verify(".."), Err(Header));
    assert_eq!(verify(&format!(".{payload}.{tag}")), Err(Header));
    assert_eq!(verify(&forge::sign(KEY, &format!(".{payload}"))), Err(Header));
    assert_eq!(verify(&format!("{header}..{tag}")), Err(Signature));
    assert_eq!(verify(&forge::sign(KEY, &format!("{header}."))), Err(Claims));
    assert_eq!(verify(&format!("{signed}.")), Err(Signature));
}

#[test]
fn header_that_is_not_canonical_base64url_is_refused_whoever_signed_it() {
    let header = forge::base64url(HEADER_OF_16_BYTES);
    assert_eq!(
        verify(&forge::sign(KEY, &format!("{header}.{}", forge::base64url(CLAIMS)))),
        Ok(UserClaims::new(UserId::from(4711_u32)))
    );
    for spoil in INSERTIONS.iter().chain(&REPLACEMENTS) {
        let text = format!("{}.{}", spoil(&header), forge::base64url(CLAIMS));
        assert_eq!(verify(&forge::sign(KEY, &text)), Err(Base64), "{text:?}");
    }
}

#[test]
fn payload_that_is_not_canonical_base64url_is_refused_whoever_signed_it() {
    let (header, payload) = (forge::base64url(HEADER), forge::base64url(PAYLOAD));
    assert_eq!(verify_claims(PAYLOAD), Ok(UserClaims::new(UserId::from(4711_u32))));
    for spoil in INSERTIONS.iter().chain(&REPLACEMENTS) {
        let text = format!("{header}.{}", spoil(&payload));
        assert_eq!(verify(&forge::sign(KEY, &text)), Err(Base64), "{text:?}");
        assert_eq!(verify(&forge::sign("attacker", &text)), Err(Signature), "{text:?}");
    }
}

#[test]
fn signature_that_is_not_canonical_base64url_is_refused_whatever_its_length() {
    let token = forge::token(KEY, HEADER, CLAIMS);
    let (signed, tag) = token.rsplit_once('.').unwrap_or_default();
    for spoil in INSERTIONS.iter().chain(&REPLACEMENTS) {
        let token = format!("{signed}.{}", spoil(tag));
        assert_eq!(verify(&token), Err(Base64), "{token:?}");
    }
    for length in [1, 2, 3, 5, 42] {
        let token = format!("{signed}.{}*", &tag[..length]);
        assert_eq!(verify(&token), Err(Base64), "{token:?}");
    }
}

#[test]
fn token_of_8192_bytes_is_taken_and_one_of_8193_is_refused() {
    let padded_to = |bytes: usize| format!(r#"{{"user_id":"4711"{}}}"#, " ".repeat(bytes - CLAIMS.len()));
    let (longest, too_long) = (forge::token(KEY, HEADER, padded_to(6083)), forge::token(KEY, HEADER, padded_to(6084)));
    assert_eq!((longest.len(), too_long.len()), (8192, 8193));
    assert_eq!(verify(&longest), Ok(UserClaims::new(UserId::from(4711_u32))));
    assert_eq!(verify(&too_long), Err(Length { found: 8193 }));
}

#[test]
fn length_is_counted_in_bytes_and_before_anything_else() {
    assert_eq!(verify(&"x".repeat(8192)), Err(Parts));
    assert_eq!(verify(&"x".repeat(8193)), Err(Length { found: 8193 }));
    assert_eq!(verify(&"é".repeat(4096)), Err(Parts));
    assert_eq!(verify(&"é".repeat(4097)), Err(Length { found: 8194 }));
    assert_eq!(verify(&".".repeat(1 << 20)), Err(Length { found: 1 << 20 }));
}

#[test]
fn text_that_is_too_long_is_refused_before_it_is_copied() {
    let text = "x".repeat(1 << 20);
    let used = allocation_counter::measure(|| assert_eq!(text.parse::<UserJwt>(), Err(Length { found: 1 << 20 })));
    assert_eq!(used.bytes_total, 0);
}

#[test]
fn token_with_several_flaws_is_refused_for_the_first_that_can_be_known() {
    let with = |header: &str, payload: &str, key: &str| forge::token(key, header, payload);
    let signed = |text: &str| forge::sign(KEY, text);
    let header = forge::base64url(HEADER);
    for (token, error) in [
        ("*.*.*.*".into(), Parts),
        ("*.*.".into(), Base64),
        (format!("{}.*.*", forge::base64url("{}{}")), Header),
        (format!("{}.*.*", forge::base64url(r#"{"alg":"none","crit":[],"typ":"at+jwt"}"#)), Algorithm),
        (format!("{}.*.*", forge::base64url(r#"{"alg":"HS256","crit":[],"typ":"at+jwt"}"#)), Critical),
        (format!("{}.*.*", forge::base64url(r#"{"alg":"HS256","typ":"at+jwt"}"#)), JwtError::Type),
        (format!("{header}.*.*"), Base64),
        (format!("{header}.*.AA"), Signature),
        (with(HEADER, "not JSON", "attacker"), Signature),
        (with(HEADER, r#"{"user_id":1,"exp":1}"#, "attacker"), Signature),
        (signed(&format!("{header}.*")), Base64),
        (with(HEADER, r#"{"user_id":1,"user_id":2,"exp":1}"#, KEY), Claims),
        (with(HEADER, r#"{"user_id":1,"email":1,"exp":"1","nbf":"1"}"#, KEY), Claim { name: "user_id" }),
        (with(HEADER, r#"{"user_id":"1","email":1,"exp":"1","nbf":"1"}"#, KEY), Claim { name: "email" }),
        (with(HEADER, r#"{"user_id":"1","exp":"1","nbf":"1"}"#, KEY), Claim { name: "exp" }),
        (with(HEADER, r#"{"user_id":"1","exp":1,"nbf":"1"}"#, KEY), Claim { name: "nbf" }),
        (with(HEADER, &format!(r#"{{"user_id":"1","exp":{NOW},"nbf":{}}}"#, NOW + 1), KEY), Expired),
        (with(HEADER, &format!(r#"{{"user_id":"1","nbf":{}}}"#, NOW + 1), KEY), NotYetValid),
    ] {
        assert_eq!(verify(&token), Err(error), "{token}");
    }
}

/// So that a server which only looks for a token, as a gateway does, does not look at what nobody has vouched for.
#[test]
fn parsing_looks_at_no_claim() -> TestResult {
    for payload in ["not JSON", r#"{"user_id":1}"#, r#"{"user_id":"4711","exp":1}"#, r#"{"a":1,"a":1}"#] {
        let token = forge::token(KEY, HEADER, payload);
        assert_eq!(token.parse::<UserJwt>()?.as_str(), token);
    }
    let not_base64 = forge::sign(KEY, &format!("{}.*", forge::base64url(HEADER)));
    assert_eq!(not_base64.parse::<UserJwt>()?.as_str(), not_base64);
    Ok(())
}
