//! Format NVM (NVMe Base 2.0, 5.14; NVM Command Set 1.0, 4.1.2).

use super::Status;
use super::command::{Bits, Command};
use super::definition::FORMATS;
use crate::bytes::low;
use crate::medium::Technique;
use crate::work::Work;

/// Command dword 10 (Figure 188 and NVM Command Set 1.0, Figure 66).
mod cdw10 {
    use super::Bits;
    pub(super) const FORMAT_LOWER: Bits = Bits::new(3, 0);
    /// Metadata as part of the data (1) or in a buffer of its own (0).
    pub(super) const METADATA: Bits = Bits::new(4, 4);
    pub(super) const PROTECTION: Bits = Bits::new(7, 5);
    pub(super) const POSITION: Bits = Bits::new(8, 8);
    pub(super) const SECURE_ERASE: Bits = Bits::new(11, 9);
    pub(super) const FORMAT_UPPER: Bits = Bits::new(13, 12);
}

/// Attributes (FNA, Figure 275, byte 524).
pub(super) mod fna {
    /// A format concerns all namespaces.
    pub(in crate::nvme) const FORMATS_ALL: u8 = 1;
    /// A secure erase does.
    pub(in crate::nvme) const ERASES_ALL: u8 = 1 << 1;
    /// There is cryptographic erase.
    pub(in crate::nvme) const CRYPTO: u8 = 1 << 2;
    /// FFFFFFFFh is not supported.
    pub(in crate::nvme) const NO_BROADCAST: u8 = 1 << 3;
}

/// What happens to user data (Secure Erase Settings).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secure {
    /// Nothing: blocks are deallocated, and what they held stays on the medium.
    None,
    /// User data erase.
    User,
    /// The media key is replaced.
    Crypto,
}

/// What a host asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    /// Index into [`FORMATS`].
    pub(super) format: u8,
    /// Type 0 to 3.
    pub(super) protection: u8,
    /// 1: first bytes of the metadata.
    pub(super) position: u8,
    pub(super) secure: Secure,
}

impl Request {
    /// Decodes a command for a drive with those attributes.
    pub(super) fn parse(command: &Command, attributes: u8) -> Result<Self, Status> {
        let raw = command.dword(10);
        let secure = match cdw10::SECURE_ERASE.of(raw) {
            0 => Secure::None,
            1 => Secure::User,
            2 if attributes & fna::CRYPTO != 0 => Secure::Crypto,
            _ => return Err(Status::INVALID_FIELD),
        };
        let format = cdw10::FORMAT_UPPER.of(raw) << 4 | cdw10::FORMAT_LOWER.of(raw);
        let protection = cdw10::PROTECTION.of(raw);
        let request = Self {
            format: low(format.into()),
            protection: low(protection.into()),
            position: low(cdw10::POSITION.of(raw).into()),
            secure,
        };
        let chosen = FORMATS.get(usize::from(request.format)).ok_or(Status::INVALID_FORMAT)?;
        // Protection information takes eight bytes of metadata, and there are three types of it. Metadata is never
        // part of the data here (MC bit 0).
        let wrong = protection > 3
            || protection != 0 && chosen.metadata < 8
            || chosen.metadata != 0 && cdw10::METADATA.is_set(raw);
        if wrong { Err(Status::INVALID_FORMAT) } else { Ok(request) }
    }

    /// Whether all namespaces are concerned, whichever the command names.
    pub(super) fn concerns_all(&self, attributes: u8) -> bool {
        let erases = self.secure != Secure::None && attributes & fna::ERASES_ALL != 0;
        erases || attributes & fna::FORMATS_ALL != 0
    }

    /// What happens to the medium.
    pub(super) fn technique(&self) -> Technique {
        match self.secure {
            Secure::None => Technique::Unmap,
            Secure::User => Technique::BlockErase,
            Secure::Crypto => Technique::ChangeKey,
        }
    }
}

/// Whether somebody waits for the end of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A host does.
    Wanted,
    /// It never comes, or nobody asks any more.
    Forgotten,
}

/// A format under way.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) request: Request,
    /// Positions of the namespaces concerned, and the work on each.
    pub(super) works: Vec<(usize, Work)>,
    pub(super) answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(dword10: u32, attributes: u8) -> Result<Request, Status> {
        Request::parse(&Command::new(0x80, 1).with(10, dword10), attributes)
    }

    #[test]
    fn a_crypto_erase_to_4096_and_8_with_protection() {
        let request = parse(0x0000_0522, fna::CRYPTO).unwrap();
        assert_eq!((request.format, request.protection, request.position), (2, 1, 1));
        assert_eq!(request.secure, Secure::Crypto);
    }

    #[test]
    fn a_crypto_erase_that_the_drive_cannot() {
        assert_eq!(parse(0x400, 0), Err(Status::INVALID_FIELD));
        assert_eq!(parse(0x600, 0xf), Err(Status::INVALID_FIELD));
    }

    #[test]
    fn formats_that_are_not() {
        for (dword10, why) in [
            (0x0003, "index beyond the last"),
            (0x1000, "index 16"),
            (0x0021, "protection without metadata"),
            (0x0082, "protection type 4"),
            (0x0012, "metadata as part of the data"),
        ] {
            assert_eq!(parse(dword10, 0xf), Err(Status::INVALID_FORMAT), "{why}");
        }
    }

    #[test]
    fn what_is_concerned() {
        let (plain, erase) = (parse(0, 0).unwrap(), parse(0x200, 0).unwrap());
        assert!(!plain.concerns_all(fna::ERASES_ALL) && erase.concerns_all(fna::ERASES_ALL));
        assert!(plain.concerns_all(fna::FORMATS_ALL) && !erase.concerns_all(fna::CRYPTO));
    }
}
