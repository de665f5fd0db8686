//! A volume as mkfs.exfat makes it, with files put in by hand as the specification has them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{CLUSTER, END, FAT, File, ROOT, empty, link, place_of};
use exfat::{Kind, Shape, ShapeError, Volume, VolumeError, is_exfat};
use proptest::prelude::*;
use std::io::Cursor;

/// A folder in cluster 10 with a file in one row and one whose second cluster lies before its first.
fn filled() -> Vec<u8> {
    let mut volume = empty();
    // After label, bitmap and upcase table; a deleted file is in between.
    let mut at = place_of(ROOT) + 3 * 32;
    let deleted = File { name: "gone", attributes: 0x20, flags: 1, first: 30, len: 1, valid: 1 };
    let next = deleted.put(&mut volume, at);
    (at..next).step_by(32).for_each(|entry| volume[entry] &= 0x7f);
    at = next;
    let len = CLUSTER as u64;
    File { name: "MASSHO-LOG", attributes: 0x10, flags: 1, first: 10, len, valid: len }.put(&mut volume, at);
    link(&mut volume, 10, END);
    let row = File {
        name: "20261123-014500-abababab.jsonl",
        attributes: 0x20,
        flags: 3,
        first: 20,
        len: 5000,
        valid: 4998,
    };
    let at = row.put(&mut volume, place_of(10));
    let chain = File { name: "記録.txt", attributes: 0x20, flags: 1, first: 23, len: 4100, valid: 4100 };
    chain.put(&mut volume, at);
    link(&mut volume, 23, 22);
    link(&mut volume, 22, END);
    volume[place_of(20)..place_of(22)].fill(b'r');
    volume[place_of(23)..place_of(24)].fill(b'1');
    volume[place_of(22)..place_of(23)].fill(b'2');
    volume
}

#[test]
fn a_volume_just_made_is_empty() {
    let volume = empty();
    assert!(is_exfat(&volume) && !is_exfat(&[0; 512]));
    assert_eq!(Volume::open(Cursor::new(volume)).unwrap().root().unwrap(), []);
}

#[test]
fn files_are_read_in_a_row_and_along_their_chain() {
    let mut volume = Volume::open(Cursor::new(filled())).unwrap();
    let root = volume.root().unwrap();
    let names: Vec<_> = root.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
    assert_eq!(names, [("MASSHO-LOG", Kind::Folder)]);
    let files = volume.folder(&root[0]).unwrap();
    assert_eq!(files[0].name, "20261123-014500-abababab.jsonl");
    assert_eq!((files[1].name.as_str(), files[1].kind), ("記録.txt", Kind::File));
    // The last two bytes were set apart and never written.
    let row = [vec![b'r'; 4998], vec![0; 2]].concat();
    assert_eq!(volume.file(&files[0], u64::MAX).unwrap(), row);
    let chain = [vec![b'1'; 4096], vec![b'2'; 4]].concat();
    assert_eq!(volume.file(&files[1], u64::MAX).unwrap(), chain);
    assert_eq!(volume.file(&files[1], 10).unwrap(), vec![b'1'; 10]);
    assert_eq!(volume.folder(&files[0]).unwrap(), []);
}

#[test]
fn a_chain_that_is_broken_is_told() {
    for broken in [23, 7, 0xffff_fff7, 0, END] {
        let mut volume = filled();
        link(&mut volume, 23, broken);
        let mut volume = Volume::open(Cursor::new(volume)).unwrap();
        let root = volume.root().unwrap();
        let files = volume.folder(&root[0]).unwrap();
        let read = volume.file(&files[1], u64::MAX);
        match broken {
            // A circle, or another file's cluster: whole, and not its own, which whoever reads a log finds out.
            23 | 7 => assert_eq!(read.unwrap().len(), 4100),
            _ => assert!(matches!(read, Err(VolumeError::Chain)), "{broken}"),
        }
    }
}

#[test]
fn what_is_no_exfat_or_makes_no_sense_is_refused() {
    let boot = |change: fn(&mut [u8; 512])| {
        let mut sector: [u8; 512] = empty()[..512].try_into().unwrap();
        change(&mut sector);
        Shape::parse(&sector)
    };
    assert!(boot(|_| {}).is_ok());
    assert_eq!(boot(|sector| sector[3] = b'e'), Err(ShapeError::NotExfat));
    assert_eq!(boot(|sector| sector[511] = 0), Err(ShapeError::NotExfat));
    assert_eq!(boot(|sector| sector[108] = 8), Err(ShapeError::Nonsense));
    assert_eq!(boot(|sector| sector[109] = 17), Err(ShapeError::Nonsense));
    assert_eq!(boot(|sector| sector[110] = 0), Err(ShapeError::Nonsense));
    assert_eq!(boot(|sector| sector[96] = 0), Err(ShapeError::Nonsense));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_lead_astray(
        boot in prop::collection::vec((0..512usize, any::<u8>()), 0..8),
        folders in prop::collection::vec((place_of(ROOT)..place_of(11), any::<u8>()), 0..40),
        fat in prop::collection::vec((FAT..FAT + 128, any::<u8>()), 0..20),
    ) {
        let mut volume = filled();
        for (place, byte) in boot.into_iter().chain(folders).chain(fat) {
            volume[place] = byte;
        }
        if let Ok(mut volume) = Volume::open(Cursor::new(volume)) {
            for entry in volume.root().unwrap_or_default() {
                for file in volume.folder(&entry).unwrap_or_default() {
                    let _ = volume.file(&file, 1 << 20);
                }
            }
        }
    }
}

#[test]
fn folders_lie_in_each_other() {
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let volume = common::with_files(&[("A", vec![file("one", b"1")]), ("B", vec![file("two", &[2; 9000])])]);
    let mut volume = Volume::open(Cursor::new(volume)).unwrap();
    let root = volume.root().unwrap();
    let outer = volume.folder(&root[0]).unwrap();
    assert_eq!((outer[0].name.as_str(), outer[1].name.as_str()), ("one", "B"));
    let inner = volume.folder(&outer[1]).unwrap();
    assert_eq!(volume.file(&inner[0], u64::MAX).unwrap(), vec![2; 9000]);
}
