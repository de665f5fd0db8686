//! Work by a job list: a minute in which any key stops it, and nothing begins in which anybody has a say.

use super::fixtures::*;
use super::screens::snap;
use crate::unattended::{SECONDS, Unattended};
use crate::{
    ClockAnswer, Effect, JobNews, JobOffer, JobRefusal, Journal, Key, Language, Model, Msg, Purpose,
    ScanState, Screen, VoucherCheck, update,
};
use model::{DriveNo, Eligibility, Ineligible, InformationClass, Method};
use policy::{SessionPlan, WhyLeft};

/// What a list says of the PC of the other tests: its disk and its NVMe drive.
pub(super) fn offer() -> JobOffer {
    JobOffer {
        operator: "山田 太郎".into(),
        witness: Some("鈴木 花子".into()),
        approver: None,
        asset_number: "PC-2019-0421".into(),
        section: Some("市民課".into()),
        place: None,
        class: InformationClass::Three,
        purpose: Purpose::Erase,
        drives: vec![DriveNo(1), DriveNo(2)],
        left: vec![(DriveNo(3), WhyLeft::NotListed)],
        missing: vec![("ST500LM021-1KJ152".into(), "W622ABCD".into())],
    }
}

/// On the screen of a prepared stick with a job list, after its passphrase.
fn unsealed(language: Language) -> Model {
    let mut model = at_passphrase(language, VoucherCheck::Checked);
    send(&mut model, Msg::Jobs(JobNews::Awaited));
    type_text(&mut model, "correct horse");
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Unsealed(Ok(())));
    model
}

pub(super) fn counting(language: Language) -> Model {
    let mut model = unsealed(language);
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
    model
}

fn ticks(model: &mut Model, count: u16) -> Vec<Effect> {
    (0..count).flat_map(|_| update(model, Msg::Tick)).collect()
}

/// The program's first entries are saved, and it was told to begin.
fn asked(language: Language) -> (Model, SessionPlan) {
    let mut model = counting(language);
    assert!(matches!(ticks(&mut model, SECONDS).as_slice(), [Effect::BeginSession(_)]));
    send(&mut model, Msg::Journal(Journal::Saved));
    match ticks(&mut model, 1).as_slice() {
        [Effect::Ordered { plan }] => (model, plan.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_minute_passes_on_the_screen_then_it_goes_the_way_of_any_plan() {
    let mut model = counting(Language::Ja);
    assert_eq!(model.screen(), Screen::Unattended);
    assert!(screen(&model).contains("あと 60 秒で"), "{}", screen(&model));
    assert_eq!(ticks(&mut model, SECONDS - 1), []);
    assert!(screen(&model).contains("あと 1 秒で"), "{}", screen(&model));
    let begun = ticks(&mut model, 1);
    let [Effect::BeginSession(answers)] = begun.as_slice() else { panic!("{begun:?}") };
    assert_eq!((answers.operator.as_str(), answers.asset_number.as_str()), ("山田 太郎", "PC-2019-0421"));
    assert_eq!(answers.witness.as_deref(), Some("鈴木 花子"));
    assert_eq!(
        (answers.class, answers.clock),
        (InformationClass::Three, ClockAnswer::Wrong),
        "nobody confirmed it"
    );
    assert_eq!(answers.declared.section.as_deref(), Some("市民課"));
    assert_eq!(ticks(&mut model, 30), [], "not before it is saved");
    send(&mut model, Msg::Journal(Journal::Saved));
    let ordered = ticks(&mut model, 3);
    let [Effect::Ordered { plan }] = ordered.as_slice() else { panic!("{ordered:?}") };
    let erased: Vec<DriveNo> =
        plan.drives.iter().filter(|line| line.action.erase().is_some()).map(|line| line.drive).collect();
    assert_eq!(erased, [DriveNo(1), DriveNo(2)]);
    assert_eq!(model.screen(), Screen::Unattended);
    send(&mut model, Msg::Jobs(JobNews::Begun));
    assert_eq!((model.screen(), model.running()), (Screen::Progress, vec![DriveNo(1), DriveNo(2)]));
    for no in [1, 2] {
        send(&mut model, Msg::JobFinished(DriveNo(no), done(Method::Clear)));
    }
    assert_eq!(model.screen(), Screen::Results);
    assert_eq!(ticks(&mut model, 600), [], "nothing is switched off by itself");
}

#[test]
fn any_key_stops_it_at_any_second_and_on_a_screen_that_is_too_small() {
    for key in
        [Key::Enter, Key::Esc, Key::Char('x'), Key::Char(' '), Key::F(1), Key::F(9), Key::Up, Key::Delete]
    {
        for seconds in [0, 1, 30, SECONDS - 1, SECONDS, SECONDS + 20] {
            let mut model = counting(Language::Ja);
            ticks(&mut model, seconds);
            assert_eq!(press(&mut model, key), [], "{key:?}");
            assert_eq!(model.screen(), Screen::Sticks, "{key:?} after {seconds}");
            assert!(model.plan().is_none() && model.unattended == Unattended::None);
            assert!(screen(&model).contains("自動実行を止めました。何も消していません。"));
            send(&mut model, Msg::Journal(Journal::Saved));
            assert_eq!(ticks(&mut model, 200), [], "{key:?} after {seconds}");
        }
    }
    let mut model = counting(Language::Ja);
    let _ = update(&mut model, Msg::Resized { width: 79, height: 24 });
    assert_eq!(press(&mut model, Key::Char('x')), []);
    assert_eq!(model.unattended, Unattended::None);
    let mut model = counting(Language::Ja);
    send(&mut model, Msg::PowerButton);
    assert_eq!((model.screen(), model.plan()), (Screen::Sticks, None), "its button is a key, too");
}

#[test]
fn seconds_that_nobody_can_see_are_none() {
    let mut model = counting(Language::Ja);
    ticks(&mut model, SECONDS - 1);
    let _ = update(&mut model, Msg::Resized { width: 79, height: 24 });
    assert_eq!(ticks(&mut model, 300), []);
    let _ = update(&mut model, Msg::Resized { width: 80, height: 24 });
    assert!(screen(&model).contains("あと 60 秒で"), "from the beginning");
    ticks(&mut model, SECONDS - 1);
    send(&mut model, Msg::Scan(ScanState::Settling));
    assert_eq!(ticks(&mut model, 300), [], "while drives are looked for");
}

#[test]
fn what_was_entered_before_stands_there_again_after_a_stop() {
    let mut before = unsealed(Language::Ja);
    before.drives.selected.remove(&DriveNo(1));
    let mut model = before.clone();
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(JobOffer { purpose: Purpose::Handover, ..offer() }))));
    press(&mut model, Key::Enter);
    assert_eq!((&model.people, model.class, model.purpose), (&before.people, before.class, before.purpose));
    assert_eq!(model.drives, before.drives);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::People);
}

#[test]
fn a_drive_or_the_stick_that_changes_meanwhile_stops_it() {
    for seconds in [0, 30, SECONDS] {
        let changes: [Msg; 4] = [
            Msg::Drives(drives_and(late_drive())),
            Msg::Drives(drives().into_iter().skip(1).collect()),
            Msg::Drives(drives_with_a_held_disk()),
            Msg::OnBattery(true),
        ];
        for change in changes {
            let mut model = counting(Language::Ja);
            ticks(&mut model, seconds);
            send(&mut model, change.clone());
            assert_eq!(model.screen(), Screen::Sticks, "{change:?}");
            send(&mut model, Msg::Journal(Journal::Saved));
            assert_eq!(ticks(&mut model, 200), [], "{change:?}");
        }
    }
    let mut model = counting(Language::Ja);
    send(&mut model, Msg::Sticks(Vec::new()));
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::Sticks, vec![]));
    let mut model = counting(Language::Ja);
    send(&mut model, Msg::SeatTaken);
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::Taken, vec![]));
    assert!(model.plan().is_none());
}

#[test]
fn the_program_has_the_last_word() {
    let (mut model, _) = asked(Language::Ja);
    send(&mut model, Msg::Jobs(JobNews::Refused(JobRefusal::PcNotListed)));
    assert_eq!((model.screen(), model.plan()), (Screen::Sticks, None));
    assert!(screen(&model).contains("このPCは自動実行の一覧にない"), "{}", screen(&model));
    // Nobody asked: a word of beginning begins nothing.
    let mut model = unsealed(Language::Ja);
    send(&mut model, Msg::Jobs(JobNews::Begun));
    assert_eq!(model.screen(), Screen::Sticks);
}

#[test]
fn whoever_is_at_work_by_hand_is_left_alone() {
    let mut model = unsealed(Language::Ja);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::People, vec![]));
    // Without the passphrase no offer counts, whoever makes it.
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    send(&mut model, Msg::Jobs(JobNews::Awaited));
    press(&mut model, Key::Tab);
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::Sticks, vec![]));
    // Nor where drives out of other PCs are meant.
    let mut model = unsealed(Language::Ja);
    model.drives.from = crate::DrivesFrom::Bench;
    model.labels.vouched.extend(offer().drives);
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::Sticks, vec![]));
    // Nor one that nobody announced.
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    type_text(&mut model, "correct horse");
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Unsealed(Ok(())));
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
    assert_eq!((model.screen(), ticks(&mut model, 200)), (Screen::Sticks, vec![]));
}

#[test]
fn what_asks_for_a_person_gets_the_ordinary_screens_and_one_sentence_why() {
    let says = |model: &Model, words: &str| {
        assert_eq!(model.screen(), Screen::Sticks);
        assert!(model.plan().is_none() && screen(model).contains(words), "{words}\n{}", screen(model));
    };
    let offered = |mut model: Model, offer: JobOffer| {
        send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer))));
        assert_eq!(ticks(&mut model, 200), []);
        model
    };
    let mut battery = unsealed(Language::Ja);
    send(&mut battery, Msg::OnBattery(true));
    says(&offered(battery, offer()), "バッテリーで動いているため");
    // Class (1) knows nothing for the only drive that is listed but 破壊.
    let usb = JobOffer { drives: vec![DriveNo(4)], class: InformationClass::One, ..offer() };
    says(&offered(unsealed(Language::Ja), usb), "消せるドライブがないため");
    // The frozen SSD could be thawed, and somebody would be asked.
    let frozen = JobOffer { drives: vec![DriveNo(3)], class: InformationClass::Two, ..offer() };
    let mut thawing = unsealed(Language::Ja);
    let mut seen = super::obstacles::without_busy();
    seen.iter_mut().for_each(|drive| {
        if drive.eligibility != Eligibility::Eligible {
            drive.eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
        }
    });
    send(&mut thawing, Msg::Drives(seen));
    let all = thawing.present().iter().filter(|d| d.eligibility.is_eligible()).map(|d| d.no).collect();
    says(&offered(thawing, JobOffer { drives: all, ..frozen }), "自動では実行しません");
}

#[test]
fn every_refusal_is_said_in_one_sentence_with_what_to_do() {
    for refusal in refusals() {
        for language in [Language::Ja, Language::En] {
            let mut model = unsealed(language);
            send(&mut model, Msg::Jobs(JobNews::Refused(refusal.clone())));
            assert_eq!(model.screen(), Screen::Sticks);
            let notice = model.notice.clone().unwrap();
            assert!(!notice.what.is_empty() && !notice.todo.is_empty() && !notice.what.contains('{'));
            press(&mut model, Key::Enter);
            assert_eq!(model.screen(), Screen::People, "{refusal:?}");
        }
    }
}

fn refusals() -> Vec<JobRefusal> {
    vec![
        JobRefusal::NoKey,
        JobRefusal::WithoutPassphrase,
        JobRefusal::NotToday("2026-12-11".into()),
        JobRefusal::Document("it was altered\u{1b}".into()),
        JobRefusal::PcUnnamed,
        JobRefusal::PcNotListed,
        JobRefusal::PcContradicts,
        JobRefusal::NoDrive,
        JobRefusal::Changed,
    ]
}

#[test]
fn class_one_waits_for_its_witness_as_by_hand() {
    let mut model = unsealed(Language::Ja);
    let handover = JobOffer {
        class: InformationClass::One,
        purpose: Purpose::Handover,
        drives: vec![DriveNo(1)],
        ..offer()
    };
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(handover))));
    ticks(&mut model, SECONDS);
    send(&mut model, Msg::Journal(Journal::Saved));
    ticks(&mut model, 1);
    send(&mut model, Msg::Jobs(JobNews::Begun));
    send(&mut model, Msg::JobFinished(DriveNo(1), cleared_before_handover()));
    assert!(model.lacks_witness() && model.screen() == Screen::Results);
    assert_eq!(ticks(&mut model, 600), []);
}

#[test]
fn pictures() {
    snap("02x_jobs_awaited", unsealed);
    snap("07a_unattended", counting);
    snap("07b_unattended_saving", |language| {
        let mut model = counting(language);
        ticks(&mut model, SECONDS);
        model
    });
    snap("07c_unattended_handover", |language| {
        let mut model = unsealed(language);
        let handover = JobOffer {
            class: InformationClass::One,
            purpose: Purpose::Handover,
            left: vec![(DriveNo(3), WhyLeft::NotAlone), (DriveNo(4), WhyLeft::BehindUsb)],
            missing: Vec::new(),
            ..offer()
        };
        send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(handover))));
        model
    });
    snap("02y_jobs_stopped", |language| {
        let mut model = counting(language);
        press(&mut model, Key::Esc);
        model
    });
    snap("02z_jobs_not_listed", |language| {
        let mut model = unsealed(language);
        send(&mut model, Msg::Jobs(JobNews::Refused(JobRefusal::PcNotListed)));
        model
    });
}

#[test]
fn where_other_work_was_chosen_on_the_first_screen_no_list_begins() {
    for purpose in [Purpose::ByHand, Purpose::Handover] {
        let mut model = unsealed(Language::Ja);
        model.purpose = purpose;
        send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(offer()))));
        assert_eq!((model.screen(), model.purpose), (Screen::Sticks, purpose));
    }
    let mut model = unsealed(Language::Ja);
    model.purpose = Purpose::Handover;
    send(&mut model, Msg::Jobs(JobNews::Offer(Box::new(JobOffer { purpose: Purpose::Handover, ..offer() }))));
    assert_eq!(model.screen(), Screen::Unattended, "the list wants the same");
}
