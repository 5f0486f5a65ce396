//! The secrets, and what app servers key with instead of their texts.

use std::{env, error::Error};

use base64::{
    Engine, alphabet, engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use intercom_identity::{
    Keyring, Platform, Secret,
    verify::{Authenticator, Proofs},
};

/// The texts of the secrets, which must be such as Intercom shows. A platform may have several.
pub(crate) type Secrets = Vec<(Platform, String)>;

pub(crate) fn read(asked_for: Platform, are_raw: bool) -> Result<Secrets, Box<dyn Error>> {
    let mut secrets = Vec::new();
    for platform in Platform::ALL {
        let variable = format!("INTERCOM_SECRET_{}", platform.as_str().to_uppercase());
        let Some(texts) = env::var_os(&variable) else { continue };
        let texts = texts.into_string().map_err(|_| format!("{variable}: the secret is not UTF-8"))?;
        for text in if are_raw { vec![&*texts] } else { texts.split(',').collect() } {
            let secret = if are_raw { Secret::from_raw_key(text.as_bytes()) } else { Secret::new(text) };
            secret.map_err(|error| format!("{variable}: {error}"))?;
            secrets.push((*platform, text.to_owned()));
        }
    }
    if secrets.iter().all(|(platform, _)| *platform != asked_for) {
        let variable = format!("INTERCOM_SECRET_{}", asked_for.as_str().to_uppercase());
        return Err(format!("{variable} is not set: copy the secret from Intercom's settings").into());
    }
    Ok(secrets)
}

pub(crate) fn authenticator(secrets: &Secrets, form: Form) -> Authenticator {
    let keys = secrets.iter().flat_map(|(platform, text)| form(text).into_iter().map(move |key| (platform, key)));
    let secrets = keys.filter_map(|(platform, key)| Some((platform, Secret::from_raw_key(&key).ok()?)));
    let keyring = secrets.fold(Keyring::new(), |keyring, (platform, secret)| keyring.with([platform], secret));
    Platform::ALL.iter().fold(Authenticator::new(keyring), |all, platform| all.accept(*platform, Proofs::Either))
}

/// The keys that a sender makes of a secret's text.
pub(crate) type Form = fn(&str) -> Vec<Vec<u8>>;

/// Each form, and what to do about it.
pub(crate) const SECRET_FORMS: [(Form, Option<&str>); 10] = [
    (exact, None),
    (
        |text| filled(&["{}\n", "{}\r\n", "{}\\n"], text),
        Some("the app server's secret ends in a line break: trim it where the app server reads it"),
    ),
    (
        |text| filled(&["{} ", " {}", " {} ", "{}\t", "\t{}", "\n{}", "\n{}\n"], text),
        Some("the app server's secret has white space around it: trim it where the app server reads it"),
    ),
    (
        |text| filled(&["\u{feff}{}", "\u{feff}{}\n", "\u{feff}{}\r\n"], text),
        Some("the app server's secret begins with a byte order mark: save its file as UTF-8 without one"),
    ),
    (
        |text| filled(&["\"{}\"", "'{}'", "\"{}\"\n", "'{}'\n", "`{}`"], text),
        Some("the app server's secret is in quotes: remove them where it is set (docker --env-file keeps them)"),
    ),
    (json, Some("the app server's secret is the whole JSON that it came in: read the field with the secret from it")),
    (
        encoded,
        Some(
            "the app server's secret is encoded in base64 once more: decode it once, to what Intercom's settings show",
        ),
    ),
    (decoded, Some("the app server decodes the secret from base64: key with its characters as they are")),
    (
        decoded_leniently,
        Some(
            "the app server decodes the secret from base64 and skips what it cannot: key with its characters as they are",
        ),
    ),
    (
        |text| vec![text.to_lowercase().into(), text.to_uppercase().into()],
        Some("the app server changes the letter case of the secret: key with its characters as they are"),
    ),
];

/// What is hashed of a secret and an identifier where there is no HMAC.
pub(crate) type Unkeyed = (fn(&str, &str) -> String, &'static str);

pub(crate) const UNKEYED: [Unkeyed; 3] = [
    (|_, id| id.to_owned(), "the identifier alone"),
    (|secret, id| format!("{secret}{id}"), "secret and identifier"),
    (|secret, id| format!("{id}{secret}"), "identifier and secret"),
];

pub(crate) fn exact(text: &str) -> Vec<Vec<u8>> {
    vec![text.into()]
}

fn filled(templates: &[&str], text: &str) -> Vec<Vec<u8>> {
    templates.iter().map(|template| template.replace("{}", text).into()).collect()
}

/// As managers of secrets hand them out.
fn json(text: &str) -> Vec<Vec<u8>> {
    let platforms = ["INTERCOM_SECRET_WEB", "INTERCOM_SECRET_IOS", "INTERCOM_SECRET_ANDROID"];
    let names = ["secret", "value", "key", "intercom_secret", "INTERCOM_SECRET"].into_iter().chain(platforms);
    let written = |name| [format!(r#"{{"{name}":"{text}"}}"#), format!(r#"{{"{name}": "{text}"}}"#)];
    let lines = names.flat_map(written).flat_map(|json| [format!("{json}\n"), json]);
    lines.map(String::into_bytes).collect()
}

/// As `echo` and `base64` do, with line breaks in the text and in what it becomes.
fn encoded(text: &str) -> Vec<Vec<u8>> {
    let texts = [text.to_owned(), format!("{text}\n"), format!("{text}\r\n")];
    let encoded = texts.iter().flat_map(|text| [BASE64_STANDARD.encode(text), BASE64_STANDARD_NO_PAD.encode(text)]);
    encoded.flat_map(|text| [format!("{text}\n"), text]).map(String::into_bytes).collect()
}

/// In either alphabet, and whatever is left of the last bits.
fn decoded(text: &str) -> Vec<Vec<u8>> {
    from_base64(&text.trim_end_matches('=').replace('-', "+").replace('_', "/"))
}

/// As languages do whose alphabet has no `-` and no `_`.
fn decoded_leniently(text: &str) -> Vec<Vec<u8>> {
    let mut known = text.to_owned();
    known.retain(|character| character.is_ascii_alphanumeric() || "+/".contains(character));
    // A character that is left over makes no byte.
    let whole = known.len() - usize::from(known.len() % 4 == 1);
    from_base64(known.get(..whole).unwrap_or_default())
}

fn from_base64(text: &str) -> Vec<Vec<u8>> {
    let lenient = engine::general_purpose::NO_PAD.with_decode_allow_trailing_bits(true);
    engine::GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(text).into_iter().collect()
}
