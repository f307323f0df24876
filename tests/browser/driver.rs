//! A browser by the WebDriver protocol (<https://www.w3.org/TR/webdriver2/>), as far as a board
//! needs it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Key of an element's reference in answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A headless Chromium.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

/// The first of these programs that is there.
fn program(names: &[&str]) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let dirs: Vec<_> = std::env::split_paths(&path).collect();
    names
        .iter()
        .find_map(|n| dirs.iter().map(|d| d.join(n)).find(|p| p.is_file()))
}

impl Browser {
    /// None where there is no Chromium or no driver for it.
    pub(crate) fn open(width: u32, height: u32) -> Option<Browser> {
        let chromium = program(&["chromium", "chromium-browser", "google-chrome", "chrome"])?;
        let driver = program(&["chromedriver"])?;
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let lines = BufReader::new(driver.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split("successfully on port ").nth(1)?;
            rest.trim_end_matches('.').parse().ok()
        })?;
        let mut browser = Browser {
            driver,
            port,
            session: String::new(),
        };
        let options = json!({
            "binary": chromium,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                format!("--window-size={width},{height}"),
            ],
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let answer = browser.call("POST", "/session", Some(&wanted));
        browser.session = answer["sessionId"].as_str()?.to_string();
        Some(browser)
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        // The driver keeps the connection: the body is as long as its head says.
        let mut reader = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
            let value = line.to_lowercase();
            if let Some(value) = value.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let mut answer: Value = serde_json::from_slice(&body).unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{method} {path}: {value}");
        value
    }

    fn of(&self, path: &str, body: Value) -> Value {
        self.call(
            "POST",
            &format!("/session/{}{path}", self.session),
            Some(&body),
        )
    }

    pub(crate) fn go(&self, address: &str) {
        self.of("/url", json!({ "url": address }));
    }

    /// What a script gives.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.of("/execute/sync", json!({ "script": script, "args": [] }))
    }

    /// The same for a script that ends by calling its last argument.
    pub(crate) fn run_later(&self, script: &str) -> Value {
        self.of("/execute/async", json!({ "script": script, "args": [] }))
    }

    /// Shows pages as someone does who prefers `light` or `dark`.
    pub(crate) fn scheme(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        let params = json!({ "features": [feature] });
        let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": params });
        self.of("/goog/cdp/execute", command);
    }

    fn find(&self, selector: &str) -> String {
        let found = self.of(
            "/element",
            json!({ "using": "css selector", "value": selector }),
        );
        found[ELEMENT].as_str().unwrap().to_string()
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        let script = format!(
            "return document.querySelector({}).textContent",
            json!(selector)
        );
        self.run(&script).as_str().unwrap().to_string()
    }

    /// Follows a link with the keyboard.
    pub(crate) fn follow(&self, selector: &str) {
        self.enter(selector, "");
    }

    /// Types, and presses Enter.
    pub(crate) fn enter(&self, selector: &str, words: &str) {
        let keys = json!({ "text": format!("{words}\u{e007}") });
        self.of(&format!("/element/{}/value", self.find(selector)), keys);
    }

    pub(crate) fn address(&self) -> String {
        self.run("return location.pathname + location.search")
            .as_str()
            .unwrap()
            .to_string()
    }

    /// Waits until a script gives true.
    pub(crate) fn until(&self, script: &str) {
        let begun = Instant::now();
        while self.run(script) != Value::Bool(true) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "never true: {script}"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Lines of the console since the last call.
    pub(crate) fn console(&self) -> Vec<Value> {
        self.of("/se/log", json!({ "type": "browser" }))
            .as_array()
            .unwrap()
            .clone()
    }

    /// Every address that was asked for since the last call.
    pub(crate) fn asked_for(&self) -> Vec<String> {
        let log = self.of("/se/log", json!({ "type": "performance" }));
        let entries = log.as_array().unwrap().iter();
        let messages = entries.filter_map(|e| {
            let message: Value = serde_json::from_str(e["message"].as_str()?).ok()?;
            let message = &message["message"];
            let request = message["method"] == "Network.requestWillBeSent";
            request.then(|| {
                message["params"]["request"]["url"]
                    .as_str()
                    .map(String::from)
            })?
        });
        messages.collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", &format!("/session/{}", self.session), None);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
