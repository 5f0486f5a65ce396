//! Identity verification from end to end: an app server, an auth server, an API behind it, and a client that tells their
//! story over HTTP.
//!
//! With `--serve` both servers stay up when the story is told, on the ports in `APP_PORT` and `AUTH_PORT`, or on free
//! ones.

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::Ipv4Addr,
    process::ExitCode,
    sync::mpsc,
    thread,
};

use app_server::AppServer;
use auth_server::AuthServer;
use intercom_identity::Authenticator;
use tokio::net::TcpListener;

mod api;
mod app_server;
mod auth_server;
mod exchange;
mod settings;
mod stage;
mod story;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A listener and its URL.
type Listening = (TcpListener, String);

/// On loopback; port 0 is any free one.
async fn listen(port: u16) -> Result<Listening> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

fn port(variable: &str) -> Result<u16> {
    let port = env::var_os(variable).map_or(Some(0), |port| port.to_str()?.parse().ok());
    port.ok_or_else(|| format!("{variable} is not a number from 0 to 65535").into())
}

async fn serve((app_listener, app_url): Listening, (auth_listener, auth_url): Listening) -> Result {
    let (log, lines) = mpsc::channel();
    // On a thread of its own: a log that is read slowly, or no more, keeps no user waiting.
    thread::spawn(move || lines.iter().try_for_each(|line| writeln!(io::stderr(), "{line}")));

    let app_server = AppServer::new(story::keyring()?, &auth_url).routes();
    let auth_server = AuthServer::new(Authenticator::new(story::keyring()?), story::access_tokens()?, log).routes();

    println!("\nThe auth server counts at {auth_url}/counts, and writes its log here.");
    println!("listening on {auth_url}");
    println!("The app server has a page at {app_url}: change a field, and see what the auth server decides.");
    tokio::try_join!(axum::serve(app_listener, app_server), axum::serve(auth_listener, auth_server))?;
    Ok(())
}

async fn tell_and_serve() -> Result {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [] => story::tell().await,
        [argument] if argument == "--serve" => {
            // Before the story, which would be told in vain.
            let app_server = listen(port("APP_PORT")?).await?;
            let auth_server = listen(port("AUTH_PORT")?).await?;
            story::tell().await?;
            serve(app_server, auth_server).await
        }
        _ => Err("there is one argument: --serve".into()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match tell_and_serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("messenger: {error}");
            ExitCode::FAILURE
        }
    }
}
