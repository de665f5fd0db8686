//! `witness` and `confirm-key`: what stands on paper, and what the screen showed.

use super::desk::{Desk, Trouble, shown};
use super::reconcile::list;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::print;
use crate::problems::tell;
use crate::store::{SessionRow, Store, WitnessState};
use crate::texts::fill;
use clap::Args;
use lists::{Column, loose};
use record::{Fingerprint, Head12, SessionSummary, Standing};
use std::path::PathBuf;

/// What the 作業記録 says.
#[derive(Debug, Args)]
pub struct WitnessArgs {
    /// The PC: its asset number or serial number, or the beginning of the session's name.
    #[arg(required_unless_present = "from", requires = "head")]
    pc: Option<String>,
    /// The twelve characters, or the text of the last screen's QR code.
    #[arg(value_name = "XXXX-XXXX-XXXX")]
    head: Option<String>,
    /// Many of them: a list with columns for the asset number or the PC's serial number, and for the characters (照合文字).
    #[arg(long, value_name = "FILE.csv", conflicts_with = "pc")]
    from: Option<PathBuf>,
    /// Which column of that list is what: asset, pc-serial, head.
    #[arg(long, value_name = "NAME=HEADING", requires = "from")]
    column: Vec<String>,
}

pub(super) fn witness(desk: &Desk, args: &WitnessArgs) -> Result<Conclusion, Trouble> {
    let given = given(desk, args)?;
    let mut store = desk.open()?;
    let mut text = String::new();
    let mut bad = false;
    for (pc, characters) in given {
        match enter(desk, &mut store, &pc, &characters) {
            Ok((state, line)) => {
                bad |= state != WitnessState::Agrees;
                text.push_str(&line);
            }
            Err(Trouble::Told(told)) => {
                bad = true;
                text.push_str(&print::told(&told));
            }
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(if bad { Conclusion::Bad(text) } else { Conclusion::Good(text) })
}

/// PC and characters, each line.
fn given(desk: &Desk, args: &WitnessArgs) -> Result<Vec<(String, String)>, Trouble> {
    let Some(path) = &args.from else {
        let pair = args.pc.clone().zip(args.head.clone());
        return Ok(pair.into_iter().collect());
    };
    let list = list(desk, path, &args.column)?;
    if !list.columns.contains_key(&Column::Head) {
        return Err(desk.problem(desk.words.list_no_heads, &[("path", &path.to_string_lossy())]));
    }
    let pair = |row: &lists::AssetRow| {
        let pcs = [Column::Asset, Column::PcSerial, Column::Serial].map(|column| row.get(column));
        let pc = pcs.into_iter().find(|pc| !pc.is_empty()).unwrap_or_default();
        (pc.to_owned(), row.get(Column::Head).to_owned())
    };
    Ok(list.rows.iter().map(pair).filter(|(_, head)| !head.is_empty()).collect())
}

fn enter(
    desk: &Desk,
    store: &mut Store,
    pc: &str,
    characters: &str,
) -> Result<(WitnessState, String), Trouble> {
    let bad = || desk.problem(desk.words.bad_characters, &[("pc", pc), ("given", characters)]);
    // A photographed screen has the whole head; a person who copies it, twelve characters.
    let head = match SessionSummary::parse(characters) {
        Ok(summary) => Head12::of(&summary.head),
        Err(_) => Head12::parse(characters).map_err(|_| bad())?,
    };
    let sessions = store.sessions()?;
    let session = choose(desk, &sessions, pc, head)?;
    store.witness(&session, head, desk.entered())?;
    let state = store.collected(&session)?.map_or(WitnessState::NotGiven, |now| now.session.witness);
    let pc_shown = for_terminal(pc);
    let line = match state {
        WitnessState::Agrees => {
            let values = [("pc", pc_shown.as_str()), ("head", &head.to_string()), ("session", &session)];
            format!("{}\n", fill(desk.words.witness_agrees, &values))
        }
        _ => print::told(&tell(desk.words.witness_wrong, &[("pc", pc), ("head", &head.to_string())])),
    };
    Ok((state, line))
}

/// The session of a PC. Of several it is the one whose characters they are; none of them, and the last one is what they
/// were meant for.
fn choose(desk: &Desk, sessions: &[SessionRow], pc: &str, head: Head12) -> Result<String, Trouble> {
    let name = loose(pc);
    let is = |session: &&SessionRow| {
        let asset = session.asset_number.as_deref().map(loose);
        let named = asset.as_ref() == Some(&name) || loose(&session.pc.serial) == name;
        let begins = name.len() >= 8 && session.id.starts_with(&name.to_ascii_lowercase());
        !name.is_empty() && (named || begins)
    };
    let of_pc: Vec<&SessionRow> = sessions.iter().filter(is).collect();
    let closed = |session: &&&SessionRow| session.standing == Standing::Verified;
    let theirs = |session: &&&SessionRow| closed(session) && Head12::of(&session.head) == head;
    let chosen = of_pc.iter().find(theirs).or_else(|| of_pc.iter().rfind(closed)).or_else(|| of_pc.last());
    chosen
        .map(|session| session.id.clone())
        .ok_or_else(|| desk.problem(desk.words.no_session_of_pc, &[("pc", pc)]))
}

pub(super) fn confirm_key(desk: &Desk, typed: &str) -> Result<Conclusion, Trouble> {
    let fingerprint = Fingerprint::parse(typed).map_err(|_| desk.problem(desk.texts.bad_key, &[]))?;
    let mut store = desk.open()?;
    store.confirm_key(fingerprint, desk.entered())?;
    let shown_key = fingerprint.to_string();
    let sessions = store.sessions()?.into_iter().filter(|session| session.fingerprint == shown_key).count();
    let values = [("key", shown_key.as_str()), ("count", &sessions.to_string())];
    let text = format!("{}\n", fill(desk.words.key_confirmed, &values));
    // A key of which nothing came in yet is kept: paper may be faster than sticks.
    Ok(Conclusion::Good(text + &fill(desk.words.in_ledger, &[("path", &shown(&desk.ledger))]) + "\n"))
}
