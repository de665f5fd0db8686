//! A small session, and a stick that fails on demand.
#![allow(dead_code, reason = "each test program uses its own part of this")]
#![allow(unreachable_pub, missing_docs, reason = "shared between test programs")]

use record::{
    At, Clock, ClockConfirmation, Close, CloseReason, Format, Hex, Image, KeyOrigin, Line, LogWriter, Notice,
    NoticeCode, Open, Pc, SessionId, SessionKey, StickState, Tool, Twin, WallTime, copy_name,
};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use stick::{Backend, ExtraFile, History, Operation, StickError, StoredLog};

pub const SESSION: SessionId = Hex([0xab; 16]);

pub fn at() -> At {
    At { wall: WallTime::from_unix(1_795_398_300), monotonic_ms: model::Count(20_000) }
}

/// The lines of a session: open, some notices, close.
pub fn session(notices: usize) -> Vec<Line> {
    session_of(SESSION, notices, &History::of(&[], ""))
}

pub fn session_of(session: SessionId, notices: usize, history: &History) -> Vec<Line> {
    let key = SessionKey::from_seed(&[7; 32]);
    let open = open(session, &key, history);
    let mut writer = LogWriter::new(key);
    let mut lines = vec![writer.append(open, at()).unwrap()];
    for number in 0..notices {
        let notice = Notice { code: NoticeCode::Other, drive: None, detail: format!("その{number}") };
        lines.push(writer.append(notice, at()).unwrap());
    }
    let close = Close {
        reason: CloseReason::Finished,
        drives: vec![],
        by_hand: vec![],
        entries: writer.entries_with_next(),
    };
    lines.push(writer.append(close, at()).unwrap());
    lines
}

fn open(session: SessionId, key: &SessionKey, history: &History) -> Open {
    let text = String::new;
    Open {
        format: Format::V3,
        session,
        public_key: key.public(),
        key_origin: KeyOrigin::Unregistered,
        tool: Tool {
            name: "massho".into(),
            version: text(),
            image: Image { version: text(), commit: text(), kernel: text(), cmdline: text() },
            program: None,
        },
        clock: Clock {
            wall: at().wall,
            rtc_plausible: None,
            confirmed_by_person: ClockConfirmation::NotConfirmed,
        },
        pc: Pc { maker: "".into(), model: "".into(), serial: "".into(), uuid: "".into() },
        stick: StickState {
            identity_fingerprint: text(),
            serial: "".into(),
            volume_id: "".into(),
            session_counter: history.next_counter,
            previous: history.previous.clone(),
        },
        credential: None,
        organisation_key: None,
    }
}

pub fn bytes(lines: &[Line]) -> Vec<u8> {
    lines.iter().flat_map(|line| line.bytes().to_vec()).collect()
}

/// What happens at one write.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// It works.
    Works,
    /// It fails before anything is written.
    Refused(Refusal),
    /// Part of it is written, then it fails.
    Torn(usize),
    /// Part of it is written, and success reported.
    ShortButOk(usize),
    /// One byte is another, and success reported.
    Corrupt(usize),
    /// The stick is gone from here on.
    Vanishes,
}

#[derive(Debug, Clone, Copy)]
pub enum Refusal {
    Full,
    ReadOnly,
    Io,
}

/// What a file is called in [`Contents`].
pub fn key(twin: Twin, log: &str) -> String {
    match twin {
        Twin::Log => log.to_owned(),
        Twin::Copy => copy_name(log).unwrap(),
    }
}

/// What is on a stick: survives the stick's being pulled.
pub type Contents = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A stick in memory whose writes have these fates, then work.
pub struct FaultyStick {
    pub contents: Contents,
    fates: VecDeque<Fate>,
    open: BTreeMap<Twin, String>,
    here: bool,
}

impl FaultyStick {
    pub fn new(contents: &Contents, fates: impl IntoIterator<Item = Fate>) -> Box<Self> {
        Box::new(Self {
            contents: contents.clone(),
            fates: fates.into_iter().collect(),
            open: BTreeMap::new(),
            here: true,
        })
    }

    fn name(&self, twin: Twin) -> Result<String, StickError> {
        if !self.here {
            return Err(StickError::Removed);
        }
        self.open.get(&twin).cloned().ok_or(StickError::NoStick)
    }

    fn set(&self, twin: Twin, offset: u64, bytes: &[u8]) {
        let mut contents = self.contents.lock().unwrap();
        let file = contents.get_mut(&self.open[&twin]).unwrap();
        let offset = usize::try_from(offset).unwrap();
        file.resize(file.len().max(offset + bytes.len()), 0);
        file[offset..offset + bytes.len()].copy_from_slice(bytes);
    }
}

impl Backend for FaultyStick {
    fn logs(&mut self) -> Result<Vec<StoredLog>, StickError> {
        let contents = self.contents.lock().unwrap();
        Ok(contents
            .iter()
            .map(|(name, bytes)| StoredLog { name: name.clone(), bytes: bytes.clone() })
            .collect())
    }

    fn reopen(&mut self, twin: Twin, log: &str) -> Result<Option<()>, StickError> {
        let name = key(twin, log);
        let there = self.contents.lock().unwrap().contains_key(&name);
        self.open.insert(twin, name);
        Ok(there.then_some(()))
    }

    fn create(&mut self, twin: Twin, log: &str) -> Result<(), StickError> {
        let name = key(twin, log);
        let mut contents = self.contents.lock().unwrap();
        assert!(contents.insert(name.clone(), vec![]).is_none(), "{name} was overwritten");
        self.open.insert(twin, name);
        Ok(())
    }

    fn write(&mut self, twin: Twin, offset: u64, bytes: &[u8]) -> Result<(), StickError> {
        self.name(twin)?;
        let io = || StickError::Io { operation: Operation::Write, source: std::io::Error::other("fault") };
        match self.fates.pop_front().unwrap_or(Fate::Works) {
            Fate::Works => self.set(twin, offset, bytes),
            Fate::Refused(Refusal::Full) => return Err(StickError::Full),
            Fate::Refused(Refusal::ReadOnly) => return Err(StickError::ReadOnly),
            Fate::Refused(Refusal::Io) => return Err(io()),
            Fate::Torn(at) => {
                self.set(twin, offset, &bytes[..at % bytes.len()]);
                return Err(io());
            }
            Fate::ShortButOk(at) => self.set(twin, offset, &bytes[..at % bytes.len()]),
            Fate::Corrupt(at) => {
                let mut bytes = bytes.to_vec();
                let at = at % bytes.len();
                bytes[at] ^= 1;
                self.set(twin, offset, &bytes);
            }
            Fate::Vanishes => {
                self.here = false;
                return Err(StickError::Removed);
            }
        }
        Ok(())
    }

    fn read_back(&mut self, twin: Twin) -> Result<Vec<u8>, StickError> {
        Ok(self.contents.lock().unwrap()[&self.name(twin)?].clone())
    }

    fn put(&mut self, file: &ExtraFile) -> Result<String, StickError> {
        if self.here {
            Ok(format!("{}/{}{}", file.folder, file.stem, file.suffix))
        } else {
            Err(StickError::Removed)
        }
    }

    fn release(&mut self) -> Result<(), StickError> {
        self.here = false;
        Ok(())
    }
}
