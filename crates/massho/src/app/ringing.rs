//! The bell at the end of the work: one stroke for 完了, two for 要対応, three for 失敗.

use super::App;
use wizard::End;

/// For how many seconds the sign must stand before it is rung: while the last entries are saved it says 要対応.
const STANDS: u32 = 3;
/// After how many seconds it is rung again, while nobody has pressed a key.
const AGAIN: u32 = 60;
/// How often it is rung.
const TIMES: u32 = 10;

/// What has been rung of the sign on the screen.
#[derive(Debug, Default)]
pub(super) struct Ringing {
    end: Option<End>,
    /// Seconds since the sign came.
    since: u32,
    /// Strokes that are still to come, one a second.
    strokes: u32,
    rung: u32,
}

impl Ringing {
    /// A second later, with this sign on the screen: whether the bell strikes now.
    fn strikes(&mut self, end: Option<End>) -> bool {
        if end != self.end {
            *self = Self { end, ..Self::default() };
        }
        let Some(end) = end else { return false };
        self.since = self.since.saturating_add(1);
        if self.since == STANDS + self.rung * AGAIN && self.rung < TIMES {
            self.rung += 1;
            self.strokes = match end {
                End::Done => 1,
                End::Attention => 2,
                End::Failed => 3,
            };
        }
        let strikes = self.strokes > 0;
        self.strokes = self.strokes.saturating_sub(1);
        strikes
    }

    /// Somebody is here: this sign is rung no more.
    pub(super) fn hush(&mut self) {
        if self.end.is_some() {
            (self.strokes, self.rung) = (0, TIMES);
        }
    }
}

impl App {
    /// Rings the bell for the end of the work, once a second at most.
    pub(super) fn ring(&mut self) {
        if self.ringing.strikes(self.model.end()) {
            (self.bell)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strokes(ringing: &mut Ringing, end: End, seconds: usize) -> usize {
        (0..seconds).filter(|_| ringing.strikes(Some(end))).count()
    }

    #[test]
    fn each_sign_has_its_strokes_once_it_stands() {
        for (end, count) in [(End::Done, 1), (End::Attention, 2), (End::Failed, 3)] {
            let mut ringing = Ringing::default();
            assert_eq!(strokes(&mut ringing, end, 2), 0, "not yet");
            assert_eq!(strokes(&mut ringing, end, 10), count);
            assert_eq!(strokes(&mut ringing, end, 60), count, "again after a minute");
            assert_eq!(strokes(&mut ringing, end, 3600), count * 8, "but not for ever");
        }
    }

    #[test]
    fn a_sign_that_passes_is_not_rung_and_a_key_ends_it() {
        let mut ringing = Ringing::default();
        assert_eq!(strokes(&mut ringing, End::Attention, 2), 0);
        assert_eq!(strokes(&mut ringing, End::Done, 5), 1);
        ringing.hush();
        assert_eq!(strokes(&mut ringing, End::Done, 600), 0);
        assert_eq!(strokes(&mut ringing, End::Failed, 10), 3, "another sign is news");
        assert!(!ringing.strikes(None));
        ringing.hush();
        assert_eq!(strokes(&mut ringing, End::Done, 5), 1, "a key before the end says nothing");
    }
}
