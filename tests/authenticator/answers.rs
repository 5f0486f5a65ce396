use std::error::Error;

use intercom_identity::{
    IdentityError, Keyring, ParseUserHashError, Platform, Secret, UserHash, UserId,
    jwt::JwtError::{
        self, Algorithm, Base64, Claim, Claims, Critical, Expired, Header, Length, NotYetValid, Parts, Signature,
    },
    verify::{
        Authenticator,
        Rejection::{self, InvalidUserJwt, MalformedIdentity, MalformedUserHash},
    },
};

use crate::{HASH_OF_4711, SECRET, support::TestResult};

/// Every reason, with the status of its answer and its label. What an operator must tell apart has labels of its own.
const REJECTIONS: [(Rejection, u16, &str); 23] = [
    (Rejection::MissingProof, 401, "missing_proof"),
    (Rejection::ProofNotAccepted, 401, "proof_not_accepted"),
    (MalformedUserHash(ParseUserHashError::Length { found: 40 }), 401, "malformed_user_hash"),
    (MalformedUserHash(ParseUserHashError::UpperCase), 401, "malformed_user_hash"),
    (Rejection::UserHashMismatch, 401, "user_hash_mismatch"),
    (Rejection::UserJwtAsUserHash, 401, "user_jwt_as_user_hash"),
    (Rejection::UserHashAndUserJwt, 401, "user_hash_and_user_jwt"),
    (Rejection::IdentityMismatch, 401, "identity_mismatch"),
    (MalformedIdentity(IdentityError::EmptyUserId), 400, "malformed_identity"),
    (MalformedIdentity(IdentityError::JwtSigningInput), 400, "malformed_identity"),
    (Rejection::NoSecret, 500, "no_secret"),
    (InvalidUserJwt(Length { found: 9000 }), 401, "malformed_user_jwt"),
    (InvalidUserJwt(Parts), 401, "malformed_user_jwt"),
    (InvalidUserJwt(Base64), 401, "malformed_user_jwt"),
    (InvalidUserJwt(Header), 401, "malformed_user_jwt"),
    (InvalidUserJwt(Critical), 401, "malformed_user_jwt"),
    (InvalidUserJwt(JwtError::Type), 401, "malformed_user_jwt"),
    (InvalidUserJwt(Algorithm), 401, "user_jwt_algorithm"),
    (InvalidUserJwt(Signature), 401, "user_jwt_signature_mismatch"),
    (InvalidUserJwt(Claims), 401, "malformed_user_jwt_claims"),
    (InvalidUserJwt(Claim { name: "email" }), 401, "malformed_user_jwt_claims"),
    (InvalidUserJwt(Expired), 401, "expired_user_jwt"),
    (InvalidUserJwt(NotYetValid), 401, "user_jwt_not_yet_valid"),
];

#[test]
fn log_gets_a_label_and_a_sentence_and_the_client_only_what_the_status_says() {
    for (rejection, status, label) in REJECTIONS {
        let text = rejection.to_string();
        assert_eq!(rejection.label(), label);
        assert!(text.len() > 20 && !text.ends_with('.') && !text.contains('\n'), "{text}");
        assert!(rejection.source().is_none(), "{text} says it a second time");

        // A failed check is answered as Intercom answers its mobile SDKs.
        let expected = match status {
            400 => ("parameter_invalid", "The user_id or email is malformed"),
            500 => ("server_error", "Identity Verification is not configured"),
            _ => ("hmac_mismatch", "Failed Identity Verification check"),
        };
        let answer = rejection.answer();
        assert_eq!((answer.status_code, (answer.code, answer.message)), (status, expected), "{rejection:?}");
        let body =
            format!(r#"{{"type":"error.list","errors":[{{"code":"{}","message":"{}"}}]}}"#, expected.0, expected.1);
        assert_eq!(serde_json::to_string(&answer).ok(), Some(body));
    }
}

/// A server that signs and verifies has one keyring, and one kind of error.
#[test]
fn keyring_of_an_authenticator_signs_and_a_missing_secret_is_a_rejection() -> TestResult {
    let authenticator = Authenticator::new(Keyring::new().with([Platform::Web], Secret::new(SECRET)?));
    let hash = UserHash::compute(authenticator.keyring().secret(Platform::Web)?, UserId::from(4711_u32));
    assert_eq!(hash.as_str(), HASH_OF_4711);
    let missing = authenticator.keyring().secret(Platform::Ios).map(|_| ()).map_err(Rejection::from);
    assert_eq!(missing, Err(Rejection::NoSecret));
    Ok(())
}
