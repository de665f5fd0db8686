//! The folder of the boot medium that holds what the office put there. Read in user space, like everything that is not
//! the results stick.

use crate::facts::Probe;
use crate::marks::{IMAGE_FILE, IMAGE_FOLDER, Marks, ReadOnly};
use crate::scan::Found;
use fatfs::{Dir, DirEntry, FileSystem, FsOptions};
use model::ByteLen;
use std::collections::BTreeMap;
use std::io::{self, Read};
use transport::{Access, BlockIo, Geometry, IoFailure, Node, PageBuffer};

/// More than any file there that is read: the list of revoked sticks is the longest.
const LONGEST_FILE: u64 = 4 << 20;
/// The MBR's table of partitions, and the length of an entry.
const TABLE: usize = 446;
const ENTRY: usize = 16;
/// Partition tables of an MBR count in these, whatever the medium's block size: the image is written for all.
const SECTOR: u64 = 512;

/// What lies in the folder of one boot medium: files by name.
pub type BootFiles = BTreeMap<&'static str, Vec<u8>>;

/// Reads files of these names off every medium that carries this very image, whose name is `image`. A medium of another
/// image, or one that cannot be read, is passed over. Blocks for as long as the media do.
#[must_use]
pub fn boot_files(found: &[Found], image: &str, names: &[&'static str]) -> Vec<BootFiles> {
    let carries = |found: &&Found| {
        found.facts.probe != Probe::Unfinished
            && found.facts.volumes().any(|volume| volume.marks == Ok(Marks::BootImage))
    };
    let read = |found: &Found| {
        let node = Node::open(&found.facts.whole.node, Access::Read).ok()?;
        files_of(&node, image, names)
    };
    found.iter().filter(carries).filter_map(read).collect()
}

/// The files of a medium, if it carries the image.
fn files_of(medium: &dyn BlockIo, image: &str, names: &[&'static str]) -> Option<BootFiles> {
    volumes(medium).into_iter().find_map(|volume| {
        // A filesystem from outside must not take this program down with it.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| folder(&volume, image, names)));
        read.ok().and_then(Result::ok).flatten()
    })
}

/// The whole medium, and each primary partition of its MBR. The kernel does not look for partitions on a CD.
fn volumes(medium: &dyn BlockIo) -> Vec<Stretch<'_>> {
    let len = medium.geometry().len.0;
    let mut volumes = vec![Stretch { medium, begin: 0, len }];
    let mut page = PageBuffer::new(PageBuffer::PAGE);
    if len < PageBuffer::PAGE as u64 || medium.read_at(0, page.bytes_mut()).is_err() {
        return volumes;
    }
    let sector = page.bytes();
    if sector.get(510..512) != Some(&[0x55, 0xAA]) {
        return volumes;
    }
    let number = |entry: &[u8], at: usize| {
        entry.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
    };
    let align = u64::from(medium.geometry().block.bytes());
    for entry in sector.get(TABLE..510).unwrap_or_default().chunks_exact(ENTRY) {
        let (begin, count) = (u64::from(number(entry, 8)) * SECTOR, u64::from(number(entry, 12)) * SECTOR);
        if count > 0 && begin > 0 && begin % align == 0 && begin + count <= len {
            volumes.push(Stretch { medium, begin, len: count });
        }
    }
    volumes
}

fn folder(volume: &Stretch<'_>, image: &str, names: &[&'static str]) -> io::Result<Option<BootFiles>> {
    let filesystem = FileSystem::new(ReadOnly::of(volume), FsOptions::new())?;
    let Some(folder) = only(&filesystem.root_dir(), IMAGE_FOLDER)?.filter(DirEntry::is_dir) else {
        return Ok(None);
    };
    let folder = folder.to_dir();
    let about = file(&folder, IMAGE_FILE)?.unwrap_or_default();
    let wanted = format!("image = \"{image}\"");
    if image.is_empty() || !String::from_utf8_lossy(&about).lines().any(|line| line == wanted) {
        return Ok(None);
    }
    let mut files = BootFiles::new();
    for name in names {
        if let Some(bytes) = file(&folder, name)? {
            files.insert(name, bytes);
        }
    }
    Ok(Some(files))
}

fn file(folder: &Dir<'_, ReadOnly<'_>>, name: &str) -> io::Result<Option<Vec<u8>>> {
    let Some(entry) = only(folder, name)?.filter(DirEntry::is_file) else { return Ok(None) };
    let mut bytes = Vec::new();
    entry.to_file().take(LONGEST_FILE).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// The entry of that name. Programs differ in which names they take for the same (by case folding, by the short name), so
/// two that any of them could take for this one are an error: nobody may see another key there than somebody else.
fn only<'a, 'b>(
    folder: &Dir<'a, ReadOnly<'b>>,
    name: &str,
) -> io::Result<Option<DirEntry<'a, ReadOnly<'b>>>> {
    let mut alike = Vec::new();
    for entry in folder.iter() {
        let entry = entry?;
        let long = entry.file_name();
        let short = entry.short_file_name().eq_ignore_ascii_case(name);
        if short || long.to_uppercase() == name.to_uppercase() {
            alike.push((long.eq_ignore_ascii_case(name), entry));
        }
    }
    match (alike.pop(), alike.len()) {
        (Some((exact, entry)), 0) => Ok(exact.then_some(entry)),
        (None, _) => Ok(None),
        (Some(_), _) => Err(io::Error::other("two entries of one name")),
    }
}

/// A part of a medium. It cannot be written.
struct Stretch<'a> {
    medium: &'a dyn BlockIo,
    begin: u64,
    len: u64,
}

impl BlockIo for Stretch<'_> {
    fn geometry(&self) -> Geometry {
        Geometry { len: ByteLen(self.len), ..self.medium.geometry() }
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
        self.medium.read_at(self.begin + offset, buffer)
    }
    fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
        Err(IoFailure::Gone)
    }
    fn flush(&self) -> Result<(), IoFailure> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fatfs::{FormatVolumeOptions, format_volume};
    use model::BlockSize;
    use std::io::Write;

    struct Memory(Vec<u8>, BlockSize);

    impl BlockIo for Memory {
        fn geometry(&self) -> Geometry {
            Geometry { len: ByteLen(self.0.len() as u64), block: self.1 }
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
            assert_eq!(offset % u64::from(self.1.bytes()), 0, "a read that a real node refuses");
            let from = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(self.0.get(from..from + buffer.len()).ok_or(IoFailure::Gone)?);
            Ok(())
        }
        fn write_at(&self, _: u64, _: &[u8]) -> Result<(), IoFailure> {
            panic!("reading must not write")
        }
        fn flush(&self) -> Result<(), IoFailure> {
            Ok(())
        }
    }

    const KEY: &str = "massho-organisation.json";
    const IMAGE: &str = "bea3d30ad22818267aae0a979e1ae135";

    fn fat(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut volume = io::Cursor::new(vec![0; 4 << 20]);
        format_volume(&mut volume, FormatVolumeOptions::new()).unwrap();
        {
            let filesystem = FileSystem::new(&mut volume, FsOptions::new()).unwrap();
            filesystem.root_dir().create_dir("massho").unwrap();
            for (name, bytes) in files {
                filesystem.root_dir().create_file(name).unwrap().write_all(bytes).unwrap();
            }
        }
        volume.into_inner()
    }

    /// A medium with the volume as third partition, at that byte.
    fn medium(begin: u32, volume: &[u8], block: u32) -> Memory {
        let begin_byte = usize::try_from(begin).unwrap();
        let mut bytes = vec![0; begin_byte];
        bytes.extend(volume);
        bytes[510..512].copy_from_slice(&[0x55, 0xAA]);
        let entry = &mut bytes[TABLE + 2 * ENTRY..TABLE + 3 * ENTRY];
        entry[4] = 0x0C;
        entry[8..12].copy_from_slice(&(begin / 512).to_le_bytes());
        entry[12..16].copy_from_slice(&u32::try_from(volume.len() / 512).unwrap().to_le_bytes());
        Memory(bytes, BlockSize::new(block).unwrap())
    }

    fn about() -> Vec<u8> {
        format!("image = \"{IMAGE}\"\nversion = \"1\"\n").into_bytes()
    }

    #[test]
    fn the_offices_files_are_read_from_the_partition_of_a_stick_and_of_a_cd() {
        let volume = fat(&[("massho/image.toml", &about()), ("massho/massho-organisation.json", b"key")]);
        let expected = BootFiles::from([(KEY, b"key".to_vec())]);
        for (begin, block) in [(1 << 20, 512), (1 << 20, 2048), (63 * 512, 512)] {
            assert_eq!(
                files_of(&medium(begin, &volume, block), IMAGE, &[KEY, "other"]),
                Some(expected.clone())
            );
        }
        // Written with the files copied: the filesystem fills the stick.
        assert_eq!(files_of(&Memory(volume, BlockSize::B512), IMAGE, &[KEY]), Some(expected));
    }

    #[test]
    fn a_stick_of_another_image_is_nobodys() {
        let volume = fat(&[("massho/image.toml", &about()), ("massho/massho-organisation.json", b"key")]);
        let medium = medium(1 << 20, &volume, 512);
        assert_eq!(files_of(&medium, "bea3d30ad22818267aae0a979e1ae136", &[KEY]), None);
        assert_eq!(files_of(&medium, "", &[KEY]), None);
        let unnamed =
            fat(&[("massho/image.toml", b"image = \"\"\n"), ("massho/massho-organisation.json", b"key")]);
        assert_eq!(files_of(&Memory(unnamed, BlockSize::B512), "", &[KEY]), None);
        let bare = fat(&[("massho/massho-organisation.json", b"key")]);
        assert_eq!(files_of(&Memory(bare, BlockSize::B512), IMAGE, &[KEY]), None);
        let none = fat(&[("massho/image.toml", &about())]);
        assert_eq!(files_of(&Memory(none, BlockSize::B512), IMAGE, &[KEY]), Some(BootFiles::new()));
    }

    #[test]
    fn a_second_file_that_another_program_would_take_for_the_key_makes_it_nobodys() {
        let about = about();
        let read = |volume: Vec<u8>| files_of(&Memory(volume, BlockSize::B512), IMAGE, &[KEY]);
        let key = ("massho/massho-organisation.json", b"key".as_slice());
        let decoy = ("massho/massho-organixation.json", b"decoy".as_slice());
        let about = ("massho/image.toml", about.as_slice());
        assert!(read(fat(&[about, key, decoy])).is_some_and(|files| files.contains_key(KEY)));
        assert_eq!(read(with_long_s(fat(&[about, key, decoy]))), None);
        // The decoy alone is not the key.
        assert_eq!(read(with_long_s(fat(&[about, decoy]))), Some(BootFiles::new()));
    }

    /// The same with a long s, which some take for an s, in the place of the x in a long name's second entry.
    fn with_long_s(mut volume: Vec<u8>) -> Vec<u8> {
        let at = volume.windows(10).position(|window| window == b"x\0a\0t\0i\0o\0").unwrap();
        volume[at..at + 2].copy_from_slice(&[0x7F, 0x01]);
        volume
    }

    #[test]
    fn nonsense_has_no_files() {
        for bytes in [vec![], vec![0xFF; 1 << 20], vec![0; 8192]] {
            assert_eq!(files_of(&Memory(bytes, BlockSize::B512), IMAGE, &[KEY]), None);
        }
        let volume = fat(&[("massho/image.toml", &about())]);
        let mut beyond = medium(1 << 20, &volume, 512);
        beyond.0.truncate((1 << 20) + 512);
        assert_eq!(files_of(&beyond, IMAGE, &[KEY]), None);
    }
}
