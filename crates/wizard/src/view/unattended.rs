//! The seconds in which any key stops the work by a job list.

use super::frame::Room;
use super::lines::{line, list, paragraph};
use super::{planning, style};
use crate::Model;
use crate::texts::fill;
use crate::unattended::Unattended;
use policy::WhyLeft;
use ratatui::text::Line;

pub(super) fn unattended(model: &Model, room: Room) -> Vec<Line<'static>> {
    let texts = model.texts();
    let t = &texts.unattended;
    let (Some(count), Some(plan)) = (model.unattended.count(), model.plan()) else { return Vec::new() };
    let offer = &count.offer;
    let banner = match model.unattended {
        Unattended::Counting(_) => fill(&t.count, &[("seconds", &count.seconds)]),
        _ => t.saving.clone(),
    };
    let mut lines = paragraph(&banner, 0, room.width, style::DANGER);
    lines.extend(paragraph(&t.any_key, 0, room.width, style::STRONG));
    lines.push(Line::default());
    let pc = fill(&t.pc, &[("serial", &model.pc_serial), ("number", &offer.asset_number)]);
    let none = texts.common.none.clone();
    let witness = offer.witness.as_ref().unwrap_or(&none);
    let people = fill(&t.people, &[("operator", &offer.operator), ("witness", witness)]);
    lines.extend(paragraph(&pc, 0, room.width, style::PLAIN));
    lines.push(line(crate::words::class(texts, offer.class), style::PLAIN));
    lines.extend(paragraph(&people, 0, room.width, style::PLAIN));
    let height = room.height.saturating_sub(lines.len());
    lines.extend(list(texts, items(model, plan, room.width), 0, height));
    lines
}

fn items(model: &Model, plan: &policy::SessionPlan, width: usize) -> Vec<Vec<Line<'static>>> {
    let texts = model.texts();
    let t = &texts.unattended;
    let Some(count) = model.unattended.count() else { return Vec::new() };
    let ordered = plan.drives.iter().filter(|drive| count.offer.drives.contains(&drive.drive));
    let mut items: Vec<Vec<Line<'static>>> =
        ordered.map(|drive| planning::plan_item(model, drive, false, width)).collect();
    for (no, why) in &count.offer.left {
        let why = match why {
            WhyLeft::NotListed => &t.left_not_listed,
            WhyLeft::NotEligible => &t.left_not_eligible,
            WhyLeft::BehindUsb => &t.left_usb,
            WhyLeft::NotAlone => &t.left_not_alone,
        };
        let text = format!("{}: {why}", crate::words::drive_name(model, *no));
        items.push(paragraph(&text, 2, width, style::PLAIN));
    }
    for (name, serial) in &count.offer.missing {
        let text = fill(&t.missing, &[("model", name), ("serial", serial)]);
        items.push(paragraph(&text, 2, width, style::WARN));
    }
    items
}
