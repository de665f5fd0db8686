//! Looking for drives, and what comes of a look.

use super::App;
use crate::scanner::{Scanned, Ticket};
use std::time::Instant;
use wizard::{Msg, ScanState};

impl App {
    /// Wants a look at the drives: [`App::scanned`] follows.
    pub(super) fn look_again(&mut self) -> Ticket {
        self.scanner.ask()
    }

    /// The same, and until it has ended drives count as being looked for.
    pub(super) fn settle_drives(&mut self) {
        self.settles_with = Some(self.look_again());
        self.tell_scan(self.scan);
    }

    pub(super) fn scanned(&mut self, Scanned { ticket, sight }: Scanned) {
        self.scanner.finished();
        let seen = sight.is_ok();
        match sight {
            Ok(sight) => {
                self.sight = sight;
                self.sights += 1;
                self.take_sight(ticket);
            }
            Err(error) => {
                tracing::error!(%error, "the drives cannot be listed");
                self.scan = ScanState::Settling;
                self.tell_scan(self.scan);
            }
        }
        // Before anything is looked at again: the drives that are armed now are spared then.
        self.go_on_with_start(ticket, seen);
        self.go_on_with_sleep(Some(ticket), Instant::now());
        self.scanner.go_on();
    }

    fn take_sight(&mut self, ticket: Ticket) {
        // It is over, however long it took: what came and went is announced.
        if self.scan_shown == ScanState::Slow {
            self.tell_scan(self.scan);
        }
        let (drives, hidden) = (self.sight.drives(), self.sight.hidden.clone());
        let candidates = self.sight.sticks.iter().map(|stick| self.numbers.candidate(stick)).collect();
        // Told at once: an entry that a pulled stick did not take must not stand under "saved".
        self.with_session(|session| session.add_drives(&drives, &hidden));
        // First, so that no drive is ever shown without.
        self.tell(Msg::Asides(self.sight.asides()));
        self.tell(Msg::Drives(drives));
        self.tell(Msg::HiddenControllers(hidden));
        self.tell(Msg::Sticks(candidates));
        self.settles_with = self.settles_with.filter(|awaited| *awaited > ticket);
        self.scan = self.sight.state;
        self.tell_scan(self.scan);
        if self.sight.boot_stick != std::mem::replace(&mut self.boot_stick, self.sight.boot_stick) {
            self.tell(Msg::BootStickRead);
        }
        self.tell_passwords();
        self.follow_drives();
        self.check_stick();
        self.look_at_jobs();
    }

    fn tell_scan(&mut self, state: ScanState) {
        let awaited = self.settles_with.is_some() && state == ScanState::Done;
        self.scan_shown = if awaited { ScanState::Settling } else { state };
        self.tell(Msg::Scan(self.scan_shown));
    }

    /// Looks again while drives are still coming, and says so when one of them does not answer.
    pub(super) fn watch_drives(&mut self, now: Instant) {
        if self.scanner.is_overdue(now) && self.scan_shown != ScanState::Slow {
            tracing::warn!("looking for drives takes long");
            self.tell_scan(ScanState::Slow);
        }
        if self.scan == ScanState::Settling && !self.scanner.is_busy() && !inventory::is_udev_busy() {
            self.look_again();
        }
    }
}
