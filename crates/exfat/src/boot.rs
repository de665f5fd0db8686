//! The main boot sector (3.1): where everything is.

/// The parts of a volume, in bytes from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Where the FAT begins that counts.
    pub(crate) fat: u64,
    /// Where cluster 2 begins.
    pub(crate) heap: u64,
    /// How many clusters there are; the first one has number 2.
    pub(crate) clusters: u32,
    /// The first cluster of the root folder.
    pub(crate) root: u32,
    /// The size of a cluster is 2 to the power of this.
    cluster_shift: u8,
}

/// Why a boot sector is none of a volume that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// It does not begin and end as one.
    #[error("it is no exFAT volume")]
    NotExfat,
    /// Its sizes cannot be.
    #[error("its exFAT boot sector makes no sense")]
    Nonsense,
}

/// The first cluster's number.
const FIRST: u32 = 2;
/// The largest cluster is 32 MB (3.1.15).
const LARGEST_CLUSTER_SHIFT: u8 = 25;

/// Whether a volume with this first sector calls itself exFAT (3.1.1, 3.1.2).
#[must_use]
pub fn is_exfat(sector: &[u8]) -> bool {
    sector.get(3..11) == Some(b"EXFAT   ")
}

impl Shape {
    /// Reads a boot sector.
    ///
    /// # Errors
    /// [`ShapeError`]
    pub fn parse(sector: &[u8; 512]) -> Result<Self, ShapeError> {
        if !is_exfat(sector) || sector[510..] != [0x55, 0xaa] {
            return Err(ShapeError::NotExfat);
        }
        let number =
            |at: usize| u32::from_le_bytes([sector[at], sector[at + 1], sector[at + 2], sector[at + 3]]);
        let (sector_shift, cluster_sectors_shift, fats) = (sector[108], sector[109], sector[110]);
        let cluster_shift = sector_shift.saturating_add(cluster_sectors_shift);
        let sizes = (9..=12).contains(&sector_shift) && cluster_shift <= LARGEST_CLUSTER_SHIFT;
        if !sizes || !(1..=2).contains(&fats) {
            return Err(ShapeError::Nonsense);
        }
        let bytes = |sectors: u32| u64::from(sectors) << sector_shift;
        // ActiveFat, bit 0 of VolumeFlags: which of two counts (3.1.13.1).
        let second = fats == 2 && sector[106] & 1 == 1;
        let fat = bytes(number(80)) + if second { bytes(number(84)) } else { 0 };
        let shape =
            Self { fat, heap: bytes(number(88)), clusters: number(92), root: number(96), cluster_shift };
        if shape.has_cluster(shape.root) { Ok(shape) } else { Err(ShapeError::Nonsense) }
    }

    pub(crate) fn cluster_len(&self) -> u64 {
        1 << self.cluster_shift
    }

    pub(crate) fn has_cluster(&self, cluster: u32) -> bool {
        cluster.checked_sub(FIRST).is_some_and(|index| index < self.clusters)
    }

    pub(crate) fn place_of(&self, cluster: u32) -> u64 {
        self.heap + (u64::from(cluster.saturating_sub(FIRST)) << self.cluster_shift)
    }
}
