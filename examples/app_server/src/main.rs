//! Serves the app server on the port in `PORT`, else 3000.
//!
//! It signs with the secrets in `INTERCOM_SECRET_IOS`, `INTERCOM_SECRET_ANDROID` and `INTERCOM_SECRET_WEB`, for the
//! workspace in `INTERCOM_APP_ID`. Each of them may be missing.

use std::{env, error::Error, net::Ipv4Addr, process};

use app_server::AppServer;
use intercom_identity::{Keyring, Platform, Secret};
use tokio::net::TcpListener;

/// The text of a variable. `env::var` would quote it in an error.
fn variable(name: &str) -> Result<Option<String>, String> {
    let text = env::var_os(name).map(|text| text.into_string().map_err(|_| format!("{name} is not UTF-8")));
    text.transpose()
}

/// Warns of the platforms without a secret. In production, end instead: `Keyring::require`.
fn keyring() -> Result<Keyring, Box<dyn Error>> {
    let (mut keyring, mut missing) = (Keyring::new(), Vec::new());
    for platform in Platform::ALL {
        let name = format!("INTERCOM_SECRET_{}", platform.as_str().to_uppercase());
        match variable(&name)? {
            Some(text) => {
                let secret = Secret::try_from(text).map_err(|error| format!("{name}: {error}"))?;
                keyring = keyring.with([platform], secret);
            }
            None => missing.push(name),
        }
    }
    if !missing.is_empty() {
        eprintln!("WARNING: not set: {}. Without its secret, everybody on a platform is a visitor", missing.join(", "));
    }
    Ok(keyring)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let port = variable("PORT")?.map_or(Ok(3000), |port| port.parse());
    let port = port.map_err(|_| "PORT is not a number from 0 to 65535")?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    let app = AppServer::new(keyring()?, variable("INTERCOM_APP_ID")?);

    let url = format!("http://{}", listener.local_addr()?);
    println!("listening on {url}\nOpen it in a browser, or try");
    println!(
        "curl -b '' -d email=ada@example.com -d password=lovelace {url}/login --next -b '' {url}/intercom/ios/user-jwt"
    );
    Ok(axum::serve(listener, app.routes()).await?)
}

#[tokio::main]
async fn main() {
    if let Err(error) = serve().await {
        eprintln!("app_server: {error}");
        process::exit(1);
    }
}
