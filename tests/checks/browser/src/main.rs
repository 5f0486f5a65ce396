//! Serves one page that loads every hostile case in a frame, has Chromium load it, and prints the page's verdict.
//!
//! With the argument `settings`, it prints settings for `clients` instead.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Command, ExitCode},
    thread,
};

use askama::Template;
use intercom_identity::{Email, Keyring, MessengerSettings, Platform, Secret, UnixTime, UserId, jwt::UserClaims};
use serde_json::json;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const SECRET: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";

/// Each is a `user_id`, and the name and the value of attributes. The first is harmless.
const HOSTILE: [&str; 24] = [
    "4711",
    "O'Brien",
    "</script><script>window.attacked = 1</script>",
    "</SCRIPT /><img src=/none onerror='window.attacked = 1'>",
    "<!--<script>",
    "--><script>window.attacked = 1</script>",
    "'><img src=/none onerror=window.attacked=1>",
    "' autofocus tabindex=1 onfocus=window.attacked=1 x='",
    "\"><script>window.attacked = 1</script>",
    "]]></script><svg onload=window.attacked=1>",
    "&lt;/script&gt;&amp;&#39;&quot;&#x27;",
    "\\u003c/script\\u003e",
    "\\'\\\"",
    "e\u{301}\u{e9}",
    "\u{1d54f}\u{1f600}",
    "\u{65e5}\u{672c}\u{8a9e}",
    "\u{2028}\u{2029}",
    "\u{feff}42",
    "\0\u{1f}\u{7f}",
    "\r\n\t",
    "\u{80}\u{9f}\u{ffff}\u{10ffff}",
    "${window.attacked = 1}`{{7*7}}",
    "+ADw-/script+AD4-+ADw-script+AD4-window.attacked=1+ADw-/script+AD4-",
    "javascript:window.attacked=1//__proto__",
];

const CHARSETS: [&str; 3] = ["; charset=utf-8", "; charset=windows-1252", ""];

/// Who writes the settings, where, and what the page must find: `as-signed` always, or each of these at least once.
const PLACES: [(&str, &str, &[&str]); 8] = [
    ("crate", "script", &["as-signed"]),
    ("crate", "data-block", &["as-signed"]),
    ("crate", "single-quoted", &["as-signed"]),
    ("crate", "autoescaped", &["as-signed"]),
    ("crate", "double-quoted", &["nothing"]),
    ("plain", "script", &["attacked", "nothing", "different"]),
    ("plain", "data-block", &["attacked", "nothing", "different"]),
    ("plain", "single-quoted", &["attacked", "nothing", "different"]),
];

/// What a page's script does with its settings. The page around the frame reads `window.seen`.
const READ: &str = r#"
    const element = document.getElementById("settings");
    const json = element?.dataset.settings ?? element?.textContent;
    window.seen = JSON.stringify(element ? JSON.parse(json) : window.intercomSettings);
"#;

fn keyring() -> Result<Keyring> {
    Ok(Keyring::new().with([Platform::Web], Secret::new(SECRET)?))
}

fn with_user_hash(text: &str) -> Result<MessengerSettings> {
    let user = (UserId::new(text)?, Email::new("ada@example.com")?);
    with_attributes(MessengerSettings::with_user_hash(&keyring()?, Platform::Web, user)?, text)
}

fn with_user_jwt(text: &str) -> Result<MessengerSettings> {
    let claims = UserClaims::new(UserId::new(text)?, UnixTime::MAX).email(Email::new("ada@example.com")?);
    with_attributes(MessengerSettings::with_user_jwt(&keyring()?, Platform::Web, &claims)?, text)
}

fn with_attributes(settings: MessengerSettings, text: &str) -> Result<MessengerSettings> {
    Ok(settings.attribute("company", json!({ text: [text] }))?.attribute("name", text)?)
}

#[derive(Template)]
#[template(source = r#"<script type="application/json" id=settings>{{ json|safe }}</script>"#, ext = "html")]
struct DataBlock {
    json: String,
}

#[derive(Template)]
#[template(source = r#"<p id=settings data-settings="{{ json }}"></p>"#, ext = "html")]
struct Escaped {
    json: String,
}

fn frame(sender: &str, place: &str, text: &str) -> Result<String> {
    let settings = with_user_hash(text)?;
    let json = if sender == "crate" { settings.to_script_json() } else { serde_json::to_string(&settings)? };
    let settings = match place {
        "script" => format!("<script>window.intercomSettings = {json};</script>"),
        "data-block" => DataBlock { json }.render()?,
        "single-quoted" => format!("<p id=settings data-settings='{json}'></p>"),
        "double-quoted" => format!("<p id=settings data-settings=\"{json}\"></p>"),
        _ => Escaped { json }.render()?,
    };
    Ok(format!("<!doctype html>\n<body>\n{settings}\n<script>{READ}</script>\n"))
}

fn page() -> String {
    let texts: Vec<_> = HOSTILE.iter().map(hex::encode).collect();
    let manifest = json!({ "secret": SECRET, "texts": texts, "charsets": CHARSETS.len(), "places": PLACES });
    include_str!("../page.html").replace("{manifest}", &manifest.to_string())
}

fn answer(path: &str) -> Result<(String, String)> {
    let html = |charset| format!("text/html{charset}");
    Ok(match path.split('/').collect::<Vec<_>>()[..] {
        ["", ""] => (html(CHARSETS[0]), page()),
        ["", sender, place, charset, text] => {
            let (charset, text): (usize, usize) = (charset.parse()?, text.parse()?);
            (html(CHARSETS[charset]), frame(sender, place, HOSTILE[text])?)
        }
        _ => ("image/png".into(), String::new()),
    })
}

fn serve(mut stream: TcpStream) -> Result {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().ok_or("no request")??;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let (content_type, body) = answer(request.split(' ').nth(1).ok_or("no path")?)?;
    // It ends with the connection.
    Ok(write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n{body}")?)
}

fn main() -> Result<ExitCode> {
    if env::args().nth(1).as_deref() == Some("settings") {
        // Lines of the proof, the text in hexadecimal, the settings.
        for (text, hex) in HOSTILE.map(|text| (text, hex::encode(text))) {
            println!("user_hash {hex} {}", with_user_hash(text)?.to_script_json());
            println!("intercom_user_jwt {hex} {}", with_user_jwt(text)?.to_script_json());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream).unwrap_or_else(|error| eprintln!("{error}")));
        }
    });

    let profile = env::temp_dir().join(format!("browser-{}", std::process::id()));
    let chromium = Command::new("timeout")
        .args(["60", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("http://{address}/"))
        .output()?;
    std::fs::remove_dir_all(profile)?;

    let dom = String::from_utf8(chromium.stdout)?;
    let verdict = dom.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).unwrap_or_default();
    print!("{verdict}");
    if verdict.lines().filter(|line| line.starts_with("ok ")).count() == PLACES.len() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("FAIL  not all of {} places\n{}", PLACES.len(), String::from_utf8_lossy(&chromium.stderr));
    Ok(ExitCode::FAILURE)
}
