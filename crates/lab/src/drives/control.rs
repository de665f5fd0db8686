//! What the lab and a drive's process say to each other: a line of JSON each way, over a Unix socket.

use super::definition::Model;
use super::error::DriveError;
use crate::Scan;
use lab_drives::{Fault, Power};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Error, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a process may take for what it is asked: scanning a large medium is the longest.
const ANSWER: Duration = Duration::from_secs(120);

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "do", deny_unknown_fields)]
pub(super) enum Request {
    /// What and how it is.
    Status,
    /// Switches a fault on.
    SetFault {
        /// Which.
        fault: Fault,
    },
    /// Switches a fault off.
    ClearFault {
        /// Which.
        fault: Fault,
    },
    /// Switches all faults off.
    ClearFaults,
    /// Changes its power.
    Power {
        /// How.
        what: PowerChange,
    },
    /// Takes it out of the PC; its power stays.
    Pull,
    /// Puts it in.
    Plug,
    /// Looks for what is left of the pattern on the physical medium.
    Scan,
    /// Brings its files up to date.
    Settle,
    /// Ends the process, files up to date.
    Quit,
}

/// [`Power`] as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerChange {
    /// [`Power::Cycle`].
    Cycle,
    /// [`Power::Sleep`].
    Sleep,
    /// [`Power::Reset`].
    Reset,
}

impl From<PowerChange> for Power {
    fn from(change: PowerChange) -> Self {
        match change {
            PowerChange::Cycle => Self::Cycle,
            PowerChange::Sleep => Self::Sleep,
            PowerChange::Reset => Self::Reset,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub(super) enum Answer {
    /// It was done.
    Done,
    /// To [`Request::Status`].
    Status(Status),
    /// To [`Request::Scan`].
    Scanned {
        /// Each backing file.
        files: Vec<FileScan>,
    },
    /// It was not done.
    Refused {
        /// Why.
        why: String,
    },
}

/// What a drive's process says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Model,
    /// What it says its serial number is, where no fault spoils it.
    pub serial: String,
    /// Where QEMU finds it.
    pub at: Place,
    /// Whether it is there at all: some disappear.
    pub presence: Presence,
    /// The faults that are on.
    pub faults: Vec<Fault>,
    /// Its backing files.
    pub files: Vec<PathBuf>,
    /// The number of its process.
    pub process: u32,
}

/// Where QEMU finds a drive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields)]
pub enum Place {
    /// An iSCSI target on the loopback interface, LUN 0.
    Iscsi {
        /// Its TCP port.
        port: u16,
        /// Its name.
        target: String,
    },
    /// A vhost-user server: a host adapter with the drive on it.
    VhostUser {
        /// Its Unix socket.
        socket: PathBuf,
    },
    /// A vfio-user server.
    VfioUser {
        /// Its Unix socket.
        socket: PathBuf,
    },
}

/// Whether a drive is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It is.
    There,
    /// It has disappeared.
    Gone,
}

/// What one backing file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileScan {
    /// The file.
    pub path: PathBuf,
    /// What is in it, spare area included.
    pub scan: Scan,
}

/// Asks a drive's process once.
///
/// # Errors
/// [`DriveError::Control`], [`DriveError::Refused`].
pub(crate) fn ask(name: &str, socket: &Path, request: &Request) -> Result<Answer, DriveError> {
    let broken = |source| DriveError::Control { name: name.to_owned(), source };
    let mut stream = UnixStream::connect(socket).map_err(broken)?;
    stream.set_read_timeout(Some(ANSWER)).map_err(broken)?;
    let mut line = serde_json::to_string(request).map_err(|error| broken(error.into()))?;
    line.push('\n');
    stream.write_all(line.as_bytes()).map_err(broken)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(broken)?;
    match serde_json::from_str(&answer).map_err(|error| broken(error.into()))? {
        Answer::Refused { why } => Err(DriveError::Refused { name: name.to_owned(), why }),
        answer => Ok(answer),
    }
}

/// Answers whoever is connected, line by line.
pub(crate) fn answer(stream: &UnixStream, mut obey: impl FnMut(Request) -> Answer) -> Result<(), Error> {
    let mut writer = stream.try_clone()?;
    for line in BufReader::new(stream).lines() {
        let answer = match serde_json::from_str(&line?) {
            Ok(request) => obey(request),
            Err(error) => Answer::Refused { why: error.to_string() },
        };
        let mut line = serde_json::to_string(&answer)?;
        line.push('\n');
        writer.write_all(line.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_as_a_person_types_them() {
        let read = |line: &str| serde_json::from_str::<Request>(line).unwrap();
        assert_eq!(read(r#"{"do":"power","what":"sleep"}"#), Request::Power { what: PowerChange::Sleep });
        let fault = Fault::StuckProgress { at: 655 };
        assert_eq!(
            read(r#"{"do":"set-fault","fault":{"is":"stuck-progress","at":655}}"#),
            Request::SetFault { fault }
        );
        assert!(serde_json::from_str::<Request>(r#"{"do":"explode"}"#).is_err());
    }

    #[test]
    fn what_is_no_request_is_refused_and_the_next_is_answered() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        std::thread::spawn(move || answer(&theirs, |_| Answer::Done));
        let mut reader = BufReader::new(ours.try_clone().unwrap());
        let mut say = |line: &str| {
            (&ours).write_all(line.as_bytes()).unwrap();
            let mut answer = String::new();
            reader.read_line(&mut answer).unwrap();
            serde_json::from_str::<Answer>(&answer).unwrap()
        };
        assert!(matches!(say("nonsense\n"), Answer::Refused { .. }));
        assert_eq!(say("{\"do\":\"settle\"}\n"), Answer::Done);
    }
}
