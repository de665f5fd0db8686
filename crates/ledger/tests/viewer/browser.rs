//! A real Chromium, spoken to by its DevTools protocol.

use serde_json::{Value, json};
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket, connect};

/// How long the browser may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser that shows one page at a time.
pub struct Browser {
    process: Child,
    _profile: TempDir,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    calls: u64,
}

impl Browser {
    /// Starts it.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        // A root user has no sandbox; this browser sees only files of this test.
        let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
        let quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
        let process = Command::new("chromium")
            .args(flags)
            .args(quiet)
            .arg("--remote-debugging-port=0")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromium ({error}); `just test` installs it"));
        let socket = connect(address(profile.path())).unwrap().0;
        Self { process, _profile: profile, socket, session: None, calls: 0 }
    }

    /// Opens a page, with a script that runs before its own.
    pub fn open(&mut self, page: &Path, before: &str) {
        self.session = None;
        let target = self.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", &attach);
        self.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        self.call("Page.enable", &json!({}));
        self.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": before }));
        self.call("Page.navigate", &json!({ "url": format!("file://{}", page.display()) }));
        self.wait_for("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /// What an expression comes to, promises waited for.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression holds.
    pub fn wait_for(&mut self, expression: &str) {
        let begin = Instant::now();
        while self.evaluate(expression) != json!(true) {
            assert!(begin.elapsed() < PATIENCE, "{expression} does not come to hold");
            sleep(Duration::from_millis(20));
        }
    }

    /// Chooses files or a folder, as a person does in the browser's dialogue.
    pub fn choose(&mut self, input: &str, paths: &[&Path]) {
        let document = self.call("DOM.getDocument", &json!({}));
        let query = json!({ "nodeId": document["root"]["nodeId"], "selector": input });
        let node = self.call("DOM.querySelector", &query);
        let files: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        self.call("DOM.setFileInputFiles", &json!({ "files": files, "nodeId": node["nodeId"] }));
    }

    /// Drops files or a folder on the middle of the page.
    pub fn drop_on_page(&mut self, paths: &[&Path]) {
        let files: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
            self.call("Input.dispatchDragEvent", &json!({ "type": kind, "x": 300, "y": 200, "data": data }));
        }
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == json!(self.calls) {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Whether or not it is still there.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where the browser listens, as it writes into its profile.
fn address(profile: &Path) -> String {
    let begin = Instant::now();
    loop {
        let written = fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if let Some((port, path)) = written.trim().split_once('\n') {
            return format!("ws://127.0.0.1:{port}{path}");
        }
        assert!(begin.elapsed() < PATIENCE, "chromium does not listen");
        sleep(Duration::from_millis(50));
    }
}
