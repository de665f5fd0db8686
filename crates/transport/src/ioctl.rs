//! The ioctls, and with them every `unsafe` block of massho.

use crate::device::Data;
use nix::libc;
use nvme_cli_sys::nvme_passthru_cmd;
use protocol::nvme::AdminCommand;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::time::Duration;

/// `struct sg_io_hdr` of the kernel's `scsi/sg.h`: 88 bytes on x86-64.
#[repr(C)]
struct SgIoHdr {
    interface_id: libc::c_int,
    dxfer_direction: libc::c_int,
    cmd_len: libc::c_uchar,
    mx_sb_len: libc::c_uchar,
    iovec_count: libc::c_ushort,
    dxfer_len: libc::c_uint,
    dxferp: *mut libc::c_void,
    cmdp: *const libc::c_uchar,
    sbp: *mut libc::c_uchar,
    timeout: libc::c_uint,
    flags: libc::c_uint,
    pack_id: libc::c_int,
    usr_ptr: *mut libc::c_void,
    status: libc::c_uchar,
    masked_status: libc::c_uchar,
    msg_status: libc::c_uchar,
    sb_len_wr: libc::c_uchar,
    host_status: libc::c_ushort,
    driver_status: libc::c_ushort,
    resid: libc::c_int,
    duration: libc::c_uint,
    info: libc::c_uint,
}

const SG_IO: libc::c_ulong = 0x2285;
const SG_DXFER_NONE: libc::c_int = -1;
const SG_DXFER_TO_DEV: libc::c_int = -2;
const SG_DXFER_FROM_DEV: libc::c_int = -3;
const SENSE_LEN: u8 = 96;

mod raw {
    use super::{SG_IO, SgIoHdr, libc, nvme_passthru_cmd};
    nix::ioctl_readwrite_bad!(sg_io, SG_IO, SgIoHdr);
    nix::ioctl_readwrite_bad!(nvme_admin, nvme_cli_sys::MASSHO_NVME_IOCTL_ADMIN_CMD, nvme_passthru_cmd);
    nix::ioctl_read!(block_get_size64, 0x12, 114, u64);
    nix::ioctl_read!(block_get_disk_sequence, 0x12, 128, u64);
    nix::ioctl_read_bad!(block_get_logical_size, 0x1268, libc::c_int);
    nix::ioctl_read_bad!(block_get_read_only, 0x125E, libc::c_int);
}

/// What SG_IO came back with, besides the data.
pub(crate) struct SgReply {
    /// SAM status.
    pub(crate) status: u8,
    /// The host adapter's status (DID_*).
    pub(crate) host_status: u16,
    /// The driver's status.
    pub(crate) driver_status: u16,
    /// Sense data.
    pub(crate) sense: Vec<u8>,
    /// Bytes that were transferred.
    pub(crate) transferred: usize,
}

/// Where the data are, which way they go, and how many: what the kernel is told of them.
///
/// The pointer is good as long as the borrow that `Data` holds; for [`Data::Out`] the kernel only reads through it.
fn parts(data: &mut Data<'_>) -> (libc::c_int, *mut libc::c_void, usize) {
    match data {
        Data::In(bytes) if !bytes.is_empty() => (SG_DXFER_FROM_DEV, bytes.as_mut_ptr().cast(), bytes.len()),
        Data::Out(bytes) if !bytes.is_empty() => {
            (SG_DXFER_TO_DEV, bytes.as_ptr().cast_mut().cast(), bytes.len())
        }
        Data::None | Data::In(_) | Data::Out(_) => (SG_DXFER_NONE, std::ptr::null_mut(), 0),
    }
}

/// Sends a CDB with its data.
pub(crate) fn sg_io(file: &File, cdb: &[u8], mut data: Data<'_>, timeout: Duration) -> nix::Result<SgReply> {
    let too_long = |_| nix::errno::Errno::EINVAL;
    let mut sense = [0u8; SENSE_LEN as usize];
    let (direction, address, len) = parts(&mut data);
    let mut header = SgIoHdr {
        interface_id: libc::c_int::from(b'S'),
        dxfer_direction: direction,
        cmd_len: u8::try_from(cdb.len()).map_err(too_long)?,
        mx_sb_len: SENSE_LEN,
        iovec_count: 0,
        dxfer_len: u32::try_from(len).map_err(too_long)?,
        dxferp: address,
        cmdp: cdb.as_ptr(),
        sbp: sense.as_mut_ptr(),
        timeout: milliseconds(timeout),
        flags: 0,
        pack_id: 0,
        usr_ptr: std::ptr::null_mut(),
        status: 0,
        masked_status: 0,
        msg_status: 0,
        sb_len_wr: 0,
        host_status: 0,
        driver_status: 0,
        resid: 0,
        duration: 0,
        info: 0,
    };
    // SAFETY: `header` has the kernel's layout (tested: 88 bytes) and is ours alone. It points at three buffers
    // whose lengths it states: that of `data` (dxfer_len; borrowed mutably where the direction lets the kernel write
    // it, and only read where it is TO_DEV), `cdb` (cmd_len, only read) and `sense` (mx_sb_len, written). All three
    // outlive the call, since `data` is owned by this function, and SG_IO without SG_FLAG_* returns only when the
    // kernel is done with them.
    unsafe { raw::sg_io(file.as_raw_fd(), &raw mut header) }?;
    let sense = sense.get(..usize::from(header.sb_len_wr)).unwrap_or_default().to_vec();
    Ok(SgReply {
        status: header.status,
        host_status: header.host_status,
        driver_status: header.driver_status,
        sense,
        transferred: len - usize::try_from(header.resid).unwrap_or(0).min(len),
    })
}

/// Sends an NVMe admin command with its data. Which way they go is in the opcode (bits 1:0); the kernel takes it from
/// there, so data of another direction are refused here. Returns the status field, which the kernel
/// gives as the ioctl's own non-negative result, and dword 0 of the completion.
pub(crate) fn nvme_admin(
    file: &File,
    command: &AdminCommand,
    mut data: Data<'_>,
    timeout: Duration,
) -> nix::Result<(u16, u32)> {
    let (direction, address, len) = parts(&mut data);
    let writes_to_memory = command.opcode & 0b10 != 0;
    let reads_from_memory = command.opcode & 0b01 != 0;
    if (direction == SG_DXFER_FROM_DEV && !writes_to_memory)
        || (direction == SG_DXFER_TO_DEV && (!reads_from_memory || writes_to_memory))
    {
        return Err(nix::errno::Errno::EINVAL);
    }
    let [cdw10, cdw11, cdw12, cdw13, cdw14, cdw15] = command.cdw;
    let mut passthru = nvme_passthru_cmd {
        opcode: command.opcode,
        nsid: command.nsid,
        // The kernel takes user addresses as numbers.
        addr: address as u64,
        data_len: u32::try_from(len).map_err(|_| nix::errno::Errno::EINVAL)?,
        cdw10,
        cdw11,
        cdw12,
        cdw13,
        cdw14,
        cdw15,
        timeout_ms: milliseconds(timeout),
        ..nvme_passthru_cmd::default()
    };
    // SAFETY: `passthru` is bindgen's structure over the kernel's own header (size and ioctl number tested) and is
    // ours alone. `addr`/`data_len` describe `data`, which this function owns until the call returns: borrowed mutably
    // where the opcode lets the kernel write it (checked above), and only read otherwise. The ioctl is synchronous, so
    // the kernel does not touch it later. There is no metadata buffer.
    let status = unsafe { raw::nvme_admin(file.as_raw_fd(), &raw mut passthru) }?;
    Ok((u16::try_from(status).unwrap_or(u16::MAX), passthru.result))
}

/// BLKGETSIZE64: the capacity in bytes; 0 once the device is gone.
pub(crate) fn block_len(file: &File) -> nix::Result<u64> {
    let mut len = 0u64;
    // SAFETY: the kernel writes one u64 through the pointer, which points at a live local.
    unsafe { raw::block_get_size64(file.as_raw_fd(), &raw mut len) }?;
    Ok(len)
}

/// BLKGETDISKSEQ: the kernel's number of this disk, which no other disk has had since the start.
pub(crate) fn disk_sequence(file: &File) -> nix::Result<u64> {
    let mut sequence = 0u64;
    // SAFETY: the kernel writes one u64 through the pointer, which points at a live local.
    unsafe { raw::block_get_disk_sequence(file.as_raw_fd(), &raw mut sequence) }?;
    Ok(sequence)
}

/// BLKSSZGET: the logical block size in bytes.
pub(crate) fn logical_block_size(file: &File) -> nix::Result<u32> {
    let mut size: libc::c_int = 0;
    // SAFETY: the kernel writes one int through the pointer, which points at a live local.
    unsafe { raw::block_get_logical_size(file.as_raw_fd(), &raw mut size) }?;
    Ok(u32::try_from(size).unwrap_or(0))
}

/// BLKROGET: whether the kernel takes the device for write-protected.
pub(crate) fn is_read_only(file: &File) -> nix::Result<bool> {
    let mut flag: libc::c_int = 0;
    // SAFETY: the kernel writes one int through the pointer, which points at a live local.
    unsafe { raw::block_get_read_only(file.as_raw_fd(), &raw mut flag) }?;
    Ok(flag != 0)
}

fn milliseconds(timeout: Duration) -> u32 {
    u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sg_io_hdr_has_the_kernels_layout() {
        assert_eq!(size_of::<SgIoHdr>(), 88);
        assert_eq!(std::mem::offset_of!(SgIoHdr, dxferp), 16);
        assert_eq!(std::mem::offset_of!(SgIoHdr, timeout), 40);
        assert_eq!(std::mem::offset_of!(SgIoHdr, status), 64);
        assert_eq!(std::mem::offset_of!(SgIoHdr, resid), 72);
    }

    #[test]
    fn data_are_described_by_direction_address_and_length() {
        let (mut into, from) = ([0u8; 8], [1u8; 4]);
        let (read, write) = (into.as_ptr() as usize, from.as_ptr() as usize);
        let of = |mut data: Data<'_>| {
            let (direction, address, len) = parts(&mut data);
            (direction, address as usize, len)
        };
        assert_eq!(of(Data::In(&mut into)), (-3, read, 8));
        assert_eq!(of(Data::Out(&from)), (-2, write, 4));
        assert_eq!(of(Data::None), (-1, 0, 0));
        assert_eq!(of(Data::In(&mut [])), (-1, 0, 0));
    }

    #[test]
    fn the_kernel_is_not_given_memory_to_write_that_was_lent_for_reading() {
        let file = tempfile::tempfile().unwrap();
        let second = Duration::from_secs(1);
        // Opcode 06h (10b) reads from the drive, 81h (01b) sends to it.
        let identify = AdminCommand { opcode: 0x06, ..AdminCommand::default() };
        let refused = nvme_admin(&file, &identify, Data::Out(&[0; 4096]), second);
        assert_eq!(refused, Err(nix::errno::Errno::EINVAL));
        let send = AdminCommand { opcode: 0x81, ..AdminCommand::default() };
        let refused = nvme_admin(&file, &send, Data::In(&mut [0; 4096]), second);
        assert_eq!(refused, Err(nix::errno::Errno::EINVAL));
        // 04h (00b) moves nothing.
        let none = AdminCommand { opcode: 0x04, ..AdminCommand::default() };
        assert_eq!(nvme_admin(&file, &none, Data::Out(&[0; 4]), second), Err(nix::errno::Errno::EINVAL));
    }

    #[test]
    fn block_ioctl_numbers_are_the_kernels() {
        assert_eq!(nix::request_code_read!(0x12, 114, size_of::<u64>()), 0x8008_1272);
        assert_eq!(nix::request_code_read!(0x12, 128, size_of::<u64>()), 0x8008_1280);
        assert_eq!(nix::request_code_none!(0x12, 104), 0x1268);
        assert_eq!(nix::request_code_none!(0x12, 94), 0x125E);
    }

    #[test]
    fn timeouts_saturate_at_49_days() {
        assert_eq!(milliseconds(Duration::from_secs(3600)), 3_600_000);
        assert_eq!(milliseconds(Duration::MAX), u32::MAX);
    }

    #[test]
    fn a_file_that_is_no_device_takes_no_commands() {
        let file = tempfile::tempfile().unwrap();
        assert!(sg_io(&file, &[0; 6], Data::None, Duration::from_secs(1)).is_err());
        assert!(nvme_admin(&file, &AdminCommand::default(), Data::None, Duration::from_secs(1)).is_err());
        assert!(block_len(&file).is_err());
    }
}
