//! The stick's own memory: what it has taken and not yet written to its flash.
//!
//! Most sticks do not say whether they have any, and Linux then never asks them to empty it, whatever is flushed. So it
//! is asked for here, in the stick's own words: SYNCHRONIZE CACHE.

use crate::{Operation, StickError};
use protocol::scsi::{Sense, SenseKey, synchronize_cache};
use rustix::fs::{major, minor, stat};
use rustix::io::Errno;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use transport::{Access, BlockIo, CommandError, Commands, Data, IoFailure, Node, OpenError};

/// How long a stick may take to empty its memory.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is asked again that only had something else to say: a reset, a change.
const TRIES: u32 = 4;

/// What a stick answers to SYNCHRONIZE CACHE when it does not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Everything is on the medium.
    Synchronized,
    /// It knows no such command: it has no such memory, as far as anybody can tell.
    NotKnown,
}

/// The device that a stick's filesystem is on.
pub(crate) struct Medium {
    node: Node,
    path: PathBuf,
}

impl std::fmt::Debug for Medium {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Medium").field(&self.path).finish()
    }
}

impl Medium {
    /// Opens it. A stick that empties its memory when asked is from then on asked by the system too, whenever that has
    /// something to put in order.
    ///
    /// # Errors
    /// [`StickError::Removed`], or another failure.
    pub(crate) fn open(path: &Path) -> Result<Self, StickError> {
        let failed = |source| StickError::Io { operation: Operation::Mount, source };
        let node = Node::open(path, Access::Identify).map_err(|error| match error {
            OpenError::Gone | OpenError::NoMedium => StickError::Removed,
            other => failed(io::Error::other(other)),
        })?;
        if synchronize(&node).map_err(failed)? == Answer::Synchronized
            && let Err(error) = have_the_system_flush(path)
        {
            tracing::info!(%error, "the system does not flush this stick by itself");
        }
        Ok(Self { node, path: path.to_owned() })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Empties the system's memory of this device and then the device's own.
    ///
    /// # Errors
    /// What failed; nothing written before is certain then.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.node.flush().map_err(|failure| match failure {
            IoFailure::Gone => Errno::NODEV.into(),
            other => io::Error::other(other),
        })?;
        synchronize(&self.node).map(drop)
    }
}

/// Asks the stick to empty its memory. One that fails at it has not saved anything; one that does not know the command
/// has nothing to empty.
fn synchronize(stick: &dyn Commands) -> io::Result<Answer> {
    for _ in 0..TRIES {
        let reply = match stick.scsi(&synchronize_cache(), Data::None, PATIENCE) {
            Ok(reply) => reply,
            // A card in a slot of its own: the system knows about its memory.
            Err(CommandError::NotThisBus) => return Ok(Answer::NotKnown),
            Err(CommandError::Gone) => return Err(Errno::NODEV.into()),
            Err(error) => return Err(io::Error::other(error)),
        };
        let Some(sense) = Sense::parse(&reply.sense) else {
            return if reply.status == 0 {
                Ok(Answer::Synchronized)
            } else {
                Err(io::Error::other(format!("SYNCHRONIZE CACHE: status {:02X}h", reply.status)))
            };
        };
        match sense.sense_key() {
            SenseKey::UnitAttention if !sense.deferred => {}
            SenseKey::IllegalRequest if !sense.deferred => return Ok(Answer::NotKnown),
            SenseKey::NoSense | SenseKey::RecoveredError if !sense.deferred => {
                return Ok(Answer::Synchronized);
            }
            _ => return Err(io::Error::other(format!("SYNCHRONIZE CACHE: {sense}"))),
        }
    }
    Err(io::Error::other("SYNCHRONIZE CACHE: the stick does not come to rest"))
}

/// Tells the kernel that the disk has a memory to be emptied, for as long as it is plugged in: its filesystems then do so
/// between what must stand first and what refers to it.
fn have_the_system_flush(device: &Path) -> io::Result<()> {
    let number = stat(device)?.st_rdev;
    let volume = fs::canonicalize(format!("/sys/dev/block/{}:{}", major(number), minor(number)))?;
    let disk = match volume.parent() {
        Some(disk) if volume.join("partition").exists() => disk.to_owned(),
        _ => volume,
    };
    for entry in fs::read_dir(disk.join("device/scsi_disk"))? {
        fs::write(entry?.path().join("cache_type"), "temporary write back")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::nvme::AdminCommand;
    use std::collections::VecDeque;
    use std::sync::Mutex;
    use transport::{NvmeCompletion, ScsiReply};

    type Reply = Result<ScsiReply, CommandError>;

    /// A stick that answers so, in this order.
    struct Scripted(Mutex<VecDeque<Reply>>);

    impl Commands for Scripted {
        fn nvme_admin(
            &self,
            _: &AdminCommand,
            _: Data<'_>,
            _: Duration,
        ) -> Result<NvmeCompletion, CommandError> {
            panic!("not asked of a stick")
        }

        fn scsi(&self, cdb: &[u8], data: Data<'_>, _: Duration) -> Reply {
            assert_eq!((cdb, data.len()), ([0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0].as_slice(), 0));
            self.0.lock().unwrap().pop_front().unwrap()
        }
    }

    fn reply(status: u8, sense: &[u8]) -> Reply {
        Ok(ScsiReply { status, sense: sense.to_vec(), transferred: 0 })
    }

    /// Fixed format sense data, as sticks give them.
    fn sense(code: u8, key: u8, asc: u8, ascq: u8) -> Reply {
        reply(2, &[code, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0])
    }

    fn ask(replies: impl IntoIterator<Item = Reply>) -> io::Result<Answer> {
        let stick = Scripted(Mutex::new(replies.into_iter().collect()));
        let answer = synchronize(&stick);
        assert!(stick.0.lock().unwrap().is_empty(), "it was not asked again");
        answer
    }

    #[test]
    fn a_stick_that_obeys_has_emptied_its_memory() {
        assert_eq!(ask([reply(0, &[])]).unwrap(), Answer::Synchronized);
        assert_eq!(ask([sense(0x70, 0x1, 0x17, 0x01)]).unwrap(), Answer::Synchronized);
    }

    #[test]
    fn a_stick_that_knows_no_such_command_has_none() {
        assert_eq!(ask([sense(0x70, 0x5, 0x20, 0x00)]).unwrap(), Answer::NotKnown);
        assert_eq!(ask([Err(CommandError::NotThisBus)]).unwrap(), Answer::NotKnown);
    }

    #[test]
    fn a_stick_that_was_reset_is_asked_again() {
        let attention = || sense(0x70, 0x6, 0x29, 0x00);
        assert_eq!(ask([attention(), attention(), reply(0, &[])]).unwrap(), Answer::Synchronized);
        assert!(ask([attention(), attention(), attention(), attention()]).is_err());
    }

    #[test]
    fn a_stick_that_fails_has_saved_nothing() {
        for failure in [
            sense(0x70, 0x3, 0x0C, 0x00),
            sense(0x70, 0x4, 0x44, 0x00),
            sense(0x70, 0x7, 0x27, 0x00),
            sense(0x70, 0xB, 0x00, 0x00),
            // An earlier write failed, and only now it says so.
            sense(0x71, 0x5, 0x21, 0x00),
            sense(0x71, 0x6, 0x29, 0x00),
            // Busy, and a check condition that says nothing.
            reply(8, &[]),
            reply(2, &[]),
            Err(CommandError::TimedOut(PATIENCE)),
            Err(CommandError::Host("reset".into())),
        ] {
            let said = format!("{failure:?}");
            assert!(ask([failure]).is_err(), "{said}");
        }
    }

    #[test]
    fn a_stick_that_is_gone_is_told_by_the_systems_own_word() {
        let error = ask([Err(CommandError::Gone)]).unwrap_err();
        assert_eq!(Errno::from_io_error(&error), Some(Errno::NODEV));
    }
}
