//! Hot-plug: a word from udev whenever a block device comes, goes or changes.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

/// How long a swarm of events is let pass before it counts as news: a drive that keeps changing must not hide the others.
const SWARM: Duration = Duration::from_secs(2);

/// Listens to udev's events about block devices.
pub struct Monitor(udev::MonitorSocket);

/// Why listening failed.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The socket could not be opened.
    #[error("listening to udev failed: {0}")]
    Listen(io::Error),
    /// Waiting failed.
    #[error("waiting for udev failed: {0}")]
    Wait(io::Error),
}

impl Monitor {
    /// Starts listening.
    ///
    /// # Errors
    /// [`MonitorError::Listen`]
    pub fn new() -> Result<Self, MonitorError> {
        let builder = udev::MonitorBuilder::new().and_then(|builder| builder.match_subsystem("block"));
        builder.and_then(udev::MonitorBuilder::listen).map(Self).map_err(MonitorError::Listen)
    }

    /// Waits for an event and then until `quiet` has passed without one, since events come in swarms (a disk, its
    /// partitions); no longer than two seconds, since a swarm need not end. Whether anything came before `patience` was over.
    ///
    /// # Errors
    /// [`MonitorError::Wait`]
    pub fn wait(&self, patience: Duration, quiet: Duration) -> Result<bool, MonitorError> {
        if !self.poll(patience)? {
            return Ok(false);
        }
        let end = Instant::now() + SWARM;
        while self.poll(quiet)? && Instant::now() < end {}
        Ok(true)
    }

    fn poll(&self, patience: Duration) -> Result<bool, MonitorError> {
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        let timeout = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
        let mut fds = [PollFd::new(self.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, timeout) {
            Ok(0) | Err(nix::errno::Errno::EINTR) => Ok(false),
            Ok(_) => Ok(self.0.iter().count() > 0),
            Err(error) => Err(MonitorError::Wait(error.into())),
        }
    }
}

impl AsFd for Monitor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
