//! Admin commands.

use super::identify::Namespace;

/// An admin command as the kernel's pass-through takes it: opcode, namespace, CDW10 to CDW15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AdminCommand {
    /// Opcode (figure 138).
    pub opcode: u8,
    /// Namespace identifier; 0 where the command takes none, FFFFFFFFh for all.
    pub nsid: u32,
    /// Command dwords 10 to 15.
    pub cdw: [u32; 6],
}

/// Opcode of Identify (5.17).
const IDENTIFY: u8 = 0x06;
/// Opcode of Format NVM (5.14).
const FORMAT_NVM: u8 = 0x80;

impl AdminCommand {
    /// Identify, CNS 01h: the controller (figure 275).
    #[must_use]
    pub fn identify_controller() -> Self {
        Self { opcode: IDENTIFY, nsid: 0, cdw: [0x01, 0, 0, 0, 0, 0] }
    }

    /// Identify, CNS 00h: one active namespace (NVM Command Set 1.0, figure 97).
    #[must_use]
    pub fn identify_namespace(nsid: u32) -> Self {
        Self { opcode: IDENTIFY, nsid, cdw: [0x00, 0, 0, 0, 0, 0] }
    }

    /// Identify, CNS 02h: the active namespaces with an identifier above `after` (5.17.2.3).
    #[must_use]
    pub fn active_namespaces(after: u32) -> Self {
        Self { opcode: IDENTIFY, nsid: after, cdw: [0x02, 0, 0, 0, 0, 0] }
    }

    /// Identify, CNS 10h: the allocated namespaces, attached or not (5.17.2.11).
    #[must_use]
    pub fn allocated_namespaces(after: u32) -> Self {
        Self { opcode: IDENTIFY, nsid: after, cdw: [0x10, 0, 0, 0, 0, 0] }
    }

    /// Identify, CNS 03h: the namespace's identification descriptors, EUI-64 and NGUID among them (5.17.2.4).
    #[must_use]
    pub fn namespace_descriptors(nsid: u32) -> Self {
        Self { opcode: IDENTIFY, nsid, cdw: [0x03, 0, 0, 0, 0, 0] }
    }

    /// NSID for all namespaces, where the controller takes it ([`super::Controller::format_takes_broadcast`]).
    pub const ALL_NAMESPACES: u32 = 0xFFFF_FFFF;

    /// The command and its parameters as a record keeps them.
    #[must_use]
    pub fn describe(&self) -> String {
        let [cdw10, cdw11, ..] = self.cdw;
        format!("NVMe {:02X}h NSID={:08X}h CDW10={cdw10:08X}h CDW11={cdw11:08X}h", self.opcode, self.nsid)
    }
}

/// SES, CDW10 bits 11:9 of Format NVM (figure 189).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecureEraseSetting {
    /// 001b: user data erase.
    UserData,
    /// 010b: cryptographic erase.
    Crypto,
}

/// Format NVM with a secure erase setting. There is no way to ask for SES = 000b, which erases nothing by promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatNvm {
    /// What is erased and how.
    pub ses: SecureEraseSetting,
    /// The namespace, or FFFFFFFFh for all of them.
    pub nsid: u32,
    /// Format index, lower four bits: CDW10 3:0.
    lbaf_lower: u8,
    /// MSET, CDW10 bit 4.
    mset: u8,
    /// PI, CDW10 7:5.
    pi: u8,
    /// PIL, CDW10 bit 8.
    pil: u8,
    /// Format index, upper two bits: CDW10 13:12.
    lbaf_upper: u8,
}

/// Why a Format NVM cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Namespace 0 is none.
    #[error("namespace 0 does not exist")]
    NoNamespace,
}

impl FormatNvm {
    /// Keeps the namespace's own LBA format, metadata setting and protection: SES alone in CDW10 would select LBA
    /// format 0 and drop protection information.
    ///
    /// # Errors
    /// [`FormatError::NoNamespace`] for namespace 0.
    pub fn keeping(ses: SecureEraseSetting, nsid: u32, namespace: &Namespace) -> Result<Self, FormatError> {
        if nsid == 0 {
            return Err(FormatError::NoNamespace);
        }
        let index = namespace.format_index();
        Ok(Self {
            ses,
            nsid,
            lbaf_lower: index & 0xF,
            mset: u8::from(namespace.metadata_in_extended_lba()),
            pi: namespace.protection_type(),
            pil: u8::from(namespace.protection_first()),
            lbaf_upper: index >> 4,
        })
    }

    /// The command dwords.
    #[must_use]
    pub fn command(&self) -> AdminCommand {
        let ses: u32 = match self.ses {
            SecureEraseSetting::UserData => 1,
            SecureEraseSetting::Crypto => 2,
        };
        let cdw10 = u32::from(self.lbaf_lower & 0xF)
            | u32::from(self.mset & 1) << 4
            | u32::from(self.pi & 7) << 5
            | u32::from(self.pil & 1) << 8
            | ses << 9
            | u32::from(self.lbaf_upper & 3) << 12;
        AdminCommand { opcode: FORMAT_NVM, nsid: self.nsid, cdw: [cdw10, 0, 0, 0, 0, 0] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(flbas: u8, dps: u8) -> Namespace {
        let mut page = vec![0; 4096];
        page[0] = 1;
        page[26] = flbas;
        page[29] = dps;
        for format in 0..64 {
            page[128 + 4 * format + 2] = 9;
        }
        page[25] = 63;
        Namespace::parse(&page).unwrap()
    }

    #[test]
    fn format_user_data_on_a_plain_namespace_is_cdw10_0200h() {
        let format = FormatNvm::keeping(SecureEraseSetting::UserData, 1, &namespace(0, 0)).unwrap();
        let command = format.command();
        assert_eq!((command.opcode, command.nsid, command.cdw), (0x80, 1, [0x200, 0, 0, 0, 0, 0]));
        assert_eq!(command.describe(), "NVMe 80h NSID=00000001h CDW10=00000200h CDW11=00000000h");
    }

    #[test]
    fn format_crypto_is_cdw10_0400h() {
        let format = FormatNvm::keeping(SecureEraseSetting::Crypto, 0xFFFF_FFFF, &namespace(0, 0)).unwrap();
        assert_eq!(format.command().cdw[0], 0x400);
    }

    #[test]
    fn format_keeps_the_lba_format_metadata_and_protection_of_the_namespace() {
        // FLBAS: index 3 lower, extended LBA (bit 4), index upper 01b (bits 6:5): format 19. DPS: type 1, first.
        let format =
            FormatNvm::keeping(SecureEraseSetting::UserData, 2, &namespace(0b0011_0011, 0b1001)).unwrap();
        assert_eq!(format.command().cdw[0], 0x1000 | 0x200 | 0x100 | 0x20 | 0x10 | 0x3);
    }

    #[test]
    fn namespace_zero_is_refused() {
        let refused = FormatNvm::keeping(SecureEraseSetting::UserData, 0, &namespace(0, 0));
        assert_eq!(refused, Err(FormatError::NoNamespace));
    }

    #[test]
    fn identify_commands_are_cns_00_to_03_and_10() {
        assert_eq!(AdminCommand::identify_controller().cdw[0], 1);
        assert_eq!(AdminCommand::identify_namespace(7), AdminCommand { opcode: 6, nsid: 7, cdw: [0; 6] });
        assert_eq!(AdminCommand::active_namespaces(0).cdw[0], 2);
        assert_eq!(AdminCommand::namespace_descriptors(1).cdw[0], 3);
        assert_eq!(AdminCommand::allocated_namespaces(0).cdw[0], 0x10);
    }
}
