//! NVMe drives and their Sanitize Status logs.

use crate::{Recording, every, recordings};
use protocol::nvme::{Controller, NoDeallocateMedia, SanitizeLog, SanitizeState};

#[test]
fn nvme_controllers_are_who_they_say() {
    for drive in recordings("nvme", 4) {
        let read = Controller::parse(&drive.bytes).unwrap_or_else(|error| panic!("{}: {error}", drive.name));
        assert_eq!(read.model.as_str(), drive.text("model").trim(), "{}", drive.name);
        assert_eq!(read.firmware.as_str(), drive.text("firmware").trim(), "{}", drive.name);
        assert_eq!(read.serial.as_str(), drive.text("serial").trim(), "{}", drive.name);
        assert_eq!(u64::from(read.sanicap), drive.number("sanicap"), "{}", drive.name);
        assert_eq!(read.supports_format(), drive.flag("oacs_format_nvm"), "{}", drive.name);
        // Half a page says nothing about what stands in the other half.
        let whole = drive.bytes.len() == 4096;
        assert_eq!(read.supports_crypto_erase().is_some(), whole, "{}", drive.name);
        if whole {
            assert_eq!(read.supports_crypto_erase(), Some(drive.flag("fna_crypto_erase")), "{}", drive.name);
            assert_eq!(read.namespaces.map(u64::from), Some(drive.number("nn")), "{}", drive.name);
        }
    }
}

/// The recorded page, or one with the words that a tool printed of it.
fn page(drive: &Recording) -> Vec<u8> {
    if !drive.bytes.is_empty() {
        return drive.bytes.clone();
    }
    let mut page = vec![0; 4096];
    page[4] = b'S';
    for (key, at, len) in [("oacs", 256, 2), ("sanicap", 328, 4), ("fna", 524, 1)] {
        if drive.expected.contains_key(key) {
            page[at..at + len].copy_from_slice(&drive.number(key).to_le_bytes()[..len]);
        }
    }
    page
}

#[test]
fn nvme_capabilities_are_read_bit_by_bit() {
    let mut checked = 0;
    for drive in every("nvme", 15) {
        let read = Controller::parse(&page(&drive)).unwrap();
        let facts = [
            ("oacs_format_nvm", Some(read.supports_format())),
            ("oacs_namespace_management", Some(read.supports_namespace_management())),
            ("sanitize_crypto", Some(read.sanitizes_by_crypto_erase())),
            ("sanitize_block", Some(read.sanitizes_by_block_erase())),
            ("sanitize_overwrite", Some(read.sanitizes_by_overwrite())),
            ("sanitize_no_deallocate_inhibited", Some(read.inhibits_no_deallocate())),
            ("fna_format_all_namespaces", read.format_reaches_all_namespaces()),
            ("fna_erase_all_namespaces", read.erase_reaches_all_namespaces()),
            ("fna_crypto_erase", read.supports_crypto_erase()),
        ];
        for (key, value) in facts.into_iter().filter(|(key, _)| drive.expected.contains_key(*key)) {
            assert_eq!(value, Some(drive.flag(key)), "{}: {key}", drive.name);
            checked += 1;
        }
        if drive.expected.contains_key("sanitize_nodmmas") {
            let expected =
                [NoDeallocateMedia::NotDefined, NoDeallocateMedia::NotModified, NoDeallocateMedia::Modified];
            let code = usize::try_from(drive.number("sanitize_nodmmas")).unwrap();
            assert_eq!(read.no_deallocate_media(), expected[code], "{}", drive.name);
        }
    }
    assert!(checked >= 90, "{checked}");
}

/// The recorded log, or one with the words that a tool printed of it.
fn log(recording: &Recording) -> SanitizeLog {
    let mut page = vec![0; 512];
    page[..2].copy_from_slice(&recording.number("sprog").to_le_bytes()[..2]);
    page[2..4].copy_from_slice(&recording.number("sstat").to_le_bytes()[..2]);
    if recording.expected.contains_key("scdw10") {
        page[4..8].copy_from_slice(&recording.number("scdw10").to_le_bytes()[..4]);
    }
    let page = if recording.bytes.is_empty() { page } else { recording.bytes.clone() };
    SanitizeLog::parse(&page).unwrap()
}

#[test]
fn sanitize_logs_are_read_as_they_are_meant() {
    for recording in every("nvme-log", 6) {
        let read = log(&recording);
        let state = match recording.text("meaning") {
            "never sanitized" => SanitizeState::Never,
            "last sanitize completed" => SanitizeState::Completed,
            "sanitize in progress" => SanitizeState::InProgress,
            other => panic!("{other}"),
        };
        assert_eq!(read.state(), state, "{}", recording.name);
        assert_eq!(u64::from(read.progress), recording.number("sprog"), "{}", recording.name);
        assert_eq!(u64::from(read.raw_status), recording.number("sstat"), "{}", recording.name);
        assert_eq!(u64::from(read.passes_done()), recording.number("overwrite_passes"), "{}", recording.name);
        assert_eq!(read.global_data_erased(), recording.flag("global_data_erased"), "{}", recording.name);
        assert!(!read.is_blank(), "{}", recording.name);
        if recording.expected.contains_key("sanact") {
            assert_eq!(u64::from(read.action()), recording.number("sanact"), "{}", recording.name);
            assert_eq!(read.unrestricted_exit(), recording.flag("ause"), "{}", recording.name);
            assert_eq!(read.asked_no_deallocation(), recording.flag("no_dealloc"), "{}", recording.name);
        }
    }
    let done = recordings("nvme-log", 1).remove(0);
    let read = SanitizeLog::parse(&done.bytes).unwrap();
    let estimates = [read.overwrite_time(), read.block_erase_time(), read.crypto_erase_time()];
    assert_eq!(estimates, [None; 3], "FFFFFFFFh is no time");
}
