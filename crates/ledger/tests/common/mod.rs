//! Sticks to verify: sessions that name each other, in folders and in images.
#![allow(unreachable_pub, missing_docs, dead_code, reason = "shared between test programs")]

use model::Count;
use record::{
    At, Clock, ClockConfirmation, Close, CloseReason, Format, Hex, Image, KeyOrigin, LogWriter, Notice,
    NoticeCode, Open, Pc, PreviousSession, SessionKey, StickState, Tool, WallTime,
};
use std::path::Path;
use std::process::{Command, Output};

/// A log's file name and bytes.
pub type Log = (String, Vec<u8>);

/// The session of this number, after that one.
pub fn session(counter: u8, previous: Option<&Log>, notice: NoticeCode) -> Log {
    let at = || At { wall: WallTime::from_unix(1_795_398_300 + u64::from(counter)), monotonic_ms: Count(1) };
    let previous = previous.map(|(file, bytes)| {
        let last = bytes.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap();
        PreviousSession { file: file.clone(), head: record::hash_line(last) }
    });
    let key = SessionKey::from_seed(&[counter; 32]);
    let text = String::new;
    let open = Open {
        format: Format::V3,
        session: Hex([counter; 16]),
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
            serial: "4C530001".into(),
            volume_id: "".into(),
            session_counter: counter.into(),
            previous,
        },
        credential: None,
        organisation_key: None,
    };
    let mut writer = LogWriter::new(key);
    let mut bytes = writer.append(open, at()).unwrap().bytes().to_vec();
    let notice = Notice { code: notice, drive: None, detail: "\u{1b}]0;owned\u{7}".into() };
    bytes.extend(writer.append(notice, at()).unwrap().bytes());
    let close = Close { reason: CloseReason::Finished, drives: vec![], by_hand: vec![], entries: 3 };
    bytes.extend(writer.append(close, at()).unwrap().bytes());
    (format!("20261123-01450{counter}-{}.jsonl", format!("{counter:02x}").repeat(4)), bytes)
}

/// Sessions 1, 2 and 3 of one stick.
pub fn three() -> Vec<Log> {
    let one = session(1, None, NoticeCode::Other);
    let two = session(2, Some(&one), NoticeCode::Other);
    let three = session(3, Some(&two), NoticeCode::Other);
    vec![one, two, three]
}

/// Runs the program itself in that folder.
pub fn program(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_massho-ledger"));
    command.env_clear().env("LANG", "en_US.UTF-8").args(arguments).current_dir(folder).output().unwrap()
}

/// Runs the program itself.
pub fn ledger(arguments: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_massho-ledger"));
    command.env_clear().env("LANG", "en_US.UTF-8").args(arguments).arg(path).output().unwrap()
}

/// What it printed, and whether it said that all is right.
pub fn verify(path: &Path) -> (String, bool) {
    let output = ledger(&["verify"], path);
    let printed = [output.stdout, output.stderr].concat();
    let code = output.status.code().unwrap();
    assert!(code == 0 || code == 1, "{code}");
    (String::from_utf8(printed).unwrap(), code == 0)
}
