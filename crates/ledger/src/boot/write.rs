//! Writing a boot stick, and reading it back.

use super::device::{self, Device};
use super::documents::Documents;
use super::medium::{Medium, forget};
use super::prepare::put;
use super::problem::BootProblem;
use crate::texts::{Texts, fill};
use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// How much is copied at a time, in bytes.
const CHUNK: usize = 4 << 20;

/// Who says that the device may be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// It is asked for.
    Ask,
    /// It was given on the command line.
    Given,
}

/// Writes the image to a device, reads it back, and puts the office's documents on it.
pub(super) fn write(
    texts: &Texts,
    (image, target): (&Path, &Path),
    documents: Option<&Documents>,
    consent: Consent,
) -> Result<String, BootProblem> {
    // Everything that can be wrong is, before anything is asked or written.
    if let Some(documents) = documents {
        documents.check_day()?;
    }
    let unreadable = |error| BootProblem::Unreadable(image.to_owned(), error);
    let source = File::open(image).map_err(unreadable)?;
    Medium::on_disk(source.try_clone().map_err(unreadable)?, image)?;
    let device = Device::look(Path::new(device::SYSFS), target)?;
    let len = source.metadata().map_err(unreadable)?.len();
    if device.len < len {
        return Err(BootProblem::TooSmall { path: target.to_owned(), len: device.len, needed: len });
    }
    let disk = device::open_alone(&device.node)?;
    device::check_no_records(&disk, target)?;
    if consent == Consent::Ask {
        ask(texts, &device)?;
    }
    copy(&source, &disk, (image, target), len)?;
    let written = fill(texts.boot.written, &[("path", &target.to_string_lossy()), ("len", &len.to_string())]);
    match documents {
        None => Ok(written + texts.boot.no_key),
        Some(documents) => Ok(written + &put(texts, &Medium::on_disk(disk, target)?, documents)?),
    }
}

/// Has the device's name typed: nothing that is only confirmed by a key is overwritten.
fn ask(texts: &Texts, device: &Device) -> Result<(), BootProblem> {
    let values = [
        ("path", device.node.to_string_lossy().into_owned()),
        ("model", crate::escape::for_terminal(&device.model)),
        ("gigabytes", format!("{}.{}", device.len / 1_000_000_000, device.len / 100_000_000 % 10)),
        ("name", device.name.clone()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let typed = || -> io::Result<String> {
        let mut out = io::stderr();
        write!(out, "{}", fill(texts.boot.ask, &values))?;
        out.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line)
    };
    let typed = typed().map_err(|error| BootProblem::Unreadable("/dev/stdin".into(), error))?;
    if typed.trim() == device.name { Ok(()) } else { Err(BootProblem::NotConfirmed) }
}

/// Copies all bytes and compares them with what the medium gives back.
fn copy(source: &File, disk: &File, (image, target): (&Path, &Path), len: u64) -> Result<(), BootProblem> {
    let unreadable = |error| BootProblem::Unreadable(image.to_owned(), error);
    let unwritable = |error| BootProblem::Unwritable(target.to_owned(), error);
    let mut from = source;
    let mut to = disk;
    from.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    to.seek(SeekFrom::Start(0)).map_err(unwritable)?;
    for size in chunks(len) {
        let mut bytes = vec![0; size];
        from.read_exact(&mut bytes).map_err(unreadable)?;
        to.write_all(&bytes).map_err(unwritable)?;
    }
    disk.sync_all().map_err(unwritable)?;
    forget(disk).map_err(unwritable)?;
    from.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    to.seek(SeekFrom::Start(0)).map_err(unwritable)?;
    for size in chunks(len) {
        let (mut expected, mut found) = (vec![0; size], vec![0; size]);
        from.read_exact(&mut expected).map_err(unreadable)?;
        to.read_exact(&mut found).map_err(|error| BootProblem::Unreadable(target.to_owned(), error))?;
        if expected != found {
            return Err(BootProblem::ReadBack(target.to_owned()));
        }
    }
    Ok(())
}

fn chunks(len: u64) -> impl Iterator<Item = usize> {
    let whole = CHUNK as u64;
    (0..len.div_ceil(whole)).map(move |at| usize::try_from((len - at * whole).min(whole)).unwrap_or(CHUNK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_copied_and_one_that_comes_back_otherwise_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(folder.path().join(name))
                .unwrap()
        };
        let len = CHUNK as u64 + 513;
        let bytes: Vec<u8> = (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect();
        open("image").write_all(&bytes).unwrap();
        open("disk").write_all(&vec![0xFF; bytes.len() + 4096]).unwrap();
        let names = (Path::new("image"), Path::new("disk"));
        copy(&open("image"), &open("disk"), names, len).unwrap();
        let disk = std::fs::read(folder.path().join("disk")).unwrap();
        assert_eq!(disk[..bytes.len()], bytes);
        assert!(disk[bytes.len()..].iter().all(|byte| *byte == 0xFF));
        // A device that takes writes and forgets them.
        let full = File::options().read(true).write(true).open("/dev/zero").unwrap();
        assert!(matches!(
            copy(&open("image"), &full, names, len),
            Err(BootProblem::ReadBack(_) | BootProblem::Unwritable(..))
        ));
        assert_eq!(chunks(len).sum::<usize>() as u64, len);
        assert_eq!(chunks(0).count(), 0);
    }
}
