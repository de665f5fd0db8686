//! Whatever a host sends, a drive answers and lives.

use super::*;
use proptest::prelude::*;

/// Mostly commands that exist.
fn any_cdb() -> impl Strategy<Value = Vec<u8>> {
    let codes = prop::sample::select(vec![
        0x00, 0x03, 0x08, 0x0a, 0x12, 0x15, 0x1a, 0x1b, 0x25, 0x28, 0x2a, 0x2f, 0x35, 0x42, 0x4d, 0x55, 0x5a,
        0x85, 0x88, 0x8a, 0x8f, 0x91, 0x9e, 0xa0, 0xa1, 0xa3, 0xa8, 0xaa, 0xaf,
    ]);
    (prop_oneof![codes, any::<u8>()], prop::collection::vec(any::<u8>(), 0..20))
        .prop_map(|(code, rest)| [vec![code], rest].concat())
}

/// ATA commands by pass-through, with any registers.
fn any_taskfile() -> impl Strategy<Value = Taskfile> {
    let codes = prop::sample::select(vec![
        0x06, 0x20, 0x25, 0x27, 0x2f, 0x30, 0x35, 0x37, 0x42, 0x47, 0x78, 0xb0, 0xb1, 0xb4, 0xc8, 0xca, 0xe0,
        0xe5, 0xea, 0xec, 0xef, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf8, 0xf9,
    ]);
    let features = prop_oneof![
        prop::sample::select(vec![
            0u16, 1, 2, 0x11, 0x12, 0x14, 0x20, 0x40, 0xc0, 0xc1, 0xc2, 0xc3, 0xd0, 0xd5
        ]),
        any::<u16>()
    ];
    let addresses = prop_oneof![
        prop::sample::select(vec![
            0u64,
            0x4372_7970,
            0x426b_4572,
            0x4f57_1111_2222,
            0x4672_4c6b,
            2047,
            0xffff_ffff_ffff
        ]),
        any::<u64>()
    ];
    (codes, features, any::<u16>(), addresses, any::<u8>()).prop_map(
        |(command, feature, count, lba, device)| Taskfile {
            command,
            feature,
            count,
            lba: lba & 0xffff_ffff_ffff,
            device,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_cdb_gets_an_answer(cdbs in prop::collection::vec(any_cdb(), 1..60), out in prop::collection::vec(any::<u8>(), 0..2048)) {
        let mut rig = Rig::blank(sed());
        for cdb in cdbs {
            match rig.drive.scsi(&cdb, &out, 65536) {
                Turn::Done(completion) => {
                    prop_assert!(completion.data.len() <= 65536);
                    prop_assert!([0, 2, 8].contains(&completion.status));
                    prop_assert_eq!(completion.status == 2, !completion.sense.is_empty());
                }
                Turn::Busy(_) => prop_assert!(matches!(rig.drive.poll(), Turn::Busy(_))),
                turn => prop_assert!(false, "{:?}", turn),
            }
        }
    }

    #[test]
    fn any_taskfile_gets_an_answer(commands in prop::collection::vec((any_taskfile(), 0u64..2), 1..60)) {
        let mut rig = Rig::blank(sed());
        for (command, seconds) in commands {
            let turn = rig.start(&command, &[0; 1024]);
            let answered = matches!(turn, Turn::Done(_) | Turn::Busy(_));
            prop_assert!(answered);
            rig.seconds(seconds);
            rig.drive.poll();
        }
        rig.restart();
        prop_assert!(rig.word(0) == 0x0040);
    }
}

#[test]
fn nothing_at_all_is_a_command_too() {
    let mut rig = Rig::blank(hdd());
    assert!(matches!(rig.drive.scsi(&[], &[], 0), Turn::Done(ScsiCompletion { status: 0, .. })));
    assert!(matches!(rig.drive.scsi(&[0x85], &[], 0), Turn::Done(_)));
}
