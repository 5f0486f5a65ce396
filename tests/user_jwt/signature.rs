use intercom_identity::{
    JwtError::{Algorithm, Base64, Expired, Header, Parts, Signature, Type},
    Secret, UserClaims, UserId, UserJwt,
};

use crate::{CLAIMS, HEADER, KEY, SECRET, TestResult, flipped, forge, second, verify};

/// With every kind of claim, and expired: whoever interprets it unauthenticated says so.
const TEMPTING: &str = r#"{"user_id":"4711","email":"ada@example.com","exp":1,"name":"Ada","seats":[1,2.5,null]}"#;

fn with_tag(tag: &[u8]) -> String {
    format!("{}.{}.{}", forge::base64url(HEADER), forge::base64url(CLAIMS), forge::base64url(tag))
}

fn right_tag() -> [u8; 32] {
    forge::tag(KEY, &format!("{}.{}", forge::base64url(HEADER), forge::base64url(CLAIMS)))
}

#[test]
fn right_signature_is_accepted() {
    assert_eq!(verify(&with_tag(&right_tag())), Ok(UserClaims::new(UserId::from(4711_u32))));
}

#[test]
fn signature_of_another_length_is_refused() {
    let tag = right_tag();
    for length in 0..tag.len() {
        assert_eq!(verify(&with_tag(tag.split_at(length).0)), Err(Signature), "{length}");
    }
    for behind in [[0].as_slice(), &[0; 2], &[0; 32], &tag] {
        assert_eq!(verify(&with_tag(&[&tag, behind].concat())), Err(Signature), "{behind:?}");
        assert_eq!(verify(&with_tag(&[behind, &tag].concat())), Err(Signature), "{behind:?}");
    }
}

/// Read into 32 bytes that were zero before, it would be there in full.
#[test]
fn signature_that_ends_in_a_zero_is_refused_without_it() -> TestResult {
    let mut candidates = (0_u32..).map(|user_id| {
        let payload = forge::base64url(format!(r#"{{"user_id":"{user_id}"}}"#));
        let signed = format!("{}.{payload}", forge::base64url(HEADER));
        (user_id, forge::tag(KEY, &signed), signed)
    });
    let found = candidates.find(|(_, tag, _)| tag.ends_with(&[0]));
    let (user_id, tag, signed) = found.ok_or("no signature ends in a zero")?;
    let with = |tag: &[u8]| verify(&format!("{signed}.{}", forge::base64url(tag)));
    assert_eq!(with(&tag), Ok(UserClaims::new(UserId::from(user_id))));
    assert_eq!(with(tag.split_at(31).0), Err(Signature));
    Ok(())
}

#[test]
fn signature_with_another_secret_is_refused() {
    for key in ["", "abc12", "abc1234", "ABC123", "abc123\n", " abc123", "616263313233"] {
        assert_eq!(verify(&forge::token(key, HEADER, CLAIMS)), Err(Signature), "{key:?}");
    }
}

#[test]
fn signature_of_anything_but_header_dot_and_payload_as_sent_is_refused() {
    let (header, payload) = (forge::base64url(HEADER), forge::base64url(CLAIMS));
    for signed in [
        String::new(),
        header.clone(),
        payload.clone(),
        format!("{header}."),
        format!(".{payload}"),
        format!("{header}{payload}"),
        format!("{payload}.{header}"),
        format!("{header}.{payload}."),
        format!("{HEADER}.{CLAIMS}"),
        CLAIMS.into(),
    ] {
        let token = format!("{header}.{payload}.{}", forge::base64url(forge::tag(KEY, &signed)));
        assert_eq!(verify(&token), Err(Signature), "{signed}");
    }
}

#[test]
fn signature_of_another_token_is_refused() {
    let other = forge::token(KEY, HEADER, r#"{"user_id":"4712"}"#);
    let (_, tag) = other.rsplit_once('.').unwrap_or_default();
    let token = format!("{}.{}.{tag}", forge::base64url(HEADER), forge::base64url(CLAIMS));
    assert_eq!(verify(&token), Err(Signature));
}

#[test]
fn signature_that_anybody_can_think_of_is_refused() {
    let tag = right_tag();
    let reversed: Vec<u8> = tag.iter().rev().copied().collect();
    let inverted = tag.map(|byte| !byte);
    for tag in [&[0; 32], &[0xff; 32], reversed.as_slice(), &inverted] {
        assert_eq!(verify(&with_tag(tag)), Err(Signature), "{tag:?}");
    }
}

/// They would cancel each other out for who adds differences up with the wrong operator.
#[test]
fn signature_with_the_same_difference_in_two_characters_is_refused() {
    let token = with_tag(&right_tag());
    let signature = token.len() - 43..token.len();
    for (one, other) in signature.clone().flat_map(|one| (one + 1..signature.end).map(move |other| (one, other))) {
        let flipped = flipped(&flipped(token.as_bytes(), one * 8), other * 8);
        let outcome = verify(&String::from_utf8_lossy(&flipped));
        assert!(matches!(outcome, Err(Base64 | Signature)), "{one}, {other}: {outcome:?}");
    }
}

#[test]
fn every_bit_flipped_in_a_signature_is_refused() {
    for bit in 0..256 {
        assert_eq!(verify(&with_tag(&flipped(&right_tag(), bit))), Err(Signature), "{bit}");
    }
}

/// The reasons that can be given without a look at a claim.
fn assert_refused_unread(text: &str) {
    let outcome = verify(text);
    assert!(matches!(outcome, Err(Parts | Base64 | Header | Algorithm | Type | Signature)), "{text:?}: {outcome:?}");
}

#[test]
fn every_bit_flipped_in_a_token_is_refused_before_a_claim_is_looked_at() {
    let token = forge::token(KEY, HEADER, TEMPTING);
    assert_eq!(verify(&token), Err(Expired));

    let (mut tried, mut not_text) = (0, 0);
    for bit in 0..token.len() * 8 {
        if let Ok(text) = String::from_utf8(flipped(token.as_bytes(), bit)) {
            assert_refused_unread(&text);
            tried += 1;
        } else {
            not_text += 1;
        }
    }
    // An ASCII character with its highest bit set is no UTF-8; with any other flipped it is one.
    assert_eq!((tried, not_text), (token.len() * 7, token.len()));
}

#[test]
fn every_token_whose_beginning_is_cut_off_is_refused_before_a_claim_is_looked_at() {
    let token = forge::token(KEY, HEADER, TEMPTING);
    for start in 1..=token.len() {
        assert_refused_unread(&token[start..]);
    }
}

#[test]
fn every_token_whose_end_is_cut_off_is_refused_before_a_claim_is_looked_at() {
    let token = forge::token(KEY, HEADER, TEMPTING);
    let (signed, tag) = token.rsplit_once('.').unwrap_or_default();
    for end in 0..=signed.len() {
        assert_eq!(verify(&token[..end]), Err(Parts), "{end}");
    }
    for end in 0..tag.len() {
        let expected = if is_canonical(&tag[..end]) { Signature } else { Base64 };
        assert_eq!(verify(&format!("{signed}.{}", &tag[..end])), Err(expected), "{end}");
    }
}

/// Whether the bits that are left over behind the last whole byte are fewer than a digit's, and zero.
fn is_canonical(digits: &str) -> bool {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = digits.chars().last().and_then(|digit| ALPHABET.find(digit));
    match digits.len() % 4 {
        0 => true,
        1 => false,
        2 => last.is_some_and(|value| value % 16 == 0),
        _ => last.is_some_and(|value| value % 4 == 0),
    }
}

#[test]
fn token_is_verified_with_the_secret_that_is_asked_for_and_no_other() -> TestResult {
    let jwt: UserJwt = forge::token(KEY, HEADER, CLAIMS).parse()?;
    let claims = UserClaims::new(UserId::from(4711_u32));
    assert_eq!(jwt.verify(&SECRET, second(0)), Ok(claims));
    assert_eq!(jwt.verify(&Secret::new("ABC123")?, second(0)), Err(Signature));
    Ok(())
}

#[test]
fn secret_that_is_not_text_signs_and_verifies() -> TestResult {
    let (secret, other) = (Secret::from_bytes(&[0xff, 0, 0x80])?, Secret::from_bytes(&[0xff, 0, 0x81])?);
    let claims = UserClaims::new(UserId::from(4711_u32));
    let jwt: UserJwt = UserJwt::sign(&secret, &claims)?.as_str().parse()?;
    assert_eq!(jwt.verify(&secret, second(0)), Ok(claims));
    assert_eq!(jwt.verify(&other, second(0)), Err(Signature));
    Ok(())
}
