//! What the log says of the office's asset list.

use super::Session;
use record::NoticeCode;
use wizard::{AssetCheck, SessionAnswers};

impl Session {
    /// Records, once each, what the office's asset list has against this PC.
    pub(super) fn note_assets(&mut self, answers: &SessionAnswers) {
        self.note_number(&answers.asset_number, &answers.asset_check, &answers.missing_media);
        for label in &answers.labels {
            if let Some(number) = &label.asset_number {
                self.note_number(number, &label.asset_check, &[]);
            }
        }
    }

    fn note_number(&mut self, number: &str, check: &AssetCheck, missing: &[String]) {
        let check = match check {
            AssetCheck::NotChecked | AssetCheck::Listed => None,
            AssetCheck::NotListed { serial_is_of: None } => Some("does not have that number".to_owned()),
            AssetCheck::NotListed { serial_is_of: Some(other) } => {
                Some(format!("does not have that number, but has this PC's serial number under {other}"))
            }
            AssetCheck::OtherPc { listed } => {
                Some(format!("has another PC's serial number for it: {listed}"))
            }
        };
        let missing = missing.iter().map(|serial| format!("has a medium for it that is not here: {serial}"));
        for said in check.into_iter().chain(missing) {
            let said = format!("asset number {number}: the office's list on the stick {said}");
            if self.noted.insert(said.clone()) {
                self.log.notice(NoticeCode::Other, None, &said);
            }
        }
    }
}
