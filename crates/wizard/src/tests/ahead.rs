//! Drives that are not ready: what is offered, when, and what never.

use super::fixtures::*;
use super::obstacles::*;
use crate::{
    Attestation, Effect, FollowEnd, Journal, Key, Language, Msg, Phase, ProbeProblem, ScanState, Screen,
    SleepOutcome, Stall, StickProblem, Thaw, UnlockProblem,
};
use model::{Condition, DriveNo, Eligibility, Lift, Technique};
use policy::Action;

fn technique(model: &crate::Model, no: DriveNo) -> Option<Technique> {
    model.plan()?.drive(no)?.action.erase().map(|erase| erase.technique)
}

#[test]
fn a_frozen_drive_is_thawed_before_the_plan_is_shown() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    assert_eq!(model.screen(), Screen::Sleep);
    press(&mut model, Key::Char('1'));
    assert_eq!(press(&mut model, Key::Enter), [Effect::Sleep]);
    for key in [Key::Enter, Key::Esc, Key::Char('1'), Key::Char('2'), Key::Char('q')] {
        assert_eq!(press(&mut model, key), [], "nothing else while it goes to sleep");
    }
    assert_eq!(model.screen(), Screen::Sleep);
    send(&mut model, Msg::Awake);
    let picture = screen(&model);
    assert!(picture.contains("もうスリープしません") && !picture.contains("真っ暗"), "{picture}");
    for key in [Key::Enter, Key::Esc, Key::Char('1'), Key::Char('2'), Key::Char('q')] {
        assert_eq!(press(&mut model, key), [], "nothing else before the stick is back");
    }
    send(&mut model, Msg::Slept(SleepOutcome::Woke(Thaw { thawed: vec![FROZEN], frozen: vec![] })));
    let thawed = thawed_drives().into_iter().filter(|drive| drive.no != BUSY).collect();
    send(&mut model, Msg::Drives(thawed));
    assert!(screen(&model).contains("命令を受け付けるようになりました: ドライブ2"), "{}", screen(&model));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(model.screen(), Screen::Plan);
    assert_eq!(technique(&model, FROZEN), Some(Technique::AtaSanitizeBlockErase));
}

#[test]
fn declining_the_sleep_shows_what_is_left_and_offers_it_again_on_the_plan() {
    let mut model = declined(Language::Ja, without_busy());
    assert_eq!(model.screen(), Screen::Plan);
    assert!(matches!(model.plan().unwrap().drive(FROZEN).unwrap().action, Action::Destruct { .. }));
    press(&mut model, Key::Down);
    assert!(screen(&model).contains("凍結を解くと、より確実な方法を使えます"), "{}", screen(&model));
    press(&mut model, Key::Char('z'));
    assert_eq!(model.screen(), Screen::Sleep);
    press(&mut model, Key::Char('1'));
    assert_eq!(press(&mut model, Key::Enter), [Effect::Sleep]);
}

#[test]
fn a_freeze_that_changes_nothing_asks_for_no_sleep() {
    // The fixture's SSD has a frozen command that no class counts for flash.
    assert_eq!(with_plan(Language::Ja, '2').screen(), Screen::Plan);
}

#[test]
fn no_sleep_before_the_record_is_saved_or_while_a_drive_needs_its_power() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    send(&mut model, Msg::Journal(Journal::Saving));
    press(&mut model, Key::Char('1'));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("まだスリープできません"));
    send(&mut model, Msg::Journal(Journal::Saved));
    send(&mut model, Msg::Following(HIDING, own_number(1)));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("今はスリープできません"), "{}", screen(&model));
    send(&mut model, Msg::Followed(HIDING, FollowEnd::Ended));
    assert_eq!(press(&mut model, Key::Enter), [Effect::Sleep]);
}

#[test]
fn a_drive_that_erases_itself_keeps_the_pc_awake() {
    let mut model = asked_first(Language::Ja, troubled_drives(), &[]);
    assert_eq!(model.screen(), Screen::Plan, "the sleep is not proposed");
    assert_eq!(press(&mut model, Key::Char('z')), []);
    assert_eq!(model.screen(), Screen::Plan);
    assert!(screen(&model).contains("今はスリープできません"), "{}", screen(&model));
}

#[test]
fn after_the_confirmation_there_is_no_sleep() {
    let mut model = declined(Language::Ja, without_busy());
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    assert!(matches!(press(&mut model, Key::Enter).as_slice(), [Effect::Confirmed { .. }]));
    assert_eq!(press(&mut model, Key::Char('z')), []);
    assert_eq!(model.screen(), Screen::Progress);
    send(&mut model, Msg::Slept(SleepOutcome::Woke(Thaw::default())));
    assert_eq!(model.screen(), Screen::Progress, "an answer that nobody asked for");
}

#[test]
fn a_stick_that_does_not_come_back_from_the_sleep_is_told_and_stops_the_confirmation() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    let thaw = Thaw { thawed: vec![], frozen: vec![FROZEN] };
    send(&mut model, Msg::Slept(SleepOutcome::StickMissing(thaw)));
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    assert!(screen(&model).contains("結果用USBメモリが見つからないか"), "{}", screen(&model));
    press(&mut model, Key::Char('u'));
    assert_eq!(model.screen(), Screen::Rescue);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Plan);
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    assert_eq!(press(&mut model, Key::Enter), []);
}

#[test]
fn a_pc_without_deep_sleep_is_not_asked_twice() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Slept(SleepOutcome::NotSupported));
    assert!(screen(&model).contains("スリープの機能がありません"), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Plan);
    press(&mut model, Key::Down);
    assert!(!screen(&model).contains("Z キー"), "{}", screen(&model));
}

#[test]
fn a_drive_that_is_not_found_after_the_sleep_is_named() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Slept(SleepOutcome::Woke(Thaw::default())));
    assert!(screen(&model).contains("スリープのあと、見つかりません: ドライブ2"), "{}", screen(&model));
}

#[test]
fn our_own_password_is_offered_for_unlocking_and_the_drive_is_erased_again() {
    let mut model = asked_first(Language::Ja, without_busy(), &[LOCKED]);
    assert_eq!(model.screen(), Screen::Unlock, "before the sleep");
    press(&mut model, Key::Char('1'));
    assert_eq!(press(&mut model, Key::Enter), [Effect::Unlock(LOCKED)]);
    assert_eq!(press(&mut model, Key::Enter), [], "once");
    send(&mut model, Msg::Unlocked(LOCKED, Ok(())));
    let mut opened = without_busy();
    opened[2].eligibility = Eligibility::Eligible;
    opened[2].conditions.0.clear();
    send(&mut model, Msg::Drives(opened));
    assert!(model.selection().contains(&LOCKED));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Sleep, "then the frozen one");
}

#[test]
fn a_password_that_is_not_ours_is_never_tried() {
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    assert_eq!(model.screen(), Screen::Sleep);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    press(&mut model, Key::Char('i'));
    let picture = screen(&model);
    assert!(picture.contains("どれでも外せなければ、庁舎内で破壊"), "{picture}");
    assert_eq!(press(&mut model, Key::Char('l')), []);
    assert_eq!(model.screen(), Screen::DriveDetail);
}

#[test]
fn unlocking_waits_for_the_record_and_for_attempts() {
    let mut model = asked_first(Language::Ja, without_busy(), &[LOCKED]);
    send(&mut model, Msg::Journal(Journal::Saving));
    press(&mut model, Key::Char('1'));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("まだ解除できません"));
    let mut used_up = without_busy();
    used_up[2].conditions.0.insert(Condition::AttemptsUsedUp);
    let model = asked_first(Language::Ja, used_up, &[LOCKED]);
    assert_eq!(model.screen(), Screen::Sleep, "a sleep lets it take passwords again");
    assert_eq!(model.thawable(), [FROZEN, LOCKED]);
}

#[test]
fn a_refused_password_says_what_is_left() {
    let mut model = asked_first(Language::Ja, without_busy(), &[LOCKED]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Unlocked(LOCKED, Err(UnlockProblem::Refused)));
    assert!(screen(&model).contains("庁舎内で破壊します"), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Sleep, "it is not asked again");
}

#[test]
fn a_drive_that_erases_itself_is_said_first_followed_and_offered_when_it_ended() {
    let mut model = booted(Language::Ja);
    model.drives = crate::parts::Drives { scan: ScanState::Done, ..crate::parts::Drives::default() };
    send(&mut model, Msg::Drives(troubled_drives()));
    send(&mut model, Msg::Following(BUSY, own_number(45)));
    let picture = screen(&model);
    assert!(picture.contains("ドライブ4 45%"), "{picture}");
    assert!(picture.contains("電源を切らないでください。"), "{picture}");
    let mut model = on_list(Language::Ja, troubled_drives(), &[]);
    assert!(!model.selection().contains(&BUSY));
    send(&mut model, Msg::Followed(BUSY, FollowEnd::Ended));
    assert!(screen(&model).contains("もう一度抹消して確かめます"), "{}", screen(&model));
    send(&mut model, Msg::Drives(thawed_drives()));
    assert!(model.selection().contains(&BUSY));
}

#[test]
fn a_drive_that_erases_itself_is_waited_for_and_not_said_to_be_destroyed() {
    let mut model = declined(Language::Ja, troubled_drives());
    for _ in 0..3 {
        press(&mut model, Key::Down);
    }
    let picture = screen(&model);
    assert!(picture.contains("終わるまで待つと、ここで抹消できます"), "{picture}");
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Following(BUSY, own_number(45)));
    for _ in 0..4 {
        press(&mut model, Key::Down);
    }
    let picture = screen(&model);
    assert!(picture.contains("前に始まった抹消が続いています") && picture.contains("45%"), "{picture}");
    send(&mut model, Msg::JobFinished(HIDING, done(model::Method::Purge)));
    assert_eq!(model.screen(), Screen::Results);
    for _ in 0..3 {
        press(&mut model, Key::Down);
    }
    let picture = screen(&model);
    assert!(picture.contains("PHNHBUSY") && picture.contains("もう一度起動して"), "{picture}");
    assert!(picture.contains("要対応"), "{picture}");
}

#[test]
fn a_stalled_job_is_told_whatever_progress_says_and_recovers() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::Job(DriveNo(2), job(Phase::DriveErases, 10, crate::Basis::Reported)));
    send(&mut model, Msg::Stalled(DriveNo(2), Stall::Stalled));
    send(&mut model, Msg::Job(DriveNo(2), job(Phase::DriveErases, 10, crate::Basis::Reported)));
    let picture = screen(&model);
    assert!(picture.contains("進みません") && picture.contains("ほかのドライブは続いています"), "{picture}");
    send(&mut model, Msg::Stalled(DriveNo(2), Stall::Recovered));
    assert!(!screen(&model).contains("進みません"));
}

#[test]
fn a_dco_is_restored_only_by_its_own_key() {
    let mut model = on_detail(Language::Ja, HIDING);
    let lift =
        |model: &crate::Model| model.plan().unwrap().drive(HIDING).unwrap().action.erase().unwrap().lift;
    assert_eq!(lift(&model), Lift::MaxAddress);
    press(&mut model, Key::Char('o'));
    assert!(screen(&model).contains("ほかの設定も初期化されます"), "{}", screen(&model));
    press(&mut model, Key::Esc);
    assert_eq!((model.screen(), lift(&model)), (Screen::Plan, Lift::MaxAddressAndDco));
    press(&mut model, Key::Char('i'));
    press(&mut model, Key::Char('o'));
    press(&mut model, Key::Esc);
    assert_eq!(lift(&model), Lift::MaxAddress);
}

#[test]
fn a_crypto_erase_takes_every_statement_the_cipher_and_a_name() {
    let mut model = on_detail(Language::Ja, SEALED);
    assert!(!matches!(model.plan().unwrap().drive(SEALED).unwrap().action, Action::Erase(_)));
    attest(&mut model);
    assert_eq!(model.screen(), Screen::DriveDetail);
    let effects = press(&mut model, Key::Esc);
    let [Effect::BeginSession(answers)] = effects.as_slice() else { panic!("{effects:?}") };
    let by = "佐藤".to_owned();
    assert_eq!(
        answers.attestations,
        [Attestation { drive: SEALED, by, cipher: "BitLocker XTS-AES 256".into() }]
    );
    assert_eq!(technique(&model, SEALED), Some(Technique::AtaSanitizeCryptoScramble));
    assert_eq!(model.journal, Journal::Saving, "recorded before anything is confirmed");
}

#[test]
fn leaning_on_enter_attests_nothing_unlocks_nothing_and_sleeps_not() {
    let mut model = on_detail(Language::Ja, SEALED);
    press(&mut model, Key::Char('e'));
    for _ in 0..50 {
        assert_eq!(press(&mut model, Key::Enter), []);
    }
    assert!(model.ahead.attestations.is_empty());
    for ours in [vec![], vec![LOCKED]] {
        let mut model = asked_first(Language::Ja, without_busy(), &ours);
        for _ in 0..50 {
            assert_eq!(press(&mut model, Key::Enter), []);
        }
    }
}

#[test]
fn an_attestation_can_be_withdrawn_and_ends_with_another_drive_in_its_place() {
    let mut model = on_detail(Language::Ja, SEALED);
    attest(&mut model);
    press(&mut model, Key::Char('e'));
    press(&mut model, Key::Char('x'));
    assert!(model.ahead.attestations.is_empty());
    attest(&mut model);
    press(&mut model, Key::Char('x'));
    let mut other = without_busy();
    other[3].identity.serial = "ANOTHER".into();
    send(&mut model, Msg::Drives(other));
    assert!(model.ahead.attestations.is_empty());
}

#[test]
fn the_answers_of_a_drive_are_saved_once_at_a_time() {
    let mut model = on_detail(Language::Ja, HIDING);
    assert_eq!(press(&mut model, Key::Char('a')), [Effect::Probe(HIDING)]);
    assert_eq!(press(&mut model, Key::Char('a')), []);
    send(&mut model, Msg::Probed(Ok("massho/probe-W760HPA.json".into())));
    assert!(screen(&model).contains("massho/probe-W760HPA.json"));
    assert_eq!(press(&mut model, Key::Char('a')), [Effect::Probe(HIDING)]);
    send(&mut model, Msg::Probed(Err(ProbeProblem::Stick(StickProblem::Full))));
    assert!(screen(&model).contains("空きが足りません"));
}

#[test]
fn many_frozen_drives_with_long_names_still_fit() {
    for language in [Language::Ja, Language::En] {
        let many: Vec<model::Drive> = (1..=12)
            .map(|no| {
                let mut drive = without_busy().remove(1);
                (drive.no, drive.identity.serial) = (DriveNo(no), format!("S{no}").as_str().into());
                drive.identity.model = "W".repeat(40).as_str().into();
                drive
            })
            .collect();
        let mut model = asked_first(language, many.clone(), &[]);
        assert_eq!(crate::view::overflow(&model), None, "{}", screen(&model));
        press(&mut model, Key::Char('1'));
        assert_eq!(press(&mut model, Key::Enter), [Effect::Sleep]);
        let numbers = |from: usize, to: usize| many[from..to].iter().map(|drive| drive.no).collect();
        let thaw = Thaw { thawed: numbers(0, 4), frozen: numbers(4, 8) };
        send(&mut model, Msg::Slept(SleepOutcome::StickMissing(thaw)));
        assert_eq!(crate::view::overflow(&model), None, "{}", screen(&model));
        assert!(screen(&model).contains("+2"), "{}", screen(&model));
    }
}

#[test]
fn a_stick_that_is_pulled_before_the_session_leads_back_from_a_drives_page_too() {
    let mut model = on_list(Language::Ja, without_busy(), &[]);
    press(&mut model, Key::Char('i'));
    assert_eq!(model.screen(), Screen::DriveDetail);
    send(&mut model, Msg::Sticks(Vec::new()));
    assert_eq!(model.screen(), Screen::Sticks);
}

#[test]
fn an_attestation_with_anything_missing_is_none() {
    let fill_in = |ticks: usize, cipher: &str, name: &str| {
        let mut model = on_detail(Language::Ja, SEALED);
        press(&mut model, Key::Char('e'));
        for at in 0..3 {
            if at < ticks {
                press(&mut model, Key::Char(' '));
            }
            press(&mut model, Key::Enter);
        }
        type_text(&mut model, cipher);
        press(&mut model, Key::Enter);
        type_text(&mut model, name);
        press(&mut model, Key::Enter);
        (model.screen(), model.ahead.attestations.len())
    };
    assert_eq!(fill_in(3, "AES", "Sato"), (Screen::DriveDetail, 1));
    for (ticks, cipher, name) in [(2, "AES", "Sato"), (3, "", "Sato"), (3, "AES", ""), (3, " ", " ")] {
        assert_eq!(fill_in(ticks, cipher, name), (Screen::Attest, 0), "{ticks} {cipher:?} {name:?}");
    }
}

#[test]
fn a_declined_unlocking_is_not_asked_again_and_a_sleep_asked_for_has_no_default() {
    let mut model = asked_first(Language::Ja, without_busy(), &[LOCKED]);
    press(&mut model, Key::Char('2'));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!(model.screen(), Screen::Sleep);
    press(&mut model, Key::Char('2'));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Plan);
    press(&mut model, Key::Char('z'));
    for _ in 0..20 {
        assert_eq!(press(&mut model, Key::Enter), []);
    }
    assert_eq!(model.screen(), Screen::Sleep);
}
