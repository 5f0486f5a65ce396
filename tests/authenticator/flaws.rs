use intercom_identity::{
    ParseUserHashError,
    Rejection::{self, MalformedUserHash, UserJwtAsUserHash},
};

#[derive(Debug)]
pub(crate) struct Flaw {
    #[expect(dead_code, reason = "it is there to be shown")]
    name: &'static str,
    pub(crate) reason: Rejection,
    pub(crate) spoil: fn(&str) -> String,
}

const fn flaw(name: &'static str, reason: Rejection, spoil: fn(&str) -> String) -> Flaw {
    Flaw { name, reason, spoil }
}

pub(crate) const fn length(found: usize) -> Rejection {
    MalformedUserHash(ParseUserHashError::Length { found })
}

pub(crate) const NOT_HEX: Rejection = MalformedUserHash(ParseUserHashError::NotHex);
pub(crate) const UPPER_CASE: Rejection = MalformedUserHash(ParseUserHashError::UpperCase);

pub(crate) static FLAWS: [Flaw; 31] = [
    flaw("one digit", length(1), |_| "0".into()),
    flaw("first digit left out", length(63), |hash| hash[1..].into()),
    flaw("last digit left out", length(63), |hash| hash[..63].into()),
    flaw("one digit more", length(65), |hash| format!("{hash}0")),
    flaw("twice", length(128), |hash| hash.repeat(2)),
    flaw("space before", length(65), |hash| format!(" {hash}")),
    flaw("space behind", length(65), |hash| format!("{hash} ")),
    flaw("newline behind", length(65), |hash| format!("{hash}\n")),
    flaw("NUL behind", length(65), |hash| format!("{hash}\0")),
    flaw("0x before", length(66), |hash| format!("0x{hash}")),
    flaw("in quotation marks", length(66), |hash| format!("\"{hash}\"")),
    flaw("SHA-1", length(40), |hash| hash[..40].into()),
    flaw("base64", length(44), |_| "qnR8UCqJggD54k+iG6xoE2+IauwnDpMJvNxp8uKstVU=".into()),
    flaw("JSON Web Token", UserJwtAsUserHash, |_| {
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiNDcxMSJ9.AJPFLQQFnOJbBSiaIpTsfbMBkE8qYU1Yko1LmLXwk0k"
            .into()
    }),
    flaw("JSON Web Token of 64 bytes", UserJwtAsUserHash, |hash| format!("eyJ.{}.", &hash[..59])),
    flaw("two parts of a JSON Web Token", length(12), |_| "eyJhbGci.e30".into()),
    flaw("JSON Web Token with a part more", length(14), |_| "eyJhbGci.e30..".into()),
    flaw("three parts that are no JSON Web Token", length(66), |hash| format!(".{hash}.")),
    flaw("two-byte character", length(65), |hash| replace(hash, 5, 'à')),
    flaw("two-byte character in 64 bytes", NOT_HEX, |hash| format!("{}à", &hash[..62])),
    flaw("full-width digit in 64 bytes", NOT_HEX, |hash| format!("{}\u{ff11}", &hash[..61])),
    flaw("0x for two digits", NOT_HEX, |hash| format!("0x{}", &hash[2..])),
    flaw("space for the first digit", NOT_HEX, |hash| replace(hash, 0, ' ')),
    flaw("newline for the last digit", NOT_HEX, |hash| replace(hash, 63, '\n')),
    flaw("g", NOT_HEX, |hash| replace(hash, 31, 'g')),
    flaw("G", NOT_HEX, |hash| replace(hash, 32, 'G')),
    flaw("what ASCII has before 0", NOT_HEX, |hash| replace(hash, 0, '/')),
    flaw("what ASCII has behind 9", NOT_HEX, |hash| replace(hash, 63, ':')),
    flaw("what ASCII has before A", NOT_HEX, |hash| replace(hash, 0, '@')),
    flaw("what ASCII has before a", NOT_HEX, |hash| replace(hash, 63, '`')),
    flaw("upper case as well", NOT_HEX, |hash| replace(&hash.to_uppercase(), 0, 'x')),
];

pub(crate) fn replace(hash: &str, position: usize, replacement: char) -> String {
    hash.chars().enumerate().map(|(at, digit)| if at == position { replacement } else { digit }).collect()
}
