//! Identify, logs, features and I/O.

use super::*;
use crate::nvme::FORMATS;
use proptest::prelude::*;

fn numbers(list: &[u8]) -> Vec<u32> {
    let all = list.as_chunks::<4>().0.iter().map(|entry| u32::from_le_bytes(*entry));
    all.take_while(|number| *number != 0).collect()
}

#[test]
fn identify_controller() {
    let mut bench = bench("serial = 'S1'\nmodel = 'M1'\nfirmware = 'F1'\n[[namespaces]]\nblocks = 64\n");
    let data = bench.identify(1, 0);
    assert_eq!(data.len(), 4096);
    assert_eq!(&data[4..24], b"S1                  ");
    assert_eq!(&data[24..27], b"M1 ");
    assert_eq!(&data[64..72], b"F1      ");
    assert_eq!(data[73..76], [0x54, 0x52, 0x00], "IEEE, low byte first");
    assert_eq!(data[78..80], [0x07, 0x01], "CNTLID");
    assert_eq!(data[80..84], [0, 4, 1, 0], "VER");
    assert_eq!(data[256..258], [0x02, 0], "OACS");
    assert_eq!(data[328..332], [7, 0, 0, 0x40], "SANICAP");
    assert_eq!((data[512], data[513]), (0x66, 0x44), "SQES, CQES");
    assert_eq!(data[516..520], [1, 0, 0, 0], "NN");
    assert_eq!((data[520], data[524], data[525]), (0x0c, 0x04, 0x06), "ONCS, FNA, VWC");
    assert!(data[768..].starts_with(b"nqn.2014-08.org.nvmexpress:uuid:"));
}

#[test]
fn identify_namespace() {
    let mut bench = small();
    let data = bench.identify(0, 1);
    for at in [0, 8, 16] {
        assert_eq!(data[at..at + 8], [64, 0, 0, 0, 0, 0, 0, 0]);
    }
    assert_eq!(usize::from(data[25]), FORMATS.len() - 1);
    assert_eq!(data[128..140], [0, 0, 9, 2, 0, 0, 12, 0, 8, 0, 12, 1]);
    for nsid in [0, 2] {
        assert_eq!(bench.status(Command::new(0x06, nsid)), Status::INVALID_NAMESPACE, "{nsid}");
    }
}

#[test]
fn lists_of_namespaces() {
    let mut bench = bench(super::formatting::TWO);
    assert_eq!(numbers(&bench.identify(2, 0)), [1]);
    assert_eq!(numbers(&bench.identify(0x10, 0)), [1, 3]);
    assert_eq!(numbers(&bench.identify(0x10, 1)), [3]);
    assert_eq!(bench.identify(0, 2), [0; 4096], "not allocated");
    assert_eq!(bench.identify(0, 3), [0; 4096], "not attached");
    assert_eq!(bench.identify(0x11, 3)[0], 64, "allocated");
    assert_eq!(bench.read(3, 0), Err(Status::INVALID_NAMESPACE));
    assert_eq!(bench.identify(0x13, 0)[..4], [1, 0, 7, 1], "one controller, 0107h");
}

#[test]
fn what_came_with_version_2() {
    for (version, expected) in [("1.4", Status::INVALID_FIELD), ("2.0", Status::SUCCESS)] {
        let mut bench = bench(&format!("version = '{version}'\n{SMALL}"));
        for cns in [0x05, 0x06, 0x07, 0x08] {
            let nsid = if cns == 7 { 0 } else { 1 };
            assert_eq!(bench.status(Command::new(0x06, nsid).with(10, cns)), expected, "{version} {cns}");
        }
    }
}

#[test]
fn identifiers_differ_between_drives_and_namespaces() {
    let mut ids = std::collections::BTreeSet::new();
    for serial in ["A", "B"] {
        let mut bench = bench(&format!(
            "serial = '{serial}'\n[[namespaces]]\nnumber = 1\nblocks = 8\n[[namespaces]]\nnumber = 2\nblocks = 8\n"
        ));
        for nsid in [1, 2] {
            let (data, list) = (bench.identify(0, nsid), bench.identify(3, nsid));
            assert_eq!(list[4..12], data[120..128], "EUI-64");
            assert_eq!(list[16..32], data[104..120], "NGUID");
            ids.insert(data[120..128].to_vec());
        }
    }
    assert_eq!(ids.len(), 4);
}

#[test]
fn logs() {
    let mut bench = small();
    let log = |lid: u32, bytes: u32| Command::new(0x02, u32::MAX).with(10, (bytes / 4 - 1) << 16 | lid);
    let firmware = bench.data(log(3, 512));
    assert_eq!((firmware[0], &firmware[8..16]), (1, &b"LAB1.0  "[..]));
    let effects = bench.data(log(5, 4096));
    assert_eq!(effects[0x80 * 4..0x81 * 4], [7, 0, 2, 0], "Format NVM");
    assert_eq!(effects[0x84 * 4..0x85 * 4], [3, 0, 2, 0], "Sanitize");
    assert_eq!(effects[0xc0 * 4], 0);
    assert_eq!(bench.data(log(6, 564))[4], 0xf);
    assert_eq!(bench.status(log(0xca, 512)), Status::INVALID_LOG_PAGE);
    assert_eq!(bench.data(log(0x81, 8)).len(), 8);
}

#[test]
fn failed_commands_are_in_the_error_log() {
    let mut bench = small();
    assert_eq!(bench.status(Command::new(0xc5, 9)), Status::INVALID_OPCODE);
    let page = bench.data(Command::new(0x02, 0).with(10, 15 << 16 | 1));
    assert_eq!((page[0], page[24]), (1, 9), "count, namespace");
    assert_eq!(page[12..14], [0x02, 0x80], "status above the phase tag");
}

#[test]
fn data_comes_back_and_goes() {
    let mut bench = small();
    assert!(done(bench.drive.write(1, 3, 2, &[9; 1024])).status.is_success());
    assert_eq!(bench.read(1, 4), Ok(vec![9; 512]));
    let zeroes = Command::new(0x08, 1).with(10, 4);
    assert!(done(bench.drive.io(&zeroes, &[], &[])).status.is_success());
    assert_eq!((bench.read(1, 3), bench.read(1, 4)), (Ok(vec![9; 512]), Ok(vec![0; 512])));
    let mut range = [0; 16];
    (range[4], range[8]) = (1, 3);
    let trim = Command::new(0x09, 1).with(11, 4);
    assert!(done(bench.drive.io(&trim, &range, &[])).status.is_success());
    assert_eq!(bench.read(1, 3), Ok(vec![0; 512]));
    assert_eq!(bench.secrets(1), ALL_SECRETS, "what was written over is still there");
}

#[test]
fn blocks_that_are_not_there() {
    let mut bench = small();
    assert_eq!(bench.read(1, 64), Err(Status::LBA_OUT_OF_RANGE));
    assert_eq!(done(bench.drive.read(1, u64::MAX, 2)).status, Status::LBA_OUT_OF_RANGE);
    assert_eq!(done(bench.drive.write(1, 63, 2, &[0; 1024])).status, Status::LBA_OUT_OF_RANGE);
    assert_eq!(done(bench.drive.write(1, 0, 2, &[0; 512])).status, Status::DATA_TRANSFER_ERROR);
    let mut range = [0; 16];
    (range[4], range[8]) = (2, 63);
    let trim = Command::new(0x09, 1).with(11, 4);
    assert_eq!(done(bench.drive.io(&trim, &range, &[])).status, Status::LBA_OUT_OF_RANGE);
}

#[test]
fn scsi_is_not_spoken() {
    let mut bench = small();
    let Turn::Done(completion) = bench.drive.scsi(&[0x12, 0, 0, 0, 36, 0], &[], 36) else { panic!() };
    assert_eq!((completion.status, completion.sense[2], completion.sense[12]), (2, 5, 0x20));
}

#[test]
fn definitions_that_cannot_be() {
    for text in [
        "namespaces = []",
        "[[namespaces]]\nnumber = 0",
        "[[namespaces]]\nblocks = 0",
        "[[namespaces]]\nformat = 9",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let definition = toml::from_str(text).unwrap();
        let drive = Controller::create(definition, &folder.path().join("d"), Arc::new(TestClock::default()));
        assert!(drive.is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a host sends, the drive answers or holds its peace, and no more comes than was asked for.
    #[test]
    fn no_command_makes_it_panic(commands in proptest::collection::vec((any::<[u32; 16]>(), 0_u8..16), 1..12)) {
        let mut bench = bench("[[namespaces]]\nblocks = 16\n");
        for (mut dwords, opcode) in commands {
            const OPCODES: [u32; 16] = [2, 6, 8, 9, 0xa, 0xc, 0x80, 0x84, 0x80, 0x84, 2, 6, 9, 0xa, 0x84, 0xff];
            dwords[0] = dwords[0] & !0xff | OPCODES[usize::from(opcode)];
            dwords[1] &= 3;
            dwords[10] &= 0x000f_ffff;
            let command = Command(dwords);
            if let Turn::Done(completion) = bench.drive.admin(&command, &[0; 8], 4096) {
                prop_assert!(completion.data.len() <= 4096);
            }
            dwords[0] = dwords[0] & !0xff | u32::from(opcode);
            dwords[11] = 0;
            let command = Command(dwords);
            let transfer = bench.drive.io_transfer(&command);
            let _ = bench.drive.io(&command, &vec![0; transfer.data.min(65536)], &[]);
            bench.seconds(1);
            let _ = bench.drive.poll_admin();
        }
    }
}
