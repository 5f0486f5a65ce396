//! What the auth server decides, and what it answers.
//!
//! The hashes of literals are by Python's `hmac`; those of the table, and all tokens, are by `ring`.
#![cfg(all(feature = "serde", feature = "verify"))]

#[cfg(feature = "jwt")]
mod answers;
#[path = "../support/forge.rs"]
mod forge;
mod hashes;
#[path = "../support/mod.rs"]
mod support;
mod table;
#[cfg(feature = "jwt")]
mod tokens;

use intercom_identity::{
    Keyring, Platform, Secret, SecretError,
    verify::{Admission, AuthRequest, Authenticator, Enforcement, Unverified, Verified},
};

use support::TestResult;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

/// With `SECRET`.
const HASH_OF_4711: &str = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";
const HASH_OF_ADA: &str = "ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6";

/// With `SECRET` for every platform.
fn server() -> Result<Authenticator, SecretError> {
    Ok(Authenticator::new(Keyring::new().with(Platform::ALL, Secret::new(SECRET)?)))
}

fn verified(authenticator: &Authenticator, request: &AuthRequest<'_>) -> TestResult<Verified> {
    authenticator.authenticate(request)?.verified().ok_or_else(|| "not verified".into())
}

fn observed(authenticator: &Authenticator, request: &AuthRequest<'_>) -> TestResult<Unverified> {
    match authenticator.authenticate_with(request, Enforcement::Observe) {
        Ok(Admission::Unverified(user)) => Ok(user),
        outcome => Err(format!("{outcome:?}").into()),
    }
}
