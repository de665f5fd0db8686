//! Drives that were taken out of PCs, on a workbench: frozen, nameless, encrypted, behind an adapter. The power fails in the
//! middle, and the work is taken up again.

use crate::walker::{SOON, Walk};
use lab::drives::{Definition, Model};
use lab::{Key, LabError};
use lab_drives::Fault;
use std::time::Duration;

/// The disk that its password locks when the power fails, and the end of the number on its label.
const LOCKED: &str = "Z1LOCK00CD34";
const FROZEN: &str = "Z1FROZ00AB12";
const DOCK: &str = "WX31A55D0CK1";
/// What the screen shows of a serial number that is to be read off the label.
const SHOWN: usize = 8;
/// Long enough for the power to fail in the middle.
const ERASES: u64 = 25;
/// From going to sleep to being awake, drives looked at again.
const SLEEPS: Duration = Duration::from_secs(180);

fn drive(name: &str, kind: Model, serial: &str, more: &str) -> Definition {
    let lines = format!("erase_seconds = {ERASES}\nencryption = \"plain\"\n{more}\n");
    let drive = Definition::new(name, kind).sized(32).with(&lines).unwrap();
    Definition { serial: Some(serial.to_owned()), ..drive }
}

/// Five removed drives.
pub(crate) fn drives() -> Vec<Definition> {
    let block_erase = "sanitize = { operations = [\"block-erase\"] }";
    vec![
        drive("FROZEN", Model::AtaSsd, FROZEN, block_erase).with_fault(Fault::SanitizeFrozen),
        drive("LOCKED", Model::AtaHdd, LOCKED, "sanitize = { operations = [] }"),
        drive("NAMELESS", Model::AtaHdd, "Z1NAME00EF56", "model = \"NAMELESS DISK\"")
            .with_fault(Fault::SerialMissing),
        drive("DOCK", Model::UsbSatBridge, DOCK, ""),
        Definition::new("NVME", Model::Nvme).sized(32),
    ]
}

/// Selects a drive that may be the workbench's own, by the end of the number on its label.
fn vouch_for(walk: &mut Walk<'_>, serial: &str) -> Result<(), LabError> {
    walk.go_to_drive(&serial[..SHOWN])?;
    walk.press(&[Key::Space])?;
    walk.at("own.title")?;
    walk.desk.type_text(&serial[SHOWN..])?;
    walk.press(&[Key::Enter])?;
    walk.says("own.taken")?;
    walk.at("drives.title").map(drop)
}

/// From the first screen to the list of drives.
fn to_the_drives(walk: &mut Walk<'_>, digit: char, operator: Option<&str>) -> Result<(), LabError> {
    walk.language(digit)?;
    walk.press(&[Key::Char('b')])?;
    walk.says("language.bench")?;
    walk.stick()?;
    walk.opened()?;
    walk.people(operator, None)?;
    walk.press(&[Key::Char('2'), Key::Enter])?;
    walk.at("drives.title")?;
    walk.desk.wait_for(DOCK, SOON).map(drop)
}

/// The numbers of the PCs from which so many drives were taken.
fn assets(walk: &mut Walk<'_>, drives: usize) -> Result<(), LabError> {
    walk.press(&[Key::Enter])?;
    walk.at("assets.title")?;
    for drive in 1..=drives {
        walk.desk.type_text(&format!("PC-010{drive}"))?;
        walk.press(&[Key::Enter])?;
    }
    Ok(())
}

/// The number on a label is entered for a drive that reports none, and the drive is left alone all the same.
fn name_one(walk: &mut Walk<'_>) -> Result<(), LabError> {
    walk.go_to_drive("NAMELESS")?;
    walk.press(&[Key::Char('i')])?;
    walk.at("detail.title")?;
    walk.press(&[Key::Char('n')])?;
    walk.at("label.title")?;
    for _ in 0..2 {
        walk.desk.type_text("Z1NAME00EF56")?;
        walk.press(&[Key::Enter])?;
    }
    walk.says("label.taken")?;
    walk.at("drives.title")?;
    walk.go_to_drive("NAMELESS")?;
    walk.press(&[Key::Space])
}

/// A person attests that a crypto erase of the NVMe SSD would reach everything.
fn attest(walk: &mut Walk<'_>) -> Result<(), LabError> {
    walk.go_to_drive("MASSHO LAB NVME")?;
    walk.press(&[Key::Char('i')])?;
    walk.at("detail.title")?;
    walk.press(&[Key::Char('e')])?;
    walk.at("attest.title")?;
    walk.press(&[Key::Space, Key::Tab, Key::Space, Key::Tab, Key::Space, Key::Tab])?;
    walk.desk.type_text("AES-256")?;
    walk.press(&[Key::Tab])?;
    walk.desk.type_text("satouhanako")?;
    walk.press(&[Key::Enter])?;
    // The first Enter may take the kana that are being typed.
    if walk.says("attest.done").is_err() {
        walk.press(&[Key::Enter])?;
        walk.says("attest.done")?;
    }
    walk.press(&[Key::Escape])?;
    walk.at("drives.title").map(drop)
}

/// With no drive selected the plan is one that writes nothing, and is only looked at.
fn record_nothing(walk: &mut Walk<'_>) -> Result<(), LabError> {
    walk.press(&[Key::Char('n')])?;
    walk.at("plan.title")?;
    walk.visit(Key::Enter, "record_only.title", "plan.title")?;
    walk.press(&[Key::Escape])?;
    walk.at("drives.title").map(drop)
}

/// The frozen drive is thawed by a sleep of the PC, after which its screen comes back.
fn sleep(walk: &mut Walk<'_>) -> Result<(), LabError> {
    walk.at("sleep.title")?;
    walk.press(&[Key::Char('1'), Key::Enter])?;
    let woke = walk.texts.text("sleep.woke").to_owned();
    let seen = walk.desk.wait_for(&woke, SLEEPS)?;
    walk.desk.still(seen, Duration::from_secs(5))?;
    walk.at("sleep.title").map(drop)
}

/// Up to the erasing, in the middle of which the power fails.
pub(crate) fn cut_off(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    to_the_drives(walk, digit, None)?;
    record_nothing(walk)?;
    name_one(walk)?;
    attest(walk)?;
    vouch_for(walk, FROZEN)?;
    vouch_for(walk, LOCKED)?;
    walk.go_to_drive(DOCK)?;
    walk.press(&[Key::Space, Key::Char('i')])?;
    walk.at("detail.title")?;
    walk.visit(Key::Char('x'), "exception.title", "detail.title")?;
    walk.press(&[Key::Escape])?;
    walk.at("drives.title")?;
    assets(walk, 3)?;
    sleep(walk)?;
    walk.go_on_to("plan.title")?;
    walk.visit(Key::Char('q'), "abandon.title", "drives.title")?;
    walk.go_on_to("plan.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("confirm.title")?;
    walk.confirm()?;
    walk.at("progress.title")?;
    walk.says("progress.drive_erases")?;
    walk.desk.machine().switch_off();
    Ok(())
}

/// The same drives after the power is back: one has gone on by itself and is frozen again, the other is unlocked.
pub(crate) fn taken_up_again(walk: &mut Walk<'_>, digit: char) -> Result<(), LabError> {
    to_the_drives(walk, digit, None)?;
    vouch_for(walk, FROZEN)?;
    assets(walk, 1)?;
    walk.go_on_to("unlock.title")?;
    walk.press(&[Key::Char('1'), Key::Enter])?;
    walk.says("unlock.done_do")?;
    // Without a second sleep, after which QEMU's PC would not switch itself off: the frozen drive has to be destroyed then.
    walk.go_on_to("sleep.title")?;
    walk.press(&[Key::Char('2'), Key::Enter])?;
    walk.at("plan.title")?;
    walk.press(&[Key::Enter])?;
    walk.at("record_only.title")?;
    walk.press(&[Key::Char('r')])?;
    walk.at("results.title")?;
    walk.press(&[Key::Char('c')])?;
    walk.finish()
}
