//! The method achieved, computed anew at the office.
//!
//! A log says which method a drive reached, and `record` refuses what its evidence contradicts. The ledger goes back to
//! what the drive itself said: medium, technique, passes, raw status words, read-back, and the rule table of that
//! version. What the appliance concluded is only compared with the result; a disagreement makes the record *contradictory*.

mod words;

pub use words::{End, end};

use model::{DriveResult, InformationClass, Medium, Method, Technique, VerificationKind, reach};
use policy::{Amount, Table};
use record::{Choices, DriveReport, HandReport, PolicyTable, TableOrigin};
use std::sync::OnceLock;

/// The number of these rules. The store judges every log anew when it changes.
pub const RULES: u32 = 4;

/// Why the office does not come to the method that a log claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disagreement {
    /// Nobody chose a class or a rule table.
    NoChoices,
    /// The record cites a rule table that this version does not have.
    UnknownTable,
    /// The record cites a rule table as signed, and no organisation that the ledger knows signed it.
    TableNotSigned,
    /// An organisation signed the rule table that the record cites, and the ledger has not got it.
    TableNotThere,
    /// Nothing was carried out.
    NoAttempt,
    /// The technique counts for nothing, or for less, on that medium.
    OutOfReach,
    /// The rule table does not allow the technique for that class and medium.
    NotAllowed,
    /// Fewer passes than the rule table asks.
    TooFewPasses,
    /// The drive's status words do not say that the command ended well.
    StatusSaysOtherwise,
    /// Canaries were still there, or none had been planted.
    Canaries,
    /// Less was read back than the rule table asks.
    ReadBackTooLittle,
}

impl Disagreement {
    /// Every one, for the store and the catalogues.
    pub const ALL: [Self; 11] = [
        Self::NoChoices,
        Self::UnknownTable,
        Self::TableNotSigned,
        Self::TableNotThere,
        Self::NoAttempt,
        Self::OutOfReach,
        Self::NotAllowed,
        Self::TooFewPasses,
        Self::StatusSaysOtherwise,
        Self::Canaries,
        Self::ReadBackTooLittle,
    ];

    /// Its code in the store.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoChoices => "no-choices",
            Self::UnknownTable => "unknown-table",
            Self::TableNotSigned => "table-not-signed",
            Self::TableNotThere => "table-not-there",
            Self::NoAttempt => "no-attempt",
            Self::OutOfReach => "out-of-reach",
            Self::NotAllowed => "not-allowed",
            Self::TooFewPasses => "too-few-passes",
            Self::StatusSaysOtherwise => "status-says-otherwise",
            Self::Canaries => "canaries",
            Self::ReadBackTooLittle => "read-back-too-little",
        }
    }
}

/// The method that a drive's record proves by the office's own reckoning; `None` where it claims none. `signed` is the
/// rule table that an organisation signed, where the record says that it follows such a one.
///
/// # Errors
/// The first [`Disagreement`] with what the record claims.
pub fn recompute(
    drive: &DriveReport,
    choices: Option<&Choices>,
    signed: Result<&Table, Disagreement>,
) -> Result<Option<Method>, Disagreement> {
    let Some(result) = &drive.result else { return Ok(None) };
    let Some(claimed) = result.achieved else { return Ok(None) };
    let choices = choices.ok_or(Disagreement::NoChoices)?;
    let table = table(&choices.policy, signed)?;
    let reached = Case { drive, result, class: choices.class, table }.reached()?;
    if reached >= claimed { Ok(Some(reached)) } else { Err(Disagreement::OutOfReach) }
}

/// What was done by hand reaches by a person's word, and by no other: 破壊 everywhere, 消磁 on disks.
#[must_use]
pub fn by_hand(hand: &HandReport) -> Option<Method> {
    hand.entry.handling.reach(hand.kind)
}

/// The rule table that a record cites. An organisation's own table is never looser than the built-in one, or the
/// appliance refuses it: what the built-in one does not allow, no other does.
fn table<'a>(
    cited: &PolicyTable,
    signed: Result<&'a Table, Disagreement>,
) -> Result<&'a Table, Disagreement> {
    static BUILTIN: OnceLock<Option<Table>> = OnceLock::new();
    let builtin = BUILTIN.get_or_init(|| Table::builtin().ok()).as_ref().ok_or(Disagreement::UnknownTable)?;
    match cited.origin {
        TableOrigin::Builtin if cited.version != builtin.version => Err(Disagreement::UnknownTable),
        TableOrigin::Builtin | TableOrigin::Custom => Ok(builtin),
        TableOrigin::Signed => signed.and_then(|own| {
            if own.version == cited.version { Ok(own) } else { Err(Disagreement::UnknownTable) }
        }),
    }
}

struct Case<'a> {
    drive: &'a DriveReport,
    result: &'a DriveResult,
    class: InformationClass,
    table: &'a Table,
}

impl Case<'_> {
    fn reached(&self) -> Result<Method, Disagreement> {
        let attempt = self.result.evidence.attempts.last().ok_or(Disagreement::NoAttempt)?;
        let (technique, medium) = (attempt.technique, self.drive.drive.medium);
        let most = reach(technique, medium, self.drive.drive.identity.bus).ok_or(Disagreement::OutOfReach)?;
        if technique == Technique::RandomOverwrite {
            if attempt.passes < self.passes_needed(medium) {
                return Err(Disagreement::TooFewPasses);
            }
        } else {
            if end(technique, &attempt.raw_status) != End::Well {
                return Err(Disagreement::StatusSaysOtherwise);
            }
            self.canaries_gone()?;
        }
        self.read_back(technique, medium)?;
        Ok(most.min(self.allowed(technique, medium)?))
    }

    /// What the table lets the technique count as. Before destruction (引渡前の消去) the class asks for 破壊 anyway, so
    /// what is done before counts as what it reaches. Under an exception (7.4) what class (3) allows counts as what it
    /// is: never as what the class asks, and not without the office's countersignature.
    fn allowed(&self, technique: Technique, medium: Medium) -> Result<Method, Disagreement> {
        if self.result.asked == Some(Method::Destruct) {
            return Ok(Method::Purge);
        }
        let mut allowed = self.table.allowed(self.class, medium);
        let own = allowed.find(|line| line.technique == technique);
        let excepted = self.drive.exception.is_some();
        let lesser = self.table.allowed(InformationClass::Three, medium).filter(|_| excepted);
        let line = own.or_else(|| lesser.into_iter().find(|line| line.technique == technique));
        Ok(line.ok_or(Disagreement::NotAllowed)?.method)
    }

    /// Passes by which an overwrite counts as 消去: the table's for class (3), which is the only one that allows it.
    fn passes_needed(&self, medium: Medium) -> u8 {
        let mut lines = self.table.allowed(InformationClass::Three, medium);
        let line = lines.find(|line| line.technique == Technique::RandomOverwrite);
        line.and_then(|line| line.passes).unwrap_or(u8::MAX)
    }

    fn canaries_gone(&self) -> Result<(), Disagreement> {
        let canaries = self.result.evidence.canaries.as_ref().ok_or(Disagreement::Canaries)?;
        if canaries.planted > 0 && canaries.surviving == 0 { Ok(()) } else { Err(Disagreement::Canaries) }
    }

    fn read_back(&self, technique: Technique, medium: Medium) -> Result<(), Disagreement> {
        let amount = match medium {
            Medium::Hdd => self.table.read_back.hdd,
            _ => self.table.read_back.ssd,
        };
        // After these a drive reads as anything, and places are compared with what they held before.
        let anything = technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced;
        let kind = self.result.evidence.verification.as_ref().map(|verification| verification.kind);
        let enough = match kind {
            None => false,
            Some(VerificationKind::FullStream) => technique == Technique::RandomOverwrite,
            Some(VerificationKind::FullConstant) => technique != Technique::RandomOverwrite,
            Some(VerificationKind::Sampled) => {
                technique != Technique::RandomOverwrite && (anything || amount == Amount::Sampled)
            }
        };
        if enough { Ok(()) } else { Err(Disagreement::ReadBackTooLittle) }
    }
}
