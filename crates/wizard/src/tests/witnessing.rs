//! What a witness is shown: every drive, when, by which command.

use super::fixtures::*;
use crate::{ClockState, End, Journal, Key, Language, Model, Msg};
use model::{Attempt, Bus, DriveNo, FailureReason, Medium, Method, Technique};

/// On to the witness's screen of a PC with a dozen disks.
pub(super) fn many(language: Language) -> Model {
    let mut model = with_people(language);
    let disk =
        |no: u16| drive(no, Bus::Ata, Medium::Hdd, "ST1000DM003", &format!("Z1E{no:04}"), 1_000_204_886_016);
    send(&mut model, Msg::Drives((1..=12).map(disk).collect()));
    for key in [Key::Char('3'), Key::Enter, Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    confirm_plan(&mut model);
    send(&mut model, Msg::Clock { wall: "2026-04-01 12:40".into(), state: ClockState::Plausible });
    for no in model.to_erase() {
        let mut result = done(Method::Clear);
        let command = "random overwrite, ChaCha20, 1 pass".into();
        let technique = Technique::RandomOverwrite;
        result.evidence.attempts.push(Attempt { technique, command, passes: 1, raw_status: Vec::new() });
        send(&mut model, Msg::JobFinished(no, result));
    }
    press(&mut model, Key::Char('w'));
    model
}

#[test]
fn a_witness_sees_when_and_by_which_command_and_gets_to_the_last_drive() {
    let mut model = many(Language::Ja);
    let picture = screen(&model);
    for words in ["日時 2026-04-01 10:15 から 2026-04-01 12:40 まで", "random overwrite, ChaCha20", "Z1E0001"]
    {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    assert!(!picture.contains("Z1E0012"), "{picture}");
    (0..11).for_each(|_| drop(press(&mut model, Key::PageDown)));
    assert!(screen(&model).contains("Z1E0012"), "{}", screen(&model));
    type_text(&mut model, "鈴木花子");
    assert!(screen(&model).contains("Z1E0012"), "typing a name moves nothing");
}

#[test]
fn the_end_is_told_once_every_job_has_ended() {
    let mut model = confirmed(Language::Ja, '3');
    assert_eq!(model.end(), None);
    for no in [1, 2] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
        assert_eq!(model.end(), None);
    }
    send(&mut model, Msg::JobFinished(DriveNo(3), done(Method::Clear)));
    assert_eq!(model.end(), Some(End::Done));
    send(&mut model, Msg::JobFinished(DriveNo(3), failed(FailureReason::Vanished)));
    assert_eq!(model.end(), Some(End::Failed));
    assert_eq!(finished(Language::Ja, '1').end(), Some(End::Attention));
    assert_eq!(with_plan(Language::Ja, '3').end(), None);
}
