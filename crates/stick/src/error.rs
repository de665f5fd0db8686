//! What can go wrong with a stick, and what a person can do about it.

use record::Fault;
use std::io;

/// What can go wrong with a results stick.
#[derive(Debug, thiserror::Error)]
pub enum StickError {
    /// No stick is there: none was given, or the last one was released.
    #[error("there is no results stick")]
    NoStick,
    /// The stick cannot be written: its switch, or a filesystem with errors.
    #[error("the results stick cannot be written to")]
    ReadOnly,
    /// There is no room.
    #[error("the results stick is full")]
    Full,
    /// The stick is not there any more.
    #[error("the results stick was removed")]
    Removed,
    /// Neither FAT nor exFAT is on it.
    #[error("the results stick has neither a FAT nor an exFAT filesystem")]
    NoFilesystem,
    /// This kernel knows neither FAT nor exFAT.
    #[error("this system can mount neither FAT nor exFAT")]
    NoDriver,
    /// What was read back from the medium is not what was written.
    #[error("the results stick does not give back what was written to it")]
    ReadBackDiffers,
    /// What was read back is the closed session, and it does not verify: a fault of this program.
    #[error("the session on the stick does not verify: {0:?}")]
    NotVerified(Fault),
    /// Every file name for this session is taken.
    #[error("the results stick has other files under every name for this session")]
    NamesTaken,
    /// The system failed otherwise.
    #[error("{operation:?} failed on the results stick")]
    Io {
        /// At what.
        operation: Operation,
        /// How.
        #[source]
        source: io::Error,
    },
}

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Mounting the filesystem.
    Mount,
    /// Unmounting it.
    Unmount,
    /// Making the log folder or opening it.
    OpenFolder,
    /// Listing and reading the logs there.
    ReadLogs,
    /// Making or opening the session's file.
    OpenFile,
    /// Writing to it.
    Write,
    /// Making what was written durable.
    Flush,
    /// Reading it back from the medium.
    ReadBack,
}

/// An error without its cause: the key of its text in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StickErrorKind {
    /// [`StickError::NoStick`]
    NoStick,
    /// [`StickError::ReadOnly`]
    ReadOnly,
    /// [`StickError::Full`]
    Full,
    /// [`StickError::Removed`]
    Removed,
    /// [`StickError::NoFilesystem`]
    NoFilesystem,
    /// [`StickError::NoDriver`]
    NoDriver,
    /// [`StickError::ReadBackDiffers`]
    ReadBackDiffers,
    /// [`StickError::NotVerified`]
    NotVerified,
    /// [`StickError::NamesTaken`]
    NamesTaken,
    /// [`StickError::Io`]
    Io,
}

impl StickErrorKind {
    /// Every kind, so that a catalogue can be checked for a text for each.
    pub const ALL: [Self; 10] = [
        Self::NoStick,
        Self::ReadOnly,
        Self::Full,
        Self::Removed,
        Self::NoFilesystem,
        Self::NoDriver,
        Self::ReadBackDiffers,
        Self::NotVerified,
        Self::NamesTaken,
        Self::Io,
    ];

    /// The name of the kind in catalogues and notices.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoStick => "no-stick",
            Self::ReadOnly => "stick-read-only",
            Self::Full => "stick-full",
            Self::Removed => "stick-removed",
            Self::NoFilesystem => "stick-no-filesystem",
            Self::NoDriver => "stick-no-driver",
            Self::ReadBackDiffers => "stick-read-back-differs",
            Self::NotVerified => "stick-not-verified",
            Self::NamesTaken => "stick-names-taken",
            Self::Io => "stick-io",
        }
    }

    /// What a person does now.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::NoStick => Advice::InsertStick,
            Self::ReadOnly => Advice::UnlockOrReplace,
            Self::Full => Advice::MakeRoomOrReplace,
            Self::Removed => Advice::PutBackOrReplace,
            Self::NoFilesystem => Advice::FormatOrReplace,
            Self::ReadBackDiffers | Self::Io | Self::NamesTaken => Advice::Replace,
            Self::NoDriver | Self::NotVerified => Advice::ReportFault,
        }
    }
}

/// What a person does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Insert a results stick.
    InsertStick,
    /// Move the stick's write-protect switch, or use another stick.
    UnlockOrReplace,
    /// Delete other files on a PC, or use another stick.
    MakeRoomOrReplace,
    /// Put the stick back, or use another one.
    PutBackOrReplace,
    /// Format the stick as FAT32 or exFAT on a PC, or use another one.
    FormatOrReplace,
    /// Use another stick.
    Replace,
    /// Nothing helps here: report it, with the log.
    ReportFault,
}

impl Advice {
    /// The name in catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InsertStick => "insert-stick",
            Self::UnlockOrReplace => "unlock-or-replace-stick",
            Self::MakeRoomOrReplace => "make-room-or-replace-stick",
            Self::PutBackOrReplace => "put-back-or-replace-stick",
            Self::FormatOrReplace => "format-or-replace-stick",
            Self::Replace => "replace-stick",
            Self::ReportFault => "report-fault",
        }
    }
}

impl StickError {
    /// The error without its cause.
    #[must_use]
    pub fn kind(&self) -> StickErrorKind {
        match self {
            Self::NoStick => StickErrorKind::NoStick,
            Self::ReadOnly => StickErrorKind::ReadOnly,
            Self::Full => StickErrorKind::Full,
            Self::Removed => StickErrorKind::Removed,
            Self::NoFilesystem => StickErrorKind::NoFilesystem,
            Self::NoDriver => StickErrorKind::NoDriver,
            Self::ReadBackDiffers => StickErrorKind::ReadBackDiffers,
            Self::NotVerified(_) => StickErrorKind::NotVerified,
            Self::NamesTaken => StickErrorKind::NamesTaken,
            Self::Io { .. } => StickErrorKind::Io,
        }
    }
}
