//! PCI configuration space of an NVMe controller (PCI Express Base 4.0 7.5, NVMe over PCIe Transport 1.0 3.8).

/// Bytes of it, the extended part included.
pub(crate) const SIZE: usize = 4096;
/// The size of BAR 0 in bytes: registers, doorbells, MSI-X table and pending bits.
pub(crate) const BAR_SIZE: u64 = 0x4000;
/// Where registers and doorbells end and the MSI-X table begins.
pub(crate) const MSIX_TABLE: u64 = 0x2000;
/// Where the pending bits are.
const MSIX_PENDING: u32 = 0x3000;

const COMMAND: usize = 0x04;
const STATUS: usize = 0x06;
const CACHE_LINE: usize = 0x0c;
const BAR0: usize = 0x10;
const SUBSYSTEM: usize = 0x2c;
const CAPABILITIES: usize = 0x34;
const INTERRUPT_LINE: usize = 0x3c;

const PM: u8 = 0x40;
const EXPRESS: u8 = 0x50;
const MSIX: u8 = 0xb0;

/// Command register: memory space, bus master, interrupt disable.
const COMMAND_WRITABLE: u16 = 1 << 1 | 1 << 2 | 1 << 10;
/// Status register: there is a capability list.
const STATUS_LIST: u16 = 1 << 4;
/// BAR 0: memory, 64 bits wide.
const BAR_64: u32 = 0b100;
/// Class 01h mass storage, subclass 08h non-volatile memory, interface 02h NVM Express.
const CLASS: [u8; 3] = [0x02, 0x08, 0x01];
/// MSI-X message control: function mask and enable.
const MSIX_WRITABLE: u16 = 1 << 14 | 1 << 15;
/// Link: 8 GT/s, four lanes.
const LINK: u32 = 3 | 4 << 4;

/// The configuration space with what the host wrote to it.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    bytes: Vec<u8>,
    writable: Vec<u8>,
}

impl Config {
    /// Of a device of that vendor, with so many MSI-X vectors.
    pub(crate) fn new(vendor: u16, device: u16, vectors: u16) -> Self {
        let mut config = Self { bytes: vec![0; SIZE], writable: vec![0; SIZE] };
        config.put(0, &[vendor.to_le_bytes(), device.to_le_bytes()].concat());
        config.allow(COMMAND, &COMMAND_WRITABLE.to_le_bytes());
        config.put(STATUS, &STATUS_LIST.to_le_bytes());
        config.put(0x09, &CLASS);
        config.allow(CACHE_LINE, &[0xff]);
        config.put(BAR0, &BAR_64.to_le_bytes());
        config.allow(BAR0, &(!(BAR_SIZE - 1)).to_le_bytes());
        config.put(SUBSYSTEM, &[vendor.to_le_bytes(), device.to_le_bytes()].concat());
        config.put(CAPABILITIES, &[PM]);
        config.allow(INTERRUPT_LINE, &[0xff]);
        config.add_capabilities(vectors);
        config
    }

    fn add_capabilities(&mut self, vectors: u16) {
        // Power management, version 3; no soft reset on D3hot to D0.
        self.put(usize::from(PM), &[0x01, EXPRESS, 0x03, 0x00, 0x08, 0x00, 0x00, 0x00]);
        self.allow(usize::from(PM) + 4, &[0x03]);
        // PCI Express, version 2, endpoint; role-based error reporting and function level reset.
        self.put(usize::from(EXPRESS), &[0x10, MSIX, 0x02, 0x00]);
        self.put(usize::from(EXPRESS) + 4, &(1_u32 << 15 | 1 << 28).to_le_bytes());
        self.allow(usize::from(EXPRESS) + 8, &[0xff, 0x7f]);
        self.put(usize::from(EXPRESS) + 12, &LINK.to_le_bytes());
        self.put(usize::from(EXPRESS) + 18, &LINK.to_le_bytes()[..2]);
        self.put(usize::from(MSIX), &[0x11, 0x00]);
        self.put(usize::from(MSIX) + 2, &vectors.saturating_sub(1).to_le_bytes());
        self.allow(usize::from(MSIX) + 2, &MSIX_WRITABLE.to_le_bytes());
        self.put(usize::from(MSIX) + 4, &(u32::try_from(MSIX_TABLE).unwrap_or_default()).to_le_bytes());
        self.put(usize::from(MSIX) + 8, &MSIX_PENDING.to_le_bytes());
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        for (to, from) in self.bytes.iter_mut().skip(at).zip(bytes) {
            *to = *from;
        }
    }

    fn allow(&mut self, at: usize, mask: &[u8]) {
        for (to, from) in self.writable.iter_mut().skip(at).zip(mask) {
            *to = *from;
        }
    }

    /// Reads; beyond the end are zeros.
    pub(crate) fn read(&self, at: usize, data: &mut [u8]) {
        data.fill(0);
        for (to, from) in data.iter_mut().zip(self.bytes.iter().skip(at)) {
            *to = *from;
        }
    }

    /// Writes the bits that a host may write.
    pub(crate) fn write(&mut self, at: usize, data: &[u8]) {
        let masks = self.writable.iter().skip(at);
        for ((to, mask), from) in self.bytes.iter_mut().skip(at).zip(masks).zip(data) {
            *to = *to & !mask | *from & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dword(config: &Config, at: usize) -> u32 {
        let mut data = [0; 4];
        config.read(at, &mut data);
        u32::from_le_bytes(data)
    }

    #[test]
    fn it_is_an_nvme_controller() {
        let config = Config::new(0x1b36, 0x0010, 9);
        assert_eq!(dword(&config, 0), 0x0010_1b36);
        assert_eq!(dword(&config, 8) >> 8, 0x01_0802);
    }

    #[test]
    fn the_bars_size_is_found_by_writing_ones() {
        let mut config = Config::new(1, 2, 9);
        config.write(BAR0, &[0xff; 8]);
        assert_eq!(dword(&config, BAR0), 0xffff_c004);
        assert_eq!(dword(&config, BAR0 + 4), 0xffff_ffff);
    }

    #[test]
    fn the_identity_cannot_be_written() {
        let mut config = Config::new(0x1b36, 0x0010, 9);
        config.write(0, &[0xff; 4]);
        assert_eq!(dword(&config, 0), 0x0010_1b36);
        config.write(SIZE - 1, &[1, 2, 3]);
        config.write(usize::MAX, &[1]);
    }

    #[test]
    fn the_capability_list_ends_with_msix() {
        let config = Config::new(1, 2, 9);
        let mut at = dword(&config, CAPABILITIES) & 0xff;
        let mut ids = Vec::new();
        while at != 0 {
            let head = dword(&config, usize::try_from(at).unwrap());
            ids.push(head & 0xff);
            at = head >> 8 & 0xff;
        }
        assert_eq!(ids, [0x01, 0x10, 0x11]);
        assert_eq!(dword(&config, usize::from(MSIX)) >> 16, 8);
    }
}
