//! QR codes as drawings.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Blank modules around a code (ISO/IEC 18004, 6.3.8).
pub(crate) const QUIET: usize = 4;

/// A code's modules, row by row, dark ones `true`.
#[derive(Debug)]
pub(crate) struct Modules {
    /// Modules on a side.
    pub(crate) side: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// The code of a text; `None` when it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
        let side = code.width();
        let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { side, dark })
    }

    /// Stretches of dark modules: row, first column, how many.
    pub(crate) fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (row, modules) in self.dark.chunks(self.side).enumerate() {
            let mut begin = None;
            for (column, dark) in modules.iter().chain([&false]).enumerate() {
                match (begin, dark) {
                    (None, true) => begin = Some(column),
                    (Some(first), false) => {
                        runs.push((row, first, column - first));
                        begin = None;
                    }
                    _ => {}
                }
            }
        }
        runs
    }
}

/// The code of a text as a drawing inside a page; nothing when the text is too long.
pub(crate) fn svg(text: &str) -> String {
    let Some(modules) = Modules::of(text) else { return String::new() };
    let size = modules.side + 2 * QUIET;
    let mut path = String::new();
    for (row, column, count) in modules.runs() {
        // Writing to a String does not fail.
        let _ = write!(path, "M{} {}h{count}v1h-{count}z", column + QUIET, row + QUIET);
    }
    format!(
        "<svg viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::Modules;

    #[test]
    fn the_runs_are_the_dark_modules() {
        let modules = Modules::of("massho").unwrap();
        let dark: usize = modules.runs().iter().map(|(_, _, count)| count).sum();
        assert_eq!(dark, modules.dark.iter().filter(|dark| **dark).count());
        // The finder pattern of the upper left corner begins with seven dark modules (ISO/IEC 18004, 6.3.3).
        assert_eq!(modules.runs()[0], (0, 0, 7));
    }
}
