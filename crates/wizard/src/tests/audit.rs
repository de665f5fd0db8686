//! What no plan covers, what no other stick would mend, and what no first key decides.

use super::fixtures::*;
use crate::sign::{Attention, Sign, sign};
use crate::{Basis, CloseReason, Console, Effect, Journal, Key, Language, Msg, Phase, Screen, StickProblem};
use model::{Bus, DriveNo, Eligibility, Ineligible, Medium, NotCovered, Outcome};
use policy::Action;

#[test]
fn a_drive_that_appears_after_the_confirmation_is_not_passed_over() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::Drives(drives_and(late_drive())));
    for _ in 0..3 {
        press(&mut model, Key::Down);
    }
    let picture = screen(&model);
    assert!(picture.contains("S0M1LATE") && picture.contains("何もしていません。"), "{picture}");
    let mut model = finished(Language::Ja, '3');
    assert_eq!(sign(&model), Sign::Done);
    send(&mut model, Msg::Drives(drives_and(late_drive())));
    assert_eq!(sign(&model), Sign::Attention(Attention::Other));
    assert_eq!(result(&model, DriveNo(7)).not_covered, Some(NotCovered::NotInPlan));
    for _ in 0..6 {
        press(&mut model, Key::Down);
    }
    let picture = screen(&model);
    for words in
        ["要対応", "S0M1LATE", "庁舎から持ち出せません", "このPCをもう一度起動して、このドライブを処理して"]
    {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    send(&mut model, Msg::Drives(drives()));
    let gone = sign(&model);
    assert_eq!(gone, Sign::Attention(Attention::Other), "it has gone, and its data with it");
}

#[test]
fn a_late_drive_that_cannot_be_read_keeps_its_data_too() {
    let mut model = finished(Language::Ja, '3');
    let mut late = late_drive();
    late.eligibility = Eligibility::Ineligible(vec![Ineligible::Unidentified("EIO".into())]);
    send(&mut model, Msg::Drives(drives_and(late)));
    assert_eq!(sign(&model), Sign::Attention(Attention::Other));
}

#[test]
fn a_stick_or_an_empty_drive_that_comes_late_asks_for_nothing() {
    let mut empty = late_drive();
    empty.eligibility = Eligibility::Ineligible(vec![Ineligible::NoMedium]);
    let stick = drive(7, Bus::Usb, Medium::UsbStick, "Another", "N7", 1 << 32);
    for late in [empty, stick] {
        let mut model = finished(Language::Ja, '3');
        send(&mut model, Msg::Drives(drives_and(late)));
        assert_eq!(sign(&model), Sign::Done);
        assert_eq!(model.result_lines().len(), 6);
    }
}

#[test]
fn a_drive_that_cannot_be_handled_is_to_be_destroyed_and_says_why() {
    let model = plan_with_a_held_disk(Language::Ja);
    let line = model.plan().unwrap().drive(DriveNo(1)).unwrap().clone();
    assert_eq!(line.action, Action::Destruct { offered: None });
    let words = ["破壊", "RAIDなどの一部", "庁舎から持ち出せません（庁舎内で破壊）"];
    let picture = screen(&model);
    assert!(words.iter().all(|words| picture.contains(words)), "{picture}");
    assert!(!picture.contains("この区分で認められた方法を"), "{picture}");
    let model = finished_with_a_held_disk(Language::Ja);
    let picture = screen(&model);
    assert!(words.iter().all(|words| picture.contains(words)), "{picture}");
    assert_eq!(result(&model, DriveNo(1)).outcome, Outcome::AwaitingDestruction);
    assert_eq!(sign(&model), Sign::Attention(Attention::Other));
    assert_eq!(model.result_lines().len(), 6, "one line for each drive");
}

#[test]
fn a_drive_taken_by_something_later_keeps_the_reason_of_its_plan() {
    let mut model = finished(Language::Ja, '2');
    send(&mut model, Msg::Drives(drives_with_a_held_disk()));
    assert!(screen(&model).contains("認められた方法がない"), "{}", screen(&model));
}

#[test]
fn a_log_that_contradicts_itself_is_kept_and_the_pc_may_go_off() {
    let mut model = finished(Language::Ja, '3');
    press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 0, problem: not_verified() }));
    send(&mut model, Msg::Closed(Err(not_verified())));
    let picture = screen(&model);
    assert!(picture.contains("USBメモリは替えずに保管し") && picture.contains("line 41"), "{picture}");
    assert!(!picture.contains("完了") && !picture.contains("別のUSB"), "{picture}");
    for key in ['u', 'c', 't'] {
        assert_eq!(press(&mut model, Key::Char(key)), []);
    }
    assert_eq!(press(&mut model, Key::Char('p')), [Effect::PowerOff]);
}

#[test]
fn a_contradiction_does_not_cover_up_a_lost_stick() {
    let mut model = finished(Language::Ja, '3');
    press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Closed(Err(not_verified())));
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    assert_eq!(press(&mut model, Key::Char('p')), []);
    assert!(model.needs_rescue());
}

#[test]
fn a_contradiction_found_earlier_still_leads_to_the_end() {
    let mut model = finished(Language::Ja, '3');
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 0, problem: not_verified() }));
    assert_eq!(sign(&model), Sign::Attention(Attention::Garbled));
    assert_eq!(press(&mut model, Key::Char('u')), [], "no other stick is proposed");
    assert_eq!(press(&mut model, Key::Char('c')), [Effect::CloseSession(CloseReason::Finished)]);
    assert_eq!(press(&mut model, Key::Char('p')), [], "not before the answer");
}

#[test]
fn a_drive_that_erases_itself_is_not_said_to_stop() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::Job(DriveNo(2), job(Phase::DriveErases, 10, Basis::Estimated)));
    assert!(screen(&model).contains("ドライブが抹消中（このプログラムでは止められません）"));
    press(&mut model, Key::Char('s'));
    assert!(screen(&model).contains("ドライブ自身の命令で抹消中です。"));
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    assert_eq!(press(&mut model, Key::Enter).len(), 3);
    assert!(screen(&model).contains("その命令が終わるまでお待ちください。"), "{}", screen(&model));
}

#[test]
fn the_first_key_decides_nothing_because_the_seat_may_be_lost() {
    let mut model = model(Console::Full);
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Char('p'))), [Effect::ClaimSeat]);
    assert!(screen(&model).contains("もう一度同じキーを押してください。"));
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Char('p'))), [Effect::PowerOff]);
    let mut model = super::fixtures::model(Console::Full);
    send(&mut model, Msg::PolicyProblem { message: "x".into(), line: 1 });
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Char('b'))), [Effect::ClaimSeat]);
    assert_eq!(model.screen(), Screen::PolicyProblem);
    assert_eq!(crate::update(&mut model, Msg::Key(Key::Char('b'))), [Effect::UseBuiltinTable]);
}
