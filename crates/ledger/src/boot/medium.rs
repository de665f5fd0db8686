//! The filesystem of a boot stick that takes the office's documents: on a stick, in an image's file, or mounted.

use super::problem::BootProblem;
use crate::partitions::stretches;
use crate::window::Window;
use fatfs::{Dir, FileSystem, FsOptions};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The folder of massho's own files, and the file in it that every image has.
pub(super) const FOLDER: &str = "massho";
const ABOUT: &str = "image.toml";
/// What the image brings to the partition itself.
const OWN: [&str; 2] = ["massho-start.txt", "massho/image.toml"];
/// Windows makes this on every drive.
const OF_WINDOWS: &str = "system volume information";
/// Files there are short.
const LONGEST: u64 = 16 << 20;
/// A folder that goes in circles ends here.
const MOST_FILES: usize = 10_000;

/// Where a boot stick takes the office's documents.
pub(super) enum Medium {
    /// A filesystem in a disk's partition, or filling it.
    Disk { disk: File, path: PathBuf, stretch: crate::partitions::Stretch },
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
                .and_then(|disk| FileSystem::new(Window::read_only(disk, *stretch), FsOptions::new()))
                .and_then(|filesystem| {
                    let Some(folder) = open_folder(&filesystem.root_dir())? else { return Ok(None) };
                    match folder.open_file(name) {
                        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                        Err(error) => Err(error),
                        Ok(file) => {
                            let mut bytes = Vec::new();
                            file.take(LONGEST).read_to_end(&mut bytes).map(|_| Some(bytes))
                        }
                    }
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
                    match folder.remove(name) {
                        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                        _ => {}
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
            let filesystem =
                FileSystem::new(Window::read_only(disk.try_clone()?, *stretch), FsOptions::new())?;
            let mut found = Vec::new();
            list(&filesystem.root_dir(), "", &mut found)?;
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

fn open_folder<'a>(root: &Dir<'a, Window>) -> io::Result<Option<Dir<'a, Window>>> {
    match root.open_dir(FOLDER) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

fn list(folder: &Dir<'_, Window>, path: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in folder.iter() {
        let entry = entry?;
        let name = entry.file_name();
        let full = format!("{path}{name}");
        if matches!(name.as_str(), "." | "..") || full.eq_ignore_ascii_case(OF_WINDOWS) {
            continue;
        }
        if found.len() >= MOST_FILES {
            return Ok(());
        }
        if entry.is_dir() {
            list(&entry.to_dir(), &format!("{full}/"), found)?;
        } else {
            found.push(full);
        }
    }
    Ok(())
}
