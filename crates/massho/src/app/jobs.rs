//! The office's job list: what it says of this PC is told to the screens, and it is asked again before it is obeyed.

use super::App;
use crate::clock;
use crate::office::no_order;
use model::Drive;
use policy::{Confirmation, JobOrder, SessionPlan, WhyLeft};
use record::{Day, JobList, JobPurpose, NoticeCode, ValidJobs};
use wizard::{JobNews, JobOffer, JobRefusal, Msg, Purpose, ScanState};

/// What is known of the job list of the stick in use.
#[derive(Debug, Default)]
pub(super) enum Jobs {
    /// There is none.
    #[default]
    None,
    /// There is one, and the screens wait to hear of it.
    Awaited,
    /// The same, and the operator went on without the stick's passphrase.
    WithoutPassphrase,
    /// It counts, and the screens know what it says of this PC.
    Valid(Box<ValidJobs>),
}

impl App {
    /// A stick was opened: whether it has a list.
    pub(super) fn expect_jobs(&mut self) {
        let has = self.opened.as_ref().is_some_and(|stick| stick.office.jobs.is_some());
        self.jobs_list = if has { Jobs::Awaited } else { Jobs::None };
        if has {
            self.tell(Msg::Jobs(JobNews::Awaited));
        }
    }

    /// The operator has no passphrase: no session is certified, so no list counts.
    pub(super) fn go_without_key(&mut self) {
        if matches!(self.jobs_list, Jobs::Awaited) {
            self.jobs_list = Jobs::WithoutPassphrase;
        }
        self.look_at_jobs();
    }

    /// Tells what the list says, once, as soon as the passphrase was answered and the drives were seen.
    pub(super) fn look_at_jobs(&mut self) {
        let Some(stick) = &self.opened else { return };
        let answered = match self.jobs_list {
            Jobs::Awaited => stick.office.key.is_some(),
            Jobs::WithoutPassphrase => true,
            Jobs::None | Jobs::Valid(_) => return,
        };
        if !answered || self.scan_shown != ScanState::Done {
            return;
        }
        let today = Day::of(&clock::wall());
        let Some(jobs) = stick.office.valid_jobs(&today) else { return };
        self.jobs_list = Jobs::None;
        let news = match jobs.and_then(|jobs| self.order(&jobs).map(|order| (jobs, order))) {
            Ok((jobs, order)) => {
                let offer = self.offer(jobs.list(), &order);
                self.jobs_list = Jobs::Valid(Box::new(jobs));
                JobNews::Offer(Box::new(offer))
            }
            Err(refusal) => {
                tracing::info!(?refusal, "the job list does not count here");
                JobNews::Refused(refusal)
            }
        };
        self.tell(Msg::Jobs(news));
    }

    fn order(&self, jobs: &ValidJobs) -> Result<JobOrder, JobRefusal> {
        JobOrder::find(jobs, &self.pc, &self.sight.drives()).map_err(no_order)
    }

    fn offer(&self, list: &JobList, order: &JobOrder) -> JobOffer {
        let entry = order.entry();
        let missing = order.missing().iter().map(|drive| (drive.model.to_string(), drive.serial.to_string()));
        JobOffer {
            operator: list.operator.clone(),
            witness: list.witness.clone(),
            approver: list.approver.clone(),
            asset_number: entry.asset_number.clone(),
            section: entry.section.clone(),
            place: entry.place.clone(),
            class: entry.class,
            purpose: match entry.purpose {
                JobPurpose::Erase => Purpose::Erase,
                JobPurpose::Handover => Purpose::Handover,
            },
            drives: order.drives().into_iter().collect(),
            left: self.left(order).into_iter().map(|(drive, why)| (drive.no, why)).collect(),
            missing: missing.collect(),
        }
    }

    /// The drives that are not erased and that a person would ask about: the session's own sticks are none.
    fn left(&self, order: &JobOrder) -> Vec<(Drive, WhyLeft)> {
        let why = |drive: &Drive| order.left().get(&drive.no).copied();
        let drives = self.sight.drives().into_iter().filter(Drive::keeps_data);
        drives.filter_map(|drive| why(&drive).map(|why| (drive, why))).collect()
    }

    /// The seconds are over. The list is held against the PC and its drives as they are now; then it is the plan and
    /// its digest as by hand.
    pub(super) fn begin_by_jobs(&mut self, plan: &SessionPlan) {
        let Jobs::Valid(jobs) = &self.jobs_list else {
            return self.tell(Msg::Jobs(JobNews::Refused(JobRefusal::Changed)));
        };
        let (valid, issued) = (jobs.list().valid.clone(), jobs.list().issued.clone());
        let order = match self.order(jobs) {
            Ok(order) => order,
            Err(refusal) => return self.tell(Msg::Jobs(JobNews::Refused(refusal))),
        };
        let confirmation = match Confirmation::ordered(plan, &order) {
            Ok(confirmation) => confirmation,
            Err(error) => {
                tracing::error!(%error, "the plan is not the job list's");
                return self.tell(Msg::Jobs(JobNews::Refused(JobRefusal::Changed)));
            }
        };
        let said = format!(
            "nobody typed the plan's number: the organisation's job list {}, issued {issued}, valid from {} to {}, names this PC and each drive that is erased; for a minute any key would have stopped it",
            order.reference(),
            valid.from,
            valid.until
        );
        self.notice(NoticeCode::Other, None, &said);
        for (drive, why) in self.left(&order) {
            self.notice(NoticeCode::Other, Some(drive.no), why_left(why));
        }
        for drive in order.missing() {
            let said =
                format!("the job list names {} {}, which is not in this PC", drive.model, drive.serial);
            self.notice(NoticeCode::Other, None, &said);
        }
        self.tell(Msg::Jobs(JobNews::Begun));
        self.begin_jobs(plan, &confirmation);
    }
}

fn why_left(why: WhyLeft) -> &'static str {
    match why {
        WhyLeft::NotListed => "left alone: the job list does not name it for this PC",
        WhyLeft::NotEligible => "left alone: the job list names it, and it cannot be erased as it is",
        WhyLeft::BehindUsb => "left alone: the job list names it, and it hangs on USB",
        WhyLeft::NotAlone => "left alone: the job list names it, and another drive has its serial number",
    }
}
