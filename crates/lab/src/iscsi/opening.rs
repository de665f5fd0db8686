//! The questions that QEMU's own initiator asks before a guest can.
//!
//! It refuses to start over a drive that is not ready: one that was sanitizing or whose format broke off when the power
//! went. A host adapter has no such scruples. So the commands of the opening are answered here, up to the READ CAPACITY
//! that ends it; the drive sees none of them, and no unit attention of its own is spent on them.

use lab_drives::ScsiCompletion;

/// What a connection is told of the drive's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Logical blocks.
    pub(crate) blocks: u64,
    /// Bytes per logical block.
    pub(crate) block: u32,
}

/// SPC-4 and SBC-4 operation codes that occur in it.
const TEST_UNIT_READY: u8 = 0x00;
const INQUIRY: u8 = 0x12;
const MODE_SENSE_6: u8 = 0x1A;
const MODE_SENSE_10: u8 = 0x5A;
const READ_CAPACITY_10: u8 = 0x25;
const SERVICE_ACTION_IN_16: u8 = 0x9E;
/// SAM status.
const CHECK_CONDITION: u8 = 0x02;

/// How far the opening has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// It goes on.
    Asks(Geometry),
    /// It is over: everything is the guest's.
    Over,
}

impl Opening {
    /// The answer to a command of the opening; `None` for what the drive is to answer.
    pub(super) fn answer(&mut self, cdb: [u8; 16]) -> Option<ScsiCompletion> {
        let Self::Asks(geometry) = *self else { return None };
        let [operation, ..] = cdb;
        let good = |data| Some(ScsiCompletion { data, ..ScsiCompletion::default() });
        match operation {
            TEST_UNIT_READY => good(Vec::new()),
            INQUIRY => None,
            MODE_SENSE_6 | MODE_SENSE_10 => Some(refusal()),
            READ_CAPACITY_10 => {
                *self = Self::Over;
                good(geometry.short())
            }
            SERVICE_ACTION_IN_16 => {
                *self = Self::Over;
                good(geometry.long())
            }
            _ => {
                *self = Self::Over;
                None
            }
        }
    }
}

impl Geometry {
    /// The data of READ CAPACITY (10), SBC-4 5.15.2.
    fn short(self) -> Vec<u8> {
        let last = u32::try_from(self.blocks.saturating_sub(1)).unwrap_or(u32::MAX);
        [last.to_be_bytes(), self.block.to_be_bytes()].concat()
    }

    /// The data of READ CAPACITY (16), SBC-4 5.16.2.
    fn long(self) -> Vec<u8> {
        let mut data = self.blocks.saturating_sub(1).to_be_bytes().to_vec();
        data.extend(self.block.to_be_bytes());
        data.resize(32, 0);
        data
    }
}

/// ILLEGAL REQUEST, INVALID COMMAND OPERATION CODE: QEMU then takes the drive for writable.
fn refusal() -> ScsiCompletion {
    let mut sense = vec![0; 18];
    (sense[0], sense[2], sense[7], sense[12]) = (0x70, 0x05, 10, 0x20);
    ScsiCompletion { status: CHECK_CONDITION, sense, data: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cdb(operation: u8) -> [u8; 16] {
        let mut cdb = [0; 16];
        cdb[0] = operation;
        cdb
    }

    #[test]
    fn the_opening_ends_with_the_capacity() {
        let mut opening = Opening::Asks(Geometry { blocks: 0x1_0000_0001, block: 4096 });
        assert_eq!(opening.answer(cdb(0x00)).unwrap().status, 0);
        assert_eq!(opening.answer(cdb(0x12)), None);
        assert_eq!(opening.answer(cdb(0x1A)).unwrap().status, 2);
        let capacity = opening.answer(cdb(0x9E)).unwrap().data;
        assert_eq!(capacity[..12], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x10, 0]);
        assert_eq!(opening.answer(cdb(0x00)), None);
    }

    #[test]
    fn a_guests_command_ends_the_opening() {
        let mut opening = Opening::Asks(Geometry { blocks: 8, block: 512 });
        assert_eq!(opening.answer(cdb(0x28)), None);
        assert_eq!(opening, Opening::Over);
    }
}
