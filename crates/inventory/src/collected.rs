//! Whether an office has every log of a stick. Its word is a file beside the logs; who may give it, the caller knows.

use crate::marks::ReadOnly;
use fatfs::{FileSystem, FsOptions};
use model::{COPY_FOLDER, COPY_SUFFIX, LOG_FOLDER, LOG_SUFFIX, RELEASE_FILE};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use transport::BlockIo;

/// More than any release: one names a log in about 120 bytes.
const LONGEST_RELEASE: u64 = 4 << 20;
/// How much is read of a stick to compare its logs, in bytes: a look at the drives has to come to an end. A stick with
/// more is not offered.
const MOST_LOGS: u64 = 32 << 20;

/// A log on a stick, or the copy of one, as it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// The name of its file; of a copy, that of its log.
    pub file: String,
    /// The SHA-256 of the whole file.
    pub sha256: [u8; 32],
}

/// Who can tell whether a release is genuine and covers these logs.
#[derive(Clone)]
pub struct Releases(Arc<Judge>);

type Judge = dyn Fn(&[u8], &[LogFile]) -> bool + Send + Sync;

impl Releases {
    /// Somebody who can.
    pub fn judged_by(judge: impl Fn(&[u8], &[LogFile]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(judge))
    }

    /// Whether the volume's release, if it has one, is genuine and covers every log on it. Any doubt is a no.
    pub(crate) fn cover(&self, volume: &dyn BlockIo) -> bool {
        // A filesystem from outside must not take this program down with it.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.read(volume)));
        read.is_ok_and(|covered| covered.unwrap_or(false))
    }

    fn read(&self, volume: &dyn BlockIo) -> io::Result<bool> {
        let filesystem = FileSystem::new(ReadOnly::of(volume), FsOptions::new())?;
        let mut folders = Vec::new();
        for entry in filesystem.root_dir().iter() {
            let entry = entry?;
            if entry.file_name().eq_ignore_ascii_case(LOG_FOLDER) {
                folders.push(entry);
            }
        }
        // Two of that name are no stick of ours.
        let [folder] = folders.as_slice() else { return Ok(false) };
        if !folder.is_dir() {
            return Ok(false);
        }
        let mut released = false;
        for entry in folder.to_dir().iter() {
            released |= entry?.file_name().eq_ignore_ascii_case(RELEASE_FILE);
        }
        // Most sticks have none, and their logs are not read at every look.
        if !released {
            return Ok(false);
        }
        let (mut release, mut found) = (None, Files { logs: Vec::new(), room: MOST_LOGS });
        for entry in folder.to_dir().iter() {
            let entry = entry?;
            let name = entry.file_name();
            match name.as_str() {
                "." | ".." => {}
                copies if entry.is_dir() && copies.eq_ignore_ascii_case(COPY_FOLDER) => {
                    for copy in entry.to_dir().iter() {
                        let copy = copy?;
                        match copy.file_name().as_str() {
                            "." | ".." => {}
                            _ if copy.is_dir() => return Ok(false),
                            name => found.add(name, COPY_SUFFIX, copy.to_file())?,
                        }
                    }
                }
                // What lies in there nobody has signed for.
                _ if entry.is_dir() => return Ok(false),
                name if name.eq_ignore_ascii_case(RELEASE_FILE) => {
                    release = Some(take(entry.to_file(), LONGEST_RELEASE)?);
                }
                name => found.add(name, LOG_SUFFIX, entry.to_file())?,
            }
        }
        Ok(release.is_some_and(|release| !found.logs.is_empty() && self.0(&release, &found.logs)))
    }
}

/// The logs found so far.
struct Files {
    logs: Vec<LogFile>,
    /// How much more may be read.
    room: u64,
}

impl Files {
    /// Takes a file, if its name ends so.
    fn add(&mut self, name: &str, suffix: &str, file: impl Read) -> io::Result<()> {
        let lower = name.to_ascii_lowercase();
        let Some(stem) = lower.strip_suffix(suffix) else { return Ok(()) };
        let bytes = take(file, self.room)?;
        self.room = self.room.saturating_sub(bytes.len() as u64);
        self.logs
            .push(LogFile { file: format!("{stem}{LOG_SUFFIX}"), sha256: Sha256::digest(&bytes).into() });
        Ok(())
    }
}

/// By default nobody can, and nothing is released.
impl Default for Releases {
    fn default() -> Self {
        Self::judged_by(|_, _| false)
    }
}

impl fmt::Debug for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Releases")
    }
}

/// A whole file that is no longer than that.
fn take(file: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fatfs::{FormatVolumeOptions, format_volume};
    use model::{BlockSize, ByteLen};
    use std::io::Write;
    use transport::{Geometry, IoFailure};

    struct Memory(Vec<u8>);

    impl BlockIo for Memory {
        fn geometry(&self) -> Geometry {
            Geometry { len: ByteLen(self.0.len() as u64), block: BlockSize::B512 }
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), IoFailure> {
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

    fn stick(folders: &[&str], files: &[(&str, &[u8])]) -> Memory {
        let mut image = io::Cursor::new(vec![0; 48 << 20]);
        format_volume(&mut image, FormatVolumeOptions::new()).unwrap();
        {
            let filesystem = FileSystem::new(&mut image, FsOptions::new()).unwrap();
            for folder in folders {
                filesystem.root_dir().create_dir(folder).unwrap();
            }
            for (name, bytes) in files {
                filesystem.root_dir().create_file(name).unwrap().write_all(bytes).unwrap();
            }
        }
        Memory(image.into_inner())
    }

    /// Takes `genuine` for a release of exactly these.
    fn of(known: &'static [(&'static str, &'static [u8])]) -> Releases {
        Releases::judged_by(move |release, logs| {
            let covers = |log: &LogFile| {
                let hash = |bytes: &[u8]| <[u8; 32]>::from(Sha256::digest(bytes));
                known.iter().any(|(name, bytes)| *name == log.file && hash(bytes) == log.sha256)
            };
            release == b"genuine" && logs.iter().all(covers)
        })
    }

    const KNOWN: &[(&str, &[u8])] = &[("a.jsonl", b"one"), ("b.jsonl", b"two")];
    const RELEASE: (&str, &[u8]) = ("MASSHO-LOG/release.json", b"genuine");
    const ONE: (&str, &[u8]) = ("MASSHO-LOG/a.jsonl", b"one");
    const TWO: (&str, &[u8]) = ("MASSHO-LOG/b.jsonl", b"two");

    #[test]
    fn every_log_and_a_genuine_release_are_needed() {
        let log = &["MASSHO-LOG"];
        let covered = |folders: &[&str], files: &[(&str, &[u8])]| of(KNOWN).cover(&stick(folders, files));
        assert!(covered(log, &[ONE, TWO, RELEASE]));
        assert!(covered(log, &[ONE, RELEASE]));
        assert!(!covered(log, &[ONE, TWO]), "no release");
        assert!(!covered(log, &[RELEASE]), "no log");
        assert!(!covered(log, &[ONE, ("MASSHO-LOG/release.json", b"forged")]));
        assert!(
            !covered(log, &[ONE, ("MASSHO-LOG/c.jsonl", b"three"), RELEASE]),
            "one that was not collected"
        );
        assert!(!covered(log, &[("MASSHO-LOG/a.jsonl", b"one\n"), RELEASE]), "one that went on afterwards");
        assert!(
            !covered(&["MASSHO-LOG", "MASSHO-LOG/more"], &[ONE, RELEASE]),
            "a folder that nobody looked into"
        );
        let with_copies = &["MASSHO-LOG", "MASSHO-LOG/COPY"];
        assert!(covered(with_copies, &[ONE, ("MASSHO-LOG/COPY/a.copy", b"one"), RELEASE]));
        assert!(
            !covered(with_copies, &[ONE, ("MASSHO-LOG/COPY/a.copy", b"one and more"), RELEASE]),
            "its copy says more"
        );
        assert!(!covered(with_copies, &[ONE, ("MASSHO-LOG/COPY/c.copy", b"three"), RELEASE]), "a copy alone");
        assert!(!covered(&[], &[("MASSHO-LOG", b"a file")]));
        assert!(!covered(&["other"], &[]));
        assert!(!Releases::default().cover(&stick(log, &[ONE, RELEASE])), "nobody to judge");
    }

    #[test]
    fn a_stick_with_more_than_is_read_is_not_offered() {
        let large = vec![b'x'; 33 << 20];
        let any = Releases::judged_by(|_, _| true);
        assert!(!any.cover(&stick(&["MASSHO-LOG"], &[("MASSHO-LOG/a.jsonl", &large), RELEASE])));
        assert!(any.cover(&stick(&["MASSHO-LOG"], &[ONE, RELEASE])));
    }

    #[test]
    fn no_filesystem_at_all_is_a_no() {
        let any = Releases::judged_by(|_, _| true);
        assert!(!any.cover(&Memory(vec![0xff; 1 << 20])));
        assert!(!any.cover(&Memory(vec![])));
    }
}
