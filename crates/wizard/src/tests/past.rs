//! What the stick holds of earlier sessions, and the one that was cut off.

use super::fixtures::*;
use crate::past::PastSign;
use crate::{Key, Language, Model, Msg, PastDrive, PastEnd, PastSession, Screen, StickInfo};
use model::{InformationClass, Method, Outcome, Verdict};

fn past_drive(serial: &str, outcome: Option<Outcome>) -> PastDrive {
    let (achieved, verdict) = match outcome {
        Some(Outcome::Done) => (Some(Method::Purge), Some(Verdict::MayBeReused)),
        _ => (None, Some(Verdict::MustNotLeave)),
    };
    PastDrive { model: "ST1000DM003-1CH162".into(), serial: serial.into(), outcome, achieved, verdict }
}

fn session(number: &str, end: PastEnd, drives: Vec<PastDrive>) -> PastSession {
    let wall = "2026-03-31 16:40".into();
    PastSession {
        asset_number: number.into(),
        wall,
        class: Some(InformationClass::Two),
        end,
        drives,
        untouched: 0,
    }
}

fn sessions(cut_off: &str) -> Vec<PastSession> {
    let done = |serial| vec![past_drive(serial, Some(Outcome::Done))];
    vec![
        session("PC-2019-0420", PastEnd::Open, vec![past_drive(cut_off, Some(Outcome::Incomplete))]),
        session("PC-2019-0419", PastEnd::Closed, done("Z1")),
        session(
            "PC-2019-0418",
            PastEnd::Closed,
            vec![past_drive("Z2", Some(Outcome::Done)), past_drive("Z3", Some(Outcome::AwaitingDestruction))],
        ),
        session("PC-2019-0417", PastEnd::Abandoned, vec![past_drive("Z4", None)]),
        session("PC-2019-0416", PastEnd::Refused, Vec::new()),
    ]
}

/// On the screen of an opened stick, after so many PCs; the last one was cut off with this drive.
pub(super) fn opened_after(language: Language, cut_off: &str) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(StickInfo { past: sessions(cut_off), ..stick_info() })));
    model
}

/// The same on a stick that an office prepared and that cannot be checked today, its key shut or not used.
pub(super) fn prepared_after(language: Language, check: crate::VoucherCheck) -> Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(StickInfo { past: sessions(HERE), ..prepared(check) })));
    type_text(&mut model, "correct horse battery");
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Unsealed(Ok(())));
    model
}

pub(super) const HERE: &str = "WD-WX11A23B4567";

#[test]
fn how_a_pc_stands_is_one_word() {
    let signs: Vec<PastSign> = sessions(HERE).iter().map(PastSession::sign).collect();
    use PastSign::{Attention, Done, Nothing, Open, Refused};
    assert_eq!(signs, [Open, Done, Attention, Nothing, Refused]);
}

#[test]
fn what_was_cut_off_on_this_pc_is_said_first_thing_and_its_number_stands_there() {
    let mut model = opened_after(Language::Ja, HERE);
    let picture = screen(&model);
    assert!(
        picture.contains("このPCの前の作業は、途中で中断しています（停電など")
            && picture.contains("PC-2019-0420"),
        "{picture}"
    );
    press(&mut model, Key::Enter);
    assert_eq!(model.people.asset(), "PC-2019-0420");
    let mut other = opened_after(Language::Ja, "ELSEWHERE");
    assert!(!screen(&other).contains("途中で中断しています"), "{}", screen(&other));
    press(&mut other, Key::Enter);
    assert_eq!(other.people.asset(), "");
}

#[test]
fn a_pc_that_was_done_again_since_is_not_said_to_be_cut_off() {
    let mut model = booted(Language::Ja);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    let mut past = sessions(HERE);
    let again = vec![past_drive(HERE, Some(Outcome::Done))];
    past.insert(0, session("PC-2019-0420", PastEnd::Closed, again));
    send(&mut model, Msg::StickOpened(Ok(StickInfo { past, ..stick_info() })));
    assert!(!screen(&model).contains("途中で中断しています"));
}

#[test]
fn the_results_of_an_earlier_pc_are_shown_again() {
    let mut model = opened_after(Language::Ja, HERE);
    press(&mut model, Key::Char('l'));
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::PastDetail);
    let picture = screen(&model);
    for words in ["PC-2019-0418", "要対応", "Z2", "再利用・返却できます", "Z3", "庁舎から持ち出せません"]
    {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    press(&mut model, Key::Esc);
    assert_eq!((model.screen(), model.cursor), (Screen::Past, 2));
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), Screen::Sticks);
}

#[test]
fn the_code_of_a_fault_stays_on_the_screen_of_the_sticks_until_its_recording_is_on_one() {
    let code = "エラー番号 M-17AB";
    let mut model = booted(Language::Ja);
    send(&mut model, Msg::Restarted { code: "M-17AB".into() });
    press(&mut model, Key::Enter);
    press(&mut model, Key::Down);
    assert!(screen(&model).contains(code), "{}", screen(&model));
    press(&mut model, Key::Up);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [crate::Effect::OpenStick(_)]));
    send(&mut model, Msg::StickOpened(Ok(stick_info())));
    assert!(screen(&model).contains(code), "{}", screen(&model));
    send(&mut model, Msg::FaultKept);
    assert!(!screen(&model).contains(code), "{}", screen(&model));
}

#[test]
fn a_pc_whose_work_was_cut_off_has_the_cursor_on_its_class_and_a_person_still_chooses() {
    let at_class = |mut model: Model, number: &str| {
        press(&mut model, Key::Enter);
        assert_eq!(model.screen(), Screen::People);
        fill_people(&mut model, Language::Ja);
        if !number.is_empty() {
            *model.people.field(crate::people::PeopleFocus::Asset) = crate::field::Field::of(number);
            model.go(Screen::People);
            model.class_cursor = None;
            press(&mut model, Key::Enter);
        }
        assert_eq!(model.screen(), Screen::Class);
        model
    };
    // The drive of the session that was cut off is here; its class was (2).
    let model = at_class(opened_after(Language::Ja, HERE), "");
    assert_eq!((model.class_cursor, model.class), (Some(1), None));
    // It is not, and the number is the same; or another.
    let model = at_class(opened_after(Language::Ja, "Z0"), "pc-2019-0420");
    assert_eq!((model.class_cursor, model.class), (Some(1), None));
    for other in ["PC-2019-0419", "PC-2019-0421"] {
        let model = at_class(opened_after(Language::Ja, "Z0"), other);
        assert_eq!((model.class_cursor, model.class), (None, None), "{other}");
    }
}

#[test]
fn an_empty_pc_is_not_told_of_data_and_one_whose_drive_was_left_alone_is() {
    let mut sessions = vec![
        session("PC-1", PastEnd::Closed, Vec::new()),
        session("PC-2", PastEnd::Closed, Vec::new()),
        session("PC-3", PastEnd::Closed, vec![past_drive("Z1", Some(Outcome::Done))]),
    ];
    sessions.iter_mut().skip(1).for_each(|past| past.untouched = 1);
    let signs: Vec<PastSign> = sessions.iter().map(PastSession::sign).collect();
    assert_eq!(signs, [PastSign::Empty, PastSign::Nothing, PastSign::Attention]);
    let mut model = booted(Language::Ja);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(StickInfo { past: sessions, ..stick_info() })));
    press(&mut model, Key::Char('l'));
    press(&mut model, Key::Enter);
    let picture = screen(&model);
    assert!(
        picture.contains("ドライブがありませんでした") && !picture.contains("データは残って"),
        "{picture}"
    );
    press(&mut model, Key::Esc);
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains("見えなかったドライブが1台分あります"), "{}", screen(&model));
}
