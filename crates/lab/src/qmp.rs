//! QEMU's control socket: a JSON object per line, commands one way, answers and events the other.

use crate::LabError;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// How long QEMU may take to answer a command.
const ANSWER: Duration = Duration::from_secs(30);

/// Something that QEMU reported by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name, `DEVICE_DELETED` for one.
    pub name: String,
    /// What it carries.
    pub data: Value,
}

/// What one line says.
#[derive(Debug, Clone, PartialEq)]
enum Message {
    Return(Value),
    Error(String),
    Event(Event),
    Greeting,
}

impl Message {
    fn parse(line: &str) -> Option<Self> {
        let mut value: Value = serde_json::from_str(line).ok()?;
        if let Some(name) = value.get("event").and_then(Value::as_str) {
            let (name, data) = (name.to_owned(), value["data"].take());
            return Some(Self::Event(Event { name, data }));
        }
        if let Some(error) = value.get("error") {
            let text = error.get("desc").and_then(Value::as_str).unwrap_or("no description");
            return Some(Self::Error(text.to_owned()));
        }
        if value.get("QMP").is_some() {
            return Some(Self::Greeting);
        }
        value.get_mut("return").map(|answer| Self::Return(answer.take()))
    }
}

/// A connection to QEMU's control socket.
#[derive(Debug)]
pub struct Qmp {
    reader: BufReader<UnixStream>,
    writer: UnixStream,
    /// What has come of the line that is being read.
    partial: String,
    events: VecDeque<Event>,
}

impl Qmp {
    /// Greets QEMU.
    ///
    /// # Errors
    /// [`LabError::Socket`], [`LabError::Qmp`].
    pub fn new(stream: UnixStream) -> Result<Self, LabError> {
        stream.set_read_timeout(Some(Duration::from_millis(100))).map_err(broken)?;
        let writer = stream.try_clone().map_err(broken)?;
        let reader = BufReader::new(stream);
        let mut qmp = Self { reader, writer, partial: String::new(), events: VecDeque::new() };
        qmp.execute("qmp_capabilities", json!({}))?;
        Ok(qmp)
    }

    /// Executes a command and returns its answer. Events that come meanwhile are kept.
    ///
    /// # Errors
    /// [`LabError::Socket`]; [`LabError::Qmp`] when QEMU refuses or does not answer.
    pub fn execute(&mut self, command: &str, arguments: Value) -> Result<Value, LabError> {
        let refused = |answer: String| LabError::Qmp { command: command.to_owned(), answer };
        let line = format!("{}\n", json!({ "execute": command, "arguments": arguments }));
        self.writer.write_all(line.as_bytes()).map_err(broken)?;
        let end = Instant::now() + ANSWER;
        loop {
            match self.next(end)? {
                Some(Message::Return(answer)) => return Ok(answer),
                Some(Message::Error(text)) => return Err(refused(text)),
                Some(Message::Event(event)) => self.events.push_back(event),
                Some(Message::Greeting) => {}
                None => return Err(refused(format!("no answer within {ANSWER:?}"))),
            }
        }
    }

    /// Waits for an event, dropping those before it.
    ///
    /// # Errors
    /// [`LabError::Socket`]; [`LabError::Qmp`] when it does not come.
    pub fn wait_event(&mut self, name: &str, timeout: Duration) -> Result<Event, LabError> {
        while let Some(event) = self.events.pop_front() {
            if event.name == name {
                return Ok(event);
            }
        }
        let end = Instant::now() + timeout;
        loop {
            match self.next(end)? {
                Some(Message::Event(event)) if event.name == name => return Ok(event),
                Some(_) => {}
                None => {
                    let answer = format!("it did not come within {timeout:?}");
                    return Err(LabError::Qmp { command: format!("event {name}"), answer });
                }
            }
        }
    }

    /// Waits for any event.
    ///
    /// # Errors
    /// [`LabError::Socket`], [`LabError::Qmp`].
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<Event>, LabError> {
        if let Some(event) = self.events.pop_front() {
            return Ok(Some(event));
        }
        let end = Instant::now() + timeout;
        loop {
            match self.next(end)? {
                Some(Message::Event(event)) => return Ok(Some(event)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    /// The next message, or `None` at `end`.
    fn next(&mut self, end: Instant) -> Result<Option<Message>, LabError> {
        loop {
            match self.reader.read_line(&mut self.partial) {
                Ok(0) => return Err(broken(std::io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => {
                    let line = std::mem::take(&mut self.partial);
                    let unread = || LabError::Qmp { command: "answer".to_owned(), answer: line.clone() };
                    return Message::parse(&line).ok_or_else(unread).map(Some);
                }
                Err(error) if is_timeout(&error) && Instant::now() < end => {}
                Err(error) if is_timeout(&error) => return Ok(None),
                Err(error) => return Err(broken(error)),
            }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

fn broken(source: std::io::Error) -> LabError {
    LabError::Socket { what: "control socket", source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        assert_eq!(Message::parse(r#"{"return": {"a": 1}}"#), Some(Message::Return(json!({"a": 1}))));
        assert_eq!(Message::parse(r#"{"QMP": {"version": {}}}"#), Some(Message::Greeting));
        assert_eq!(
            Message::parse(r#"{"error": {"class": "GenericError", "desc": "no such device"}}"#),
            Some(Message::Error("no such device".to_owned()))
        );
        let event = r#"{"timestamp": {"seconds": 1}, "event": "DEVICE_DELETED", "data": {"device": "u"}}"#;
        assert_eq!(
            Message::parse(event),
            Some(Message::Event(Event { name: "DEVICE_DELETED".to_owned(), data: json!({"device": "u"}) }))
        );
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for line in ["", "{}", "[1]", "hello", r#"{"event": 3}"#] {
            assert_eq!(Message::parse(line), None, "{line}");
        }
    }

    /// A QEMU that plays back what it is told to, a step per command.
    fn scripted(steps: &'static [&'static str]) -> UnixStream {
        let (ours, theirs) = UnixStream::pair().unwrap();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(theirs.try_clone().unwrap());
            let mut writer = theirs;
            for step in steps {
                let mut command = String::new();
                reader.read_line(&mut command).unwrap();
                writer.write_all(step.as_bytes()).unwrap();
            }
            // Stays connected until the other end goes.
            let _ = reader.read_line(&mut String::new());
        });
        ours
    }

    #[test]
    fn an_event_before_the_answer_is_kept() {
        let mut qmp = Qmp::new(scripted(&[
            "{\"QMP\": {}}\n{\"return\": {}}\n",
            "{\"event\": \"A\"}\n{\"event\": \"B\", \"data\": {\"x\": 1}}\n{\"return\": 7}\n",
        ]))
        .unwrap();
        assert_eq!(qmp.execute("go", json!({})).unwrap(), json!(7));
        assert_eq!(qmp.wait_event("B", Duration::from_secs(1)).unwrap().data, json!({"x": 1}));
    }

    #[test]
    fn a_refusal_is_an_error() {
        let mut qmp =
            Qmp::new(scripted(&["{\"return\": {}}\n", "{\"error\": {\"desc\": \"not so\"}}\n"])).unwrap();
        let error = qmp.execute("go", json!({})).unwrap_err();
        assert_eq!(error.to_string(), "QMP go: not so");
    }

    #[test]
    fn an_event_that_does_not_come_is_an_error() {
        let mut qmp = Qmp::new(scripted(&["{\"return\": {}}\n"])).unwrap();
        let error = qmp.wait_event("C", Duration::from_millis(150)).unwrap_err();
        assert!(error.to_string().starts_with("QMP event C"), "{error}");
    }
}
