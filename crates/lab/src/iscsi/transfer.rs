//! Data from the initiator for one command: with it, behind it, and when asked for (RFC 7143, 11.7 and 11.8).

use super::login::{Session, Unsolicited};
use super::pdu::{FINAL, Pdu, at};

/// Byte 1 of a SCSI command (11.3.1).
pub(super) const READ: u8 = 0x40;
const WRITE: u8 = 0x20;
/// Where the expected data transfer length and the command descriptor block lie (11.3.4, 11.3.5).
const EXPECTED: usize = 20;
const CDB: usize = 32;

/// A command whose data is not complete yet.
#[derive(Debug)]
pub(super) struct Transfer {
    /// The initiator's tag.
    pub(super) tag: u32,
    /// The command descriptor block, 16 bytes of it.
    pub(super) cdb: [u8; 16],
    /// As much data as the initiator wants back.
    pub(super) wanted: usize,
    /// As much as it has for us.
    expected: usize,
    data: Vec<u8>,
    /// Whether a burst is under way, asked for or not.
    in_burst: bool,
    /// The number of the next request for data.
    pub(super) requests: u32,
}

/// What a command needs next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// All its data is there.
    Complete,
    /// More comes unasked, or asked for already.
    Wait,
    /// These bytes are to be asked for.
    Ask {
        /// From where in its data.
        offset: usize,
        /// How many.
        length: usize,
    },
}

impl Transfer {
    /// Begins with the command itself.
    pub(super) fn new(command: &Pdu, session: &Session) -> Self {
        let length = usize::try_from(command.word(EXPECTED)).unwrap_or(usize::MAX);
        let expected = if command.has(WRITE) { length } else { 0 };
        // A burst that nobody asked for follows unless the command says that it is final.
        let more = !command.has(FINAL) && session.unsolicited == Unsolicited::FirstBurst;
        let mut data = command.data.clone();
        data.truncate(expected);
        Self {
            tag: command.word(at::TASK_TAG),
            cdb: command.field(CDB).unwrap_or_default(),
            wanted: if command.has(READ) { length } else { 0 },
            expected,
            data,
            in_burst: more,
            requests: 0,
        }
    }

    /// Takes a Data-Out. One that does not continue where the last ended (`DataPDUInOrder`) is refused.
    pub(super) fn take(&mut self, data: &Pdu) -> Result<(), OutOfOrder> {
        let offset = usize::try_from(data.word(at::OFFSET)).unwrap_or(usize::MAX);
        if offset != self.data.len() || offset + data.data.len() > self.expected {
            return Err(OutOfOrder);
        }
        self.data.extend_from_slice(&data.data);
        if data.has(FINAL) {
            self.in_burst = false;
        }
        Ok(())
    }

    /// What is to be done, given how much may be asked for at a time.
    pub(super) fn next(&mut self, burst: usize) -> Next {
        let have = self.data.len();
        if have >= self.expected {
            return Next::Complete;
        }
        if self.in_burst {
            return Next::Wait;
        }
        let length = burst.min(self.expected - have);
        self.in_burst = true;
        self.requests += 1;
        Next::Ask { offset: have, length }
    }

    pub(super) fn into_data(self) -> Vec<u8> {
        self.data
    }
}

/// Data that does not continue what was there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutOfOrder;

#[cfg(test)]
mod tests {
    use super::*;

    fn write(flags: u8, length: u32, immediate: &[u8]) -> Pdu {
        Pdu::new(1).set_byte(1, flags).set_word(20, length).with_data(immediate.to_vec())
    }

    fn data(flags: u8, offset: u32, bytes: &[u8]) -> Pdu {
        Pdu::new(5).set_byte(1, flags).set_word(40, offset).with_data(bytes.to_vec())
    }

    fn free() -> Session {
        Session { unsolicited: Unsolicited::FirstBurst, ..Session::default() }
    }

    #[test]
    fn what_is_missing_is_asked_for_burst_by_burst() {
        let mut transfer = Transfer::new(&write(0xA0, 10, b"0123"), &free());
        assert_eq!(transfer.next(4), Next::Ask { offset: 4, length: 4 });
        assert_eq!(transfer.next(4), Next::Wait);
        transfer.take(&data(0, 4, b"45")).unwrap();
        assert_eq!(transfer.next(4), Next::Wait);
        transfer.take(&data(0x80, 6, b"67")).unwrap();
        assert_eq!(transfer.next(4), Next::Ask { offset: 8, length: 2 });
        transfer.take(&data(0x80, 8, b"89")).unwrap();
        assert_eq!(transfer.next(4), Next::Complete);
        assert_eq!((transfer.requests, transfer.into_data().as_slice()), (2, &b"0123456789"[..]));
    }

    #[test]
    fn an_unsolicited_burst_is_waited_for() {
        let mut transfer = Transfer::new(&write(0x20, 4, b""), &free());
        assert_eq!(transfer.next(4), Next::Wait);
        transfer.take(&data(0x80, 0, b"abcd")).unwrap();
        assert_eq!(transfer.next(4), Next::Complete);
    }

    #[test]
    fn data_out_of_order_or_too_much_is_refused() {
        let mut transfer = Transfer::new(&write(0xA0, 4, b""), &free());
        assert_eq!(transfer.take(&data(0x80, 2, b"ab")), Err(OutOfOrder));
        assert_eq!(transfer.take(&data(0x80, 0, b"abcde")), Err(OutOfOrder));
    }

    #[test]
    fn a_read_wants_data_and_brings_none() {
        let mut transfer = Transfer::new(&write(0xC0, 36, b"xx"), &free());
        assert_eq!((transfer.wanted, transfer.next(4)), (36, Next::Complete));
        assert!(transfer.into_data().is_empty());
    }
}
