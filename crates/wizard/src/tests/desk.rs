//! What a clerk who knows nothing of drives stumbled over once.

use super::fixtures::*;
use super::screens::snap;
use crate::people::{By, PeopleFocus};
use crate::{Basis, ClockAnswer, Destination, JobView, Key, Language, Model, Msg, Phase, Screen};
use model::{Bus, DriveNo, FailureReason, Handling, Medium, MediumKind, Method};

fn at_field(focus: PeopleFocus) -> Model {
    let mut model = with_stick(Language::Ja);
    while model.people.focus != focus {
        press(&mut model, Key::Tab);
    }
    model
}

#[test]
fn left_goes_back_in_a_row_of_answers_and_right_goes_on() {
    use Destination::{Disposal, Return, Reuse};
    let mut model = at_field(PeopleFocus::Destination);
    let (left, right) = (Key::Left, Key::Right);
    let steps = [
        (right, Some(Reuse)),
        (right, Some(Return)),
        (right, Some(Disposal)),
        (left, Some(Return)),
        (left, Some(Reuse)),
        (left, None),
        (left, Some(Disposal)),
        (right, None),
    ];
    for (key, answer) in steps {
        press(&mut model, key);
        assert_eq!(model.people.destination, answer, "{key:?}");
    }
}

#[test]
fn a_row_that_has_to_be_answered_is_never_emptied() {
    let mut model = at_field(PeopleFocus::By);
    for by in [By::Contractor, By::Staff, By::Contractor] {
        press(&mut model, Key::Left);
        assert_eq!(model.people.by, Some(by));
    }
    let mut model = at_field(PeopleFocus::Clock);
    for (key, clock) in [(Key::Right, ClockAnswer::Right), (Key::Left, ClockAnswer::Wrong)] {
        press(&mut model, key);
        assert_eq!(model.people.clock, Some(clock));
    }
}

#[test]
fn left_goes_back_on_the_form_of_what_was_done_by_hand() {
    let mut model = super::hand::on_form(Language::Ja);
    for (key, kind) in [(Key::Right, MediumKind::ALL[0]), (Key::Right, MediumKind::ALL[1])] {
        press(&mut model, key);
        assert_eq!(model.hand.form.kind, Some(kind));
    }
    press(&mut model, Key::Left);
    assert_eq!(model.hand.form.kind, Some(MediumKind::ALL[0]));
    while model.hand.form.focus != crate::hand::HandFocus::Handling {
        press(&mut model, Key::Tab);
    }
    press(&mut model, Key::Left);
    assert_eq!(model.hand.form.handling, Some(Handling::SetAside));
}

#[test]
fn the_cursor_begins_on_what_is_erased_and_not_on_a_stick_that_is_left_alone() {
    let mut model = with_people(Language::Ja);
    let stick = drive(1, Bus::Usb, Medium::UsbStick, "Cruzer Blade", "4C53", 8_004_304_896);
    let disk = drive(2, Bus::Ata, Medium::Hdd, "WDC WD5000", "WX11", 500_107_862_016);
    send(&mut model, Msg::Drives(vec![stick, disk]));
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.drives.cursor), (Screen::Drives, Some(DriveNo(2))));
    press(&mut model, Key::Enter);
    assert_eq!((model.screen(), model.cursor), (Screen::Plan, 1));
    send(&mut model, Msg::Journal(crate::Journal::Saved));
    for key in [Key::Enter, Key::Esc] {
        press(&mut model, key);
    }
    assert_eq!((model.screen(), model.cursor), (Screen::Plan, 1), "back from the confirmation as well");
}

#[test]
fn stopping_is_offered_only_while_something_can_be_stopped() {
    let mut model = confirmed(Language::Ja, '3');
    for no in [2, 3] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    let phase = |model: &mut Model, phase| send(model, Msg::Job(DriveNo(1), job(phase, 10, Basis::Reported)));
    phase(&mut model, Phase::DriveErases);
    assert!(!screen(&model).contains("S 止める"), "{}", screen(&model));
    assert!(screen(&model).contains("F1 ヘルプ"), "whoever waits may read: {}", screen(&model));
    press(&mut model, Key::Char('s'));
    assert_eq!(model.screen(), Screen::Progress);
    phase(&mut model, Phase::ReadingBack);
    assert!(screen(&model).contains("S 止める"), "{}", screen(&model));
    press(&mut model, Key::Char('s'));
    assert_eq!(model.screen(), Screen::Stop);
}

#[test]
fn no_time_is_promised_for_all_while_one_drive_tells_none() {
    let mut model = confirmed(Language::Ja, '3');
    let told = job(Phase::ReadingBack, 45, Basis::Measured);
    for no in [1, 3] {
        send(&mut model, Msg::Job(DriveNo(no), told));
    }
    let silent = JobView { of: 0, done: 0, ..job(Phase::DriveErases, 0, Basis::Estimated) };
    send(&mut model, Msg::Job(DriveNo(2), silent));
    assert!(screen(&model).contains("残り時間は、まだ分かりません"), "{}", screen(&model));
    send(&mut model, Msg::Job(DriveNo(2), told));
    assert!(!screen(&model).contains("残り時間は、まだ分かりません"), "{}", screen(&model));
}

/// The last screen of a PC with a dozen disks.
fn many_at_the_end(language: Language) -> Model {
    let mut model = super::witnessing::many(language);
    press(&mut model, Key::Esc);
    let _ = press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Closed(Ok(close_info())));
    model
}

fn closed(mut model: Model) -> Model {
    let _ = press(&mut model, Key::Char('c'));
    send(&mut model, Msg::Closed(Ok(close_info())));
    model
}

#[test]
fn the_last_screen_says_once_more_what_becomes_of_each_medium() {
    let picture = screen(&closed(super::handover::cleared(Language::Ja)));
    for line in [
        "K7QM 4TX2 P9ZD",
        "ドライブ1  製造番号 WD-WX11A23B4567  装置名 sdb  破壊業者へ引き渡せます",
        "完了証明書をもらって",
        "要対応",
    ] {
        assert!(picture.contains(line), "{line}: {picture}");
    }
    assert!(!picture.contains("E0D55EA5741E1"), "the results stick is nobody's medium:\n{picture}");
}

#[test]
fn a_dozen_media_are_scrolled_on_the_last_screen_and_the_characters_stay() {
    let mut model = many_at_the_end(Language::Ja);
    assert!(screen(&model).contains("↑↓ 表示を送る"), "{}", screen(&model));
    for no in 1..=12 {
        let picture = screen(&model);
        assert!(picture.contains(&format!("Z1E{no:04}")) && picture.contains("K7QM 4TX2 P9ZD"), "{picture}");
        assert!(picture.contains("P キーで電源を切ってください") && crate::view::overflow(&model).is_none());
        press(&mut model, Key::Down);
    }
    send(&mut model, Msg::Resized { width: 80, height: 40 });
    assert!(!screen(&model).contains("↑↓"), "all are in view:\n{}", screen(&model));
}

/// The end of a session in which one drive failed so, and the others are done.
fn ended_with(reason: FailureReason) -> Model {
    let mut model = confirmed(Language::Ja, '3');
    let erasing: Vec<_> =
        model.plan().unwrap().drives.iter().filter(|drive| drive.action.erase().is_some()).cloned().collect();
    for drive in erasing.iter().skip(1) {
        send(&mut model, Msg::JobFinished(drive.drive, done(drive.action.erase().unwrap().method)));
    }
    send(&mut model, Msg::JobFinished(erasing[0].drive, failed(reason)));
    closed(model)
}

#[test]
fn nobody_is_told_at_the_end_to_destroy_what_another_start_may_erase() {
    let again = "まだ庁舎から持ち出せません（もう一度抹消してください）";
    for reason in [FailureReason::Stopped, FailureReason::LeftLocked(String::new())] {
        assert!(screen(&ended_with(reason)).contains(again));
    }
    let picture = screen(&ended_with(FailureReason::DriveFailed(String::new())));
    assert!(
        !picture.contains(again) && picture.contains("庁舎から持ち出せません（庁舎内で破壊）"),
        "{picture}"
    );
}

#[test]
fn what_must_not_leave_stands_first_at_the_end() {
    let picture = screen(&ended_with(FailureReason::Stopped));
    let line = |text: &str| picture.lines().position(|line| line.contains(text)).unwrap();
    assert!(line("まだ庁舎から") < line("再利用・返却できます"), "{picture}");
}

#[test]
fn in_class_one_the_witness_is_called_before_the_work_begins() {
    let call = "立会者を呼び、立会者の目の前で始めてください";
    let confirm = |class| {
        let (mut model, _) = super::handover::with_plan_for(Language::Ja, class);
        press(&mut model, Key::Enter);
        model
    };
    assert!(screen(&confirm('1')).contains(call) && !screen(&confirm('2')).contains(call));
    snap("07w_confirm_class_one", |language| {
        let (mut model, _) = super::handover::with_plan_for(language, '1');
        press(&mut model, Key::Enter);
        model
    });
}

#[test]
fn the_destination_that_was_entered_comes_back_where_a_drive_may_go_there() {
    let mut model = finished(Language::Ja, '3');
    model.people.destination = Some(Destination::Return);
    assert!(screen(&model).contains("再利用・返却できます（行き先: 返却）"), "{}", screen(&model));
    let mut model = super::handover::cleared(Language::Ja);
    model.people.destination = Some(Destination::Disposal);
    assert!(!screen(&model).contains("行き先"), "{}", screen(&model));
}

#[test]
fn an_unmarked_box_does_not_look_marked_and_nobody_is_sent_where_they_are() {
    let mut model = finished(Language::Ja, '1');
    press(&mut model, Key::Char('w'));
    type_text(&mut model, "鈴木花子");
    press(&mut model, Key::Enter);
    let row = |text: &str| text.lines().position(|line| line.contains("指定した方法で実施")).unwrap();
    let at = row(&screen(&model));
    let reversed = |model: &Model| colours(model).lines().nth(at).unwrap().contains('r');
    assert!(screen(&model).contains("> □ 指定した方法で") && !reversed(&model), "{}", colours(&model));
    press(&mut model, Key::Enter);
    assert!(screen(&model).contains("スペースキーで印を付けてから、Enterキー"), "{}", screen(&model));
    press(&mut model, Key::Char(' '));
    assert!(screen(&model).contains("> ■ 指定した方法で") && reversed(&model), "{}", colours(&model));
}

#[test]
fn the_title_names_what_the_session_is_for() {
    let title = |model: &Model| screen(model).lines().next().unwrap().to_owned();
    assert!(title(&with_people(Language::Ja)).contains("massho 記録媒体の抹消   4/10"));
    assert!(title(&super::handover::at_class(Language::Ja)).contains("massho 引渡前の消去   4/10"));
    assert!(title(&super::hand::alone(Language::Ja)).contains("massho 手作業の記録"));
    let mut model = booted(Language::Ja);
    press(&mut model, Key::Char('b'));
    press(&mut model, Key::Char('h'));
    assert!(title(&model).contains("massho 取り外し・引渡前の消去   2/10"), "{}", title(&model));
}

#[test]
fn screens() {
    snap("10g_finish_many", many_at_the_end);
    snap("10h_finish_handover", |language| closed(super::handover::cleared(language)));
    snap("10i_finish_by_hand", |language| closed(super::hand::recorded(language, '2')));
}

#[test]
fn a_stick_that_was_refused_is_not_called_usable_and_the_next_one_is_proposed() {
    use crate::{StickCandidate, StickNo, StickProblem, StickState};
    let stick = |no| StickCandidate { no: StickNo(no), state: StickState::Usable, ..sticks().remove(0) };
    let mut model = booted(Language::Ja);
    send(&mut model, Msg::Sticks(vec![stick(1)]));
    press(&mut model, Key::Enter);
    let _ = press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Err(StickProblem::Full)));
    for _ in 0..2 {
        let picture = screen(&model);
        assert!(
            picture.contains("使えません: 空きが足りません。") && !picture.contains("使えます"),
            "{picture}"
        );
        assert_eq!(press(&mut model, Key::Enter), [], "it is not tried again");
        send(&mut model, Msg::Sticks(vec![stick(1)]));
    }
    send(&mut model, Msg::Sticks(vec![stick(1), stick(2)]));
    assert!(screen(&model).contains("選べるUSBメモリが見つかりました。"), "{}", screen(&model));
    assert_eq!(press(&mut model, Key::Enter), [crate::Effect::OpenStick(StickNo(2))]);
    // Plugged in anew, it may have been emptied.
    send(&mut model, Msg::Sticks(vec![stick(2)]));
    send(&mut model, Msg::Sticks(vec![stick(1), stick(2)]));
    assert!(model.sticks.refused.is_empty() && model.stick(StickNo(1)).unwrap().state.is_usable());
}

#[test]
fn after_a_refusal_no_other_stick_is_taken_without_a_choice() {
    use crate::{StickCandidate, StickNo, StickProblem, StickState};
    let stick = |no| StickCandidate { no: StickNo(no), state: StickState::Usable, ..sticks().remove(0) };
    let mut model = booted(Language::Ja);
    send(&mut model, Msg::Sticks(vec![stick(1), stick(2)]));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Down);
    assert_eq!(press(&mut model, Key::Enter).len(), 1);
    send(&mut model, Msg::StickOpened(Err(StickProblem::Full)));
    assert_eq!(press(&mut model, Key::Enter), [], "an Enter for the one must not open the other");
}

#[test]
fn what_a_reader_types_takes_the_place_of_the_number_that_was_taken_over() {
    let mut model = super::past::opened_after(Language::Ja, super::past::HERE);
    press(&mut model, Key::Enter);
    while model.people.focus != PeopleFocus::Asset {
        press(&mut model, Key::Tab);
    }
    assert_eq!(model.people.asset(), "PC-2019-0420");
    type_text(&mut model, "PC-2019-0420");
    assert_eq!(model.people.asset(), "PC-2019-0420");
    type_text(&mut model, "X");
    assert_eq!(model.people.asset(), "PC-2019-0420X", "what was typed is typed");
}

#[test]
fn a_witness_is_optional_where_the_class_asks_for_none() {
    assert!(screen(&finished(Language::Ja, '2')).contains("W/1 立会者の確認（任意）"));
    assert!(!screen(&finished(Language::Ja, '1')).contains("（任意）"));
}

#[test]
fn a_disc_in_the_drive_is_not_forgotten_on_the_plan_or_at_the_end() {
    let mut model = with_people(Language::Ja);
    let mut discs = drive(9, Bus::Ata, Medium::Optical, "DVD-ROM", "Q0", 0);
    discs.eligibility = model::Eligibility::Ineligible(vec![model::Ineligible::Optical]);
    let disk = drive(1, Bus::Ata, Medium::Hdd, "WDC WD5000", "WX11", 500_107_862_016);
    send(&mut model, Msg::Drives(vec![disk, discs]));
    for key in [Key::Char('3'), Key::Enter, Key::Enter] {
        let _ = press(&mut model, key);
    }
    send(&mut model, Msg::Journal(crate::Journal::Saved));
    let picture = screen(&model);
    assert!(picture.contains("何もしません。中に起動用CD以外があれば破壊してください。"), "{picture}");
    confirm_plan(&mut model);
    send(&mut model, Msg::JobFinished(DriveNo(1), done(Method::Clear)));
    let picture = screen(&closed(model));
    let disc =
        "製造番号 Q0  装置名 sdj\n     起動用CD以外のディスクは、電源を切る前に取り出して破壊してください";
    assert!(picture.contains(disc), "{picture}");
}
