//! 引渡前の消去 for a whole PC, chosen on the first screen.

use super::fixtures::*;
use crate::sign::{Attention, Sign, sign};
use crate::{Effect, Journal, Key, Language, Model, Msg, Purpose, Screen, SessionAnswers};
use model::{DriveNo, FailureReason};
use policy::Action;

/// On to the class screen, for a contractor.
pub(super) fn at_class(language: Language) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Char('h'));
    for key in [Key::Enter, Key::Esc] {
        press(&mut model, key);
    }
    assert_eq!(model.screen(), Screen::Language);
    press(&mut model, Key::Char('h'));
    assert_eq!(model.screen(), Screen::Sticks);
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    press(&mut model, Key::Enter);
    fill_people(&mut model, language);
    model
}

/// On to the plan.
pub(super) fn with_plan_for(language: Language, class: char) -> (Model, SessionAnswers) {
    let mut model = at_class(language);
    press(&mut model, Key::Char(class));
    press(&mut model, Key::Enter);
    let Some(Effect::BeginSession(answers)) = press(&mut model, Key::Enter).pop() else { panic!() };
    send(&mut model, Msg::Journal(Journal::Saved));
    (model, answers)
}

/// On to the results: every drive was cleared.
pub(super) fn cleared(language: Language) -> Model {
    let (mut model, _) = with_plan_for(language, '2');
    confirm_plan(&mut model);
    for no in model.to_erase() {
        send(&mut model, Msg::JobFinished(no, cleared_before_handover()));
    }
    model
}

#[test]
fn every_drive_is_cleared_and_then_destroyed_also_one_that_could_be_purged() {
    let (mut model, answers) = with_plan_for(Language::Ja, '2');
    assert_eq!(answers.purpose, Purpose::Handover);
    for no in [1, 2, 3] {
        let action = model.plan().unwrap().drive(DriveNo(no)).unwrap().action;
        assert!(matches!(action, Action::ClearThenDestruct(_)), "{action:?}");
    }
    // One of them may be purged all the same, and that may be taken back.
    press(&mut model, Key::Down);
    press(&mut model, Key::Char(' '));
    assert!(matches!(model.plan().unwrap().drive(DriveNo(2)).unwrap().action, Action::Erase(_)));
    press(&mut model, Key::Char(' '));
    assert!(matches!(model.plan().unwrap().drive(DriveNo(2)).unwrap().action, Action::ClearThenDestruct(_)));
}

#[test]
fn the_end_says_that_the_media_go_to_the_contractor_and_is_no_completion() {
    let mut model = cleared(Language::Ja);
    assert_eq!(sign(&model), Sign::Attention(Attention::Handover));
    let picture = screen(&model);
    for words in ["要対応", "破壊業者へ引き渡せます", "完了証明書"] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    send(&mut model, Msg::JobFinished(DriveNo(3), failed(FailureReason::Vanished)));
    assert_eq!(sign(&model), Sign::Failed);
}

#[test]
fn the_purpose_can_be_decided_anew_before_the_plan_and_is_forgotten_by_nobody() {
    let (mut model, _) = with_plan_for(Language::Ja, '2');
    for _ in 0..6 {
        press(&mut model, Key::Esc);
    }
    assert_eq!(model.screen(), Screen::Language);
    press(&mut model, Key::Enter);
    assert_eq!(model.purpose, Purpose::Erase);
    assert!(matches!(
        model.make_plan(model::InformationClass::Two).drive(DriveNo(2)).unwrap().action,
        Action::Erase(_)
    ));
}

#[test]
fn a_long_message_hides_no_answer() {
    for language in [Language::Ja, Language::En] {
        let mut model = at_class(language);
        send(&mut model, Msg::Drives(wordy_drives()));
        let last = model.texts().class.unknown_explain.clone();
        let last = last.split(['。', '.']).next().unwrap().to_owned();
        assert!(screen(&model).contains(&last), "{}", screen(&model));
        let name = "MODEL-1234".repeat(4);
        send(&mut model, Msg::Followed(DriveNo(1), crate::FollowEnd::Ended));
        assert!(screen(&model).contains(&name) && screen(&model).contains(&last), "{}", screen(&model));
    }
}
