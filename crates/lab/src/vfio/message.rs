//! vfio-user messages: a header of sixteen bytes and a body, all little-endian on the machines this runs on.

/// Bytes of a header.
pub(crate) const HEADER: usize = 16;
/// No message that is meant seriously is longer: a write of [`MAX_TRANSFER`] bytes and its header.
pub(crate) const MAX_MESSAGE: usize = MAX_TRANSFER + 64;
/// The longest single access to a region that is offered to QEMU.
pub(crate) const MAX_TRANSFER: usize = 1 << 20;

/// Header flags: the message is a reply.
const FLAG_REPLY: u32 = 1;
/// Header flags: no reply is wanted.
const FLAG_NO_REPLY: u32 = 1 << 4;
/// Header flags: the reply tells an error.
const FLAG_ERROR: u32 = 1 << 5;

/// Errors that are told to QEMU, by Linux's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Refusal {
    /// `EINVAL`: not a legal message.
    Invalid = 22,
    /// `ENOTSUP`: legal, and nothing that this server does.
    Unsupported = 95,
}

/// What stands before every message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) id: u16,
    pub(crate) command: u16,
    /// Of the whole message, in bytes.
    pub(crate) size: usize,
    flags: u32,
}

impl Header {
    /// `None` where the size cannot be right.
    pub(crate) fn parse(bytes: [u8; HEADER]) -> Option<Self> {
        let fields = Fields(&bytes);
        let size = usize::try_from(fields.u32(4)?).ok()?;
        let header = Self { id: fields.u16(0)?, command: fields.u16(2)?, size, flags: fields.u32(8)? };
        (HEADER..=MAX_MESSAGE).contains(&size).then_some(header)
    }

    /// Whether QEMU waits for an answer.
    pub(crate) fn wants_reply(self) -> bool {
        self.flags & FLAG_NO_REPLY == 0
    }

    /// A whole reply, for one write.
    pub(crate) fn reply(self, answer: Result<Vec<u8>, Refusal>) -> Vec<u8> {
        let (flags, error, body) = match answer {
            Ok(body) => (FLAG_REPLY, 0, body),
            Err(refusal) => (FLAG_REPLY | FLAG_ERROR, refusal as u32, Vec::new()),
        };
        let size = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEADER + body.len());
        bytes.extend_from_slice(&self.id.to_le_bytes());
        bytes.extend_from_slice(&self.command.to_le_bytes());
        [size, flags, error].iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        bytes.extend_from_slice(&body);
        bytes
    }
}

/// What QEMU asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Version { major: u16, minor: u16 },
    DmaMap { offset: u64, address: u64, size: u64 },
    DmaUnmap { address: u64, size: u64, all: Unmap, echo: Vec<u8> },
    DeviceInfo,
    RegionInfo { index: u32 },
    InterruptInfo { index: u32 },
    SetInterrupts(SetInterrupts),
    Read { region: u32, offset: u64, count: u32 },
    Write { region: u32, offset: u64, data: Vec<u8> },
    Reset,
}

/// How much is unmapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmap {
    /// The range given.
    Range,
    /// Everything.
    All,
}

/// `VFIO_USER_DEVICE_SET_IRQS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SetInterrupts {
    pub(crate) flags: u32,
    pub(crate) index: u32,
    pub(crate) start: u32,
    pub(crate) count: u32,
}

/// `VFIO_DMA_UNMAP_FLAG_ALL`.
const UNMAP_ALL: u32 = 1 << 1;

impl Request {
    /// Reads a body by its header's command.
    pub(crate) fn parse(command: u16, body: &[u8]) -> Result<Self, Refusal> {
        let request = match command {
            1 => version(body),
            2 => dma_map(body),
            3 => dma_unmap(body),
            4 => Some(Self::DeviceInfo),
            5 => Fields(body).u32(8).map(|index| Self::RegionInfo { index }),
            7 => Fields(body).u32(8).map(|index| Self::InterruptInfo { index }),
            8 => set_interrupts(body),
            9 => read(body),
            10 => write(body),
            13 => Some(Self::Reset),
            _ => return Err(Refusal::Unsupported),
        };
        request.ok_or(Refusal::Invalid)
    }
}

fn version(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    Some(Request::Version { major: fields.u16(0)?, minor: fields.u16(2)? })
}

fn dma_map(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    Some(Request::DmaMap { offset: fields.u64(8)?, address: fields.u64(16)?, size: fields.u64(24)? })
}

fn dma_unmap(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    let all = if fields.u32(4)? & UNMAP_ALL == 0 { Unmap::Range } else { Unmap::All };
    let (address, size) = (fields.u64(8)?, fields.u64(16)?);
    Some(Request::DmaUnmap { address, size, all, echo: body.get(..24)?.to_vec() })
}

fn set_interrupts(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    let (flags, index) = (fields.u32(4)?, fields.u32(8)?);
    Some(Request::SetInterrupts(SetInterrupts {
        flags,
        index,
        start: fields.u32(12)?,
        count: fields.u32(16)?,
    }))
}

fn read(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    let count = fields.u32(12)?;
    let fits = usize::try_from(count).is_ok_and(|count| count <= MAX_TRANSFER);
    let request = Request::Read { offset: fields.u64(0)?, region: fields.u32(8)?, count };
    fits.then_some(request)
}

fn write(body: &[u8]) -> Option<Request> {
    let fields = Fields(body);
    let count = usize::try_from(fields.u32(12)?).ok()?;
    let data = body.get(16..)?.get(..count)?.to_vec();
    Some(Request::Write { offset: fields.u64(0)?, region: fields.u32(8)?, data })
}

/// Little-endian fields by their byte offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    pub(crate) fn u16(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(crate) fn u32(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub(crate) fn u64(self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const READ_CSTS: [u8; 16] = [0x1c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0];

    #[test]
    fn a_read_of_the_controller_status() {
        let request = Request::parse(9, &READ_CSTS);
        assert_eq!(request, Ok(Request::Read { region: 0, offset: 0x1c, count: 4 }));
    }

    #[test]
    fn a_read_too_long_to_answer() {
        let mut body = READ_CSTS;
        body[12..].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Request::parse(9, &body), Err(Refusal::Invalid));
    }

    #[test]
    fn a_write_with_less_data_than_it_says() {
        let mut body = READ_CSTS.to_vec();
        body.extend_from_slice(&[1, 2, 3]);
        assert_eq!(Request::parse(10, &body), Err(Refusal::Invalid));
        body.push(4);
        let data = vec![1, 2, 3, 4];
        assert_eq!(Request::parse(10, &body), Ok(Request::Write { region: 0, offset: 0x1c, data }));
    }

    #[test]
    fn memory_is_mapped_by_file_offset_and_address() {
        let mut body = [0; 32];
        body[8..16].copy_from_slice(&0x1000_u64.to_le_bytes());
        body[16..24].copy_from_slice(&0x1_0000_0000_u64.to_le_bytes());
        body[24..].copy_from_slice(&0x2000_u64.to_le_bytes());
        let map = Request::DmaMap { offset: 0x1000, address: 0x1_0000_0000, size: 0x2000 };
        assert_eq!(Request::parse(2, &body), Ok(map));
    }

    #[test]
    fn dirty_page_tracking_is_not_supported() {
        assert_eq!(Request::parse(14, &[]), Err(Refusal::Unsupported));
    }

    #[test]
    fn a_header_smaller_than_itself() {
        let mut bytes = [0; HEADER];
        bytes[4] = 15;
        assert_eq!(Header::parse(bytes), None);
        bytes[4] = 16;
        assert!(Header::parse(bytes).is_some());
    }

    #[test]
    fn replies_bear_the_requests_number() {
        let header = Header { id: 0x1234, command: 13, size: 16, flags: 0 };
        assert_eq!(header.reply(Ok(vec![9])), [0x34, 0x12, 13, 0, 17, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
        let refused = header.reply(Err(Refusal::Invalid));
        assert_eq!(refused, [0x34, 0x12, 13, 0, 16, 0, 0, 0, 0x21, 0, 0, 0, 22, 0, 0, 0]);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(command in 0_u16..20, body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Request::parse(command, &body);
        }
    }
}
