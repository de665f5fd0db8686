//! INQUIRY and its vital product data (SPC-4 clause 6.6 and 7.8, SBC-3 clause 6.5, SAT-3 clause 8.1 and 10.4).

use super::sense::Sense;
use crate::ata::AtaDrive;
use crate::bytes::{byte, put, put_be};
use crate::medium::Kind;

/// Byte 1 of the command: EVPD.
const EVPD: u8 = 1;
/// Vital product data pages.
const SUPPORTED: u8 = 0x00;
const SERIAL: u8 = 0x80;
const IDENTIFICATION: u8 = 0x83;
const ATA_INFORMATION: u8 = 0x89;
const LIMITS: u8 = 0xb0;
const CHARACTERISTICS: u8 = 0xb1;
const PROVISIONING: u8 = 0xb2;
/// The vendor that SAT prescribes.
const VENDOR: &[u8] = b"ATA     ";
/// Most blocks that a command transfers.
pub(super) const MOST_BLOCKS: u64 = 0xffff;

impl AtaDrive {
    pub(super) fn inquiry(&self, cdb: &[u8]) -> Result<Vec<u8>, Sense> {
        let page = byte(cdb, 2);
        if byte(cdb, 1) & EVPD != 0 {
            return self.vital(page);
        }
        if page != 0 {
            return Err(Sense::INVALID_FIELD);
        }
        let firmware = text(self.definition.firmware.as_bytes(), 8);
        // The last four characters of the revision, or the first where those are blank (SAT-3 clause 8.1.2).
        let (head, tail) = firmware.split_at(4);
        let mut data = vec![0; 96];
        // SPC-3, response data format 2; CMDQUE.
        put(&mut data, 0, &[0x00, 0x00, 0x05, 0x02, 91, 0, 0, 0x02]);
        put(&mut data, 8, VENDOR);
        put(&mut data, 16, &text(self.definition.model.as_bytes(), 16));
        put(&mut data, 32, if tail == b"    " { head } else { tail });
        // Version descriptors: SAM-5, SPC-4, SBC-3.
        for (at, version) in [(58, 0x00a0), (60, 0x0460), (62, 0x04c0)] {
            put_be(&mut data, at, 2, version);
        }
        Ok(data)
    }

    fn vital(&self, page: u8) -> Result<Vec<u8>, Sense> {
        let body = match page {
            SUPPORTED => self.vital_pages(),
            SERIAL => text(&self.serial(), 20),
            IDENTIFICATION => self.identification(),
            ATA_INFORMATION => self.ata_information(),
            LIMITS => self.limits(),
            CHARACTERISTICS => self.characteristics(),
            // LBPU: UNMAP; LBPRZ: what is unmapped reads as zeros.
            PROVISIONING if self.has_trim() => vec![0, 0x84, 0, 0],
            _ => return Err(Sense::INVALID_FIELD),
        };
        let mut data = vec![0, page, 0, 0];
        put_be(&mut data, 2, 2, body.len() as u64);
        data.extend(body);
        Ok(data)
    }

    fn vital_pages(&self) -> Vec<u8> {
        let mut pages = vec![SUPPORTED, SERIAL, IDENTIFICATION, ATA_INFORMATION, LIMITS, CHARACTERISTICS];
        pages.extend(self.has_trim().then_some(PROVISIONING));
        pages
    }

    /// A T10 vendor ID designator and, where the drive has a name, an NAA one.
    fn identification(&self) -> Vec<u8> {
        let mut data = vec![0x02, 0x01, 0x00, 68];
        data.extend(VENDOR);
        data.extend(text(self.definition.model.as_bytes(), 40));
        data.extend(text(&self.serial(), 20));
        if self.definition.generation == crate::ata::Generation::Modern {
            data.extend([0x01, 0x03, 0x00, 8]);
            data.extend(self.definition.world_wide_name().to_be_bytes());
        }
        data
    }

    /// The translation layer's names, the device signature, and the IDENTIFY data as they are.
    fn ata_information(&self) -> Vec<u8> {
        let mut data = vec![0; 56];
        put(&mut data, 4, b"LAB     ");
        put(&mut data, 12, b"SAT LAYER       ");
        put(&mut data, 28, b"1.0 ");
        // Register device-to-host FIS: status 50h, LBA low 01h, count 01h.
        put(&mut data, 32, &[0x34, 0x00, 0x50, 0x01, 0x01]);
        put(&mut data, 44, &[0x01]);
        put(&mut data, 52, &[crate::ata::opcode::IDENTIFY_DEVICE]);
        data.extend(self.identify());
        data
    }

    fn limits(&self) -> Vec<u8> {
        let mut data = vec![0; 60];
        put_be(&mut data, 4, 4, MOST_BLOCKS);
        if self.has_trim() {
            put_be(&mut data, 16, 4, 0x3f_ffc0);
            put_be(&mut data, 20, 4, 63);
        }
        data
    }

    fn characteristics(&self) -> Vec<u8> {
        let mut data = vec![0; 60];
        put_be(&mut data, 0, 2, if self.definition.medium == Kind::Flash { 1 } else { 7200 });
        data
    }
}

/// Text of that length, padded with spaces.
fn text(from: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = vec![b' '; length];
    put(&mut bytes, 0, from);
    bytes
}
