//! Who a user is: `user_id` over email, texts that are taken as they are, and those that could be a token.

mod support;

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    ops::Range,
};

use intercom_identity::{Email, Identity, IdentityError, UserId};
use proptest::prelude::*;

use support::TestResult;

#[test]
fn user_id_identifies_and_an_email_only_without_one() -> TestResult {
    assert_eq!(Identity::new(Some("4711"), None)?.identifier(), "4711");
    assert_eq!(Identity::new(Some("4711"), Some("ada@example.com"))?.identifier(), "4711");
    assert_eq!(Identity::new(Some("eve@example.com"), Some("ada@example.com"))?.identifier(), "eve@example.com");
    assert_eq!(Identity::new(Some("4711"), Some("ada@example.com"))?.kind(), "user_id");
    assert_eq!(Identity::new(Some("eve@example.com"), None)?.kind(), "user_id");
    assert_eq!(Identity::new(None, Some("ada@example.com"))?.kind(), "email");
    assert_eq!(Identity::new(None, Some("ada@example.com"))?.identifier(), "ada@example.com");
    assert_eq!(Identity::new(None, None), Err(IdentityError::Unidentified));
    Ok(())
}

#[test]
fn empty_user_id_never_falls_back_to_the_email() {
    for email in [None, Some("ada@example.com"), Some("ada"), Some("")] {
        assert_eq!(Identity::new(Some(""), email), Err(IdentityError::EmptyUserId), "{email:?}");
    }
    assert_eq!(UserId::new(""), Err(IdentityError::EmptyUserId));
}

#[test]
fn text_that_is_no_email_counts_as_absent_beside_a_user_id_and_is_an_error_alone() -> TestResult {
    for (email, error) in [
        ("", IdentityError::EmptyEmail),
        ("n/a", IdentityError::EmailWithoutAt),
        (" ", IdentityError::EmailWithoutAt),
        ("ada\u{ff20}example.com", IdentityError::EmailWithoutAt),
    ] {
        assert_eq!(Identity::new(Some("7"), Some(email))?, Identity::UserId(UserId::new("7")?), "{email:?}");
        assert_eq!(UserId::from(7_i64).with_email(Some(email)), Identity::new(Some("7"), Some(email)), "{email:?}");
        assert_eq!(Identity::new(None, Some(email)), Err(error), "{email:?}");
        assert_eq!(Email::new(email), Err(error), "{email:?}");
    }
    Ok(())
}

#[test]
fn user_id_with_an_email_where_there_is_one_is_what_identity_new_gives() {
    for email in [None, Some("ada@example.com"), Some("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9@x"), Some("7")] {
        assert_eq!(UserId::from(7_i64).with_email(email), Identity::new(Some("7"), email), "{email:?}");
    }
}

#[test]
fn user_id_and_email_that_are_swapped_are_refused() -> TestResult {
    for email in ["4711", "0", "usr_9f", "a 1"] {
        assert_eq!(Identity::new(Some("ada@example.com"), Some(email)), Err(IdentityError::Swapped), "{email:?}");
        assert_eq!(UserId::new("a@")?.with_email(Some(email)), Err(IdentityError::Swapped), "{email:?}");
    }
    // Intercom's plugin for WordPress has the email in both places. What has no digit is no user_id.
    for email in ["ada@example.com", "ada2@example.com", "n/a", "none", "", "-"] {
        assert_eq!(Identity::new(Some("ada@example.com"), Some(email))?.identifier(), "ada@example.com", "{email:?}");
    }
    Ok(())
}

#[test]
fn what_a_program_writes_where_it_has_no_id_is_no_user_id() -> TestResult {
    for placeholder in ["undefined", "null", "None", "nil", "NaN", "[object Object]"] {
        assert_eq!(UserId::new(placeholder), Err(IdentityError::Placeholder));
        for email in [None, Some("ada@example.com"), Some("")] {
            assert_eq!(Identity::new(Some(placeholder), email), Err(IdentityError::Placeholder), "{placeholder}");
        }
    }
    for user_id in ["Null", "NULL", "none", "NIL", "nan", "undefined ", "null1", "0", "[object Array]"] {
        assert_eq!(UserId::new(user_id)?.as_str(), user_id);
    }
    Ok(())
}

#[test]
fn data_is_stored_by_identity_and_an_integer_is_the_key_that_its_text_is() -> TestResult {
    let stored = HashMap::from([(Identity::from(UserId::from(4711_u32)), "Ada"), (Email::new("ada@x")?.into(), "ada")]);
    assert_eq!(stored.get(&Identity::new(Some("4711"), None)?), Some(&"Ada"));
    assert_eq!(stored.get(&Identity::new(None, Some("ada@x"))?), Some(&"ada"));
    assert_eq!(stored.get(&Identity::new(Some("ada@x"), None)?), None);
    let hash = |user_id: UserId<'_>| BuildHasherDefault::<DefaultHasher>::default().hash_one(user_id);
    assert_eq!(hash(UserId::from(4711_u32)), hash(UserId::new("4711")?));
    assert_ne!(hash(UserId::from(4711_u32)), hash(UserId::from(4712_u32)));
    Ok(())
}

/// Trimming, lower-casing or normalising makes two of these the same.
#[test]
fn text_is_taken_as_it_is() -> TestResult {
    let texts =
        ["ada", "Ada", " ada", "ada\n", "\u{200b}ada", "\0", "1", "+1", "01", "\u{e9}", "e\u{301}", "👩\u{200d}🔬"];
    for (at, text) in texts.into_iter().enumerate() {
        let email = format!("{text}@{text}");
        assert_eq!((UserId::new(text)?.as_str(), Email::new(&email)?.as_str()), (text, email.as_str()));
        assert_eq!(Identity::new(Some(text), None)?.identifier(), text);
        assert_eq!(Identity::new(None, Some(&email))?.identifier(), email);
        for other in texts.into_iter().skip(at + 1) {
            assert_ne!(UserId::new(text)?, UserId::new(other)?);
            assert_ne!(Email::new(&email)?, Email::new(&format!("{other}@{other}"))?);
        }
    }
    assert_ne!(Identity::new(Some("ada@x"), None)?, Identity::new(None, Some("ada@x"))?);
    assert_ne!(Identity::new(Some("4711"), None)?, Identity::new(Some("4711"), Some("ada@x"))?);
    Ok(())
}

#[test]
fn integer_id_is_its_decimal_text() {
    for (user_id, text) in [
        (UserId::from(0_i32), "0"),
        (UserId::from(i32::MIN), "-2147483648"),
        (UserId::from(i32::MAX), "2147483647"),
        (UserId::from(-1_i64), "-1"),
        (UserId::from(i64::MIN), "-9223372036854775808"),
        (UserId::from(i64::MAX), "9223372036854775807"),
        (UserId::from(u32::MAX), "4294967295"),
        (UserId::from(0_u64), "0"),
        (UserId::from(9_u64), "9"),
        (UserId::from(10_u64), "10"),
        (UserId::from(10_000_000_000_000_000_000_u64), "10000000000000000000"),
        (UserId::from(u64::MAX), "18446744073709551615"),
    ] {
        assert_eq!(user_id.as_str(), text);
        assert_eq!(UserId::new(text), Ok(user_id));
        assert_eq!(Identity::from(user_id).identifier(), text);
    }
    assert_ne!(UserId::new("042"), Ok(UserId::from(42_u32)));
}

#[test]
fn identity_is_made_of_a_user_id_an_email_or_both_and_gives_them_back() -> TestResult {
    let (user_id, email) = (UserId::new("4711")?, Email::new("ada@example.com")?);
    let both = Identity::UserIdAndEmail(user_id, email);
    for (identity, expected) in [
        (Identity::from(user_id), Identity::UserId(user_id)),
        (Identity::from(email), Identity::Email(email)),
        (Identity::from((user_id, email)), both),
        (Identity::from((user_id, Some(email))), both),
        (Identity::from((user_id, None)), Identity::UserId(user_id)),
        (Identity::new(Some("4711"), None)?, Identity::UserId(user_id)),
        (Identity::new(None, Some("ada@example.com"))?, Identity::Email(email)),
        (Identity::new(Some("4711"), Some("ada@example.com"))?, both),
    ] {
        assert_eq!(identity, expected);
        assert_eq!(identity.user_id(), (identity != email.into()).then_some(user_id));
        assert_eq!(identity.email(), (identity != user_id.into()).then_some(email));
    }
    Ok(())
}

#[cfg(target_pointer_width = "64")]
#[test]
fn identity_is_small() {
    assert_eq!((size_of::<UserId<'_>>(), size_of::<Identity<'_>>()), (24, 40));
}

#[test]
fn error_says_what_to_do() {
    for (error, text) in [
        (IdentityError::Unidentified, "neither a user_id nor an email is given"),
        (IdentityError::EmptyUserId, "the user_id is empty: leave it out if there is none"),
        (IdentityError::EmptyEmail, "the email is empty: leave it out if there is none"),
        (IdentityError::EmailWithoutAt, "the email has no @: send another identifier as user_id"),
        (
            IdentityError::Placeholder,
            "the user_id is a placeholder such as undefined or null: send the id of the user, or none for a visitor",
        ),
        (IdentityError::Swapped, "user_id and email are swapped: pass the user_id first, then the email"),
        (
            IdentityError::JwtSigningInput,
            "the identifier can be read as part of a JSON Web Token: never let users choose their own user_id",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

/// By the reader that takes the text, or would; `e30` is `{}`, and `MQ` is `1`.
#[test]
fn text_that_could_be_read_as_header_and_payload_of_a_token_is_no_identifier() {
    for (reader, text) in [
        ("every library", "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9"),
        ("python-jose, with a dot in the payload", "eyJhbGciOiJIUzI1NiJ9.eyJ1.c2VyX2lkIjoiMSJ9"),
        ("a library that skips what is not URL-safe", "+eyJhbGciOiJIUzI1NiJ9.e30"),
        ("a library that skips what is not standard", "-eyJhbGciOiJIUzI1NiJ9.e30"),
        ("the same, with an underscore", "_eyJhbGciOiJIUzI1NiJ9.e30"),
        ("ruby-jwt, which takes both alphabets at once", "=eyJ-Pj8iOiI/IiwiYWxnIjoiSFMyNTYifQ.e30"),
        ("jwt-simple, which skips white space and padding", " eyJhbGci\nOiJIUzI1NiJ9==.e30"),
        ("njwt, where Node cuts characters to bytes", "ťyJhbGciOiJIUzI1NiJ9.e30"),
        ("a library where Node does, which skips a plus", "\u{12b}\u{165}yJhbGciOiJIUzI1NiJ9.e30"),
        ("njwt, which is given half a surrogate pair", "\u{fffd}yJhbGciOiJIUzI1NiJ9.e30"),
        ("jjwt, where padding is the digit 0", "ey=iYWxnIjoiSFMyNTYifQ.e30"),
        ("jjwt, which skips what is not URL-safe", "/ey=iYWxnIjoiSFMyNTYifQ.e30"),
        ("expo-jwt, where any character is the digit 0", "ey!gImFsZyI6IkhTMjU2In0.ey!gInVzZXJfaWQiOiIxIn0"),
        ("expo-jwt, in an email", "ey!gImFsZyI6IkhTMjU2In0.ey!gInVzZXJfaWQiOiIxIn0=@localhost"),
        ("CryptoJS, where white space is the digit 0", "ey gImFsZyI6IkhTMjU2In0.e30"),
        ("CryptoJS behind a trim", " ey!gImFsZyI6IkhTMjU2In0.e30"),
        ("CryptoJS, where a UTF-16 unit is the digit 0", "MQ.eyAgI\u{1f462}iaSI6MX0"),
        ("a decoder in Python, where a character is the digit 0", "MQ.ey\u{1f462}iaSI6MX0"),
        ("a decoder in C, where a byte is the digit 0", "ey\u{e9}ImFsZyI6IkhTMjU2In0.e30"),
        ("js-base64, with overlong UTF-8 of 2 bytes", "wbvAosGhwazBp8CiwLrAosGIwZPAssC1wLbAosG9.e30"),
        ("js-base64, with 3", "4IG74ICi4IGh4IGs4IGn4ICi4IC64ICi4IGI4IGT4ICy4IC14IC24ICi4IG9.e30"),
        (
            "a decoder of overlong UTF-8 with 4",
            "8ICBu_CAgKLwgIGh8ICBrPCAgafwgICi8ICAuvCAgKLwgIGI8ICBk_CAgLLwgIC18ICAtvCAgKLwgIG9.e30",
        ),
        ("{\"alg\"\"HS256\"] to jsrsasign", "eyJhbGciIkhTMjU2Il0.e30"),
        ("{'alg':'HS256'} to Gson", "eydhbGcnOidIUzI1Nid9.e30"),
        ("{'\\u0061lg':'\\u0048S256'} to Gson", "eydcdTAwNjFsZyc6J1x1MDA0OFMyNTYnfQ.e30"),
        ("{\"\\u0061lg\":HS256} to Gson", "eyJcdTAwNjFsZyI6SFMyNTZ9.e30"),
        ("{alg='\\u0048S256'} to Gson", "e2FsZz0nXHUwMDQ4UzI1Nid9.e30"),
        ("{alg:HS256} to Gson, the shortest header", "e2FsZzpIUzI1Nn0.e30"),
        ("{alg=HS256} to Gson", "e2FsZz1IUzI1Nn0.e30"),
        ("both without quotation marks", "e2FsZzpIUzI1Nn0.e3VzZXJfaWQ6MX0"),
        ("jwt-simple, which leaves the header alone", "MQ.eyJ1c2VyX2lkIjoiMSJ9"),
        ("{\"i\":1}, the shortest payload", "MQ.eyJpIjoxfQ"),
        ("{user_id:1} to Gson without a header", "MQ.e3VzZXJfaWQ6MX0"),
        ("{'user_id'=1} to Gson without a header", "MQ.eyd1c2VyX2lkJz0xfQ"),
        ("HAProxy, which stops behind the value", "eyJhbGciOiJIUzI1NiI.e30"),
        ("HAProxy without a header", "MQ.eyJ1c2VyX2lkIjoiMSI"),
        ("HAProxy, with {\"user_id\":-1 ", "MQ.eyJ1c2VyX2lkIjotMSA"),
        ("any JSON in a header, to a reader that is told the algorithm", "eyJ6aXAiOiJERUYifQ.q1YqLU4tis9MUbJSMlSqBQA"),
        ("the same in single quotes", "eyd6aXAnOidERUYnfQ.q1YqLU4tis9MUbJSMlSqBQA"),
        ("HAProxy, with hs256", "eyJhbGciOiJoczI1NiI.e30"),
        (
            "HAProxy, with every character of the header escaped",
            "eyJcdTAwNjFcdTAwNmNcdTAwNjciOiJcdTAwNDhcdTAwNTNcdTAwMzJcdTAwMzVcdTAwMzYi.e30",
        ),
        (
            "HAProxy, with every character of the name escaped",
            "MQ.eyJcdTAwNzVcdTAwNzNcdTAwNjVcdTAwNzJcdTAwNWZcdTAwNjlcdTAwNjQiOjEg",
        ),
        ("{\"user_id\" \"1\"} to l8w8jwt, which takes {} for a header", "e30.eyJ1c2VyX2lkIiAiMSJ9"),
        ("{\"user_id\",1} to l8w8jwt", "e30.eyJ1c2VyX2lkIiwxfQ"),
        ("{ALG:'HS256'} to Json.NET", "e0FMRzonSFMyNTYnfQ.e30"),
        ("{'use\\u0072_id':'1'} to Json.NET", "MQ.eyd1c2VcdTAwNzJfaWQnOicxJ30"),
        ("{\"use\\u0072_id\":x} to Gson", "MQ.eyJ1c2VcdTAwNzJfaWQiOnh9"),
        ("{USER_ID:'1'} to Json.NET", "MQ.e1VTRVJfSUQ6JzEnfQ"),
        ("{'\\x75ser_id':1} to JSON5", "MQ.eydceDc1c2VyX2lkJzoxfQ"),
        ("{use\\u0072_id:1} to JSON5", "MQ.e3VzZVx1MDA3Ml9pZDoxfQ"),
        ("jose: \"b64\":false", "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.{\"user_id\":\"1\"}"),
        ("jjwt: \"zip\":\"DEF\"", "eyJhbGciOiJIUzI1NiIsInppcCI6IkRFRiJ9.q1YqLU4tis9MUbJSMlSqBQA"),
        ("PyJWT, with UTF-16, little-endian", "ewAiAGEAbABnACIAOgAiAEgAUwAyADUANgAiAH0A.e30"),
        ("PyJWT, with UTF-16, big-endian", "AHsAIgBhAGwAZwAiADoAIgBIAFMAMgA1ADYAIgB9.e30"),
        ("every library, with white space in JSON", "IHsKICJ0eXAiIDogIkpXVCIsCSJhbGciIDogIkhTMjU2IiB9.e30"),
        ("every library, with {\"\\u0061lg\":\"HS256\"}", "eyJcdTAwNjFsZyI6IkhTMjU2In0.e30"),
        ("PyJWT, with an empty payload", "eyJhbGciOiJIUzI1NiJ9."),
    ] {
        let email = format!("{text}@example.com");
        assert_eq!(UserId::new(text), Err(IdentityError::JwtSigningInput), "{reader}: {text:?}");
        assert_eq!(Identity::new(Some(text), None), Err(IdentityError::JwtSigningInput), "{reader}: {text:?}");
        for user_id in [None, Some("7")] {
            let refused = Identity::new(user_id, Some(&email));
            assert_eq!(refused, Err(IdentityError::JwtSigningInput), "{reader}: {email:?}");
        }
    }
}

/// Node cuts each of these to a byte, and then skips the first, where it decodes the URL-safe alphabet.
#[test]
fn header_beyond_ascii_is_read_in_every_alphabet() {
    let cut = "+eyJhbGciOiJIUzI1NiJ9".chars().filter_map(|byte| char::from_u32(0x100 + u32::from(byte)));
    let forged = format!("{}.e30", cut.collect::<String>());
    assert_eq!(UserId::new(&forged), Err(IdentityError::JwtSigningInput));
}

/// Forges with an encoder of another library, and hides the header in all ways that decoders see through.
mod forgery {
    use base64::{
        Engine,
        prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
    };
    use proptest::{collection::vec, sample::select};

    use super::*;

    fn header() -> impl Strategy<Value = String> {
        let member = ("[a-z]{0,6}", "[ \t\n]{0,2}", "false|[0-9]{1,3}|\"[^\"]{0,8}\"");
        let members =
            vec(member.prop_map(|(name, space, value)| format!("{space}\"{name}\"{space}:{space}{value},")), 0..3);
        members.prop_map(|members| format!("{{{}\"alg\":\"HS256\"}}", members.concat()))
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        (header(), 0..5).prop_map(|(header, encoding)| match encoding {
            0 => header.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            1 => header.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            2 => header.bytes().flat_map(|byte| [0xc0 | byte >> 6, 0x80 | byte & 0x3f]).collect(),
            _ => header.into_bytes(),
        })
    }

    /// An alphabet, and characters that its decoders skip.
    fn alphabets() -> impl Strategy<Value = (fn(&[u8]) -> String, &'static str)> {
        let mixed = |bytes: &[u8]| BASE64_STANDARD.encode(bytes).replacen('+', "-", 1).replacen('/', "_", 1);
        select(vec![
            ((|bytes| BASE64_URL_SAFE.encode(bytes)) as fn(&[u8]) -> String, "=+/ \n.\"é☃"),
            (|bytes| BASE64_STANDARD.encode(bytes), "=-_ \n.\"é☃"),
            (mixed, "= \n.\"é☃"),
        ])
    }

    proptest! {
        #[test]
        fn json_before_or_behind_the_dot_in_any_alphabet_with_any_junk_is_refused(
            bytes in bytes(),
            (encode, skipped) in alphabets(),
            junk in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..8),
            is_header: bool,
            other in "[^.]{0,30}",
        ) {
            let mut forged: Vec<char> = encode(&bytes).chars().collect();
            let skipped: Vec<char> = skipped.chars().collect();
            for (at, character) in junk {
                forged.insert(at.index(forged.len()), *character.get(&skipped));
            }
            let forged: String = forged.into_iter().collect();
            let forged = if is_header { format!("{forged}.{other}") } else { format!("{other}.{forged}") };
            prop_assert_eq!(UserId::new(&forged), Err(IdentityError::JwtSigningInput), "{:?}", forged);
        }

        /// `CryptoJS` takes a character that it does not know for the digit 0.
        #[test]
        fn header_with_another_character_for_the_digit_0_is_refused(bytes in bytes(), unknown in "[^A-Za-z0-9_-]") {
            let encoded = BASE64_URL_SAFE.encode(&bytes).replace('A', &unknown);
            let forged = format!("{}.e30", encoded.trim_end_matches('='));
            prop_assert_eq!(UserId::new(&forged), Err(IdentityError::JwtSigningInput), "{:?}", forged);
        }

        /// Node cuts a character to its lowest byte.
        #[test]
        fn header_in_characters_that_are_cut_is_refused(bytes in bytes(), pages in vec(0_u32..0xd8, 1..20)) {
            let encoded = BASE64_URL_SAFE.encode(&bytes);
            let cut = encoded.bytes().zip(pages.iter().cycle());
            let cut = cut.filter_map(|(byte, page)| char::from_u32(page << 8 | u32::from(byte)));
            let forged = format!("{}.e30", cut.collect::<String>());
            prop_assert_eq!(UserId::new(&forged), Err(IdentityError::JwtSigningInput), "{:?}", forged);
        }
    }
}

/// What is not decoded: a text of at most 25 ASCII bytes without an upper-case letter and without `=`. Looks for the shortest
/// one that some reader takes all the same, in all of them at once: it goes through the digits and characters of base64 breadth
/// first, up to what a reader has understood so far.
mod plain_text {
    use std::{collections::HashSet, iter};

    use super::*;

    /// What a reader must find: white space where there is a space, a digit for `?`, anything for `*`, letters also escaped. No
    /// colon, and no end of the payload: not every reader needs them.
    const HEADERS: [&str; 2] = ["*HS256", "*hs256"];
    const NAME: &str = "*user_id";
    const PAYLOAD: &str = " { \"user_id\" ?";

    /// What a reader has before it: digits of a group and the last one, the start of an overlong character, the place in
    /// what it must find, and in an escape there.
    type State = (usize, u8, u8, usize, usize);

    /// How many characters of base64 the text takes. An unknown character may start a new group of digits. Lenient readers drop
    /// bytes and fold overlong UTF-8.
    fn shortest(wanted: &str, digits: &[u8], lenient: bool) -> Option<usize> {
        let mut level: Vec<State> = vec![(0, 0, 0, 0, 0)];
        let mut seen: HashSet<State> = level.iter().copied().collect();
        for length in 0.. {
            if level.is_empty() || level.iter().any(|state| state.3 == wanted.len()) {
                return (!level.is_empty()).then_some(length);
            }
            let mut next = Vec::new();
            for (count, last, start, at, escape) in level {
                let new_group = (count > 0).then_some((0, 0, start, at, escape));
                next.extend(new_group.filter(|state| seen.insert(*state)));
                for &digit in digits {
                    let (count, last, byte) = match count {
                        0 => (1, digit, None),
                        3 => (0, 0, Some(last << 6 | digit)),
                        _ => (count + 1, digit, Some(last << (2 * count) | digit >> (6 - 2 * count))),
                    };
                    let read = byte.map_or(vec![(start, None)], |byte| characters(start, byte, lenient));
                    for (start, character) in read {
                        let places = character.map_or(vec![(at, escape)], |it| places(wanted, at, escape, it));
                        let states = places.into_iter().map(|(at, escape)| (count, last, start, at, escape));
                        next.extend(states.filter(|state| seen.insert(*state)));
                    }
                }
            }
            level = next;
        }
        None
    }

    /// What a byte may be: a character, a part of one, or nothing.
    fn characters(start: u8, byte: u8, lenient: bool) -> Vec<(u8, Option<u8>)> {
        let folded = match (start, byte) {
            (0, 0xf0) => Some((1, None)),
            (0, 0xe0) | (1, 0x80) => Some((2, None)),
            (0, 0xc0 | 0xc1) | (2, 0x80 | 0x81) => Some((3 + byte % 2, None)),
            (3 | 4, 0x80..=0xbf) => Some((0, Some((start - 3) << 6 | byte & 0x3f))),
            _ => None,
        };
        let dropped = !byte.is_ascii() || byte.is_ascii_control();
        let whole = iter::once((0, Some(byte))).chain((lenient && dropped).then_some((0, None)));
        whole.filter(|_| start == 0).chain(folded.filter(|_| lenient)).collect()
    }

    /// Where a reader may be that reads the character.
    fn places(wanted: &str, mut at: usize, escape: usize, character: u8) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        while let Some(&expected) = wanted.as_bytes().get(at) {
            let escaped = format!("\\u{expected:04x}");
            let is_letter = expected.is_ascii_alphanumeric() || expected == b'_';
            let is_in_escape =
                is_letter && escaped.as_bytes().get(escape).is_some_and(|it| it.eq_ignore_ascii_case(&character));
            match expected {
                b' ' if character.is_ascii_whitespace() => places.push((at, 0)),
                b'*' => places.push((at, 0)),
                b'?' if character.is_ascii_digit() => places.push((at + 1, 0)),
                _ if is_in_escape && escape == 5 => places.push((at + 1, 0)),
                _ if is_in_escape => places.push((at, escape + 1)),
                _ if expected == character && escape == 0 => places.push((at + 1, 0)),
                _ => (),
            }
            if !matches!(expected, b' ' | b'*') {
                break;
            }
            at += 1;
        }
        places
    }

    /// Of lower-case letters, digits, `-`, `_` and the digit 0, for which some take an unknown character.
    fn shortest_plain(wanted: &str, lenient: bool) -> Option<usize> {
        let digits: Vec<u8> = iter::once(0).chain(26..64).collect();
        shortest(wanted, &digits, lenient)
    }

    #[test]
    fn of_any_length_is_no_token_to_a_reader_of_every_byte() {
        for wanted in [HEADERS[0], HEADERS[1], NAME, PAYLOAD] {
            assert_eq!(shortest_plain(wanted, false), None, "{wanted}");
        }
        let every: Vec<u8> = (0..64).collect();
        assert_eq!(shortest(PAYLOAD, &every, false), Some("eyJ1c2VyX2lkIjA".len()));
    }

    #[test]
    fn of_25_bytes_is_no_token_to_a_reader_that_drops_some_or_folds_overlong_ones() {
        assert_eq!(HEADERS.map(|wanted| shortest_plain(wanted, true)), [Some(18), Some(14)]);
        // With one of these and a dot there are 30 characters; or 26, to a reader that leaves the header alone.
        assert_eq!(shortest_plain(NAME, true), Some(15));
        assert_eq!(shortest_plain(PAYLOAD, true), Some(25));
    }

    #[test]
    fn is_decoded_if_it_is_longer_or_not_plain() {
        // To readers that drop bytes, the parts behind the dot are `{"user_id":0}`, in Python, and `{"id":0}`.
        assert_eq!(UserId::new(".ewkidaaac4dlcl9pgadkgacigjowfa"), Err(IdentityError::JwtSigningInput));
        for (text, is_plain) in [
            ("aaaaaa.ewciaadkaaciajowfa", true),
            ("aaaaaaa.ewciaadkaaciajowfa", false),
            ("Z.ewciaadkaaciajowfa", false),
            ("é.ewciaadkaaciajowfa", false),
            (".=nsi=mlk===i=jowfa", false),
        ] {
            assert_eq!(UserId::new(text).is_ok(), is_plain, "{text}");
        }
    }
}

#[test]
fn honest_identifier_with_a_dot_is_taken() {
    for text in ["ew.jones", "a.b", "1.2", "john.smith", ".", "www.example.com", "eyJhbGciOiJIUzI1NiJ9", "e30.e30"] {
        assert_eq!(UserId::new(text).map(|_| ()), Ok(()), "{text}");
    }
    for text in ["josé.garcía@example.com", "Ωμέγα.Ωμέγα@παράδειγμα.example", "j\u{fffd}rg@example.com"]
    {
        assert_eq!(Email::new(text).map(|_| ()), Ok(()), "{text}");
    }
}

#[test]
fn identifier_with_a_dot_has_1024_bytes_at_most() {
    let of_length = |length: usize| format!("{}.b", "a".repeat(length - 2));
    assert_eq!(UserId::new(&of_length(1024)).map(|_| ()), Ok(()));
    assert_eq!(UserId::new(&of_length(1025)), Err(IdentityError::JwtSigningInput));
    assert_eq!(UserId::new(&"a".repeat(1 << 21)).map(|_| ()), Ok(()));
}

const OPAQUE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A million of each kind; fewer in a build that is not optimised, where that would take minutes.
#[test]
fn none_of_a_million_random_identifiers_with_a_dot_is_refused() {
    const COUNT: usize = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const DIGITS: &str = "0123456789";
    /// Any of these can be a piece of a quotation mark in base64.
    const UNLUCKY: &str = "IJKLi";

    let mut random = Random(4711);
    for kind in [
        [(LETTERS, 1..12), (".", 1..2), (LETTERS, 1..16), (DIGITS, 0..3)],
        [(DIGITS, 1..4), (".", 1..2), (DIGITS, 1..4), (".123", 0..4)],
        [("abcdefghijklmnopqrstuvwxyz0123456789-", 3..30), (".", 1..2), (LETTERS, 2..10), (".com", 0..4)],
        [("abcdefghijklmnopqrstuvwxyz0123456789._+", 1..20), ("@", 1..2), (LETTERS, 2..12), (".com", 4..5)],
        [(OPAQUE, 8..44), (".", 1..2), (OPAQUE, 0..44), (".", 0..2)],
        [(UNLUCKY, 4..44), (".", 1..2), (UNLUCKY, 0..44), (".", 0..2)],
    ] {
        for _ in 0..COUNT {
            let text = random.text(&kind);
            assert_eq!(UserId::new(&text).map(|_| ()), Ok(()), "{text}");
        }
    }
}

#[test]
#[ignore = "takes minutes in a build that is not optimised"]
fn few_long_random_identifiers_with_a_dot_are_refused_by_chance() {
    const EXCHANGE: &str =
        "IMCEAEX-_o=ExchangeLabs_ou=Exchange+20Administrative+20Group+20+28FYDIBOHF23SPDLT+29_cn=Recipients_cn=";

    let mut random = Random(4711);
    for (length, count, most) in [(43, 4_000_000, 10), (128, 400_000, 100), (256, 100_000, 1000)] {
        let kind = [(OPAQUE, length..length + 1), (".", 1..2), (OPAQUE, length..length + 1)];
        let refused = (0..count).filter(|_| UserId::new(&random.text(&kind)).is_err()).count();
        println!("{length} characters on each side: {refused} of {count}");
        assert!(refused <= most);
    }
    let kind = [("0123456789abcdef", 32..33), ("-", 1..2), ("abcdefghijklmnopqrstuvwxyz", 3..13)];
    let server = [("0123456789", 2..3), (".", 1..2)];
    let mut address = || format!("{EXCHANGE}{}@namprd{}prod.outlook.com", random.text(&kind), random.text(&server));
    let refused = (0..1_000_000).filter(|_| Email::new(&address()).is_err()).count();
    println!("of Exchange: {refused} of 1000000");
    assert!(refused <= 100);
}

/// Makes the same texts in every run, by xorshift: without a function call, for builds that are not optimised.
struct Random(u64);

impl Random {
    fn text(&mut self, kind: &[(&str, Range<usize>)]) -> String {
        let mut text = String::with_capacity(100);
        for (alphabet, lengths) in kind {
            let mut length = lengths.start + self.below(lengths.len());
            while length > 0 {
                let at = self.below(alphabet.len());
                text.push_str(alphabet.get(at..=at).unwrap_or_default());
                length -= 1;
            }
        }
        text
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % bound
    }
}
