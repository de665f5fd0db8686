use super::*;
use crate::bytes::be;
use tempfile::TempDir;

const MARK: &[u8] = b"SECRET";

fn pattern(lba: u64, block: &mut [u8]) {
    block.fill(b'.');
    for piece in block.chunks_mut(64) {
        piece[..6].copy_from_slice(MARK);
        piece[6..14].copy_from_slice(&lba.to_be_bytes());
    }
}

fn carries(block: &[u8]) -> bool {
    block.chunks(64).any(|piece| piece.starts_with(MARK))
}

fn filled(layout: Layout) -> (TempDir, Medium) {
    let folder = tempfile::tempdir().unwrap();
    let mut medium = Medium::create(&folder.path().join("drive"), layout).unwrap();
    medium.fill(pattern).unwrap();
    (folder, medium)
}

fn block(medium: &Medium, lba: u64) -> Vec<u8> {
    let mut data = vec![0; medium.block()];
    medium.read(lba, &mut data).unwrap();
    data
}

fn left(medium: &Medium) -> u64 {
    medium.count_physical(carries).unwrap()
}

fn host_overwrite(medium: &mut Medium, from: u64, count: u64) {
    for lba in from..from + count {
        medium.write(lba, &vec![0; medium.block()]).unwrap();
    }
}

fn disk() -> Layout {
    Layout { reallocated: vec![5, 77], ..Layout::disk(3000) }
}

fn flash() -> Layout {
    Layout::flash(3000)
}

fn encrypting(layout: Layout) -> Layout {
    Layout { encryption: Encryption::SelfEncrypting, ..layout }
}

fn everything(technique: Technique) -> Erase {
    Erase::whole(technique, Extent::Everything)
}

fn overwrite(last: u8) -> Technique {
    Technique::Overwrite { passes: vec![[1; 4], [2; 4], [last; 4]] }
}

#[test]
fn a_filled_medium_reads_as_it_was_filled() {
    for layout in [disk(), flash(), encrypting(disk()), encrypting(flash())] {
        let (_folder, medium) = filled(layout);
        for lba in [0, 5, 6, 77, 2999] {
            assert_eq!(be(&block(&medium, lba), 6, 8), lba);
        }
    }
}

#[test]
fn a_disk_keeps_reallocated_sectors_twice_and_flash_its_stale_pages() {
    assert_eq!(left(&filled(disk()).1), 3002);
    assert_eq!(left(&filled(flash()).1), 3000 + 187);
}

#[test]
fn a_self_encrypting_medium_holds_no_plain_text() {
    assert_eq!(left(&filled(encrypting(disk())).1), 0);
    assert_eq!(left(&filled(encrypting(flash())).1), 0);
}

#[test]
fn a_host_overwrite_of_all_of_a_disk_leaves_the_reallocated_sectors() {
    let (_folder, mut medium) = filled(disk());
    host_overwrite(&mut medium, 0, 3000);
    assert_eq!(left(&medium), 2);
}

#[test]
fn a_host_overwrite_of_all_of_a_flash_leaves_stale_copies() {
    let (_folder, mut medium) = filled(flash());
    host_overwrite(&mut medium, 0, 3000);
    // All pages but as many as were written carried the pattern: what is left is the spare area's size at most.
    assert!(left(&medium) > 0 && left(&medium) <= 375, "{}", left(&medium));
    assert!((0..3000).all(|lba| block(&medium, lba).iter().all(|byte| *byte == 0)));
}

#[test]
fn a_second_host_overwrite_of_flash_reaches_the_stale_copies_of_the_first() {
    let (_folder, mut medium) = filled(flash());
    host_overwrite(&mut medium, 0, 3000);
    host_overwrite(&mut medium, 0, 3000);
    assert_eq!(left(&medium), 0);
}

#[test]
fn a_block_erase_leaves_nothing_anywhere() {
    let (_folder, mut medium) = filled(flash());
    medium.erase(everything(Technique::BlockErase)).unwrap();
    assert_eq!(left(&medium), 0);
    assert_eq!(medium.count_physical(|block| block.iter().all(|byte| *byte == 0xff)).unwrap(), 3375);
    assert!(block(&medium, 9).iter().all(|byte| *byte == 0));
    assert_eq!(medium.first_unmapped(0, 3000), Some(0));
}

#[test]
fn an_overwrite_of_everything_reaches_reallocated_and_stale_blocks() {
    for layout in [disk(), flash()] {
        let (_folder, mut medium) = filled(layout.clone());
        medium.unmap(100, 50).unwrap();
        medium.erase(everything(overwrite(0x5a))).unwrap();
        let all = medium.count_physical(|block| block.iter().all(|byte| *byte == 0x5a)).unwrap();
        assert_eq!(all, layout.physical_blocks());
        assert_eq!(block(&medium, 120), vec![0x5a; 512]);
    }
}

#[test]
fn an_overwrite_of_a_self_encrypting_medium_reads_as_the_pattern() {
    let (_folder, mut medium) = filled(encrypting(flash()));
    medium.erase(everything(overwrite(0x5a))).unwrap();
    assert_eq!(block(&medium, 2999), vec![0x5a; 512]);
}

#[test]
fn unmapping_all_holds_all() {
    for layout in [disk(), flash()] {
        let (_folder, mut medium) = filled(layout);
        let before = left(&medium);
        medium.erase(everything(Technique::Unmap)).unwrap();
        assert_eq!(left(&medium), before);
        assert!((0..3000).all(|lba| block(&medium, lba) == vec![0; 512]));
    }
}

#[test]
fn an_unmapped_disk_block_goes_home_when_it_is_written() {
    let (_folder, mut medium) = filled(disk());
    medium.erase(everything(Technique::Unmap)).unwrap();
    host_overwrite(&mut medium, 0, 3000);
    assert_eq!(left(&medium), 2);
}

#[test]
fn a_new_key_turns_what_was_written_into_noise() {
    let (_folder, mut medium) = filled(encrypting(disk()));
    let before = medium.count_physical(|block| block == [0; 512]).unwrap();
    medium.erase(everything(Technique::ChangeKey)).unwrap();
    assert!((0..3000).all(|lba| !carries(&block(&medium, lba))));
    assert_eq!(medium.count_physical(|block| block == [0; 512]).unwrap(), before);
    medium.write(7, &[3; 512]).unwrap();
    assert_eq!(block(&medium, 7), [3; 512]);
}

#[test]
fn a_new_key_for_some_blocks_leaves_the_others_readable() {
    let (_folder, mut medium) = filled(encrypting(flash()));
    let extent = Extent::Blocks { from: 1000, count: 500 };
    medium.erase(Erase::whole(Technique::ChangeKey, extent)).unwrap();
    for (lba, readable) in [(999, true), (1000, false), (1499, false), (1500, true), (2999, true)] {
        assert_eq!(carries(&block(&medium, lba)), readable, "{lba}");
    }
}

#[test]
fn a_new_key_changes_nothing_on_a_medium_that_does_not_encrypt() {
    let (_folder, mut medium) = filled(flash());
    medium.erase(everything(Technique::ChangeKey)).unwrap();
    assert!(carries(&block(&medium, 0)));
}

#[test]
fn half_an_erase_leaves_the_other_half() {
    for technique in [Technique::BlockErase, overwrite(0), Technique::Unmap] {
        let (_folder, mut medium) = filled(flash());
        let half = Erase { reach: Reach::FirstHalf, ..everything(technique) };
        medium.erase(half).unwrap();
        assert!(!carries(&block(&medium, 0)));
        assert!(carries(&block(&medium, 2999)));
    }
}

#[test]
fn an_erase_in_steps_goes_on_where_it_was_interrupted() {
    let (folder, mut medium) = filled(Layout::flash(40_000));
    let mut job = EraseJob::new(everything(Technique::BlockErase));
    medium.erase_until(&mut job, WHOLE / 2).unwrap();
    let half = left(&medium);
    assert!(half > 15_000 && half < 25_000, "{half}");
    drop(medium);
    let mut medium = Medium::open(&folder.path().join("drive")).unwrap();
    assert_eq!(left(&medium), half);
    medium.erase_until(&mut job, WHOLE).unwrap();
    assert_eq!(left(&medium), 0);
}

#[test]
fn erasing_blocks_alone_leaves_their_stale_copies_and_erasing_spare_too_does_not() {
    let (_folder, mut medium) = filled(flash());
    let blocks = Extent::Blocks { from: 0, count: 2000 };
    medium.erase(Erase::whole(Technique::BlockErase, blocks)).unwrap();
    assert_eq!(left(&medium), 1000 + 187);
    let spare = Extent::BlocksAndSpare { from: 0, count: 2000 };
    medium.erase(Erase::whole(Technique::BlockErase, spare)).unwrap();
    assert_eq!(left(&medium), 1000);
    assert!(carries(&block(&medium, 2000)));
}

#[test]
fn overwriting_addresses_leaves_stale_copies_on_flash_and_reallocated_sectors_on_disks() {
    let extent = Extent::Blocks { from: 0, count: 3000 };
    for (layout, at_most) in [(flash(), 375), (disk(), 2)] {
        let (_folder, mut medium) = filled(layout);
        medium.erase(Erase::whole(Technique::Overwrite { passes: vec![[0; 4]] }, extent)).unwrap();
        assert!((1..=at_most).contains(&left(&medium)));
    }
}

#[test]
fn a_medium_is_the_same_after_a_restart() {
    for layout in [disk(), flash(), encrypting(flash())] {
        let (folder, mut medium) = filled(layout);
        medium.write(10, &[7; 1024]).unwrap();
        medium.unmap(20, 2).unwrap();
        drop(medium);
        let mut medium = Medium::open(&folder.path().join("drive")).unwrap();
        assert_eq!(block(&medium, 11), [7; 512]);
        assert_eq!(block(&medium, 21), [0; 512]);
        assert!(carries(&block(&medium, 22)));
        medium.write(0, &[9; 512]).unwrap();
        assert!(carries(&block(&medium, 22)));
    }
}

#[test]
fn metadata_is_kept_apart_and_lost_with_its_block() {
    let layout = Layout { block_size: 4096, metadata_size: 8, ..flash() };
    let (folder, mut medium) = filled(layout);
    medium.write(3, &[1; 8192]).unwrap();
    medium.write_metadata(3, &[5; 16]).unwrap();
    let mut metadata = [0; 8];
    medium.read_metadata(4, &mut metadata).unwrap();
    assert_eq!(metadata, [5; 8]);
    assert_eq!(block(&medium, 4), [1; 4096]);
    medium.erase(everything(Technique::BlockErase)).unwrap();
    medium.read_metadata(4, &mut metadata).unwrap();
    assert_eq!(metadata, [0xff; 8]);
    let raw = std::fs::read(folder.path().join("drive")).unwrap();
    assert_eq!(raw.len(), 3375 * 4104);
    assert!(raw.iter().all(|byte| *byte == 0xff));
}

#[test]
fn recutting_loses_every_place_and_no_byte() {
    let (folder, mut medium) = filled(flash());
    medium.recut(4096, 8).unwrap();
    assert_eq!(medium.layout().native_blocks, 375);
    assert_eq!(medium.first_unmapped(0, 375), Some(0));
    assert!(left(&medium) > 370);
    medium.write(374, &[1; 4096]).unwrap();
    let medium = Medium::open(&folder.path().join("drive")).unwrap();
    assert_eq!(block(&medium, 374), [1; 4096]);
}

#[test]
fn blocks_beyond_the_end_are_refused() {
    let (_folder, mut medium) = filled(disk());
    assert!(matches!(medium.read(2999, &mut [0; 1024]), Err(MediumError::Range { lba: 2999 })));
    assert!(matches!(medium.write(u64::MAX, &[0; 512]), Err(MediumError::Range { .. })));
    assert!(matches!(medium.write(0, &[0; 100]), Err(MediumError::Range { .. })));
    assert!(matches!(medium.unmap(2999, 2), Err(MediumError::Range { .. })));
    let beyond = Erase::whole(Technique::Unmap, Extent::Blocks { from: 1, count: 3000 });
    assert!(matches!(medium.erase(beyond), Err(MediumError::Range { .. })));
}

#[test]
fn layouts_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for layout in [
        Layout { block_size: 520, ..disk() },
        Layout { native_blocks: 0, ..disk() },
        Layout { native_blocks: u64::MAX, ..disk() },
        Layout { spare_blocks: 0, ..flash() },
        Layout { stale_pages: 4000, ..flash() },
        Layout { reallocated: vec![3000], ..disk() },
        Layout { spare_blocks: 1, ..disk() },
    ] {
        let created = Medium::create(&folder.path().join("drive"), layout.clone());
        assert!(matches!(created, Err(MediumError::Layout(_))), "{layout:?}");
    }
}

#[test]
fn a_map_with_two_owners_of_a_page_is_refused() {
    let (folder, medium) = filled(flash());
    drop(medium);
    let map = folder.path().join("drive.map");
    let mut bytes = std::fs::read(&map).unwrap();
    bytes.copy_within(0..4, 4);
    std::fs::write(&map, bytes).unwrap();
    assert!(matches!(Medium::open(&folder.path().join("drive")), Err(MediumError::State(..))));
}
