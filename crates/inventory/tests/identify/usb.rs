//! Whatever hangs on USB.

use crate::{Scripted, Step, inquiry, refuse, vpd};
use inventory::{Link, Removable, identify};
use model::{Bus, Medium, MediumSource};

fn usb(serial: &str) -> Link {
    Link::Usb { serial: serial.into() }
}

fn steps(removable: u8) -> Vec<Step> {
    let refused = [0x80, 0x83, 0xB1].map(|page| refuse(&vpd(page)));
    let mut steps = vec![inquiry("SanDisk", "Cruzer", removable)];
    steps.extend(refused);
    steps
}

#[test]
fn a_usb_stick_is_asked_for_nothing_but_inquiry_and_offers_no_firmware_command() {
    let device = Scripted::new(1 << 30, 512, steps(0x80));
    let found = identify(&device, &usb("4C530001"), Removable::Yes).unwrap();
    assert_eq!((found.identity.bus, found.medium), (Bus::Usb, Medium::UsbStick));
    assert_eq!(found.identity.serial.as_str(), "4C530001");
    assert!(found.capabilities.0.is_empty() && found.conditions.is_empty() && found.hidden.is_default());
}

#[test]
fn a_usb_disk_that_is_not_removable_and_does_not_say_that_it_rotates_counts_as_flash() {
    let found = identify(&Scripted::new(1 << 30, 512, steps(0)), &usb("X"), Removable::No).unwrap();
    assert_eq!((found.medium, found.source), (Medium::Ssd, MediumSource::AssumedFlash));
}

/// It is told as it is: that nothing tells it apart is for the inventory to refuse, until somebody reads its label.
#[test]
fn a_drive_without_a_serial_number_has_an_empty_one() {
    let found = identify(&Scripted::new(1 << 30, 512, steps(0x80)), &usb(""), Removable::Yes).unwrap();
    assert!(found.identity.serial.is_empty());
}
