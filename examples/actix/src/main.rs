//! The back end of an app, on `actix-web`: it signs for its users, and it checks who its clients say they are.
//!
//! ```sh
//! cargo run -p actix -- examples/actix/intercom.toml
//! curl -u ada@example.com:lovelace localhost:3000/intercom/ios/user-jwt
//! ```
//!
//! The configuration is the TOML file in the first argument, else `intercom.toml`. An environment variable replaces
//! one value of it: `APP_INTERCOM__WEB` the secrets for the web, `APP_ENFORCEMENT__IOS` how iOS is enforced. It listens on
//! the port in `PORT`, else 3000.

use std::{
    collections::HashMap, env, error::Error, fmt::Write, net::Ipv4Addr, pin::Pin, process, sync::Mutex, time::Duration,
};

use actix_web::{
    App, FromRequest, HttpRequest, HttpResponse, HttpServer, Result,
    dev::Payload,
    error::{ErrorInternalServerError, ErrorUnauthorized, InternalError},
    get,
    http::{StatusCode, header::CACHE_CONTROL},
    post,
    web::{Data, Json, JsonConfig, Path},
};
use actix_web_httpauth::extractors::basic::BasicAuth;
use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use intercom_identity::{
    Email, Identity, Keyring, MessengerSettings, Platform, UnixTime, UserId,
    jwt::UserClaims,
    verify::{Admission, AuthRequest, AuthRequestBody, Authenticator, Enforcement, Proofs, Rejection, Verified},
};
use serde::{Deserialize, Serialize};
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
            let is_sent = |user: &Self| user.email == sent.user_id() && Some(user.password) == sent.password();
            USERS.into_iter().find(is_sent).ok_or_else(|| ErrorUnauthorized("wrong email or password"))
        })
    }
}

/// Signs the id of the request's own user, never one that the caller sends: else anybody gets anybody's hash.
#[get("/intercom/{platform}/user-hash")]
async fn user_hash(user: User, platform: Path<Platform>, server: Data<Authenticator>) -> Result<HttpResponse> {
    // A UUID has lower-case digits here and upper-case digits on iOS: the app must send the text that it gets.
    let id = user.id.to_string();
    let identity = UserId::new(&id).and_then(|id| id.with_email(Some(user.email))).map_err(ErrorInternalServerError)?;
    settings(MessengerSettings::with_user_hash(server.keyring(), *platform, identity))
}

/// The same with a token that is always fresh. The SDKs' `setUserJwtProvider` asks for one again and again.
#[get("/intercom/{platform}/user-jwt")]
async fn user_jwt(user: User, platform: Path<Platform>, server: Data<Authenticator>) -> Result<HttpResponse> {
    let id = user.id.to_string();
    let in_an_hour = UnixTime::now() + Duration::from_secs(3600);
    let claims = UserClaims::new(UserId::new(&id).map_err(ErrorInternalServerError)?, in_an_hour)
        .email(Email::new(user.email).map_err(ErrorInternalServerError)?);
    settings(MessengerSettings::with_user_jwt(server.keyring(), *platform, &claims))
}

fn settings(settings: Result<MessengerSettings, impl Error + 'static>) -> Result<HttpResponse> {
    let settings = settings.map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(settings))
}

/// The outcome of an accepted request: for handlers that must go on as before while `Observe` or `RefuseInvalid` roll
/// verification out.
struct Admitted(Admission);

impl FromRequest for Admitted {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let here = <(Data<Authenticator>, Path<Platform>)>::from_request(request, payload);
        let body = Json::<AuthRequestBody>::from_request(request, payload);
        Box::pin(async {
            let (server, platform) = here.await?;
            let body = body.await.map_err(|error| {
                let error_list = [json!({ "code": "parameter_invalid", "message": "The body cannot be read" })];
                let answer = json!({ "type": "error.list", "errors": error_list });
                let status = error.as_response_error().status_code();
                refused(status, answer, format!("refused on {platform}: unreadable_body: {error}"))
            })?;
            let sent = body.request(*platform, UnixTime::now());
            match server.authenticate(&sent) {
                Ok(Admission::Unverified(user)) => {
                    eprintln!("unverified on {platform}: {}", explain(&server, &sent, user.reason()));
                    Ok(Self(Admission::Unverified(user)))
                }
                Ok(admission) => Ok(Self(admission)),
                Err(reason) => {
                    Err(rejected(reason, format!("refused on {platform}: {}", explain(&server, &sent, &reason))))
                }
            }
        })
    }
}

/// A user with a valid proof, however the platform is enforced: for what is private.
///
/// `Option<Proved>` refuses nobody: it is `None` for visitors, and for users whose proof fails. Use it for what anybody may
/// see.
struct Proved(Verified);

impl FromRequest for Proved {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = Admitted::from_request(request, payload);
        Box::pin(async {
            let Admitted(admission) = admitted.await?;
            let reason = match admission {
                Admission::Verified(user) => return Ok(Self(user)),
                Admission::Unverified(user) => *user.reason(),
                Admission::Unidentified => Rejection::MissingProof,
            };
            Err(rejected(reason, format!("refused as not proved: {}", reason.label())))
        })
    }
}

/// A rollout changes nothing here: users without a valid proof are served as before, as whom they claim to be.
#[post("/session/{platform}")]
async fn session(Admitted(admission): Admitted) -> HttpResponse {
    let user = match &admission {
        Admission::Verified(user) => Some(user.identity()),
        Admission::Unverified(user) => user.claimed(),
        Admission::Unidentified => None,
    };
    HttpResponse::Ok().json(json!({ "admission": admission.label(), "user": user.as_ref().map(key) }))
}

#[post("/conversations/{platform}")]
async fn conversations(Proved(user): Proved) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "conversations_of": key(&user.identity()) }))
}

#[post("/greeting/{platform}")]
async fn greeting(user: Option<Proved>) -> &'static str {
    if user.is_some() { "Welcome back!" } else { "Hello!" }
}

/// The key to store a user's data by. The kind is part of it: a proved email must not open the data of a user whose
/// `user_id` is the same text.
fn key<'a>(user: &'a Identity<'_>) -> (&'static str, &'a str) {
    (user.kind(), user.identifier())
}

/// For the log alone.
fn explain(server: &Authenticator, sent: &AuthRequest<'_>, reason: &Rejection) -> String {
    static DIAGNOSIS: Mutex<()> = Mutex::new(());
    let mut text = format!("{}: {reason}", reason.label());
    // One at a time: a diagnosis takes dozens of hashes, and strangers can cause it.
    if let Ok(_turn) = DIAGNOSIS.try_lock() {
        for mistake in server.diagnose(sent) {
            let _ = write!(text, "; {}: {mistake}", mistake.label());
        }
    }
    text
}

fn rejected(reason: Rejection, log: String) -> actix_web::Error {
    let answer = reason.answer();
    refused(StatusCode::from_u16(answer.status_code).unwrap_or(StatusCode::UNAUTHORIZED), answer, log)
}

/// Every failed check has the same body. By the id in the header, the operator finds the reason in the log.
fn refused(status: StatusCode, answer: impl Serialize, log: String) -> actix_web::Error {
    let id = Uuid::new_v4().to_string();
    eprintln!("request {id}: {log}");
    let answer = HttpResponse::build(status).insert_header(("x-request-id", id)).json(answer);
    InternalError::from_response(log, answer).into()
}

#[derive(Deserialize)]
struct Configuration {
    intercom: Keyring,
    #[serde(default)]
    enforcement: HashMap<Platform, Enforcement>,
}

fn configuration(file: &str) -> Result<Configuration, Box<dyn Error>> {
    let configuration = Figment::from(Toml::file_exact(file)).merge(Env::prefixed("APP_").split("__"));
    // The first line says where the file is wrong; the others show that place, and so a secret.
    Ok(configuration.extract().map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())?)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).unwrap_or_else(|| "intercom.toml".to_owned());
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse()).map_err(|_| "PORT is not a number")?;
    let Configuration { intercom, enforcement } =
        configuration(&file).map_err(|error| format!("{file} and APP_*: {error}"))?;
    let mut server = Authenticator::new(intercom.require([Platform::Ios, Platform::Android])?).require_expiry();
    for &platform in Platform::ALL {
        let enforcement = enforcement.get(&platform).copied().unwrap_or_default();
        server = server.accept(platform, Proofs::Either).enforcement(platform, enforcement);
    }
    let server = Data::new(server);
    let app = move || {
        // A token may have 8 KiB.
        let app = App::new().app_data(server.clone()).app_data(JsonConfig::default().limit(16 * 1024));
        app.service(user_hash).service(user_jwt).service(session).service(conversations).service(greeting)
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
