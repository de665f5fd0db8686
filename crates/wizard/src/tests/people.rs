//! The form of people: what is remembered, chosen from a list, typed in kana.

use super::fixtures::*;
use crate::AssetCheck;
use crate::people::PeopleFocus;
use crate::{
    CarriedOutBy, Declared, Destination, Effect, Key, Language, Model, Msg, Remembered, Screen,
    SessionAnswers, StickInfo,
};
use lists::Names;
use std::sync::Arc;

fn remembered() -> Remembered {
    Remembered {
        operator: "山田太郎".into(),
        witness: Some("鈴木花子".into()),
        declared: Declared {
            section: Some("市民課".into()),
            place: Some("本庁舎3階 倉庫".into()),
            approver: Some("佐藤一郎".into()),
            carried_out_by: Some(CarriedOutBy::Contractor("架空リサイクル株式会社".into())),
            destination: Some(Destination::Return),
        },
    }
}

pub(super) fn names() -> Names {
    let staff = ["山田太郎", "鈴木花子", "佐藤一郎"].map(str::to_owned).to_vec();
    let places = (1..=30).map(|no| format!("第{no}倉庫")).collect();
    Names { staff, places, sections: vec!["市民課".into(), "税務課".into()], contractors: Vec::new() }
}

/// On to the form, with a stick that holds these.
pub(super) fn on_form(language: Language, remembered: Option<Remembered>, lists: Option<Names>) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(StickInfo { remembered, lists, ..stick_info() })));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::People);
    model
}

pub(super) fn with_memory(language: Language) -> Model {
    on_form(language, Some(remembered()), None)
}

pub(super) fn with_lists(language: Language) -> Model {
    on_form(language, None, Some(names()))
}

fn on(model: &mut Model, focus: PeopleFocus) {
    while model.people.focus != focus {
        press(model, Key::Tab);
    }
}

/// From the form to the answers that a session begins with.
fn answers(model: &mut Model) -> SessionAnswers {
    press(model, Key::Char('3'));
    press(model, Key::Enter);
    match press(model, Key::Enter).pop() {
        Some(Effect::BeginSession(answers)) => answers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_next_pc_takes_a_number_and_a_look_at_the_clock() {
    let mut model = with_memory(Language::Ja);
    assert_eq!(model.people.focus, PeopleFocus::Asset);
    assert!(screen(&model).contains("前の作業のときの名前を入れてあります"), "{}", screen(&model));
    // A barcode reader types and presses Enter.
    type_text(&mut model, "PC-0043");
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Class);
    let answers = answers(&mut model);
    let before = remembered();
    assert_eq!(
        (answers.operator, answers.witness, answers.declared),
        (before.operator, before.witness, before.declared)
    );
    assert_eq!(answers.asset_number, "PC-0043");
}

#[test]
fn what_was_typed_is_not_overwritten_by_what_is_remembered() {
    let mut model = with_memory(Language::Ja);
    on(&mut model, PeopleFocus::Operator);
    (0..4).for_each(|_| drop(press(&mut model, Key::Backspace)));
    type_text(&mut model, "田中次郎");
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    assert_eq!(model.people.operator(), "田中次郎");
    assert!(!screen(&model).contains("前のPCの名前"), "nothing was filled in this time");
}

#[test]
fn what_a_person_empties_stays_empty() {
    let mut model = with_memory(Language::Ja);
    on(&mut model, PeopleFocus::Witness);
    (0..4).for_each(|_| drop(press(&mut model, Key::Backspace)));
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    assert_eq!(model.people.value(PeopleFocus::Witness), "");
    assert_eq!(model.people.focus, PeopleFocus::Witness);
}

#[test]
fn another_sticks_list_says_nothing_any_more() {
    let mut model = with_assets(Language::Ja);
    number(&mut model, "PC-0043");
    press(&mut model, Key::Enter);
    for key in [Key::Esc, Key::Esc, Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    press(&mut model, Key::Enter);
    on(&mut model, PeopleFocus::Clock);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!(answers(&mut model).asset_check, AssetCheck::NotChecked);
}

#[test]
fn names_are_chosen_from_the_offices_list_and_the_operator_is_no_witness() {
    let mut model = with_lists(Language::Ja);
    press(&mut model, Key::Char(' '));
    assert_eq!(model.screen(), Screen::Names);
    press(&mut model, Key::Down);
    press(&mut model, Key::Enter);
    assert_eq!((model.people.operator(), model.people.focus), ("鈴木花子", PeopleFocus::Witness));
    press(&mut model, Key::F(2));
    let picture = screen(&model);
    assert!(picture.contains("山田太郎") && !picture.contains("鈴木花子"), "{picture}");
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    assert_eq!(model.people.value(PeopleFocus::Witness), "佐藤一郎");
}

#[test]
fn a_long_list_is_gone_through_by_the_numbers_of_its_lines() {
    let mut model = with_lists(Language::Ja);
    on(&mut model, PeopleFocus::Place);
    press(&mut model, Key::F(2));
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Char('7'));
    assert!(screen(&model).contains("第27倉庫"), "{}", screen(&model));
    press(&mut model, Key::Char('4'));
    press(&mut model, Key::Enter);
    assert_eq!(model.people.value(PeopleFocus::Place), "第4倉庫", "274 is no line: 4 begins a new number");
}

#[test]
fn leaving_the_list_changes_nothing() {
    let mut model = with_lists(Language::Ja);
    type_text(&mut model, "高橋");
    press(&mut model, Key::F(2));
    press(&mut model, Key::Down);
    press(&mut model, Key::Esc);
    assert_eq!((model.screen(), model.people.operator()), (Screen::People, "高橋"));
}

#[test]
fn a_name_is_typed_in_kana_and_a_number_in_letters() {
    let mut model = with_stick(Language::Ja);
    type_text(&mut model, "yamada jun");
    press(&mut model, Key::Tab);
    assert_eq!(model.people.operator(), "やまだ じゅん");
    press(&mut model, Key::F(3));
    type_text(&mut model, "Suzuki");
    assert_eq!(model.people.value(PeopleFocus::Witness), "Suzuki");
    on(&mut model, PeopleFocus::Asset);
    type_text(&mut model, "ka-1");
    assert_eq!(model.people.asset(), "ka-1");
    let mut english = with_stick(Language::En);
    type_text(&mut english, "yamada");
    assert_eq!(english.people.operator(), "yamada");
}

#[test]
fn a_contractor_has_a_name_and_somebody_says_who_carries_it_out() {
    let mut model = with_stick(Language::Ja);
    type_text(&mut model, "山田太郎");
    on(&mut model, PeopleFocus::By);
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains("まだ答えていません"), "{}", screen(&model));
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!(model.people.focus, PeopleFocus::Contractor);
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains("委託先の名前が空欄です。"), "{}", screen(&model));
    type_text(&mut model, "架空リサイクル");
    press(&mut model, Key::Enter);
    for box_of in ["■1 再利用", "■2 返却", "■3 廃棄"] {
        press(&mut model, Key::Char(' '));
        assert!(screen(&model).contains(box_of), "{}", screen(&model));
    }
    press(&mut model, Key::Enter);
    type_text(&mut model, "PC-1");
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    let by = Some(CarriedOutBy::Contractor("架空リサイクル".into()));
    let declared = answers(&mut model).declared;
    assert_eq!((declared.carried_out_by, declared.destination), (by, Some(Destination::Disposal)));
}

#[test]
fn the_witness_who_confirms_is_chosen_too_and_has_to_make_the_mark_again() {
    let mut model = finished(Language::Ja, '1');
    if let crate::parts::StickUse::Open(info) = &mut model.sticks.used {
        info.lists = Some(names());
    }
    press(&mut model, Key::Char('w'));
    press(&mut model, Key::Char(' '));
    assert_eq!(model.screen(), Screen::Names);
    assert!(!screen(&model).contains("山田太郎"), "the operator");
    press(&mut model, Key::Enter);
    assert_eq!(model.witness.name.value(), "鈴木花子");
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Tab);
    press(&mut model, Key::F(2));
    press(&mut model, Key::Down);
    press(&mut model, Key::Enter);
    assert_eq!(press(&mut model, Key::Enter), [], "another name needs another mark");
    press(&mut model, Key::Char(' '));
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::WitnessConfirmed { .. }]));
}

/// With an asset list; the PC's serial number is 5CG1234ABC.
pub(super) fn with_assets(language: Language) -> Model {
    let text = "資産管理番号,PCシリアル番号,HDDシリアル番号,所属課\n\
                PC-0042,5CG1234ABC,WD-WX11A23B4567,市民課\nPC-0042,5CG1234ABC,S3YJLOST,市民課\n\
                PC-0043,5CG9999XYZ,,税務課\n";
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    let assets = Some(Arc::new(lists::read(text.as_bytes(), &[]).unwrap()));
    send(
        &mut model,
        Msg::StickOpened(Ok(StickInfo { assets, remembered: Some(remembered()), ..stick_info() })),
    );
    press(&mut model, Key::Enter);
    model
}

/// A number, entered on the form.
pub(super) fn number(model: &mut Model, number: &str) {
    type_text(model, number);
    press(model, Key::Enter);
}

#[test]
fn a_number_is_held_against_the_offices_list_and_the_drives_that_should_be_there() {
    let mut model = with_assets(Language::Ja);
    number(&mut model, "ＰＣ-0042");
    assert_eq!(model.people.focus, PeopleFocus::Clock);
    assert!(screen(&model).contains("資産台帳にある番号です。市民課"), "{}", screen(&model));
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    let picture = screen(&model);
    assert!(picture.contains("見つからないドライブ: S3YJLOST。"), "{picture}");
    let Some(Effect::BeginSession(answers)) = press(&mut model, Key::Enter).pop() else { panic!() };
    assert_eq!(answers.missing_media, ["S3YJLOST"]);
    assert_eq!(answers.asset_check, AssetCheck::Listed);
}

#[test]
fn a_number_that_the_list_gives_to_another_pc_is_told_once_and_recorded() {
    let mut model = with_assets(Language::Ja);
    number(&mut model, "PC-0043");
    assert_eq!(model.people.focus, PeopleFocus::Asset);
    assert!(screen(&model).contains("製造番号が5CG9999XYZのPCの番号です"), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert_eq!(model.people.focus, PeopleFocus::Clock, "whoever is sure goes on");
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    let check = answers(&mut model).asset_check;
    assert_eq!(check, AssetCheck::OtherPc { listed: "5CG9999XYZ".into() });
}

#[test]
fn nobody_gets_past_a_doubtful_number_by_tab() {
    let mut model = with_assets(Language::Ja);
    type_text(&mut model, "PC-42");
    press(&mut model, Key::Tab);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.people.focus), (Screen::People, PeopleFocus::Asset));
    let picture = screen(&model);
    assert!(picture.contains("このPC（製造番号5CG1234ABC）は、台帳ではPC-0042です"), "{picture}");
    (0..2).for_each(|_| drop(press(&mut model, Key::Backspace)));
    number(&mut model, "0042");
    assert_eq!(model.people.focus, PeopleFocus::Clock);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Class);
}
