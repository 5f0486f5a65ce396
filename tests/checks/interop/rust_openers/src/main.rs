//! Opens tokens with a library of Rust: each line is ["open", token]. The arguments are the key and the library.

use std::io::{Read, stdin};

use serde_json::Value;

/// Whether the library takes the token.
type Open = fn(&str, &str) -> bool;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, key, name] = arguments.as_slice() else { panic!("the arguments are a key and a library") };
    let open: Open = match name.as_str() {
        "Rust's jwt-simple" => |key, token| {
            use jwt_simple::{
                algorithms::{HS256Key, MACLike},
                claims::NoCustomClaims,
            };
            HS256Key::from_bytes(key.as_bytes()).verify_token::<NoCustomClaims>(token, None).is_ok()
        },
        "josekit" => |key, token| {
            let verifier = josekit::jws::HS256.verifier_from_bytes(key).expect("the key is long enough");
            josekit::jwt::decode_with_verifier(token, &verifier).is_ok()
        },
        "biscuit" => |key, token| {
            use biscuit::{ClaimsSet, JWT, jwa::SignatureAlgorithm, jws::Secret};
            let secret = Secret::Bytes(key.as_bytes().to_vec());
            JWT::<ClaimsSet<Value>, Value>::new_encoded(token).into_decoded(&secret, SignatureAlgorithm::HS256).is_ok()
        },
        name => panic!("there is no {name}"),
    };
    let mut lines = String::new();
    stdin().read_to_string(&mut lines).expect("lines of text");
    for line in lines.lines() {
        // What is half a surrogate pair is no text to Rust.
        let request: Vec<String> = serde_json::from_str(line).unwrap_or_default();
        println!("{}", if request.get(1).is_some_and(|token| open(key, token)) { "true" } else { "null" });
    }
}
