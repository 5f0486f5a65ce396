//! What somebody did wrong, found from the request that failed.
#![cfg(all(feature = "jwt", feature = "verify"))]

mod support;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use intercom_identity::{
    Email, IdentityError, Keyring, ParseUserHashError, Platform, Secret, UnixTime, UserHash, UserId,
    verify::{AuthRequest, Authenticator, Mistake, Proofs, Rejection},
};
use support::TestResult;

const WEB: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const OLDER: &str = "Yn8ZbR4cWm7Qx2TvJkD3hLpYn8ZbR4cWm7Qx2TvJ9kJ";
const APPS: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";
const NOW: i64 = 1_767_225_600;

/// Of `user-7`: `hmac.new(WEB.encode(), b"user-7", "sha256").hexdigest()` in Python.
const HASH: &str = "c4b0fafec53d1e293149ae65b53b59e1bb474a06e5dc5825c28ba8f7e704cbc9";
/// The same with "sha1" and "sha512".
const SHA1: &str = "fc57f366d7513a7afb68d3249f4faa025b006531";
const SHA512: &str = "6907e4f8e46b8934b6eeb172658479635701f1b69852f15c4b2ace5edb252ae6\
                      0792b22d0d23ce0997b90cb049b9cae5023a0f1c6877e95a66e66011797b46a0";

/// An authenticator that takes tokens on the web. The secret of the web is an app's too.
fn authenticator() -> TestResult<Authenticator> {
    let keyring = Keyring::new()
        .with([Platform::Android], Secret::new(WEB)?)
        .with([Platform::Web], Secret::new(WEB)?)
        .with([Platform::Web], Secret::new(OLDER)?)
        .with([Platform::Ios, Platform::Android], Secret::new(APPS)?);
    Ok(Authenticator::new(keyring).accept(Platform::Web, Proofs::Either))
}

/// An authenticator with the one secret of the web.
fn of_web(secret: &[u8]) -> TestResult<Authenticator> {
    Ok(Authenticator::new(Keyring::new().with([Platform::Web], Secret::from_raw_key(secret)?)))
}

fn now() -> TestResult<UnixTime> {
    Ok(UnixTime::from_seconds(NOW)?)
}

fn user(user_id: &str) -> AuthRequest<'_> {
    AuthRequest::new(Platform::Web).named(Some(user_id), None)
}

/// Calls `check` with each request of `vectors/mistakes.jsonl` that has a token, or that has none, and with the names of the
/// mistakes in it. A hash that was made in the same way for somebody else has none.
fn for_each_vector(with_token: bool, mut check: impl FnMut(&AuthRequest<'_>, Vec<String>, &str)) -> TestResult<usize> {
    let mut checked = 0;
    for line in include_str!("vectors/mistakes.jsonl").lines() {
        let (fields, mut mistakes): (BTreeMap<String, String>, Vec<String>) = serde_json::from_str(line)?;
        mistakes.sort();
        let field = |name: &str| fields.get(name).map(String::as_str);
        if field("user_jwt").is_some() != with_token {
            continue;
        }
        let mut request = AuthRequest::new(Platform::Web).named(field("user_id"), field("email"));
        request = field("known_user_id").map_or(request, |known| request.known_user_id(known));
        request = field("user_hash").map_or(request, |user_hash| request.user_hash(user_hash));
        if let Some(user_jwt) = field("user_jwt") {
            request = request.user_jwt(user_jwt, now()?);
        }
        check(&request, mistakes, line);
        if let Some(innocent) = field("innocent_hash") {
            check(&request.user_hash(innocent), Vec::new(), line);
        }
        checked += 1;
    }
    Ok(checked)
}

/// In alphabetical order: of several mistakes, none comes first.
fn names_of(mistakes: &[Mistake]) -> Vec<String> {
    let mut names: Vec<_> = mistakes.iter().map(|mistake| format!("{mistake:?}")).collect();
    names.sort();
    names
}

#[test]
fn each_mistake_with_a_hash_is_found_and_nobody_is_accused_for_what_resembles_it() -> TestResult {
    let authenticator = authenticator()?;
    let checked = for_each_vector(false, |request, mistakes, line| {
        assert_eq!(names_of(&authenticator.diagnose(request)), mistakes, "{line}");
    })?;
    assert_eq!(checked, 600);
    Ok(())
}

#[test]
fn each_mistake_with_a_token_is_found_and_nobody_is_accused_for_what_resembles_it() -> TestResult {
    let authenticator = authenticator()?;
    let checked = for_each_vector(true, |request, mistakes, line| {
        assert_eq!(names_of(&authenticator.diagnose(request)), mistakes, "{line}");
    })?;
    assert_eq!(checked, 360);
    Ok(())
}

#[test]
fn clock_skew_within_the_leeway_is_no_mistake() -> TestResult {
    let authenticator = authenticator()?.leeway(Duration::from_secs(5 * 60));
    for_each_vector(true, |request, mut mistakes, line| {
        mistakes.retain(|mistake| mistake != "ClockSkew");
        assert_eq!(names_of(&authenticator.diagnose(request)), mistakes, "{line}");
    })?;
    Ok(())
}

#[test]
fn mistakes_of_public_reports_are_found() -> TestResult {
    let authenticator = of_web(b"kJ9vT2xQ7mWc4RbZ8nYpLh3D")?;
    let email = user("user-7")
        .identity((UserId::new("user-7")?, Email::new("ada@example.com")?))
        .user_hash("ad6ddf6da45c7477c7570e2dabf430d6bcccd73f60dddb2ec29d8bccb8665a01");
    assert_eq!(authenticator.diagnose(&email), [Mistake::EmailHashed]);

    let lower_case = user("E621E1F8-C36C-495A-93FC-0C247A3E6E5F")
        .user_hash("d206d97e22d5310150674323d089606c99d1d3aca939b2d47984d7ac8804d4d3");
    assert_eq!(authenticator.diagnose(&lower_case), [Mistake::LetterCase]);

    // Key and message are swapped: only the secret's text could tell.
    let swapped = user("42").user_hash("bf0b7fe59935e5b984d0274b9af7ddcbaedc4281fda6e5b35de7a99da4374d64");
    assert_eq!(authenticator.diagnose(&swapped), []);
    Ok(())
}

#[test]
fn secret_that_was_sent_is_found_in_either_place_and_however_it_is_wrapped() -> TestResult {
    let authenticator = authenticator()?;
    for secret in [WEB, OLDER, APPS] {
        for sent in [secret.to_owned(), format!("\"{secret}\""), format!("{secret}\n"), format!("Bearer {secret}")] {
            for request in [user("user-7").user_hash(&sent), user("user-7").user_jwt(&sent, now()?)] {
                assert_eq!(authenticator.diagnose(&request), [Mistake::SecretSent]);
            }
        }
        let cut = secret.get(1..).unwrap_or_default();
        assert_eq!(authenticator.diagnose(&user("user-7").user_hash(cut)), []);
    }
    Ok(())
}

#[test]
fn secret_that_was_sent_comes_before_everything_else() -> TestResult {
    // The secret for iOS is the hash of the email with the secret for the web.
    let request = user("user-7")
        .identity((UserId::new("user-7")?, Email::new("ada@example.com")?))
        .user_hash("ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6");
    let secret = Secret::new("ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6")?;
    let keyring = Keyring::new().with([Platform::Web], Secret::new(WEB)?).with([Platform::Ios], secret);
    assert_eq!(Authenticator::new(keyring).diagnose(&request), [Mistake::SecretSent]);
    Ok(())
}

#[test]
fn placeholder_that_was_sent_is_not_taken_for_the_secret() -> TestResult {
    for sent in ["null", "undefined", "None", "nil", " ", "\"\"", "''", "\0", "\"null\"", "sha256=", "Bearer undefined"]
    {
        assert_eq!(authenticator()?.diagnose(&user("user-7").user_hash(sent)), [], "{sent:?}");
        assert_eq!(authenticator()?.diagnose(&user("user-7").user_jwt(sent, now()?)), [], "{sent:?}");
    }
    Ok(())
}

#[test]
fn nothing_is_said_about_a_request_that_does_not_fail() -> TestResult {
    let (visitor, upper_case) = (AuthRequest::new(Platform::Web), HASH.to_uppercase());
    for request in [visitor, visitor.user_hash(HASH), user("user-7").user_hash(&upper_case)] {
        assert_eq!(authenticator()?.diagnose(&request), []);
    }
    // A token is not looked at.
    let both = user("user-7").user_hash(HASH).user_jwt(HASH, now()?);
    assert_eq!(of_web(WEB.as_bytes())?.diagnose(&both), []);
    Ok(())
}

#[test]
fn what_the_rejection_says_is_not_said_again() -> TestResult {
    let authenticator = Authenticator::new(Keyring::new().with([Platform::Ios], Secret::new(WEB)?));
    let user = AuthRequest::new(Platform::Ios).identity(UserId::new("user-7")?);
    let upper_case = HASH.to_uppercase();
    let malformed = Rejection::MalformedUserHash;
    for (request, rejection) in [
        (user, Rejection::MissingProof),
        (user.user_hash(&upper_case), malformed(ParseUserHashError::UpperCase)),
        (user.user_hash("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiNyJ9.c2lnbmF0dXJl"), Rejection::UserJwtAsUserHash),
        // SHA-1 and SHA-512 of user-7.
        (user.user_hash(SHA1), malformed(ParseUserHashError::Length { found: 40 })),
        (user.user_hash(SHA512), malformed(ParseUserHashError::Length { found: 128 })),
        (user.named(Some(""), Some("ada@example.com")), Rejection::MalformedIdentity(IdentityError::EmptyUserId)),
    ] {
        assert_eq!(authenticator.authenticate(&request), Err(rejection));
        assert_eq!(authenticator.diagnose(&request), [], "{rejection}");
    }
    Ok(())
}

#[test]
fn right_hash_beside_a_token_is_no_mistake() -> TestResult {
    let request = user("user-7").user_hash(HASH).user_jwt("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", now()?);
    assert_eq!(authenticator()?.authenticate(&request), Err(Rejection::UserHashAndUserJwt));
    assert_eq!(authenticator()?.diagnose(&request), []);
    assert_eq!(authenticator()?.diagnose(&request.user_jwt(HASH, now()?)), [Mistake::UserHashAsUserJwt]);
    Ok(())
}

#[test]
fn hash_in_the_place_of_a_token_is_found_where_no_token_is_accepted() -> TestResult {
    let request = user("user-7").user_jwt(HASH, now()?);
    assert_eq!(of_web(WEB.as_bytes())?.diagnose(&request), [Mistake::UserHashAsUserJwt]);
    Ok(())
}

#[test]
fn secret_of_another_platform_is_named_and_a_shared_one_is_not() -> TestResult {
    let of = |platform| AuthRequest::new(platform).named(Some("user-7"), None).user_hash(HASH);
    let keyring = Keyring::new()
        .with([Platform::Android, Platform::Web], Secret::new(WEB)?)
        .with([Platform::Ios], Secret::new(APPS)?);
    assert_eq!(Authenticator::new(keyring).diagnose(&of(Platform::Ios)), [Mistake::SecretOf(Platform::Android)]);

    // Of two other platforms that share it, the one that was added first.
    let [web, android] = [Platform::Web, Platform::Android].map(|platform| ([platform], Secret::new(WEB)));
    let keyring = Keyring::new().with(web.0, web.1?).with(android.0, android.1?);
    assert_eq!(Authenticator::new(keyring).diagnose(&of(Platform::Ios)), [Mistake::SecretOf(Platform::Web)]);

    let authenticator = Authenticator::new(Keyring::new().with([Platform::Android, Platform::Web], Secret::new(WEB)?));
    assert_eq!(authenticator.diagnose(&of(Platform::Web)), []);
    assert_eq!(authenticator.authenticate(&of(Platform::Ios)), Err(Rejection::NoSecret));
    assert_eq!(authenticator.diagnose(&of(Platform::Ios)), [Mistake::SecretOf(Platform::Android)]);

    // The same secret for two platforms is the platform's own, in whatever order they are added.
    let email = "ada@example.com";
    let request = AuthRequest::new(Platform::Web).named(Some("user-8"), Some(email));
    let hash = UserHash::compute(&Secret::new(WEB)?, Email::new(email)?).to_string();
    for platforms in [[Platform::Web, Platform::Ios], [Platform::Ios, Platform::Web]] {
        let [first, second] = platforms.map(|platform| ([platform], Secret::new(WEB)));
        let keyring = Keyring::new().with(first.0, first.1?).with(second.0, second.1?);
        assert_eq!(Authenticator::new(keyring).diagnose(&request.user_hash(&hash)), [Mistake::EmailHashed]);
    }
    Ok(())
}

#[test]
fn known_user_id_decides_nothing() -> TestResult {
    let request = AuthRequest::new(Platform::Web).identity(Email::new("ada@example.com")?).user_hash(HASH);
    for request in [request, request.known_user_id("user-7")] {
        assert_eq!(authenticator()?.authenticate(&request), Err(Rejection::UserHashMismatch));
    }
    assert_eq!(authenticator()?.diagnose(&request), []);
    assert_eq!(authenticator()?.diagnose(&request.known_user_id("user-7")), [Mistake::UserIdHashed]);
    Ok(())
}

/// With secrets of other workspaces, made by `vectors/make.py`.
#[test]
fn nobody_is_accused_for_the_hash_of_another_workspace() -> TestResult {
    let authenticator = authenticator()?;
    // For an HMAC, the key NUL is the empty one.
    let lines = include_str!("vectors/user_hashes.tsv").lines().filter(|line| !line.starts_with(['#', '0']));
    for line in lines.step_by(13) {
        let [_, identifier, user_hash] = line.split('\t').collect::<Vec<_>>()[..] else { return Err(line.into()) };
        let mut bytes = vec![0; identifier.len() / 2];
        hex::decode_to_slice(identifier, &mut bytes)?;
        let identifier = str::from_utf8(&bytes)?;
        let as_email = AuthRequest::new(Platform::Web).named(None, Some(identifier)).known_user_id("user-7");
        let as_both = AuthRequest::new(Platform::Web).named(Some("user-7"), Some(identifier));
        for request in [user(identifier), as_email, as_both] {
            assert_eq!(authenticator.diagnose(&request.user_hash(user_hash)), [], "{line}");
        }
    }
    Ok(())
}

#[test]
fn nobody_is_accused_for_an_id_that_looks_like_another_thing() -> TestResult {
    // `hashlib.sha256(b"1").hexdigest()`
    let digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b";
    for id in [digest, HASH, "ada@example.com", "null", "0", WEB, " "] {
        for hash in [digest, HASH, "ada@example.com", "user-8", "deadbeef", "="] {
            assert_eq!(authenticator()?.diagnose(&user(id).user_hash(hash)), [], "{id:?} {hash:?}");
        }
    }
    Ok(())
}

#[test]
fn what_is_longer_than_a_kibibyte_is_not_looked_into() -> TestResult {
    let authenticator = authenticator()?;
    // Of the text with a line feed: `hmac.new(WEB.encode(), b"a" * 1024 + b"\n", "sha256").hexdigest()`, then 1025.
    let hash_of_1024 = "e452e0d5f002817f4bfed3a7e40ed0403e87c8bdee1b6794599a9fbf96a05a68";
    let hash_of_1025 = "edd670a2843b1004200535b0e4d33825f8f1b22bd89341213f90f93e5e59a60a";
    let (longest, too_long) = ("a".repeat(1024), "a".repeat(1025));
    assert_eq!(authenticator.diagnose(&user(&longest).user_hash(hash_of_1024)), [Mistake::WhiteSpace]);
    assert_eq!(authenticator.diagnose(&user(&too_long).user_hash(hash_of_1025)), []);

    let known = AuthRequest::new(Platform::Web).identity(Email::new("ada@example.com")?);
    let mistakes = [Mistake::UserIdHashed, Mistake::WhiteSpace];
    assert_eq!(authenticator.diagnose(&known.known_user_id(&longest).user_hash(hash_of_1024)), mistakes);
    assert_eq!(authenticator.diagnose(&known.known_user_id(&too_long).user_hash(hash_of_1025)), []);

    // The same, of an email with as many bytes.
    let hash_of_1024 = "4258714bd7c761e3a377465e4a022cd2c7df9c831a61861503b3359016a2bf1e";
    let hash_of_1025 = "d6ee5c1f7cceed7f7b2a78984d24e7bf3a9f5fb42062a6a346f5310ad0cb4b51";
    for (length, hash, mistakes) in [(1024, hash_of_1024, vec![Mistake::EmailHashed]), (1025, hash_of_1025, vec![])] {
        let email = format!("{}@example.com", "a".repeat(length - "@example.com".len()));
        let request = AuthRequest::new(Platform::Web).named(Some("user-7"), Some(&email)).user_hash(hash);
        assert_eq!(authenticator.diagnose(&request), mistakes);
    }

    let (wrapped, longer) = (format!("{HASH:1024}"), format!("{HASH:1025}"));
    assert_eq!(authenticator.diagnose(&user("user-7").user_hash(&wrapped)), [Mistake::Wrapped]);
    assert_eq!(authenticator.diagnose(&user("user-7").user_hash(&longer)), []);

    let (wrapped, longer) = (format!("{WEB:8192}"), format!("{WEB:8193}"));
    assert_eq!(authenticator.diagnose(&user("user-7").user_jwt(&wrapped, now()?)), [Mistake::SecretSent]);
    assert_eq!(authenticator.diagnose(&user("user-7").user_jwt(&longer, now()?)), []);
    Ok(())
}

#[test]
fn id_of_two_mebibytes_is_answered_at_once() -> TestResult {
    let (authenticator, id) = (authenticator()?, "a".repeat(2 << 20));
    let request = user(&id).user_hash(HASH);
    let start = Instant::now();
    assert_eq!(authenticator.authenticate(&request), Err(Rejection::UserHashMismatch));
    let authenticated = start.elapsed();
    assert_eq!(authenticator.diagnose(&request), []);
    assert!(start.elapsed() < authenticated * 10, "{:?} and {authenticated:?}", start.elapsed());
    Ok(())
}

/// Texts and labels are constant but for the platform, so no request can put anything into them.
#[test]
fn each_mistake_has_a_stable_label_and_a_text_that_says_what_to_change() {
    for (mistake, label, text) in [
        (Mistake::EmailHashed, "email_hashed", "sign the user_id"),
        (Mistake::UserIdHashed, "user_id_hashed", "send the user_id"),
        (Mistake::OtherId, "other_id", "use the same id for both"),
        (Mistake::EmptyIdentifier, "empty_identifier", "sign the id of the session's user"),
        (Mistake::PlaceholderIdentifier, "placeholder_identifier", "sign the id of the session's user"),
        (Mistake::WhiteSpace, "white_space", "trim it once, in the app server"),
        (Mistake::LetterCase, "letter_case", "use the same string for both"),
        (Mistake::NumberForm, "number_form", "treat the id as a string"),
        (Mistake::UuidForm, "uuid_form", "use the same string for both"),
        (Mistake::DebugForm, "debug_form", "use the id's own text"),
        (Mistake::UrlEncoded, "url_encoded", "decode it before both"),
        (Mistake::HtmlEscaped, "html_escaped", "use the raw string"),
        (
            Mistake::SecretOf(Platform::Android),
            "secret_of_another_platform",
            "for android: use the secret of the platform",
        ),
        (Mistake::EmptySecret, "empty_secret", "set the secret where the app server reads it"),
        (Mistake::PlaceholderSecret, "placeholder_secret", "set the secret where the app server reads it"),
        (Mistake::Base64, "base64", "write it in hexadecimal"),
        (Mistake::HexForm, "hex_form", "write 64 hexadecimal digits"),
        (Mistake::Wrapped, "wrapped", "send it alone"),
        (Mistake::SecretSent, "secret_sent", "send the hash that the app server computes"),
        (Mistake::HashAsIdentifier, "hash_as_identifier", "the client must send each in its own place"),
        (Mistake::UserHashAsUserJwt, "user_hash_as_user_jwt", "the client must send it as the user hash"),
        (Mistake::ExpiryInMilliseconds, "expiry_in_milliseconds", "write seconds"),
        (Mistake::ClockSkew, "clock_skew", "synchronise them"),
    ] {
        assert_eq!(mistake.label(), label);
        let shown = mistake.to_string();
        assert!(shown.contains(text), "{label}: {shown}");
    }
    assert!(Mistake::SecretSent.to_string().starts_with("the secret itself was sent, so it is public: rotate it now"));
}
