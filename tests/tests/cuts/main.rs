//! The results stick's every write, recorded under the appliance's own filesystem during a whole session, and cut at every
//! point: with any of the writes since the last flush lost, and the last one torn. Whatever was acknowledged before the cut
//! is there.

mod guest;
mod kept;
mod session;

use kept::{Kept, Verdict};
use lab::cuts::{Effort, walk};
use lab::{LabError, Ledger, Report};
use massho_tests::{Bench, all_held};
use session::Session;

/// How many distinct states the office's program is asked about.
const ASKED_SHORT: usize = 80;
const ASKED_LONG: usize = 2000;

/// Cuts a session everywhere; what was found is in the report.
fn cut_everywhere<'a>(
    session: &'a Session,
    effort: Effort,
    report: &mut Report,
) -> Result<Kept<'a>, LabError> {
    let mut kept = Kept::new(session);
    walk(session.before.clone(), &session.events, effort, |cut| {
        kept.look(cut);
        Ok::<_, LabError>(())
    })?;
    let Verdict { points, states, flushes, lost } = kept.verdict();
    let counts = format!("{points} cut points, {states} states of the stick, {flushes} flushes");
    println!("{counts}, {} entries: {} lost", session.entries(), lost.len());
    let none_lost = match lost.first() {
        None => Ok(()),
        Some(first) => Err(format!("{} states have lost entries; the first one: {first}", lost.len())),
    };
    report.check(format!("{counts}: 0 lost"), none_lost);
    Ok(kept)
}

#[test]
fn no_cut_loses_an_entry_that_was_acknowledged() -> Result<(), LabError> {
    let bench = Bench::new("cuts");
    let mut report = Report::default();
    let session = Session::record(&bench, &mut report)?;
    let kept = cut_everywhere(&session, Effort::SHORT, &mut report)?;
    kept.ask_the_ledger(&Ledger::new(&bench.ledger), &bench.folder, ASKED_SHORT, &mut report)?;
    all_held(&report);
    Ok(())
}

#[test]
#[ignore = "takes minutes, and needs the lab's guest"]
fn no_cut_loses_an_entry_that_was_acknowledged_more_tears_and_a_kernels_word() -> Result<(), LabError> {
    let bench = Bench::new("cuts-long");
    let mut report = Report::default();
    let session = Session::record(&bench, &mut report)?;
    let kept = cut_everywhere(&session, Effort::LONG, &mut report)?;
    kept.ask_the_ledger(&Ledger::new(&bench.ledger), &bench.folder, ASKED_LONG, &mut report)?;
    guest::ask_a_kernel(&session, kept.samples(), &bench, &mut report)?;
    all_held(&report);
    Ok(())
}
