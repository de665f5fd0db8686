//! Which keys a screen takes. The help line is made from the same table, so that it cannot lie.

mod ahead;
mod names;
mod screens;

use crate::texts::Keys;
use crate::{Key, Model};

pub(crate) use screens::bindings;

/// What a key means on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cmd {
    Up,
    Down,
    Next,
    Back,
    /// The line, or the answer, with this number, from 1.
    Pick(u8),
    Toggle,
    /// The answer before this one.
    ToggleBack,
    Type(char),
    Rubout,
    NextField,
    PreviousField,
    Rescan,
    PowerOff,
    Detail,
    Abandon,
    Stop,
    Rescue,
    Again,
    RecordOnly,
    Record,
    Witness,
    Finish,
    Yes,
    Builtin,
    /// What is known of one drive.
    Info,
    Thaw,
    Probe,
    RestoreDco,
    Attest,
    /// 例外措置, given or taken back.
    Except,
    /// The serial number on a label.
    Label,
    Withdraw,
    Unlock,
    /// 引渡前の消去 for the whole PC.
    Handover,
    /// What was done without the program.
    ByHand,
    /// Where the drives sit.
    Bench,
    /// Earlier sessions.
    Past,
    /// The QR code.
    Code,
    /// What this screen is for.
    Help,
    /// The office's names for a field.
    OpenList,
    /// Letters as kana, or as letters.
    Kana,
    /// The passphrase as it was typed, or as stars.
    Reveal,
    /// The other keyboard.
    Keyboard,
}

/// Which keys a binding takes. The help line names every one of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Accepts {
    /// These.
    Keys(&'static [(Key, Cmd)]),
    /// These, and the digits from 1 to this, each picking a line or an answer: a numeric keypad has no letters.
    Choice(&'static [(Key, Cmd)], u8),
    /// Any character, and Backspace.
    Text,
    /// Any digit, and Backspace.
    Digits,
    /// Every key that there is; it is obeyed before it is looked up.
    Any,
}

/// One entry of the help line.
#[derive(Clone, Copy)]
pub(crate) struct Binding {
    pub(crate) label: fn(&Keys) -> &String,
    pub(crate) accepts: Accepts,
}

impl Binding {
    /// The same, and the digits from 1 to `last`; those above 9 have no key of their own.
    pub(crate) fn picking(self, last: usize) -> Self {
        let last = u8::try_from(last.min(9)).unwrap_or(9);
        match self.accepts {
            Accepts::Keys(pairs) if last > 0 => Self { accepts: Accepts::Choice(pairs, last), ..self },
            _ => self,
        }
    }

    fn cmd(&self, key: Key) -> Option<Cmd> {
        let known =
            |pairs: &'static [(Key, Cmd)]| pairs.iter().find(|(known, _)| *known == key).map(|(_, cmd)| *cmd);
        match (self.accepts, key) {
            (Accepts::Keys(pairs), _) => known(pairs),
            (Accepts::Choice(pairs, last), _) => known(pairs).or_else(|| {
                let Key::Char(c) = key else { return None };
                let number = u8::try_from(c.to_digit(10)?).ok()?;
                (1..=last).contains(&number).then_some(Cmd::Pick(number))
            }),
            (Accepts::Text, Key::Char(c)) => Some(Cmd::Type(c)),
            (Accepts::Digits, Key::Char(c)) if c.is_ascii_digit() => Some(Cmd::Type(c)),
            (Accepts::Text | Accepts::Digits, Key::Backspace) => Some(Cmd::Rubout),
            _ => None,
        }
    }
}

/// What a key means on the screen as it is now.
pub(crate) fn lookup(model: &Model, key: Key) -> Option<Cmd> {
    let bindings = bindings(model);
    let takes_text = bindings.iter().any(|binding| matches!(binding.accepts, Accepts::Text));
    let key = match key {
        Key::Char(c) if !takes_text => Key::Char(c.to_ascii_lowercase()),
        _ => key,
    };
    bindings.iter().find_map(|binding| binding.cmd(key))
}
