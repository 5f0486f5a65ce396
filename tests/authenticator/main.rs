//! What the auth server decides: on every kind of request, during a rotation, and whatever came before.

mod answers;
mod flaws;
mod properties;
mod rotation;
mod rules;
mod table;

use std::error::Error;

use intercom_identity::{
    Admission, Authenticator, Enforcement, Identity, Keyring, Platform::Ios, Rejection, Secret, SecretError, UserHash,
};

type TestResult = Result<(), Box<dyn Error>>;

const USER_ID: &str = "4711";
const EMAIL: &str = "ada@example.com";

const ENFORCEMENTS: [Enforcement; 3] = [Enforcement::Enforce, Enforcement::RefuseInvalid, Enforcement::Observe];

/// An outcome, apart from who is let in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Verified,
    Unverified(Rejection),
    Unidentified,
    Refused(Rejection),
}

fn verdict(outcome: &Result<Admission<'_>, Rejection>) -> Verdict {
    match outcome {
        Ok(Admission::Verified(_)) => Verdict::Verified,
        Ok(Admission::Unverified(user)) => Verdict::Unverified(*user.reason()),
        Ok(Admission::Unidentified) => Verdict::Unidentified,
        Err(reason) => Verdict::Refused(*reason),
    }
}

const OLD: &str = "the secret of last year";
const NEW: &str = "the secret of this year";

/// A server that knows the secrets for iOS, in that order.
fn server(secrets: &[&str]) -> Result<Authenticator, SecretError> {
    let add = |keyring: Keyring, secret: &&str| Ok(keyring.with([Ios], Secret::new(secret)?));
    Ok(Authenticator::new(secrets.iter().try_fold(Keyring::new(), add)?))
}

fn signed<'a>(secret: &str, identity: impl Into<Identity<'a>>) -> Result<String, SecretError> {
    Ok(UserHash::compute(&Secret::new(secret)?, identity).to_string())
}
