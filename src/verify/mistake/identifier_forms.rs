use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

use zeroize::Zeroizing;

use super::Mistake;
use crate::{ParseUserHashError, UserHash, identity::lenient_base64, verify::AuthRequest};

/// A text that may have been hashed, and what would be wrong with that.
pub(super) struct Candidate<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) mistakes: Vec<Mistake>,
}

/// The hash that the text sent may stand for, and what is wrong with the way it is written.
pub(super) fn tag(sent: &str) -> Option<(Zeroizing<[u8; 32]>, Vec<Mistake>)> {
    let bare = unwrapped(sent);
    let mut mistakes = Vec::new();
    let tag = if let Ok(user_hash) = parse_any_case(bare) {
        Zeroizing::new(user_hash.to_bytes())
    } else {
        mistakes.push(Mistake::Base64);
        let [both, ..] = &lenient_base64::ALPHABETS;
        // It may be a secret, and a vector that grows leaves a copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(bare.len()));
        bytes.extend(lenient_base64::decode(bare.bytes(), both));
        // PHP's `hash_hmac` gives hexadecimal digits, so they may be what was encoded.
        let digits = str::from_utf8(&bytes).ok().and_then(|text| parse_any_case(text).ok());
        match digits {
            Some(user_hash) => Zeroizing::new(user_hash.to_bytes()),
            None => Zeroizing::new(bytes.as_slice().try_into().ok()?),
        }
    };
    if bare != sent {
        mistakes.push(Mistake::Wrapped);
    }
    Some((tag, mistakes))
}

fn parse_any_case(text: &str) -> Result<UserHash, ParseUserHashError> {
    match text.parse() {
        Err(ParseUserHashError::UpperCase) => text.to_ascii_lowercase().parse(),
        parsed => parsed,
    }
}

/// Without white space, quotes or a prefix.
pub(super) fn unwrapped(sent: &str) -> &str {
    let wraps = |character: char| character.is_whitespace() || matches!(character, '"' | '\'');
    let bare = sent.trim_matches(wraps);
    let bare = bare.strip_prefix("sha256=").or_else(|| bare.strip_prefix("Bearer ")).unwrap_or(bare);
    bare.trim_matches(wraps)
}

/// What may have been hashed for the user whom the request names.
pub(super) fn identifiers(request: &AuthRequest<'_>) -> Vec<Candidate<'static>> {
    const NOBODY: [(&str, Mistake); 5] = [
        ("", Mistake::EmptyIdentifier),
        ("null", Mistake::PlaceholderIdentifier),
        ("undefined", Mistake::PlaceholderIdentifier),
        ("None", Mistake::PlaceholderIdentifier),
        ("nil", Mistake::PlaceholderIdentifier),
    ];

    let Ok(Some(identity)) = request.named_identity() else { return Vec::new() };
    let (user_id, email) = (identity.user_id(), identity.email());
    // First, because of two explanations as short as each other the first counts.
    let mut candidates =
        Vec::from(NOBODY.map(|(text, mistake)| Candidate { text: text.into(), mistakes: Vec::from([mistake]) }));
    candidates.extend(variants(identity.identifier(), None));
    if let Some(email) = email.filter(|_| user_id.is_some()) {
        candidates.extend(variants(email.as_str(), Some(Mistake::EmailHashed)));
    }
    if let Some(known) = request.known_user_id.filter(|_| user_id.is_none()) {
        candidates.extend(variants(known, Some(Mistake::UserIdHashed)));
    }
    candidates
}

/// The text itself, and the forms in which another program may have it. A form that changes nothing does no harm: the
/// text itself explains as much with fewer mistakes.
fn variants(text: &str, mistake: Option<Mistake>) -> Vec<Candidate<'static>> {
    let mut variants = Vec::new();
    for (text, white_space) in white_space(text) {
        for (text, letter_case) in letter_case(&text) {
            let mistakes = [mistake, white_space, letter_case].into_iter().flatten().collect();
            variants.push(Candidate { text: text.into(), mistakes });
        }
    }
    variants.extend(number_forms(text).into_iter().map(|text| {
        let mistakes = mistake.into_iter().chain([Mistake::NumberForm]).collect();
        Candidate { text: text.into(), mistakes }
    }));
    variants
}

fn white_space(text: &str) -> [(String, Option<Mistake>); 6] {
    let other = |text: String| (text, Some(Mistake::WhiteSpace));
    [
        (text.to_owned(), None),
        other(text.trim().to_owned()),
        other(format!("{text}\n")),
        other(format!("{text}\r\n")),
        other(format!("{text} ")),
        other(format!(" {text}")),
    ]
}

fn letter_case(text: &str) -> [(String, Option<Mistake>); 4] {
    let other = |text: String| (text, Some(Mistake::LetterCase));
    let (local, domain) = text.split_at(text.rfind('@').unwrap_or(text.len()));
    [
        (text.to_owned(), None),
        other(text.to_lowercase()),
        other(text.to_uppercase()),
        other(format!("{local}{}", domain.to_lowercase())),
    ]
}

/// An integer as a float, without leading zeros, as JavaScript rounds it, and all that JavaScript rounds to it; a float as
/// an integer.
fn number_forms(text: &str) -> Vec<String> {
    if let Some(integer) = text.strip_suffix(".0") {
        return Vec::from([integer.to_owned()]);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let sign = if digits == text { "" } else { "-" };
    let significant = digits.trim_start_matches('0');
    let significant = if significant.is_empty() { "0" } else { significant };
    let mut forms = Vec::from([format!("{text}.0"), format!("{sign}{significant}")]);
    // The shortest digits that make the number, then zeros: `1234567890123456789` becomes `1234567890123456800`.
    forms.extend(digits.parse::<f64>().ok().map(|rounded| format!("{sign}{rounded}")));
    forms.extend(digits.parse().ok().into_iter().flat_map(rounded_to).map(|integer| format!("{sign}{integer}")));
    forms
}

/// The integers that have the same nearest floating-point number: 2,049 at most, and below 2^53 one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the loss is what is looked for; a float of this size is an integer"
)]
fn rounded_to(integer: u64) -> impl Iterator<Item = u64> {
    let nearest = integer as f64;
    let half = ((nearest.next_up() - nearest) / 2.0) as u64;
    let near = (nearest as u64).saturating_sub(half)..=(nearest as u64).saturating_add(half);
    // Ties go to the even one, and below a power of two the numbers are closer together.
    near.filter(move |near| (*near as f64).to_bits() == nearest.to_bits())
}
