mod diagnose;
mod identifier_forms;
mod number_forms;
mod text_forms;
#[cfg(feature = "jwt")]
mod user_jwt;

use crate::Platform;

macro_rules! mistakes {
    ($($(#[$doc:meta])* $variant:ident $(($of:ty))? = $label:literal: $text:literal,)+) => {
        /// A known integration mistake, found by [`Authenticator::diagnose`](super::Authenticator::diagnose).
        ///
        /// `Display` says what to change and on which side. It holds nothing private.
        ///
        /// A mistake is confirmed by a matching HMAC or by the claims of a correctly signed token, so nobody who sends
        /// honestly is accused of one that they did not make. A stranger can make one up, for example by signing with an
        /// empty secret. So a mistake is a hint for support, **never a reason for an alarm**.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum Mistake {
            $($(#[$doc])* #[error($text)] $variant $(($of))?,)+
        }

        impl Mistake {
            /// A short, stable name for metrics and logs, such as `email_hashed`.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $label,)+
                }
            }
        }
    };
}

mistakes! {
    /// The email was signed, while a `user_id` is sent.
    EmailHashed = "email_hashed": "the app server signed the email, but the client sends a user_id: sign the user_id",
    /// The `user_id` was signed, while only the email is sent.
    UserIdHashed = "user_id_hashed":
        "the app server signed the user_id, but the client sends only the email: send the user_id too",
    /// One id of the user was signed, while another one is sent: `4711` and `gid://shopify/Customer/4711`, for example.
    OtherId = "other_id":
        "the app server signed one id of the user, but the client sends another: use the same id for both",
    /// The empty string was signed.
    EmptyIdentifier = "empty_identifier": "the app server signed an empty string: sign the id of the session's user",
    /// `null`, `undefined`, `0` or another text for a missing value was signed.
    PlaceholderIdentifier = "placeholder_identifier":
        "the app server signed a placeholder such as null: sign the id of the session's user",
    /// The string signed and the string sent differ in surrounding white space.
    WhiteSpace = "white_space":
        "the string signed and the string sent differ in white space: trim it once, in the app server, before both",
    /// The string signed and the string sent differ in letter case.
    LetterCase = "letter_case":
        "the string signed and the string sent differ in letter case: use the same string for both",
    /// An integer was signed in a different form from the one sent: `4711.0`, `4,711`, `4.711e+03`, rounded by a
    /// floating-point number, or without its leading zeros.
    NumberForm = "number_form":
        "the number signed and the number sent are written differently: treat the id as a string everywhere",
    /// A UUID was signed in a different form from the one sent: without hyphens, in braces, or as a URN.
    UuidForm = "uuid_form": "the UUID signed and the UUID sent are written differently: use the same string for both",
    /// One of the two strings is printed for programmers: `"4711"` in quotes, `Some(4711)`, `ObjectId("…")`.
    DebugForm = "debug_form":
        "the id signed or the id sent is printed for debugging, as in Some(4711): use the id's own text for both",
    /// One of the two strings is encoded for a URL.
    UrlEncoded = "url_encoded":
        "the string signed or the string sent is URL-encoded, as in %40 for @: decode it before both",
    /// One of the two strings is escaped for HTML.
    HtmlEscaped = "html_escaped":
        "the string signed or the string sent is escaped for HTML, as in &amp; for &: use the raw string for both",
    /// The secret is another platform's.
    SecretOf(Platform) = "secret_of_another_platform":
        "the app server signed with the secret for {0}: use the secret of the platform the client runs on",
    /// The secret is empty.
    EmptySecret = "empty_secret":
        "the app server signed with an empty secret: set the secret where the app server reads it",
    /// The secret is `null`, `undefined` or `None`.
    PlaceholderSecret = "placeholder_secret":
        "the app server signed with a placeholder such as undefined: set the secret where the app server reads it",
    /// The hash is in base64.
    Base64 = "base64": "the app server wrote the hash in base64: write it in hexadecimal",
    /// The hash is in hexadecimal without its leading zeros, or with `-` or `:` between the bytes.
    HexForm = "hex_form":
        "the app server wrote the hash without its leading zeros or with separators: write 64 hexadecimal digits",
    /// White space, quotes or a prefix such as `sha256=` or `Bearer ` surround the proof.
    Wrapped = "wrapped": "the proof is wrapped in quotes, white space or a prefix: send it alone",
    /// The secret itself was sent.
    SecretSent = "secret_sent":
        "the secret itself was sent, so it is public: rotate it now, then send the hash that the app server computes",
    /// The hash was sent as the `user_id`.
    HashAsIdentifier = "hash_as_identifier":
        "the hash was sent as the user_id: the client must send each in its own place",
    /// The user hash was sent as the JSON Web Token.
    UserHashAsUserJwt = "user_hash_as_user_jwt":
        "the user hash was sent as the JSON Web Token: the client must send it as the user hash",
    /// `exp` is in milliseconds.
    ExpiryInMilliseconds = "expiry_in_milliseconds": "the app server wrote exp in milliseconds: write seconds",
    /// `exp` or `nbf` is off by five minutes at most.
    ClockSkew = "clock_skew":
        "the servers' clocks may differ: synchronise them, let clients fetch tokens earlier, or allow a leeway",
}
