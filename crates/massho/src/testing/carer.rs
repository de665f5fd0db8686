//! Who takes care of drives as a test says, and when.

use crate::care::{Care, Unlocking};
use crossbeam_channel::{Receiver, Sender};
use inventory::Found;
use inventory::probe::Probed;
use model::DriveNo;
use sanitize::{FollowEnd, Followed, JobEvent};
use std::sync::{Arc, Condvar, Mutex};

/// Takes care of drives as the test says.
pub(crate) struct Carer {
    pub(crate) follows: Mutex<Receiver<Follows>>,
    pub(crate) follow: Sender<Follows>,
    pub(crate) unlocks: Mutex<Unlocking>,
    /// Which drives were given which password.
    pub(crate) given: Mutex<Vec<(DriveNo, String)>>,
    failure: Mutex<Option<String>>,
    pub(crate) door: Door,
}

/// What a drive that erases itself does next.
pub(crate) enum Follows {
    Tells(Box<JobEvent>),
    Ends(FollowEnd),
}

impl Default for Carer {
    fn default() -> Self {
        let (follow, follows) = crossbeam_channel::unbounded();
        Self {
            follows: Mutex::new(follows),
            follow,
            unlocks: Mutex::new(Unlocking::Unlocked(Vec::new())),
            given: Mutex::default(),
            failure: Mutex::default(),
            door: Door::open(),
        }
    }
}

impl Carer {
    /// From now on no drive can be asked.
    pub(crate) fn fail(&self, why: &str) {
        *self.failure.lock().unwrap() = Some(why.to_owned());
    }
}

impl Care for Carer {
    fn follow(&self, _: &Found, tell: &mut dyn FnMut(JobEvent)) -> Followed {
        loop {
            match self.follows.lock().unwrap().recv().unwrap() {
                Follows::Tells(event) => tell(*event),
                Follows::Ends(end) => return Followed { end, raw: Vec::new() },
            }
        }
    }

    fn unlock(&self, found: &Found, password: &str) -> Unlocking {
        self.given.lock().unwrap().push((found.drive.no, password.to_owned()));
        self.door.go_through();
        self.unlocks.lock().unwrap().clone()
    }

    fn probe(&self, found: &Found) -> Result<Probed, String> {
        self.door.go_through();
        match self.failure.lock().unwrap().clone() {
            Some(failure) => Err(failure),
            None => Ok(Probed {
                link: "scsi".into(),
                capacity: found.facts.whole.len,
                block: 512,
                answers: Vec::new(),
            }),
        }
    }
}

/// A door through which so many may go; the others wait.
#[derive(Clone)]
pub(crate) struct Door(Arc<(Mutex<usize>, Condvar)>);

impl Door {
    pub(crate) fn open() -> Self {
        Self(Arc::new((Mutex::new(usize::MAX), Condvar::new())))
    }
    pub(crate) fn let_in(&self, count: usize) {
        *self.0.0.lock().unwrap() = count;
        self.0.1.notify_all();
    }
    pub(crate) fn go_through(&self) {
        let mut left = self.0.1.wait_while(self.0.0.lock().unwrap(), |left| *left == 0).unwrap();
        *left -= 1;
    }
}
