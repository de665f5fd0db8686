//! Sanitize operations (NVMe Base 2.0, 5.24 and 8.21).

use super::Status;
use super::command::{Bits, Command};
use super::definition::{Action, Estimates, NoDeallocate, SanitizeDefinition, milliseconds};
use crate::Faults;
use crate::bytes::put_le;
use crate::medium::{Technique, WHOLE};
use crate::work::Work;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Command dword 10 (Figure 303).
mod cdw10 {
    use super::Bits;
    pub(super) const ACTION: Bits = Bits::new(2, 0);
    pub(super) const UNRESTRICTED: Bits = Bits::new(3, 3);
    pub(super) const PASSES: Bits = Bits::new(7, 4);
    pub(super) const INVERT: Bits = Bits::new(8, 8);
    pub(super) const NO_DEALLOCATE: Bits = Bits::new(9, 9);
}

/// Whether a failed operation leaves the drive usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Completion {
    /// Only another sanitize gets it out of the failed state.
    Restricted,
    /// Exit Failure Mode does too.
    Unrestricted,
}

/// What a host asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Exit Failure Mode.
    ExitFailure,
    /// An operation.
    Begin(Request),
}

/// An operation's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) action: Action,
    pub(super) completion: Completion,
    /// 1 to 16.
    pub(super) passes: u8,
    pub(super) invert: bool,
    pub(super) keep_allocated: bool,
    pub(super) pattern: u32,
    /// Dword 10 as it came.
    pub(super) raw: u32,
}

impl Ask {
    /// Decodes a command. Reserved actions are invalid fields.
    pub(super) fn parse(command: &Command) -> Result<Self, Status> {
        let raw = command.dword(10);
        let action = match cdw10::ACTION.of(raw) {
            1 => return Ok(Self::ExitFailure),
            2 => Action::Block,
            3 => Action::Overwrite,
            4 => Action::Crypto,
            _ => return Err(Status::INVALID_FIELD),
        };
        let unrestricted = cdw10::UNRESTRICTED.is_set(raw);
        let passes = match cdw10::PASSES.of(raw) {
            0 => 16,
            passes => u8::try_from(passes).unwrap_or(16),
        };
        Ok(Self::Begin(Request {
            action,
            completion: if unrestricted { Completion::Unrestricted } else { Completion::Restricted },
            passes,
            invert: cdw10::INVERT.is_set(raw),
            keep_allocated: cdw10::NO_DEALLOCATE.is_set(raw),
            pattern: command.dword(11),
            raw,
        }))
    }
}

impl Request {
    /// What happens to each medium.
    pub(super) fn technique(&self) -> Technique {
        match self.action {
            Action::Block => Technique::BlockErase,
            Action::Crypto => Technique::ChangeKey,
            Action::Overwrite => Technique::Overwrite { passes: self.patterns() },
        }
    }

    /// The pattern of each pass. With inversion (OIPBP) every pass is the complement of the one before.
    fn patterns(&self) -> Vec<[u8; 4]> {
        let of = |pass: u8| if self.invert && pass % 2 == 1 { !self.pattern } else { self.pattern };
        (0..self.passes).map(|pass| of(pass).to_le_bytes()).collect()
    }

    /// How long it takes; `None` where the drive cannot.
    pub(super) fn takes(&self, definition: &SanitizeDefinition) -> Option<Duration> {
        let times = if self.action == Action::Overwrite { u32::from(self.passes) } else { 1 };
        definition.takes(self.action).map(|each| milliseconds(each) * times)
    }
}

/// How the last operation ended (SSTAT 2:0 apart from 010b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Last {
    #[default]
    Never,
    Done,
    Failed,
    /// Successfully, and deallocated though the host had asked for the contrary.
    UnexpectedDeallocation,
}

/// An operation under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    pub(super) request: Request,
    /// The drive has disappeared once during it, and does not do so again.
    pub(super) disappeared: bool,
    /// For each namespace.
    pub(super) works: Vec<Work>,
}

impl Run {
    /// The share of [`WHOLE`] that is done.
    pub(super) fn reached(&self) -> u32 {
        self.works.iter().map(Work::reached).min().unwrap_or(WHOLE)
    }
}

/// Whether the drive lets other commands in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Phase {
    #[default]
    Idle,
    Running(Run),
    /// After a failure, until what [`Completion`] asks for.
    Failed(Completion),
}

/// Everything about sanitizing that outlives a power cycle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sanitize {
    pub(super) last: Last,
    /// Overwrite passes that the last operation completed.
    pub(super) passes: u8,
    /// SCDW10: dword 10 of the command that began the last operation.
    pub(super) dword10: u32,
    /// Whether user data was written since the last success, or ever.
    pub(super) written: bool,
    pub(super) phase: Phase,
}

/// Bytes of the log page.
pub(super) const LOG_SIZE: usize = 512;
/// SSTAT 010b.
const IN_PROGRESS: u16 = 2;
/// SSTAT bit 8: Global Data Erased.
const GLOBAL_DATA_ERASED: u16 = 1 << 8;
/// SPROG where nothing is under way.
const NO_PROGRESS: u16 = 0xffff;
/// An estimate that is none.
const NO_ESTIMATE: u32 = u32::MAX;
/// Passes of the overwrite that the estimate is for.
const ESTIMATED_PASSES: u64 = 16;

impl Sanitize {
    /// The Sanitize Status log page (Figure 220).
    pub(super) fn log(&self, definition: &SanitizeDefinition, faults: &Faults) -> Vec<u8> {
        let mut log = vec![0; LOG_SIZE];
        put_le(&mut log, 0, 2, self.progress(faults).into());
        put_le(&mut log, 2, 2, self.status().into());
        put_le(&mut log, 4, 4, self.dword10.into());
        let overwrite = definition.takes(Action::Overwrite).map(|each| each * ESTIMATED_PASSES);
        let times = [overwrite, definition.takes(Action::Block), definition.takes(Action::Crypto)];
        for (at, time) in (8..).step_by(4).zip(times) {
            put_le(&mut log, at, 4, estimate(time, definition.estimates).into());
            // The three estimates with No-Deallocate follow the three without.
            put_le(&mut log, at + 12, 4, estimate(time, definition.estimates).into());
        }
        log
    }

    fn progress(&self, faults: &Faults) -> u16 {
        match &self.phase {
            Phase::Running(run) => run.works.first().map_or(NO_PROGRESS, |work| work.stated(faults)),
            Phase::Idle | Phase::Failed(_) => NO_PROGRESS,
        }
    }

    fn status(&self) -> u16 {
        let (state, passes) = match &self.phase {
            Phase::Running(run) => (IN_PROGRESS, passes_done(run)),
            Phase::Idle | Phase::Failed(_) => (self.last.number(), self.passes),
        };
        let erased = if self.written { 0 } else { GLOBAL_DATA_ERASED };
        state | u16::from(passes) << 3 | erased
    }
}

impl Last {
    /// SSTAT 2:0.
    const fn number(self) -> u16 {
        match self {
            Self::Never => 0,
            Self::Done => 1,
            Self::Failed => 3,
            Self::UnexpectedDeallocation => 4,
        }
    }
}

/// Passes that an overwrite has completed; 0 for other operations.
pub(super) fn passes_done(run: &Run) -> u8 {
    if run.request.action != Action::Overwrite {
        return 0;
    }
    let done = u64::from(run.reached()) * u64::from(run.request.passes) / u64::from(WHOLE);
    u8::try_from(done).unwrap_or(u8::MAX)
}

fn estimate(milliseconds: Option<u64>, estimates: Estimates) -> u32 {
    match (milliseconds, estimates) {
        (Some(time), Estimates::Stated) => u32::try_from(time.div_ceil(1000)).unwrap_or(NO_ESTIMATE),
        (None, _) | (_, Estimates::NotReported) => NO_ESTIMATE,
    }
}

/// SANICAP (Figure 275, bytes 331:328).
pub(super) fn capabilities(definition: &SanitizeDefinition) -> u32 {
    let bit = |action| u32::from(definition.operations.contains(&action));
    let (crypto, block, overwrite) =
        (bit(Action::Crypto), bit(Action::Block) << 1, bit(Action::Overwrite) << 2);
    let inhibited = u32::from(definition.no_deallocate == NoDeallocate::Inhibited) << 29;
    let any = crypto | block | overwrite;
    // NODMMAS 01b: media is not additionally modified after a sanitize.
    let modifies = if any == 0 { 0 } else { 1 << 30 };
    any | inhibited | modifies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(dword10: u32) -> Result<Ask, Status> {
        Ask::parse(&Command::new(0x84, 0).with(10, dword10).with(11, 0x1122_3344))
    }

    #[test]
    fn zero_passes_are_sixteen() {
        let Ok(Ask::Begin(request)) = parse(0x0003) else { panic!() };
        assert_eq!((request.passes, request.action), (16, Action::Overwrite));
        assert_eq!(request.completion, Completion::Restricted);
        let Ok(Ask::Begin(request)) = parse(0x033b) else { panic!() };
        assert_eq!((request.passes, request.completion), (3, Completion::Unrestricted));
        let (plain, inverse) = ([0x44, 0x33, 0x22, 0x11], [0xbb, 0xcc, 0xdd, 0xee]);
        assert_eq!(request.technique(), Technique::Overwrite { passes: vec![plain, inverse, plain] });
        assert!(request.keep_allocated);
    }

    #[test]
    fn actions_by_number() {
        assert_eq!(parse(1), Ok(Ask::ExitFailure));
        assert!(matches!(parse(2), Ok(Ask::Begin(Request { action: Action::Block, .. }))));
        assert!(matches!(parse(4), Ok(Ask::Begin(Request { action: Action::Crypto, .. }))));
        for reserved in [0, 5, 6, 7] {
            assert_eq!(parse(reserved), Err(Status::INVALID_FIELD), "{reserved}");
        }
    }

    #[test]
    fn a_new_drive_says_never_sanitized_and_all_data_erased() {
        let log = Sanitize::default().log(&SanitizeDefinition::default(), &Faults::default());
        assert_eq!(log[..8], [0xff, 0xff, 0x00, 0x01, 0, 0, 0, 0]);
        // 16 passes of 4 s, 4 s, 1 s, and the same with No-Deallocate.
        assert_eq!(log[8..20], [64, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(log[20..32], log[8..20]);
    }

    #[test]
    fn a_drive_that_cannot_states_no_estimate_and_no_capability() {
        let none = SanitizeDefinition { operations: Vec::new(), ..SanitizeDefinition::default() };
        assert_eq!(capabilities(&none), 0);
        assert_eq!(Sanitize::default().log(&none, &Faults::default())[8..12], [0xff; 4]);
        assert_eq!(capabilities(&SanitizeDefinition::default()), 0x4000_0007);
    }
}
