//! A volume as mkfs.exfat made it, and files put into it by hand, as the specification has them.
#![allow(dead_code, reason = "each test program uses its own part of this")]
#![allow(unreachable_pub, missing_docs, reason = "shared between test programs")]

const LEN: usize = 2 << 20;
/// Where the fixture has its FAT, its root folder, and cluster 2; its clusters have 4096 bytes.
pub const FAT: usize = 0x3000;
const HEAP: usize = 0x4000;
pub const ROOT: usize = 5;
pub const CLUSTER: usize = 4096;
pub const END: u32 = 0xffff_ffff;

/// The volume that was just made.
pub fn empty() -> Vec<u8> {
    let mut volume = vec![0; LEN];
    let lines = include_str!("../volumes/mkfs.hex").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let (place, bytes) = line.split_once(' ').unwrap();
        let place = usize::from_str_radix(place, 16).unwrap();
        volume[place..place + 32].copy_from_slice(&hex::decode(bytes).unwrap());
    }
    volume
}

pub fn place_of(cluster: usize) -> usize {
    HEAP + (cluster - 2) * CLUSTER
}

pub fn link(volume: &mut [u8], cluster: usize, next: u32) {
    volume[FAT + cluster * 4..FAT + cluster * 4 + 4].copy_from_slice(&next.to_le_bytes());
}

/// What a set of entries says.
pub struct File<'a> {
    pub name: &'a str,
    pub attributes: u8,
    pub flags: u8,
    pub first: u32,
    pub len: u64,
    pub valid: u64,
}

impl File<'_> {
    /// Puts the set at this place; returns where the next one goes.
    pub fn put(&self, volume: &mut [u8], at: usize) -> usize {
        let units: Vec<u16> = self.name.encode_utf16().collect();
        let names = units.len().div_ceil(15);
        let mut set = vec![0; 64 + names * 32];
        (set[0], set[1], set[4]) = (0x85, u8::try_from(names + 1).unwrap(), self.attributes);
        (set[32], set[33], set[35]) = (0xc0, self.flags, u8::try_from(units.len()).unwrap());
        set[40..48].copy_from_slice(&self.valid.to_le_bytes());
        set[52..56].copy_from_slice(&self.first.to_le_bytes());
        set[56..64].copy_from_slice(&self.len.to_le_bytes());
        for (entry, part) in units.chunks(15).enumerate() {
            let entry = 64 + entry * 32;
            set[entry] = 0xc1;
            for (at, unit) in part.iter().enumerate() {
                set[entry + 2 + at * 2..entry + 4 + at * 2].copy_from_slice(&unit.to_le_bytes());
            }
        }
        volume[at..at + set.len()].copy_from_slice(&set);
        at + set.len()
    }
}

/// A folder's name, and the names and contents of its files.
pub type Folder<'a> = (&'a str, Vec<(String, Vec<u8>)>);

/// A volume with these files in these folders, which lie in each other. The first cluster that is used is the tenth.
pub fn with_files(folders: &[Folder<'_>]) -> Vec<u8> {
    let mut volume = empty();
    let (mut at, mut next) = (place_of(ROOT) + 3 * 32, 10);
    for (folder, files) in folders {
        let within = next;
        next += 1;
        let len = CLUSTER as u64;
        let first = u32::try_from(within).unwrap();
        at = File { name: folder, attributes: 0x10, flags: 3, first, len, valid: len }.put(&mut volume, at);
        let mut inner = place_of(within);
        for (name, bytes) in files {
            let (first, len) = (u32::try_from(next).unwrap(), bytes.len() as u64);
            inner = File { name, attributes: 0x20, flags: 3, first, len, valid: len }.put(&mut volume, inner);
            volume[place_of(next)..place_of(next) + bytes.len()].copy_from_slice(bytes);
            next += bytes.len().div_ceil(CLUSTER);
        }
        at = if folders.len() > 1 { inner } else { at };
    }
    volume
}
