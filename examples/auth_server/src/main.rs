//! Serves the auth server on the port in `PORT`, else 3001.
//!
//! It verifies with the secrets in `INTERCOM_SECRET_IOS`, `INTERCOM_SECRET_ANDROID` and `INTERCOM_SECRET_WEB`. Set
//! those of the platforms to serve, at least one.

use std::{env, error::Error, net::Ipv4Addr, process, time::Duration};

use auth_server::AuthServer;
use intercom_identity::{
    Keyring, Platform, Secret,
    verify::{Authenticator, Proofs},
};
use tokio::net::TcpListener;

fn authenticator() -> Result<Authenticator, Box<dyn Error>> {
    let (mut keyring, mut served) = (Keyring::new(), Vec::new());
    for platform in Platform::ALL {
        let name = format!("INTERCOM_SECRET_{}", platform.as_str().to_uppercase());
        // `env::var` would quote the text in an error.
        if let Some(text) = env::var_os(&name) {
            let text = text.into_string().map_err(|_| format!("{name} is not UTF-8"))?;
            let secret = Secret::try_from(text).map_err(|error| format!("{name}: {error}"))?;
            keyring = keyring.with([platform], secret);
            served.push(*platform);
        }
    }
    if served.is_empty() {
        return Err(
            "set INTERCOM_SECRET_WEB, or that of another platform: without a secret, nothing can be verified".into()
        );
    }
    // During a rollout, begin with `Enforcement::Observe`.
    let authenticator = Authenticator::new(keyring).require_expiry().leeway(Duration::from_secs(60));
    Ok(served.into_iter().fold(authenticator, |all, platform| all.accept(platform, Proofs::Either)))
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let port = env::var_os("PORT").map_or(Some(3001), |port| port.to_str()?.parse().ok());
    let port = port.ok_or("PORT is not a number from 0 to 65535")?;
    let log = |line| eprintln!("{line}");
    let server = AuthServer::new(authenticator()?, Duration::from_secs(900), Box::new(log));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, server.routes()).await?)
}

#[tokio::main]
async fn main() {
    if let Err(error) = serve().await {
        eprintln!("auth_server: {error}");
        process::exit(1);
    }
}
