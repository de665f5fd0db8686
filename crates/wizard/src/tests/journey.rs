//! Whole sessions by keys, and the ways in which one can go astray.

use super::fixtures::*;
use crate::{
    ClassAnswer, ClockAnswer, CloseReason, Console, Effect, Journal, Key, Language, Msg, ScanState, Screen,
    SessionAnswers, StickNo, StickProblem,
};
use model::{DriveNo, Eligibility, FailureReason, InformationClass, Method, Outcome, Verdict};
use policy::Action;

#[test]
fn class_three_from_the_language_to_power_off() {
    let mut model = with_people(Language::Ja);
    assert_eq!(model.screen(), Screen::Class);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Drives);
    let answers = SessionAnswers {
        operator: "山田太郎".into(),
        drives_from: crate::DrivesFrom::ThisPc,
        asset_number: "PC-2019-0421".into(),
        witness: None,
        class: InformationClass::Three,
        class_answer: ClassAnswer::Known,
        clock: ClockAnswer::Right,
        language: Language::Ja,
        purpose: crate::Purpose::Erase,
        declared: crate::Declared {
            carried_out_by: Some(crate::CarriedOutBy::Staff),
            ..crate::Declared::default()
        },
        asset_check: crate::AssetCheck::NotChecked,
        missing_media: Vec::new(),
        labels: Vec::new(),
        exceptions: Vec::new(),
        attestations: Vec::new(),
    };
    assert_eq!(press(&mut model, Key::Enter), [Effect::BeginSession(answers)]);
    assert_eq!(model.screen(), Screen::Plan);
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Confirm);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    let effects = press(&mut model, Key::Enter);
    let [Effect::Confirmed { plan, confirmation }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(confirmation.covers(plan) && confirmation.typed() == code);
    let erased: Vec<u16> =
        plan.drives.iter().filter(|line| line.action.erase().is_some()).map(|line| line.drive.0).collect();
    assert_eq!(erased, [1, 2, 3], "the PC's own drives, and no USB stick");

    for no in erased {
        assert_eq!(model.screen(), Screen::Progress);
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert_eq!(model.screen(), Screen::Results);
    assert!(screen(&model).contains("○   完了   ○"));
    assert_eq!(press(&mut model, Key::Char('c')), [Effect::CloseSession(CloseReason::Finished)]);
    assert_eq!(press(&mut model, Key::Char('p')), [], "not before the log is closed");
    send(&mut model, Msg::Closed(Ok(close_info())));
    assert!(screen(&model).contains("K7QM 4TX2 P9ZD"));
    assert_eq!(press(&mut model, Key::Char('p')), [Effect::PowerOff]);
}

#[test]
fn class_two_offers_clearing_before_handover_and_says_what_must_be_destroyed() {
    let mut model = with_plan(Language::Ja, '2');
    let action = |model: &crate::Model| model.plan().unwrap().drive(DriveNo(1)).unwrap().action;
    assert!(matches!(action(&model), Action::Destruct { offered: Some(_) }));
    let before = model.plan().unwrap().digest();
    press(&mut model, Key::Char(' '));
    assert!(matches!(action(&model), Action::ClearThenDestruct(_)));
    assert_ne!(model.plan().unwrap().digest(), before, "another plan has another number");
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
    send(&mut model, Msg::JobFinished(DriveNo(1), cleared_before_handover()));
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    let picture = screen(&model);
    assert!(picture.contains("要対応") && picture.contains("破壊業者へ引き渡せます"), "{picture}");
    assert_eq!(result(&model, DriveNo(3)).verdict(), Some(Verdict::MustNotLeave));
}

#[test]
fn class_one_is_not_complete_without_a_witness_who_is_not_the_operator() {
    let mut model = finished(Language::Ja, '1');
    assert_eq!(result(&model, DriveNo(2)).failure, Some(FailureReason::AwaitingWitness));
    assert!(!screen(&model).contains("再利用・返却できます"));
    press(&mut model, Key::Char('w'));
    type_text(&mut model, "山田 太郎");
    press(&mut model, Key::Tab);
    press(&mut model, Key::Char(' '));
    assert_eq!(press(&mut model, Key::Enter), [], "the operator is no witness");
    for _ in 0..5 {
        press(&mut model, Key::Backspace);
    }
    type_text(&mut model, "鈴木花子");
    press(&mut model, Key::Enter);
    assert_eq!(press(&mut model, Key::Enter), [], "another name needs another mark");
    press(&mut model, Key::Char(' '));
    let drives = vec![DriveNo(2)];
    assert_eq!(
        press(&mut model, Key::Enter),
        [Effect::WitnessConfirmed { name: "鈴木花子".into(), drives, by_hand: vec![] }]
    );
    assert_ne!(result(&model, DriveNo(2)).outcome, Outcome::Done, "not before it is recorded");
    send(&mut model, Msg::Witnessed);
    assert_eq!(result(&model, DriveNo(2)).outcome, Outcome::Done);
}

#[test]
fn class_one_cleared_before_handover_does_not_go_out_without_a_witness() {
    let mut model = with_plan(Language::Ja, '1');
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    send(&mut model, Msg::JobFinished(DriveNo(1), cleared_before_handover()));
    assert!(!screen(&model).contains("引き渡せます"), "{}", screen(&model));
}

#[test]
fn not_knowing_the_class_takes_the_strictest() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('4'));
    press(&mut model, Key::Enter);
    let effects = press(&mut model, Key::Enter);
    let [Effect::BeginSession(answers)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((answers.class, answers.class_answer), (InformationClass::One, ClassAnswer::Unknown));
}

#[test]
fn leaning_on_enter_leads_to_nothing() {
    let mut model = booted(Language::Ja);
    for _ in 0..200 {
        for effect in press(&mut model, Key::Enter) {
            assert_eq!(effect, Effect::OpenStick(StickNo(1)));
            send(&mut model, Msg::StickOpened(Ok(stick_info())));
        }
    }
    assert_eq!(model.screen(), Screen::People);
    let mut model = with_plan(Language::Ja, '3');
    for _ in 0..200 {
        assert_eq!(press(&mut model, Key::Enter), []);
    }
    assert_eq!(model.screen(), Screen::Confirm);
    let mut model = finished(Language::Ja, '3');
    for _ in 0..200 {
        assert_eq!(press(&mut model, Key::Enter), []);
    }
}

#[test]
fn a_wrong_number_is_told_and_forgotten() {
    let mut model = with_plan(Language::En, '3');
    press(&mut model, Key::Enter);
    let code: u32 = model.plan().unwrap().digest().code().parse().unwrap();
    type_text(&mut model, &format!("{:06}", (code + 1) % 1_000_000));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(model.typed.is_empty() && screen(&model).contains("Nothing has been erased yet"));
}

#[test]
fn nothing_begins_while_the_journal_is_not_saved() {
    for journal in
        [Journal::NotBegun, Journal::Saving, Journal::Unsaved { count: 1, problem: StickProblem::ReadOnly }]
    {
        let mut model = with_plan(Language::Ja, '3');
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Journal(journal));
        let code = model.plan().unwrap().digest().code();
        type_text(&mut model, &code);
        assert_eq!(press(&mut model, Key::Enter), []);
        send(&mut model, Msg::Journal(Journal::Saved));
        assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
    }
}

#[test]
fn a_changed_answer_begins_anew_and_an_old_saved_does_not_count() {
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Esc);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::BeginSession(_)]));
    assert_eq!(model.journal, Journal::Saving);
}

#[test]
fn a_drive_with_another_identity_under_the_same_number_is_not_taken_for_the_old_choice() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    press(&mut model, Key::Char(' '));
    assert!(model.selection().contains(&DriveNo(4)));
    let mut other = drives();
    other[3].identity.serial = "SOMEBODY-ELSES".into();
    send(&mut model, Msg::Drives(other));
    assert!(!model.selection().contains(&DriveNo(4)));
}

#[test]
fn the_cursor_stays_on_its_drive_while_others_come_and_go() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Down);
    let mut fewer = drives();
    fewer.remove(0);
    send(&mut model, Msg::Drives(fewer));
    assert_eq!(model.drives.cursor, Some(DriveNo(2)));
    assert_eq!(model.drives.rows.len(), 6, "the line of the drive that left stays");
    assert_eq!(model.selection(), [DriveNo(2), DriveNo(3)]);
}

#[test]
fn the_results_stick_is_never_offered_whatever_the_inventory_says() {
    let mut model = with_people(Language::Ja);
    let mut careless = drives();
    careless[4].eligibility = Eligibility::Eligible;
    send(&mut model, Msg::Drives(careless));
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    for _ in 0..4 {
        press(&mut model, Key::Down);
    }
    press(&mut model, Key::Char(' '));
    assert_eq!(model.drives.cursor, Some(DriveNo(5)));
    assert!(!model.selection().contains(&DriveNo(5)));
}

#[test]
fn a_plan_that_writes_nothing_is_recorded_by_a_key_of_its_own() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Down);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::RecordOnly);
    assert_eq!(press(&mut model, Key::Enter), []);
    let effects = press(&mut model, Key::Char('r'));
    let [Effect::RecordOnly { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(!plan.is_destructive());
    assert_eq!(model.screen(), Screen::Results);
    assert!(screen(&model).contains("1台も抹消していません"));
}

#[test]
fn no_drive_at_all_still_leads_to_a_record() {
    let mut model = with_people(Language::Ja);
    model.drives.rows.clear();
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(matches!(press(&mut model, Key::Char('n')).as_slice(), [Effect::BeginSession(_)]));
}

#[test]
fn drives_that_are_still_being_looked_for_are_waited_for() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    assert_eq!(press(&mut model, Key::Char('r')), [Effect::Rescan]);
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(model.screen(), Screen::Drives);
    send(&mut model, Msg::Scan(ScanState::Done));
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::BeginSession(_)]));
}

#[test]
fn a_lost_stick_is_told_and_another_can_take_its_place() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 4, problem: StickProblem::Removed }));
    assert!(screen(&model).contains("結果用USBメモリが抜けています。"));
    press(&mut model, Key::Char('u'));
    assert_eq!(press(&mut model, Key::Char('t')), [Effect::TryStickAgain]);
    press(&mut model, Key::Down);
    assert_eq!(press(&mut model, Key::Enter), [Effect::ContinueOn(StickNo(1))]);
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(screen(&model).contains("記録を保存し終えました。"));
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), Screen::Progress);
}

#[test]
fn power_stays_on_while_anything_is_unsaved() {
    let mut model = finished(Language::Ja, '3');
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Full }));
    assert_eq!(press(&mut model, Key::Char('c')), []);
    assert!(screen(&model).contains("要対応"));
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Closed(Err(StickProblem::Removed)));
    assert_eq!(press(&mut model, Key::Char('p')), []);
    assert!(screen(&model).contains("電源を切れません"));
    press(&mut model, Key::Char('u'));
    assert_eq!(press(&mut model, Key::Char('t')), [Effect::TryStickAgain]);
    send(&mut model, Msg::Closed(Ok(close_info())));
    press(&mut model, Key::Esc);
    assert_eq!(press(&mut model, Key::Char('p')), [Effect::PowerOff]);
}

#[test]
fn stopping_takes_the_number_too() {
    let mut model = confirmed(Language::Ja, '3');
    press(&mut model, Key::Char('s'));
    assert_eq!(press(&mut model, Key::Enter), []);
    press(&mut model, Key::Up);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code[..5]);
    assert_eq!(press(&mut model, Key::Enter), [], "five digits");
    assert!(model.stop.typed.is_empty() && screen(&model).contains("数字が違います。止めていません。"));
    type_text(&mut model, &code);
    assert_eq!(press(&mut model, Key::Enter), [Effect::StopJob(DriveNo(3))]);
}

#[test]
fn the_first_key_claims_the_seat_and_the_other_console_is_dead() {
    let mut model = model(Console::Full);
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Down)), [Effect::ClaimSeat]);
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Up)), []);
    let mut other = super::fixtures::model(Console::AsciiOnly);
    send(&mut other, Msg::SeatTaken);
    for key in [Key::Enter, Key::Esc, Key::Char('p'), Key::Char('y')] {
        assert_eq!(crate::update(&mut other, Msg::Key(key)), []);
    }
}

#[test]
fn a_bad_rule_file_stops_until_somebody_decides() {
    let mut model = booted(Language::Ja);
    send(&mut model, Msg::PolicyProblem { message: "unknown field `x`".into(), line: 3 });
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(model.screen(), Screen::PolicyProblem);
    assert_eq!(press(&mut model, Key::Char('b')), [Effect::UseBuiltinTable]);
    assert_eq!(model.screen(), Screen::Language);
}

#[test]
fn a_stick_pulled_before_anything_began_is_asked_for_again() {
    let mut model = with_people(Language::Ja);
    send(&mut model, Msg::Sticks(Vec::new()));
    assert_eq!(model.screen(), Screen::Sticks);
    assert!(screen(&model).contains("選んだUSBメモリが見つからなくなりました。"));
}

#[test]
fn a_failed_drive_makes_the_sign_a_failure() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::JobFinished(DriveNo(1), done(Method::Clear)));
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    send(&mut model, Msg::JobFinished(DriveNo(3), failed(FailureReason::Vanished)));
    let picture = screen(&model);
    assert!(picture.contains("×   失敗   ×"), "{picture}");
    assert!(!picture.contains("○"));
}

#[test]
fn a_drive_with_blocks_that_were_not_erased_makes_the_sign_a_failure() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::JobFinished(DriveNo(1), done(Method::Clear)));
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    let incomplete = model::DriveResult {
        outcome: Outcome::Incomplete,
        failure: Some(FailureReason::BlocksNotErased),
        ..done(Method::Clear)
    };
    send(&mut model, Msg::JobFinished(DriveNo(3), incomplete));
    assert_eq!(crate::sign::sign(&model), crate::sign::Sign::Failed);
}

#[test]
fn a_result_that_is_missing_is_no_completion() {
    let model = confirmed(Language::Ja, '3');
    assert_eq!(crate::sign::sign(&model), crate::sign::Sign::Failed);
}

#[test]
fn an_internal_drive_left_out_is_no_completion() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::JobFinished(DriveNo(2), done(Method::Purge)));
    send(&mut model, Msg::JobFinished(DriveNo(3), done(Method::Clear)));
    assert!(screen(&model).contains("要対応"));
}
