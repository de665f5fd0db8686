//! The drive as whoever drives it sees it.

use super::Status;
use super::command::{Command, Completion, admin, io};
use super::controller::Controller;
use super::features::Features;
use super::format::Answer;
use super::kept::{Presence, Woke};
use super::sanitize::{Last, Phase};
use crate::bytes::low16;
use crate::{Fault, Faults, Power, ScsiCompletion, Turn, VirtualDrive};

/// SAM status CHECK CONDITION, and fixed-format sense ILLEGAL REQUEST, INVALID COMMAND OPERATION CODE (20h).
const CHECK_CONDITION: u8 = 0x02;
const INVALID_OPCODE: [u8; 18] = [0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0];

/// A drive with NVMe commands. One I/O command and one format are under way at most; other admin commands are taken
/// meanwhile, as NVMe has it.
pub trait NvmeDrive: VirtualDrive {
    /// Takes an admin command. An Asynchronous Event Request for which nothing is to be told is [`Turn::Silent`].
    fn admin(&mut self, command: &Command, data_out: &[u8], data_in_len: usize) -> Turn<Completion>;

    /// How the admin command that was [`Turn::Busy`] stands now. Its answer comes once.
    fn poll_admin(&mut self) -> Turn<Completion>;

    /// Takes an I/O command; `metadata_out` is that of a separate buffer.
    fn io(&mut self, command: &Command, data_out: &[u8], metadata_out: &[u8]) -> Turn<Completion>;

    /// How the I/O command that was [`Turn::Busy`] stands now. Its answer comes once.
    fn poll_io(&mut self) -> Turn<Completion>;

    /// Reads 1 to 65536 logical blocks.
    fn read(&mut self, nsid: u32, slba: u64, blocks: u32) -> Turn<Completion> {
        self.io(&transfer(io::READ, nsid, slba, blocks), &[], &[])
    }

    /// Writes `blocks` logical blocks, which `data` is.
    fn write(&mut self, nsid: u32, slba: u64, blocks: u32, data: &[u8]) -> Turn<Completion> {
        self.io(&transfer(io::WRITE, nsid, slba, blocks), data, &[])
    }

    /// Flushes a namespace.
    fn flush(&mut self, nsid: u32) -> Turn<Completion> {
        self.io(&Command::new(io::FLUSH, nsid), &[], &[])
    }
}

/// A read or write as a host sends it.
fn transfer(opcode: u8, nsid: u32, slba: u64, blocks: u32) -> Command {
    let [low, high] = [slba, slba >> 32].map(|half| u32::try_from(half & 0xffff_ffff).unwrap_or_default());
    let count = u32::from(low16(u64::from(blocks.saturating_sub(1))));
    Command::new(opcode, nsid).with(10, low).with(11, high).with(12, count)
}

impl NvmeDrive for Controller {
    fn admin(&mut self, command: &Command, data_out: &[u8], data_in_len: usize) -> Turn<Completion> {
        self.catch_up();
        if self.presence != Presence::There {
            return Turn::Gone;
        }
        let turn = self.dispatch(command, data_out, data_in_len);
        if let Turn::Done(completion) = &turn {
            self.note_error(completion, command);
        }
        turn
    }

    fn poll_admin(&mut self) -> Turn<Completion> {
        self.catch_up();
        if self.presence != Presence::There {
            return Turn::Gone;
        }
        if let Some(completion) = self.formatted.take() {
            self.note_error(&completion, &Command::new(admin::FORMAT, 0));
            return Turn::Done(completion);
        }
        let awaited = self.format.as_ref().is_some_and(|run| run.answer == Answer::Wanted);
        match self.busy_for() {
            Some(time) if awaited => Turn::Busy(time),
            _ => Turn::Silent,
        }
    }

    fn io(&mut self, command: &Command, data_out: &[u8], metadata_out: &[u8]) -> Turn<Completion> {
        self.catch_up();
        if self.presence != Presence::There {
            return Turn::Gone;
        }
        self.io_command(command, data_out, metadata_out)
    }

    fn poll_io(&mut self) -> Turn<Completion> {
        self.catch_up();
        if self.presence != Presence::There {
            return Turn::Gone;
        }
        let now = self.now();
        match self.io.take() {
            Some((at, completion)) if at <= now => Turn::Done(completion),
            Some((at, completion)) => {
                self.io = Some((at, completion));
                Turn::Busy(at - now)
            }
            None => Turn::Silent,
        }
    }
}

impl VirtualDrive for Controller {
    fn power(&mut self, what: Power) {
        self.catch_up();
        self.forget_host();
        if what == Power::Reset {
            return;
        }
        // What a format without power leaves is half of one; the host has to begin anew.
        self.format = None;
        self.presence = Presence::There;
        self.woke = if what == Power::Sleep { Woke::FromSleep } else { Woke::FromOff };
        self.counters.power_cycles += 1;
        let success = matches!(self.sanitize.last, Last::Done | Last::UnexpectedDeallocation);
        if self.faults.has(&Fault::SuccessForgotten) && success && self.sanitize.phase == Phase::Idle {
            self.sanitize.last = Last::Never;
            self.sanitize.dword10 = 0;
        }
        self.resume();
        self.keep();
    }

    fn faults(&mut self) -> &mut Faults {
        &mut self.faults
    }

    fn scsi(&mut self, _cdb: &[u8], _data_out: &[u8], _data_in_len: usize) -> Turn<ScsiCompletion> {
        let sense = INVALID_OPCODE.to_vec();
        Turn::Done(ScsiCompletion { status: CHECK_CONDITION, sense, data: Vec::new() })
    }

    fn poll(&mut self) -> Turn<ScsiCompletion> {
        self.catch_up();
        if self.presence == Presence::There { Turn::Silent } else { Turn::Gone }
    }

    fn settle(&mut self) {
        self.catch_up();
        for namespace in &mut self.namespaces {
            // Nothing is lost but what the host's full disk could not take.
            let _ = namespace.medium.settle();
        }
        self.keep();
    }
}

impl Controller {
    /// Takes its power away until [`VirtualDrive::power`] gives it back: time does not pass for it meanwhile.
    pub fn switch_off(&mut self) {
        self.settle();
        self.counters.unsafe_shutdowns += 1;
        self.presence = Presence::Off;
    }

    /// Whether a host can reach it.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.presence == Presence::There
    }

    /// A reset of the controller: commands, events and features of the host are forgotten, operations go on.
    pub(super) fn forget_host(&mut self) {
        if let Some(run) = &mut self.format {
            run.answer = Answer::Forgotten;
        }
        self.formatted = None;
        self.io = None;
        self.events.clear();
        self.features = Features::new(self.definition.queues);
    }

    /// Why a command that needs data cannot be carried out: more than a drive moves at a time.
    pub(super) fn check_length(length: usize) -> Result<(), Status> {
        if length <= super::function::MAX_TRANSFER { Ok(()) } else { Err(Status::INVALID_FIELD) }
    }
}
