mod identifier_forms;
#[cfg(feature = "jwt")]
mod user_jwt;

use alloc::vec::Vec;

use self::identifier_forms::{Candidate, identifiers};
use super::{AuthRequest, Authenticator};
use crate::{
    Identity, Keyring, Platform, Secret,
    keyring::Key,
    secret::{ct_eq, on_wiped_stack},
};

/// What somebody did wrong, found by [`Authenticator::diagnose`].
///
/// `Display` says what to change and on which side. It holds nothing private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mistake {
    /// The email was hashed, while a `user_id` is sent.
    #[error("the app server hashed the email, but the client sends a user_id: hash the user_id")]
    EmailHashed,
    /// The `user_id` was hashed, while only the email is sent.
    #[error("the app server hashed the user_id, but the client sends only the email: send the user_id too")]
    UserIdHashed,
    /// The empty string was hashed.
    #[error("the app server hashed an empty string: hash the id of the session's user")]
    EmptyIdentifier,
    /// `null`, `undefined`, `None` or `nil` was hashed.
    #[error("the app server hashed a placeholder such as null: hash the id of the session's user")]
    PlaceholderIdentifier,
    /// The string hashed and the string sent differ in surrounding white space.
    #[error(
        "the string hashed and the string sent differ in white space: trim it once, in the app server, before both"
    )]
    WhiteSpace,
    /// The string hashed and the string sent differ in letter case.
    #[error("the string hashed and the string sent differ in letter case: use the same string for both")]
    LetterCase,
    /// An integer was hashed in another form than it is sent: `4711.0`, rounded by a floating-point number, or without
    /// its leading zeros.
    #[error("the number hashed and the number sent are written differently: treat the id as a string everywhere")]
    NumberForm,
    /// The secret is another platform's.
    #[error("the app server signed with the secret for {0}: use the secret of the platform the client runs on")]
    SecretOf(Platform),
    /// The secret is empty.
    #[error("the app server signed with an empty secret: set the secret where the app server reads it")]
    EmptySecret,
    /// The secret is `null` or `undefined`.
    #[error("the app server signed with a placeholder such as undefined: set the secret where the app server reads it")]
    PlaceholderSecret,
    /// The hash is in base64.
    #[error("the app server wrote the hash in base64: write it in hexadecimal")]
    Base64,
    /// White space, quotes, `sha256=` or `Bearer ` surround the proof.
    #[error("the proof is wrapped in quotes, white space or a prefix: send it alone")]
    Wrapped,
    /// The secret itself was sent.
    #[error(
        "the secret itself was sent, so it is public: rotate it now, then send the hash that the app server computes"
    )]
    SecretSent,
    /// Hash and identifier are swapped.
    #[error("hash and user_id are swapped: the client must send each in its own place")]
    HashAsIdentifier,
    /// The user hash was sent as the JSON Web Token.
    #[error("the user hash was sent as the JSON Web Token: the client must send it as the user hash")]
    UserHashAsUserJwt,
    /// `exp` is in milliseconds.
    #[error("the app server wrote exp in milliseconds: write seconds")]
    ExpiryInMilliseconds,
    /// `exp` or `nbf` was missed by five minutes at most.
    #[error("the servers' clocks may differ: synchronise them, let clients fetch tokens earlier, or allow a leeway")]
    ClockSkew,
}

impl Mistake {
    /// A short, stable name for metrics and logs, such as `email_hashed`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::EmailHashed => "email_hashed",
            Self::UserIdHashed => "user_id_hashed",
            Self::EmptyIdentifier => "empty_identifier",
            Self::PlaceholderIdentifier => "placeholder_identifier",
            Self::WhiteSpace => "white_space",
            Self::LetterCase => "letter_case",
            Self::NumberForm => "number_form",
            Self::SecretOf(_) => "secret_of_another_platform",
            Self::EmptySecret => "empty_secret",
            Self::PlaceholderSecret => "placeholder_secret",
            Self::Base64 => "base64",
            Self::Wrapped => "wrapped",
            Self::SecretSent => "secret_sent",
            Self::HashAsIdentifier => "hash_as_identifier",
            Self::UserHashAsUserJwt => "user_hash_as_user_jwt",
            Self::ExpiryInMilliseconds => "expiry_in_milliseconds",
            Self::ClockSkew => "clock_skew",
        }
    }
}

/// The longest name or hash, and the longest token, that is looked into, in bytes.
const LONGEST: usize = 1024;
const LONGEST_USER_JWT: usize = 8 * 1024;

impl Authenticator {
    /// Explains a request that fails: the known mistakes that, together, produced what was sent. Empty if the request does not
    /// fail, or if no known mistake explains it.
    ///
    /// Every mistake is proved by an HMAC that comes out right. What a [`Rejection`](super::Rejection) says already, such as
    /// upper case, is not repeated.
    ///
    /// This is for your log and for support: **never send it to a client**. It computes dozens of hashes for every secret,
    /// and thousands for a very large integer id, so sample it where strangers can cause it. A request with a name or a hash
    /// of more than 1 KiB, or a token of more than 8 KiB, is not explained.
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
        let placeholders = PLACEHOLDERS.map(|(text, mistake)| (Secret::keyed_with(text.as_bytes()), Some(mistake)));
        let secrets: Vec<Suspect<'_>> = suspects(&self.keyring, request.platform).collect();
        let mut suspects = secrets.clone();
        suspects.extend(placeholders.iter().map(|(secret, mistake)| (secret, *mistake)));

        let candidates = identifiers(request);
        let explanations = [
            secret_sent(request, &secrets),
            request.user_hash.and_then(|sent| simplest(sent, &candidates, &suspects)),
            request.user_hash.and_then(|sent| swapped(sent, request, &suspects)),
            request.user_jwt.and_then(|(sent, _)| as_user_jwt(sent, &candidates, &suspects)),
            #[cfg(feature = "jwt")]
            request.user_jwt.and_then(|(sent, now)| self.explain_user_jwt(request.platform, sent, now, &suspects)),
        ];
        let explanations = explanations.into_iter().flatten().filter(|mistakes| !mistakes.is_empty());
        explanations.min_by_key(Vec::len).unwrap_or_default()
    }
}

/// What an unset secret turns into.
const PLACEHOLDERS: [(&str, Mistake); 3] =
    [("", Mistake::EmptySecret), ("null", Mistake::PlaceholderSecret), ("undefined", Mistake::PlaceholderSecret)];

/// A secret that may have been used, and what would be wrong with that.
type Suspect<'a> = (&'a Secret, Option<Mistake>);

/// Every secret, with the mistake of using it on this platform.
fn suspects(keyring: &Keyring, platform: Platform) -> impl Iterator<Item = Suspect<'_>> {
    keyring.keys.iter().filter_map(move |Key { platforms, secret }| {
        let wrong = if platforms.contains(&platform) { None } else { Some(Mistake::SecretOf(*platforms.first()?)) };
        Some((secret, wrong))
    })
}

fn is_too_long(request: &AuthRequest<'_>) -> bool {
    let identity = request.named_identity().ok().flatten();
    let identifier = identity.as_ref().map(Identity::identifier);
    let email = identity.as_ref().and_then(Identity::email).map(|email| email.as_str());
    let mut texts = [identifier, email, request.known_user_id, request.user_hash].into_iter().flatten();
    let user_jwt = request.user_jwt.is_some_and(|(user_jwt, _)| user_jwt.len() > LONGEST_USER_JWT);
    user_jwt || texts.any(|text| text.len() > LONGEST)
}

/// The fewest mistakes that turn one of the candidates into what was sent. All of them are tried.
fn simplest(sent: &str, candidates: &[Candidate<'_>], suspects: &[Suspect<'_>]) -> Option<Vec<Mistake>> {
    // What was sent may be a secret, and moving the bytes decoded from it leaves copies.
    on_wiped_stack(|| {
        let (sent, form) = identifier_forms::tag(sent)?;
        let mut found = Vec::new();
        for (secret, with) in suspects {
            for Candidate { text, mistakes } in candidates {
                if secret.mac(text.as_bytes(), |tag| ct_eq(tag, &sent)).into() {
                    found.push(mistakes.iter().chain(with).chain(&form).copied().collect::<Vec<_>>());
                }
            }
        }
        found.into_iter().min_by_key(Vec::len)
    })
}

/// Whether the text in the place of a proof is one of the secrets.
fn secret_sent(request: &AuthRequest<'_>, secrets: &[Suspect<'_>]) -> Option<Vec<Mistake>> {
    /// Any message serves: two keys that give it the same HMAC are the same.
    const MESSAGE: &[u8] = b"intercom-identity";

    let mut found = false;
    for sent in [request.user_hash, request.user_jwt.map(|(sent, _)| sent)].into_iter().flatten() {
        let sent = Secret::keyed_with(identifier_forms::unwrapped(sent).as_bytes());
        for (secret, _) in secrets {
            found |= bool::from(sent.mac(MESSAGE, |sent| secret.mac(MESSAGE, |tag| ct_eq(sent, tag))));
        }
    }
    found.then(|| Vec::from([Mistake::SecretSent]))
}

/// Whether the identifier is the hash of what was sent as the hash.
fn swapped(sent: &str, request: &AuthRequest<'_>, suspects: &[Suspect<'_>]) -> Option<Vec<Mistake>> {
    let identity = request.named_identity().ok()??;
    let candidate = Candidate { text: sent.into(), mistakes: Vec::from([Mistake::HashAsIdentifier]) };
    simplest(identity.identifier(), &[candidate], suspects)
}

/// Whether what was sent as the token is a user hash.
fn as_user_jwt(sent: &str, candidates: &[Candidate<'_>], suspects: &[Suspect<'_>]) -> Option<Vec<Mistake>> {
    let mut mistakes = simplest(sent, candidates, suspects)?;
    mistakes.push(Mistake::UserHashAsUserJwt);
    Some(mistakes)
}
