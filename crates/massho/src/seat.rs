//! The seat: of several consoles, one is used.

use rustix::fs::{FlockOperation, flock};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Where the consoles' programs meet.
pub(crate) const LOCK: &str = "/run/massho/seat";

/// How often a lock that is held is tried again, and how long after.
const TRIES: u32 = 5;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);

/// The right to be the console in use; given back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Seat(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Whose the seat is.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Ours.
    Taken(Seat),
    /// Another console's.
    Elsewhere,
}

impl Seat {
    /// Whether another console has it. `false` where that cannot be told.
    pub(crate) fn is_elsewhere(path: &Path) -> bool {
        // A claim that is dropped at once leaves the seat free again.
        matches!(Self::claim_at(path), Ok(Claim::Elsewhere))
    }

    /// Takes the seat if it is free.
    pub(crate) fn claim_at(path: &Path) -> io::Result<Claim> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        // Another console that only looks (`is_elsewhere`) holds it for an instant.
        for _ in 0..TRIES {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Claim::Taken(Self(file))),
                Err(rustix::io::Errno::WOULDBLOCK) => std::thread::sleep(PAUSE),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Claim::Elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seat_is_taken_once_and_free_again_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run/seat");
        let Claim::Taken(seat) = Seat::claim_at(&path).unwrap() else { panic!("not free") };
        assert!(matches!(Seat::claim_at(&path).unwrap(), Claim::Elsewhere));
        drop(seat);
        assert!(matches!(Seat::claim_at(&path).unwrap(), Claim::Taken(_)));
    }
}
