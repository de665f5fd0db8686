//! Boot sticks by the program itself: an image is given a key and held against a manifest, and altered.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod common;

use common::program;
use fatfs::{FileSystem, FormatVolumeOptions, FsOptions, format_volume};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use tempfile::TempDir;

/// Where the partition of these images begins; in the real one much later.
const FIXED: usize = 1 << 20;
const IMAGE: &str = "bea3d30ad22818267aae0a979e1ae135";

struct Desk {
    folder: TempDir,
}

impl Desk {
    /// An image, its manifest, and an organisation with its key.
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(desk.path("root.txt"), "root key's passphrase\n").unwrap();
        let today = year();
        desk.good(&format!("key new --name 架空市 --fiscal-year {today} --passphrase-file @root.txt"));
        let image = image();
        fs::write(desk.path("massho.iso"), &image).unwrap();
        desk.manifest(json!({
            "len": FIXED, "sha256": hash(&image[..FIXED]), "disk_signature": hex::encode(&image[440..444]),
        }));
        desk
    }

    fn manifest(&self, fixed: serde_json::Value) {
        let manifest = json!({
            "format": "massho-image/1", "version": "0.1.0", "commit": "0123456789ab", "packages": "locked",
            "image": IMAGE, "file": { "len": 5 << 20, "sha256": "" }, "fixed": fixed,
            "files": [{ "path": "boot/vmlinuz", "sha256": hash(b"kernel") }],
        });
        fs::write(self.path("manifest.json"), manifest.to_string()).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command; every `@name` is the file of that name.
    fn run(&self, command: &str) -> (bool, String) {
        let words = command.split_whitespace().map(|word| {
            word.strip_prefix('@').map_or(word.to_owned(), |name| self.path(name).display().to_string())
        });
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = program(&words, self.folder.path());
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    fn good(&self, command: &str) -> String {
        let (good, printed) = self.run(command);
        assert!(good, "{command}: {printed}");
        printed
    }

    fn bad(&self, command: &str, says: &str) {
        let (good, printed) = self.run(command);
        assert!(!good && printed.contains(says), "{command}: {printed}");
    }

    /// Changes the image's bytes.
    fn alter(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path("massho.iso")).unwrap();
        change(&mut bytes);
        fs::write(self.path("massho.iso"), bytes).unwrap();
    }
}

/// The present fiscal year, which begins in April.
fn year() -> i16 {
    let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)));
    if today.month() < 4 { today.year() - 1 } else { today.year() }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What counts of an image: an MBR with a signature, bytes that never change, and the office's partition.
fn image() -> Vec<u8> {
    let mut partition = Cursor::new(vec![0; 4 << 20]);
    format_volume(&mut partition, FormatVolumeOptions::new()).unwrap();
    {
        let filesystem = FileSystem::new(&mut partition, FsOptions::new()).unwrap();
        let folder = filesystem.root_dir().create_dir("massho").unwrap();
        let about = format!("image = \"{IMAGE}\"\nversion = \"0.1.0\"\n");
        folder.create_file("image.toml").unwrap().write_all(about.as_bytes()).unwrap();
        filesystem.root_dir().create_file("massho-start.txt").unwrap().write_all(b"read me").unwrap();
    }
    let mut image: Vec<u8> = (0..FIXED).map(|at| u8::try_from(at % 253).unwrap()).collect();
    image[446..510].fill(0);
    image[510..512].copy_from_slice(&[0x55, 0xAA]);
    image[478..494].copy_from_slice(&[0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 8, 0, 0, 0, 0x20, 0, 0]);
    image.extend(partition.into_inner());
    image
}

const CHECK: &str = "check-boot @massho.iso --manifest @manifest.json";
const CHECK_KEY: &str =
    "check-boot @massho.iso --manifest @manifest.json --org-key @massho-organisation.json";
const PREPARE: &str = "boot prepare @massho.iso --org-key @massho-organisation.json";

#[test]
fn a_key_is_put_on_a_stick_and_nothing_else_is_changed() {
    let desk = Desk::new();
    assert!(desk.good(CHECK).contains("No organisation's key is on it"));
    desk.bad(CHECK_KEY, "key is not on it");
    let printed = desk.good(PREPARE);
    assert!(printed.contains("架空市") && printed.contains("Revoked sticks  0"), "{printed}");
    assert!(desk.good(CHECK).contains("The key of 架空市 is on it"));
    assert!(desk.good(CHECK_KEY).contains("Your organisation's key is on it"));
    let now = fs::read(desk.path("massho.iso")).unwrap();
    assert!(now[..FIXED] == image()[..FIXED] && now.len() == image().len());
}

#[test]
fn the_list_of_revoked_sticks_is_taken_along_renewed_and_missed() {
    let desk = Desk::new();
    desk.good(PREPARE);
    desk.good(&format!(
        "stick revoke {} --reason lost --passphrase-file @root.txt --keys {}",
        "51".repeat(16),
        desk.folder.path().display()
    ));
    desk.bad(CHECK_KEY, "list of revoked sticks is not the present one");
    assert!(desk.good(PREPARE).contains("Revoked sticks  1"));
    desk.good(CHECK_KEY);
    // One that is no more the office's goes away again.
    fs::remove_file(desk.path("massho-revocations.json")).unwrap();
    desk.bad(CHECK_KEY, "list of revoked sticks is not the present one");
    desk.good(PREPARE);
    desk.good(CHECK_KEY);
}

#[test]
fn an_altered_stick_is_named_and_the_disk_signature_of_windows_is_not_taken_for_it() {
    let desk = Desk::new();
    desk.alter(|bytes| bytes[440..444].copy_from_slice(&[1, 2, 3, 4]));
    let printed = desk.good(CHECK);
    assert!(printed.contains("except for four"), "{printed}");
    for at in [0, 439, 444, 446, 511, 512, FIXED - 1] {
        let desk = Desk::new();
        desk.alter(|bytes| bytes[at] ^= 1);
        let (good, printed) = desk.run(CHECK);
        assert!(!good, "{at}: {printed}");
    }
    let desk = Desk::new();
    desk.alter(|bytes| bytes[FIXED - 1] ^= 1);
    desk.bad(CHECK, "are not those of massho 0.1.0");
    desk.alter(|bytes| bytes.truncate(FIXED - 1));
    desk.bad(CHECK, "There is no boot stick of massho");
}

#[test]
fn another_organisations_key_and_foreign_files_are_named() {
    let (desk, other) = (Desk::new(), Desk::new());
    let foreign = other.path("massho-organisation.json").display().to_string();
    desk.good(&format!("boot prepare @massho.iso --org-key {foreign}"));
    desk.bad(CHECK_KEY, "is not yours");
    let mut document = fs::read(desk.path("massho-organisation.json")).unwrap();
    let at = document.len() / 2;
    document[at] ^= 1;
    fs::write(desk.path("altered.json"), document).unwrap();
    desk.bad("boot prepare @massho.iso --org-key @altered.json", "is not the document it should be");
    desk.alter(|bytes| {
        let mut partition = Cursor::new(bytes.split_off(FIXED));
        {
            let filesystem = FileSystem::new(&mut partition, FsOptions::new()).unwrap();
            filesystem.root_dir().create_file("autorun.inf").unwrap();
            filesystem.root_dir().create_dir("System Volume Information").unwrap();
        }
        bytes.extend(partition.into_inner());
    });
    let (good, printed) = desk.run(CHECK);
    assert!(!good && printed.contains("autorun.inf") && !printed.contains("System Volume"), "{printed}");
}

#[test]
fn a_decoy_of_the_key_and_a_manifest_with_control_characters_are_refused() {
    let desk = Desk::new();
    desk.good(PREPARE);
    desk.alter(|bytes| {
        let mut partition = Cursor::new(bytes.split_off(FIXED));
        {
            let filesystem = FileSystem::new(&mut partition, FsOptions::new()).unwrap();
            let folder = filesystem.root_dir().open_dir("massho").unwrap();
            folder.create_file("massho-organixation.json").unwrap().write_all(b"{}").unwrap();
        }
        let mut partition = partition.into_inner();
        // A long s, which some programs take for an s, in the long name's second entry.
        let at = partition.windows(10).position(|window| window == b"x\0a\0t\0i\0o\0").unwrap();
        partition[at..at + 2].copy_from_slice(&[0x7F, 0x01]);
        bytes.extend(partition);
    });
    desk.bad(CHECK_KEY, "two entries of the name");
    let desk = Desk::new();
    let manifest = fs::read_to_string(desk.path("manifest.json")).unwrap();
    fs::write(desk.path("manifest.json"), manifest.replace("0.1.0", "0.1.0\\u001b[2K")).unwrap();
    desk.bad(CHECK, "no manifest");
}

#[test]
fn last_years_key_and_what_is_no_boot_stick_are_refused() {
    let desk = Desk::new();
    let old = desk.path("old");
    fs::create_dir(&old).unwrap();
    desk.good(&format!(
        "key new --name 架空市 --fiscal-year 2019 --passphrase-file @root.txt --keys {}",
        old.display()
    ));
    desk.bad("boot prepare @massho.iso --org-key @old/massho-organisation.json", "and not today");
    fs::write(desk.path("other.iso"), vec![0; 1 << 20]).unwrap();
    desk.bad("boot prepare @other.iso --org-key @massho-organisation.json", "no boot stick of massho");
    desk.bad("check-boot @massho.iso --manifest @root.txt", "no manifest");
    desk.manifest(json!({ "len": FIXED, "sha256": "", "disk_signature": "xyz" }));
    desk.bad(CHECK, "no manifest");
}

#[test]
fn only_a_device_is_written() {
    let desk = Desk::new();
    fs::write(desk.path("file"), vec![0; 8 << 20]).unwrap();
    desk.bad("boot write @massho.iso @file --yes", "is no device");
    desk.bad("boot write @massho.iso /dev/null --yes", "is no device");
    desk.bad("boot write @file /dev/null --yes", "no boot stick of massho");
    assert!(fs::read(desk.path("file")).unwrap().iter().all(|byte| *byte == 0));
}

#[test]
fn a_stick_to_which_the_files_were_copied_is_checked_by_file() {
    let desk = Desk::new();
    let stick = desk.path("stick");
    for (name, bytes) in [
        ("boot/vmlinuz", b"kernel".to_vec()),
        ("massho/image.toml", format!("image = \"{IMAGE}\"\n").into_bytes()),
    ] {
        let path = stick.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let check = "check-boot @stick --manifest @manifest.json --org-key @massho-organisation.json";
    desk.good("boot prepare @stick --org-key @massho-organisation.json");
    assert!(desk.good(check).contains("all 1 files are as released"));
    fs::create_dir(stick.join("EFI")).unwrap();
    fs::write(stick.join("EFI/BOOT.EFI"), b"x").unwrap();
    desk.bad(check, "EFI/BOOT.EFI is not of the release");
    fs::remove_file(stick.join("EFI/BOOT.EFI")).unwrap();
    fs::write(stick.join("boot/vmlinuz"), b"kernal").unwrap();
    desk.bad(check, "boot/vmlinuz is not the one of the release");
    fs::remove_file(stick.join("boot/vmlinuz")).unwrap();
    desk.bad(check, "boot/vmlinuz is missing");
}
