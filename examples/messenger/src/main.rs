//! Identity verification from end to end: an app server, an auth server with an API behind it, and the story of what
//! clients send them over HTTP. It fails if an exchange does not go as told.
//!
//! With `--serve` there is no story: both servers stay up, on free ports, and the log goes to standard error.

use std::{env, error::Error, future::IntoFuture, io, net::Ipv4Addr, sync::mpsc, time::Duration};

use app_server::AppServer;
use auth_server::{AuthServer, Log};
use axum::Router;
use intercom_identity::{
    Keyring, Platform, Secret,
    verify::{Authenticator, Enforcement, Proofs},
};
use tokio::{net::TcpListener, task::JoinHandle};

mod story;

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const IOS: &str = "cat9ag498dyT5bl5GhcqrGi0qx020vorwNIvVaP3Rjd";
const ANDROID: &str = "mSlPUxYu3JvQvB7KUdDWdM8TVWzZRBb0WLaAUvFMZ44";
const WEB: &str = "k8cRvicmQivfnSqy3Vl6OG0fLzIe36ygvsGgEckRGM1";
const OLD_WEB: &str = "3UBEDVvmEgKFGt6g4t7dmWwKj2v2BSBnmPYyGf1KuTe";

/// What both servers know. The web secret is being rotated: the new one signs, and the old one still verifies.
fn keyring() -> Result<Keyring> {
    Ok(Keyring::new()
        .with([Platform::Ios], Secret::new(IOS)?)
        .with([Platform::Android], Secret::new(ANDROID)?)
        .with([Platform::Web], Secret::new(WEB)?)
        .with([Platform::Web], Secret::new(OLD_WEB)?))
}

/// Verification is being turned on for iOS and is on for the others.
fn auth_server(log: Log) -> Result<AuthServer> {
    let authenticator = Authenticator::new(keyring()?).enforcement(Platform::Ios, Enforcement::RefuseInvalid);
    let authenticator = authenticator.require_expiry().leeway(Duration::from_secs(60));
    let authenticator = Platform::ALL.iter().fold(authenticator, |all, platform| all.accept(*platform, Proofs::Either));
    let lifetime = env::var("ACCESS_TOKEN_SECONDS").map_or(Ok(900), |seconds| seconds.parse())?;
    Ok(AuthServer::new(authenticator, Duration::from_secs(lifetime), log))
}

async fn start(routes: Router) -> Result<(String, JoinHandle<io::Result<()>>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((url, tokio::spawn(axum::serve(listener, routes).into_future())))
}

#[tokio::main]
async fn main() -> Result {
    let serve = match env::args().nth(1).as_deref() {
        None => false,
        Some("--serve") => true,
        Some(_) => return Err("the only argument is --serve".into()),
    };
    let (sender, log) = mpsc::channel();
    let write: Log =
        if serve { Box::new(|line| eprintln!("{line}")) } else { Box::new(move |line| drop(sender.send(line))) };
    let (auth_server, _) = start(auth_server(write)?.routes()).await?;
    let (app_server, serving) = start(AppServer::new(keyring()?, env::var("INTERCOM_APP_ID").ok()).routes()).await?;
    if serve {
        println!("the auth server listens on {auth_server}: curl -d SETTINGS {auth_server}/auth/web");
        println!("the app server listens on {app_server}: open it in a browser, it shows the settings");
        return Ok(serving.await??);
    }
    tokio::task::spawn_blocking(move || story::tell(&app_server, &auth_server, &log)).await?
}
