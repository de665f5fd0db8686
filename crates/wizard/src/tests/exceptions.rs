//! 例外措置: a lesser method than the class asks, never without a reason, a measure, an approver and a day.

use super::fixtures::*;
use super::screens::snap;
use crate::sign::{Attention, Sign, sign};
use crate::{Effect, Journal, Key, Language, Model, Msg, Screen};
use model::{DriveNo, Method, Outcome, Verdict};
use policy::Action;

/// The disk of a class (2) PC: nothing that counts can be done with it.
const DISK: DriveNo = DriveNo(1);

pub(super) fn on_detail(language: Language) -> Model {
    let mut model = with_plan(language, '2');
    press(&mut model, Key::Char('i'));
    assert_eq!((model.screen(), model.ahead.shown), (Screen::DriveDetail, Some(DISK)));
    model
}

pub(super) fn on_form(language: Language) -> Model {
    let mut model = on_detail(language);
    press(&mut model, Key::Char('x'));
    assert_eq!(model.screen(), Screen::Exception);
    model
}

fn fill_in(model: &mut Model, deadline: &str) {
    let ja = model.language == Language::Ja;
    for text in if ja {
        ["破壊機が故障中で、再使用の予定がある", "暗号化済みの金庫で保管し、毎月点検する", "佐藤一郎"]
    } else {
        ["The shredder is out of order", "Kept in the locked archive, checked monthly", "Sato Ichiro"]
    } {
        type_text(model, text);
        press(model, Key::Enter);
    }
    type_text(model, deadline);
    press(model, Key::Enter);
}

pub(super) fn given(language: Language) -> Model {
    let mut model = on_form(language);
    fill_in(&mut model, "20260930");
    assert_eq!(model.screen(), Screen::DriveDetail);
    model
}

pub(super) fn planned(language: Language) -> Model {
    let mut model = given(language);
    let effects = press(&mut model, Key::Esc);
    assert!(matches!(effects.as_slice(), [Effect::BeginSession(answers)] if answers.exceptions.len() == 1));
    send(&mut model, Msg::Journal(Journal::Saved));
    assert_eq!(model.screen(), Screen::Plan);
    model
}

fn finished(language: Language) -> Model {
    let mut model = planned(language);
    confirm_plan(&mut model);
    let result = done(Method::Clear).under_exception();
    send(&mut model, Msg::JobFinished(DISK, result));
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    model
}

#[test]
fn an_exception_plans_a_clear_that_awaits_approval_and_keeps_the_medium_in_the_building() {
    let mut model = planned(Language::Ja);
    let action = model.plan().unwrap().drive(DISK).unwrap().action;
    assert!(matches!(action, Action::EraseUnderException(erase) if erase.method == Method::Clear));
    let picture = screen(&model);
    for words in ["例外措置", "承認待ち", "佐藤一郎", "2026-09-30", "承認まで庁舎から"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains("消去（例外措置）"), "{}", screen(&model));
    let model = finished(Language::Ja);
    let picture = screen(&model);
    for words in ["要対応", "承認待ち", "承認されるまで、庁舎から持ち出せません"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    assert_eq!(result(&model, DISK).outcome, Outcome::AwaitingApproval);
    assert_eq!(result(&model, DISK).verdict(), Some(Verdict::MustNotLeave));
    assert_eq!(sign(&model), Sign::Attention(Attention::Other));
}

#[test]
fn nothing_less_than_all_four_is_an_exception() {
    let mut model = on_form(Language::Ja);
    for (said, typed) in [("理由が空欄", "あ"), ("代替措置が空欄", "い"), ("承認者の名前が空欄", "山田太郎")]
    {
        press(&mut model, Key::Enter);
        assert!(screen(&model).contains(said), "{}", screen(&model));
        type_text(&mut model, typed);
        press(&mut model, Key::Enter);
    }
    assert!(screen(&model).contains("承認者が担当者と同じ名前です。"), "{}", screen(&model));
    type_text(&mut model, "の弟");
    press(&mut model, Key::Enter);
    for (day, said) in [
        ("", "読み取れません"),
        ("20260230", "読み取れません"),
        ("来年", "読み取れません"),
        ("20260331", "もう過ぎて"),
    ] {
        type_text(&mut model, day);
        press(&mut model, Key::Enter);
        assert!(screen(&model).contains(said), "{day}\n{}", screen(&model));
        (0..day.len()).for_each(|_| drop(press(&mut model, Key::Backspace)));
    }
    assert!(model.ahead.exceptions.is_empty());
    type_text(&mut model, "2026/04/01");
    press(&mut model, Key::Enter);
    assert_eq!(model.ahead.exceptions[&DISK].deadline, "2026-04-01", "the day itself");
}

#[test]
fn a_pc_whose_clock_is_wrong_knows_no_past_day() {
    let mut model = on_form(Language::Ja);
    model.people.clock = Some(crate::ClockAnswer::Wrong);
    fill_in(&mut model, "20250401");
    assert_eq!(model.ahead.exceptions[&DISK].deadline, "2025-04-01");
}

#[test]
fn an_exception_is_taken_back_by_the_same_key_and_then_nothing_is_written() {
    let mut model = given(Language::Ja);
    press(&mut model, Key::Char('x'));
    assert!(screen(&model).contains("例外措置をやめました。"), "{}", screen(&model));
    press(&mut model, Key::Esc);
    assert_eq!(model.plan().unwrap().drive(DISK).unwrap().action.erase(), None);
    assert!(model.exceptions().is_empty());
}

#[test]
fn where_a_method_that_counts_can_be_used_and_in_class_three_no_exception_is_offered() {
    let mut model = with_plan(Language::Ja, '2');
    press(&mut model, Key::Down);
    press(&mut model, Key::Char('i'));
    assert_eq!(model.ahead.shown, Some(DriveNo(2)), "it can be purged");
    press(&mut model, Key::Char('x'));
    assert_eq!(model.screen(), Screen::DriveDetail);
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Char('i'));
    press(&mut model, Key::Char('x'));
    assert_eq!(model.screen(), Screen::DriveDetail);
}

#[test]
fn an_exception_that_the_plan_does_not_need_is_not_recorded() {
    let mut model = given(Language::Ja);
    press(&mut model, Key::Esc);
    // 引渡前の消去 after all.
    press(&mut model, Key::Char(' '));
    let action = model.plan().unwrap().drive(DISK).unwrap().action;
    assert!(matches!(action, Action::ClearThenDestruct(_)), "{action:?}");
    assert!(model.exceptions().is_empty());
}

#[test]
fn screens() {
    snap("32_exception", on_form);
    snap("32b_exception_full", |language| {
        let mut model = on_form(language);
        fill_in(&mut model, "20260331");
        model
    });
    snap("32c_exception_given", given);
    snap("32d_exception_plan", planned);
    snap("32e_exception_results", finished);
    snap("32f_exception_confirm", |language| {
        let mut model = planned(language);
        press(&mut model, Key::Enter);
        model
    });
}
