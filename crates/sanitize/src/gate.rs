//! Nothing irreversible before its intent is durable on the results stick.

use model::{DeviceText, DriveNo, Technique};

/// Something irreversible that a job is about to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The drive.
    pub drive: DriveNo,
    /// [`model::Identity::fingerprint`] of the identity read from the drive just now.
    pub identity_fingerprint: String,
    /// Its serial number, so that a person finds the drive.
    pub serial: DeviceText,
    /// The technique.
    pub technique: Technique,
    /// The exact command and its parameters.
    pub command: String,
    /// Which pass of an overwrite, from 1; `None` for everything else.
    pub pass: Option<u8>,
    /// The seed of the canaries' places and content, in hexadecimal, where canaries are planted.
    pub canary_seed: Option<String>,
    /// The ATA password that the step will set.
    pub password: Option<String>,
}

/// Why an intent was not permitted. Nothing of it has been done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPermitted {
    /// It could not be made durable; the text says why.
    #[error("the intent could not be saved: {0}")]
    NotSaved(String),
    /// The operator stopped everything.
    #[error("stopped")]
    Stopped,
}

/// Keeps intents. One gate serves all jobs at once.
pub trait IntentGate: Send + Sync {
    /// Blocks until the intent is on the results stick and was read back from it.
    ///
    /// # Errors
    /// [`NotPermitted`]: the job then ends without taking that step.
    fn permit(&self, intent: &Intent) -> Result<(), NotPermitted>;
}
