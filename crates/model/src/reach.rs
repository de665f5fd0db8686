//! What a technique can reach at the very most.

use crate::{Bus, Medium, Method, Technique};

/// The strongest method that a technique can reach on a medium, by the guideline's figures 41 and 42; `None`
/// where it counts for nothing. An upper bound: a rule table may allow less, never more.
#[must_use]
pub fn reach(technique: Technique, medium: Medium, bus: Bus) -> Option<Method> {
    if medium == Medium::Optical {
        return None;
    }
    if technique == Technique::RandomOverwrite {
        return Some(Method::Clear);
    }
    // Firmware commands are not sent over USB, so none can have been carried out there.
    if medium == Medium::UsbStick || bus == Bus::Usb {
        return None;
    }
    firmware_reach(technique, medium)
}

fn firmware_reach(technique: Technique, medium: Medium) -> Option<Method> {
    use Technique as T;
    let rotates = medium == Medium::Hdd;
    match technique {
        T::RandomOverwrite | T::AtaSecurityEraseNormal => Some(Method::Clear),
        // On flash neither mode of SECURITY ERASE UNIT is ever 除去; nor is an overwrite by the drive.
        T::AtaSecurityEraseEnhanced | T::AtaSanitizeOverwrite if rotates => Some(Method::Purge),
        T::AtaSecurityEraseEnhanced | T::AtaSanitizeOverwrite => Some(Method::Clear),
        T::AtaSanitizeCryptoScramble
        | T::ScsiSanitizeOverwrite
        | T::ScsiSanitizeBlockErase
        | T::ScsiSanitizeCryptoErase
        | T::ScsiFormatUnit => Some(Method::Purge),
        T::AtaSanitizeBlockErase
        | T::NvmeFormatUserData
        | T::NvmeFormatCrypto
        | T::NvmeSanitizeBlockErase
        | T::NvmeSanitizeCryptoErase
        | T::NvmeSanitizeOverwrite => (!rotates).then_some(Method::Purge),
        // A degausser reaches magnetic media only, and is recorded by people, not by an appliance's log.
        T::Degauss => rotates.then_some(Method::Purge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Design rule: 消去 is never called 除去.
    #[test]
    fn overwriting_and_security_erase_on_flash_never_reach_purge() {
        for medium in [Medium::Hdd, Medium::Ssd, Medium::UsbStick] {
            for bus in [Bus::Ata, Bus::Nvme, Bus::Scsi, Bus::Usb, Bus::Mmc, Bus::Other] {
                assert_eq!(reach(Technique::RandomOverwrite, medium, bus), Some(Method::Clear));
                assert!(reach(Technique::AtaSecurityEraseNormal, medium, bus) < Some(Method::Purge));
            }
        }
        assert_eq!(reach(Technique::AtaSecurityEraseEnhanced, Medium::Ssd, Bus::Ata), Some(Method::Clear));
        assert_eq!(reach(Technique::AtaSecurityEraseEnhanced, Medium::Hdd, Bus::Ata), Some(Method::Purge));
    }

    #[test]
    fn nothing_is_destroyed_by_a_command_and_nothing_works_on_optical_media() {
        for technique in Technique::ALL {
            for medium in [Medium::Hdd, Medium::Ssd, Medium::UsbStick, Medium::Optical] {
                assert!(reach(*technique, medium, Bus::Ata) < Some(Method::Destruct), "{technique}");
            }
            assert_eq!(reach(*technique, Medium::Optical, Bus::Ata), None, "{technique}");
        }
    }

    #[test]
    fn no_firmware_command_counts_behind_usb() {
        for technique in Technique::ALL.iter().filter(|t| **t != Technique::RandomOverwrite) {
            assert_eq!(reach(*technique, Medium::Hdd, Bus::Usb), None, "{technique}");
            assert_eq!(reach(*technique, Medium::UsbStick, Bus::Ata), None, "{technique}");
        }
    }
}
