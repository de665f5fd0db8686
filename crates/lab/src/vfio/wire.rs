//! The socket: messages with file descriptors beside them.

use super::message::{HEADER, Header};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

/// File descriptors that QEMU may send with one message.
pub(crate) const MAX_FDS: usize = 16;

/// A message as it came.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) header: Header,
    pub(crate) body: Vec<u8>,
    pub(crate) fds: Vec<OwnedFd>,
}

/// The next message, or `None` where QEMU has hung up. Blocks.
pub(crate) fn receive(stream: &mut UnixStream) -> io::Result<Option<Message>> {
    let mut bytes = [0; HEADER];
    let Some((read, fds)) = receive_start(stream, &mut bytes)? else { return Ok(None) };
    stream.read_exact(bytes.get_mut(read..).unwrap_or_default())?;
    let header = Header::parse(bytes).ok_or(io::ErrorKind::InvalidData)?;
    let mut body = vec![0; header.size - HEADER];
    stream.read_exact(&mut body)?;
    Ok(Some(Message { header, body, fds }))
}

/// The first bytes of a message, which the descriptors come with.
pub(crate) fn receive_start(
    stream: &UnixStream,
    bytes: &mut [u8],
) -> io::Result<Option<(usize, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let received = retry_on_intr(|| {
        recvmsg(stream, &mut [IoSliceMut::new(bytes)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)
    });
    let read = match received {
        Ok(message) => message.bytes,
        // QEMU was killed with answers unread.
        Err(Errno::CONNRESET) => 0,
        Err(errno) => return Err(errno.into()),
    };
    let rights = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(fds) => Some(fds),
        _ => None,
    });
    let fds = rights.flatten().collect();
    Ok((read > 0).then_some((read, fds)))
}

/// Sends an answer. That QEMU is gone by now is for the next [`receive`] to find.
pub(crate) fn send(stream: &mut UnixStream, reply: &[u8]) -> io::Result<()> {
    match stream.write_all(reply) {
        Err(error) if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) => {
            Ok(())
        }
        other => other,
    }
}
