//! The example `diagnose`, started as a process. Python's `hmac` made every hash and token.

use std::io::Write;
use std::process::{Command, Stdio};

use support::TestResult;

#[path = "../../../tests/support/mod.rs"]
mod support;

const WEB: (&str, &str) = ("INTERCOM_SECRET_WEB", "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY");
const IOS: (&str, &str) = ("INTERCOM_SECRET_IOS", "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z");
const ANDROID: (&str, &str) = ("INTERCOM_SECRET_ANDROID", WEB.1);

/// Of `user-7` under the secret for the web.
const RIGHT: &str = "c4b0fafec53d1e293149ae65b53b59e1bb474a06e5dc5825c28ba8f7e704cbc9";
/// The signature of `{"user_id":"user-7","exp":1767229200}` under it.
const SIGNATURE: &str = "1HtpWT51uLZKQyq_Q_MYKtJKJYji1T-E9MYJC6MENZI";

fn token(signature: &str) -> String {
    format!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidXNlci03IiwiZXhwIjoxNzY3MjI5MjAwfQ.{signature}")
}

/// Runs the tool: its exit code and all that it prints, which has nothing private.
fn run(secrets: &[(&str, &str)], arguments: &[&str], stdin: &str) -> TestResult<(i32, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diagnose"));
    command.env_remove(WEB.0).env_remove(IOS.0).env_remove(ANDROID.0).envs(secrets.iter().copied()).args(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // It fails if the tool ends without reading.
    let _ = child.stdin.take().ok_or("no standard input")?.write_all(stdin.as_bytes());
    let output = child.wait_with_output()?;
    let printed = String::from_utf8([output.stdout, output.stderr].concat())?;

    let sent = arguments.iter().flat_map(|text| text.split('=')).chain(stdin.split('"').filter(|text| text.len() > 20));
    for private in sent.chain([WEB.1, IOS.1]).filter(|text| text.len() > 3 && !text.starts_with("--")) {
        assert!(!printed.contains(private), "{private} in {printed}");
    }
    Ok((output.status.code().ok_or("ended by a signal")?, printed))
}

/// What the tool finds for the web, whose secret is Android's too.
fn find(arguments: &[&str]) -> TestResult<(i32, String)> {
    run(&[WEB, IOS, ANDROID], &[&["--at", "1767225600", "--platform", "web"], arguments].concat(), "")
}

#[test]
fn a_valid_proof_has_exit_code_0() -> TestResult {
    let of_email = "ef2c2e3d6d95d3dedabdaf4097044423d5dbc0e68c30a9699e2a90b8be756db6";
    let matches = "MATCH: the proof is valid. If a server refuses it, compare that server's secrets with these.\n";
    for arguments in [
        ["--user-id", "user-7", "--user-hash", RIGHT],
        ["--user-id", "user-7", "--user-jwt", &token(SIGNATURE)],
        ["--email=ada@example.com", "--user-hash", of_email, "--known-user-id=user-7"],
    ] {
        assert_eq!(find(&arguments)?, (0, matches.to_owned()));
    }
    let settings = format!(r#"{{ "app_id": "pi3243fa", "user_id": "user-7", "user_hash": "{RIGHT}" }}"#);
    assert_eq!(run(&[WEB], &["--platform", "web", "-"], &settings)?, (0, matches.to_owned()));
    Ok(())
}

#[test]
fn mistakes_that_take_the_text_of_the_secret_to_find_have_exit_code_1() -> TestResult {
    let (line_break, quotes) = ("the app server's secret ends in a line break", "the app server's secret is in quotes");
    let (decoded, swapped) =
        ("the app server decodes the secret from base64: key", "the app server swaps key and message");
    let (of_ios, email) = ("the app server signed with the secret for ios", "the app server signed the email");
    let (space, mark) =
        ("the app server's secret has white space", "the app server's secret begins with a byte order mark");
    let (json, encoded) = ("the app server's secret is the whole JSON", "the app server's secret is encoded in base64");
    let lower_case = "the app server changes the letter case of the secret";
    let [alone, before, after] = ["the identifier alone", "secret and identifier", "identifier and secret"]
        .map(|what| format!("the hash is the SHA-256 of {what}: use HMAC-SHA256"));
    let letter_case = "the string signed and the string sent differ in letter case";
    let token = token("GIy9yVnbpyanj8Zfa376vLAXre-h9l6TCCzgzA50IRM");
    for (proof, at, causes) in [
        ("8f78c4be774bfaf5db436ca8d96254abfe3f924c2705605d14afd1a4d9124a6f", "0", [line_break].as_slice()),
        ("1ffb32024a3de39e952c35c14226b2bd957cf449c6acf76cccfb495a0569c34d", "0", &[line_break]),
        ("cbedf229237f9dfcfdec52515cfe54e67ee70bc8e9c429d7b2742ef40b5b8510", "0", &[quotes]),
        ("958b6d6072ba30fe2ddeaab0b1ad65476804980a0530b021c058009ef6e577a7", "0", &[quotes]),
        ("b3d10554ace550ee25b79a157abcd5ab5f771b1e52ab68814593eae80cfac073", "0", &[decoded]),
        ("661fcf34a0043bbaa01b6cbc99d377bb44b265a26f78aed45dc9473bb3c05437", "0", &[swapped]),
        ("c2a4d975ec7e983fd5986482e70013e4e0b32c55e2d2a32d11fb893dadd67906", "0", &[decoded, of_ios]),
        ("cfed01d11b4e65c958b4202ca351156fa537da133ba5498ec47f6ca68176b7ba", "0", &[line_break, email]),
        ("302d7b1aab99e8f11c6f81916320c85f8f981b91a2048f8fefa93b02d4899da2", "0", &[quotes, letter_case, of_ios]),
        ("c342c50632cc25d2ebb80a29863e4a5f8631604f2c4e2309bcf18cba896fdb4c", "0", &[space]),
        ("0cb0451b282e6e816830d7cb5c6f27b293ecaa0c17af697f6a7b1e774df148e3", "0", &[mark]),
        ("2eb2a83851e50c93788647b0f3354be16b3fe4c2efbfea433e8a0a6e3ff81ead", "0", &[json]),
        ("20ed9a60154b5846b9f89d7ab2390ccda06c39cd2c144083ffacac76fffd029e", "0", &[json]),
        ("5fd39a707df4d2cdc3e93d4d088e99bf0b7e86890f948b24cca9e9309a257c13", "0", &[encoded]),
        ("a0651365085dac8bed86665804c742b45e1e6f8bf685ac31ddf267ff20f89f04", "0", &[encoded]),
        ("e05d02a8b789433288c888b191a9bb494847f64a299c5ad1e4d4bb47ce289257", "0", &[lower_case]),
        ("092081140b677b45dbe983b2f0d4ae0259ff2945bfa82f996fd7f6cac6916862", "0", &[&alone]),
        ("27ac220cf47b90fcf23228a40a0a43ed643e277d10b9d3bc34e25c08ddd5676d", "0", &[&before]),
        ("2b7f2f1b1cd436c7a40843d0c4a7f3e5352d0e26623a0fd24e695d1e0adaabdf", "0", &[&after]),
        ("b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72", "0", &[&alone]),
        (&token, "1767229199", &[line_break]),
        (&token, "1777777777", &[line_break, "the token has expired"]),
    ] {
        let option = if proof == token { "--user-jwt" } else { "--user-hash" };
        let (code, printed) = find(&["--user-id", "user-7", "--email", "ada@example.com", option, proof, "--at", at])?;
        let found: Vec<_> = printed.lines().skip(1).map(|line| line.trim_start_matches("Cause: ")).collect();
        assert!(code == 1 && printed.starts_with("NO MATCH: the "), "{proof} {printed}");
        assert!(found.len() == causes.len() && found.iter().zip(causes).all(|(a, b)| a.starts_with(b)), "{printed}");
    }
    Ok(())
}

/// `base64_decode` of PHP, and `unpack("m")` of Ruby, skip what is not in their alphabet.
#[test]
fn secret_with_a_hyphen_that_was_decoded_leniently_is_found() -> TestResult {
    let secret = (WEB.0, "kJ9vT2xQ-mWc4RbZ_nYpLh3DkJ9vT2xQ7mWc4RbZ8nY");
    let hash = "5e4bb796a52b6395114158edbf90e6ff0ee6ac499c3e3ac2643f36e77ec09b2a";
    let (code, printed) = run(&[secret], &["--platform=web", "--user-id=user-7", "--user-hash", hash], "")?;
    assert!(code == 1 && printed.contains("from base64 and skips what it cannot: key with"), "{printed}");
    Ok(())
}

#[test]
fn older_secret_of_a_platform_matches_and_is_named_and_its_forms_are_tried() -> TestResult {
    let both = (
        WEB.0,
        concat!("kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY", ",", "Yn8ZbR4cWm7Qx2TvJkD3hLpYn8ZbR4cWm7Qx2TvJ9kJ"),
    );
    for (hash, code, said) in [
        (RIGHT, 0, "MATCH: the proof is valid."),
        ("59a67c6546e4736fd99b23d2fbce20e1ef30cd4e9f6bd44258239e0102388c01", 0, "\nIt was made with an older secret"),
        ("c12e0e1d693223becf66077c76047b9548c096321e093857a88c4991cabe5669", 1, "secret ends in a line break"),
    ] {
        let (found, printed) = run(&[both], &["--platform=web", "--user-id=user-7", "--user-hash", hash], "")?;
        assert!(found == code && printed.contains(said), "{found} {printed}");
    }
    Ok(())
}

/// Chatwoot's secrets have 24 characters.
#[test]
fn short_secret_of_another_vendor_is_taken_raw() -> TestResult {
    let short = (WEB.0, "kJ9vT2xQ7mWc4RbZ8nYpLh3D");
    for (hash, id, code, said) in [
        ("2fc767351a734d630384cc0e5226cba064599337f247eec192722ba8941479b1", "user-7", 0, "MATCH"),
        // Published with key and message swapped.
        ("bf0b7fe59935e5b984d0274b9af7ddcbaedc4281fda6e5b35de7a99da4374d64", "42", 1, "swaps key and message"),
    ] {
        let arguments = ["--platform=web", "--user-id", id, "--user-hash", hash];
        let (found, printed) = run(&[short], &[&arguments[..], &["--raw-secrets"]].concat(), "")?;
        assert!(found == code && printed.contains(said), "{found} {printed}");
        assert_eq!(run(&[short], &arguments, "")?.0, 64);
    }
    Ok(())
}

#[test]
fn what_is_too_long_is_said_to_be_so() -> TestResult {
    let (id, wrapped) = ("a".repeat(1025), format!("{RIGHT:1025}"));
    let token = "a".repeat(8193);
    for arguments in [
        ["--user-id", &id, "--user-hash", RIGHT],
        ["--user-id", "user-8", "--user-hash", &wrapped],
        ["--user-id", "user-7", "--user-jwt", &token],
    ] {
        let (code, printed) = find(&arguments)?;
        assert!(code == 2 && printed.contains("\nCause: unknown. A name or a hash of more than 1 KiB"), "{printed}");
    }
    Ok(())
}

#[test]
fn closed_pipe_changes_nothing() -> TestResult {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_diagnose"));
    let mut child = tool.arg("--help").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    drop(child.stdout.take());
    let output = child.wait_with_output()?;
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    Ok(())
}

#[test]
fn what_the_reason_explains_has_exit_code_1_and_says_what_to_do() -> TestResult {
    let (token, upper_case) = (token(SIGNATURE), RIGHT.to_uppercase());
    let of_4711 = "7f7d4fc94feb5a9c5946c46004c97e9fe0ffdab948bfcec75a26999f69c77495";
    for (arguments, said) in [
        (["--user-id", "user-7", "--user-hash", ""].as_slice(), "was sent: set it in the client before the login"),
        (&["--user-id", "user-7", "--user-hash", &token], "as the user hash: send it as intercom_user_jwt on the web"),
        (&["--user-id", "user-7", "--user-hash", RIGHT, "--user-jwt", &token], "were sent: send the token alone."),
        (&["--user-id", "user-8", "--user-jwt", &token], "of another user or by another id of the same user: sign"),
        (&["--user-jwt", &token, "--at", "1767999999"], "expired: let the client fetch a new token before"),
        (&["--user-id", "", "--user-hash", RIGHT, "--email", "ada@example.com"], "the user_id is empty: leave it out"),
        (
            &["--email=ada@example.com", "--known-user-id=user-7", "--user-hash", RIGHT],
            "only the email: send the user_id",
        ),
        (&["--user-hash", RIGHT], "NO USER: the client sends no user_id and no email"),
        (
            &["--user-hash", RIGHT, "--platform=ios"],
            "For a visitor, that is right: an app needs\nloginUnidentifiedUser",
        ),
        (&["--user-id", "user-7", "--known-user-id", "4711", "--user-hash", of_4711], "signed one id of the user, but"),
        (&["--user-id", "User-7", "--user-jwt", &token], "letter case"),
        (&["--user-id", "p_7", "--known-user-id", "user-7", "--user-jwt", &token], "signed one id of the user, but"),
        (&["--platform=android", "--user-id=user-7", "--user-hash", &upper_case], "upper-case digits: send it in"),
    ] {
        let (code, printed) = find(arguments)?;
        assert!(code == 1 && printed.contains(said), "{code} {printed}");
    }
    Ok(())
}

#[test]
fn what_nothing_explains_has_exit_code_2_and_a_list_to_check() -> TestResult {
    let of_another = "c67536378585417aa65c1797b48aec437e229a5a166720625d097ed3bc4e1442";
    let (upper_case, made_up) = (of_another.to_uppercase(), token("A3iFTAA7Gb6xbHjDFvlK8VcjMRb31GWk0F6q39HNsfI"));
    for proof in [["--user-hash", of_another], ["--user-hash", &upper_case], ["--user-jwt", &made_up]] {
        let (code, printed) = find(&["--platform", "ios", "--user-id", "user-7", proof[0], proof[1]])?;
        assert!(code == 2 && printed.contains("\nCause: unknown.") && printed.contains("\n- Someone"), "{printed}");
        let is_hash = proof[0] == "--user-hash";
        assert_eq!((printed.contains("with --email."), printed.contains("with --known-user-id.")), (is_hash, is_hash));
    }
    let known = ["--email=ada@example.com", "--known-user-id=4711", "--user-id=user-7", "--user-hash", of_another];
    let (code, printed) = find(&[&["--platform=ios"][..], &known].concat())?;
    assert!(code == 2 && !printed.contains("run this again"), "{printed}");
    Ok(())
}

#[test]
fn wrong_use_has_exit_code_64_and_says_what_to_do() -> TestResult {
    let with_line_break = format!("{}\n", WEB.1);
    for (secret, arguments, stdin, said) in [
        (WEB, ["--user-id", "7"].as_slice(), "", "--platform is missing: ios, android or web"),
        (WEB, &["--platform=web"], "", "what did the client send? Give either options, or - and JSON"),
        (WEB, &["--platform=web", "--email=a", "-"], "{}", "what did the client send? Give either options, or"),
        (WEB, &["--platform=web", "-"], "\"user-7\"", "standard input: expected an object at line 1 column 8"),
        (WEB, &["--platform", "iOS", "--user-id", "7"], "", "--platform: unknown platform: use ios, android or web"),
        (WEB, &["--user-id"], "", "--user-id needs a value, in UTF-8"),
        (WEB, &["--secret", WEB.1], "", "unknown option --secret"),
        (WEB, &["--platform=web", RIGHT], "", "a value without an option: write --user-hash HASH, for example"),
        (WEB, &["--platform=web", "--email=a", "--at=1767225600000"], "", "--at takes seconds since 1970, not milli"),
        (IOS, &["--platform=web", "--email=a"], "", "INTERCOM_SECRET_WEB is not set: copy the secret from Intercom"),
        ((WEB.0, &with_line_break), &["--platform=web", "--email=a"], "", "INTERCOM_SECRET_WEB: the secret has a char"),
    ] {
        let (code, printed) = run(&[secret], arguments, stdin)?;
        assert!(code == 64 && printed.starts_with(&format!("diagnose: {said}")), "{said} {printed}");
    }
    let (code, help) = run(&[], &["--help"], "")?;
    assert!(code == 0 && help.contains("\nUsage: diagnose --platform PLATFORM [OPTIONS]\n"), "{help}");
    Ok(())
}
