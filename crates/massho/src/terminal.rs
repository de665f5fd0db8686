//! The terminal: raw mode and back, pictures, keys, and its size.

use crate::console::Console;
use crate::recorder::Recorder;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::termios::{Winsize, tcgetwinsize, tcsetwinsize};
use signal_hook::consts::SIGQUIT;
use signal_hook::iterator::Signals;
use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use unicode_width::UnicodeWidthStr;
use wizard::Key;

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TerminalError {
    /// Raw mode, or the alternate screen, was refused.
    #[error("setting it up: {0}")]
    SetUp(io::Error),
    /// Writing to it failed.
    #[error("drawing: {0}")]
    Draw(io::Error),
}

/// A terminal that goes back to what it was when dropped, and when the program panics.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    probe: SizeProbe,
    /// What the last picture showed.
    shown: Option<(wizard::Screen, wizard::Language, bool)>,
}

impl Screen {
    pub(crate) fn open(console: Console, recorder: Recorder) -> Result<Self, TerminalError> {
        crossterm::terminal::enable_raw_mode().map_err(TerminalError::SetUp)?;
        let draws = std::thread::current().id();
        std::panic::set_hook(Box::new(move |panic| {
            tracing::error!(%panic, "panic");
            // A job that panics ends as a result; only the thread that draws takes the screen with it.
            if std::thread::current().id() == draws {
                restore();
                eprint!("\r\n{}", recorder.crash(panic).replace('\n', "\r\n"));
            }
        }));
        let probe = SizeProbe { console, wanted: Arc::default() };
        probe.ask();
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide).map_err(TerminalError::SetUp)?;
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout())).map_err(TerminalError::SetUp)?;
        Ok(Self { terminal, probe, shown: None })
    }

    pub(crate) fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or(wizard::MINIMUM_SIZE, |size| (size.width, size.height))
    }

    pub(crate) fn probe(&self) -> SizeProbe {
        self.probe.clone()
    }

    /// Empties the screen and forgets what it showed. `Terminal::clear` would first ask the terminal for its cursor's place,
    /// and fail where a slow or absent one does not answer within two seconds; a change of size does the rest and asks nothing.
    fn wipe(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    pub(crate) fn draw(&mut self, model: &wizard::Model) -> Result<(), TerminalError> {
        // Another screen begins on an empty one, whatever a terminal made of the last.
        let shows = Some((model.screen(), model.language(), model.shows_door()));
        if self.shown != shows {
            self.wipe().map_err(TerminalError::Draw)?;
            self.shown = shows;
        }
        let kmscon = self.probe.console == Console::Kmscon;
        let draw = |frame: &mut ratatui::Frame<'_>| {
            wizard::view(model, frame);
            if kmscon {
                blank_visibly(frame.buffer_mut());
            }
        };
        self.terminal.draw(draw).map_err(TerminalError::Draw)?;
        let (width, height) = self.size();
        let small = width < wizard::MINIMUM_SIZE.0 || height < wizard::MINIMUM_SIZE.1;
        self.probe.wanted.store(small, Ordering::Relaxed);
        Ok(())
    }
}

/// kmscon (10.0.4) does not paint a blank where the right half of a wide character was, so that the end of an old
/// sentence stays and says something else. A no-break space looks the same to people and is a character to kmscon.
///
/// The place of a right half remains a blank, which is never sent: a blank that later stands there is then another
/// content than before, and is sent.
fn blank_visibly(buffer: &mut ratatui::buffer::Buffer) {
    let width = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(width) {
        let mut covered = 0;
        for cell in row {
            let cells = cell.symbol().width();
            if covered > 0 {
                covered -= 1;
            } else if cell.symbol() == " " {
                cell.set_symbol("\u{a0}");
            } else {
                covered = cells.saturating_sub(1);
            }
        }
    }
}

/// Rings the bell: after a sleep a screen may stay black.
pub(crate) fn ring() {
    use std::io::Write;
    let mut out = io::stdout();
    // Nothing can be done if the terminal is gone.
    let _ = out.write_all(b"\x07").and_then(|()| out.flush());
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// The exit status of a program that panicked, and so of one that was told to leave a recording.
const FAULT: i32 = 101;

/// On SIGQUIT: leaves a recording and ends. With the rescue entry's shell a technician gets out of a program that hangs that
/// way, and the office gets to know why it did.
pub(crate) fn listen_to_quit(recorder: Recorder) -> io::Result<()> {
    let mut signals = Signals::new([SIGQUIT])?;
    std::thread::Builder::new().name("quit".into()).spawn(move || {
        if signals.forever().next().is_some() {
            // First of all the recording: whatever hangs may hold the terminal, too.
            let said = recorder.told_to_quit().replace('\n', "\r\n");
            restore();
            eprint!("\r\n{said}");
            std::process::exit(FAULT);
        }
    })?;
    Ok(())
}

fn restore() {
    // Nothing can be done if the terminal is gone.
    let _ = execute!(io::stdout(), cursor::Show, LeaveAlternateScreen);
    let _ = crossterm::terminal::disable_raw_mode();
}

/// A serial line has no size of its own and announces no change of it: the terminal at its other end is asked.
#[derive(Clone)]
pub(crate) struct SizeProbe {
    console: Console,
    wanted: Arc<AtomicBool>,
}

impl SizeProbe {
    /// Whether the screen shows that the terminal is too small, so that a larger one should be noticed.
    pub(crate) fn is_wanted(&self) -> bool {
        self.console == Console::Serial && self.wanted.load(Ordering::Relaxed)
    }

    /// Asks for the cursor's place after sending it as far as it goes, and tells the kernel. To be called by the
    /// thread that reads keys, or before there is one. A terminal that does not answer counts as 80 × 24.
    pub(crate) fn ask(&self) -> Option<(u16, u16)> {
        if self.console != Console::Serial {
            return None;
        }
        let known = tcgetwinsize(io::stdout()).is_ok_and(|size| size.ws_col > 0 && size.ws_row > 0);
        let answer = execute!(io::stdout(), cursor::MoveTo(998, 998)).and_then(|()| cursor::position());
        let (width, height) = match answer {
            Ok((column, row)) => (column.saturating_add(1), row.saturating_add(1)),
            Err(_) if known => return None,
            Err(_) => wizard::MINIMUM_SIZE,
        };
        let size = Winsize { ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(io::stdout(), size).ok()?;
        Some((width, height))
    }
}

/// A key as the screens know it; `None` for anything that they have no use for.
pub(crate) fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release
        || event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
    {
        return None;
    }
    Some(match event.code {
        KeyCode::Char(character) => Key::Char(character),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::F(number) => Key::F(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(line: &str) -> ratatui::buffer::Buffer {
        let mut buffer = ratatui::buffer::Buffer::with_lines([line]);
        blank_visibly(&mut buffer);
        buffer
    }

    #[test]
    fn blanks_become_characters_and_nothing_else_changes() {
        let symbols: Vec<String> =
            blanked("消去 a ").content.iter().map(|cell| cell.symbol().to_owned()).collect();
        assert_eq!(symbols, ["消", " ", "去", " ", "\u{a0}", "a", "\u{a0}"]);
    }

    #[test]
    fn a_blank_where_a_right_half_was_is_sent() {
        let (before, after) = (blanked("消去しました"), blanked("a消 しました"));
        let sent: Vec<u16> = before.diff(&after).into_iter().map(|(column, _, _)| column).collect();
        assert!(sent.contains(&3), "{sent:?}");
    }

    #[test]
    fn chords_and_releases_are_no_keys() {
        let press = |code, modifiers| KeyEvent::new(code, modifiers);
        assert_eq!(key(press(KeyCode::Char('a'), KeyModifiers::NONE)), Some(Key::Char('a')));
        assert_eq!(key(press(KeyCode::Char('A'), KeyModifiers::SHIFT)), Some(Key::Char('A')));
        assert_eq!(key(press(KeyCode::Char('c'), KeyModifiers::CONTROL)), None);
        assert_eq!(key(press(KeyCode::Enter, KeyModifiers::ALT)), None);
        let release = KeyEvent { kind: KeyEventKind::Release, ..press(KeyCode::Enter, KeyModifiers::NONE) };
        assert_eq!(key(release), None);
    }

    /// Where the program that panics leaves its recording.
    const FILE: &str = "MASSHO_TEST_FAULT";

    /// No test but a program, which the test below watches; without the file it does nothing.
    #[test]
    #[ignore = "panics; another test runs it"]
    fn panics_with_the_screen_open() {
        let Ok(file) = std::env::var(FILE) else { return };
        let recorder = Recorder::new(wizard::Console::Full, "PC-1", file.into());
        let _screen = Screen::open(Console::Kmscon, recorder).unwrap();
        panic!("a fault of the program's own");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_says_its_code_and_leaves_a_recording() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("fault.json");
        let pty = nix::pty::openpty(None, None).unwrap();
        let before = rustix::termios::tcgetattr(&pty.slave).unwrap().local_modes;
        let side = || std::process::Stdio::from(pty.slave.try_clone().unwrap());
        let mut program = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "terminal::tests::panics_with_the_screen_open", "--ignored", "--nocapture"])
            .env(FILE, &file)
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        let mut master = std::fs::File::from(pty.master);
        let reader = std::thread::spawn(move || {
            let mut said = Vec::new();
            // Its end is an error: nobody has the other side any more.
            let _ = std::io::Read::read_to_end(&mut master, &mut said);
            String::from_utf8_lossy(&said).into_owned()
        });
        program.wait().unwrap();
        let after = rustix::termios::tcgetattr(&pty.slave).unwrap().local_modes;
        drop(pty.slave);
        let said = reader.join().unwrap();
        assert_eq!(after, before, "the terminal is as it was");
        let code = std::fs::read_to_string(file.with_extension("code")).unwrap();
        let (taken, given_back) = (said.find("\x1b[?1049h").unwrap(), said.find("\x1b[?1049l").unwrap());
        assert!(taken < given_back && given_back < said.find(&code).unwrap(), "{said}");
        let recording = std::fs::read_to_string(&file).unwrap();
        assert!(recording.contains("a fault of the program's own") && recording.contains(&code));
    }
}
