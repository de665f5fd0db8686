//! The passphrase of a prepared stick, and who vouches for a stick.

use super::frame::Room;
use super::lines::{line, pad, paragraph};
use super::style;
use crate::parts::{Shown, StickUse};
use crate::secret::LONGEST;
use crate::texts::{Texts, fill};
use crate::voucher::Lock;
use crate::{Keyboard, Model, Refusal, StickInfo, Voucher, VoucherCheck};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub(super) fn passphrase(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = &model.texts().passphrase;
    let StickUse::Open(info) = &model.sticks.used else { return Vec::new() };
    let mut lines = Vec::new();
    for (text, style) in prepared(model.texts(), info) {
        lines.extend(paragraph(&text, 0, room.width, style));
    }
    lines.push(Line::default());
    lines.extend(paragraph(&texts.ask, 0, room.width, style::STRONG));
    lines.push(Line::default());
    if model.sticks.lock == Lock::Trying {
        lines.extend(paragraph(&texts.trying, 2, room.width, style::WARN));
        return lines;
    }
    let typed = match model.sticks.shown {
        Shown::Stars => model.sticks.passphrase.stars(),
        Shown::Plain => model.sticks.passphrase.typed().to_owned(),
    };
    let entry = pad(&format!("{typed}_"), LONGEST + 1);
    lines.push(Line::from(vec![Span::raw("  "), Span::styled(entry, style::INPUT)]));
    lines.push(Line::default());
    let shown = if model.sticks.shown == Shown::Stars { &texts.layout } else { &texts.plain };
    let keyboard = model.keyboard.map(|keyboard| match keyboard {
        Keyboard::Jp => &texts.keyboard_jp,
        Keyboard::Us => &texts.keyboard_us,
    });
    for text in [Some(shown), keyboard, Some(&texts.without)].into_iter().flatten() {
        lines.extend(paragraph(text, 0, room.width, style::PLAIN));
    }
    lines
}

/// Whose stick it is, and how far that was checked.
fn prepared(texts: &Texts, info: &StickInfo) -> Vec<(String, Style)> {
    let t = &texts.passphrase;
    let Voucher::Prepared { organisation, check } = &info.voucher else { return Vec::new() };
    let whose = |template| fill(template, &[("organisation", organisation)]);
    match check {
        VoucherCheck::Checked => vec![(whose(&t.checked), style::GOOD)],
        VoucherCheck::NoKey => vec![(whose(&t.named), style::PLAIN), (t.no_key.clone(), style::WARN)],
        VoucherCheck::NotToday(day) => {
            vec![(whose(&t.checked), style::PLAIN), (fill(&t.not_today, &[("day", day)]), style::WARN)]
        }
    }
}

/// Who will vouch for the session, on the screen of the opened stick.
pub(super) fn vouched(model: &Model, info: &StickInfo, room: Room) -> Vec<Line<'static>> {
    let t = &model.texts().passphrase;
    let said = match (&info.voucher, model.sticks.lock) {
        (Voucher::Blank, _) => vec![(t.blank.clone(), style::PLAIN)],
        (Voucher::Refused(refusal), _) => {
            vec![(refused(model.texts(), refusal), style::BAD), (t.refused_then.clone(), style::STRONG)]
        }
        (Voucher::Prepared { .. }, Lock::Open) => {
            let mut said = prepared(model.texts(), info);
            said.push((t.open.clone(), style::GOOD));
            said
        }
        (Voucher::Prepared { .. }, Lock::Without) => vec![(t.gone_without.clone(), style::WARN)],
        (Voucher::Prepared { .. }, _) => vec![(t.still_shut.clone(), style::WARN)],
    };
    let mut lines = vec![line(String::new(), style::PLAIN)];
    for (text, style) in said {
        lines.extend(paragraph(&text, 2, room.width, style));
    }
    lines
}

fn refused(texts: &Texts, refusal: &Refusal) -> String {
    let t = &texts.passphrase;
    match refusal {
        Refusal::Altered => t.altered.clone(),
        Refusal::Foreign(organisation) => fill(&t.foreign, &[("organisation", organisation)]),
        Refusal::Revoked => t.revoked.clone(),
        Refusal::File(name) => fill(&t.file, &[("file", name)]),
        Refusal::Key(why) => fill(&t.key, &[("detail", why)]),
    }
}
