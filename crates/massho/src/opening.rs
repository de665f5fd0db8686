//! Opening a results stick, on a thread of its own: mounting and reading it may take long.

use crate::clock;
use crate::convert;
use crate::event::Event;
use crate::keeper::{Parting, Place, let_go};
use crate::leftover;
use crate::office::{AskBoot, Authority, OfficeStick, OwnTable};
use crossbeam_channel::Sender;
use inventory::StickFacts;
use model::{ByteLen, Identity};
use policy::{Table, TableError};
use record::{Day, POLICY_FILE, PreviousSession, PublicKey, SessionKey, TableOrigin, hash_file};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use stick::{Backend, ExtraFile, History, LogFolder, MountPoint, Operation, StickError};
use transport::{Access, Node, OpenError};
use wizard::{StickInfo, StickNo};

/// How often a stick that is busy is tried again, and how long after.
const BUSY_TRIES: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(250);

/// A stick that is mounted.
pub(crate) struct MountedStick {
    pub(crate) folder: Box<dyn Backend>,
    /// Its top folder.
    pub(crate) root: PathBuf,
}

/// Where sticks are mounted. Called on threads of their own only.
pub(crate) trait StickPort: Send + Sync {
    /// Mounts a stick. May block for as long as it does not answer.
    fn mount(&self, facts: &StickFacts) -> Result<MountedStick, StickError>;

    /// Takes down what programs that were killed left mounted, and says how much that was.
    fn take_down_left(&self) -> usize;
}

/// The PC's USB ports. Every mount has a folder of its own: one that hangs is not in the way of the next.
#[derive(Debug, Default)]
pub(crate) struct PcPorts {
    mounts: AtomicU64,
}

impl StickPort for PcPorts {
    fn mount(&self, facts: &StickFacts) -> Result<MountedStick, StickError> {
        // Held open until it is mounted, so that no other disk gets its name meanwhile.
        let _node = node(facts)?;
        let number = self.mounts.fetch_add(1, Ordering::Relaxed);
        // Named by the process, so that the next one knows what was left.
        let name = format!("stick-{}-{number}", std::process::id());
        let root = MountPoint::default().path().with_file_name(name);
        let folder = mount_at(&facts.node, &MountPoint::at(root.clone()))?;
        Ok(MountedStick { folder: Box::new(folder), root })
    }

    fn take_down_left(&self) -> usize {
        leftover::detach(MountPoint::default().path())
    }
}

/// Takes down what was left mounted, on a thread of its own: a stick that is gone may keep it waiting. Drives are looked
/// for again if there was anything.
pub(crate) fn take_down_left(ports: Arc<dyn StickPort>, events: Sender<Event>) {
    let work = move || {
        if ports.take_down_left() > 0 {
            // Without a listener the program is at its end.
            let _ = events.send(Event::Hotplug);
        }
    };
    if let Err(error) = thread::Builder::new().name("taking down".into()).spawn(work) {
        tracing::warn!(%error, "what was left mounted stays so");
    }
}

/// Mounts a stick, with some patience: while drives are looked at, each is claimed for an instant.
fn mount_at(node: &Path, at: &MountPoint) -> Result<LogFolder, StickError> {
    for _ in 0..BUSY_TRIES {
        match stick::mount(node, at) {
            Err(StickError::Io { source, .. }) if source.kind() == io::ErrorKind::ResourceBusy => {}
            other => return other,
        }
        thread::sleep(BUSY_PAUSE);
    }
    stick::mount(node, at)
}

/// Opens the stick's node if it is still the disk that was seen: its name may be another one's by now.
fn node(facts: &StickFacts) -> Result<Node, StickError> {
    let failed = |source| StickError::Io { operation: Operation::Mount, source };
    let node = Node::open(&facts.node, Access::Identify).map_err(|error| match error {
        OpenError::Gone | OpenError::NoMedium => StickError::Removed,
        other => failed(io::Error::other(other)),
    })?;
    let sequence = node.disk_sequence().map_err(failed)?;
    if facts.sequence.as_str() == sequence.to_string() { Ok(node) } else { Err(StickError::Removed) }
}

/// A results stick that is mounted, before a session begins on it.
pub(crate) struct OpenedStick {
    pub(crate) identity: Identity,
    pub(crate) volume_id: model::DeviceText,
    pub(crate) sequence: model::DeviceText,
    pub(crate) folder: Box<dyn Backend>,
    pub(crate) history: History,
    pub(crate) key: SessionKey,
    pub(crate) info: StickInfo,
    /// What the office put on it.
    pub(crate) office: OfficeStick,
    /// An organisation's own rule table, by what counts without a passphrase.
    pub(crate) policy: Option<Result<OwnTable, TableError>>,
}

impl std::fmt::Debug for OpenedStick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedStick").field("info", &self.info).finish_non_exhaustive()
    }
}

/// Why a stick was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenStickError {
    /// It went away before it could be opened.
    #[error("the stick is gone")]
    Gone,
    /// It cannot be used.
    #[error(transparent)]
    Stick(#[from] StickError),
    /// The system has no random numbers for a key.
    #[error(transparent)]
    Key(#[from] record::KeyError),
    /// The system has no thread for it.
    #[error("no thread: {0}")]
    Thread(io::Error),
}

impl OpenedStick {
    /// Mounts a stick, reads what it holds, and makes the key of a session.
    pub(crate) fn open(
        port: &dyn StickPort,
        no: StickNo,
        facts: &StickFacts,
        boot: &AskBoot,
    ) -> Result<Self, OpenStickError> {
        let MountedStick { mut folder, root } = port.mount(facts)?;
        let logs = folder.logs()?;
        let key = SessionKey::generate()?;
        let authority = Authority::of(&boot());
        let mut office = OfficeStick::look(&root, &authority, &Day::of(&clock::wall()));
        let policy = office.table.take().or_else(|| policy_file(&root).filter(|_| office.looser.is_none()));
        let history = History::of(&logs, &facts.identity.fingerprint());
        let info = StickInfo {
            no,
            label: facts.filesystem.label.to_string(),
            sessions_so_far: u32::try_from(logs.len()).unwrap_or(u32::MAX),
            fingerprint: fingerprint(&key.public()),
            free: free_space(&root),
            voucher: office.voucher.clone(),
            past: history.sessions.iter().rev().filter_map(convert::past).collect(),
            remembered: history.choices().map(convert::remembered),
            lists: office.names.take(),
            assets: office.assets.take().map(Arc::new),
        };
        Ok(Self {
            identity: facts.identity.clone(),
            volume_id: facts.filesystem.uuid.clone(),
            sequence: facts.sequence.clone(),
            folder,
            history,
            key,
            info,
            office,
            policy,
        })
    }

    /// What `open` says of it.
    pub(crate) fn state(&self) -> record::StickState {
        let previous: Option<PreviousSession> = self.history.previous.clone();
        record::StickState {
            identity_fingerprint: self.identity.fingerprint(),
            serial: self.identity.serial.clone(),
            volume_id: self.volume_id.clone(),
            session_counter: self.history.next_counter,
            previous,
        }
    }
}

/// The answer to one opening.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Which opening.
    pub(crate) number: u64,
    /// What came of it.
    pub(crate) stick: Result<Box<OpenedStick>, OpenStickError>,
}

/// Opens a stick, after the one before was let go of. An [`Event::Opened`] with this number follows.
pub(crate) fn open_in_background(
    port: Arc<dyn StickPort>,
    (number, no): (u64, StickNo),
    facts: StickFacts,
    boot: Arc<AskBoot>,
    before: Option<Parting>,
    events: Sender<Event>,
) -> Result<(), OpenStickError> {
    let work = move || {
        if let Some(before) = before {
            before.wait();
        }
        let opened = OpenedStick::open(port.as_ref(), no, &facts, boot.as_ref()).map(Box::new);
        if let Err(unheard) = events.send(Event::Opened(Opened { number, stick: opened })) {
            drop(unheard);
        }
    };
    thread::Builder::new().name("opening".into()).spawn(work).map(drop).map_err(OpenStickError::Thread)
}

/// Lets go of a stick on which no session began.
pub(crate) fn close_unused(stick: OpenedStick) -> Parting {
    let_go(stick.folder)
}

/// The end of putting a file on a stick on which no session has begun.
#[derive(Debug)]
pub(crate) struct PutOnOpened {
    pub(crate) stick: Box<OpenedStick>,
    /// The file's name.
    pub(crate) put: Result<String, StickError>,
}

/// Puts a file on a stick on which no session has begun; an [`Event::Put`] brings the stick back.
///
/// # Errors
/// The thread could not be started; the stick is let go of.
pub(crate) fn put_in_background(
    mut stick: Box<OpenedStick>,
    file: ExtraFile,
    events: Sender<Event>,
) -> io::Result<()> {
    let work = move || {
        let put = stick.folder.put(&file);
        // Unheard, the stick is let go of.
        drop(events.send(Event::Put(PutOnOpened { stick, put })));
    };
    thread::Builder::new().name("putting".into()).spawn(work).map(drop)
}

/// Where a keeper gets a stick that the session goes on on.
pub(crate) fn place(port: Arc<dyn StickPort>, facts: StickFacts) -> Place {
    Box::new(move || port.mount(&facts).map(|mounted| mounted.folder))
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint().to_string()
}

fn free_space(root: &Path) -> ByteLen {
    let room = rustix::fs::statvfs(root);
    ByteLen(room.map_or(0, |room| room.f_bavail.saturating_mul(room.f_frsize)))
}

/// An organisation's table in the stick's top folder, if there is one; nobody vouches for it, so it may be stricter only.
/// One that cannot be read is not passed over.
fn policy_file(root: &Path) -> Option<Result<OwnTable, TableError>> {
    let own = |table, text: &str| OwnTable {
        table,
        origin: TableOrigin::Custom,
        sha256: hash_file(text.as_bytes()),
    };
    match std::fs::read_to_string(root.join(POLICY_FILE)) {
        Ok(text) => Some(Table::custom(&text).map(|table| own(table, &text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(TableError::Syntax { message: error.to_string(), line: 0 })),
    }
}
