use alloc::{string::String, vec::Vec};
use core::iter;

use subtle::Choice;
use zeroize::Zeroizing;

use super::{Mistake, identifier_forms::IdentifierForm};
use crate::{
    Email, Identity, Secret, UserId,
    identity::{
        lenient_base64,
        signing_input::{LONGEST, LONGEST_USER_JWT},
    },
    keyring::Key,
    secret::{ct_eq, on_wiped_stack},
    verify::{AuthRequest, Authenticator},
};

/// What an unset secret turns into.
const PLACEHOLDERS: [(&str, Mistake); 4] = [
    ("", Mistake::EmptySecret),
    ("null", Mistake::PlaceholderSecret),
    ("undefined", Mistake::PlaceholderSecret),
    ("None", Mistake::PlaceholderSecret),
];

/// A secret that may have been used, and what would be wrong with that.
pub(super) type TriedSecret<'a> = (&'a Secret, Option<Mistake>);

impl Authenticator {
    /// Explains a request that fails: the known mistakes that, together, produced what was sent. Empty if the request does not
    /// fail, or if no known mistake explains it.
    ///
    /// Every mistake is confirmed by a matching HMAC or by the claims of a correctly signed token. What a
    /// [`Rejection`](crate::verify::Rejection) says already, such as upper case, is not repeated.
    ///
    /// This is for your log and for support: **never send it to a client**. It takes some 50 µs with one secret and 300 µs
    /// with 16; at worst, for two very large integer ids, 1.3 ms and 9 ms: sample it where strangers can cause it. A
    /// request with a name or a hash of more than 1 KiB, or a token of more than 8 KiB, is not explained.
    ///
    /// # Examples
    ///
    /// ```
    /// use intercom_identity::{
    ///     Email, Keyring, Platform, Secret, UserId,
    ///     verify::{AuthRequest, Authenticator, Mistake},
    /// };
    ///
    /// let secret = Secret::new("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY")?;
    /// let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], secret));
    /// let request = AuthRequest::new(Platform::Web)
    ///     .identity((UserId::from(4711_u32), Email::new("ada@example.com")?))
    ///     .user_hash("ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6");
    ///
    /// if let Err(rejection) = authenticator.authenticate(&request) {
    ///     let mistakes = authenticator.diagnose(&request);
    ///     eprintln!("{}: {rejection} {mistakes:?}", rejection.label());
    ///     assert_eq!(mistakes, [Mistake::EmailHashed]);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn diagnose(&self, request: &AuthRequest<'_>) -> Vec<Mistake> {
        if is_too_long(request) || self.check(request).is_ok() {
            return Vec::new();
        }
        let placeholders = PLACEHOLDERS.map(|(text, mistake)| (Secret::keyed_with(text.as_bytes()), mistake));
        let keys = self.keyring.keys.iter().filter_map(|Key { platforms, secret }| {
            let is_right = platforms.contains(&request.platform);
            Some((secret, if is_right { None } else { Some(Mistake::SecretOf(*platforms.first()?)) }))
        });
        let mut secrets: Vec<TriedSecret<'_>> = keys.collect();
        let secret_sent = is_secret_sent(request, &secrets).then(|| Vec::from([Mistake::SecretSent]));
        secrets.extend(placeholders.iter().map(|(secret, mistake)| (secret, Some(*mistake))));

        let mut explanations = explain_tags(request, &secrets);
        explanations.extend(secret_sent);
        #[cfg(feature = "jwt")]
        explanations.extend(self.explain_token(request, &secrets));
        // That a text is in the wrong place matters more than what would be wrong with it in the right one.
        let order = |mistakes: &Vec<Mistake>| {
            let misplaced = [Mistake::SecretSent, Mistake::HashAsIdentifier].map(|place| !mistakes.contains(&place));
            (misplaced, mistakes.len())
        };
        explanations.into_iter().filter(|mistakes| !mistakes.is_empty()).min_by_key(order).unwrap_or_default()
    }
}

fn is_too_long(request: &AuthRequest<'_>) -> bool {
    let identity = request.named_identity().ok().flatten();
    let email = identity.and_then(|identity| identity.email());
    let names = [identity.as_ref().map(Identity::identifier), email.as_ref().map(Email::as_str), request.known_user_id];
    let mut texts = names.into_iter().chain([request.user_hash]).flatten();
    let user_jwt = request.user_jwt.is_some_and(|(user_jwt, _)| user_jwt.len() > LONGEST_USER_JWT);
    user_jwt || texts.any(|text| text.len() > LONGEST)
}

/// Whether the text in the place of a proof is one of the secrets.
fn is_secret_sent(request: &AuthRequest<'_>, secrets: &[TriedSecret<'_>]) -> bool {
    /// Any message serves: two keys that give it the same HMAC are the same.
    const MESSAGE: &[u8] = b"intercom-identity";

    let mut found = Choice::from(0);
    for sent in [request.user_hash, request.user_jwt.map(|(sent, _)| sent)].into_iter().flatten() {
        let sent = Secret::keyed_with(unwrapped(sent).as_bytes());
        for (secret, _) in secrets {
            found |= sent.mac(MESSAGE, |sent| secret.mac(MESSAGE, |tag| ct_eq(sent, tag)));
        }
    }
    found.into()
}

/// The fewest mistakes behind each text in the request that is the HMAC of a form of its identifier. Every form is tried.
fn explain_tags(request: &AuthRequest<'_>, secrets: &[TriedSecret<'_>]) -> Vec<Vec<Mistake>> {
    let user_id = request.named_identity().ok().flatten().and_then(|identity| identity.user_id());
    let places = [
        (request.user_hash, None),
        (request.user_jwt.map(|(sent, _)| sent), Some(Mistake::UserHashAsUserJwt)),
        (user_id.as_ref().map(UserId::as_str), Some(Mistake::HashAsIdentifier)),
    ];
    // What was sent may be a secret.
    let mut sent = on_wiped_stack(|| places.map(|(sent, place)| SentTag::parse(sent?, place)));
    if sent.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut forms = IdentifierForm::all(request);
    // Hash and user_id are swapped.
    forms.extend(request.user_hash.map(|user_hash| IdentifierForm::exact(user_hash, None)));
    for form in &forms {
        let is_tried = |(_, with): &&TriedSecret<'_>| {
            form.is_frequent || !matches!(with, Some(Mistake::EmptySecret | Mistake::PlaceholderSecret))
        };
        for (secret, with) in secrets.iter().filter(is_tried) {
            let is_sent = |tag: &_| sent.each_ref().map(|sent| sent.as_ref().map(|sent| sent.is(tag)));
            let found = secret.mac(form.text.as_bytes(), is_sent);
            for (sent, found) in sent.iter_mut().flatten().zip(found.into_iter().flatten()) {
                if found.into() {
                    sent.explain(form, *with);
                }
            }
        }
    }
    sent.into_iter().flatten().filter_map(|sent| sent.fewest_mistakes).collect()
}

/// A text in the request that may be a user hash.
struct SentTag {
    /// It may be a secret. So it is on the heap, where a move leaves no copy behind.
    tag: Zeroizing<Vec<u8>>,
    /// How it is written.
    written: [Option<Mistake>; 2],
    /// The mistake of sending it in this place, if it is one.
    place: Option<Mistake>,
    fewest_mistakes: Option<Vec<Mistake>>,
}

impl SentTag {
    fn parse(sent: &str, place: Option<Mistake>) -> Option<Self> {
        let bare = unwrapped(sent);
        let hexadecimal = || from_hex(bare.as_bytes()).map(|tag| (tag, None));
        let other_hexadecimal = || from_hex(padded(bare).as_bytes()).map(|tag| (tag, Some(Mistake::HexForm)));
        let base64 = || from_base64(bare).map(|tag| (tag, Some(Mistake::Base64)));
        let (tag, form) = hexadecimal().or_else(other_hexadecimal).or_else(base64)?;
        let written = [form, (bare != sent).then_some(Mistake::Wrapped)];
        Some(Self { tag, written, place, fewest_mistakes: None })
    }

    fn is(&self, tag: &[u8; 32]) -> Choice {
        self.tag.as_slice().try_into().map_or(Choice::from(0), |sent| ct_eq(sent, tag))
    }

    /// It is the HMAC of this form with this secret. If it was sent as the `user_id`, it does not matter whose identifier was
    /// signed.
    fn explain(&mut self, form: &IdentifierForm<'_>, with: Option<Mistake>) {
        let is_misplaced = self.place == Some(Mistake::HashAsIdentifier);
        let of_form = form.mistakes.into_iter().skip(is_misplaced.into());
        let mistakes: Vec<_> = of_form.chain([with]).chain(self.written).chain([self.place]).flatten().collect();
        if self.fewest_mistakes.as_ref().is_none_or(|fewest| mistakes.len() < fewest.len()) {
            self.fewest_mistakes = Some(mistakes);
        }
    }
}

fn from_hex(digits: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut tag = Zeroizing::new(alloc::vec![0; 32]);
    hex::decode_to_slice(digits, &mut tag).ok()?;
    Some(tag)
}

/// With the zeros that a large integer loses in front, and without what stands between bytes.
fn padded(digits: &str) -> Zeroizing<String> {
    // A string that grows would leave a copy behind.
    let mut padded = Zeroizing::new(String::with_capacity(digits.len().max(64)));
    padded.extend(iter::repeat_n('0', 64_usize.saturating_sub(digits.len())));
    padded.extend(digits.chars().filter(|character| !matches!(character, '-' | ':')));
    padded
}

fn from_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut decoded = Zeroizing::new(Vec::with_capacity(text.len()));
    decoded.extend(lenient_base64::decode_either(text));
    // PHP's `hash_hmac` gives hexadecimal digits, so they may be what was encoded.
    from_hex(&decoded).or_else(|| (decoded.len() == 32).then_some(decoded))
}

/// Without white space, quotes or a prefix: of Python's bytes, `PostgreSQL`'s and `openssl`'s, too.
pub(super) fn unwrapped(sent: &str) -> &str {
    let wraps = |character: char| character.is_whitespace() || matches!(character, '"' | '\'');
    let bare = sent.trim_matches(wraps);
    let prefixes = ["sha256=", "Bearer ", "b'", r"\x", "SHA2-256(stdin)= "];
    let bare = prefixes.into_iter().find_map(|prefix| bare.strip_prefix(prefix)).unwrap_or(bare);
    bare.trim_matches(wraps)
}
