//! A medium within its session: one of the session's drives, or something done by hand.

use model::{ByHandNo, DriveNo};

/// Which of a session's media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A drive of the inventory.
    Drive(DriveNo),
    /// A medium that the PC did not see, by the number of what was done to it.
    ByHand(ByHandNo),
}

impl Part {
    /// Its number in the tables' columns `drive`: what was done by hand counts downwards from −1.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Drive(no) => i64::from(no.0),
            Self::ByHand(no) => -i64::from(no.0),
        }
    }

    /// The one of that number; `None` of none.
    pub(super) fn of(number: i64) -> Option<Self> {
        let magnitude = u16::try_from(number.unsigned_abs()).ok()?;
        Some(if number < 0 { Self::ByHand(ByHandNo(magnitude)) } else { Self::Drive(DriveNo(magnitude)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_others_are_none() {
        for part in [Part::Drive(DriveNo(1)), Part::Drive(DriveNo(65_535)), Part::ByHand(ByHandNo(65_535))] {
            assert_eq!(Part::of(part.number()), Some(part));
        }
        assert_eq!(Part::ByHand(ByHandNo(1)).number(), -1);
        assert_eq!((Part::of(65_536), Part::of(-65_536), Part::of(i64::MIN)), (None, None, None));
    }
}
