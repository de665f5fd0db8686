//! One row: a drive, a technique, something that goes wrong, and what comes of it.

use crate::bench::{BYTES_PER_SECOND, Change, What};
use crate::subjects::{self, ERASE_SECONDS, Left, OnBench, Subject};
use lab_drives::medium::Encryption;
use lab_drives::{Clock as _, Fault, Faults, TestClock};
use model::{
    Conditions, Drive, DriveNo, DriveResult, Eligibility, InformationClass, Medium, Method, Technique,
};
use policy::{Action, Choice, Confirmation, Table, TableOrigin, Wishes, plan_with};
use sanitize::{ArmedDrive, Clock, Generator, Intent, IntentGate, Means, NotPermitted};
use std::sync::Arc;
use std::time::Duration;

/// When it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Before the drive is looked at.
    Before,
    /// Half-way through the erase.
    During,
    /// After the erase, before anything is read back.
    After,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    pub(crate) subject: Subject,
    pub(crate) encryption: Encryption,
    pub(crate) technique: Technique,
    pub(crate) what: Option<(What, When)>,
}

/// What massho says.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    /// The drive did not identify itself, or not as one that can be offered.
    NotOffered(String),
    /// The planner does not use the technique on it.
    NotPlanned(String),
    /// It was not the drive that had been confirmed.
    NotArmed(String),
    /// The job ended.
    Ended(Box<DriveResult>),
}

/// What is to be thought of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Success, and true.
    Proven,
    /// No success.
    NotClaimed,
    /// Success; the medium holds what no host can see.
    Undetectable,
    /// Success, and a host could have seen that it is none.
    ClaimsTooMuch,
}

pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) said: Said,
    pub(crate) left: Left,
    pub(crate) judgement: Judgement,
    pub(crate) took: Duration,
}

/// The lab's clock for massho's jobs.
struct LabClock(TestClock);

impl Clock for LabClock {
    fn now(&self) -> Duration {
        lab_drives::Clock::now(&self.0)
    }

    fn sleep(&self, time: Duration) {
        self.0.advance(time);
    }
}

/// A stick on which everything is saved at once.
struct OpenGate;

impl IntentGate for OpenGate {
    fn permit(&self, _: &Intent) -> Result<(), NotPermitted> {
        Ok(())
    }
}

pub(crate) fn run(case: &Case) -> Row {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::default();
    let (faults, changes) = schedule(case);
    let on_bench = subjects::put(case.subject, case.encryption, folder.path(), &faults, changes, &clock);
    let said = carry_out(case, &on_bench, &clock);
    let left = (on_bench.left)();
    let judgement = judge(&said, left);
    Row { case: case.clone(), said, left, judgement, took: clock.now() }
}

fn schedule(case: &Case) -> (Faults, Vec<Change>) {
    let mut faults = Faults::default();
    let (during, after) = times(case);
    let changes = match &case.what {
        None => Vec::new(),
        Some((What::Fault(fault), When::Before)) => {
            faults.set(fault.clone());
            Vec::new()
        }
        Some((what, when)) => {
            let at = match when {
                When::Before => Duration::ZERO,
                When::During => during,
                When::After => after,
            };
            vec![Change { at, what: what.clone() }]
        }
    };
    (faults, changes)
}

/// When the erase is half-way, and when it is over, by the drive's clock. A host's overwrite begins at once and takes as
/// long as its transfers; before a drive's own erase, places all over the medium are read and written.
fn times(case: &Case) -> (Duration, Duration) {
    let pass = Duration::from_secs((1 << 20) / BYTES_PER_SECOND);
    let passes = if case.subject.is_flash() { 2 } else { 1 };
    let half = Duration::from_secs(ERASE_SECONDS / 2);
    match case.technique {
        Technique::RandomOverwrite => (pass / 2, passes * pass),
        _ => (half, 2 * half),
    }
}

fn carry_out(case: &Case, on_bench: &OnBench, clock: &TestClock) -> Said {
    let device = (on_bench.device)();
    let identified = match inventory::identify(device.as_ref(), &on_bench.link, on_bench.removable) {
        Ok(identified) => identified,
        Err(error) => return Said::NotOffered(error.to_string()),
    };
    let no = DriveNo(1);
    let drive = Drive {
        no,
        identity: identified.identity.clone(),
        medium: identified.medium,
        medium_source: identified.source,
        capabilities: identified.capabilities,
        eligibility: Eligibility::Eligible,
        conditions: identified.conditions,
        hidden: identified.hidden,
        position: "sda".into(),
    };
    if drive.conditions.is_busy() {
        return Said::NotOffered(describe(&drive.conditions));
    }
    let (table, class) = (only(case.technique), InformationClass::Three);
    let wishes = Wishes { attested: [no].into(), ..Wishes::default() };
    let choices = [(no, Choice::Erase)].into();
    let plan =
        plan_with(&table, TableOrigin::Builtin, class, std::slice::from_ref(&drive), &choices, &wishes);
    let line = &plan.drives[0];
    if !matches!(line.action, Action::Erase(_)) {
        let why = line.rejected.iter().find(|rejected| rejected.technique == case.technique);
        return Said::NotPlanned(why.map_or("-", |rejected| rejected.why.code()).to_owned());
    }
    let confirmation = Confirmation::new(&plan, &plan.digest().code()).unwrap();
    let armed = match ArmedDrive::arm(&plan, &confirmation, no, device, &drive.identity) {
        Ok(armed) => armed,
        Err(error) => return Said::NotArmed(error.to_string()),
    };
    let means = Means { generator: Generator::AesCtr, clock: Arc::new(LabClock(clock.clone())) };
    let (events, _heard) = crossbeam_channel::unbounded();
    Said::Ended(Box::new(sanitize::start_with(armed, Arc::new(OpenGate), events, means).join()))
}

fn describe(conditions: &Conditions) -> String {
    conditions.0.iter().map(|condition| format!("{condition:?}")).collect::<Vec<_>>().join(" ")
}

/// The built-in table with one technique left in it, wherever it counts.
fn only(technique: Technique) -> Table {
    let mut table = Table::builtin().unwrap();
    table.switches.purge_by_definition = true;
    for cell in &mut table.cells {
        cell.allow.retain(|allowed| allowed.technique == technique);
        assert!(cell.medium != Medium::Optical || cell.allow.is_empty());
    }
    table
}

fn judge(said: &Said, left: Left) -> Judgement {
    let Said::Ended(result) = said else { return Judgement::NotClaimed };
    match result.achieved {
        None => Judgement::NotClaimed,
        Some(_) if left.readable > 0 => Judgement::ClaimsTooMuch,
        // 消去 says nothing about what only a laboratory finds.
        Some(Method::Clear) => Judgement::Proven,
        Some(_) if left.physical > 0 => Judgement::Undetectable,
        Some(_) => Judgement::Proven,
    }
}

impl Said {
    pub(crate) fn short(&self) -> String {
        match self {
            Self::NotOffered(why) => format!("not offered: {why}"),
            Self::NotPlanned(why) => format!("not planned: {why}"),
            Self::NotArmed(why) => format!("not armed: {why}"),
            Self::Ended(result) => match &result.failure {
                Some(reason) => format!("{:?}: {reason:?}", result.outcome),
                None => {
                    format!("{:?}, {:?} {:?}", result.outcome, result.achieved, result.evidence.knowledge())
                }
            },
        }
    }
}

impl Case {
    pub(crate) fn what(&self) -> String {
        match &self.what {
            None => "behaves".to_owned(),
            Some((What::Fault(Fault::RejectedUntilSleep { status }), when)) => {
                format!("RejectedUntilSleep {status:04X}h, {when:?}")
            }
            Some((What::Fault(fault), when)) => format!("{fault:?}, {when:?}"),
            Some((What::Power(power), when)) => format!("Power {power:?}, {when:?}"),
        }
    }
}
