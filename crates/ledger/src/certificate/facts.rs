//! What the office knows of a medium beside its log.

use crate::store::{AttachmentKind, Place};
use model::Method;

/// What the office knows beside the log, and before what was declared in it. What neither has is left blank on paper,
/// for the pen.
#[derive(Debug, Clone, Default)]
pub struct OfficeFacts {
    /// 団体, and the section.
    pub organisation: Option<String>,
    /// Where it was done.
    pub place: Option<String>,
    /// Who permitted it (情報セキュリティ管理者).
    pub permission: Option<String>,
    /// 再利用, 返却, 廃棄, 破壊.
    pub destination: Option<String>,
    /// The method that the office computed anew from what the drive itself said; it bears out the log's.
    pub recomputed: Option<Method>,
    /// The asset numbers under which the medium was recorded, where there are several.
    pub assets: Vec<String>,
    /// That the stick was revoked after the office had the log.
    pub revoked_later: Option<RevokedLater>,
    /// The exception by 7.4, where one was asked for.
    pub exception: Option<Exception>,
    /// That it was given to be destroyed.
    pub handover: Option<Handover>,
}

/// A stick that was revoked after the office had the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedLater {
    /// Since when it is revoked.
    pub since: String,
    /// When the log was collected.
    pub collected: String,
}

/// Whether a deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// It has not.
    Ahead,
    /// It has.
    Passed,
}

/// An exception by the guideline's 7.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its number in the ledger.
    pub number: i64,
    /// The section that asked.
    pub section: String,
    /// Who asked, and when.
    pub requested: Signed,
    /// Why.
    pub reason: String,
    /// What is done instead.
    pub measure: String,
    /// Who approved it, and when; `None` while it is 承認待ち.
    pub approved: Option<Signed>,
    /// Until when it holds.
    pub until: String,
    /// Whether it still does.
    pub deadline: Deadline,
}

/// A person's word: a name, as declared, and a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub by: String,
    /// When.
    pub on: String,
}

/// That a medium was given to be destroyed, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Where it is destroyed.
    pub place: Place,
    /// By whom; may be empty in the building.
    pub contractor: String,
    /// When it was given.
    pub date: String,
    /// When the 完了証明書 is due.
    pub due: String,
    /// Whether that day has passed without everything being there.
    pub deadline: Deadline,
    /// The 完了証明書 that name it.
    pub certificates: Vec<KeptFile>,
    /// The photos of it.
    pub photos: Vec<KeptFile>,
    /// What is still to come.
    pub lacks: Vec<AttachmentKind>,
}

/// A file that is kept in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}
