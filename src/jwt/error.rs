/// Why a string is not a JSON Web Token, or a token is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwtError {
    /// It is longer than 8 KiB.
    #[error("the token has {found} bytes, more than 8192: leave out attributes")]
    Length {
        /// The length found, in bytes.
        found: usize,
    },
    /// It does not have exactly three parts.
    #[error("the token does not have three parts: send it as it was signed")]
    Parts,
    /// Its header or its payload is not canonical base64url without padding.
    #[error("a part of the token is not canonical base64url without padding")]
    Base64,
    /// The header is not a JSON object with distinct names.
    #[error("the header of the token is not a JSON object with distinct names")]
    Header,
    /// The header's `alg` is not `HS256`, the only one accepted: `none`, for example, or another case.
    #[error("the algorithm of the token is not HS256: sign with HS256")]
    Algorithm,
    /// The header has `crit`, which lists extensions that must be understood. None is supported.
    #[error("the token has critical extensions, which are not supported")]
    Critical,
    /// The header's `typ` is that of another kind of token.
    #[error("the token is not of type JWT")]
    Type,
    /// The signature is not the one that the secret gives: made with another secret, truncated or forged.
    #[error("the signature of the token does not match")]
    Signature,
    /// The payload is not a JSON object with distinct names.
    #[error("the claims of the token are not a JSON object with distinct names")]
    Claims,
    /// A required claim is missing, or a claim has the wrong type.
    #[error("the claim {name} of the token is missing or malformed")]
    Claim {
        /// The name of the claim.
        name: &'static str,
    },
    /// The time is not before `exp`.
    #[error("the token has expired: let the client fetch a new token before the old one expires")]
    Expired,
    /// The time is before `nbf`.
    #[error("the token is not valid yet: check the clock of the server that signed it")]
    NotYetValid,
}
