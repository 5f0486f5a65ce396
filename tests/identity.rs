//! Who a user is: the rule of `user_id` over email, and texts that are taken as they are.

use intercom_identity::{Email, Identity, IdentityError, UserId};
use proptest::prelude::*;

/// Whatever would tidy a text up changes at least one of these.
const UNTIDY: [&str; 14] = [
    "Ada",
    "ada",
    " ada",
    "ada ",
    "ada\n",
    " ",
    "\u{200b}ada\u{200b}",
    "\0",
    "+1",
    "0001",
    "\u{e9}",
    "e\u{301}",
    "\u{feff}\u{130}\u{fb01}\u{df}",
    "👩\u{200d}🔬",
];

#[test]
fn user_id_identifies_whether_or_not_the_email_is_known() -> Result<(), IdentityError> {
    assert_eq!(Identity::new(Some("4711"), None)?.identifier(), "4711");
    assert_eq!(Identity::new(Some("4711"), Some("ada@example.com"))?.identifier(), "4711");
    Ok(())
}

#[test]
fn email_identifies_only_if_no_user_id_is_known() -> Result<(), IdentityError> {
    assert_eq!(Identity::new(None, Some("ada@example.com"))?.identifier(), "ada@example.com");
    assert_ne!(Identity::new(Some("4711"), Some("ada@example.com"))?.identifier(), "ada@example.com");
    Ok(())
}

#[test]
fn user_id_may_look_like_an_email() -> Result<(), IdentityError> {
    assert_eq!(Identity::new(Some("eve@example.com"), Some("ada@example.com"))?.identifier(), "eve@example.com");
    Ok(())
}

#[test]
fn whoever_has_neither_is_unidentified() {
    assert_eq!(Identity::new(None, None), Err(IdentityError::Unidentified));
}

#[test]
fn empty_user_id_never_falls_back_to_the_email() {
    for email in [None, Some("ada@example.com"), Some("ada"), Some("")] {
        assert_eq!(Identity::new(Some(""), email), Err(IdentityError::EmptyUserId), "{email:?}");
    }
    assert_eq!(UserId::new(""), Err(IdentityError::EmptyUserId));
}

#[test]
fn empty_email_is_never_taken_for_none() {
    for user_id in [None, Some("4711")] {
        assert_eq!(Identity::new(user_id, Some("")), Err(IdentityError::EmptyEmail), "{user_id:?}");
    }
    assert_eq!(Email::new(""), Err(IdentityError::EmptyEmail));
}

#[test]
fn email_without_at_is_refused_even_beside_a_user_id() {
    for user_id in [None, Some("4711")] {
        assert_eq!(Identity::new(user_id, Some("ada")), Err(IdentityError::EmailWithoutAt), "{user_id:?}");
    }
    for email in ["ada", " ", "ada\u{ff20}example.com"] {
        assert_eq!(Email::new(email), Err(IdentityError::EmailWithoutAt), "{email:?}");
    }
}

#[test]
fn user_id_is_taken_as_it_is() -> Result<(), IdentityError> {
    for text in UNTIDY {
        assert_eq!(UserId::new(text)?.as_str(), text);
        assert_eq!(Identity::new(Some(text), None)?.identifier(), text);
    }
    Ok(())
}

#[test]
fn email_is_taken_as_it_is() -> Result<(), IdentityError> {
    for text in UNTIDY.map(|text| format!("{text}@{text}")) {
        assert_eq!(Email::new(&text)?.as_str(), text);
        assert_eq!(Identity::new(None, Some(&text))?.identifier(), text);
    }
    assert_eq!(Email::new("@")?.as_str(), "@");
    Ok(())
}

#[test]
fn texts_that_differ_at_all_are_different_users() -> Result<(), IdentityError> {
    for (one, other) in [("Ada@x", "ada@x"), ("ada@x", "ada@x "), ("\u{e9}@x", "e\u{301}@x"), ("1@x", "01@x")] {
        assert_ne!(UserId::new(one)?, UserId::new(other)?);
        assert_ne!(Email::new(one)?, Email::new(other)?);
    }
    Ok(())
}

#[test]
fn integer_id_is_its_decimal_text() {
    for (integer, text) in [
        (0, "0"),
        (9, "9"),
        (10, "10"),
        (99, "99"),
        (100, "100"),
        (u64::from(u32::MAX), "4294967295"),
        (10_000_000_000_000_000_000, "10000000000000000000"),
        (u64::MAX, "18446744073709551615"),
    ] {
        assert_eq!(UserId::from(integer).as_str(), text);
        assert_eq!(UserId::new(text), Ok(UserId::from(integer)));
    }
}

proptest! {
    #[test]
    fn any_integer_id_is_its_decimal_text(short: u32, long: u64) {
        let (short_id, long_id) = (UserId::from(short), UserId::from(long));
        prop_assert_eq!(short_id.as_str(), short.to_string());
        prop_assert_eq!(long_id.as_str(), long.to_string());
    }
}

#[test]
fn integer_id_is_not_the_same_user_as_its_padded_text() {
    assert_ne!(UserId::new("042"), Ok(UserId::from(42_u32)));
}

#[test]
fn identity_is_made_of_a_user_id_an_email_or_both() -> Result<(), IdentityError> {
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    for (converted, variant, made) in [
        (Identity::from(user_id), Identity::UserId(user_id), Identity::new(Some("4711"), None)?),
        (Identity::from(email), Identity::Email(email), Identity::new(None, Some("ada@example.com"))?),
        (
            Identity::from((user_id, email)),
            Identity::UserIdAndEmail(user_id, email),
            Identity::new(Some("4711"), Some("ada@example.com"))?,
        ),
    ] {
        assert_eq!(converted, variant);
        assert_eq!(made, variant);
    }
    Ok(())
}

#[test]
fn identity_gives_back_what_it_was_made_of() -> Result<(), IdentityError> {
    for (user_id, email) in [(Some("4711"), None), (None, Some("ada@x")), (Some("4711"), Some("ada@x"))] {
        let identity = Identity::new(user_id, email)?;
        assert_eq!(identity.user_id(), user_id.map(UserId::new).transpose()?);
        assert_eq!(identity.email(), email.map(Email::new).transpose()?);
    }
    Ok(())
}

#[test]
fn identities_with_the_same_identifier_are_not_therefore_equal() -> Result<(), IdentityError> {
    assert_ne!(Identity::new(Some("ada@x"), None)?, Identity::new(None, Some("ada@x"))?);
    assert_ne!(Identity::new(Some("4711"), None)?, Identity::new(Some("4711"), Some("ada@x"))?);
    Ok(())
}

#[test]
fn debug_is_redacted() -> Result<(), IdentityError> {
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    assert_eq!(format!("{user_id:?}"), "UserId([REDACTED])");
    assert_eq!(format!("{:?}", UserId::from(4711_u32)), "UserId([REDACTED])");
    assert_eq!(format!("{email:?}"), "Email([REDACTED])");
    assert_eq!(
        format!("{:?}", Identity::from((user_id, email))),
        "UserIdAndEmail(UserId([REDACTED]), Email([REDACTED]))"
    );
    Ok(())
}
