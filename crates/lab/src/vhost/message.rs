//! Messages between QEMU and a device in another process ("Vhost-user Protocol", QEMU's interoperability documents).

use crate::vfio::receive_start;
use std::io::{Error, ErrorKind, Read, Result};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

/// Requests from QEMU.
pub(super) mod request {
    pub(crate) const GET_FEATURES: u32 = 1;
    pub(crate) const SET_MEM_TABLE: u32 = 5;
    pub(crate) const SET_VRING_NUM: u32 = 8;
    pub(crate) const SET_VRING_ADDR: u32 = 9;
    pub(crate) const SET_VRING_BASE: u32 = 10;
    pub(crate) const GET_VRING_BASE: u32 = 11;
    pub(crate) const SET_VRING_KICK: u32 = 12;
    pub(crate) const SET_VRING_CALL: u32 = 13;
    pub(crate) const GET_PROTOCOL_FEATURES: u32 = 15;
    pub(crate) const GET_QUEUE_NUM: u32 = 17;
}

/// Request, flags and size.
const HEADER: usize = 12;
/// The longest message is a memory table of eight regions.
const MOST: usize = 1024;
/// Version 1 of the protocol, and a reply.
const VERSION: u32 = 0x01;
const REPLY: u32 = 0x04;

/// A message.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) request: u32,
    body: Vec<u8>,
    pub(super) fds: Vec<OwnedFd>,
}

impl Message {
    /// The next one, or `None` where QEMU has hung up.
    pub(super) fn receive(stream: &mut UnixStream) -> Result<Option<Self>> {
        let mut header = [0; HEADER];
        let Some((read, fds)) = receive_start(stream, &mut header)? else { return Ok(None) };
        stream.read_exact(header.get_mut(read..).unwrap_or_default())?;
        let header = Self { request: 0, body: header.to_vec(), fds: Vec::new() };
        let length = usize::try_from(header.word(8)).unwrap_or(usize::MAX);
        if length > MOST {
            return Err(Error::from(ErrorKind::InvalidData));
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Some(Self { request: header.word(0), body, fds }))
    }

    /// The bytes of a reply to it.
    pub(super) fn reply(&self, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let mut bytes = self.request.to_le_bytes().to_vec();
        bytes.extend((VERSION | REPLY).to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes.extend_from_slice(body);
        bytes
    }

    /// A little-endian number of the body; absent bytes are zeros.
    pub(super) fn word(&self, at: usize) -> u32 {
        let bytes = self.body.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    /// The same, of 64 bits.
    pub(super) fn long(&self, at: usize) -> u64 {
        let bytes = self.body.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    }
}
