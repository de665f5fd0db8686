//! The gate between jobs and the log: a job waits here until its intent is on the stick.

use crate::event::Event;
use crossbeam_channel::Sender;
use sanitize::{Intent, IntentGate, NotPermitted};

/// A job's question, with the way back.
#[derive(Debug)]
pub(crate) struct PermitRequest {
    /// What it is about to do.
    pub(crate) intent: Intent,
    /// Where the answer goes. Dropping it is a refusal.
    pub(crate) answer: Sender<Result<(), NotPermitted>>,
}

/// Sends intents to the main thread, which owns the log.
pub(crate) struct ChannelGate(pub(crate) Sender<Event>);

impl IntentGate for ChannelGate {
    fn permit(&self, intent: &Intent) -> Result<(), NotPermitted> {
        let refused = || NotPermitted::NotSaved("nobody keeps the log".into());
        let (answer, wait) = crossbeam_channel::bounded(1);
        let request = PermitRequest { intent: intent.clone(), answer };
        self.0.send(Event::Permit(request)).map_err(|_| refused())?;
        wait.recv().map_err(|_| refused())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{DriveNo, Technique};

    fn intent() -> Intent {
        Intent {
            drive: DriveNo(1),
            identity_fingerprint: String::new(),
            serial: "S".into(),
            technique: Technique::RandomOverwrite,
            command: String::new(),
            pass: Some(1),
            canary_seed: None,
            password: None,
        }
    }

    #[test]
    fn an_answer_that_never_comes_is_a_refusal() {
        let (events, inbox) = crossbeam_channel::unbounded();
        let waiting = std::thread::spawn(move || ChannelGate(events).permit(&intent()));
        drop(inbox.recv().unwrap());
        assert!(matches!(waiting.join().unwrap(), Err(NotPermitted::NotSaved(_))));
        let (events, inbox) = crossbeam_channel::unbounded();
        drop(inbox);
        assert!(matches!(ChannelGate(events).permit(&intent()), Err(NotPermitted::NotSaved(_))));
    }

    #[test]
    fn a_permit_comes_only_as_the_answer() {
        let (events, inbox) = crossbeam_channel::unbounded();
        let waiting = std::thread::spawn(move || ChannelGate(events).permit(&intent()));
        let Event::Permit(request) = inbox.recv().unwrap() else { panic!("no question came") };
        request.answer.send(Ok(())).unwrap();
        assert_eq!(waiting.join().unwrap(), Ok(()));
    }
}
