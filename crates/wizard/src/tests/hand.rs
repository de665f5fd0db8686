//! What people do without the program: described, recorded, confirmed by somebody else.

use super::fixtures::*;
use super::screens::snap;
use crate::sign::{Attention, Sign, sign};
use crate::{
    ByHand, CloseReason, DrivesFrom, Effect, Journal, Key, Language, Model, Msg, Purpose, Screen,
    StickProblem,
};
use model::{ByHandNo, DriveNo, FailureReason, Handling, MediumKind, Method, Outcome};

/// The list of a session in which nothing is erased.
pub(super) fn alone(language: Language) -> Model {
    of_class(language, '2')
}

fn of_class(language: Language, class: char) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Char('m'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    press(&mut model, Key::Enter);
    type_text(&mut model, if language == Language::Ja { "山田太郎" } else { "Yamada Taro" });
    for _ in 0..5 {
        press(&mut model, Key::Enter);
    }
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Class, "no number of this PC is asked for");
    press(&mut model, Key::Char(class));
    let effects = press(&mut model, Key::Enter);
    let [Effect::BeginSession(answers)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((answers.purpose, answers.drives_from), (Purpose::ByHand, DrivesFrom::Bench));
    send(&mut model, Msg::Journal(Journal::Saved));
    assert_eq!(model.screen(), Screen::ByHand);
    model
}

pub(super) fn on_form(language: Language) -> Model {
    let mut model = alone(language);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::HandForm);
    model
}

/// Fills in the form for a disc, from its first field to its last; what is returned is what the last Enter asks for.
fn disc(model: &mut Model) -> Vec<Effect> {
    fill_disc(model);
    press(model, Key::Enter)
}

fn fill_disc(model: &mut Model) {
    let ja = model.language == Language::Ja;
    // A disc is the fourth kind.
    (0..4).for_each(|_| drop(press(model, Key::Char(' '))));
    press(model, Key::Enter);
    press(model, Key::Enter);
    type_text(model, "DVD-R 2019");
    press(model, Key::Enter);
    type_text(model, "NONE");
    press(model, Key::Enter);
    type_text(model, "PC-0007");
    press(model, Key::Enter);
    press(model, Key::Char(' '));
    press(model, Key::Enter);
    press(model, Key::F(2));
    press(model, Key::Enter);
    assert_eq!(model.hand.form.how.value(), if ja { "シュレッダー" } else { "Shredder" });
    while model.hand.form.focus != crate::hand::HandFocus::Remarks {
        assert_eq!(press(model, Key::Enter), []);
    }
}

/// One disc was recorded.
pub(super) fn recorded(language: Language, class: char) -> Model {
    let mut model = of_class(language, class);
    press(&mut model, Key::Enter);
    assert!(matches!(disc(&mut model).as_slice(), [Effect::ByHand(_)]));
    assert_eq!(model.screen(), Screen::ByHand);
    model
}

/// A PC of class (2) with drives that failed or cannot be erased, whose results lead to what is done by hand.
pub(super) fn from_results(language: Language) -> Model {
    let mut model = confirmed(language, '2');
    send(&mut model, Msg::JobFinished(DriveNo(2), failed(FailureReason::Vanished)));
    press(&mut model, Key::Char('m'));
    assert_eq!(model.screen(), Screen::ByHand);
    model
}

fn destroy(model: &mut Model) -> ByHand {
    press(model, Key::Enter);
    press(model, Key::Char(' '));
    press(model, Key::Enter);
    press(model, Key::F(2));
    press(model, Key::Down);
    press(model, Key::Enter);
    while model.hand.form.focus != crate::hand::HandFocus::Remarks {
        assert_eq!(press(model, Key::Enter), []);
    }
    match press(model, Key::Enter).pop() {
        Some(Effect::ByHand(said)) => said,
        other => panic!("{other:?}"),
    }
}

/// Its disk was destroyed on the spot.
pub(super) fn destroyed_here(language: Language) -> Model {
    let mut model = from_results(language);
    assert_eq!(destroy(&mut model).drive, Some(DriveNo(1)));
    model
}

#[test]
fn a_disc_is_recorded_with_who_did_what_when_and_the_log_is_closed() {
    let mut model = of_class(Language::Ja, '2');
    press(&mut model, Key::Enter);
    let Some(Effect::ByHand(said)) = disc(&mut model).pop() else { panic!() };
    let medium = said.medium.clone().unwrap();
    assert_eq!(
        (medium.kind, medium.model.as_str(), medium.serial.as_str()),
        (MediumKind::Optical, "DVD-R 2019", "")
    );
    assert_eq!((said.no, said.drive, said.handling), (ByHandNo(1), None, Handling::Destroyed));
    assert_eq!((said.by.as_str(), said.on.as_str()), ("山田太郎", "2026-04-01"), "the operator, today");
    assert_eq!((said.asset_number.as_str(), said.photo_expected), ("PC-0007", true));
    let picture = screen(&model);
    for words in ["DVD-R 2019", "シュレッダー", "破壊した", "証拠写真"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    assert_eq!(press(&mut model, Key::Esc), [], "what is recorded is not left behind");
    assert_eq!(model.screen(), Screen::ByHand);
    assert_eq!(sign(&model), Sign::Done);
    assert_eq!(press(&mut model, Key::Char('c')), [Effect::CloseSession(CloseReason::Finished)]);
    send(&mut model, Msg::Closed(Ok(close_info())));
    assert!(screen(&model).contains("完了"), "{}", screen(&model));
}

#[test]
fn nothing_is_called_recorded_while_the_log_is_not_being_saved() {
    for journal in [Journal::NotBegun, Journal::Unsaved { count: 2, problem: StickProblem::Removed }] {
        let mut model = on_form(Language::Ja);
        fill_disc(&mut model);
        model.journal = journal;
        assert_eq!(press(&mut model, Key::Enter), []);
        assert!(model.hand.done.is_empty() && model.screen() == Screen::HandForm);
        assert!(!screen(&model).contains("記録しました"), "{}", screen(&model));
        // What was typed is still there.
        send(&mut model, Msg::Journal(Journal::Saved));
        assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::ByHand(_)]));
    }
}

#[test]
fn what_a_witness_confirmed_stays_confirmed_though_something_was_recorded_meanwhile() {
    let mut model = recorded(Language::Ja, '1');
    press(&mut model, Key::Char('w'));
    type_text(&mut model, "鈴木花子");
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::WitnessConfirmed { .. }]));
    model.go(Screen::ByHand);
    press(&mut model, Key::Enter);
    assert!(matches!(disc(&mut model).as_slice(), [Effect::ByHand(_)]));
    send(&mut model, Msg::Witnessed);
    assert_eq!(model.unwitnessed(), [ByHandNo(2)]);
    assert_eq!(sign(&model), Sign::Attention(Attention::Witness));
}

#[test]
fn class_one_takes_a_witness_who_did_not_do_it() {
    let mut model = recorded(Language::Ja, '1');
    assert_eq!(sign(&model), Sign::Attention(Attention::Witness));
    assert!(screen(&model).contains("立会者の確認がまだありません。"), "{}", screen(&model));
    assert_eq!(press(&mut model, Key::Char('c')), []);
    assert_eq!(model.screen(), Screen::Unwitnessed);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Char('w'));
    assert!(screen(&model).contains("DVD-R 2019"), "{}", screen(&model));
    model.hand.done[0].by = "鈴木花子".into();
    type_text(&mut model, "鈴木花子");
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("手作業を行った人と同じ名前です。"), "{}", screen(&model));
    model.hand.done[0].by = "山田太郎".into();
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    let effects = press(&mut model, Key::Enter);
    let name = "鈴木花子".to_owned();
    assert_eq!(effects, [Effect::WitnessConfirmed { name, drives: vec![], by_hand: vec![ByHandNo(1)] }]);
    send(&mut model, Msg::Witnessed);
    assert_eq!(sign(&model), Sign::Done);
    // Another one that is done now has not been seen.
    press(&mut model, Key::Enter);
    assert!(matches!(disc(&mut model).as_slice(), [Effect::ByHand(said)] if said.no == ByHandNo(2)));
    assert_eq!((sign(&model), model.unwitnessed()), (Sign::Attention(Attention::Witness), vec![ByHandNo(2)]));
}

#[test]
fn a_drive_that_failed_or_waits_for_it_is_destroyed_on_the_spot_and_the_results_say_so() {
    let mut model = from_results(Language::Ja);
    let open: Vec<u16> = model.destructible().iter().map(|no| no.0).collect();
    assert_eq!(open, [1, 2, 3]);
    assert_eq!(sign(&model), Sign::Failed);
    for no in [1, 2, 3] {
        assert_eq!(destroy(&mut model).drive, Some(DriveNo(no)));
        assert_eq!(result(&model, DriveNo(no)).achieved, Some(Method::Destruct));
    }
    press(&mut model, Key::Esc);
    assert_eq!((model.screen(), sign(&model)), (Screen::Results, Sign::Done));
    assert!(screen(&model).contains("破壊済みです"), "{}", screen(&model));
    assert_eq!(press(&mut model, Key::Char('c')), [Effect::CloseSession(CloseReason::Finished)]);
}

#[test]
fn degaussing_is_offered_for_disks_only() {
    let offers = |kind: usize| {
        let mut model = on_form(Language::Ja);
        (0..kind).for_each(|_| drop(press(&mut model, Key::Char(' '))));
        while model.hand.form.focus != crate::hand::HandFocus::Handling {
            press(&mut model, Key::Tab);
        }
        (0..4).any(|_| {
            press(&mut model, Key::Char(' '));
            model.hand.form.handling == Some(Handling::Degaussed)
        })
    };
    assert!(offers(1));
    assert!((2..=5).all(|kind| !offers(kind)));
    // Nor is it kept when the kind turns out to be another.
    let mut model = on_form(Language::Ja);
    press(&mut model, Key::Char(' '));
    model.hand.form.handling = Some(Handling::Degaussed);
    press(&mut model, Key::Char(' '));
    assert_eq!(model.hand.form.handling, None);
}

#[test]
fn what_is_missing_or_yet_to_come_is_not_recorded() {
    let mut model = on_form(Language::Ja);
    for said in
        ["種類がまだ", "", "", "製造番号が空欄", "資産管理番号が空欄", "行ったことがまだ", "道具・方法が空欄"]
    {
        assert_eq!(press(&mut model, Key::Enter), []);
        assert!(screen(&model).contains(said), "{said}\n{}", screen(&model));
        match model.hand.form.focus {
            crate::hand::HandFocus::Kind | crate::hand::HandFocus::Handling => {
                press(&mut model, Key::Char(' '));
                press(&mut model, Key::Enter);
            }
            _ if said.is_empty() => {}
            _ => {
                type_text(&mut model, "x1");
                press(&mut model, Key::Enter);
            }
        }
    }
    press(&mut model, Key::Enter);
    for day in ["20260402", "20260231"] {
        (0..10).for_each(|_| drop(press(&mut model, Key::Backspace)));
        type_text(&mut model, day);
        assert_eq!(press(&mut model, Key::Enter), []);
        assert_eq!(model.hand.form.focus, crate::hand::HandFocus::On, "{day}");
    }
    assert!(!model.has_hand());
}

#[test]
fn a_session_in_which_nothing_was_done_is_ended_as_such() {
    let mut model = alone(Language::Ja);
    assert_eq!(press(&mut model, Key::Char('c')), []);
    press(&mut model, Key::Char('q'));
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), Screen::ByHand);
    press(&mut model, Key::Char('q'));
    assert_eq!(press(&mut model, Key::Char('y')), [Effect::CloseSession(CloseReason::Abandoned)]);
}

#[test]
fn what_is_set_aside_keeps_its_data_and_the_sign_says_so() {
    let mut model = from_results(Language::Ja);
    press(&mut model, Key::Enter);
    // A disk: destroyed, degaussed, set aside.
    (0..3).for_each(|_| drop(press(&mut model, Key::Char(' '))));
    for _ in 0..6 {
        let _ = press(&mut model, Key::Enter);
    }
    assert_eq!(model.hand.done[0].handling, Handling::SetAside);
    assert_eq!(result(&model, DriveNo(1)).outcome, Outcome::AwaitingDestruction);
    assert!(model.destructible().contains(&DriveNo(1)), "it may be destroyed later");
    assert_ne!(sign(&model), Sign::Done);
}

#[test]
fn screens() {
    snap("33_hand_alone", alone);
    snap("33b_hand_class", |language| {
        let mut model = alone(language);
        press(&mut model, Key::Esc);
        model
    });
    snap("33c_hand_form", on_form);
    snap("33d_hand_form_filled", |language| {
        let mut model = on_form(language);
        fill_disc(&mut model);
        model
    });
    snap("33e_hand_recorded", |language| recorded(language, '2'));
    snap("33f_hand_witness", |language| {
        let mut model = recorded(language, '1');
        press(&mut model, Key::Char('w'));
        model
    });
    snap("33g_hand_results", from_results);
    snap("33h_hand_form_drive", |language| {
        let mut model = from_results(language);
        press(&mut model, Key::Enter);
        model
    });
    snap("33i_hand_destroyed", |language| {
        let mut model = destroyed_here(language);
        press(&mut model, Key::Esc);
        model
    });
    snap("33j_hand_tools", |language| {
        let mut model = from_results(language);
        press(&mut model, Key::Enter);
        press(&mut model, Key::Tab);
        press(&mut model, Key::F(2));
        model
    });
    snap("33k_hand_finish", |language| {
        let mut model = recorded(language, '2');
        press(&mut model, Key::Char('c'));
        send(&mut model, Msg::Closed(Ok(close_info())));
        model
    });
}

#[test]
fn tools_are_those_that_destroy_what_holds_the_data_of_that_kind_of_medium() {
    let mut model = with_people(Language::Ja);
    model.hand.form.handling = Some(Handling::Destroyed);
    let (mut tools, mut musts) = (Vec::new(), Vec::new());
    for kind in [MediumKind::Hdd, MediumKind::Ssd, MediumKind::UsbStick, MediumKind::Optical] {
        model.hand.form.kind = Some(kind);
        tools.push(crate::words::tools(&model).join(" "));
        model.screen = Screen::HandForm;
        musts.push(screen(&model));
    }
    for not_for_a_disk in ["ハンマー", "はさみ", "ドリル"] {
        assert!(!tools[0].contains(not_for_a_disk), "{}", tools[0]);
    }
    for chips in [&tools[1], &tools[2]] {
        assert!(chips.contains("チップ") && !chips.contains("はさみ") && !chips.contains("HDD"), "{chips}");
    }
    assert!(tools[3].contains("はさみ") && !tools[3].contains("ハンマー"), "{}", tools[3]);
    for (must, part) in
        musts.iter().zip(["円盤を全部", "メモリチップを1つ残らず", "メモリチップを1つ残らず", "記録面を"])
    {
        assert!(must.contains(part), "{part}\n{must}");
    }
    model.hand.form.handling = Some(Handling::SetAside);
    assert!(!screen(&model).contains("記録面を"), "nothing is destroyed yet");
}
