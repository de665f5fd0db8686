//! The numbers of drives.

use super::*;
use crate::facts::{Claim, Filesystem, Removable, VolumeFacts, WriteState};
use crate::marks::Marks;

fn found(serial: &str, capacity: u64, sequence: &str) -> Found {
    let whole = VolumeFacts {
        node: "/dev/sda".into(),
        name: "sda".into(),
        number: (8, 0),
        len: ByteLen(capacity),
        filesystem: Filesystem::default(),
        mounted_at: Vec::new(),
        holders: Vec::new(),
        marks: Ok(Marks::None),
    };
    let facts = DiskFacts {
        whole,
        partitions: Vec::new(),
        sequence: sequence.into(),
        link: Link::Scsi,
        place: None,
        adapter: Adapter::Other,
        probe: Probe::Finished,
        removable: Removable::No,
        write: WriteState::Writable,
        claim: Claim::Given,
    };
    let mut identified = unidentified(&facts);
    identified.identity.serial = serial.into();
    Inventory::default().judge(Asked { facts, identified: Ok(identified) })
}

fn number(inventory: &mut Inventory, found: Found) -> u16 {
    let mut found = [found];
    inventory.number(&mut found);
    inventory.found = found.to_vec();
    found[0].drive.no.0
}

#[test]
fn a_drive_with_another_capacity_is_another_drive_unless_an_area_of_it_was_opened() {
    let mut inventory = Inventory::default();
    assert_eq!(number(&mut inventory, found("A", 100, "1")), 1);
    assert_eq!(number(&mut inventory, found("A", 200, "1")), 2);
    inventory.expect_growth(DriveNo(2));
    assert_eq!(number(&mut inventory, found("A", 300, "1")), 2);
    assert_eq!(number(&mut inventory, found("A", 200, "1")), 2);
    // Another drive, or the same one plugged in again, is none of that.
    assert_eq!(number(&mut inventory, found("B", 300, "1")), 3);
    assert_eq!(number(&mut inventory, found("A", 300, "7")), 4);
}

#[test]
fn drives_that_say_that_they_are_the_same_one_are_refused_and_told_so_once() {
    let mut twins = [found("A", 1, "1"), found("A", 1, "2"), found("B", 1, "3")];
    for _ in 0..2 {
        refuse_same_identities(&mut twins);
    }
    let refused = Eligibility::Ineligible(vec![Ineligible::SameIdentity]);
    assert_eq!(
        twins.each_ref().map(|found| &found.drive.eligibility),
        [&refused, &refused, &Eligibility::Eligible]
    );
}

#[test]
fn a_disk_that_udev_has_not_finished_is_left_out_for_as_long_as_udev_may_still_come_to_it() {
    let mut unfinished = Unfinished::default();
    let (start, sequence) = (Instant::now(), DeviceText::from("7"));
    // udev is idle: the kernel has not told it yet.
    assert!(unfinished.leave_out(&sequence, false, start));
    assert!(unfinished.left_out);
    assert!(unfinished.leave_out(&sequence, true, start + UDEV_PATIENCE * 10), "udev is at work");
    unfinished.left_out = false;
    assert!(!unfinished.leave_out(&sequence, false, start + UDEV_PATIENCE), "udev is dead");
    assert!(!unfinished.left_out);
    // And stays so: it is not taken for a new one at the look after.
    assert!(!unfinished.leave_out(&sequence, false, start + UDEV_PATIENCE * 2));
    assert!(unfinished.leave_out(&"8".into(), false, start + UDEV_PATIENCE * 2), "another disk");
}

fn verdict(inventory: &mut Inventory, found: Found) -> Eligibility {
    let mut found = [found];
    inventory.number(&mut found);
    inventory.refuse_nameless(&mut found);
    found[0].drive.eligibility.clone()
}

#[test]
fn a_drive_without_a_serial_number_is_refused_until_it_is_named_and_so_is_the_next_in_its_place() {
    let refused = Eligibility::Ineligible(vec![Ineligible::Unidentified(NAMELESS.into())]);
    let mut inventory = Inventory::default();
    assert_eq!(verdict(&mut inventory, found("", 100, "1")), refused);
    inventory.name_by_label(DriveNo(1));
    assert_eq!(verdict(&mut inventory, found("", 100, "1")), Eligibility::Eligible);
    // The same model in its place, or it itself plugged in again, is another drive.
    assert_eq!(verdict(&mut inventory, found("", 100, "2")), refused);
    assert_eq!(verdict(&mut inventory, found("A", 100, "3")), Eligibility::Eligible);
}

#[test]
fn a_name_lifts_no_other_refusal_and_no_broken_nvme_drive() {
    let mut inventory = Inventory::default();
    inventory.name_by_label(DriveNo(1));
    let mut held = found("", 100, "1");
    held.drive.eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]);
    assert_eq!(verdict(&mut inventory, held), Eligibility::Ineligible(vec![Ineligible::InUse]));
    let mut nvme = found("", 100, "2");
    nvme.drive.identity.bus = Bus::Nvme;
    inventory.name_by_label(DriveNo(2));
    assert!(!verdict(&mut inventory, nvme).is_eligible());
    // Two of a kind without serial numbers are not told apart, named or not.
    let mut twins = [found("", 100, "8"), found("", 100, "9")];
    inventory.number(&mut twins);
    twins.iter().for_each(|twin| inventory.name_by_label(twin.drive.no));
    inventory.refuse_nameless(&mut twins);
    refuse_same_identities(&mut twins);
    assert!(twins.iter().all(|twin| !twin.drive.eligibility.is_eligible()));
}
