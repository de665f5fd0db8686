//! The drive as a host meets it: literal commands, literal sense data.

use super::*;
use crate::{Fault, TestClock};
use std::time::Duration;

const PATTERN: &[u8; 8] = b"OLD DATA";
const BLOCKS: u64 = 256;
const SECOND: Duration = Duration::from_secs(1);

struct Bench {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
    clock: TestClock,
    config: ScsiConfig,
    drive: ScsiDrive,
}

fn bench(config: ScsiConfig) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drive.raw");
    let clock = TestClock::default();
    let mut drive = ScsiDrive::create(config.clone(), &path, Arc::new(clock.clone())).unwrap();
    drive
        .medium()
        .fill(|_, block| block.chunks_mut(8).for_each(|part| part.copy_from_slice(PATTERN)))
        .unwrap();
    drive.attention = None;
    Bench { _folder: folder, path, clock, config, drive }
}

fn hdd() -> Bench {
    bench(ScsiConfig::hdd("S1", BLOCKS))
}

fn plain_ssd() -> Bench {
    let mut config = ScsiConfig::ssd("S2", BLOCKS);
    config.layout.encryption = crate::medium::Encryption::Plain;
    config.sanitize.operations.retain(|operation| *operation != Operation::CryptographicErase);
    bench(config)
}

fn encrypting_ssd() -> Bench {
    bench(ScsiConfig::ssd("S3", BLOCKS))
}

impl Bench {
    fn turn(&mut self, cdb: &[u8], data: &[u8]) -> Turn<ScsiCompletion> {
        self.drive.scsi(cdb, data, 1 << 20)
    }

    fn send(&mut self, cdb: &[u8], data: &[u8]) -> ScsiCompletion {
        match self.turn(cdb, data) {
            Turn::Done(completion) => completion,
            other => panic!("{other:?}"),
        }
    }

    fn good(&mut self, cdb: &[u8], data: &[u8]) -> Vec<u8> {
        let completion = self.send(cdb, data);
        assert_eq!(completion.status, 0, "{cdb:02x?}: {:02x?}", completion.sense);
        completion.data
    }

    /// Key, code and qualifier of fixed-format sense data.
    fn refused(&mut self, cdb: &[u8], data: &[u8]) -> [u8; 3] {
        let completion = self.send(cdb, data);
        assert_eq!(completion.status, 2, "{cdb:02x?} succeeded");
        let sense = completion.sense;
        [sense[2], sense[12], sense[13]]
    }

    fn request_sense(&mut self) -> [u8; 3] {
        let sense = self.good(&[3, 0, 0, 0, 18, 0], &[]);
        [sense[2], sense[12], sense[13]]
    }

    fn ready(&mut self) -> [u8; 3] {
        let completion = self.send(&[0; 6], &[]);
        if completion.status == 0 {
            [0; 3]
        } else {
            [completion.sense[2], completion.sense[12], completion.sense[13]]
        }
    }

    fn read(&mut self, lba: u8) -> Vec<u8> {
        self.good(&[0x28, 0, 0, 0, 0, lba, 0, 0, 1, 0], &[])
    }

    fn left(&mut self) -> u64 {
        self.drive.medium().count_physical(|block| block.windows(8).any(|part| part == PATTERN)).unwrap()
    }

    fn after(&mut self, time: Duration) {
        self.clock.advance(time);
        self.drive.poll();
    }

    /// Power fails, and the drive's process is another afterwards.
    fn restart(self) -> Self {
        let Self { _folder, path, config, mut drive, .. } = self;
        drive.settle();
        let clock = TestClock::default();
        // The new process begins somewhere else in time.
        clock.advance(Duration::from_secs(86_400));
        let medium = crate::medium::Medium::open(&path).unwrap();
        let mut drive = ScsiDrive::new(config.clone(), medium, &path, Arc::new(clock.clone())).unwrap();
        drive.attention = None;
        Self { _folder, path, clock, config, drive }
    }
}

const OVERWRITE_ZERO: &[u8] = &[0x48, 0x81, 0, 0, 0, 0, 0, 0, 8, 0];
const ZEROS_ONCE: &[u8] = &[0x01, 0, 0, 4, 0, 0, 0, 0];
const BLOCK_ERASE: &[u8] = &[0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0];
const CRYPTO_ERASE: &[u8] = &[0x48, 0x83, 0, 0, 0, 0, 0, 0, 0, 0];
const EXIT_FAILURE: &[u8] = &[0x48, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0];
const FORMAT_AT_ONCE: &[u8] = &[0x04, 0x10, 0, 0, 0, 0];
const AT_ONCE: &[u8] = &[0, 0x02, 0, 0];
const SANITIZING: [u8; 3] = [2, 0x04, 0x1B];
const SANITIZE_FAILED: [u8; 3] = [3, 0x31, 3];
const INVALID_OPERATION: [u8; 3] = [5, 0x20, 0];
const INVALID_FIELD: [u8; 3] = [5, 0x24, 0];

#[test]
fn a_disk_says_what_it_is() {
    let mut bench = hdd();
    let standard = bench.good(&[0x12, 0, 0, 0, 96, 0], &[]);
    assert_eq!((standard[0], standard[2]), (0, 6));
    assert_eq!(&standard[8..36], b"MASSHO  LAB SAS HDD     0001");
    assert_eq!(bench.good(&[0x12, 1, 0x80, 0, 96, 0], &[]), [0, 0x80, 0, 2, b'S', b'1']);
    let pages = bench.good(&[0x12, 1, 0, 0, 96, 0], &[]);
    assert_eq!(pages, [0, 0, 0, 7, 0, 0x80, 0x83, 0x86, 0xB0, 0xB1, 0xB2]);
    assert_eq!(bench.good(&[0x12, 1, 0xB1, 0, 96, 0], &[])[4..8], [0x27, 0x10, 0, 3]);
    let name = bench.good(&[0x12, 1, 0x83, 0, 96, 0], &[]);
    assert_eq!(name[4..9], [1, 3, 0, 8, 0x50]);
    assert_eq!(bench.refused(&[0x12, 1, 0x89, 0, 96, 0], &[]), INVALID_FIELD);
    assert_eq!(bench.good(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), [0, 0, 0, 255, 0, 0, 2, 0]);
}

#[test]
fn an_ssd_does_not_rotate_and_says_how_reads_go_after_an_erase() {
    let mut bench = encrypting_ssd();
    assert_eq!(bench.good(&[0x12, 1, 0xB1, 0, 96, 0], &[])[4..8], [0, 1, 0, 0x53]);
    bench.drive.faults().set(Fault::ReadsFailUntilWritten);
    assert_eq!(bench.good(&[0x12, 1, 0xB1, 0, 96, 0], &[])[7], 0xA3);
}

#[test]
fn a_serial_number_can_be_missing_or_hostile() {
    let mut bench = hdd();
    bench.drive.faults().set(Fault::SerialMissing);
    assert_eq!(bench.good(&[0x12, 1, 0x80, 0, 96, 0], &[])[4..], *b"  ");
    *bench.drive.faults() = Faults::default();
    bench.drive.faults().set(Fault::SerialHostile);
    assert!(bench.good(&[0x12, 1, 0x80, 0, 96, 0], &[])[4..].starts_with(b"\x1b[31m"));
}

#[test]
fn what_is_written_is_read_by_all_four_lengths() {
    let mut bench = hdd();
    let block = [0x5A; 512];
    bench.good(&[0x0A, 0, 0, 7, 1, 0], &block);
    bench.good(&[0x8A, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0], &block);
    assert_eq!(bench.read(7), block);
    assert_eq!(bench.good(&[0xA8, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0], &[]), block);
    assert_eq!(bench.good(&[0x08, 0, 0, 6, 1, 0], &[])[..8], *PATTERN);
    bench.good(&[0x2F, 2, 0, 0, 0, 7, 0, 0, 1, 0], &block);
    assert_eq!(bench.refused(&[0x2F, 2, 0, 0, 0, 9, 0, 0, 1, 0], &block), [0xE, 0x1D, 0]);
    assert_eq!(bench.refused(&[0x28, 0, 0, 0, 1, 0, 0, 0, 1, 0], &[]), [5, 0x21, 0]);
    assert_eq!(bench.refused(&[0x2A, 0, 0, 0, 0, 0, 0, 0, 2, 0], &block), INVALID_FIELD);
}

#[test]
fn write_same_and_unmap() {
    let mut bench = plain_ssd();
    bench.good(&[0x41, 0, 0, 0, 0, 3, 0, 0, 2, 0], &[7; 512]);
    assert_eq!((bench.read(4)[0], bench.read(5)[0]), (7, b'O'));
    let before = bench.left();
    let list = [0, 22, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 4, 0, 0, 0, 0];
    bench.good(&[0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], &list);
    assert_eq!(bench.read(16), vec![0; 512]);
    assert_eq!(bench.left(), before, "unmapped blocks stay on the medium");
    assert_eq!(hdd().refused(&[0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], &list), INVALID_OPERATION);
}

#[test]
fn operation_codes_are_reported_all_and_one_by_one() {
    let mut bench = hdd();
    let all = bench.good(&[0xA3, 0x0C, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0], &[]);
    let entries: Vec<&[u8]> = all[4..].chunks(8).collect();
    assert_eq!(all[..4], (u32::try_from(all.len() - 4).unwrap()).to_be_bytes());
    assert!(entries.contains(&&[0x48, 0, 0, 1, 0, 1, 0, 10][..]), "overwrite");
    assert!(!entries.contains(&&[0x48, 0, 0, 2, 0, 1, 0, 10][..]), "a disk erases no blocks");
    let one = |bench: &mut Bench, option, operation, action| {
        bench.send(&[0xA3, 0x0C, option, operation, 0, action, 0, 0, 2, 0, 0, 0], &[])
    };
    assert_eq!(one(&mut bench, 2, 0x48, 1).data, [0, 3, 0, 10, 0x48, 0xE1, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0]);
    assert_eq!(one(&mut bench, 2, 0x48, 3).data, [0, 1, 0, 0]);
    assert_eq!(one(&mut bench, 3, 0x04, 0).data, [0, 3, 0, 6, 0x04, 0x38, 0, 0, 3, 0]);
    assert_eq!(one(&mut bench, 0x81, 0x00, 0).data[..4], [0, 0x83, 0, 6]);
    assert_eq!(one(&mut bench, 1, 0x48, 0).status, 2);
    assert_eq!(one(&mut bench, 2, 0x12, 0).status, 2);
}

#[test]
fn an_overwrite_goes_on_by_itself_and_reaches_everything() {
    let mut config = ScsiConfig::hdd("S4", BLOCKS);
    config.layout.reallocated = vec![17];
    let mut bench = bench(config);
    assert_eq!(bench.left(), BLOCKS + 1, "the reallocated block is there twice");
    bench.good(&[0x48, 0x81, 0, 0, 0, 0, 0, 0, 8, 0], &[0x02, 0, 0, 4, 1, 2, 3, 4]);
    bench.after(3 * SECOND);
    let sense = bench.good(&[3, 0, 0, 0, 18, 0], &[]);
    assert_eq!(sense[..18], [0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x1B, 0, 0x80, 0x80, 0]);
    let sense = bench.good(&[3, 1, 0, 0, 32, 0], &[]);
    assert_eq!(sense, [0x72, 2, 4, 0x1B, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x80, 0, 0]);
    assert_eq!(bench.ready(), SANITIZING);
    assert_eq!(bench.refused(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[]), SANITIZING);
    assert_eq!(bench.refused(OVERWRITE_ZERO, ZEROS_ONCE), SANITIZING);
    assert_eq!(bench.good(&[0x12, 0, 0, 0, 36, 0], &[]).len(), 96);
    bench.after(3 * SECOND);
    assert_eq!(bench.ready(), [0; 3]);
    assert_eq!(bench.read(9)[..8], [1, 2, 3, 4, 1, 2, 3, 4]);
    assert_eq!(bench.left(), 0);
}

#[test]
fn an_overwrite_with_invert_ends_with_the_pattern() {
    for count in [2, 3] {
        let mut bench = hdd();
        bench.good(&[0x48, 0x81, 0, 0, 0, 0, 0, 0, 5, 0], &[0x80 | count, 0, 0, 1, 0x0F]);
        bench.after(30 * SECOND);
        assert_eq!(bench.read(0)[0], 0x0F);
    }
    let mut half = hdd();
    half.good(&[0x48, 0x81, 0, 0, 0, 0, 0, 0, 5, 0], &[0x82, 0, 0, 1, 0x0F]);
    half.after(3 * SECOND);
    let inverted = half.drive.medium().count_physical(|block| block[0] == 0xF0).unwrap();
    assert!(inverted > 0, "the first pass of two is inverted");
}

#[test]
fn overwrite_parameters_that_are_wrong() {
    let mut bench = hdd();
    let wrong: [(&str, &[u8], [u8; 3]); 5] = [
        ("count of zero", &[0x00, 0, 0, 4, 0, 0, 0, 0], [5, 0x26, 0]),
        ("vendor's test", &[0x21, 0, 0, 4, 0, 0, 0, 0], [5, 0x26, 0]),
        ("no pattern", &[0x01, 0, 0, 0], INVALID_FIELD),
        ("no list", &[], INVALID_FIELD),
        ("length that is not the list's", &[0x01, 0, 0, 3, 0, 0, 0, 0], INVALID_FIELD),
    ];
    for (what, list, sense) in wrong {
        assert_eq!(bench.refused(OVERWRITE_ZERO, list), sense, "{what}");
    }
    assert_eq!(bench.refused(BLOCK_ERASE, &[]), INVALID_FIELD, "a disk erases no blocks");
    assert_eq!(bench.left(), BLOCKS);
}

#[test]
fn a_block_erase_reaches_stale_copies_and_a_format_does_not() {
    let mut bench = plain_ssd();
    assert_eq!(bench.left(), BLOCKS + BLOCKS / 16);
    bench.good(FORMAT_AT_ONCE, AT_ONCE);
    bench.after(3 * SECOND);
    assert_eq!(bench.read(0), vec![0; 512]);
    assert!(bench.left() > 0, "a format overwrites what has an address");
    bench.good(BLOCK_ERASE, &[]);
    bench.after(3 * SECOND);
    assert_eq!((bench.ready(), bench.left()), ([0; 3], 0));
}

#[test]
fn a_crypto_erase_leaves_zeros_or_noise_but_no_data() {
    let mut bench = encrypting_ssd();
    assert_eq!((bench.read(3)[..8].to_vec(), bench.left()), (PATTERN.to_vec(), 0));
    bench.good(CRYPTO_ERASE, &[]);
    bench.after(SECOND);
    assert_eq!(bench.read(3), vec![0; 512]);
    let mut noisy = encrypting_ssd();
    noisy.drive.faults().set(Fault::NoiseAfterCryptoErase);
    noisy.good(CRYPTO_ERASE, &[]);
    noisy.after(SECOND);
    let block = noisy.read(3);
    assert!(block[..8] != *PATTERN && block != vec![0; 512]);
}

#[test]
fn reads_may_fail_until_written() {
    let mut bench = plain_ssd();
    bench.drive.faults().set(Fault::ReadsFailUntilWritten);
    bench.good(BLOCK_ERASE, &[]);
    bench.after(3 * SECOND);
    assert_eq!(bench.refused(&[0x28, 0, 0, 0, 0, 3, 0, 0, 1, 0], &[]), [3, 0x11, 0]);
    bench.good(&[0x2A, 0, 0, 0, 0, 3, 0, 0, 1, 0], &[1; 512]);
    assert_eq!(bench.read(3), [1; 512]);
}

#[test]
fn a_sanitize_outlives_a_power_cut_and_another_process() {
    let mut bench = hdd();
    bench.good(OVERWRITE_ZERO, ZEROS_ONCE);
    bench.after(SECOND);
    bench.drive.power(Power::Cycle);
    assert_eq!(bench.request_sense(), [6, 0x29, 1]);
    assert_eq!(bench.request_sense(), SANITIZING);
    let mut bench = bench.restart();
    assert_eq!(bench.request_sense(), SANITIZING);
    bench.after(SECOND);
    assert_eq!(bench.request_sense(), SANITIZING);
    bench.after(SECOND + SECOND / 10);
    assert_eq!((bench.request_sense(), bench.left()), ([0; 3], 0));
}

#[test]
fn a_restricted_failure_is_left_by_another_sanitize_only() {
    let mut bench = hdd();
    bench.drive.faults().set(Fault::EraseFails);
    bench.good(OVERWRITE_ZERO, ZEROS_ONCE);
    bench.after(3 * SECOND);
    assert_eq!((bench.ready(), bench.request_sense()), (SANITIZE_FAILED, SANITIZE_FAILED));
    assert_eq!(bench.refused(EXIT_FAILURE, &[]), INVALID_FIELD);
    assert_eq!(bench.refused(&[0x48, 0xA1, 0, 0, 0, 0, 0, 0, 8, 0], ZEROS_ONCE), INVALID_FIELD);
    let mut bench = bench.restart();
    assert_eq!(bench.ready(), SANITIZE_FAILED, "after a power cut too");
    bench.good(OVERWRITE_ZERO, ZEROS_ONCE);
    bench.after(3 * SECOND);
    assert_eq!(bench.ready(), [0; 3]);
}

#[test]
fn an_unrestricted_failure_is_left_on_demand() {
    let mut bench = hdd();
    bench.drive.faults().set(Fault::EraseFails);
    bench.good(&[0x48, 0xA1, 0, 0, 0, 0, 0, 0, 8, 0], ZEROS_ONCE);
    bench.after(3 * SECOND);
    assert_eq!(bench.ready(), SANITIZE_FAILED);
    bench.good(EXIT_FAILURE, &[]);
    assert_eq!(bench.ready(), [0; 3]);
    bench.good(EXIT_FAILURE, &[]);
}

#[test]
fn without_immed_the_answer_comes_at_the_end_and_others_are_answered_meanwhile() {
    let mut bench = hdd();
    assert!(matches!(bench.turn(&[0x48, 0x01, 0, 0, 0, 0, 0, 0, 8, 0], ZEROS_ONCE), Turn::Busy(_)));
    assert!(bench.drive.overlaps(&[3, 0, 0, 0, 18, 0]) && !bench.drive.overlaps(OVERWRITE_ZERO));
    assert_eq!(bench.request_sense(), SANITIZING);
    assert!(matches!(bench.drive.poll(), Turn::Busy(_)));
    bench.clock.advance(3 * SECOND);
    assert_eq!(bench.drive.poll(), Turn::Done(ScsiCompletion::default()));
}

#[test]
fn a_format_that_breaks_off_is_corrupt_until_the_next() {
    let mut bench = hdd();
    bench.good(FORMAT_AT_ONCE, AT_ONCE);
    bench.after(SECOND);
    assert_eq!(bench.ready(), [2, 0x04, 0x04]);
    bench.drive.power(Power::Cycle);
    assert_eq!([bench.ready(), bench.ready()], [[6, 0x29, 1], [3, 0x31, 0]]);
    assert_eq!(bench.refused(&[0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[]), [3, 0x31, 0]);
    bench.good(FORMAT_AT_ONCE, AT_ONCE);
    bench.after(3 * SECOND);
    assert_eq!((bench.ready(), bench.left()), ([0; 3], 0));
}

#[test]
fn formats_that_the_drive_cannot_do() {
    let mut bench = hdd();
    assert_eq!(bench.refused(&[0x04, 0x50, 0, 0, 0, 0], AT_ONCE), INVALID_FIELD, "protection information");
    assert_eq!(bench.refused(&[0x04, 0x10, 0, 0, 1, 0], AT_ONCE), INVALID_FIELD, "fast format");
    assert_eq!(bench.refused(FORMAT_AT_ONCE, &[0, 2, 0, 8]), [5, 0x26, 0], "a defect list");
    assert_eq!(bench.refused(FORMAT_AT_ONCE, &[0, 2]), [5, 0x1A, 0], "half a header");
}

#[test]
fn mode_select_restricts_the_capacity_and_gives_it_back() {
    let mut bench = hdd();
    let select = |count: [u8; 4]| [[0, 0, 0, 8], count, [0, 0, 2, 0]].concat();
    bench.good(&[0x15, 0x11, 0, 0, 12, 0], &select([0, 0, 0, 100]));
    assert_eq!(bench.ready(), [6, 0x2A, 9]);
    assert_eq!(bench.good(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[])[3], 99);
    assert_eq!(bench.refused(&[0x28, 0, 0, 0, 0, 100, 0, 0, 1, 0], &[]), [5, 0x21, 0]);
    let mut bench = bench.restart();
    assert_eq!(bench.good(&[0x1A, 0, 0x3F, 0, 255, 0], &[])[3..8], [8, 0, 0, 0, 100]);
    bench.good(&[0x15, 0x11, 0, 0, 12, 0], &select([0xFF; 4]));
    assert_eq!(bench.ready(), [6, 0x2A, 9]);
    assert_eq!(bench.read(255)[..8], *PATTERN);
    assert_eq!(bench.refused(&[0x15, 0x11, 0, 0, 12, 0], &select([0, 0, 2, 0])), [5, 0x26, 0]);
}

#[test]
fn mode_select_of_d_sense_changes_the_format_of_sense_unless_it_is_fixed_by_fault() {
    let mut bench = hdd();
    let mut control = [0; 16];
    (control[4], control[5], control[6]) = (0x0A, 0x0A, 0x04);
    bench.good(&[0x15, 0x10, 0, 0, 16, 0], &control);
    assert_eq!(bench.send(&[0xFF; 16], &[]).sense[..4], [0x72, 5, 0x20, 0]);
    bench.drive.faults().set(Fault::FixedSense);
    assert_eq!(bench.send(&[0xFF; 16], &[]).sense[0], 0x70);
    control[8] = 1;
    assert_eq!(bench.refused(&[0x15, 0x10, 0, 0, 16, 0], &control), [5, 0x26, 0]);
}

#[test]
fn a_format_makes_the_block_size_that_was_selected() {
    let mut bench = hdd();
    bench.good(&[0x15, 0x11, 0, 0, 12, 0], &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 16, 0]);
    bench.good(FORMAT_AT_ONCE, AT_ONCE);
    bench.after(3 * SECOND);
    assert_eq!(bench.good(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[]), [0, 0, 0, 31, 0, 0, 16, 0]);
    assert_eq!((bench.read(31).len(), bench.left()), (4096, 0));
}

#[test]
fn a_stopped_drive_is_not_ready() {
    let mut bench = hdd();
    bench.good(&[0x1B, 0, 0, 0, 0, 0], &[]);
    assert_eq!((bench.ready(), bench.request_sense()), ([2, 4, 2], [2, 4, 2]));
    bench.good(&[0x1B, 0, 0, 0, 1, 0], &[]);
    assert_eq!(bench.ready(), [0; 3]);
}

#[test]
fn faults_of_an_erase() {
    let left_after = |fault: Fault| {
        let mut bench = plain_ssd();
        bench.drive.faults().set(fault);
        bench.good(BLOCK_ERASE, &[]);
        bench.after(3 * SECOND);
        assert_eq!(bench.ready(), [0; 3]);
        (bench.left(), bench.read(0)[..8] == *PATTERN, bench.read(255)[..8] == *PATTERN)
    };
    let all = BLOCKS + BLOCKS / 16;
    assert_eq!(left_after(Fault::ErasesNothing), (all, true, true));
    assert_eq!(left_after(Fault::UnmapsOnly), (all, false, false));
    let (left, first, last) = left_after(Fault::ErasesHalf);
    assert!(left > 0 && left < all && !first && last);
}

#[test]
fn faults_of_the_command() {
    for fault in [Fault::CommandAborted, Fault::RejectedUntilSleep { status: 0 }] {
        let mut bench = hdd();
        bench.drive.faults().set(fault.clone());
        assert_eq!(bench.refused(OVERWRITE_ZERO, ZEROS_ONCE), INVALID_OPERATION);
        assert_eq!(bench.refused(FORMAT_AT_ONCE, AT_ONCE), INVALID_OPERATION);
        bench.drive.power(Power::Sleep);
        bench.drive.attention = None;
        let status = bench.send(OVERWRITE_ZERO, ZEROS_ONCE).status;
        assert_eq!(status == 0, fault != Fault::CommandAborted);
    }
    let silent = |fault: Fault| {
        let mut bench = hdd();
        bench.drive.faults().set(fault);
        assert_eq!(bench.turn(OVERWRITE_ZERO, ZEROS_ONCE), Turn::Silent);
        bench.after(3 * SECOND);
        bench.left()
    };
    assert_eq!((silent(Fault::TimesOut), silent(Fault::FallsSilent)), (0, BLOCKS));
}

#[test]
fn faults_of_the_status() {
    let mut bench = hdd();
    bench.good(OVERWRITE_ZERO, ZEROS_ONCE);
    bench.drive.faults().set(Fault::StuckProgress { at: 655 });
    bench.after(60 * SECOND);
    assert_eq!(bench.good(&[3, 0, 0, 0, 18, 0], &[])[15..18], [0x80, 2, 0x8F]);
    bench.drive.faults().set(Fault::StatusZeros);
    assert_eq!(bench.good(&[3, 0, 0, 0, 18, 0], &[]), [0; 18]);
    bench.drive.faults().set(Fault::StatusFails);
    assert_eq!(bench.refused(&[3, 0, 0, 0, 18, 0], &[]), [0xB, 0x44, 0]);
}

#[test]
fn a_drive_disappears_and_comes_back_sanitizing() {
    let mut bench = hdd();
    bench.drive.faults().set(Fault::DisappearsAt { percent: 50 });
    bench.good(OVERWRITE_ZERO, ZEROS_ONCE);
    bench.after(2 * SECOND);
    assert_eq!(bench.turn(&[0; 6], &[]), Turn::Gone);
    bench.drive.power(Power::Cycle);
    bench.drive.attention = None;
    assert_eq!(bench.ready(), SANITIZING);
    bench.after(2 * SECOND);
    assert_eq!((bench.ready(), bench.left()), ([0; 3], 0));
}

#[test]
fn faults_of_reading_and_writing() {
    let mut bench = hdd();
    bench.drive.faults().set(Fault::Unreadable { from: 5, count: 2 });
    let sense = bench.send(&[0x28, 0, 0, 0, 0, 4, 0, 0, 4, 0], &[]).sense;
    assert_eq!((sense[0], sense[2], &sense[3..7]), (0xF0, 3, &[0, 0, 0, 5][..]));
    bench.drive.faults().set(Fault::Unwritable { from: 9, count: 1 });
    assert_eq!(bench.refused(&[0x2A, 0, 0, 0, 0, 8, 0, 0, 2, 0], &[1; 1024]), [3, 0x0C, 2]);
    assert_eq!((bench.read(8)[0], bench.read(9)[0]), (1, b'O'));
    bench.drive.faults().set(Fault::WrongCapacity { blocks: 8 });
    assert_eq!(bench.good(&[0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[])[3], 7);
    bench.drive.faults().set(Fault::Slow { bytes_per_second: 512 });
    assert_eq!(bench.turn(&[0x2A, 0, 0, 0, 0, 0, 0, 0, 1, 0], &[2; 512]), Turn::Busy(SECOND));
    assert!(matches!(bench.drive.poll(), Turn::Busy(_)));
    bench.clock.advance(SECOND);
    assert_eq!(bench.drive.poll(), Turn::Done(ScsiCompletion::default()));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_command_whatever_makes_the_drive_panic(cdb: [u8; 16], data: Vec<u8>) {
        let mut bench = encrypting_ssd();
        for operation in [0x04, 0x15, 0x28, 0x41, 0x42, 0x48, 0x55, 0x93, 0xA3, cdb[0]] {
            let mut cdb = cdb;
            cdb[0] = operation;
            bench.drive.scsi(&cdb, &data, 64);
            bench.drive.attention = None;
        }
    }
}
