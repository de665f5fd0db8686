//! Drives that report no serial number: named by their label, typed twice, or not erased.

use super::fixtures::*;
use super::screens::snap;
use crate::sign::{Attention, Sign, sign};
use crate::{Effect, Journal, Key, Language, Model, Msg, ScanState, Screen};
use model::{Drive, DriveNo, Eligibility, Ineligible, Method};
use policy::Action;

const DISK: DriveNo = DriveNo(1);
const STICK: DriveNo = DriveNo(4);

/// A PC whose disk and whose USB stick report no serial number, before or after they were named.
pub(super) fn nameless_drives(named: bool) -> Vec<Drive> {
    let mut drives = drives();
    for drive in drives.iter_mut().filter(|drive| [DISK, STICK].contains(&drive.no)) {
        drive.identity.serial = "".into();
        if !named {
            let why = Ineligible::Unidentified("it reports no serial number".into());
            drive.eligibility = Eligibility::Ineligible(vec![why]);
        }
    }
    drives
}

/// On to the list of these drives, in class (3).
pub(super) fn on_list(language: Language) -> Model {
    let mut model = with_people(language);
    model.drives = crate::parts::Drives { scan: model.drives.scan, ..crate::parts::Drives::default() };
    send(&mut model, Msg::Drives(nameless_drives(false)));
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Drives);
    model
}

/// The disk's serial number is asked for.
pub(super) fn asked(language: Language) -> Model {
    let mut model = on_list(language);
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.ahead.shown), (Screen::Label, Some(DISK)));
    model
}

/// What is known of the disk.
pub(super) fn on_detail(language: Language) -> Model {
    let mut model = on_list(language);
    press(&mut model, Key::Char('i'));
    model
}

fn type_twice(model: &mut Model, once: &str, again: &str) -> Vec<Effect> {
    type_text(model, once);
    assert_eq!(press(model, Key::Enter), []);
    type_text(model, again);
    press(model, Key::Enter)
}

/// The disk is named, and was looked at again.
fn named(language: Language) -> Model {
    let mut model = asked(language);
    assert_eq!(type_twice(&mut model, "WX81E0000001", "WX81E0000001"), [Effect::Labelled(DISK)]);
    assert_eq!(press(&mut model, Key::Enter), [], "not before it was looked at again");
    send(&mut model, Msg::Drives(nameless_drives(true)));
    send(&mut model, Msg::Scan(ScanState::Done));
    model
}

#[test]
fn a_disk_without_a_serial_number_is_asked_for_and_is_named_by_its_label_on_every_screen() {
    let mut model = named(Language::Ja);
    assert!(model.selection().contains(&DISK));
    let name = "製造番号 WX81E0000001（ラベル）";
    assert!(screen(&model).contains(name), "{}", screen(&model));
    let effects = press(&mut model, Key::Enter);
    let Some(Effect::BeginSession(answers)) = effects.first() else { panic!("{effects:?}") };
    let label = answers.labels.iter().find(|label| label.drive == DISK).unwrap();
    assert_eq!(label.serial.as_deref(), Some("WX81E0000001"));
    assert_eq!(answers.labels.len(), 1);
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(screen(&model).contains(name), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains(name), "{}", screen(&model));
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    let effects = press(&mut model, Key::Enter);
    let Some(Effect::Confirmed { plan, .. }) = effects.first() else { panic!("{effects:?}") };
    assert!(plan.drive(DISK).unwrap().action.erase().is_some());
    assert_eq!(plan.drive(STICK).unwrap().action.erase(), None, "nobody named it");
    assert!(screen(&model).contains("WX81E0000001"), "{}", screen(&model));
    for no in [1, 2, 3] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert!(screen(&model).contains("WX81E0000001（ラベル）"), "{}", screen(&model));
    press(&mut model, Key::Char('w'));
    assert!(screen(&model).contains("WX81E0000001（ラベル）"), "{}", screen(&model));
}

#[test]
fn two_numbers_that_differ_name_nothing() {
    let mut model = asked(Language::Ja);
    assert_eq!(type_twice(&mut model, "WX81E0000001", "WX81E0000O01"), []);
    assert_eq!(model.screen(), Screen::Label);
    assert!(screen(&model).contains("1回目と2回目が違います。"), "{}", screen(&model));
    assert!(model.labels.serials.is_empty() && model.labels.form.once.value().is_empty());
    assert_eq!(type_twice(&mut model, "WX81E0000001", "WX81E0000001"), [Effect::Labelled(DISK)]);
}

#[test]
fn the_number_of_another_drive_or_of_the_pc_names_nothing() {
    let mut model = asked(Language::Ja);
    for (number, said) in
        [("s3yjnx0k512345f", "それはドライブ3"), ("5CG1234ABC", "それはこのPCの製造番号"), (" ", "空欄")]
    {
        type_text(&mut model, number);
        assert_eq!(press(&mut model, Key::Enter), []);
        assert!(screen(&model).contains(said), "{}", screen(&model));
        (0..number.len()).for_each(|_| drop(press(&mut model, Key::Backspace)));
    }
    assert!(model.labels.serials.is_empty());
}

#[test]
fn a_disk_that_nobody_names_is_asked_for_once_and_is_to_be_destroyed() {
    let mut model = asked(Language::Ja);
    press(&mut model, Key::Esc);
    assert!(screen(&model).contains("このドライブは抹消できません。"), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Plan);
    let line = model.plan().unwrap().drive(DISK).unwrap();
    assert_eq!(line.action, Action::Destruct { offered: None });
    press(&mut model, Key::Esc);
    press(&mut model, Key::Char(' '));
    assert_eq!(model.screen(), Screen::Label, "and whenever somebody wants it");
}

#[test]
fn a_stick_is_asked_for_only_where_somebody_wants_it_erased() {
    let mut model = named(Language::Ja);
    for _ in 0..3 {
        press(&mut model, Key::Down);
    }
    press(&mut model, Key::Char(' '));
    assert_eq!((model.screen(), model.ahead.shown), (Screen::Label, Some(STICK)));
    assert_eq!(type_twice(&mut model, "WX81E0000001", ""), [], "it is the disk's");
    assert!(screen(&model).contains("ドライブ1"), "{}", screen(&model));
}

#[test]
fn a_drive_without_a_number_is_in_no_plan_whatever_the_inventory_says() {
    let mut model = on_list(Language::Ja);
    send(&mut model, Msg::Drives(nameless_drives(true)));
    assert!(!model.selection().contains(&DISK));
    press(&mut model, Key::Char('i'));
    press(&mut model, Key::Char('n'));
    assert_eq!(model.screen(), Screen::Label);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    assert_eq!(model.plan().unwrap().drive(DISK).unwrap().action.erase(), None);
}

#[test]
fn another_drive_under_the_same_number_is_not_named_by_the_first_ones_label() {
    let mut model = named(Language::Ja);
    let mut others = nameless_drives(true);
    others[0].identity.model = "ANOTHER".into();
    send(&mut model, Msg::Drives(others));
    assert!(model.labels.serials.is_empty() && !model.selection().contains(&DISK));
}

#[test]
fn a_disk_that_stayed_nameless_keeps_its_data_and_the_sign_says_so() {
    let mut model = asked(Language::Ja);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Journal(Journal::Saved));
    confirm_plan(&mut model);
    for no in [2, 3] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert_eq!(sign(&model), Sign::Attention(Attention::Other));
    assert!(screen(&model).contains("ラベルの製造番号を2回入力すると"), "{}", screen(&model));
}

#[test]
fn screens() {
    snap("05g_drives_nameless", on_list);
    snap("30_label", asked);
    snap("30b_label_differs", |language| {
        let mut model = asked(language);
        type_twice(&mut model, "WX81E0000001", "WX81E0000O01");
        model
    });
    snap("30c_label_taken", |language| {
        let mut model = asked(language);
        type_twice(&mut model, "WX81E0000001", "WX81E0000001");
        model
    });
    snap("30d_label_confirm", |language| {
        let mut model = named(language);
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Journal(Journal::Saved));
        press(&mut model, Key::Enter);
        model
    });
    snap("30e_label_detail", on_detail);
}
