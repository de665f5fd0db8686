//! The QR code on the screen, read as a camera would.

use super::fixtures::*;
use crate::{Console, Key, Language, Model, Msg, Screen, view};
use ratatui::{Terminal, backend::TestBackend};

pub(super) fn shown(language: Language) -> Model {
    let mut model = finished(language, '3');
    press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Closed(Ok(close_info())));
    press(&mut model, Key::Char('q'));
    model
}

/// What a reader makes of the screen: each half of a cell is a square of light or dark pixels.
fn read(model: &Model, (width, height): (u16, u16)) -> Option<String> {
    const PIXELS: usize = 4;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let dark = |x: usize, y: usize| {
        let (column, row) = (u16::try_from(x / PIXELS).unwrap(), u16::try_from(y / PIXELS / 2).unwrap());
        let cell = &buffer[(column, row)];
        let light = if (y / PIXELS).is_multiple_of(2) { "█▀" } else { "█▄" };
        // What surrounds the code is as dark as a terminal.
        cell.symbol() == " " || !light.contains(cell.symbol())
    };
    let size = (usize::from(width) * PIXELS, usize::from(height) * PIXELS * 2);
    let picture = |x, y| if dark(x, y) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size.0, size.1, picture);
    image.detect_grids().first().and_then(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[test]
fn a_camera_reads_the_summary_off_the_smallest_and_a_larger_screen() {
    for language in [Language::Ja, Language::En] {
        let mut model = shown(language);
        assert_eq!(model.screen(), Screen::Code);
        for (width, height) in [(80, 24), (80, 25), (128, 40)] {
            let _ = crate::update(&mut model, Msg::Resized { width, height });
            assert_eq!(read(&model, (width, height)).as_deref(), Some(SUMMARY), "{width} x {height}");
        }
        press(&mut model, Key::Esc);
        assert_eq!(model.screen(), Screen::Finish);
    }
}

#[test]
fn the_longest_summary_fits_the_smallest_screen() {
    let mut model = shown(Language::Ja);
    let longest = SUMMARY.replace("/1042", "/4294967295");
    if let crate::parts::Closing::Closed(info) = &mut model.closing {
        info.summary = Some(longest.clone());
    }
    assert_eq!(read(&model, crate::MINIMUM_SIZE), Some(longest));
}

#[test]
fn no_code_is_offered_where_it_cannot_be_drawn_or_there_is_none() {
    for change in [
        |model: &mut Model| model.console = Console::AsciiOnly,
        |model: &mut Model| {
            if let crate::parts::Closing::Closed(info) = &mut model.closing {
                info.summary = None;
            }
        },
    ] {
        let mut model = shown(Language::En);
        press(&mut model, Key::Esc);
        change(&mut model);
        press(&mut model, Key::Char('q'));
        assert_eq!(model.screen(), Screen::Finish);
        assert!(!screen(&model).contains("QR"), "{}", screen(&model));
    }
}
