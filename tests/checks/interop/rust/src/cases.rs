use serde_json::{Value, json};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) claims: Value,
}

const VALID: [(&str, &str); 12] = [
    ("user_id alone", r#"{"user_id":"4711"}"#),
    (
        "five claims",
        r#"{"user_id":"4711","email":"ada@example.com","exp":4102444800,"name":"Ada Lovelace","plan":"pro"}"#,
    ),
    ("times", r#"{"user_id":"4711","iat":1767225600,"nbf":0,"exp":4102444800}"#),
    ("every kind of value", r#"{"user_id":"4711","x":[null,true,false,0,-1,2.5,"",[],{},{"y":[{"z":null}]}]}"#),
    (
        "unicode",
        "{\"user_id\":\"\u{e9} e\u{301} \u{1f600} \u{5d0}\u{202e} \u{10ffff}\",\"email\":\"\u{e5}@\u{e4}.example\"}",
    ),
    ("unicode names", "{\"user_id\":\"4711\",\"\u{1f600}\":1,\"e\u{301}\":2,\"\u{e9}\":3,\"\u{fffe}\":4}"),
    ("line separators", "{\"user_id\":\"4711\",\"x\":\"\u{85} \u{2028} \u{2029}\",\"\u{2028}\":1}"),
    ("escapes", r#"{"user_id":"\"\\\/\b\f\n\r\t\u0000\u001f","x\"\n":"\u007f\uD83D\uDE00"}"#),
    ("empty name", r#"{"user_id":"4711","":{"":""}}"#),
    ("names in capitals", r#"{"user_id":"4711","USER_ID":1,"Email":2,"EXP":3}"#),
    (
        "integers to the limits of a double",
        r#"{"user_id":"4711","x":[9007199254740991,-9007199254740991,9007199254740993]}"#,
    ),
    (
        "integers beyond 64 bits",
        r#"{"user_id":"4711","x":[18446744073709551615,-9223372036854775808,340282366920938463463374607431768211455,
            1000000000000000000000000000000000000000000000000000000000001]}"#,
    ),
];

pub(crate) fn valid() -> Result<Vec<Case>, serde_json::Error> {
    let written = VALID.iter().map(|(name, claims)| Ok(Case { name, claims: serde_json::from_str(claims)? }));
    let nested =
        (0..90).fold(json!("core"), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "x": inner }) });
    let made = [
        Case { name: "nested 90 levels", claims: json!({ "user_id": "4711", "x": nested }) },
        Case { name: "5,000 characters", claims: json!({ "user_id": "4711", "x": "x".repeat(5_000) }) },
    ];
    written.chain(made.map(Ok)).collect()
}

pub(crate) fn expired() -> Case {
    Case { name: "expired", claims: json!({ "user_id": "4711", "exp": 1_000_000_000 }) }
}

pub(crate) fn not_yet_valid() -> Case {
    Case { name: "not yet valid", claims: json!({ "user_id": "4711", "nbf": 4_102_444_800_u32 }) }
}

pub(crate) fn plain() -> Case {
    Case { name: "plain", claims: json!({ "user_id": "4711", "exp": 4_102_444_800_u32 }) }
}
