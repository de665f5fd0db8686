//! Looking for drives, on a thread of its own: one that is asked who it is may take long to answer, or never does.
//!
//! At most one look is under way and one more wanted; looks are never lost, only joined. A [`Ticket`] says which look
//! answers a wish: one that began after it was made.

use crate::event::Event;
use crate::office::{Authority, BootStick, Need, News};
use crossbeam_channel::{Receiver, Sender};
use inventory::{Found, Inventory, LogFile, Releases, ScanError, StickFacts};
use model::{DriveNo, Identity};
use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};
use wizard::ScanState;

/// How long a look may take before the screen says so.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of a look. A later one has a higher number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Ticket(pub(crate) u64);

/// What was seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    /// Every drive.
    pub(crate) found: Vec<Found>,
    /// Every volume that might be meant as a results stick.
    pub(crate) sticks: Vec<StickFacts>,
    /// Controllers that may hide drives.
    pub(crate) hidden: Vec<String>,
    /// Whether more is to come.
    pub(crate) state: ScanState,
    /// Whether the boot stick is still needed.
    pub(crate) boot_stick: Need,
}

impl Sight {
    /// The drive of that number.
    pub(crate) fn get(&self, no: DriveNo) -> Option<&Found> {
        self.found.iter().find(|found| found.drive.no == no)
    }

    /// What screens say beside the drives.
    pub(crate) fn asides(&self) -> Vec<(model::DriveNo, model::Aside)> {
        self.found.iter().map(|found| (found.drive.no, found.aside())).collect()
    }

    /// The drives as records have them.
    pub(crate) fn drives(&self) -> Vec<model::Drive> {
        self.found.iter().map(|found| found.drive.clone()).collect()
    }
}

/// Why nothing was seen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LookError {
    /// The drives could not be listed.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// A fault of this program.
    #[error("looking for drives panicked")]
    Panicked,
}

/// What a look has to heed.
#[derive(Debug, Clone)]
pub(crate) struct LookOrder {
    pub(crate) ticket: Ticket,
    /// Drives that jobs have: not asked, not opened.
    pub(crate) spared: BTreeSet<DriveNo>,
    /// Drives whose job opens a hidden area: the same ones with another capacity.
    pub(crate) grown: BTreeSet<DriveNo>,
    /// Drives without a serial number that a person named by the one on their label.
    pub(crate) named: BTreeSet<DriveNo>,
    /// Drives that are results sticks of this session, and never offered.
    pub(crate) results_sticks: Vec<Identity>,
}

/// The end of a look.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) ticket: Ticket,
    pub(crate) sight: Result<Sight, LookError>,
}

/// Where drives are looked for.
pub(crate) trait DriveSource: Send {
    /// Looks once. May block for as long as drives do not answer.
    fn look(&mut self, order: &LookOrder) -> Result<Sight, LookError>;
}

/// The PC's own drives.
pub(crate) struct PcDrives {
    inventory: Inventory,
    boot: BootStick,
    spared: BTreeSet<DriveNo>,
}

impl PcDrives {
    /// With the boot stick, which is read once it is seen, and by which a stick's release is checked.
    pub(crate) fn new(boot: BootStick) -> Self {
        let mut inventory = Inventory::default();
        let read = boot.clone();
        inventory.heed_releases(Releases::judged_by(move |release: &[u8], logs: &[LogFile]| {
            Authority::of(&read.documents()).releases(release, logs)
        }));
        Self { inventory, boot, spared: BTreeSet::new() }
    }
}

impl DriveSource for PcDrives {
    fn look(&mut self, order: &LookOrder) -> Result<Sight, LookError> {
        for no in order.spared.difference(&self.spared) {
            self.inventory.spare(*no);
        }
        for no in self.spared.difference(&order.spared) {
            self.inventory.release(*no);
        }
        self.spared.clone_from(&order.spared);
        for no in &order.grown {
            self.inventory.expect_growth(*no);
        }
        for no in &order.named {
            self.inventory.name_by_label(*no);
        }
        for identity in &order.results_sticks {
            self.inventory.use_as_results_stick(identity);
        }
        self.inventory.scan()?;
        let coming = inventory::is_udev_busy() || self.inventory.is_incomplete();
        let state = if coming { ScanState::Settling } else { ScanState::Done };
        // Whether a stick is released is known only with the boot stick's key: then there is more to come. What was seen is
        // not kept back for it.
        let state = match self.boot.look(self.inventory.found()) {
            News::Some => ScanState::Settling,
            News::None => state,
        };
        Ok(Sight {
            found: self.inventory.found().to_vec(),
            sticks: self.inventory.sticks(),
            hidden: inventory::hidden_controllers(),
            state,
            boot_stick: self.boot.need(),
        })
    }
}

/// The main thread's end.
pub(crate) struct Scanner {
    orders: Sender<LookOrder>,
    running: Option<(Ticket, Instant)>,
    wanted: Option<Ticket>,
    last: Ticket,
    pace: Pace,
    spared: BTreeSet<DriveNo>,
    grown: BTreeSet<DriveNo>,
    named: BTreeSet<DriveNo>,
    results_sticks: Vec<Identity>,
}

/// Whether looks are begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Going,
    Paused,
}

impl Scanner {
    /// Starts the thread; every look ends with an [`Event::Scanned`].
    pub(crate) fn start(source: Box<dyn DriveSource>, events: Sender<Event>) -> io::Result<Self> {
        let (orders, inbox) = crossbeam_channel::unbounded();
        thread::Builder::new().name("scanner".into()).spawn(move || look_on(source, &inbox, &events))?;
        Ok(Self {
            orders,
            running: None,
            wanted: None,
            last: Ticket(0),
            pace: Pace::Going,
            spared: BTreeSet::new(),
            grown: BTreeSet::new(),
            named: BTreeSet::new(),
            results_sticks: Vec::new(),
        })
    }

    /// Wants a look that begins from now on.
    pub(crate) fn ask(&mut self) -> Ticket {
        let ticket = self.wanted.unwrap_or_else(|| self.next());
        self.wanted = Some(ticket);
        self.go_on();
        ticket
    }

    fn next(&mut self) -> Ticket {
        self.last = Ticket(self.last.0 + 1);
        self.last
    }

    /// Takes note that the look under way is over. Nothing is looked at again before [`Scanner::go_on`].
    pub(crate) fn finished(&mut self) {
        self.running = None;
    }

    /// Begins the look that is wanted, if there is one and none is under way.
    pub(crate) fn go_on(&mut self) {
        if self.running.is_some() || self.pace == Pace::Paused {
            return;
        }
        let Some(ticket) = self.wanted.take() else { return };
        let order = LookOrder {
            ticket,
            spared: self.spared.clone(),
            grown: self.grown.clone(),
            named: self.named.clone(),
            results_sticks: self.results_sticks.clone(),
        };
        match self.orders.send(order) {
            Ok(()) => self.running = Some((ticket, Instant::now())),
            Err(_) => tracing::error!("nobody looks for drives any more"),
        }
    }

    /// From now on no look is begun; wishes are kept.
    pub(crate) fn pause(&mut self) {
        self.pace = Pace::Paused;
    }

    /// Looks are begun again.
    pub(crate) fn unpause(&mut self) {
        self.pace = Pace::Going;
        self.go_on();
    }

    /// Whether a look is under way.
    pub(crate) fn is_looking(&self) -> bool {
        self.running.is_some()
    }

    /// Whether a look is under way or wanted.
    pub(crate) fn is_busy(&self) -> bool {
        self.running.is_some() || self.wanted.is_some()
    }

    /// Whether the look under way takes suspiciously long.
    pub(crate) fn is_overdue(&self, now: Instant) -> bool {
        self.running.is_some_and(|(_, since)| now.saturating_duration_since(since) > PATIENCE)
    }

    /// From the next look on this drive is left alone.
    pub(crate) fn spare(&mut self, no: DriveNo) {
        self.spared.insert(no);
    }

    /// From the next look on this drive keeps its number whatever its capacity is.
    pub(crate) fn expect_growth(&mut self, no: DriveNo) {
        self.grown.insert(no);
    }

    /// From the next look on this drive is not refused for want of a serial number.
    pub(crate) fn name_by_label(&mut self, no: DriveNo) {
        self.named.insert(no);
    }

    /// From the next look on this drive is asked again.
    pub(crate) fn release(&mut self, no: DriveNo) {
        self.spared.remove(&no);
    }

    /// From the next look on this drive is a results stick.
    pub(crate) fn use_as_results_stick(&mut self, identity: &Identity) {
        if !self.results_sticks.contains(identity) {
            self.results_sticks.push(identity.clone());
        }
    }
}

fn look_on(mut source: Box<dyn DriveSource>, orders: &Receiver<LookOrder>, events: &Sender<Event>) {
    for order in orders {
        // A look that panics must not be the last one.
        let sight = catch_unwind(AssertUnwindSafe(|| source.look(&order)));
        let sight = sight.unwrap_or(Err(LookError::Panicked));
        if events.send(Event::Scanned(Scanned { ticket: order.ticket, sight })).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
