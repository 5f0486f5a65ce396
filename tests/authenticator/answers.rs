use std::error::Error;

use intercom_identity::{
    AuthRequest,
    Enforcement::Observe,
    Platform::Ios,
    Rejection::{self, MissingUserHash, NoSecret, UserHashMismatch, UserJwtAsUserHash},
    UserId,
};

#[cfg(feature = "jwt")]
use intercom_identity::{
    JwtError,
    Rejection::{IdentityMismatch, InvalidUserJwt, UserHashAndUserJwt},
};

use crate::{
    NEW, TestResult, USER_ID,
    flaws::{NOT_HEX, UPPER_CASE, length},
    server, signed,
};

const REJECTIONS: &[(Rejection, &str, &str)] = &[
    (MissingUserHash, "missing_user_hash", "the user hash is missing"),
    (length(40), "malformed_user_hash", "a user hash has 64 hexadecimal digits, not 40 bytes"),
    (UPPER_CASE, "malformed_user_hash", "the user hash has upper-case digits"),
    (NOT_HEX, "malformed_user_hash", "the user hash has a character that is not a hexadecimal digit"),
    (UserHashMismatch, "user_hash_mismatch", "the user hash does not match the identity"),
    (UserJwtAsUserHash, "user_jwt_as_user_hash", "there is a JSON Web Token in the place of the user hash"),
    (NoSecret, "no_secret", "no secret serves the platform"),
    #[cfg(feature = "jwt")]
    (UserHashAndUserJwt, "user_hash_and_user_jwt", "there are a user hash and a JSON Web Token"),
    #[cfg(feature = "jwt")]
    (InvalidUserJwt(JwtError::Expired), "expired_user_jwt", "the token has expired"),
    #[cfg(feature = "jwt")]
    (
        InvalidUserJwt(JwtError::Signature),
        "invalid_user_jwt",
        "the signature of the token is not the one that the secret gives",
    ),
    #[cfg(feature = "jwt")]
    (IdentityMismatch, "identity_mismatch", "the JSON Web Token is another identity's"),
];

#[test]
fn rejection_has_a_label_for_metrics_and_a_text_for_the_log() {
    for (rejection, label, text) in REJECTIONS {
        assert_eq!((rejection.label(), rejection.to_string().as_str()), (*label, *text));
    }
}

#[test]
fn rejection_is_told_in_one_sentence() {
    for (rejection, ..) in REJECTIONS {
        assert!(rejection.source().is_none(), "{rejection} says it a second time");
    }
}

/// What Intercom answers to its mobile SDKs.
#[test]
fn client_is_told_the_same_401_whatever_was_wrong() {
    for (rejection, ..) in REJECTIONS {
        assert_eq!(rejection.status_code(), 401);
        assert_eq!(rejection.code(), "hmac_mismatch");
        assert_eq!(rejection.message(), "Failed Identity Verification check");
    }
}

#[test]
fn admission_has_a_label_for_metrics() -> TestResult {
    let authenticator = server(&[NEW])?.enforcement(Ios, Observe);
    let (visitor, user_hash) = (AuthRequest::new(Ios), signed(NEW, UserId::new(USER_ID)?)?);
    let user = visitor.identity(UserId::new(USER_ID)?);
    for (request, label) in [(visitor, "unidentified"), (user, "unverified"), (user.user_hash(&user_hash), "verified")]
    {
        assert_eq!(authenticator.authenticate(&request).map(|admission| admission.label()), Ok(label));
    }
    Ok(())
}
