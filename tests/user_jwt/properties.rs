use intercom_identity::{
    Email,
    JwtError::{Algorithm, Claim, Claims, Header, Length},
    UserClaims, UserId, UserJwt,
};
use proptest::{collection::btree_map, option, prelude::*};
use serde_json::Value;

use crate::{CLAIMS, HEADER, KEY, NOW, SECRET, forge, second, verify};

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn claims()(
        user_id in "(?s).{1,32}",
        email in option::of("(?s).{0,16}@.{0,16}"),
        expiry in option::of(NOW + 1..253_402_300_800),
        start in option::of(-253_402_300_799..=NOW),
        attributes in btree_map("(?s).{0,8}", json(), 0..4),
    ) -> Result<UserClaims, TestCaseError> {
        let mut claims = UserClaims::new(UserId::new(&user_id)?);
        if let Some(email) = &email {
            claims = claims.email(Email::new(email)?);
        }
        if let Some(expiry) = expiry {
            claims = claims.expires_at(second(expiry));
        }
        if let Some(start) = start {
            claims = claims.not_before(second(start));
        }
        for (name, value) in &attributes {
            claims = claims.attribute(name, value)?;
        }
        Ok(claims)
    }
}

/// One character of a token left out, put in or replaced.
fn altered(token: &str, at: prop::sample::Index, character: Option<char>, keeps: bool) -> String {
    let at = at.index(token.len());
    let rest = if keeps { &token[at..] } else { &token[at + 1..] };
    token[..at].chars().chain(character).chain(rest.chars()).collect()
}

proptest! {
    #[test]
    fn verified_claims_are_those_that_were_signed(claims in claims()) {
        let claims = claims?;
        match UserJwt::sign(&SECRET, &claims) {
            Ok(jwt) => {
                prop_assert_eq!(jwt.as_str().parse::<UserJwt>()?.verify(&SECRET, second(NOW)), Ok(claims.clone()));
                prop_assert_eq!(jwt.verify(&SECRET, second(NOW)), Ok(claims));
            }
            Err(Length { found }) => prop_assert!(found > 8192),
            Err(error) => return Err(error.into()),
        }
    }

    #[test]
    fn token_that_is_altered_is_refused(
        at in any::<prop::sample::Index>(),
        character in option::of(prop_oneof![prop::char::range('!', '~'), any::<char>()]),
        keeps in any::<bool>(),
    ) {
        let token = forge::token(KEY, HEADER, CLAIMS);
        let altered = altered(&token, at, character, keeps);
        prop_assume!(altered != token);
        prop_assert!(verify(&altered).is_err(), "{}", altered);
    }

    #[test]
    fn text_that_nobody_signed_is_refused_without_a_panic(
        text in prop_oneof![
            any::<String>(),
            "[A-Za-z0-9_.=-]{0,256}",
            r"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.[A-Za-z0-9_-]{0,128}\.[A-Za-z0-9_-]{43}",
        ],
    ) {
        prop_assert!(verify(&text).is_err());
    }

    #[test]
    fn header_of_any_bytes_is_refused_without_a_panic(header in prop::collection::vec(any::<u8>(), 0..64)) {
        let text = format!("{}.{}", forge::base64url(header), forge::base64url(CLAIMS));
        prop_assert!(matches!(verify(&forge::sign(KEY, &text)), Err(Header | Algorithm)));
    }

    #[test]
    fn payload_of_any_bytes_is_refused_without_a_panic(payload in prop::collection::vec(any::<u8>(), 0..64)) {
        let outcome = verify(&forge::token(KEY, HEADER, payload));
        prop_assert!(matches!(outcome, Err(Claims | Claim { .. })), "{:?}", outcome);
    }

    #[test]
    fn object_is_of_a_user_only_if_it_says_so(object in btree_map("[a-z_]{0,8}", json(), 0..4)) {
        let payload = serde_json::to_string(&object)?;
        let expected = Claim { name: "user_id" };
        prop_assert_eq!(verify(&forge::token(KEY, HEADER, payload)), Err(expected));
    }
}
