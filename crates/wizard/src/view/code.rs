//! The QR code of the closed log, as large as the screen: two modules a cell, one above the other.

use super::frame;
use crate::Model;
use crate::field::harmless;
use crate::parts::Closing;
use qrcode::{Color as Module, EcLevel, QrCode};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Light modules around the code. ISO/IEC 18004 asks for four; readers take three, and more do not fit 24 rows.
const QUIET: usize = 3;
/// Columns of what stands beside the code, at the most.
const BESIDE: u16 = 16;
/// Rows of the help line, which is short here.
const HELP: u16 = 1;

pub(super) fn draw(model: &Model, frame: &mut Frame) {
    let area = frame.area();
    let lines = model.code_text().map(picture).unwrap_or_default();
    let width = u16::try_from(lines.first().map_or(0, Line::width)).unwrap_or(area.width).min(area.width);
    let height = u16::try_from(lines.len()).unwrap_or(area.height).min(area.height - HELP);
    let left = (area.width - width) / 2;
    frame.render_widget(Paragraph::new(lines), Rect { x: area.x + left, y: area.y, width, height });
    // Close to the code, to be in the same photograph.
    let width = left.saturating_sub(2).min(BESIDE);
    let beside =
        Rect { x: area.x + left - width - 1, y: area.y + 1, width, height: height.saturating_sub(1) };
    frame.render_widget(Paragraph::new(whose(model, usize::from(beside.width))), beside);
    let help = Rect { x: area.x + 1, y: area.y + area.height - HELP, width: area.width - 2, height: HELP };
    frame.render_widget(Paragraph::new(keys(model, usize::from(help.width))), help);
}

/// Whose log it is, for whoever finds the photograph: the asset number and the twelve characters, beside the code.
fn whose(model: &Model, width: usize) -> Vec<Line<'static>> {
    let t = &model.texts().finish;
    let Closing::Closed(info) = &model.closing else { return Vec::new() };
    let asset = (!model.is_bench() && !model.people.asset().is_empty())
        .then(|| [t.code_asset.as_str(), model.people.asset()]);
    let head = super::finish::grouped(&info.head12);
    let said = asset.into_iter().flatten().chain([t.code_head.as_str(), head.as_str()]);
    said.enumerate()
        .flat_map(|(at, text)| {
            let style = if at % 2 == 0 { super::style::PLAIN } else { super::style::STRONG };
            super::lines::paragraph(&harmless(text), 0, width, style)
        })
        .collect()
}

fn keys(model: &Model, width: usize) -> Line<'static> {
    let keys: Vec<Span> = frame::help(model, width).into_iter().take(1).flatten().collect();
    let todo = Span::styled(model.texts().finish.code_do.clone(), super::style::STRONG);
    Line::from_iter(keys.into_iter().chain([todo]))
}

#[cfg(test)]
pub(super) fn overflow(model: &Model) -> Option<String> {
    let (width, height) = (usize::from(model.size.0 - 2), usize::from(model.size.1 - HELP));
    let code = model.code_text().map(picture).unwrap_or_default();
    let fits = code.len() <= height && code.iter().all(|line| line.width() <= width + 2);
    (!fits || keys(model, width).width() > width).then(|| "code".to_owned())
}

/// The code of a text; nothing when the text is too long for one.
fn picture(text: &str) -> Vec<Line<'static>> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return Vec::new() };
    let (side, whole) = (code.width(), code.width() + 2 * QUIET);
    let colors = code.to_colors();
    let is_light = |row: usize, column: usize| {
        let inside = |place: usize| place.checked_sub(QUIET).filter(|place| *place < side);
        let module =
            inside(row).zip(inside(column)).and_then(|(row, column)| colors.get(row * side + column));
        module != Some(&Module::Dark)
    };
    // Drawn by shape, so that a terminal without colours shows it too.
    let cell = |row, column| match (is_light(row, column), is_light(row + 1, column)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let style = Style::new().fg(Color::White).bg(Color::Black);
    let row = |row| (0..whole).map(|column| cell(row, column)).collect::<String>();
    (0..whole).step_by(2).map(|at| Line::from(Span::styled(row(at), style))).collect()
}
