//! As much of `WebDriver` as the checks need: <https://www.w3.org/TR/webdriver2/>.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::Agent;

use crate::Result;

/// Chromium; it ends with this.
pub(crate) struct Browser {
    driver: Child,
    agent: Agent,
    session: String,
}

impl Browser {
    pub(crate) fn start() -> Result<Self> {
        let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(driver.stdout.as_mut().ok_or("no output")?).lines();
        let port = lines.map_while(std::result::Result::ok).find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")
                .map(|port| port.trim_end_matches('.').to_owned())
        });
        let url = format!("http://127.0.0.1:{}/session", port.ok_or("chromedriver does not listen")?);
        let agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let mut browser = Self { driver, agent, session: url };
        let arguments =
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
        let options = json!({ "binary": "/usr/bin/chromium", "args": arguments });
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 300_000 },
        });
        let session = browser.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        browser.session = format!("{}/{}", browser.session, session["sessionId"].as_str().ok_or("no session")?);
        Ok(browser)
    }

    fn post(&self, command: &str, body: &Value) -> Result<Value> {
        let mut answer: Value =
            self.agent.post(format!("{}{command}", self.session)).send_json(body)?.body_mut().read_json()?;
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{command}: {error}: {}", answer["value"]["message"]).into()),
            None => Ok(answer["value"].take()),
        }
    }

    pub(crate) fn open(&self, url: &str) -> Result {
        self.post("/url", &json!({ "url": url })).map(drop)
    }

    pub(crate) fn click(&self, selector: &str) -> Result {
        let element = self.post("/element", &json!({ "using": "css selector", "value": selector }))?;
        let id = element.as_object().and_then(|element| element.values().next()?.as_str()).ok_or("no element")?;
        self.post(&format!("/element/{id}/click"), &json!({})).map(drop)
    }

    /// What a function with this body returns, if need be once it is there.
    pub(crate) fn run(&self, body: &str) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": body, "args": [] }))
    }

    pub(crate) fn wait_for(&self, what: &str, condition: &str) -> Result {
        let start = Instant::now();
        // While a page is replaced, nothing can be asked of it.
        while self.run(&format!("return {condition}")).ok() != Some(Value::Bool(true)) {
            if start.elapsed() > Duration::from_secs(30) {
                let page = self.run("return location.href + document.body.innerText.slice(0, 500)")?;
                return Err(format!("{what}: not seen in 30 seconds on this page: {page}").into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// What the console has since this was asked last.
    pub(crate) fn console(&self) -> Result<String> {
        Ok(self.post("/se/log", &json!({ "type": "browser" }))?.to_string())
    }

    pub(crate) fn tab(&self) -> Result<Value> {
        let answer: Value = self.agent.get(format!("{}/window", self.session)).call()?.body_mut().read_json()?;
        Ok(answer["value"].clone())
    }

    pub(crate) fn new_tab(&self) -> Result<Value> {
        Ok(self.post("/window/new", &json!({ "type": "tab" }))?["handle"].take())
    }

    pub(crate) fn switch_to(&self, tab: &Value) -> Result {
        self.post("/window", &json!({ "handle": tab })).map(drop)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Each fails only if the process is gone already.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
