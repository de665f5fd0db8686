//! Reads the folders and files of an exFAT volume, as sticks over 32 GB have it, without mounting it and without writing.
//!
//! Clauses are those of Microsoft's "exFAT file system specification", revision 1.00. What a volume says of itself is not
//! trusted: every number is checked against the volume's own size, and a chain that runs in a circle comes to an end.
//! Checksums are not looked at, so that a damaged volume still gives what can be had of it; whoever reads a log there has
//! its signatures.

mod boot;
mod folder;

pub use boot::{Shape, ShapeError, is_exfat};
pub use folder::{Entry, Kind};

use std::io::{self, Read, Seek, SeekFrom};

/// Entries of the FAT (4.1).
const END_OF_CHAIN: u32 = 0xffff_ffff;
/// A folder has at most 256 MB (7.4): what is longer is none.
const LONGEST_FOLDER: u64 = 256 << 20;

/// An exFAT volume that is only read.
#[derive(Debug)]
pub struct Volume<D> {
    disk: D,
    shape: Shape,
}

/// Why a volume cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VolumeError {
    /// The disk cannot be read.
    #[error("the volume cannot be read")]
    Disk(#[from] io::Error),
    /// It is no exFAT volume, or one that makes no sense.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A chain of clusters leaves the volume, runs in a circle, or is too short.
    #[error("a file's chain of clusters is broken")]
    Chain,
}

/// Where the bytes of a file or a folder are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) first: u32,
    pub(crate) len: u64,
    pub(crate) order: Order,
}

/// How the clusters of a stretch follow each other (6.3.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// One after the other: the FAT says nothing of them.
    Contiguous,
    /// As the FAT says.
    Chained,
}

impl<D: Read + Seek> Volume<D> {
    /// Reads what the volume says of its own shape.
    ///
    /// # Errors
    /// [`VolumeError::Disk`], [`VolumeError::Shape`].
    pub fn open(mut disk: D) -> Result<Self, VolumeError> {
        let mut sector = [0; 512];
        disk.seek(SeekFrom::Start(0))?;
        disk.read_exact(&mut sector)?;
        let shape = Shape::parse(&sector)?;
        Ok(Self { disk, shape })
    }

    /// What is in the root folder.
    ///
    /// # Errors
    /// [`VolumeError::Disk`], [`VolumeError::Chain`].
    pub fn root(&mut self) -> Result<Vec<Entry>, VolumeError> {
        // Its length stands nowhere: it goes as far as its chain.
        let clusters = self.chain(self.shape.root, u64::from(self.shape.clusters))?;
        let mut bytes = Vec::new();
        for cluster in clusters {
            self.read_cluster(cluster, &mut bytes)?;
            // The last entry of a folder is all zeros (6.2.1.2), and mostly in its first cluster.
            if folder::has_end(&bytes) || bytes.len() as u64 > LONGEST_FOLDER {
                break;
            }
        }
        Ok(folder::entries(&bytes))
    }

    /// What is in a folder.
    ///
    /// # Errors
    /// [`VolumeError::Disk`], [`VolumeError::Chain`]; a file has nothing in it.
    pub fn folder(&mut self, entry: &Entry) -> Result<Vec<Entry>, VolumeError> {
        if entry.kind != Kind::Folder {
            return Ok(Vec::new());
        }
        let bytes = self.read_stretch(entry.stretch, LONGEST_FOLDER)?;
        Ok(folder::entries(&bytes))
    }

    /// The bytes of a file, at most so many. What was set apart for it and never written reads as zeros (7.6.5).
    ///
    /// # Errors
    /// [`VolumeError::Disk`], [`VolumeError::Chain`].
    pub fn file(&mut self, entry: &Entry, most: u64) -> Result<Vec<u8>, VolumeError> {
        let mut bytes = self.read_stretch(entry.stretch, most)?;
        let valid = usize::try_from(entry.valid).unwrap_or(usize::MAX);
        if let Some(unwritten) = bytes.get_mut(valid..) {
            unwritten.fill(0);
        }
        Ok(bytes)
    }

    fn read_stretch(&mut self, stretch: Stretch, most: u64) -> Result<Vec<u8>, VolumeError> {
        let len = stretch.len.min(most);
        let count = len.div_ceil(self.shape.cluster_len());
        let clusters = match stretch.order {
            _ if count == 0 => Vec::new(),
            Order::Contiguous => self.row(stretch.first, count)?,
            Order::Chained => self.chain(stretch.first, count)?,
        };
        if (clusters.len() as u64) < count {
            return Err(VolumeError::Chain);
        }
        let mut bytes = Vec::new();
        clusters.into_iter().try_for_each(|cluster| self.read_cluster(cluster, &mut bytes))?;
        bytes.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    fn row(&self, first: u32, count: u64) -> Result<Vec<u32>, VolumeError> {
        let end = u64::from(first).saturating_add(count);
        if !self.shape.has_cluster(first) || end > u64::from(self.shape.clusters) + 2 {
            return Err(VolumeError::Chain);
        }
        (u64::from(first)..end)
            .map(|cluster| u32::try_from(cluster).map_err(|_| VolumeError::Chain))
            .collect()
    }

    /// A chain's clusters, at most so many.
    fn chain(&mut self, first: u32, most: u64) -> Result<Vec<u32>, VolumeError> {
        let mut clusters = Vec::new();
        let mut next = first;
        while next != END_OF_CHAIN && (clusters.len() as u64) < most {
            // One with more clusters than there are runs in a circle.
            if !self.shape.has_cluster(next) || clusters.len() as u64 > u64::from(self.shape.clusters) {
                return Err(VolumeError::Chain);
            }
            clusters.push(next);
            let mut entry = [0; 4];
            self.disk.seek(SeekFrom::Start(self.shape.fat + u64::from(next) * 4))?;
            self.disk.read_exact(&mut entry)?;
            next = u32::from_le_bytes(entry);
        }
        Ok(clusters)
    }

    fn read_cluster(&mut self, cluster: u32, into: &mut Vec<u8>) -> Result<(), VolumeError> {
        let len = self.shape.cluster_len();
        self.disk.seek(SeekFrom::Start(self.shape.place_of(cluster)))?;
        let read = (&mut self.disk).take(len).read_to_end(into)?;
        if read as u64 == len { Ok(()) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()) }
    }
}
