//! The screens of drives that are not ready, as pictures.

use super::fixtures::*;
use super::obstacles::*;
use super::screens::snap;
use crate::{
    Basis, Display, Journal, Key, Language, Model, Msg, Phase, SleepOutcome, Stall, StickProblem, Thaw,
    UnlockProblem,
};
use model::DriveNo;

fn slept(language: Language, outcome: SleepOutcome) -> Model {
    let mut model = asked_first(language, without_busy(), &[]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Slept(outcome));
    model
}

#[test]
fn sleep() {
    snap("20_sleep", |language| asked_first(language, without_busy(), &[]));
    snap("20b_sleep_going", |language| {
        let mut model = asked_first(language, without_busy(), &[]);
        press(&mut model, Key::Char('1'));
        press(&mut model, Key::Enter);
        model
    });
    snap("20g_sleep_waking", |language| {
        let mut model = asked_first(language, without_busy(), &[]);
        press(&mut model, Key::Char('1'));
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Awake);
        model
    });
    snap("20c_sleep_woke", |language| {
        slept(language, SleepOutcome::Woke(Thaw { thawed: vec![FROZEN], frozen: vec![HIDING] }))
    });
    snap("20d_sleep_stick_missing", |language| {
        let thaw = Thaw { thawed: vec![], frozen: vec![FROZEN] };
        let mut model = slept(language, SleepOutcome::StickMissing(thaw));
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
        model
    });
    snap("20h_sleep_by_the_firmwares_screen", |language| {
        let mut model = asked_first(language, without_busy(), &[]);
        send(&mut model, Msg::Display(Display::Firmware));
        model
    });
    snap("20i_sleep_in_the_dark", |language| {
        let mut model = asked_first(language, without_busy(), &[]);
        send(&mut model, Msg::Display(Display::Firmware));
        press(&mut model, Key::Char('1'));
        press(&mut model, Key::Enter);
        let thaw = Thaw { thawed: vec![FROZEN], frozen: vec![HIDING] };
        send(&mut model, Msg::Slept(SleepOutcome::Woke(thaw)));
        (0..20).for_each(|_| send(&mut model, Msg::Tick));
        model
    });
    snap("20e_sleep_unsupported", |language| slept(language, SleepOutcome::NotSupported));
}

#[test]
fn unlock() {
    snap("21_unlock", |language| asked_first(language, without_busy(), &[LOCKED]));
    snap("21b_unlock_refused", |language| {
        let mut model = asked_first(language, without_busy(), &[LOCKED]);
        press(&mut model, Key::Char('1'));
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Unlocked(LOCKED, Err(UnlockProblem::Refused)));
        model
    });
}

#[test]
fn list() {
    snap("22_troubled_list", |language| {
        let mut model = on_list(language, troubled_drives(), &[]);
        send(&mut model, Msg::Following(BUSY, own_number(45)));
        model
    });
    snap("22b_followed_first", |language| {
        let mut model = booted(language);
        model.drives = crate::parts::Drives { scan: model.drives.scan, ..Default::default() };
        send(&mut model, Msg::Drives(troubled_drives()));
        send(&mut model, Msg::Following(BUSY, own_number(45)));
        model
    });
}

#[test]
fn detail() {
    snap("23_detail_hidden", |language| on_detail(language, HIDING));
    snap("23b_detail_locked", |language| on_detail(language, LOCKED));
    snap("23c_detail_frozen", |language| on_detail(language, FROZEN));
    snap("23d_detail_attested", |language| {
        let mut model = on_detail(language, SEALED);
        attest(&mut model);
        model
    });
}

#[test]
fn attestation() {
    snap("24_attest", |language| {
        let mut model = on_detail(language, SEALED);
        press(&mut model, Key::Char('e'));
        press(&mut model, Key::Char(' '));
        press(&mut model, Key::Enter);
        model
    });
}

#[test]
fn plans() {
    snap("25_plan_hidden", |language| declined(language, without_busy()));
    snap("25b_plan_frozen", |language| {
        let mut model = declined(language, without_busy());
        press(&mut model, Key::Down);
        press(&mut model, Key::Char(' '));
        model
    });
    snap("25c_plan_busy", |language| {
        let mut model = declined(language, troubled_drives());
        for _ in 0..3 {
            press(&mut model, Key::Down);
        }
        model
    });
}

#[test]
fn running() {
    snap("26_progress_firmware", |language| {
        let mut model = confirmed(language, '3');
        let silent = crate::JobView {
            of: 0,
            rate: None,
            remaining: None,
            ..job(Phase::DriveErases, 0, Basis::Estimated)
        };
        send(&mut model, Msg::Job(DriveNo(2), silent));
        press(&mut model, Key::Down);
        let own = crate::JobView { rate: None, ..own_number(30) };
        send(&mut model, Msg::Job(DriveNo(1), own));
        send(&mut model, Msg::Stalled(DriveNo(3), Stall::Stalled));
        model
    });
}
