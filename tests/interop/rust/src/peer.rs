use std::{
    error::Error,
    io::Write,
    process::{Command, Stdio},
    thread,
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::{Value, json};

/// Another implementation.
pub(crate) enum Peer {
    Jsonwebtoken,
    Process { name: String, program: String, script: String },
}

impl Peer {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Jsonwebtoken => "jsonwebtoken",
            Self::Process { name, .. } => name,
        }
    }

    pub(crate) fn signs(&self, algorithm: &str) -> bool {
        !matches!(self, Self::Jsonwebtoken) || algorithm != "none"
    }

    pub(crate) fn sign(&self, key: &str, algorithm: &str, claims: &[&Value]) -> Result<Vec<String>, Box<dyn Error>> {
        match self {
            Self::Jsonwebtoken => {
                let (header, key) = (Header::new(algorithm.parse()?), EncodingKey::from_secret(key.as_bytes()));
                claims.iter().map(|claims| Ok(encode(&header, claims, &key)?)).collect()
            }
            Self::Process { program, script, .. } => {
                let requests: Vec<_> = claims.iter().map(|claims| json!(["sign", algorithm, claims])).collect();
                let answers = ask(program, script, key, &requests)?.into_iter();
                answers.map(|token| Ok(token.as_str().ok_or("a token is no text")?.to_owned())).collect()
            }
        }
    }

    /// The claims of each token, or nothing if it is refused.
    pub(crate) fn verify(&self, key: &str, tokens: &[String]) -> Result<Vec<Option<Value>>, Box<dyn Error>> {
        match self {
            Self::Jsonwebtoken => {
                let key = DecodingKey::from_secret(key.as_bytes());
                let mut validation = Validation::new(Algorithm::HS256);
                validation.required_spec_claims.clear();
                validation.validate_nbf = true;
                Ok(tokens.iter().map(|token| decode(token, &key, &validation).ok().map(|data| data.claims)).collect())
            }
            Self::Process { program, script, .. } => {
                let requests: Vec<_> = tokens.iter().map(|token| json!(["verify", token])).collect();
                let answers = ask(program, script, key, &requests)?.into_iter();
                Ok(answers.map(|claims| (!claims.is_null()).then_some(claims)).collect())
            }
        }
    }

    /// Whether two values are the same, as far as this peer can tell: JavaScript has no numbers but doubles.
    pub(crate) fn agrees(&self, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Number(one), Value::Number(other)) if self.name() == "jose" => one.as_f64() == other.as_f64(),
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.agrees(one, other))
            }
            (Value::Object(one), Value::Object(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| self.agrees(one, other)))
            }
            _ => one == other,
        }
    }
}

/// Puts a request into each line, and takes the answer from each.
fn ask(program: &str, script: &str, key: &str, requests: &[Value]) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut process = Command::new(program).args([script, key]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = process.stdin.take().ok_or("no standard input")?;
    let lines = requests.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = process.wait_with_output()?;
    writer.join().map_err(|_| "the writer panicked")??;
    if !output.status.success() {
        return Err(format!("{program} ended with {}", output.status).into());
    }
    let answers = str::from_utf8(&output.stdout)?.lines().map(serde_json::from_str).collect::<Result<Vec<_>, _>>()?;
    if answers.len() == requests.len() { Ok(answers) } else { Err(format!("{program} left answers out").into()) }
}
