//! The guideline's own words: classes of information, methods, and the techniques that a method counts.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The class of the most sensitive information that a medium ever held (図表42, first column).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum InformationClass {
    /// (1) マイナンバー利用事務系の領域において住民情報を保存する記録媒体
    One,
    /// (2) 自治体機密性2以上
    Two,
    /// (3) 自治体機密性1
    Three,
}

impl InformationClass {
    /// All classes, strictest first.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// The number the guideline prints in brackets.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }

    /// Whether 完了 needs a witness who is not the operator (図表43).
    #[must_use]
    pub fn needs_witness(self) -> bool {
        self == Self::One
    }
}

impl From<InformationClass> for u8 {
    fn from(class: InformationClass) -> u8 {
        class.number()
    }
}

impl TryFrom<u8> for InformationClass {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|class| class.number() == number)
            .ok_or(format!("there is no class ({number})"))
    }
}

/// How thoroughly data is destroyed: the *method* of IEEE 2883 and NIST SP 800-88, 図表41.
///
/// Ordered by strength, so that `achieved >= asked` reads as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// 消去: gone for the drive's ordinary commands.
    Clear,
    /// 除去: gone for a laboratory too, the drive still usable.
    Purge,
    /// 破壊: the medium is destroyed.
    Destruct,
}

macro_rules! techniques {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// The command or procedure by which a method is carried out (IEEE 2883 *technique*).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Technique {
            $($(#[$doc])* #[serde(rename = $name)] $variant),*
        }

        impl Technique {
            /// Every technique that a policy file can name.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in policy files and records.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

techniques! {
    /// Host overwrite of every addressable block with a CSPRNG stream. Never 除去, whatever the passes.
    RandomOverwrite = "random-overwrite",
    /// ATA SECURITY ERASE UNIT, Normal mode (ACS-3 7.40).
    AtaSecurityEraseNormal = "ata-security-erase-normal",
    /// ATA SECURITY ERASE UNIT, Enhanced mode (ACS-3 7.40).
    AtaSecurityEraseEnhanced = "ata-security-erase-enhanced",
    /// ATA SANITIZE DEVICE, BLOCK ERASE EXT (ACS-3 7.36.2).
    AtaSanitizeBlockErase = "ata-sanitize-block-erase",
    /// ATA SANITIZE DEVICE, CRYPTO SCRAMBLE EXT (ACS-3 7.36.3): 暗号化消去.
    AtaSanitizeCryptoScramble = "ata-sanitize-crypto-scramble",
    /// ATA SANITIZE DEVICE, OVERWRITE EXT (ACS-3 7.36.5).
    AtaSanitizeOverwrite = "ata-sanitize-overwrite",
    /// SCSI SANITIZE, OVERWRITE service action (SBC-4 5.33).
    ScsiSanitizeOverwrite = "scsi-sanitize-overwrite",
    /// SCSI SANITIZE, BLOCK ERASE service action (SBC-4 5.33).
    ScsiSanitizeBlockErase = "scsi-sanitize-block-erase",
    /// SCSI SANITIZE, CRYPTOGRAPHIC ERASE service action (SBC-4 5.33): 暗号化消去.
    ScsiSanitizeCryptoErase = "scsi-sanitize-crypto-erase",
    /// SCSI FORMAT UNIT without fast format (SBC-4 5.4).
    ScsiFormatUnit = "scsi-format-unit",
    /// NVMe Format NVM with SES = 1, User Data Erase (NVMe Base 2.0 5.14).
    NvmeFormatUserData = "nvme-format-user-data",
    /// NVMe Format NVM with SES = 2, Cryptographic Erase (NVMe Base 2.0 5.14): 暗号化消去.
    NvmeFormatCrypto = "nvme-format-crypto",
    /// NVMe Sanitize, Block Erase (NVMe Base 2.0 5.24).
    NvmeSanitizeBlockErase = "nvme-sanitize-block-erase",
    /// NVMe Sanitize, Crypto Erase (NVMe Base 2.0 5.24): 暗号化消去.
    NvmeSanitizeCryptoErase = "nvme-sanitize-crypto-erase",
    /// NVMe Sanitize, Overwrite (NVMe Base 2.0 5.24).
    NvmeSanitizeOverwrite = "nvme-sanitize-overwrite",
    /// 消磁: done with a machine by people, recorded by hand.
    Degauss = "degauss",
}

impl Technique {
    /// Whether this is 暗号化消去, which needs a person to attest 図表44's conditions.
    #[must_use]
    pub fn is_crypto_erase(self) -> bool {
        matches!(
            self,
            Self::AtaSanitizeCryptoScramble
                | Self::ScsiSanitizeCryptoErase
                | Self::NvmeFormatCrypto
                | Self::NvmeSanitizeCryptoErase
        )
    }
}

impl fmt::Display for Technique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_its_printed_number() {
        assert_eq!(serde_json::to_string(&InformationClass::Two).unwrap(), "2");
        assert!(serde_json::from_str::<InformationClass>("0").is_err());
        assert!(serde_json::from_str::<InformationClass>("4").is_err());
    }

    #[test]
    fn methods_are_ordered_by_strength() {
        assert!(Method::Clear < Method::Purge && Method::Purge < Method::Destruct);
    }

    #[test]
    fn a_technique_reads_back_by_the_name_it_prints() {
        for technique in Technique::ALL {
            let json = serde_json::to_string(technique).unwrap();
            assert_eq!(json, format!("\"{technique}\""));
            assert_eq!(serde_json::from_str::<Technique>(&json).unwrap(), *technique);
        }
    }
}
