//! Commands and block I/O on an open device.
//!
//! Callers see the traits [`BlockIo`] and [`Commands`]; [`Node`] is the real thing. The one room with handwritten
//! `unsafe`, all of it in `ioctl`.

mod buffer;
mod device;
mod host;
#[allow(unsafe_code)]
mod ioctl;
mod node;
mod rescan;
mod sat;

pub use buffer::PageBuffer;
pub use device::{
    BlockIo, CommandError, Commands, Data, Device, Geometry, IoFailure, NvmeCompletion, ScsiReply,
};
pub use node::{Access, Node, OpenError};
