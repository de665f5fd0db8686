//! Virtual drives, the QEMU that boots the image with them, and a reader of the screen that it shows.
//!
//! Tests only, and never in the image. Nothing here uses another crate of this workspace: what a drive holds and
//! what a log says is decoded by code of its own, so that one mistake can't pass on both sides.

mod answers;
mod backport;
mod clerk;
pub mod cuts;
mod desk;
mod drive;
pub mod drives;
mod error;
mod fat;
mod guest;
mod iscsi;
mod keys;
mod ledger;
mod log;
mod machine;
pub mod outside;
mod pattern;
pub mod pc;
mod picture;
mod places;
mod qemu;
mod qmp;
mod reader;
mod report;
mod rig;
mod screen;
mod tamper;
mod terminal;
mod text_console;
pub mod vfio;
mod vhost;
mod watch;
pub mod writes;

pub use answers::Answers;
pub use backport::Backport;
pub use clerk::{ASSET, Class, Clerk, OPERATOR};
pub use desk::{Desk, Seen};
pub use drive::{Access, Contents, Drive, Kind};
pub use error::LabError;
pub use fat::{LOG_FOLDER, Stick, TextFile};
pub use guest::{Guest, Ran};
pub use keys::Key;
pub use ledger::{Ledger, Said};
pub use log::{DriveRecord, Log, LogError, sha256};
pub use machine::Machine;
pub use pattern::{Pattern, SECTOR, Scan};
pub use picture::{Colour, Picture};
pub use places::Places;
pub use qemu::{BootFrom, Firmware, Graphics, MachineSpec};
pub use qmp::{Event, Qmp};
pub use reader::Reader;
pub use report::Report;
pub use rig::{Rig, RigSpec};
pub use screen::{Screen, ScreenSize};
pub use tamper::{Tampered, tamper};
pub use terminal::Terminal;
pub use text_console::TextConsole;
