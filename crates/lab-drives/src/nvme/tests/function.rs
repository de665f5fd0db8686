//! Registers and queues, driven as a driver does.

use super::*;
use crate::nvme::Function;
use crate::nvme::memory::tests::Ram;

const ASQ: usize = 0x1_0000;
const ACQ: usize = 0x2_0000;
const SQ: usize = 0x3_0000;
const CQ: usize = 0x4_0000;
const DATA: usize = 0x5_0000;

/// A driver with an admin queue of eight entries and an I/O queue of four.
struct Driver {
    bench: Bench,
    function: Function,
    ram: Ram,
    tails: [u32; 2],
    heads: [u32; 2],
    phases: [u8; 2],
}

/// Which queue.
const ADMIN: usize = 0;
const IO: usize = 1;
const ENTRIES: [u32; 2] = [8, 4];

impl Driver {
    fn new(fault: Option<Fault>) -> Self {
        let mut bench = small();
        let other = small();
        fault.into_iter().for_each(|fault| bench.drive.faults().set(fault));
        let function = Function::new(std::mem::replace(&mut bench.drive, other.drive));
        let ram = Ram(vec![0; 0x10_0000]);
        let mut driver = Self { bench, function, ram, tails: [0; 2], heads: [0; 2], phases: [1; 2] };
        driver.enable();
        driver
    }

    fn enable(&mut self) {
        self.register(0x24, 0x0007_0007);
        self.function.write(0x28, &(ASQ as u64).to_le_bytes());
        self.function.write(0x30, &(ACQ as u64).to_le_bytes());
        self.register(0x14, 0x0046_0001);
        let mut csts = [0; 4];
        self.function.read(0x1c, &mut csts);
        assert_eq!(csts, [1, 0, 0, 0]);
        (self.tails, self.heads, self.phases) = ([0; 2], [0; 2], [1; 2]);
        let entries = (ENTRIES[IO] - 1) << 16 | 1;
        let create = |opcode, base: usize, dword11| {
            Command::new(opcode, 0).with(6, u32::try_from(base).unwrap()).with(10, entries).with(11, dword11)
        };
        assert_eq!(self.status(ADMIN, create(0x05, CQ, 1 << 16 | 0b11)), 0);
        assert_eq!(self.status(ADMIN, create(0x01, SQ, 1 << 16 | 1)), 0);
    }

    fn register(&mut self, at: u64, value: u32) {
        self.function.write(at, &value.to_le_bytes());
    }

    fn send(&mut self, queue: usize, command: Command) {
        let slot = [ASQ, SQ][queue] + self.tails[queue] as usize * 64;
        let bytes = command.0.iter().flat_map(|dword| dword.to_le_bytes());
        self.ram.0[slot..slot + 64].iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        self.tails[queue] = (self.tails[queue] + 1) % ENTRIES[queue];
        self.register(0x1000 + 8 * queue as u64, self.tails[queue]);
    }

    /// The next completion, if there is one: identifier, status, result.
    fn receive(&mut self, queue: usize) -> Option<(u16, u16, u32)> {
        let slot = [ACQ, CQ][queue] + self.heads[queue] as usize * 16;
        let entry = &self.ram.0[slot..slot + 16];
        let word = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
        if entry[14] & 1 != self.phases[queue] {
            return None;
        }
        let result = u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
        let completion = (word(12), word(14) >> 1, result);
        self.heads[queue] = (self.heads[queue] + 1) % ENTRIES[queue];
        self.phases[queue] ^= u8::from(self.heads[queue] == 0);
        self.register(0x1004 + 8 * queue as u64, self.heads[queue]);
        Some(completion)
    }

    fn status(&mut self, queue: usize, command: Command) -> u16 {
        self.send(queue, command.with(0, command.dword(0) | 0x77 << 16));
        let worked = self.function.work(&mut self.ram);
        assert!(worked.vectors.contains(&u16::try_from(queue).unwrap()));
        let (cid, status, _) = self.receive(queue).expect("no completion");
        assert_eq!(cid, 0x77);
        status
    }

    fn read(nsid: u32, slba: u32) -> Command {
        Command::new(0x02, nsid).with(6, u32::try_from(DATA).unwrap()).with(10, slba)
    }
}

#[test]
fn reads_arrive_in_memory_and_queues_wrap() {
    let mut driver = Driver::new(None);
    for slba in 0..10 {
        driver.ram.0[DATA..DATA + 8].fill(0);
        assert_eq!(driver.status(IO, Driver::read(1, slba)), 0, "{slba}");
        assert_eq!(&driver.ram.0[DATA..DATA + 8], SECRET);
    }
    assert_eq!(driver.status(IO, Driver::read(1, 64)), Status::LBA_OUT_OF_RANGE.0);
    assert_eq!(driver.status(IO, Driver::read(2, 0)), Status::INVALID_NAMESPACE.0);
}

#[test]
fn several_commands_at_a_time_are_all_answered() {
    let mut driver = Driver::new(None);
    for cid in 0..3 {
        driver.send(IO, Driver::read(1, cid).with(0, 0x02 | cid << 16));
    }
    driver.function.work(&mut driver.ram);
    let cids: Vec<_> = std::iter::from_fn(|| driver.receive(IO)).map(|(cid, _, _)| cid).collect();
    assert_eq!(cids, [0, 1, 2]);
}

#[test]
fn a_format_is_answered_when_it_is_over_and_other_commands_meanwhile() {
    let mut driver = Driver::new(None);
    driver.send(ADMIN, Command::new(0x80, 1).with(0, 0x80 | 5 << 16).with(10, 1 << 9));
    let worked = driver.function.work(&mut driver.ram);
    assert!(worked.vectors.is_empty() && worked.again.is_some());
    let identify = Command::new(0x06, 0).with(6, u32::try_from(DATA).unwrap()).with(10, 1);
    assert_eq!(driver.status(ADMIN, identify), 0);
    assert_eq!(driver.status(IO, Driver::read(1, 0)), Status::FORMAT_IN_PROGRESS.0);
    driver.bench.seconds(1);
    assert!(driver.function.work(&mut driver.ram).vectors.contains(&0));
    assert_eq!(driver.receive(ADMIN), Some((5, 0, 0)));
    assert_eq!(driver.status(IO, Driver::read(1, 0)), 0);
    assert_eq!(&driver.ram.0[DATA..DATA + 8], &[0; 8]);
}

#[test]
fn an_event_request_is_held_until_a_sanitize_ends() {
    let mut driver = Driver::new(None);
    driver.send(ADMIN, Command::new(0x0c, 0).with(0, 0x0c | 9 << 16));
    assert_eq!(driver.status(ADMIN, Command::new(0x84, 0).with(10, 2)), 0);
    assert_eq!(driver.receive(ADMIN), None);
    driver.bench.seconds(4);
    driver.function.work(&mut driver.ram);
    assert_eq!(driver.receive(ADMIN), Some((9, 0, 0x81_0106)));
}

#[test]
fn a_held_event_request_can_be_aborted() {
    let mut driver = Driver::new(None);
    driver.send(ADMIN, Command::new(0x0c, 0).with(0, 0x0c | 9 << 16));
    driver.send(ADMIN, Command::new(0x08, 0).with(0, 0x08 | 10 << 16).with(10, 9 << 16));
    driver.function.work(&mut driver.ram);
    assert_eq!(driver.receive(ADMIN), Some((9, Status::ABORT_REQUESTED.0, 0)));
    assert_eq!(driver.receive(ADMIN), Some((10, 0, 0)));
}

#[test]
fn a_command_that_is_never_answered_does_not_stop_others() {
    let mut driver = Driver::new(Some(Fault::FallsSilent));
    driver.send(ADMIN, Command::new(0x84, 0).with(0, 0x84 | 5 << 16).with(10, 2));
    driver.function.work(&mut driver.ram);
    assert_eq!(driver.receive(ADMIN), None);
    assert_eq!(driver.status(IO, Driver::read(1, 0)), 0);
}

#[test]
fn a_slow_drive_answers_one_after_the_other() {
    let mut driver = Driver::new(Some(Fault::Slow { bytes_per_second: 512 }));
    (1..3).for_each(|cid| driver.send(IO, Driver::read(1, 0).with(0, 0x02 | cid << 16)));
    for cid in 1..3 {
        driver.function.work(&mut driver.ram);
        assert_eq!(driver.receive(IO), None);
        driver.bench.seconds(1);
        driver.function.work(&mut driver.ram);
        assert_eq!(driver.receive(IO), Some((cid, 0, 0)));
    }
}

#[test]
fn a_drive_that_is_gone_reads_as_ones() {
    let mut driver = Driver::new(Some(Fault::DisappearsAt { percent: 50 }));
    assert_eq!(driver.status(ADMIN, Command::new(0x84, 0).with(10, 2)), 0);
    driver.bench.seconds(2);
    driver.function.work(&mut driver.ram);
    let mut csts = [0; 4];
    driver.function.read(0x1c, &mut csts);
    assert_eq!(csts, [0xff; 4]);
    driver.function.power(Power::Cycle);
    driver.enable();
    assert_eq!(driver.status(IO, Driver::read(1, 0)), Status::SANITIZE_IN_PROGRESS.0);
}

#[test]
fn after_a_reset_the_queues_are_made_anew() {
    let mut driver = Driver::new(None);
    driver.register(0x14, 0);
    driver.send(IO, Driver::read(1, 0));
    assert_eq!(driver.function.work(&mut driver.ram).vectors.len(), 0);
    driver.ram.0[ACQ..ACQ + 0x100].fill(0);
    driver.ram.0[CQ..CQ + 0x100].fill(0);
    driver.enable();
    assert_eq!(driver.status(IO, Driver::read(1, 0)), 0);
}

#[test]
fn queues_that_cannot_be() {
    let mut driver = Driver::new(None);
    let create = |opcode, dword10, dword11| {
        Command::new(opcode, 0).with(6, 0x6_0000).with(10, dword10).with(11, dword11)
    };
    for (command, status, why) in [
        (create(0x05, 3 << 16, 1), Status::INVALID_QUEUE, "number 0"),
        (create(0x05, 3 << 16 | 1, 1), Status::INVALID_QUEUE, "there already"),
        (create(0x05, 3 << 16 | 5, 1), Status::INVALID_QUEUE, "more than there are"),
        (create(0x05, 2, 1), Status::INVALID_QUEUE_SIZE, "one entry"),
        (create(0x05, 1024 << 16 | 2, 1), Status::INVALID_QUEUE_SIZE, "1025 entries"),
        (create(0x05, 3 << 16 | 2, 0), Status::INVALID_FIELD, "not contiguous"),
        (create(0x05, 3 << 16 | 2, 5 << 16 | 3), Status::INVALID_VECTOR, "vector 5"),
        (create(0x05, 3 << 16 | 2, 1).with(6, 0x6_0004), Status::INVALID_PRP_OFFSET, "offset"),
        (create(0x01, 3 << 16 | 2, 4 << 16 | 1), Status::INVALID_CQ, "completion queue 4"),
        (Command::new(0x04, 0).with(10, 1), Status::INVALID_QUEUE_DELETION, "still in use"),
        (Command::new(0x00, 0).with(10, 2), Status::INVALID_QUEUE, "not there"),
    ] {
        assert_eq!(driver.status(ADMIN, command), status.0, "{why}");
    }
    assert_eq!(driver.status(ADMIN, Command::new(0x00, 0).with(10, 1)), 0);
    assert_eq!(driver.status(ADMIN, Command::new(0x04, 0).with(10, 1)), 0);
}

#[test]
fn data_at_no_address_is_a_transfer_error() {
    let mut driver = Driver::new(None);
    let command = Driver::read(1, 0).with(7, 5);
    assert_eq!(driver.status(IO, command), Status::DATA_TRANSFER_ERROR.0);
    let sgl = Driver::read(1, 0).with(0, 0x02 | 1 << 14);
    assert_eq!(driver.status(IO, sgl), Status::INVALID_FIELD.0);
    let long = Driver::read(1, 0).with(12, 0xffff);
    assert_eq!(driver.status(IO, long), Status::INVALID_FIELD.0, "more than MDTS");
}

#[test]
fn doorbells_and_registers_that_are_not_there() {
    let mut driver = Driver::new(None);
    for at in [0x1020, 0x1ffc, 0x0f00, 0x1000] {
        driver.register(at, u32::MAX);
    }
    driver.function.write(0x14, &[1]);
    driver.function.work(&mut driver.ram);
    assert_eq!(driver.status(IO, Driver::read(1, 0)), 0);
}
