//! Controller registers (NVMe over PCIe Transport 1.0, 3.1; NVMe Base 2.0, 3.1.3).

use super::command::Bits;

/// Offsets.
mod at {
    pub(super) const CAP_LOW: u64 = 0x00;
    pub(super) const CAP_HIGH: u64 = 0x04;
    pub(super) const VS: u64 = 0x08;
    pub(super) const INTMS: u64 = 0x0c;
    pub(super) const INTMC: u64 = 0x10;
    pub(super) const CC: u64 = 0x14;
    pub(super) const CSTS: u64 = 0x1c;
    pub(super) const AQA: u64 = 0x24;
    pub(super) const ASQ_LOW: u64 = 0x28;
    pub(super) const ASQ_HIGH: u64 = 0x2c;
    pub(super) const ACQ_LOW: u64 = 0x30;
    pub(super) const ACQ_HIGH: u64 = 0x34;
}

/// Where the doorbells begin.
pub(super) const DOORBELLS: u64 = 0x1000;
/// Entries of an I/O queue at most.
pub(super) const MAX_ENTRIES: u32 = 1024;

/// CAP: entries (MQES, 0's based), contiguous queues required (CQR), time out of 20 s (TO), NVM command set (CSS bit 0),
/// memory pages of 4 KiB to 64 KiB (MPSMIN, MPSMAX).
const CAP: u64 = (MAX_ENTRIES as u64 - 1) | 1 << 16 | 40 << 24 | 1 << 37 | 4 << 52;

/// Controller Configuration.
mod cc {
    use super::Bits;
    pub(super) const ENABLE: Bits = Bits::new(0, 0);
    pub(super) const COMMAND_SET: Bits = Bits::new(6, 4);
    pub(super) const PAGE: Bits = Bits::new(10, 7);
    pub(super) const SHUTDOWN: Bits = Bits::new(15, 14);
}

/// Controller Status: ready, fatal status, shutdown complete.
mod csts {
    pub(super) const READY: u32 = 1;
    pub(super) const FATAL: u32 = 1 << 1;
    pub(super) const SHUT_DOWN: u32 = 0b10 << 2;
}

/// Admin Queue Attributes, both 0's based.
const AQA_COMPLETION: Bits = Bits::new(27, 16);
const AQA_SUBMISSION: Bits = Bits::new(11, 0);

/// What a write brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    /// The controller starts.
    Enabled,
    /// It is reset.
    Disabled,
    /// The host is about to take the power away.
    ShutDown,
}

/// The admin queues, as the registers describe them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AdminQueues {
    pub(super) submission: u64,
    pub(super) submission_entries: u32,
    pub(super) completion: u64,
    pub(super) completion_entries: u32,
}

/// The registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Registers {
    version: u32,
    cc: u32,
    csts: u32,
    aqa: u32,
    asq: u64,
    acq: u64,
    masked: u32,
}

impl Registers {
    /// As after power on.
    pub(super) fn new(version: u32) -> Self {
        Self { version, cc: 0, csts: 0, aqa: 0, asq: 0, acq: 0, masked: 0 }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.csts & (csts::READY | csts::FATAL) == csts::READY
    }

    /// Something from which a reset alone recovers.
    pub(super) fn fail(&mut self) {
        self.csts |= csts::FATAL;
    }

    /// Bytes of a memory page.
    pub(super) fn page(&self) -> u64 {
        4096 << cc::PAGE.of(self.cc)
    }

    pub(super) fn admin_queues(&self) -> AdminQueues {
        AdminQueues {
            submission: self.asq & !0xfff,
            submission_entries: AQA_SUBMISSION.of(self.aqa) + 1,
            completion: self.acq & !0xfff,
            completion_entries: AQA_COMPLETION.of(self.aqa) + 1,
        }
    }

    /// A dword; reserved ones are zeros.
    pub(super) fn read(&self, offset: u64) -> u32 {
        match offset {
            at::CAP_LOW => halves(CAP)[0],
            at::CAP_HIGH => halves(CAP)[1],
            at::VS => self.version,
            at::INTMS | at::INTMC => self.masked,
            at::CC => self.cc,
            at::CSTS => self.csts,
            at::AQA => self.aqa,
            at::ASQ_LOW => halves(self.asq)[0],
            at::ASQ_HIGH => halves(self.asq)[1],
            at::ACQ_LOW => halves(self.acq)[0],
            at::ACQ_HIGH => halves(self.acq)[1],
            _ => 0,
        }
    }

    /// Writes a dword.
    pub(super) fn write(&mut self, offset: u64, value: u32) -> Effect {
        match offset {
            at::INTMS => self.masked |= value,
            at::INTMC => self.masked &= !value,
            at::CC => return self.configure(value),
            at::AQA => self.aqa = value,
            at::ASQ_LOW => self.asq = u64::from(value) | self.asq >> 32 << 32,
            at::ASQ_HIGH => self.asq = self.asq & 0xffff_ffff | u64::from(value) << 32,
            at::ACQ_LOW => self.acq = u64::from(value) | self.acq >> 32 << 32,
            at::ACQ_HIGH => self.acq = self.acq & 0xffff_ffff | u64::from(value) << 32,
            _ => {}
        }
        Effect::None
    }

    fn configure(&mut self, value: u32) -> Effect {
        let before = cc::ENABLE.is_set(self.cc);
        let shutting = !cc::SHUTDOWN.is_set(self.cc) && cc::SHUTDOWN.is_set(value);
        self.cc = value;
        match (before, cc::ENABLE.is_set(value)) {
            (false, true) => self.enable(),
            (true, false) => {
                self.csts = 0;
                Effect::Disabled
            }
            _ if shutting => {
                self.csts |= csts::SHUT_DOWN;
                Effect::ShutDown
            }
            _ => Effect::None,
        }
    }

    fn enable(&mut self) -> Effect {
        // Pages larger than MPSMAX, command sets that there are not, queues at no address.
        let good =
            cc::PAGE.of(self.cc) <= 4 && cc::COMMAND_SET.of(self.cc) == 0 && self.asq != 0 && self.acq != 0;
        if good {
            self.csts = csts::READY;
            Effect::Enabled
        } else {
            self.csts = csts::FATAL;
            Effect::None
        }
    }
}

fn halves(value: u64) -> [u32; 2] {
    [value & 0xffff_ffff, value >> 32].map(|half| u32::try_from(half).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Linux enables it: 64-byte and 16-byte entries, 4 KiB pages.
    const ENABLE: u32 = 0x0046_0001;

    fn ready() -> Registers {
        let mut registers = Registers::new(0x0001_0400);
        registers.write(0x24, 0x001f_001f);
        registers.write(0x28, 0x1000);
        registers.write(0x2c, 1);
        registers.write(0x30, 0x2000);
        assert_eq!(registers.write(0x14, ENABLE), Effect::Enabled);
        registers
    }

    #[test]
    fn capabilities() {
        let registers = Registers::new(0x0002_0000);
        assert_eq!(registers.read(0x00), 0x2801_03ff);
        assert_eq!(registers.read(0x04), 0x0040_0020);
        assert_eq!(registers.read(0x08), 0x0002_0000);
    }

    #[test]
    fn enabled_it_is_ready_and_disabled_it_is_not() {
        let mut registers = ready();
        assert_eq!(registers.read(0x1c), 1);
        let queues = registers.admin_queues();
        assert_eq!((queues.submission, queues.submission_entries), (0x1_0000_1000, 32));
        assert_eq!((queues.completion, registers.page()), (0x2000, 4096));
        assert_eq!(registers.write(0x14, ENABLE & !1), Effect::Disabled);
        assert_eq!(registers.read(0x1c), 0);
    }

    #[test]
    fn a_shutdown_completes() {
        let mut registers = ready();
        assert_eq!(registers.write(0x14, ENABLE | 0x4000), Effect::ShutDown);
        assert_eq!(registers.read(0x1c), 0b1001);
        assert_eq!(registers.write(0x14, ENABLE | 0x4000), Effect::None);
    }

    #[test]
    fn pages_too_large_and_queues_nowhere_are_fatal() {
        let mut registers = Registers::new(0);
        registers.write(0x14, ENABLE);
        assert_eq!(registers.read(0x1c), 0b10);
        let mut registers = ready();
        registers.write(0x14, 0);
        registers.write(0x14, ENABLE | 5 << 7);
        assert!(!registers.is_ready());
    }
}
