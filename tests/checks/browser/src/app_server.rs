//! Logs in to the app server of the examples, as two users in two tabs and from another site.

use app_server::AppServer;
use axum::{Router, response::Html, routing::get};
use intercom_identity::{Keyring, Platform, Secret};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{Result, SECRET, webdriver::Browser};

/// In place of Intercom's script, from now on: what is called is kept beyond a reload.
const RECORD: &str = "sessionStorage.calls = '[]'; window.Intercom = (...call) => {
    sessionStorage.calls = JSON.stringify([...JSON.parse(sessionStorage.calls), call]);
}";

const LOGIN_PAGE: &str = "document.querySelector('h1').textContent === 'Log in'";

async fn serve(routes: Router) -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(port)
}

fn log_in(browser: &Browser, url: &str, email: &str, password: &str) -> Result {
    browser.open(url)?;
    browser.run(&format!(
        "document.querySelector('[name=email]').value = '{email}'; document.querySelector('[name=password]').value = '{password}'"
    ))?;
    browser.click("form[action='/login'] button")?;
    browser.wait_for("a page with settings", "!!document.getElementById('intercom')")
}

fn page_of(user: &str) -> String {
    format!("document.getElementById('intercom')?.dataset.user === '{user}'")
}

fn expect(what: &str, found: &Value, expected: &Value) -> Result {
    if found == expected {
        println!("ok    app_server: {what}");
        return Ok(());
    }
    Err(format!("FAIL  app_server: {what}: {found}, not {expected}").into())
}

pub(crate) fn check(browser: &Browser) -> Result {
    let runtime = tokio::runtime::Runtime::new()?;
    let keyring = Keyring::new().with([Platform::Web], Secret::new(SECRET)?);
    let port = runtime.block_on(serve(AppServer::new(keyring, None).routes()))?;
    let url = &format!("http://127.0.0.1:{port}");

    browser.console()?;
    log_in(browser, url, "ada@example.com", "lovelace")?;
    let shown =
        |call: &str| format!("[...document.querySelectorAll('pre')].some(pre => pre.textContent.startsWith('{call}'))");
    browser.wait_for("the boot of Ada's messenger", &shown("Intercom(\"boot\", {\\n  \"user_id\": \"4711\""))?;
    let name = browser.run("return JSON.parse(document.querySelector('pre').textContent.slice(17, -1)).name")?;
    expect(
        "boots with what was signed, a hostile name included",
        &name,
        &json!("Ada </script><script>alert(1)</script>"),
    )?;
    let refused = |console: &str| json!(console.matches("Content Security Policy").count());
    expect("its policy refuses nothing that the page needs", &refused(&browser.console()?), &json!(0))?;
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=data: onerror=\"document.title = 1\">')")?;
    browser.wait_for("the title", "document.title === 'Messenger'")?;
    expect("its policy refuses a script that was injected, a control", &refused(&browser.console()?), &json!(1))?;

    // `localhost` is another site than 127.0.0.1.
    let attack = format!(
        "<form method=post action={url}/login><input name=email value=grace@example.com><input name=password value=hopper>\
         </form><script>document.forms[0].submit()</script>"
    );
    let port = runtime.block_on(serve(Router::new().route("/", get(async || Html(attack)))))?;
    browser.open(&format!("http://localhost:{port}"))?;
    browser.wait_for("the answer to the form", "document.body.innerText.includes('HTTP ERROR 403')")?;
    browser.open(url)?;
    let user = || browser.run("return document.getElementById('intercom')?.dataset.user");
    expect("a login that another site sends changes nothing", &user()?, &json!("4711"))?;

    for path in ["/", "/user-jwt"] {
        browser.open(&format!("{url}{path}"))?;
        browser.wait_for("Ada's page", &page_of("4711"))?;
        let (tab_of_ada, other) = (browser.tab()?, browser.new_tab()?);
        browser.switch_to(&other)?;
        browser.open(url)?;
        browser.click("form[action='/logout'] button")?;
        browser.wait_for("the login page", LOGIN_PAGE)?;
        log_in(browser, url, "grace@example.com", "hopper")?;

        browser.switch_to(&tab_of_ada)?;
        browser.run(RECORD)?;
        let fresh = "const block = document.getElementById('intercom');
            return [block.dataset.user, (await (await fetch(block.dataset.fresh)).json()).user]";
        let whose = browser.run(fresh)?;
        expect(
            &format!("{path}: a page that does not compare would update, a control"),
            &whose,
            &json!(["4711", "4712"]),
        )?;
        browser.click("#update")?;
        browser.wait_for("Grace's page", &page_of("4712"))?;
        let calls = || browser.run("return JSON.parse(sessionStorage.calls)");
        expect(
            &format!("{path}: Ada's tab shuts down when Grace has logged in in another"),
            &calls()?,
            &json!([["shutdown"]]),
        )?;

        browser.run(RECORD)?;
        browser.click("#update")?;
        browser.wait_for("an update", "sessionStorage.calls !== '[]'")?;
        expect(&format!("{path}: Grace's own update goes through"), &calls()?[0][0], &json!("update"))?;

        browser.switch_to(&other)?;
        browser.click("form[action='/logout'] button")?;
        browser.wait_for("the login page", LOGIN_PAGE)?;
        browser.switch_to(&tab_of_ada)?;
        browser.run(RECORD)?;
        browser.click("#update")?;
        browser.wait_for("the login page", LOGIN_PAGE)?;
        expect(&format!("{path}: a logout in another tab shuts down here too"), &calls()?, &json!([["shutdown"]]))?;
        log_in(browser, url, "ada@example.com", "lovelace")?;
    }
    Ok(())
}
