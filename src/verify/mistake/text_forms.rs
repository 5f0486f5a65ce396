//! The forms in which another program may have a text, the most frequent first. One that changes nothing does no harm.

use alloc::{borrow::ToOwned, boxed::Box, format, string::String, vec::Vec};
use core::iter;

/// Made one by one: often the first ones are enough.
pub(super) type Forms<'a> = Box<dyn Iterator<Item = String> + 'a>;

pub(super) fn trimmed(text: &str) -> Forms<'_> {
    Box::new(iter::once(text.trim().to_owned()))
}

pub(super) fn with_white_space(text: &str) -> Forms<'_> {
    filled(&["{}\n", "{} ", "{}\r\n", " {}"], text)
}

fn filled<'a>(templates: &'static [&str], text: &'a str) -> Forms<'a> {
    let parts = templates.iter().filter_map(|template| template.split_once("{}"));
    Box::new(parts.map(move |(before, after)| [before, text, after].concat()))
}

pub(super) fn letter_case(text: &str) -> Forms<'_> {
    let (local, domain) = text.split_at(text.rfind('@').unwrap_or(text.len()));
    Box::new([text.to_lowercase(), format!("{local}{}", domain.to_lowercase()), text.to_uppercase()].into_iter())
}

/// With and without hyphens, in braces or parentheses, and as a URN.
pub(super) fn uuid(text: &str) -> Forms<'_> {
    let digits = text.trim_start_matches("urn:uuid:").trim_matches(['{', '}', '(', ')']).replace('-', "");
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Box::new(iter::empty());
    }
    let mut parted = digits.clone();
    for position in [20, 16, 12, 8] {
        parted.insert(position, '-');
    }
    let wrapped = ["{}", "{{}}", "urn:uuid:{}", "({})"].map(|template| template.replace("{}", &parted));
    Box::new(iter::once(digits).chain(wrapped))
}

/// As `{:?}`, `repr` and the like print an id.
#[rustfmt::skip]
const PRINTED: [&str; 14] = [
    r#""{}""#, r#"Some("{}")"#, "UserId({})", "Some({})", r#"UserId("{}")"#, r#"ObjectId("{}")"#, "Uuid({})", "[{}]",
    "'{}'", "ObjectId('{}')", "UUID('{}')", "b'{}'", "Optional({})", "Optional[{}]",
];

pub(super) fn printed(text: &str) -> Forms<'_> {
    filled(&PRINTED, text)
}

/// What is inside such a form, whatever its name and however deep.
pub(super) fn unprinted(text: &str) -> Forms<'_> {
    Box::new(iter::successors(inside(text), |text| inside(text)).last().map(ToOwned::to_owned).into_iter())
}

fn inside(text: &str) -> Option<&str> {
    let opened = text.trim_start_matches(|name: char| name.is_alphanumeric() || name == '_');
    let pairs = [("\"", "\""), ("'", "'"), ("(", ")"), ("[", "]")];
    pairs.into_iter().find_map(|(opening, closing)| opened.strip_prefix(opening)?.strip_suffix(closing))
}

/// The punctuation that an encoder keeps, and what it makes of a space.
#[rustfmt::skip]
const URL_ENCODERS: [(&str, &str); 7] = [
    ("-_.!~*'()", "%20"),            // encodeURIComponent
    ("-_.~", "%20"),                 // RFC 3986
    ("-_.*", "+"),                   // forms
    ("-_.~@", "%20"),
    ("-_.!~*'();/?:@&=+$,#", "%20"), // encodeURI
    ("", "%20"),                     // Swift's `alphanumerics`
    ("-_.!~*'();/?:@&=+$,#%", "+"),  // spaces alone
];

/// All or part of it, with digits of either case.
pub(super) fn url_encoded(text: &str) -> Forms<'_> {
    let is_kept = |kept: &str, byte: u8| byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte);
    let special: Vec<_> = text.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).collect();
    let encoders = URL_ENCODERS.iter().filter(move |(kept, _)| !special.iter().all(|byte| is_kept(kept, *byte)));
    let cases = [char::to_ascii_uppercase, char::to_ascii_lowercase];
    Box::new(cases.into_iter().flat_map(move |case| {
        encoders.clone().map(move |(kept, space)| {
            let digit = |value: u8| char::from_digit(value.into(), 16).map_or('%', |digit| case(&digit));
            text.bytes().fold(String::new(), |mut encoded, byte| {
                match byte {
                    b' ' => encoded.push_str(space),
                    _ if is_kept(kept, byte) => encoded.push(byte.into()),
                    _ => encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]),
                }
                encoded
            })
        })
    }))
}

/// With a plus sign as it is, with one as a space, and with nothing but that.
pub(super) fn url_decoded(text: &str) -> Forms<'_> {
    let spaced = text.contains('+').then(|| text.replace('+', " "));
    Box::new([percent_decoded(text), spaced.as_deref().and_then(percent_decoded), spaced].into_iter().flatten())
}

fn percent_decoded(text: &str) -> Option<String> {
    let (start, escapes) = text.split_once('%')?;
    let mut bytes = Vec::from(start);
    for escape in escapes.split('%') {
        let byte = escape.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        bytes.extend(escape.bytes().skip(if byte.is_some() { 2 } else { 0 }));
    }
    String::from_utf8(bytes).ok()
}

/// What every program escapes for HTML, and what each one does beside it.
const HTML_ESCAPES: [(char, &str); 3] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];
#[rustfmt::skip]
const HTML_ESCAPERS: [&[(char, &str)]; 9] = [
    &[('"', "&quot;"), ('\'', "&#39;")],                                                // Rails
    &[('"', "&quot;"), ('\'', "&#x27;")],                                               // Django
    &[('"', "&quot;"), ('\'', "&#x27;"), ('+', "&#x2B;")],                              // .NET
    &[('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;")],                                 // Go
    &[('"', "&quot;"), ('\'', "&#039;")],                                               // PHP
    &[('"', "&quot;"), ('\'', "&apos;")],                                               // XML
    &[('"', "&quot;"), ('\'', "&#39;"), ('/', "&#x2F;"), ('=', "&#x3D;")],              // Mustache
    &[('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;"), ('@', "&#64;"), ('=', "&#61;")], // OWASP
    &[],                                                                                // `innerHTML`
];

pub(super) fn html_escaped(text: &str) -> Forms<'_> {
    let escape = |text: String, (character, escape): &(char, &str)| {
        if text.contains(*character) { text.replace(*character, escape) } else { text }
    };
    let escapers = if text.contains(|character| "&<>\"'+@/=".contains(character)) { &HTML_ESCAPERS[..] } else { &[] };
    Box::new(escapers.iter().map(move |more| HTML_ESCAPES.iter().chain(*more).fold(text.to_owned(), escape)))
}

pub(super) fn html_unescaped(text: &str) -> Forms<'_> {
    // `&` last: it is in every other escape.
    let escapes = HTML_ESCAPERS.iter().copied().flatten().chain(HTML_ESCAPES.iter().rev());
    let unescape = |text: String, (character, escape): &(char, &str)| text.replace(escape, &String::from(*character));
    Box::new(text.contains('&').then(|| escapes.fold(text.to_owned(), unescape)).into_iter())
}
