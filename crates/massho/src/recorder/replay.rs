//! Showing a recording again: the same messages, the same screens.

use super::{FORMAT, Recording};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::fs;
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;
use wizard::{Model, Msg, Setup, update, view};

/// How many of the last messages are named.
const LAST: usize = 20;

/// Why a recording is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplayError {
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    #[error("it is no recording: {0}")]
    Form(#[from] serde_json::Error),
    #[error("it is a recording of another kind: {0}")]
    Kind(String),
    #[error("the built-in rule table: {0}")]
    Table(#[from] policy::TableError),
    #[error("the built-in texts: {0}")]
    Texts(#[from] wizard::TextsError),
}

/// `massho replay FILE`: prints what the operator saw last, and what led to it.
pub(crate) fn run(file: &str) -> ExitCode {
    match fs::read(file).map_err(ReplayError::from).and_then(|bytes| report(&bytes)) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("massho: {}: {error}", file.escape_debug());
            ExitCode::FAILURE
        }
    }
}

fn report(bytes: &[u8]) -> Result<String, ReplayError> {
    let recording: Recording = serde_json::from_slice(bytes)?;
    if recording.format != FORMAT {
        return Err(ReplayError::Kind(recording.format.escape_debug().to_string()));
    }
    let own = env!("CARGO_PKG_VERSION");
    let mut text = format!("code {}\n{}\n", harmless(&recording.code), harmless(&recording.fault));
    if recording.version != own {
        text += &format!("recorded by version {}, shown by {own}\n", harmless(&recording.version));
    }
    if recording.left_out > 0 {
        text += &format!("{} messages were not recorded: the screen may differ\n", recording.left_out);
    }
    let skipped = recording.messages.len().saturating_sub(LAST);
    for msg in recording.messages.iter().skip(skipped) {
        text += &format!("  {msg:?}\n");
    }
    let (model, size) = last_screen(&recording)?;
    text += &picture(&model, size);
    Ok(text)
}

/// The screens after all messages, and their size.
pub(super) fn last_screen(recording: &Recording) -> Result<(Model, (u16, u16)), ReplayError> {
    let setup = Setup {
        console: recording.console,
        table: policy::Table::builtin()?,
        origin: policy::TableOrigin::Builtin,
        pc_serial: recording.pc_serial.as_str().into(),
        about: String::new(),
        keyboard: None,
    };
    let (mut model, mut size) = (Model::new(setup)?, wizard::MINIMUM_SIZE);
    for msg in &recording.messages {
        if let Msg::Resized { width, height } = msg {
            size = (*width, *height);
        }
        // What the screens ask for was done, and its answers are recorded.
        let _ = update(&mut model, msg.clone());
    }
    Ok((model, size))
}

/// The screen as text.
pub(super) fn picture(model: &Model, (width, height): (u16, u16)) -> String {
    // Nothing of it can fail: the backend is memory.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let Ok(_) = terminal.draw(|frame| view(model, frame));
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(width.max(1))) {
        let (mut line, mut covered) = (String::new(), 0);
        for cell in row {
            if covered > 0 {
                covered -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            covered = cell.symbol().width().saturating_sub(1);
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn harmless(text: &str) -> String {
    text.lines().map(|line| line.escape_debug().to_string()).collect::<Vec<_>>().join("\n")
}
