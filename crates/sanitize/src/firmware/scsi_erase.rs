//! SCSI SANITIZE (SBC-4 5.27) and FORMAT UNIT (SBC-4 5.4), both with IMMED, so that the drive can be asked how far it is.

use super::scsi::{GOOD, QUESTION_TIMEOUT, raw, ready, refusal, sighting};
use super::{AskError, Command, Found, attempt, fresh_byte};
use crate::content::Expect;
use crate::context::{Context, Wanted};
use crate::patience::assumed;
use crate::watch::{Begun, Ending, Sight, Watch};
use model::{ByteLen, Evidence, FailureReason, Technique};
use protocol::scsi::sanitize::{Action, OverwriteCount, exit_failure_mode, start};
use protocol::scsi::{
    AfterErase, Asked, BlockCharacteristics, CAPACITY_LEN, Capacity, Command as Cdb, Condition,
    ONE_COMMAND_LEN, OneCommand, Protection, Supported, VpdPage, format_unit, read_capacity_16, report_one,
    vital_product_data,
};
use std::time::Duration;
use transport::{CommandError, Data, ScsiReply};

const SANITIZE: u8 = 0x48;
const FORMAT_UNIT: u8 = 0x04;

/// Bytes asked of a vital product data page.
const VPD_LEN: u8 = 64;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Sanitize(Action),
    Format,
}

/// A sanitize or a format.
pub(super) struct ScsiErase {
    what: What,
    expect: Expect,
    estimate: Duration,
    protection: Protection,
}

impl ScsiErase {
    pub(super) fn new(technique: Technique) -> Result<Self, FailureReason> {
        let (what, expect) = match technique {
            Technique::ScsiSanitizeBlockErase => (What::Sanitize(Action::BlockErase), Expect::Erased),
            Technique::ScsiSanitizeCryptoErase => (What::Sanitize(Action::CryptographicErase), Expect::Noise),
            Technique::ScsiFormatUnit => (What::Format, Expect::Erased),
            _ => {
                let byte = fresh_byte()?;
                let action = Action::Overwrite { count: OverwriteCount::ONE, pattern: [byte; 4] };
                (What::Sanitize(action), Expect::Byte(byte))
            }
        };
        Ok(Self { what, expect, estimate: Duration::ZERO, protection: Protection::None })
    }

    fn command(&self) -> Cdb {
        match self.what {
            What::Sanitize(action) => start(action),
            What::Format => format_unit(self.protection),
        }
    }

    /// What the drive says of the command: whether it has it, and how long it takes.
    fn ask_support(&self, context: &Context<'_>) -> Result<Duration, FailureReason> {
        let asked = match self.what {
            What::Sanitize(action) => Asked::ServiceAction(SANITIZE, action.service_action().into()),
            What::Format => Asked::Opcode(FORMAT_UNIT),
        };
        let data = ask(context, &report_one(asked), usize::from(ONE_COMMAND_LEN))?;
        let told = data.and_then(|data| OneCommand::parse(&data));
        if told.is_some_and(|told| told.supported == Supported::No) {
            return Err(not_sent("the drive does not have it"));
        }
        let len = match self.what {
            What::Sanitize(Action::BlockErase | Action::CryptographicErase) => ByteLen(0),
            What::Sanitize(Action::Overwrite { .. }) | What::Format => context.device().geometry().len,
        };
        // With IMMED the timeouts are those of the answer on some drives: no shorter than what is assumed.
        let time = told.and_then(|told| told.recommended.or(told.nominal));
        Ok(time.unwrap_or_default().max(assumed(len)))
    }

    /// Protection information that the format must keep. A drive that does not know READ CAPACITY (16) has none; one whose
    /// format is corrupt may refuse to tell, and cannot be brought back but by a format without it.
    fn ask_protection(&self, context: &Context<'_>) -> Result<Protection, FailureReason> {
        let mut data = vec![0; CAPACITY_LEN];
        let answer = context.device().scsi(&read_capacity_16(), Data::In(&mut data), QUESTION_TIMEOUT);
        let reply = answer.map_err(AskError::from)?;
        data.truncate(reply.transferred);
        match (refusal(&reply), Capacity::parse(&data)) {
            (None, Ok(capacity)) => Ok(capacity.protection),
            (Some(Condition::UnknownCommand | Condition::InvalidField | Condition::FormatFailed), _) => {
                Ok(Protection::None)
            }
            _ => Err(not_sent("the drive does not say whether it keeps protection information")),
        }
    }

    /// What page B1h says of reads after the erase.
    fn after(&self, context: &Context<'_>) -> AfterErase {
        let page = vital_product_data(VpdPage::BlockDeviceCharacteristics, VPD_LEN);
        let data = ask(context, &page, usize::from(VPD_LEN)).ok().flatten();
        let told = data.and_then(|data| BlockCharacteristics::parse(&data).ok());
        told.map_or(AfterErase::NotSpecified, |told| told.after_block_erase)
    }
}

fn not_sent(why: &str) -> FailureReason {
    FailureReason::CommandRejected(format!("not sent: {why}"))
}

/// The data of a question; `None` where the drive does not answer it.
fn ask(context: &Context<'_>, cdb: &[u8], len: usize) -> Result<Option<Vec<u8>>, FailureReason> {
    let mut data = vec![0; len];
    match context.device().scsi(cdb, Data::In(&mut data), QUESTION_TIMEOUT) {
        Ok(reply) if reply.status == GOOD => {
            data.truncate(reply.transferred);
            Ok(Some(data))
        }
        Ok(_) => Ok(None),
        Err(error) => Err(AskError::from(error).into()),
    }
}

impl Command for ScsiErase {
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason> {
        self.estimate = self.ask_support(context)?;
        // Whatever happened before is told first, so that it is not taken for an answer to the erase.
        ready(context.device()).map_err(AskError::from)?;
        let found = match sighting(context.device()).sight {
            Sight::Ended => Found::Ready,
            Sight::Failed(_) => Found::Broken,
            Sight::Running(_) => return Err(not_sent("a sanitize or a format is under way already")),
            Sight::Gone => return Err(FailureReason::Vanished),
            Sight::Unclear(why) => return Err(not_sent(&format!("the drive is not ready ({why})"))),
        };
        if self.what == What::Format {
            self.protection = self.ask_protection(context)?;
        }
        Ok(found)
    }

    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason> {
        let command = self.command();
        context.permit(Wanted::command(command.describe()))?;
        attempt::begin(context, evidence, command.describe());
        let begun = match send(context, &command) {
            Ok(reply) => begun(context, evidence, &reply)?,
            Err(error) => attempt::unanswered(&error)
                .map_err(|reason| attempt::failed(context, evidence, reason, &[]))?,
        };
        let (clock, len) = (context.clock, context.device().geometry().len);
        let watch = Watch { clock, tell: context, len, estimate: self.estimate };
        let Ending { raw, ended } = watch.to_end(begun, |_| sighting(context.device()));
        if let Err(reason) = ended {
            self.leave_failure_mode(context, evidence, &reason);
            return Err(attempt::failed(context, evidence, reason, &raw));
        }
        attempt::ended(context, evidence, &raw)?;
        self.what_to_expect(context)
    }
}

impl ScsiErase {
    fn what_to_expect(&self, context: &Context<'_>) -> Result<Expect, FailureReason> {
        match self.what {
            What::Format => super::refresh(context).map(|()| self.expect),
            What::Sanitize(Action::BlockErase) if self.after(context) == AfterErase::WriteRequired => {
                Ok(Expect::ErasedOrUnreadable)
            }
            What::Sanitize(_) => Ok(self.expect),
        }
    }

    /// Lets the drive be read and be asked again after a sanitize that failed. Nothing is erased by that, and nothing
    /// hangs on whether it works.
    fn leave_failure_mode(&self, context: &Context<'_>, evidence: &mut Evidence, reason: &FailureReason) {
        if self.what == What::Format || !matches!(reason, FailureReason::DriveFailed(_)) {
            return;
        }
        if let Ok(reply) = send(context, &exit_failure_mode()) {
            attempt::note(evidence, &[raw(&reply)]);
        }
    }
}

fn send(context: &Context<'_>, command: &Cdb) -> Result<ScsiReply, CommandError> {
    let data = match command.parameters() {
        [] => Data::None,
        parameters => Data::Out(parameters),
    };
    context.device().scsi(command.cdb(), data, QUESTION_TIMEOUT)
}

fn begun(context: &Context<'_>, evidence: &mut Evidence, reply: &ScsiReply) -> Result<Begun, FailureReason> {
    let raw = [raw(reply)];
    match refusal(reply) {
        // With IMMED, GOOD means that the operation has begun (SBC-4 5.27.1).
        None => {
            attempt::accepted(context, evidence, &raw)?;
            Ok(Begun::Accepted)
        }
        // Neither accepted nor refused: the drive says what it is doing.
        Some(Condition::SanitizeInProgress(_) | Condition::FormatInProgress(_)) => {
            attempt::note(evidence, &raw);
            Ok(Begun::Unanswered)
        }
        Some(condition) => {
            let command = evidence.attempts.last().map_or("", |attempt| attempt.command.as_str());
            let text = format!("{command}: {}, {condition:?}", raw[0].value);
            Err(attempt::failed(context, evidence, FailureReason::CommandRejected(text), &raw))
        }
    }
}
