//! A PCI device as vfio-user has it: regions, interrupts, memory, in answer to messages.

use super::config::{self, Config, MSIX_TABLE};
use super::interrupt::{self, Vectors};
use super::message::{MAX_TRANSFER, Refusal, Request, Unmap};
use super::ram::GuestRam;
use super::wire::{MAX_FDS, Message};
use lab_drives::nvme::Function;
use lab_drives::{Power, VirtualDrive};
use serde_json::json;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::time::Duration;

/// The protocol's version.
const MAJOR: u16 = 0;
const MINOR: u16 = 1;
/// `VFIO_DEVICE_FLAGS_RESET` and `VFIO_DEVICE_FLAGS_PCI`.
const DEVICE_FLAGS: u32 = 1 | 1 << 1;
/// `VFIO_PCI_NUM_REGIONS`: six BARs, expansion ROM, configuration space, VGA.
const REGIONS: u32 = 9;
/// `VFIO_PCI_BAR0_REGION_INDEX`.
const BAR0: u32 = 0;
/// `VFIO_PCI_CONFIG_REGION_INDEX`.
const CONFIG: u32 = 7;
/// `VFIO_REGION_INFO_FLAG_READ` and `VFIO_REGION_INFO_FLAG_WRITE`.
const REGION_FLAGS: u32 = 1 | 1 << 1;

/// What one connection of QEMU's sees. The function behind it outlives connections.
#[derive(Debug)]
pub(crate) struct Device {
    config: Config,
    vectors: Vectors,
    ram: GuestRam,
}

impl Device {
    pub(crate) fn new(function: &mut Function) -> Self {
        let count = function.vectors();
        let definition = function.drive().definition();
        Self {
            config: Config::new(definition.vendor, definition.device, count),
            vectors: Vectors::new(count),
            ram: GuestRam::default(),
        }
    }

    /// Carries out a message; the answer is a whole message too, where one is wanted.
    pub(crate) fn answer(&mut self, function: &mut Function, message: Message) -> Option<Vec<u8>> {
        let Message { header, body, fds } = message;
        let answer =
            Request::parse(header.command, &body).and_then(|request| self.carry_out(function, request, fds));
        header.wants_reply().then(|| header.reply(answer))
    }

    /// Lets the drive work, and says when it wants to again.
    pub(crate) fn work(&mut self, function: &mut Function) -> Option<Duration> {
        let worked = function.work(&mut self.ram);
        worked.vectors.into_iter().for_each(|vector| self.vectors.raise(vector));
        worked.again
    }

    fn carry_out(
        &mut self,
        function: &mut Function,
        request: Request,
        fds: Vec<OwnedFd>,
    ) -> Result<Vec<u8>, Refusal> {
        match request {
            Request::Version { major, minor } => version(major, minor),
            Request::DmaMap { offset, address, size } => {
                self.ram.map(address, size, offset, fds.into_iter().next().map(File::from));
                Ok(Vec::new())
            }
            Request::DmaUnmap { address, size, all, echo } => {
                match all {
                    Unmap::All => self.ram.clear(),
                    Unmap::Range => self.ram.unmap(address, size),
                }
                Ok(echo)
            }
            Request::DeviceInfo => Ok(words(&[16, DEVICE_FLAGS, REGIONS, interrupt::KINDS])),
            Request::RegionInfo { index } => region_info(index),
            Request::InterruptInfo { index } => self.interrupt_info(index),
            Request::SetInterrupts(what) => self.vectors.set(what, fds).map(|()| Vec::new()),
            Request::Read { region, offset, count } => self.read(function, region, offset, count),
            Request::Write { region, offset, data } => self.write(function, region, offset, &data),
            Request::Reset => {
                function.power(Power::Reset);
                self.config = Device::new(function).config;
                Ok(Vec::new())
            }
        }
    }

    fn interrupt_info(&self, index: u32) -> Result<Vec<u8>, Refusal> {
        if index >= interrupt::KINDS {
            return Err(Refusal::Invalid);
        }
        let count = match index {
            interrupt::MSIX => self.vectors.count(),
            // QEMU warns where a device cannot tell bus errors; here there just are none.
            interrupt::ERROR => 1,
            _ => 0,
        };
        Ok(words(&[16, interrupt::INFO_FLAGS, index, count]))
    }

    fn read(
        &self,
        function: &mut Function,
        region: u32,
        offset: u64,
        count: u32,
    ) -> Result<Vec<u8>, Refusal> {
        let mut data = vec![0; usize::try_from(count).map_err(|_| Refusal::Invalid)?];
        match region {
            BAR0 if offset < MSIX_TABLE => function.read(offset, &mut data),
            // QEMU has table and pending bits itself; here nothing is ever pending.
            BAR0 => {}
            CONFIG => self.config.read(usize::try_from(offset).unwrap_or(usize::MAX), &mut data),
            _ => return Err(Refusal::Invalid),
        }
        Ok([access(region, offset, count), data].concat())
    }

    fn write(
        &mut self,
        function: &mut Function,
        region: u32,
        offset: u64,
        data: &[u8],
    ) -> Result<Vec<u8>, Refusal> {
        match region {
            BAR0 if offset < MSIX_TABLE => function.write(offset, data),
            BAR0 => {}
            CONFIG => self.config.write(usize::try_from(offset).unwrap_or(usize::MAX), data),
            _ => return Err(Refusal::Invalid),
        }
        Ok(access(region, offset, u32::try_from(data.len()).unwrap_or(u32::MAX)))
    }
}

fn version(major: u16, minor: u16) -> Result<Vec<u8>, Refusal> {
    if major != MAJOR {
        return Err(Refusal::Unsupported);
    }
    let capabilities =
        json!({ "capabilities": { "max_msg_fds": MAX_FDS, "max_data_xfer_size": MAX_TRANSFER } });
    let mut body = [MAJOR.to_le_bytes(), minor.min(MINOR).to_le_bytes()].concat();
    body.extend_from_slice(capabilities.to_string().as_bytes());
    body.push(0);
    Ok(body)
}

fn region_info(index: u32) -> Result<Vec<u8>, Refusal> {
    let (flags, size) = match index {
        BAR0 => (REGION_FLAGS, config::BAR_SIZE),
        CONFIG => (REGION_FLAGS, config::SIZE as u64),
        index if index < REGIONS => (0, 0),
        _ => return Err(Refusal::Invalid),
    };
    // The size of this structure, flags, index, no capabilities; then size and offset of the region.
    let mut body = words(&[32, flags, index, 0]);
    body.extend_from_slice(&size.to_le_bytes());
    body.extend_from_slice(&0_u64.to_le_bytes());
    Ok(body)
}

/// The head of an access's answer: what was accessed.
fn access(region: u32, offset: u64, count: u32) -> Vec<u8> {
    let mut body = offset.to_le_bytes().to_vec();
    body.extend_from_slice(&words(&[region, count]));
    body
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
