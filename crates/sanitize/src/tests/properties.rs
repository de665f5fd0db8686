use crate::fake::{Behaviour, Fake, Formats, LEN, Writes, format, old_block, overwrite};
use model::{DriveResult, Outcome};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn lbas() -> impl Strategy<Value = BTreeSet<u64>> {
    let some = prop::collection::btree_set(0..LEN / 512, 1..6);
    prop_oneof![4 => Just(BTreeSet::new()), 1 => some]
}

fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    let writes =
        prop_oneof![8 => Just(Writes::Land), 1 => Just(Writes::Ignored), 1 => Just(Writes::BecomeZeros)];
    let formats = prop_oneof![
        4 => Just(Formats::EraseTo(0)),
        1 => Just(Formats::DoNothing),
        1 => Just(Formats::EraseFirstHalf),
        1 => Just(Formats::EraseAllButOneByte),
        1 => Just(Formats::Shrink),
        1 => any::<u16>().prop_map(Formats::Reject),
        1 => Just(Formats::TimeOut),
    ];
    let later = || prop_oneof![6 => Just(None), 1 => (0..80usize).prop_map(Some)];
    (writes, formats, lbas(), lbas(), lbas(), later(), later(), later()).prop_map(
        |(writes, formats, unwritable, unreadable, flipped, gone_w, gone_r, flush)| Behaviour {
            writes,
            formats,
            unwritable,
            unreadable,
            flipped,
            gone_after_writes: gone_w,
            gone_after_reads: gone_r,
            fails_at_flush: flush.map(|at| at % 3),
            ..Behaviour::default()
        },
    )
}

/// What success claims, looked up on the medium itself.
fn is_honest(result: &DriveResult, device: &Fake) -> Result<(), TestCaseError> {
    prop_assert_eq!(result.achieved.is_some(), result.outcome == Outcome::Done);
    prop_assert_eq!(result.failure.is_none(), result.outcome == Outcome::Done);
    if result.outcome == Outcome::Done {
        prop_assert!(device.old_blocks().is_empty());
        prop_assert!(result.evidence.errors.is_clean());
        let verification = result.evidence.verification.as_ref();
        prop_assert!(verification.is_some_and(|read| read.bytes == read.of && read.of.0 == LEN));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_behaviour_of_a_drive_makes_a_false_success_of_an_overwrite(behaviour in any_behaviour(), ssd in any::<bool>()) {
        let device = Fake::new(behaviour);
        let result = overwrite(if ssd { 3 } else { 1 }, &device);
        is_honest(&result, &device)?;
    }

    #[test]
    fn no_behaviour_of_a_drive_makes_a_false_success_of_a_format(behaviour in any_behaviour()) {
        let device = Fake::new(behaviour);
        let result = format(&device);
        is_honest(&result, &device)?;
        if result.outcome == Outcome::Done {
            // Not even a part of an old block.
            let word = &old_block(0)[..8];
            prop_assert!(!device.state().medium.chunks(word.len()).any(|piece| piece == word));
        }
    }
}
