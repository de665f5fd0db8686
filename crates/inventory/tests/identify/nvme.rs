//! NVMe namespaces.

use crate::{GET_LOG_PAGE, IDENTIFY, Scripted, Step, conditions};
use inventory::{Identified, IdentifyFailure, Link, Removable, identify};
use model::{Bus, ByteLen, Condition, Support, Technique};

fn controller(oacs: u8, sanicap: u8, fna: u8) -> Step {
    let mut page = vec![0; 4096];
    page[4..24].copy_from_slice(b"NVME-0001           ");
    page[24..30].copy_from_slice(b"MODEL ");
    page[256] = oacs;
    page[328] = sanicap;
    page[516] = 4;
    page[524] = fna;
    Step::Nvme(IDENTIFY, 1, page)
}

fn namespace(blocks: u64) -> Step {
    let mut page = vec![0; 4096];
    page[..8].copy_from_slice(&blocks.to_le_bytes());
    page[130] = 9;
    Step::Nvme(IDENTIFY, 0, page)
}

fn list(cns: u32, nsids: &[u32]) -> Step {
    let mut page: Vec<u8> = nsids.iter().flat_map(|nsid| nsid.to_le_bytes()).collect();
    page.resize(4096, 0);
    Step::Nvme(IDENTIFY, cns, page)
}

fn log(progress: u16, status: u16) -> Step {
    let mut page = vec![0; 512];
    page[..2].copy_from_slice(&progress.to_le_bytes());
    page[2..4].copy_from_slice(&status.to_le_bytes());
    Step::Nvme(GET_LOG_PAGE, 0x81, page)
}

const LEN: u64 = 1 << 20;

fn ask(len: u64, steps: Vec<Step>) -> Result<Identified, IdentifyFailure> {
    identify(&Scripted::new(len, 512, steps), &Link::Nvme { namespace: 1 }, Removable::No)
}

/// Without Sanitize.
fn plain(oacs: u8, fna: u8, tail: Vec<Step>) -> Identified {
    let mut steps = vec![controller(oacs, 0, fna), namespace(2048)];
    steps.extend(tail);
    ask(LEN, steps).unwrap()
}

/// With Sanitize by block and crypto erase.
fn sanitizing(log: Step, nsids: &[u32], len: u64) -> Identified {
    ask(len, vec![controller(0x02, 0b11, 0x04), namespace(2048), log, list(0x10, nsids)]).unwrap()
}

#[test]
fn an_only_namespace_offers_format() {
    let found = plain(0x02, 0x04, vec![list(0x10, &[1])]);
    assert_eq!((found.identity.bus, found.identity.namespace), (Bus::Nvme, 1));
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatCrypto), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::NvmeSanitizeBlockErase), Support::Unsupported);
}

#[test]
fn a_controller_without_the_list_of_allocated_namespaces_is_asked_for_the_active_ones() {
    let found = plain(0x02, 0, vec![Step::NvmeRefuse(IDENTIFY, 0x10), list(0x02, &[1])]);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Supported);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatCrypto), Support::Unsupported);
}

#[test]
fn format_is_each_namespaces_own_where_there_are_several_and_unknown_where_nothing_is_known() {
    let two = plain(0x02, 0, vec![list(0x10, &[1, 2])]);
    let each = Support::EachNamespace { count: 2 };
    assert_eq!(two.capabilities.support(Technique::NvmeFormatUserData), each);
    let silent = plain(0x02, 0, vec![Step::NvmeRefuse(IDENTIFY, 0x10), Step::NvmeRefuse(IDENTIFY, 0x02)]);
    assert_eq!(silent.capabilities.support(Technique::NvmeFormatUserData), Support::Unknown);
    let without_this_one = plain(0x02, 0, vec![list(0x10, &[2])]);
    assert_eq!(without_this_one.capabilities.support(Technique::NvmeFormatUserData), Support::Unknown);
}

#[test]
fn a_controller_without_format_offers_none() {
    let found = plain(0x00, 0, vec![list(0x10, &[1])]);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Unsupported);
}

#[test]
fn a_sanitize_reaches_all_namespaces_and_is_offered_for_an_only_one() {
    let one = sanitizing(log(0xFFFF, 0), &[1], LEN);
    assert_eq!(one.capabilities.support(Technique::NvmeSanitizeBlockErase), Support::Supported);
    assert_eq!(one.capabilities.support(Technique::NvmeSanitizeCryptoErase), Support::Supported);
    assert_eq!(one.capabilities.support(Technique::NvmeSanitizeOverwrite), Support::Unsupported);
    let two = sanitizing(log(0xFFFF, 0x0101), &[1, 2], LEN);
    assert_eq!(two.capabilities.support(Technique::NvmeSanitizeBlockErase), Support::OtherNamespaces);
}

#[test]
fn a_sanitize_whose_log_cannot_be_read_is_unknown() {
    let found = sanitizing(Step::NvmeRefuse(GET_LOG_PAGE, 0x81), &[1], LEN);
    assert_eq!(found.capabilities.support(Technique::NvmeSanitizeBlockErase), Support::Unknown);
    assert_eq!(found.capabilities.support(Technique::NvmeFormatUserData), Support::Supported);
}

#[test]
fn a_controller_that_sanitizes_has_its_serial_and_its_own_capacity() {
    let found = sanitizing(log(655, 0x0002), &[1], 0);
    assert_eq!(conditions(&found), [Condition::Sanitizing]);
    assert_eq!((found.identity.serial.as_str(), found.identity.capacity), ("NVME-0001", ByteLen(LEN)));
}

#[test]
fn a_failed_sanitize_is_a_state_and_a_finished_one_is_not() {
    assert_eq!(conditions(&sanitizing(log(0xFFFF, 0x0103), &[1], LEN)), [Condition::SanitizeFailed]);
    assert!(sanitizing(log(0xFFFF, 0x0101), &[1], LEN).conditions.is_empty());
    assert!(sanitizing(log(0xFFFF, 0x0000), &[1], LEN).conditions.is_empty());
}

#[test]
fn a_capacity_on_which_drive_and_kernel_disagree_is_refused() {
    let refused = ask(LEN - 512, vec![controller(0x02, 0, 0), namespace(2048)]);
    assert!(matches!(refused, Err(IdentifyFailure::Capacity { .. })));
}

#[test]
fn what_a_drive_says_a_sanitize_takes_is_kept_and_nothing_where_it_says_none() {
    let mut page = vec![0; 512];
    page[..2].copy_from_slice(&[0xFF; 2]);
    // Bytes 11:8 none, 15:12 two minutes, 19:16 three seconds.
    page[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    page[12..16].copy_from_slice(&120u32.to_le_bytes());
    page[16..20].copy_from_slice(&3u32.to_le_bytes());
    let found = sanitizing(Step::Nvme(GET_LOG_PAGE, 0x81, page), &[1], LEN);
    let told = [(Technique::NvmeSanitizeBlockErase, 120), (Technique::NvmeSanitizeCryptoErase, 3)];
    assert_eq!(found.times, told.into());
    assert!(sanitizing(log(0xFFFF, 0), &[1], LEN).times.is_empty());
}
