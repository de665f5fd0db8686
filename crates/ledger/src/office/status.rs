//! How a medium stands, and what else there is to say of it.

use super::texts::Words;
use crate::recompute::Disagreement;
use crate::store::{AttachmentKind, Voucher};
use crate::texts::fill;
use lists::Likeness;
use model::Outcome;

/// How a medium or a PC stands. Ordered: the later, the more there is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// 完了
    Done,
    /// 破壊確認済: the certificate that names it is there.
    DestructionConfirmed,
    /// 例外付き完了
    DoneWithException,
    /// 引渡済: the certificate is due.
    HandedOver,
    /// 承認待ち
    AwaitingApproval,
    /// 破壊待ち
    AwaitingDestruction,
    /// 期限超過: of a certificate or an exception.
    Overdue,
    /// 対象外: it was left alone, and is in the PC as it was.
    NotCovered,
    /// 未完了
    Incomplete,
    /// 失敗
    Failed,
    /// 未完結
    Unclosed,
    /// On a stick, and not in the list.
    Unknown,
    /// In the list, and in no session.
    Missing,
    /// Twice in the list, or in two PCs.
    Duplicate,
    /// Nobody vouches for its log whose word counts.
    Doubtful,
    /// Its log does not verify.
    Refused,
    /// 矛盾
    Contradictory,
}

impl Status {
    /// Every one, in the order of the catalogues.
    pub const ALL: [Self; 17] = [
        Self::Done,
        Self::DestructionConfirmed,
        Self::DoneWithException,
        Self::HandedOver,
        Self::AwaitingApproval,
        Self::AwaitingDestruction,
        Self::Overdue,
        Self::NotCovered,
        Self::Incomplete,
        Self::Failed,
        Self::Unclosed,
        Self::Unknown,
        Self::Missing,
        Self::Duplicate,
        Self::Doubtful,
        Self::Refused,
        Self::Contradictory,
    ];

    /// Whether somebody has to look into it: nothing that goes its ordinary way.
    #[must_use]
    pub fn is_problem(self) -> bool {
        self >= Self::Overdue
    }
}

/// What else there is to say of a medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The serial number of the list is not letter by letter the drive's.
    Matched {
        /// How alike.
        likeness: Likeness,
        /// What the list has.
        listed: String,
        /// What the drive reported.
        recorded: String,
    },
    /// Several drives have a serial number of which Excel would make that of the list.
    Ambiguous(Vec<String>),
    /// Nobody entered the characters of the paper record.
    NoWitnessLine,
    /// They are another session's.
    WitnessDiffers(String),
    /// Nobody vouches for the key.
    KeyUnregistered,
    /// Who vouches for it, where there is more to say than that the organisation does.
    Vouched(Voucher),
    /// Who did when the log was collected.
    VouchedBefore(Voucher),
    /// The paper record, or somebody who compared the key, tells what the PC's date left open.
    DateTold,
    /// Nobody confirmed the PC's date.
    ClockNotConfirmed,
    /// Two logs of the session contradict each other.
    Rivals,
    /// The office comes to another method.
    Disagreement(Disagreement),
    /// Its log does not verify.
    Refused,
    /// The session was not closed; what stands there.
    UnclosedWith(Outcome),
    /// It was handed over.
    Handed {
        /// The handover's number.
        number: i64,
        /// To whom.
        contractor: String,
        /// When the certificate is due.
        deadline: String,
    },
    /// What is still to come for it.
    Lacks(AttachmentKind),
    /// An exception holds for it, until a date.
    Exception(i64, String),
    /// It was seen in sessions of these PCs.
    TwoAssets(Vec<String>),
    /// The session of its PC does not have it.
    NotInSession,
    /// It was seen in another PC than the list says.
    InAnotherPc(String),
    /// The PC's serial number is not the list's.
    PcSerialDiffers {
        /// What the list has.
        listed: String,
        /// What the PC reported.
        recorded: String,
    },
    /// The operator entered another asset number than the list has for the PC with that serial number.
    AssetDiffers(String),
    /// The class chosen is less strict than the list's.
    ClassDiffers {
        /// The list's.
        listed: u8,
        /// The one chosen.
        chosen: u8,
    },
    /// The same stands in another line of the list.
    ListedTwice(u64),
    /// Two PCs have the asset number.
    TwoPcs(Vec<String>),
    /// The PC is not in the list, or the list names other media for it.
    NotListed,
}

impl Remark {
    /// In words.
    pub(super) fn text(&self, words: &Words) -> String {
        let of = |text: &str, values: &[(&str, &str)]| fill(text, values);
        match self {
            Self::Matched { likeness: Likeness::Excel, listed, recorded } => {
                of(words.matched_excel, &[("listed", listed), ("recorded", recorded)])
            }
            Self::Matched { listed, recorded, .. } => {
                of(words.matched_loosely, &[("listed", listed), ("recorded", recorded)])
            }
            Self::Ambiguous(serials) => of(words.ambiguous, &[("serials", &serials.join(words.separator))]),
            Self::NoWitnessLine => words.no_witness_line.to_owned(),
            Self::WitnessDiffers(given) => of(words.witness_differs, &[("given", given)]),
            Self::KeyUnregistered => words.key_unregistered.to_owned(),
            Self::Vouched(voucher) => words.voucher(voucher),
            Self::VouchedBefore(before) => of(words.vouched_before, &[("before", &words.voucher(before))]),
            Self::DateTold => words.date_told.to_owned(),
            Self::ClockNotConfirmed => words.clock_not_confirmed.to_owned(),
            Self::Rivals => words.rivals.to_owned(),
            Self::Disagreement(disagreement) => {
                of(words.claims_more, &[("why", words.disagreement(*disagreement))])
            }
            Self::Refused => words.log_refused.to_owned(),
            Self::UnclosedWith(outcome) => {
                of(words.unclosed_with, &[("outcome", crate::print::outcome(*outcome))])
            }
            Self::Handed { number, contractor, deadline } => of(
                words.handed,
                &[("number", &number.to_string()), ("contractor", contractor), ("deadline", deadline)],
            ),
            Self::Lacks(kind) => of(words.lacks, &[("what", words.attachment(*kind))]),
            Self::Exception(id, deadline) => {
                of(words.under_exception, &[("number", &id.to_string()), ("deadline", deadline)])
            }
            Self::TwoAssets(assets) => of(words.two_assets, &[("assets", &assets.join(words.separator))]),
            Self::NotInSession => words.not_in_session.to_owned(),
            Self::InAnotherPc(pc) => of(words.in_another_pc, &[("pc", pc)]),
            Self::PcSerialDiffers { listed, recorded } => {
                of(words.pc_serial_differs, &[("listed", listed), ("recorded", recorded)])
            }
            Self::AssetDiffers(typed) => of(words.asset_differs, &[("typed", typed)]),
            Self::ClassDiffers { listed, chosen } => {
                of(words.class_differs, &[("listed", &listed.to_string()), ("chosen", &chosen.to_string())])
            }
            Self::ListedTwice(line) => of(words.listed_twice, &[("line", &line.to_string())]),
            Self::TwoPcs(serials) => of(words.two_pcs, &[("serials", &serials.join(words.separator))]),
            Self::NotListed => words.not_listed.to_owned(),
        }
    }
}
