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
    /// Each process is a name, a program and a script.
    pub(crate) fn processes(arguments: &[String]) -> Result<Vec<Self>, &'static str> {
        let (processes, []) = arguments.as_chunks() else {
            return Err("each process is a name, a program and a script");
        };
        let processes = processes.iter().cloned();
        Ok(processes.map(|[name, program, script]| Self::Process { name, program, script }).collect())
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Jsonwebtoken => "Rust's jsonwebtoken",
            Self::Process { name, .. } => name,
        }
    }

    pub(crate) fn signs(&self, algorithm: &str) -> bool {
        !matches!(self, Self::Jsonwebtoken) || algorithm != "none"
    }

    pub(crate) fn sign(&self, key: &str, algorithm: &str, claims: &[&Value]) -> Result<Vec<String>, Box<dyn Error>> {
        if let Self::Jsonwebtoken = self {
            let (header, key) = (Header::new(algorithm.parse()?), EncodingKey::from_secret(key.as_bytes()));
            return claims.iter().map(|claims| Ok(encode(&header, claims, &key)?)).collect();
        }
        let answers = self.ask(key, claims.iter().map(|claims| json!(["sign", algorithm, claims]).to_string()))?;
        answers.iter().map(|token| Ok(token.as_str().ok_or("a token is no text")?.to_owned())).collect()
    }

    /// The claims of each token, or nothing if it is refused.
    pub(crate) fn verify(&self, key: &str, tokens: &[String]) -> Result<Vec<Option<Value>>, Box<dyn Error>> {
        if let Self::Jsonwebtoken = self {
            let key = DecodingKey::from_secret(key.as_bytes());
            let mut validation = Validation::new(Algorithm::HS256);
            validation.required_spec_claims.clear();
            validation.validate_nbf = true;
            let claims = |token| decode(token, &key, &validation).ok().map(|data| data.claims);
            return Ok(tokens.iter().map(claims).collect());
        }
        let answers = self.ask(key, tokens.iter().map(|token| json!(["verify", token]).to_string()))?;
        Ok(answers.into_iter().map(|claims| (!claims.is_null()).then_some(claims)).collect())
    }

    /// Whether the signature of each token holds. The tokens are in JSON, for not all of them are texts to Rust.
    pub(crate) fn open(&self, key: &str, tokens: &[String]) -> Result<Vec<bool>, Box<dyn Error>> {
        if let Self::Jsonwebtoken = self {
            let tokens: Vec<_> = tokens.iter().map(|token| serde_json::from_str(token).unwrap_or_default()).collect();
            return Ok(self.verify(key, &tokens)?.iter().map(Option::is_some).collect());
        }
        let answers = self.ask(key, tokens.iter().map(|token| format!("[\"open\", {token}]")))?;
        Ok(answers.iter().map(|answer| !answer.is_null()).collect())
    }

    /// Whether two values are the same, as far as this peer can tell: JavaScript has no numbers but doubles.
    pub(crate) fn agrees(&self, one: &Value, other: &Value) -> bool {
        let doubles = matches!(self, Self::Process { program, .. } if program == "node");
        match (one, other) {
            (Value::Number(one), Value::Number(other)) if doubles => one.as_f64() == other.as_f64(),
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

    /// Puts a request into each line, and takes the answer from each.
    fn ask(&self, key: &str, requests: impl Iterator<Item = String>) -> Result<Vec<Value>, Box<dyn Error>> {
        let Self::Process { name, program, script } = self else { return Err("no process".into()) };
        let requests: Vec<_> = requests.collect();
        let mut command = Command::new(program);
        let mut process = command.args([script, key, name]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut stdin = process.stdin.take().ok_or("no standard input")?;
        let lines = requests.join("\n");
        let writer = thread::spawn(move || stdin.write_all(lines.as_bytes()));
        let output = process.wait_with_output()?;
        writer.join().map_err(|_| "the writer panicked")??;
        if !output.status.success() {
            return Err(format!("{name} ended with {}", output.status).into());
        }
        let answers =
            str::from_utf8(&output.stdout)?.lines().map(serde_json::from_str).collect::<Result<Vec<_>, _>>()?;
        if answers.len() == requests.len() { Ok(answers) } else { Err(format!("{name} left answers out").into()) }
    }
}
