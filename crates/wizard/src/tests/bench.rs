//! Drives that were taken out of PCs: each with the number of its PC, and the workbench's own never by mistake.

use super::fixtures::*;
use super::screens::snap;
use crate::sign::{Sign, sign};
use crate::{AssetCheck, DrivesFrom, Effect, Journal, Key, Language, Model, Msg, Screen, StickInfo};
use model::{Bus, Drive, DriveNo, Eligibility, Ineligible, Medium, Method};
use std::sync::Arc;

/// The workbench's own disk, in use and not; two drives in docks.
pub(super) fn bench_drives() -> Vec<Drive> {
    let mut own = drive(1, Bus::Ata, Medium::Ssd, "SAMSUNG MZVLB256", "S4BENCH0001", 256_060_514_304);
    own.eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
    vec![
        own,
        drive(2, Bus::Ata, Medium::Hdd, "ST1000DM010", "ZN1BENCH77AB", 1_000_204_886_016),
        drive(3, Bus::Usb, Medium::Hdd, "WDC WD5000LPVX", "WX31A55DOCK1", 500_107_862_016),
        drive(4, Bus::Usb, Medium::Ssd, "CT250MX500SSD1", "1912E1DOCK2", 250_059_350_016),
    ]
}

/// The first screen, on which the drives were said to be removed ones.
pub(super) fn first(language: Language) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Char('b'));
    assert!(model.is_bench());
    model
}

fn on_class(language: Language, info: StickInfo) -> Model {
    let mut model = first(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(info)));
    press(&mut model, Key::Enter);
    model.drives.rows.clear();
    model.drives.cursor = None;
    send(&mut model, Msg::Drives(bench_drives()));
    type_text(&mut model, if language == Language::Ja { "山田太郎" } else { "Yamada Taro" });
    for _ in 0..5 {
        press(&mut model, Key::Enter);
    }
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Class, "no number of this PC is asked for");
    model
}

pub(super) fn on_list(language: Language) -> Model {
    let mut model = on_class(language, stick_info());
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.selection()), (Screen::Drives, vec![]));
    model
}

/// The word for the disk that is attached inside is asked for.
pub(super) fn word(language: Language) -> Model {
    let mut model = on_list(language);
    press(&mut model, Key::Down);
    press(&mut model, Key::Char(' '));
    assert_eq!(model.screen(), Screen::Own);
    model
}

/// Both docks are chosen, and the numbers of their PCs asked for.
pub(super) fn on_assets(language: Language) -> Model {
    let mut model = on_list(language);
    for _ in 0..2 {
        press(&mut model, Key::Down);
    }
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Down);
    press(&mut model, Key::Char(' '));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(model.screen(), Screen::Assets);
    model
}

fn planned(language: Language) -> Model {
    let mut model = on_assets(language);
    for number in ["PC-0101", "PC-0102"] {
        type_text(&mut model, number);
        let _ = press(&mut model, Key::Enter);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    assert_eq!(model.screen(), Screen::Plan);
    model
}

#[test]
fn what_is_to_be_read_off_a_label_cannot_be_copied_from_the_screen() {
    let mut list = on_list(Language::Ja);
    press(&mut list, Key::Down);
    let mut detail = list.clone();
    press(&mut detail, Key::Char('i'));
    assert_eq!(detail.screen(), Screen::DriveDetail);
    for model in [&list, &detail, &word(Language::Ja)] {
        let shown = screen(model);
        assert!(!shown.contains("77AB"), "{shown}");
    }
    assert!(screen(&list).contains("ZN1BENCH****") && screen(&list).contains("1912E1DOCK2"));
}

#[test]
fn a_drive_on_the_workbenchs_own_ports_that_was_refused_and_keeps_its_data_is_told_by_the_sign() {
    let mut model = planned(Language::Ja);
    confirm_plan(&mut model);
    for no in [3, 4] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert_eq!(sign(&model), Sign::Done);
    let row = model.drives.rows.iter_mut().find(|row| row.drive.no == DriveNo(1)).unwrap();
    row.drive.eligibility = Eligibility::Ineligible(vec![Ineligible::Locked]);
    assert_ne!(sign(&model), Sign::Done, "in nobody's use, so perhaps one that was taken out");
}

#[test]
fn each_drive_on_a_bench_has_the_number_of_its_own_pc_and_this_pc_has_none() {
    let mut model = on_assets(Language::Ja);
    type_text(&mut model, "PC-0101");
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("資産管理番号が空欄です。"), "{}", screen(&model));
    type_text(&mut model, "PC-0102");
    let Some(Effect::BeginSession(answers)) = press(&mut model, Key::Enter).pop() else { panic!() };
    assert_eq!((answers.drives_from, answers.asset_number.as_str()), (DrivesFrom::Bench, ""));
    let labels: Vec<_> =
        answers.labels.iter().map(|label| (label.drive.0, label.asset_number.clone().unwrap())).collect();
    assert_eq!(labels, [(3, "PC-0101".to_owned()), (4, "PC-0102".to_owned())]);
    send(&mut model, Msg::Journal(Journal::Saved));
    confirm_plan(&mut model);
    let plan = model.plan().unwrap().clone();
    for no in [1, 2] {
        assert_eq!(plan.drive(DriveNo(no)).unwrap().action.erase(), None);
    }
    let left = plan.drive(DriveNo(1)).unwrap().action;
    assert_eq!(left, policy::Action::Leave(model::NotCovered::Ineligible), "nobody destroys it");
    for no in [3, 4] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert_eq!(sign(&model), Sign::Done, "the workbench's own are nobody's business");
    for _ in 0..2 {
        press(&mut model, Key::Down);
    }
    assert!(screen(&model).contains("資産管理番号 PC-0101"), "{}", screen(&model));
}

#[test]
fn the_confirmation_names_each_drive_by_the_number_of_its_pc() {
    let mut model = planned(Language::Ja);
    press(&mut model, Key::Enter);
    let picture = screen(&model);
    for words in ["資産管理番号 PC-0101", "資産管理番号 PC-0102", "取り外したドライブ"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
}

#[test]
fn a_drive_inside_the_workbench_takes_a_word_from_its_label() {
    let mut model = word(Language::Ja);
    assert!(!screen(&model).contains("ZN1BENCH77AB"), "it is to be read off the label");
    for wrong in ["", "7AB", "0001", "X77AB"] {
        type_text(&mut model, wrong);
        assert_eq!(press(&mut model, Key::Enter), []);
        assert_eq!((model.screen(), model.selection()), (Screen::Own, vec![]), "{wrong}");
    }
    type_text(&mut model, "77ab");
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.selection()), (Screen::Drives, vec![DriveNo(2)]));
    // It is meant once: whoever takes it off and on gives the word again.
    press(&mut model, Key::Char(' '));
    assert_eq!(model.selection(), []);
    press(&mut model, Key::Char(' '));
    assert_eq!(model.screen(), Screen::Own);
    press(&mut model, Key::Esc);
    assert_eq!(model.selection(), []);
}

#[test]
fn what_was_selected_in_this_pc_is_not_on_the_bench_and_the_other_way_round() {
    let mut model = booted(Language::Ja);
    let own = model.selection();
    assert_eq!(own.len(), 3);
    press(&mut model, Key::Char('b'));
    assert_eq!(model.selection(), []);
    send(&mut model, Msg::Drives(drives_and(late_drive())));
    assert_eq!(model.selection(), [], "nor is what comes later");
    press(&mut model, Key::Char('b'));
    assert_eq!(model.selection().len(), own.len() + 1);
}

#[test]
fn a_number_that_the_list_does_not_have_is_told_once_and_recorded() {
    let text = "資産管理番号,所属課\nPC-0101,市民課\n";
    let assets = Some(Arc::new(lists::read(text.as_bytes(), &[]).unwrap()));
    let mut model = on_class(Language::Ja, StickInfo { assets, ..stick_info() });
    for key in [Key::Char('3'), Key::Enter, Key::Down, Key::Down, Key::Char(' '), Key::Enter] {
        assert_eq!(press(&mut model, key), []);
    }
    type_text(&mut model, "PC-0109");
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("この番号は、資産台帳にありません。"), "{}", screen(&model));
    let Some(Effect::BeginSession(answers)) = press(&mut model, Key::Enter).pop() else { panic!() };
    assert_eq!(answers.labels[0].asset_check, AssetCheck::NotListed { serial_is_of: None });
    assert_eq!(answers.asset_check, AssetCheck::NotChecked);
}

#[test]
fn a_drive_that_is_pulled_while_its_number_is_entered_is_not_asked_for() {
    let mut model = on_assets(Language::Ja);
    send(&mut model, Msg::Drives(bench_drives().into_iter().take(3).collect()));
    assert!(!screen(&model).contains("1912E1DOCK2"), "{}", screen(&model));
    send(&mut model, Msg::Drives(bench_drives().into_iter().take(2).collect()));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Drives);
}

#[test]
fn screens() {
    snap("31_bench_first", first);
    snap("31b_bench_class", |language| on_class(language, stick_info()));
    snap("31c_bench_drives", on_list);
    snap("31d_bench_own", word);
    snap("31e_bench_own_wrong", |language| {
        let mut model = word(language);
        type_text(&mut model, "0001");
        press(&mut model, Key::Enter);
        model
    });
    snap("31f_bench_assets", on_assets);
    snap("31g_bench_plan", |language| {
        let mut model = planned(language);
        press(&mut model, Key::Down);
        press(&mut model, Key::Down);
        model
    });
    snap("31h_bench_confirm", |language| {
        let mut model = planned(language);
        press(&mut model, Key::Enter);
        model
    });
}
