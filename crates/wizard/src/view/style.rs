//! Colours of the basic eight, never alone: a word or a shape says the same.

use ratatui::style::{Color, Modifier, Style};

pub(super) const TITLE: Style = Style::new().fg(Color::White).bg(Color::Blue).add_modifier(Modifier::BOLD);
pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
pub(super) const CURSOR: Style = Style::new().add_modifier(Modifier::REVERSED);
pub(super) const GOOD: Style = Style::new().fg(Color::Green).add_modifier(Modifier::BOLD);
pub(super) const WARN: Style = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);
pub(super) const BAD: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);
pub(super) const DANGER: Style = Style::new().fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD);
// Not bold: bold black is grey on many consoles, and the sign has to be read from the door.
pub(super) const SIGN_GOOD: Style = Style::new().fg(Color::Black).bg(Color::Green);
pub(super) const SIGN_WARN: Style = Style::new().fg(Color::Black).bg(Color::Yellow);
pub(super) const SIGN_BAD: Style = DANGER;
pub(super) const KEY: Style = Style::new().add_modifier(Modifier::REVERSED);
pub(super) const INPUT: Style = Style::new().add_modifier(Modifier::UNDERLINED);
