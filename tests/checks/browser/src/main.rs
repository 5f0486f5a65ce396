//! Serves one page that loads every hostile case in a frame, has Chromium load it, and prints the page's verdict. Then it
//! visits the app server of the examples.
//!
//! With the argument `settings`, it prints settings for `clients` instead.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use askama::Template;
use intercom_identity::{Email, Keyring, MessengerSettings, Platform, Secret, UnixTime, UserId, jwt::UserClaims};
use serde_json::json;
use webdriver::Browser;

mod app_server;
mod webdriver;

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

const NONCE: &str = "c29tZXRoaW5nIHJhbmRvbQ";
/// The policy of the app server of the examples.
const STRICT: &str = "script-src 'nonce-c29tZXRoaW5nIHJhbmRvbQ' 'strict-dynamic'; object-src 'none'; base-uri 'none'";

/// Who writes the settings, where, under which policy, and what the page must find: one result always, or each of several
/// at least once.
const PLACES: [(&str, &str, &str, &[&str]); 13] = [
    ("crate", "script", "none", &["as-signed"]),
    ("crate", "data-block", "none", &["as-signed"]),
    ("crate", "single-quoted", "none", &["as-signed"]),
    ("crate", "autoescaped", "none", &["as-signed"]),
    ("crate", "script", "strict", &["as-signed"]),
    ("crate", "data-block", "strict", &["as-signed"]),
    ("crate", "single-quoted", "strict", &["as-signed"]),
    ("crate", "autoescaped", "strict", &["as-signed"]),
    ("crate", "double-quoted", "none", &["nothing", "attacked"]),
    ("crate", "script-without-nonce", "strict", &["blocked"]),
    ("plain", "script", "none", &["attacked", "nothing", "different"]),
    ("plain", "data-block", "none", &["attacked", "nothing", "different"]),
    ("plain", "single-quoted", "none", &["attacked", "nothing", "different"]),
];

/// What a page's script does with its settings. The page around the frame reads `window.seen`.
const READ: &str = r#"
    const element = document.getElementById("settings");
    const json = element?.dataset.settings ?? element?.textContent;
    window.seen = JSON.stringify(element ? JSON.parse(json) : window.intercomSettings);
"#;
const LISTEN: &str = "document.addEventListener('securitypolicyviolation', () => window.violated = 1)";
/// As the app server's loader adds Intercom's script.
const LOAD: &str = "document.body.append(Object.assign(document.createElement('script'), { src: '/read.js' }))";

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
        "script" => format!("<script nonce={NONCE}>window.intercomSettings = {json};</script>"),
        "script-without-nonce" => format!("<script>window.intercomSettings = {json};</script>"),
        "data-block" => DataBlock { json }.render()?,
        "single-quoted" => format!("<p id=settings data-settings='{json}'></p>"),
        "double-quoted" => format!("<p id=settings data-settings=\"{json}\"></p>"),
        _ => Escaped { json }.render()?,
    };
    let script = |text| format!("<script nonce={NONCE}>{text}</script>");
    Ok(format!("<!doctype html>\n<body>\n{}\n{settings}\n{}\n", script(LISTEN), script(LOAD)))
}

fn page() -> String {
    let texts: Vec<_> = HOSTILE.iter().map(hex::encode).collect();
    let manifest = json!({ "secret": SECRET, "texts": texts, "charsets": CHARSETS.len(), "places": PLACES });
    include_str!("../page.html").replace("{manifest}", &manifest.to_string())
}

/// The content type, the policy and the body.
fn answer(path: &str) -> Result<(String, &'static str, String)> {
    let html = |charset| format!("text/html{charset}");
    Ok(match path.split('/').collect::<Vec<_>>()[..] {
        ["", ""] => (html(CHARSETS[0]), "", page()),
        ["", "read.js"] => ("text/javascript".into(), "", READ.into()),
        ["", sender, place, policy, charset, text] => {
            let (charset, text): (usize, usize) = (charset.parse()?, text.parse()?);
            let policy = if policy == "strict" { STRICT } else { "" };
            (html(CHARSETS[charset]), policy, frame(sender, place, HOSTILE[text])?)
        }
        _ => ("image/png".into(), "", String::new()),
    })
}

fn serve(mut stream: TcpStream) -> Result {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().ok_or("no request")??;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let (content_type, policy, body) = answer(request.split(' ').nth(1).ok_or("no path")?)?;
    let policy = if policy.is_empty() { String::new() } else { format!("Content-Security-Policy: {policy}\r\n") };
    // It ends with the connection.
    Ok(write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{policy}Connection: close\r\n\r\n{body}")?)
}

/// Each place has a line in the page's verdict.
fn check_places(browser: &Browser) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream).unwrap_or_else(|error| eprintln!("{error}")));
        }
    });
    browser.open(&format!("http://{address}/"))?;
    let verdict = browser.run("return await window.verdict")?;
    let verdict = verdict.as_str().ok_or("no verdict")?;
    print!("{verdict}");
    let passed = verdict.lines().filter(|line| line.starts_with("ok ")).count();
    if passed == PLACES.len() { Ok(()) } else { Err(format!("FAIL  {passed} of {} places", PLACES.len()).into()) }
}

fn main() -> Result {
    if env::args().nth(1).as_deref() == Some("settings") {
        // Lines of the proof, the text in hexadecimal, the settings.
        for (text, hex) in HOSTILE.map(|text| (text, hex::encode(text))) {
            println!("user_hash {hex} {}", with_user_hash(text)?.to_script_json());
            println!("intercom_user_jwt {hex} {}", with_user_jwt(text)?.to_script_json());
        }
        return Ok(());
    }
    let browser = Browser::start()?;
    check_places(&browser)?;
    app_server::check(&browser)
}
