//! The support tool: finds out why identity verification refuses a user.
//!
//! [`Authenticator::diagnose`] knows no text of a secret. This tool does, so it also finds the senders that key with
//! another form of it. It takes what the client sent, and the secrets from the environment as `app_server` does:
//!
//! ```sh
//! INTERCOM_SECRET_WEB=… cargo run --features jwt --example diagnose -- --platform web - <request.json
//! ```

use std::{collections::BTreeMap, env, error::Error, io, process::ExitCode};

use base64::{Engine, alphabet, engine};
use intercom_identity::{
    Keyring, ParseUserHashError, Platform, Secret, UnixTime, UserHash, UserId,
    jwt::JwtError,
    verify::{Admission, AuthRequest, AuthRequestBody, Authenticator, Enforcement, Proofs, Rejection, Unverified},
};
use lexopt::Arg::{Long, Short, Value};

const HELP: &str = "\
Finds out why Intercom's identity verification refuses a user.

Usage: diagnose --platform PLATFORM [OPTIONS]
       diagnose --platform PLATFORM - <request.json

  --platform PLATFORM  where the client runs: ios, android or web
  -                    what it sent, as JSON on standard input: user_id, email, user_hash, user_jwt
  --user-id ID, --email EMAIL, --user-hash HASH, --user-jwt TOKEN: the same as options
  --known-user-id ID   the user's id in your records, if the client sends only the email or another id
  --at SECONDS         when it was sent, in seconds since 1970; now, unless set

The secrets come from INTERCOM_SECRET_IOS, INTERCOM_SECRET_ANDROID and INTERCOM_SECRET_WEB. Set all that you have:
the app server may sign with the secret of another platform.

Prefer standard input: options stay in the history of your shell, and a user hash never expires. The verdict shows no
secret, no hash and no identifier. It is for your team. Never send it to a client.

Exit code: 0 the proof is valid, 1 it is not and the cause is known, 2 it is not and the cause is unknown, 64 wrong use
";

const UNEXPLAINED: &str = "\
Cause: unknown. These leave no trace, so check them one by one:
- The app server has the secret of another workspace: a test workspace has secrets of its own.
- The app server has a secret that was deleted in Intercom, or the app has kept a hash made with it.
- The app server signs another id of this user: run this again with --known-user-id.
- Someone made the proof up.";

/// What a client sent, and what support knows about it.
struct Sent {
    platform: Platform,
    body: AuthRequestBody,
    user_hash: String,
    known_user_id: Option<String>,
    at: UnixTime,
}

/// `None` if help is asked for. No error quotes a value: it may be a hash or a secret.
fn read() -> Result<Option<Sent>, Box<dyn Error>> {
    const OPTIONS: [&str; 7] = ["platform", "user-id", "email", "user-hash", "user-jwt", "known-user-id", "at"];

    let (mut options, mut json) = (BTreeMap::new(), None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next().map_err(|_| "an option has a value that it does not take")? {
        match argument {
            Long("help") | Short('h') => return Ok(None),
            Value(dash) if dash == "-" => json = Some(io::read_to_string(io::stdin())?),
            Long(option) if OPTIONS.contains(&option) => {
                let option = option.to_owned();
                let value = arguments.value().ok().and_then(|value| value.into_string().ok());
                let value = value.ok_or_else(|| format!("--{option} needs a value, in UTF-8"))?;
                options.insert(option.replace('-', "_"), value);
            }
            Long(option) => return Err(format!("unknown option --{option}").into()),
            Value(_) | Short(_) => return Err("a value without an option: write --user-hash HASH, for example".into()),
        }
    }
    let platform = options.remove("platform").ok_or("--platform is missing: ios, android or web")?;
    let at = options.remove("at").map(|at| UnixTime::from_seconds(at.parse().ok()?).ok());
    let known_user_id = options.remove("known_user_id");
    let json = match json {
        None if !options.is_empty() => serde_json::to_string(&options)?,
        Some(json) if options.is_empty() => json,
        _ => return Err("what did the client send? Give either options, or - and JSON".into()),
    };
    let fields: BTreeMap<String, serde_json::Value> = serde_json::from_str(&json).unwrap_or_default();
    Ok(Some(Sent {
        platform: platform.parse().map_err(|error| format!("--platform: {error}"))?,
        body: serde_json::from_str(&json).map_err(|error| format!("standard input: {error}"))?,
        user_hash: fields.get("user_hash").and_then(|hash| hash.as_str()).unwrap_or_default().to_owned(),
        known_user_id,
        at: at.unwrap_or_else(|| Some(UnixTime::now())).ok_or("--at takes seconds since 1970, not milliseconds")?,
    }))
}

/// The texts of the secrets, which must be such as Intercom shows.
fn secrets(asked_for: Platform) -> Result<Vec<(Platform, String)>, Box<dyn Error>> {
    let mut secrets = Vec::new();
    for platform in Platform::ALL {
        let variable = format!("INTERCOM_SECRET_{}", platform.as_str().to_uppercase());
        if let Some(text) = env::var_os(&variable) {
            let text = text.into_string().map_err(|_| format!("{variable}: the secret is not UTF-8"))?;
            Secret::new(&text).map_err(|error| format!("{variable}: {error}"))?;
            secrets.push((*platform, text));
        } else if *platform == asked_for {
            return Err(format!("{variable} is not set: copy the secret from Intercom's settings").into());
        }
    }
    Ok(secrets)
}

const LINE_BREAK: &str = "the app server's secret ends in a line break: trim it where the app server reads it";
const QUOTES: &str = "the app server's secret is in quotes: remove them where it is set (docker --env-file keeps them)";
const DECODED: &str = "the app server decodes the secret from base64: key with its characters as they are";
const SWAPPED: &str = "the app server swaps key and message: the secret is the key, the identifier is the message";
const OTHER_ID: &str = "the app server signs the id in your records, but the client sends another: use one for both";

/// The key that a sender makes of a secret's text.
type Key = fn(&str) -> Option<Vec<u8>>;

const RIGHT: Key = |text| Some(text.into());
const KEYS: [(Key, Option<&str>); 6] = [
    (RIGHT, None),
    (|text| Some(format!("{text}\n").into()), Some(LINE_BREAK)),
    (|text| Some(format!("{text}\r\n").into()), Some(LINE_BREAK)),
    (|text| Some(format!("\"{text}\"").into()), Some(QUOTES)),
    (|text| Some(format!("'{text}'").into()), Some(QUOTES)),
    (decoded, Some(DECODED)),
];

/// In either alphabet, and as leniently as most languages decode.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let lenient = engine::general_purpose::NO_PAD.with_decode_allow_trailing_bits(true);
    let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    engine::GeneralPurpose::new(&alphabet::URL_SAFE, lenient).decode(text).ok()
}

fn authenticator(secrets: &[(Platform, String)], key: Key) -> Authenticator {
    let keys = secrets.iter().filter_map(|(platform, text)| Some((platform, Secret::from_raw_key(&key(text)?).ok()?)));
    let keyring = keys.fold(Keyring::new(), |keyring, (platform, secret)| keyring.with([platform], secret));
    Platform::ALL.iter().fold(Authenticator::new(keyring), |all, platform| all.accept(*platform, Proofs::Either))
}

const UPPER_CASE: Rejection = Rejection::MalformedUserHash(ParseUserHashError::UpperCase);
const SIGNATURE: Rejection = Rejection::InvalidUserJwt(JwtError::Signature);

impl Sent {
    fn request(&self) -> AuthRequest<'_> {
        let request = self.body.request(self.platform, self.at);
        self.known_user_id.as_deref().map_or(request, |user_id| request.known_user_id(user_id))
    }

    /// The mistakes that made what was sent, if they are known. Upper case is none of them: the reason says it.
    fn causes(&self, secrets: &[(Platform, String)], refused: &Unverified) -> Option<Vec<String>> {
        let (reason, lower_case) = (*refused.reason(), self.user_hash.to_lowercase());
        let request = if reason == UPPER_CASE { self.request().user_hash(&lower_case) } else { self.request() };
        let other_id = self.known_user_id.as_deref().and_then(|user_id| UserId::new(user_id).ok());
        let other_id = other_id.map(|user_id| (request.identity(user_id), Some(OTHER_ID)));
        for (key, altered) in KEYS {
            let authenticator = authenticator(secrets, key);
            for (request, other_id) in [(request, None)].into_iter().chain(other_id) {
                if let Some(more) = explain(&authenticator, &request, reason) {
                    return Some(altered.into_iter().chain(other_id).map(str::to_owned).chain(more).collect());
                }
            }
        }
        let user_hash: UserHash = lower_case.trim().parse().ok()?;
        let key = Secret::from_raw_key(refused.claimed()?.identifier().as_bytes()).ok()?;
        let is_message = |text| UserId::new(text).is_ok_and(|text| user_hash.verify(&key, text).is_ok());
        secrets.iter().any(|(_, text)| is_message(text)).then(|| vec![SWAPPED.to_owned()])
    }
}

/// What else is wrong if these are the keys; `None` if they do not explain it.
fn explain(authenticator: &Authenticator, request: &AuthRequest<'_>, refused: Rejection) -> Option<Vec<String>> {
    let Err(reason) = authenticator.authenticate(request) else { return Some(Vec::new()) };
    // With this key the signature holds, so something else about the token is wrong.
    let signature_holds = refused == SIGNATURE && ![SIGNATURE, Rejection::NoSecret].contains(&reason);
    let mistakes = authenticator.diagnose(request).into_iter().map(|mistake| mistake.to_string());
    let more: Vec<_> = mistakes.chain(signature_holds.then(|| reason.to_string())).collect();
    (!more.is_empty()).then_some(more)
}

/// What to do about a rejection that does not say it itself.
fn advice(reason: Rejection) -> &'static str {
    match reason {
        Rejection::MissingProof => ": set it in the client before the login, and send it again with every update",
        Rejection::UserJwtAsUserHash => ": send it as intercom_user_jwt on the web, by setUserJwt in an app",
        Rejection::UserHashAndUserJwt => ": send the token alone",
        Rejection::IdentityMismatch => ": let the client fetch a new token after each login",
        Rejection::InvalidUserJwt(JwtError::Expired) => ": let the client fetch a new token before the old one expires",
        _ => "",
    }
}

fn run() -> Result<u8, Box<dyn Error>> {
    let Some(sent) = read()? else {
        print!("{HELP}");
        return Ok(0);
    };
    let secrets = secrets(sent.platform)?;
    let authenticator = authenticator(&secrets, RIGHT);
    let refused = match authenticator.authenticate_with(&sent.request(), Enforcement::Observe)? {
        Admission::Unverified(user) => user,
        Admission::Verified(_) => {
            println!("MATCH: the proof is valid. If a server refuses it, compare that server's secrets with these.");
            return Ok(0);
        }
        Admission::Unidentified => {
            println!("NO USER: the client sends no user_id and no email, so nothing is verified: send one of them.");
            return Ok(1);
        }
    };
    let reason = *refused.reason();
    println!("NO MATCH: {reason}{}.", advice(reason));
    let causes = sent.causes(&secrets, &refused);
    for cause in causes.iter().flatten() {
        println!("Cause: {cause}.");
    }
    if causes.is_none() && [Rejection::UserHashMismatch, UPPER_CASE, SIGNATURE].contains(&reason) {
        println!("{UNEXPLAINED}");
        return Ok(2);
    }
    Ok(1)
}

fn main() -> ExitCode {
    ExitCode::from(run().unwrap_or_else(|error| {
        eprintln!("diagnose: {error}. Try --help.");
        64
    }))
}
