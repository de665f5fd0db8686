//! Random keys and events: never a panic, never a destructive effect without the digits.

use super::fixtures::*;
use super::obstacles::*;
use super::rules::{SCREENS, everywhere};
use crate::unattended::SECONDS;
use crate::{
    Basis, Display, Effect, FollowEnd, JobNews, JobOffer, JobRefusal, Journal, Key, Language, Model, Msg,
    Phase, ProbeProblem, ScanState, Screen, SleepOutcome, Stall, StickProblem, StickState, Thaw,
    UnlockProblem, UnsealProblem, VoucherCheck, update,
};
use model::{DriveNo, Eligibility, FailureReason, Ineligible, Method};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

fn any_key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => prop::sample::select(vec![
            Key::Enter, Key::Esc, Key::Up, Key::Down, Key::Left, Key::Right, Key::Tab, Key::BackTab,
            Key::Backspace, Key::Delete, Key::PageUp, Key::PageDown, Key::Home, Key::End, Key::F(1), Key::F(2), Key::F(3),
            Key::F(4),
            Key::Char(' '),
        ]),
        2 => (b'a'..=b'z').prop_map(|letter| Key::Char(char::from(letter))),
        1 => (b'A'..=b'Z').prop_map(|letter| Key::Char(char::from(letter))),
        1 => prop::sample::select("かなーゔアー漢字ｱﾞ　、".chars().map(Key::Char).collect::<Vec<_>>()),
        2 => (b'0'..=b'9').prop_map(|digit| Key::Char(char::from(digit))),
        1 => any::<char>().prop_map(Key::Char),
    ]
}

fn any_event() -> impl Strategy<Value = Msg> {
    let journal = prop::sample::select(vec![
        Journal::Saved,
        Journal::Saving,
        Journal::NotBegun,
        Journal::Unsaved { count: 3, problem: StickProblem::Removed },
        Journal::Unsaved { count: 0, problem: not_verified() },
        Journal::Unsaved { count: 1, problem: StickProblem::NoAnswer },
    ]);
    let result = prop::sample::select(vec![
        done(Method::Clear),
        done(Method::Purge),
        cleared_before_handover(),
        failed(FailureReason::Vanished),
    ]);
    let inventory = (0usize..=6, any::<bool>()).prop_map(|(count, in_use)| {
        let mut drives = drives();
        drives.truncate(count);
        if let (Some(first), true) = (drives.first_mut(), in_use) {
            first.eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
        }
        Msg::Drives(drives)
    });
    let some_sticks = (0usize..=3).prop_map(|count| {
        let mut sticks = sticks();
        sticks.truncate(count);
        if let Some(last) = sticks.last_mut() {
            last.state = StickState::Usable;
        }
        Msg::Sticks(sticks)
    });
    let job = (0u16..8, 0u64..=100).prop_map(|(no, percent)| {
        Msg::Job(DriveNo(no), job(Phase::ReadingBack, percent, crate::Basis::Measured))
    });
    prop_oneof![
        journal.prop_map(Msg::Journal),
        (0u16..8, result).prop_map(|(no, result)| Msg::JobFinished(DriveNo(no), result)),
        inventory,
        some_sticks,
        job,
        (20u16..140, 5u16..50).prop_map(|(width, height)| Msg::Resized { width, height }),
        Just(Msg::Resized { width: 80, height: 24 }),
        prop::sample::select(vec![ScanState::Settling, ScanState::Slow, ScanState::Done]).prop_map(Msg::Scan),
        Just(Msg::StickOpened(Ok(stick_info()))),
        Just(Msg::StickOpened(Ok(prepared(VoucherCheck::Checked)))),
        Just(Msg::Unsealed(Ok(()))),
        Just(Msg::Unsealed(Err(UnsealProblem::WrongPassphrase))),
        Just(Msg::Unsealed(Err(UnsealProblem::Unusable("x\u{1b}".into())))),
        Just(Msg::StickOpened(Err(StickProblem::NotFat))),
        Just(Msg::Closed(Ok(close_info()))),
        Just(Msg::Closed(Err(StickProblem::Io("x\u{1b}".into())))),
        Just(Msg::Closed(Err(not_verified()))),
        Just(Msg::Drives(drives_and(late_drive()))),
        Just(Msg::Drives(wordy_drives())),
        Just(Msg::Drives(drives_with_a_held_disk())),
        any_answer(),
        Just(Msg::Witnessed),
        Just(Msg::Awake),
        Just(Msg::BootStickRead),
        Just(Msg::KeyboardKept),
        Just(Msg::Drives(super::labels::nameless_drives(false))),
        Just(Msg::Drives(super::bench::bench_drives())),
        Just(Msg::Drives(super::labels::nameless_drives(true))),
        Just(Msg::PolicyProblem { message: "bad".into(), line: 2 }),
        Just(Msg::SeatTaken),
        Just(Msg::Tick),
        Just(Msg::LeftAlone),
        Just(Msg::InTheDark),
        prop::sample::select(vec![Display::Driven, Display::Firmware]).prop_map(Msg::Display),
        Just(Msg::PowerButton),
        Just(Msg::Jobs(JobNews::Awaited)),
        Just(Msg::Jobs(JobNews::Begun)),
        Just(Msg::Jobs(JobNews::Refused(JobRefusal::Changed))),
        (prop::collection::vec((0u16..8).prop_map(DriveNo), 0..4), 1u8..=3).prop_map(|(drives, class)| {
            let class = model::InformationClass::try_from(class).unwrap();
            Msg::Jobs(JobNews::Offer(Box::new(JobOffer { drives, class, ..super::unattended::offer() })))
        }),
        Just(Msg::Restarted { code: "M-\u{1b}1".into() }),
    ]
}

/// One thing that happens: a key, an event, or the operator reading the number off the screen.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a handful at a time")]
enum Happening {
    Key(Key),
    Event(Msg),
    /// Types the number that the screen shows, but for this many digits, and Enter.
    ReadNumber(usize),
    /// Nobody does anything for so many seconds.
    Wait(usize),
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => any_key().prop_map(Happening::Key),
        3 => any_event().prop_map(Happening::Event),
        3 => prop::sample::select(vec![0usize, 0, 0, 1, 5]).prop_map(Happening::ReadNumber),
        1 => prop::sample::select(vec![1usize, 59, 61, 70]).prop_map(Happening::Wait),
    ]
}

fn keys_of(model: &Model, happening: &Happening) -> Vec<Msg> {
    match happening {
        Happening::Key(key) => vec![Msg::Key(*key)],
        Happening::Event(msg) => vec![msg.clone()],
        Happening::ReadNumber(short) => {
            let code = model.plan().map_or(String::new(), |plan| plan.digest().code());
            let digits = code.chars().skip(*short).map(|c| Msg::Key(Key::Char(c)));
            digits.chain([Msg::Key(Key::Enter)]).collect()
        }
        Happening::Wait(seconds) => vec![Msg::Tick; *seconds],
    }
}

/// What was typed in a row on a screen that asks for digits, kept apart from the model's own memory.
#[derive(Default)]
struct Typist {
    typed: String,
    /// Seconds since the last key, on the screen where any key stops it.
    seconds: u32,
}

impl Typist {
    fn has_typed(&self, code: &str) -> bool {
        let mut typed = self.typed.chars();
        code.chars().all(|digit| typed.any(|typed| typed == digit))
    }

    fn watch(&mut self, before: &Model, msg: &Msg) {
        if !matches!(before.screen(), Screen::Confirm | Screen::Stop) {
            self.typed.clear();
        }
        if let Msg::Key(Key::Char(c)) = msg {
            self.typed.push(*c);
        }
        match msg {
            Msg::Tick if before.screen() == Screen::Unattended => self.seconds += 1,
            Msg::Key(_) => self.seconds = 0,
            _ if before.screen() != Screen::Unattended => self.seconds = 0,
            _ => {}
        }
    }
}

fn check_effects(effects: &[Effect], typist: &Typist, before: &Model) {
    assert!(effects.len() == 1 || !effects.contains(&Effect::ClaimSeat), "the seat alone");
    let asleep = before.ahead.is_going_to_sleep();
    for effect in effects {
        let begins = matches!(
            effect,
            Effect::Confirmed { .. }
                | Effect::Ordered { .. }
                | Effect::RecordOnly { .. }
                | Effect::Sleep
                | Effect::Unlock(_)
        );
        assert!(!(asleep && begins), "nothing begins while the PC goes to sleep: {effect:?}");
        match effect {
            Effect::Confirmed { plan, confirmation } => {
                assert_eq!(before.screen(), Screen::Confirm);
                assert_eq!(before.journal, Journal::Saved);
                assert!(before.fits(), "on a screen that shows it");
                assert_eq!(Some(plan), before.plan(), "the plan that was on the screen");
                assert!(confirmation.covers(plan));
                assert!(typist.has_typed(&plan.digest().code()));
                let begun = before.begun.as_ref().unwrap();
                assert_eq!(begun.exceptions, before.exceptions(), "as the log says");
                assert_eq!(begun.drives_from, before.drives.from);
                for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
                    assert!(before.selection().contains(&line.drive));
                    if matches!(line.action, policy::Action::EraseUnderException(_)) {
                        assert!(before.ahead.exceptions.contains_key(&line.drive), "on nobody's word");
                    }
                    let inside = before.here(line.drive).is_some_and(model::Drive::is_internal);
                    let vouched = before.labels.vouched.contains(&line.drive);
                    assert!(!inside || vouched || !before.is_bench(), "the workbench's own");
                    let named = before.labels.serials.contains_key(&line.drive);
                    assert!(named || !line.identity.serial.is_empty(), "a drive that nothing names");
                }
            }
            Effect::Ordered { plan } => {
                assert!(typist.seconds > u32::from(SECONDS), "a minute without a key, and what follows it");
                assert_eq!((before.screen(), &before.journal), (Screen::Unattended, &Journal::Saved));
                assert!(before.fits() && !before.on_battery && before.drives.scan == ScanState::Done);
                assert_eq!(Some(plan), before.plan(), "the plan that was on the screen");
                let offer = &before.unattended.count().unwrap().offer;
                assert_eq!(offer.class, plan.class);
                for line in plan.drives.iter().filter(|line| line.action.erase().is_some()) {
                    assert!(offer.drives.contains(&line.drive), "{} is not in the list", line.drive);
                }
            }
            Effect::UseKeyboard(_) => {
                assert!(before.screen() == Screen::Language && before.begun.is_none());
            }
            Effect::Sleep => {
                assert_eq!((before.screen(), before.ahead.pick), (Screen::Sleep, Some(0)));
                assert!(before.may_sleep() && before.journal == Journal::Saved && before.busy().is_empty());
                assert!(before.results.is_empty() && !before.is_fixed());
            }
            Effect::Unlock(no) => {
                assert_eq!((before.screen(), before.ahead.pick), (Screen::Unlock, Some(0)));
                assert!(before.journal == Journal::Saved && !before.is_fixed());
                assert!(before.ahead.ours.contains(no), "with no password but our own");
            }
            Effect::Unseal(passphrase) => {
                assert!(
                    before.screen() == Screen::Passphrase && !passphrase.is_empty() && before.begun.is_none()
                );
            }
            Effect::WithoutKey => assert_eq!(before.screen(), Screen::Passphrase),
            Effect::BeginSession(answers) => {
                let on_bench = answers.drives_from == crate::DrivesFrom::Bench;
                assert_eq!(answers.asset_number.is_empty(), on_bench, "a drive's own PC, or this one");
                for said in &answers.exceptions {
                    let full =
                        [&said.reason, &said.measure, &said.approver].iter().all(|text| !text.is_empty());
                    assert!(full && crate::day::read(&said.deadline).as_ref() == Some(&said.deadline));
                }
                for no in before.selection().iter().filter(|_| on_bench) {
                    let label = answers.labels.iter().find(|label| label.drive == *no);
                    assert!(label.is_some_and(|label| label.asset_number.is_some()), "whose drive it is");
                }
            }
            Effect::Labelled(no) => {
                assert_eq!((before.screen(), before.ahead.shown), (Screen::Label, Some(*no)));
                assert_eq!(before.labels.form.once.value(), before.labels.form.again.value());
            }
            Effect::Probe(no) => assert!(before.here(*no).is_some()),
            Effect::StopJob(_) => assert!(typist.has_typed(&before.plan().unwrap().digest().code())),
            Effect::PowerOff => {
                let lost = matches!(before.journal, Journal::Unsaved { .. }) && !before.journal.is_garbled();
                assert!(!lost || before.begun.is_none());
                let ended = before.screen() == Screen::Finish || before.screen() == Screen::Code;
                assert!((ended && before.may_power_off()) || before.begun.is_none(), "the log first");
                assert!(before.running().is_empty());
            }
            Effect::ByHand(said) => {
                assert_eq!(before.screen(), Screen::HandForm);
                assert!(said.drive.is_some() != said.medium.is_some() && !said.by.is_empty());
                assert_eq!(crate::day::read(&said.on).as_ref(), Some(&said.on));
                let kind = before.hand_kind(said.drive, said.medium.as_ref().map(|medium| medium.kind));
                let degaussed = said.handling == model::Handling::Degaussed;
                assert!(!degaussed || kind == Some(model::MediumKind::Hdd), "disks only");
                assert!(said.drive.is_none_or(|no| before.destructible().contains(&no)));
                assert_eq!(usize::from(said.no.0), before.hand.done.len() + 1);
            }
            Effect::WitnessConfirmed { name, by_hand, .. } => {
                let ours = before.hand.done.iter().filter(|said| by_hand.contains(&said.no));
                assert!(ours.into_iter().all(|said| !crate::field::same_person(&said.by, name)));
                assert!(!crate::field::same_person(name, before.people.operator()));
            }
            _ => {}
        }
    }
}

/// What the program answers about drives that are not ready, asked or not.
fn any_answer() -> impl Strategy<Value = Msg> {
    let no = (0u16..9).prop_map(DriveNo);
    let numbers = || prop::collection::vec((0u16..9).prop_map(DriveNo), 0..3);
    let sleeps = (numbers(), numbers(), 0u8..4).prop_map(|(thawed, frozen, kind)| {
        Msg::Slept(match kind {
            0 => SleepOutcome::Woke(Thaw { thawed, frozen }),
            1 => SleepOutcome::StickMissing(Thaw { thawed, frozen }),
            2 => SleepOutcome::NotSupported,
            _ => SleepOutcome::Failed("EBUSY\u{1b}".into()),
        })
    });
    let unlocks = prop::sample::select(vec![
        Ok(()),
        Err(UnlockProblem::Refused),
        Err(UnlockProblem::AttemptsUsedUp),
        Err(UnlockProblem::Vanished),
        Err(UnlockProblem::Io("x\u{1b}".into())),
    ]);
    let ends = prop::sample::select(vec![
        FollowEnd::Ended,
        FollowEnd::Failed("3".into()),
        FollowEnd::Vanished,
        FollowEnd::Indeterminate("?".into()),
    ]);
    let phases = prop::sample::select(vec![Phase::DriveErases, Phase::Stalled]);
    let probes = prop::sample::select(vec![
        Ok("massho/probe-\u{1b}1.json".to_owned()),
        Err(ProbeProblem::Stick(StickProblem::Full)),
        Err(ProbeProblem::Drive("EIO".into())),
    ]);
    prop_oneof![
        sleeps,
        numbers().prop_map(Msg::PasswordsFound),
        (no.clone(), unlocks).prop_map(|(no, answer)| Msg::Unlocked(no, answer)),
        (no.clone(), phases, 0u64..=100)
            .prop_map(|(no, phase, percent)| Msg::Following(no, job(phase, percent, Basis::Reported))),
        (no.clone(), ends).prop_map(|(no, end)| Msg::Followed(no, end)),
        (no, prop::sample::select(vec![Stall::Stalled, Stall::Recovered]))
            .prop_map(|(no, stall)| Msg::Stalled(no, stall)),
        probes.prop_map(Msg::Probed),
        Just(Msg::Drives(troubled_drives())),
        Just(Msg::Drives(thawed_drives())),
    ]
}

/// The states to start from, by screen, in both languages.
fn starts() -> BTreeMap<Screen, Vec<Model>> {
    let mut starts: BTreeMap<Screen, Vec<Model>> =
        SCREENS.iter().map(|screen| (*screen, Vec::new())).collect();
    for model in [Language::Ja, Language::En].into_iter().flat_map(everywhere) {
        starts.entry(model.screen()).or_default().push(model);
    }
    assert!(starts.values().all(|models| !models.is_empty()), "a screen from which nothing is tried");
    starts
}

/// So many random sequences from each screen.
fn on_every_screen(
    cases: u32,
    longest: usize,
    check: impl Fn(Model, Vec<Happening>) -> Result<(), TestCaseError>,
) {
    for (screen, models) in starts() {
        let config =
            ProptestConfig { cases, max_shrink_iters: 200, ..ProptestConfig::with_source_file(file!()) };
        let sequences = prop::collection::vec(any_happening(), 0..longest);
        let tried = TestRunner::new(config).run(&(0..models.len(), sequences), |(start, happenings)| {
            check(models[start].clone(), happenings)
        });
        assert!(tried.is_ok(), "{screen:?}: {}", tried.unwrap_err());
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as a property is checked")]
fn destroys_nothing_unasked(mut model: Model, happenings: Vec<Happening>) -> Result<(), TestCaseError> {
    let mut typist = Typist::default();
    for happening in happenings {
        for msg in keys_of(&model, &happening) {
            let before = model.clone();
            let effects = update(&mut model, msg.clone());
            typist.watch(&before, &msg);
            check_effects(&effects, &typist, &before);
        }
    }
    Ok(())
}

fn can_be_drawn(mut model: Model, happenings: Vec<Happening>) -> Result<(), TestCaseError> {
    for happening in happenings {
        for msg in keys_of(&model, &happening) {
            let _ = update(&mut model, msg);
        }
        let picture = screen(&model);
        let overflow = crate::view::overflow(&model);
        prop_assert!(overflow.is_none(), "{overflow:?}\n{picture}");
        prop_assert!(!picture.chars().any(|c| c.is_control() && c != '\n'));
    }
    Ok(())
}

#[test]
fn random_keys_never_panic_and_never_destroy_without_the_digits() {
    on_every_screen(300, 24, destroys_nothing_unasked);
}

/// 10,000 sequences on every screen take minutes: `cargo test --release -p wizard -- --ignored ten_thousand`.
#[test]
#[ignore = "takes minutes"]
fn ten_thousand_random_sequences_on_every_screen() {
    on_every_screen(10_000, 24, destroys_nothing_unasked);
}

#[test]
fn whatever_happens_can_be_drawn() {
    on_every_screen(8, 30, can_be_drawn);
}

#[test]
#[ignore = "takes minutes"]
fn whatever_happens_can_be_drawn_a_thousand_times_on_every_screen() {
    on_every_screen(1_000, 30, can_be_drawn);
}

#[test]
fn five_digits_or_a_stale_number_confirm_nothing() {
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Enter);
    let code = model.plan().unwrap().digest().code();
    type_text(&mut model, &code[..5]);
    assert_eq!(press(&mut model, Key::Enter), []);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Esc);
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Confirm);
    type_text(&mut model, &code);
    assert_eq!(press(&mut model, Key::Enter), []);
}
