//! The filesystem of a boot stick that takes the office's documents: on a stick, in an image's file, or mounted.

use super::problem::BootProblem;
use crate::partitions::{Stretch, stretches};
use crate::window::Window;
use fatfs::{Dir, DirEntry, FileSystem, FsOptions};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The folder of massho's own files, and the file in it that every image has.
pub(super) const FOLDER: &str = "massho";
const ABOUT: &str = "image.toml";
/// What the image brings to the partition itself.
const OWN: [&str; 2] = ["massho-start.txt", "massho/image.toml"];
/// Windows makes these on every drive.
const OF_WINDOWS: [&str; 2] = ["system volume information", "$recycle.bin"];
/// Files there are short.
const LONGEST: u64 = 16 << 20;
/// More entries than that partition ever has, and deeper folders: what goes in circles ends here.
const MOST_ENTRIES: usize = 10_000;
const DEEPEST: usize = 8;
/// How much is read of it, in bytes, for the same reason.
const MOST_READ: u64 = 256 << 20;

/// Where a boot stick takes the office's documents.
pub(super) enum Medium {
    /// A filesystem in a disk's partition, or filling it.
    Disk { disk: File, path: PathBuf, stretch: Stretch },
    /// A mounted one.
    Folder(PathBuf),
}

impl Medium {
    /// The place on this disk.
    pub(super) fn on_disk(disk: File, path: &Path) -> Result<Self, BootProblem> {
        let mut look = disk.try_clone().map_err(|error| BootProblem::Unreadable(path.to_owned(), error))?;
        let found = stretches(&mut look).map_err(|error| BootProblem::Unreadable(path.to_owned(), error))?;
        for stretch in found {
            let medium = Self::Disk {
                disk: disk.try_clone().map_err(|error| BootProblem::Unreadable(path.to_owned(), error))?,
                path: path.to_owned(),
                stretch,
            };
            if medium.read(ABOUT).is_ok_and(|about| about.is_some()) {
                return Ok(medium);
            }
        }
        Err(BootProblem::NoBootStick(path.to_owned()))
    }

    /// The mounted one.
    pub(super) fn in_folder(path: &Path) -> Result<Self, BootProblem> {
        let medium = Self::Folder(path.to_owned());
        match medium.read(ABOUT) {
            Ok(Some(_)) => Ok(medium),
            _ => Err(BootProblem::NoBootStick(path.to_owned())),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Disk { path, .. } | Self::Folder(path) => path,
        }
    }

    /// What it says of the image on it: a line `image = "NAME"` among others.
    pub(super) fn image(&self) -> Result<String, BootProblem> {
        let about = self.read(ABOUT)?.unwrap_or_default();
        let about = String::from_utf8_lossy(&about).into_owned();
        let name = about.lines().find_map(|line| line.strip_prefix("image = \"")?.strip_suffix('"'));
        Ok(name.unwrap_or_default().to_owned())
    }

    /// A file of massho's folder.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, BootProblem> {
        let read = match self {
            Self::Folder(root) => match fs::read(root.join(FOLDER).join(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                other => other.map(Some),
            },
            Self::Disk { disk, stretch, .. } => disk
                .try_clone()
                .and_then(|disk| FileSystem::new(window(disk, *stretch), FsOptions::new()))
                .and_then(|filesystem| {
                    let Some(folder) = open_folder(&filesystem.root_dir())? else { return Ok(None) };
                    let Some(entry) = only(&folder, name)?.filter(DirEntry::is_file) else { return Ok(None) };
                    let mut bytes = Vec::new();
                    entry.to_file().take(LONGEST).read_to_end(&mut bytes).map(|_| Some(bytes))
                }),
        };
        read.map_err(|error| BootProblem::Unreadable(self.path().to_owned(), error))
    }

    /// Puts a file into massho's folder in the place of one that may be there, or takes that away; then reads it back.
    pub(super) fn put(&self, name: &str, bytes: Option<&[u8]>) -> Result<(), BootProblem> {
        let unwritable = |error| BootProblem::Unwritable(self.path().to_owned(), error);
        self.write(name, bytes).map_err(unwritable)?;
        if self.read(name)?.as_deref() == bytes {
            Ok(())
        } else {
            Err(BootProblem::ReadBack(self.path().to_owned()))
        }
    }

    fn write(&self, name: &str, bytes: Option<&[u8]>) -> io::Result<()> {
        match self {
            Self::Folder(root) => {
                let path = root.join(FOLDER).join(name);
                match (bytes, fs::remove_file(&path)) {
                    (_, Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
                    (None, _) => Ok(()),
                    (Some(bytes), _) => {
                        let mut file = File::create_new(&path)?;
                        file.write_all(bytes)?;
                        file.sync_all()
                    }
                }
            }
            Self::Disk { disk, stretch, .. } => {
                let window = Window::writable(disk.try_clone()?, *stretch);
                let filesystem = FileSystem::new(window, FsOptions::new())?;
                {
                    let root = filesystem.root_dir();
                    let folder = open_folder(&root)?.ok_or(io::ErrorKind::NotFound)?;
                    if only(&folder, name)?.is_some() {
                        folder.remove(name)?;
                    }
                    if let Some(bytes) = bytes {
                        let mut file = folder.create_file(name)?;
                        file.write_all(bytes)?;
                        file.flush()?;
                    }
                }
                filesystem.unmount()?;
                disk.sync_all()?;
                // What is read back comes from the medium.
                forget(disk)
            }
        }
    }

    /// Files that neither the image nor the office put there, on the partition of its own. Of a stick to which the files
    /// were copied the manifest knows more.
    pub(super) fn strangers(&self, ours: &[&str]) -> Result<Vec<String>, BootProblem> {
        let Self::Disk { disk, stretch, path } = self else { return Ok(Vec::new()) };
        let listed = || -> io::Result<Vec<String>> {
            let filesystem = FileSystem::new(window(disk.try_clone()?, *stretch), FsOptions::new())?;
            let mut found = Vec::new();
            list(&filesystem.root_dir(), "", 0, &mut found)?;
            Ok(found)
        };
        let listed = listed().map_err(|error| BootProblem::Unreadable(path.clone(), error))?;
        let is_ours = |file: &String| {
            let in_folder = file.strip_prefix("massho/").is_some_and(|name| ours.contains(&name));
            in_folder || OWN.contains(&file.as_str())
        };
        Ok(listed.into_iter().filter(|file| !is_ours(file)).collect())
    }
}

/// Lets go of what the kernel holds of a disk in memory.
pub(super) fn forget(disk: &File) -> io::Result<()> {
    rustix::fs::fadvise(disk, 0, None, rustix::fs::Advice::DontNeed).map_err(io::Error::from)
}

fn window(disk: File, stretch: Stretch) -> Window {
    Window::read_only(disk, stretch).at_most(MOST_READ)
}

fn open_folder<'a>(root: &Dir<'a, Window>) -> io::Result<Option<Dir<'a, Window>>> {
    Ok(only(root, FOLDER)?.filter(DirEntry::is_dir).map(|folder| folder.to_dir()))
}

/// The entry of that name. Programs differ in which names they take for the same (by case folding, by the short name), so
/// two that any of them could take for this one are an error: an appliance may not see another key there than this.
fn only<'a>(folder: &Dir<'a, Window>, name: &str) -> io::Result<Option<DirEntry<'a, Window>>> {
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
        (Some(_), _) => Err(io::Error::other(format!("two entries of the name {name}"))),
    }
}

fn list(folder: &Dir<'_, Window>, path: &str, depth: usize, found: &mut Vec<String>) -> io::Result<()> {
    for (count, entry) in folder.iter().enumerate() {
        let entry = entry?;
        let name = entry.file_name();
        let full = format!("{path}{name}");
        let of_windows = OF_WINDOWS.iter().any(|name| full.eq_ignore_ascii_case(name));
        if matches!(name.as_str(), "." | "..") || of_windows {
            continue;
        }
        if depth > DEEPEST || count > MOST_ENTRIES || found.len() > MOST_ENTRIES {
            return Err(io::Error::other("folders without end"));
        }
        if entry.is_dir() {
            list(&entry.to_dir(), &format!("{full}/"), depth + 1, found)?;
        } else {
            found.push(full);
        }
    }
    Ok(())
}
