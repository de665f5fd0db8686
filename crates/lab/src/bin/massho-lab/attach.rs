//! The user's own terminal on the guest's serial line.

use nix::sys::signal::{SigSet, Signal};
use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread;

/// Ctrl-A, as in QEMU: the next key is for the lab.
const ESCAPE: u8 = 0x01;

/// Why a terminal could not be attached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttachError {
    /// Standard input or output is none.
    #[error("this is no terminal, so the wizard cannot be shown. Run it in a terminal, or use `demo auto`")]
    NoTerminal,
    /// The terminal refused.
    #[error("the terminal could not be put into raw mode: {0}")]
    Raw(#[source] nix::Error),
    /// The line to the guest failed.
    #[error("the serial line failed: {0}")]
    Line(#[source] io::Error),
}

/// Puts the terminal back as it was, whatever happens.
struct RawMode {
    before: Termios,
}

impl RawMode {
    fn enter() -> Result<Self, AttachError> {
        let stdin = io::stdin();
        let before = tcgetattr(&stdin).map_err(AttachError::Raw)?;
        let mut raw = before.clone();
        cfmakeraw(&mut raw);
        tcsetattr(&stdin, SetArg::TCSADRAIN, &raw).map_err(AttachError::Raw)?;
        Ok(Self { before })
    }

    fn leave(before: &Termios) {
        // A terminal that is gone needs nothing put back.
        let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, before);
        // Whatever the guest left: no other screen, no colours, a visible cursor.
        let _ = io::stdout().write_all(b"\x1b[?1049l\x1b[0m\x1b[?25h\r\n");
        let _ = io::stdout().flush();
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        Self::leave(&self.before);
    }
}

/// How the attachment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The guest went off.
    GuestOff,
    /// The user typed Ctrl-A X.
    ByUser,
}

/// Signals that would end this program must not leave the terminal raw. To be called before any thread starts: the
/// threads inherit the mask, and one of them waits for these.
pub(crate) fn hold_signals() {
    // Refused only for signals that do not exist.
    let _ = ending_signals().thread_block();
}

fn ending_signals() -> SigSet {
    [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT].into_iter().collect()
}

fn restore_on_signal(before: Termios) {
    thread::spawn(move || {
        if ending_signals().wait().is_ok() {
            RawMode::leave(&before);
            std::process::exit(130);
        }
    });
}

/// Passes keys to the guest and the guest's screen to the terminal, until the guest ends or Ctrl-A X is typed.
///
/// # Errors
/// [`AttachError`].
pub(crate) fn attach(line: &UnixStream) -> Result<Ended, AttachError> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(AttachError::NoTerminal);
    }
    let keys = line.try_clone().map_err(AttachError::Line)?;
    let screen = line.try_clone().map_err(AttachError::Line)?;
    let raw = RawMode::enter()?;
    restore_on_signal(raw.before.clone());
    let (ended, end) = std::sync::mpsc::channel();
    let ended_by_user = ended.clone();
    thread::spawn(move || {
        if pass_keys(&mut io::stdin(), keys) == Ended::ByUser {
            let _ = ended_by_user.send(Ended::ByUser);
        }
    });
    thread::spawn(move || {
        pass_screen(screen, &mut io::stdout());
        let _ = ended.send(Ended::GuestOff);
    });
    Ok(end.recv().unwrap_or(Ended::GuestOff))
}

/// Until Ctrl-A X, or until the guest takes no more.
fn pass_keys(from: &mut impl Read, mut to: impl Write) -> Ended {
    let mut filter = Filter::default();
    let mut buffer = [0; 256];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let passed = filter.pass(&buffer[..length]);
        if to.write_all(&passed.bytes).is_err() {
            break;
        }
        if passed.quit {
            return Ended::ByUser;
        }
    }
    Ended::GuestOff
}

fn pass_screen(mut from: UnixStream, to: &mut impl Write) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..length]).and_then(|()| to.flush()).is_err() {
            break;
        }
    }
}

/// Tells the lab's own keys from the guest's.
#[derive(Debug, Default)]
struct Filter {
    escaped: Escaped,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Escaped {
    #[default]
    No,
    Yes,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Passed {
    bytes: Vec<u8>,
    quit: bool,
}

impl Filter {
    fn pass(&mut self, typed: &[u8]) -> Passed {
        let mut passed = Passed::default();
        for &byte in typed {
            match (std::mem::take(&mut self.escaped), byte) {
                (Escaped::No, ESCAPE) => self.escaped = Escaped::Yes,
                (Escaped::No, byte) => passed.bytes.push(byte),
                (Escaped::Yes, b'x' | b'X') => {
                    passed.quit = true;
                    break;
                }
                // Ctrl-A twice is Ctrl-A; anything else after it is dropped.
                (Escaped::Yes, ESCAPE) => passed.bytes.push(ESCAPE),
                (Escaped::Yes, _) => {}
            }
        }
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(typed: &[&[u8]]) -> (Vec<u8>, bool) {
        let mut filter = Filter::default();
        let passed: Vec<Passed> = typed.iter().map(|part| filter.pass(part)).collect();
        (passed.iter().flat_map(|part| part.bytes.clone()).collect(), passed.iter().any(|part| part.quit))
    }

    #[test]
    fn keys_pass_as_they_are() {
        assert_eq!(pass(&[b"abc\r\x1b[A\x03"]), (b"abc\r\x1b[A\x03".to_vec(), false));
    }

    #[test]
    fn ctrl_a_x_quits_even_in_two_pieces() {
        assert_eq!(pass(&[b"a\x01x"]), (b"a".to_vec(), true));
        assert_eq!(pass(&[b"a\x01", b"X"]), (b"a".to_vec(), true));
    }

    #[test]
    fn ctrl_a_twice_is_ctrl_a() {
        assert_eq!(pass(&[b"\x01\x01x\x01q"]), (b"\x01x".to_vec(), false));
    }

    #[test]
    fn nothing_after_the_quit_key_reaches_the_guest() {
        assert_eq!(pass(&[b"\x01xrm"]), (Vec::new(), true));
    }
}
