//! The ioctls, and with them every `unsafe` block of massho.

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
    /// Bytes that were not transferred.
    pub(crate) residual: usize,
}

/// Sends a CDB that reads into `data`, or moves no data where that is empty.
pub(crate) fn sg_io(file: &File, cdb: &[u8], data: &mut [u8], timeout: Duration) -> nix::Result<SgReply> {
    let too_long = |_| nix::errno::Errno::EINVAL;
    let mut sense = [0u8; SENSE_LEN as usize];
    let mut header = SgIoHdr {
        interface_id: libc::c_int::from(b'S'),
        dxfer_direction: if data.is_empty() { SG_DXFER_NONE } else { SG_DXFER_FROM_DEV },
        cmd_len: u8::try_from(cdb.len()).map_err(too_long)?,
        mx_sb_len: SENSE_LEN,
        iovec_count: 0,
        dxfer_len: u32::try_from(data.len()).map_err(too_long)?,
        dxferp: data.as_mut_ptr().cast(),
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
    // whose lengths it states: `data` (dxfer_len, borrowed mutably, written by the kernel), `cdb` (cmd_len, only
    // read) and `sense` (mx_sb_len, written). All three outlive the call, and SG_IO without SG_FLAG_* returns only
    // when the kernel is done with them.
    unsafe { raw::sg_io(file.as_raw_fd(), &raw mut header) }?;
    let sense = sense.get(..usize::from(header.sb_len_wr)).unwrap_or_default().to_vec();
    Ok(SgReply {
        status: header.status,
        host_status: header.host_status,
        driver_status: header.driver_status,
        sense,
        residual: usize::try_from(header.resid).unwrap_or(0).min(data.len()),
    })
}

/// Sends an NVMe admin command that reads into `data`, or moves none. Returns the status field, which the kernel
/// gives as the ioctl's own non-negative result, and dword 0 of the completion.
pub(crate) fn nvme_admin(
    file: &File,
    command: &AdminCommand,
    data: &mut [u8],
    timeout: Duration,
) -> nix::Result<(u16, u32)> {
    let [cdw10, cdw11, cdw12, cdw13, cdw14, cdw15] = command.cdw;
    let mut passthru = nvme_passthru_cmd {
        opcode: command.opcode,
        nsid: command.nsid,
        // The kernel takes user addresses as numbers; an empty slice has none to give.
        addr: if data.is_empty() { 0 } else { data.as_mut_ptr() as u64 },
        data_len: u32::try_from(data.len()).map_err(|_| nix::errno::Errno::EINVAL)?,
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
    // ours alone. `addr`/`data_len` describe `data`, which is borrowed mutably until the call returns; the ioctl is
    // synchronous, so the kernel does not touch it later. There is no metadata buffer.
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
        assert!(sg_io(&file, &[0; 6], &mut [], Duration::from_secs(1)).is_err());
        assert!(nvme_admin(&file, &AdminCommand::default(), &mut [], Duration::from_secs(1)).is_err());
        assert!(block_len(&file).is_err());
    }
}
