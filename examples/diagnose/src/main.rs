//! The support tool: finds out why identity verification refuses a user.
//!
//! [`Authenticator::diagnose`] knows no text of a secret. This tool does, so it also finds the senders that key with
//! another form of it. It takes what the client sent, and the secrets from the environment as `app_server` does:
//!
//! ```sh
//! INTERCOM_SECRET_WEB=… cargo run -p diagnose -- --platform web - <request.json
//! ```

mod secrets;

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use intercom_identity::{
    ParseUserHashError, Platform, Secret, UnixTime, UserHash, UserId,
    jwt::JwtError,
    verify::{Admission, AuthRequest, AuthRequestBody, Authenticator, Enforcement, Rejection},
};
use lexopt::Arg::{Long, Short, Value};
use secrets::{SECRET_FORMS, Secrets, UNKEYED, authenticator, exact};
use sha2::{Digest, Sha256};

const HELP: &str = "\
Finds out why Intercom's identity verification refuses a user.

Usage: diagnose --platform PLATFORM [OPTIONS]
       diagnose --platform PLATFORM - <request.json

  --platform PLATFORM  where the client runs: ios, android or web
  -                    what it sent, as JSON on standard input: user_id, email, user_hash, user_jwt
  --user-id ID, --email EMAIL, --user-hash HASH, --user-jwt TOKEN: the same as options
  --known-user-id ID   the user's id in your records, if the client sends only the email or another id
  --at SECONDS         when it was sent, in seconds since 1970; now, unless set
  --raw-secrets        take the secrets as they are: those of other vendors may be short

The secrets come from INTERCOM_SECRET_IOS, INTERCOM_SECRET_ANDROID and INTERCOM_SECRET_WEB. Set all that you have:
the app server may sign with the secret of another platform. During a rotation, put a comma between two secrets.

Prefer standard input: options stay in the history of your shell, and a user hash never expires. The verdict shows no
secret, no hash and no identifier. It is for your team. Never send it to a client.

Exit code: 0 the proof is valid, 1 it is not and the cause is known, 2 it is not and the cause is unknown, 64 wrong use
";

const MATCH: &str = "\
MATCH: the proof is valid. If a server refuses it, compare that server's secrets with these.
";
const OLDER: &str =
    "It was made with an older secret of this platform: keep that one until no app holds such a proof.\n";
const VISITOR: &str = "\
NO USER: the client sends no user_id and no email, so nothing is verified. For a visitor, that is right: an app needs
loginUnidentifiedUser and no proof. For a user who is logged in, send the user_id.
";
const TOO_LONG: &str = "\
Cause: unknown. A name or a hash of more than 1 KiB, or a token of more than 8 KiB, is not looked into: what did the
client put there?
";
const UNEXPLAINED: &str = "\
Cause: unknown. These leave no trace, so check them one by one:
- The app server has the secret of another workspace: a test workspace has secrets of its own.
- The app server has a secret that was deleted in Intercom, or the app has kept a proof made with it.
- Someone made the proof up.
";
const WITHOUT_EMAIL: &str = "- The app server signs the email of this user: run this again with --email.\n";
const WITHOUT_KNOWN_ID: &str = "- The app server signs another id of this user: run this again with --known-user-id.\n";

/// What a client sent, and what support knows about it.
struct Sent {
    platform: Platform,
    body: AuthRequestBody,
    /// Every field that is a text.
    fields: BTreeMap<String, String>,
    known_user_id: Option<String>,
    at: UnixTime,
    raw_secrets: bool,
}

/// `None` if help is asked for. No error quotes a value: it may be a hash or a secret.
fn read() -> Result<Option<Sent>, Box<dyn Error>> {
    const OPTIONS: [&str; 7] = ["platform", "user-id", "email", "user-hash", "user-jwt", "known-user-id", "at"];

    let (mut options, mut json, mut raw_secrets) = (BTreeMap::new(), None, false);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next().map_err(|_| "an option has a value that it does not take")? {
        match argument {
            Long("help") | Short('h') => return Ok(None),
            Long("raw-secrets") => raw_secrets = true,
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
        fields: fields.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect(),
        known_user_id,
        at: at.unwrap_or_else(|| Some(UnixTime::now())).ok_or("--at takes seconds since 1970, not milliseconds")?,
        raw_secrets,
    }))
}

const UPPER_CASE: Rejection = Rejection::MalformedUserHash(ParseUserHashError::UpperCase);
const SIGNATURE: Rejection = Rejection::InvalidUserJwt(JwtError::Signature);
const HMAC: &str = "use HMAC-SHA256, with the secret as the key and the identifier as the message";
const SWAPPED: &str = "the app server swaps key and message: the secret is the key, the identifier is the message";

impl Sent {
    fn field(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.fields.get(*name)).map(String::as_str)
    }

    fn user_hash(&self) -> &str {
        self.field(&["user_hash", "userHash"]).unwrap_or_default()
    }

    fn is_too_long(&self) -> bool {
        let is_token = |name: &str| name.to_lowercase().ends_with("jwt");
        let known = self.known_user_id.iter().map(|id| ("", id));
        let mut fields = self.fields.iter().map(|(name, text)| (name.as_str(), text)).chain(known);
        fields.any(|(name, text)| text.len() > if is_token(name) { 8192 } else { 1024 })
    }

    fn request(&self) -> AuthRequest<'_> {
        let request = self.body.request(self.platform, self.at);
        self.known_user_id.as_deref().map_or(request, |user_id| request.known_user_id(user_id))
    }

    /// The mistakes that made what was sent, if they are known. Upper case is not one of them: the reason says it.
    fn causes(&self, secrets: &Secrets, reason: Rejection) -> Option<Vec<String>> {
        let lower_case = self.user_hash().to_lowercase();
        let request = if reason == UPPER_CASE { self.request().user_hash(&lower_case) } else { self.request() };
        for (form, cause) in SECRET_FORMS {
            if let Some(more) = explain(&authenticator(secrets, form), &request, reason) {
                return Some(cause.map(str::to_owned).into_iter().chain(more).collect());
            }
        }
        // No HMAC, or one with key and message swapped.
        let user_hash: UserHash = lower_case.trim().parse().ok()?;
        let names = [self.field(&["user_id", "userId"]), self.field(&["email"]), self.known_user_id.as_deref()];
        for name in names.into_iter().flatten() {
            let key = Secret::from_raw_key(name.as_bytes());
            for (_, text) in secrets {
                if let (Ok(key), Ok(text)) = (&key, UserId::new(text))
                    && user_hash.verify(key, text).is_ok()
                {
                    return Some(vec![SWAPPED.to_owned()]);
                }
                let is_sent = |message: &String| Sha256::digest(message)[..] == user_hash.to_bytes();
                if let Some((_, what)) = UNKEYED.iter().find(|(message, _)| is_sent(&message(text, name))) {
                    return Some(vec![format!("the hash is the SHA-256 of {what}: {HMAC}")]);
                }
            }
        }
        None
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
        Rejection::IdentityMismatch => {
            ", of another user or by another id of the same user: sign the id that the client sends, and let the client \
             fetch a new token after each login"
        }
        _ => "",
    }
}

/// The report and the exit code.
fn run() -> Result<(String, u8), Box<dyn Error>> {
    let Some(sent) = read()? else { return Ok((HELP.to_owned(), 0)) };
    let secrets = secrets::read(sent.platform, sent.raw_secrets)?;
    let authenticator = authenticator(&secrets, exact);
    let refused = match authenticator.authenticate_with(&sent.request(), Enforcement::Observe)? {
        Admission::Unverified(user) => user,
        Admission::Verified(user) => {
            return Ok((if user.by_signing_secret() { MATCH.to_owned() } else { format!("{MATCH}{OLDER}") }, 0));
        }
        Admission::Unidentified => return Ok((VISITOR.to_owned(), 1)),
    };
    let reason = *refused.reason();
    let mut report = format!("NO MATCH: {reason}{}.\n", advice(reason));
    let causes = sent.causes(&secrets, reason);
    report.extend(causes.iter().flatten().map(|cause| format!("Cause: {cause}.\n")));
    if causes.is_some() {
        return Ok((report, 1));
    }
    if sent.is_too_long() {
        return Ok((report + TOO_LONG, 2));
    }
    if ![Rejection::UserHashMismatch, UPPER_CASE, SIGNATURE].contains(&reason) {
        return Ok((report, 1));
    }
    report += UNEXPLAINED;
    let names = refused.claimed();
    let has_email = names.is_none_or(|identity| identity.email().is_some());
    report += if has_email || reason == SIGNATURE { "" } else { WITHOUT_EMAIL };
    report += if sent.known_user_id.is_some() || reason == SIGNATURE { "" } else { WITHOUT_KNOWN_ID };
    Ok((report, 2))
}

fn main() -> ExitCode {
    match run() {
        Ok((report, code)) => {
            // Nobody reads a closed pipe.
            let _ = io::stdout().write_all(report.as_bytes());
            code.into()
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "diagnose: {error}. Try --help.");
            64.into()
        }
    }
}
