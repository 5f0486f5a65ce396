//! The back end of an app, on `actix-web`: it signs for its users, and it checks who its clients say they are.
//!
//! ```sh
//! cargo run
//! curl -u ada@example.com:lovelace localhost:3000/intercom/ios/user-jwt
//! ```
//!
//! The secrets come from the TOML file in the first argument, else from `intercom.toml`. It listens on the port in
//! `PORT`, else 3000.

use std::{env, error::Error, net::Ipv4Addr, pin::Pin, process, time::Duration};

use actix_web::{
    App, FromRequest, HttpRequest, HttpResponse, HttpServer, Result,
    dev::Payload,
    error::{ErrorInternalServerError, ErrorUnauthorized, InternalError},
    get,
    http::{StatusCode, header::CACHE_CONTROL},
    post,
    web::{Data, Json, Path},
};
use actix_web_httpauth::extractors::basic::BasicAuth;
use config::{Config, ConfigError, File, FileFormat};
use intercom_identity::{
    Email, Keyring, MessengerSettings, Platform, UnixTime, UserId,
    jwt::UserClaims,
    verify::{Admission, AuthRequestBody, Authenticator, Proofs, Rejection, Verified},
};
use serde_json::json;
use uuid::{Uuid, uuid};

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// In place of your database.
const USERS: [User; 2] = [
    User { id: uuid!("8c0e5f2a-71b4-4d53-9e0a-6f1d2c3b4a59"), email: "ada@example.com", password: "lovelace" },
    User { id: uuid!("0f9d8c7b-6a5e-4f43-8210-1a2b3c4d5e6f"), email: "grace@example.com", password: "hopper" },
];

struct User {
    id: Uuid,
    email: &'static str,
    password: &'static str,
}

/// In place of your sessions: a handler that asks for a user gets the one whose password the request has.
impl FromRequest for User {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let sent = BasicAuth::from_request(request, payload);
        Box::pin(async {
            let sent = sent.await?;
            let is_sent = |user: &User| user.email == sent.user_id() && Some(user.password) == sent.password();
            USERS.into_iter().find(is_sent).ok_or_else(|| ErrorUnauthorized("wrong email or password"))
        })
    }
}

/// Signs the id of the request's own user, never one that the caller sends: else anybody gets anybody's hash.
#[get("/intercom/{platform}/user-hash")]
async fn user_hash(user: User, platform: Path<Platform>, keyring: Data<Keyring>) -> Result<HttpResponse> {
    // A UUID has lower-case digits here and upper-case digits on iOS: the app must send the text that it gets.
    let id = user.id.to_string();
    let user_id = UserId::new(&id).map_err(ErrorInternalServerError)?;
    let identity = (user_id, Email::new(user.email).map_err(ErrorInternalServerError)?);
    answer(MessengerSettings::with_user_hash(&keyring, *platform, identity))
}

/// The same with a token that is always fresh. The SDKs' `setUserJwtProvider` asks for one again and again.
#[get("/intercom/{platform}/user-jwt")]
async fn user_jwt(user: User, platform: Path<Platform>, keyring: Data<Keyring>) -> Result<HttpResponse> {
    let id = user.id.to_string();
    let in_an_hour = UnixTime::now() + Duration::from_secs(3600);
    let claims = UserClaims::new(UserId::new(&id).map_err(ErrorInternalServerError)?, in_an_hour)
        .email(Email::new(user.email).map_err(ErrorInternalServerError)?);
    answer(MessengerSettings::with_user_jwt(&keyring, *platform, &claims))
}

fn answer(settings: Result<MessengerSettings, impl Error + 'static>) -> Result<HttpResponse> {
    let settings = settings.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(settings))
}

/// Whoever the request names and proves to be: a handler that asks for it never runs for anybody else.
struct Proved(Verified);

impl FromRequest for Proved {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let authenticator = request.app_data().cloned();
        let sent = <(Path<Platform>, Json<AuthRequestBody>)>::from_request(request, payload);
        Box::pin(async {
            let (platform, body) = sent.await?;
            let authenticator: Data<Authenticator> = authenticator.ok_or_else(|| refused(Rejection::NoSecret))?;
            match authenticator.authenticate(&body.request(*platform, UnixTime::now())) {
                Ok(Admission::Verified(user)) => Ok(Self(user)),
                Ok(Admission::Unverified(user)) => Err(refused(*user.reason())),
                Ok(Admission::Unidentified) => Err(refused(Rejection::MissingProof)),
                Err(reason) => Err(refused(reason)),
            }
        })
    }
}

#[post("/conversations/{platform}")]
async fn conversations(Proved(user): Proved) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "conversations_of": user.identifier() }))
}

/// The client gets Intercom's own answer, and the log gets the reason.
fn refused(reason: Rejection) -> actix_web::Error {
    eprintln!("refused: {}: {reason}", reason.label());
    let error = json!({ "code": reason.answer().code, "message": reason.answer().message });
    let status = StatusCode::from_u16(reason.answer().status_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let answer = HttpResponse::build(status).json(json!({ "type": "error.list", "errors": [error] }));
    InternalError::from_response(reason, answer).into()
}

fn keyring(file: &str) -> Result<Keyring, Box<dyn Error>> {
    let config = Config::builder().add_source(File::new(file, FileFormat::Toml)).build();
    let keyring: Keyring = config.and_then(|config| config.get("keyring")).map_err(|error| match error {
        // Shown whole, it quotes the line that it is about, and that may be the secret's.
        ConfigError::FileParse { cause, .. } => {
            let cause = cause.downcast_ref().map_or("not a TOML file", toml::de::Error::message);
            format!("{file}: {cause}")
        }
        error => format!("{file}: {error}"),
    })?;
    Ok(keyring.require([Platform::Ios, Platform::Android])?)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).unwrap_or_else(|| "intercom.toml".to_owned());
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse()).map_err(|_| "PORT is not a number")?;
    let mut authenticator = Authenticator::new(keyring(&file)?).require_expiry();
    for platform in Platform::ALL {
        authenticator = authenticator.accept(*platform, Proofs::Either);
    }
    // The part that signs has a keyring of its own: in most systems it is another program.
    let (keyring, authenticator) = (Data::new(keyring(&file)?), Data::new(authenticator));
    let app = move || {
        let app = App::new().app_data(keyring.clone()).app_data(authenticator.clone());
        app.service(user_hash).service(user_jwt).service(conversations)
    };
    let server = HttpServer::new(app).bind((Ipv4Addr::LOCALHOST, port))?;
    server.addrs().iter().for_each(|address| println!("listening on http://{address}"));
    Ok(server.run().await?)
}

#[actix_web::main]
async fn main() {
    if let Err(error) = serve().await {
        eprintln!("actix: {error}");
        process::exit(1);
    }
}
