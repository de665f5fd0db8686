//! Controllers that keep drives from the system, and say so by what they are.

use std::io;
use std::path::Path;

/// PCI class 01h 04h: RAID.
pub(crate) const RAID_CLASS: &str = "0x0104";

/// What sysfs says of a PCI device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PciFacts {
    /// `0000:00:17.0`
    pub(crate) slot: String,
    /// `class`: class, subclass and programming interface in hexadecimal.
    pub(crate) class: String,
    /// `vendor`, in hexadecimal without 0x.
    pub(crate) vendor: String,
    /// `device`, in hexadecimal without 0x.
    pub(crate) device: String,
    /// The driver that has it; empty if none.
    pub(crate) driver: String,
    /// `remapped_nvme` of the ahci driver: NVMe drives that the firmware put behind the SATA controller, where no driver
    /// but Intel's own reaches them.
    pub(crate) remapped: u32,
}

/// Makers by PCI vendor identifier, and what they call it.
const MAKERS: [(&str, &str); 8] = [
    ("8086", "Intel RST/VMD"),
    ("1022", "AMD RAID"),
    ("1000", "Broadcom/LSI MegaRAID"),
    ("9005", "Microchip/Adaptec"),
    ("103c", "HP Smart Array"),
    ("1590", "HPE Smart Array"),
    ("1028", "Dell PERC"),
    ("1b4b", "Marvell"),
];

/// Drivers behind which every drive of the controller shows by itself.
const OPEN_DRIVERS: [&str; 2] = ["ahci", "vmd"];

/// The controller as text for people, if drives may be hidden behind it.
pub(crate) fn hides(pci: &PciFacts) -> Option<String> {
    let raid = pci.class.starts_with(RAID_CLASS) && !OPEN_DRIVERS.contains(&pci.driver.as_str());
    if !raid && pci.remapped == 0 {
        return None;
    }
    let maker = MAKERS.iter().find(|(vendor, _)| *vendor == pci.vendor).map_or("RAID", |(_, name)| name);
    let PciFacts { slot, vendor, device, .. } = pci;
    let text = format!("{maker} (PCI {slot} {vendor}:{device})");
    Some(if pci.remapped > 0 { format!("{text}, NVMe: {}", pci.remapped) } else { text })
}

/// Controllers behind which a PC hides drives: RAID, RST and VMD without a driver that shows them, as text for people.
#[must_use]
pub fn hidden_controllers() -> Vec<String> {
    let list = || -> io::Result<Vec<String>> {
        let mut enumerator = udev::Enumerator::new()?;
        enumerator.match_subsystem("pci")?;
        Ok(enumerator.scan_devices()?.filter_map(|device| hides(&pci_facts(&device))).collect())
    };
    list().unwrap_or_default()
}

fn pci_facts(device: &udev::Device) -> PciFacts {
    let text = |name: &str| {
        device.attribute_value(name).map(|it| it.to_string_lossy().trim().to_owned()).unwrap_or_default()
    };
    let identifier = |name: &str| text(name).trim_start_matches("0x").to_owned();
    PciFacts {
        slot: device.sysname().to_string_lossy().into_owned(),
        class: text("class"),
        vendor: identifier("vendor"),
        device: identifier("device"),
        driver: driver(device.syspath()),
        remapped: text("remapped_nvme").parse().unwrap_or(0),
    }
}

fn driver(syspath: &Path) -> String {
    let link = std::fs::read_link(syspath.join("driver")).unwrap_or_default();
    link.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pci(class: &str, vendor: &str, driver: &str, remapped: u32) -> PciFacts {
        PciFacts {
            slot: "0000:00:17.0".into(),
            class: class.into(),
            vendor: vendor.into(),
            device: "282a".into(),
            driver: driver.into(),
            remapped,
        }
    }

    #[test]
    fn a_raid_controller_that_no_driver_has_is_named_with_its_maker() {
        let named = hides(&pci("0x010400", "8086", "", 0)).unwrap();
        assert_eq!(named, "Intel RST/VMD (PCI 0000:00:17.0 8086:282a)");
        assert_eq!(hides(&pci("0x010400", "abcd", "", 0)).unwrap(), "RAID (PCI 0000:00:17.0 abcd:282a)");
    }

    #[test]
    fn a_raid_controller_that_shows_volumes_is_named_too() {
        assert!(hides(&pci("0x010400", "1000", "megaraid_sas", 0)).unwrap().starts_with("Broadcom"));
    }

    #[test]
    fn nvme_drives_remapped_behind_sata_are_hidden_whatever_the_class_says() {
        for class in ["0x010601", "0x010400"] {
            let named = hides(&pci(class, "8086", "ahci", 1)).unwrap();
            assert_eq!(named, "Intel RST/VMD (PCI 0000:00:17.0 8086:282a), NVMe: 1");
        }
    }

    #[test]
    fn what_shows_its_drives_hides_none() {
        assert_eq!(hides(&pci("0x010400", "8086", "ahci", 0)), None);
        assert_eq!(hides(&pci("0x010400", "8086", "vmd", 0)), None);
        assert_eq!(hides(&pci("0x010601", "8086", "ahci", 0)), None);
        assert_eq!(hides(&pci("0x010802", "144d", "nvme", 0)), None);
    }
}
