//! Every technique against every misbehaviour, switched on before, during and after the erase: what massho says of a
//! drive is held against what is really left on its medium.
//!
//! The drives are the lab's, the time is a clock that only waiting moves. No row may claim more than a host could see.
//! Rows in which a medium holds more than any host can see are listed by name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod bench;
mod row;
mod subjects;
mod table;

use lab_drives::medium::Encryption;
use lab_drives::{Fault, Power};
use model::Technique;
use row::{Case, Judgement, Row, When};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use subjects::Subject;

/// Every technique on every drive that has it.
const WORK: &[(Subject, Encryption, Technique)] = {
    use Encryption::{Plain, SelfEncrypting};
    use Technique as T;
    &[
        (Subject::AtaHdd, Plain, T::RandomOverwrite),
        (Subject::AtaHdd, Plain, T::AtaSecurityEraseEnhanced),
        (Subject::AtaHdd, Plain, T::AtaSanitizeOverwrite),
        (Subject::AtaHdd, SelfEncrypting, T::AtaSanitizeCryptoScramble),
        (Subject::AtaHdd, SelfEncrypting, T::AtaSecurityEraseEnhanced),
        (Subject::AtaSsd, Plain, T::RandomOverwrite),
        (Subject::AtaSsd, Plain, T::AtaSecurityEraseNormal),
        (Subject::AtaSsd, Plain, T::AtaSanitizeBlockErase),
        (Subject::AtaSsd, SelfEncrypting, T::AtaSanitizeCryptoScramble),
        (Subject::SasHdd, Plain, T::RandomOverwrite),
        (Subject::SasHdd, Plain, T::ScsiSanitizeOverwrite),
        (Subject::SasHdd, Plain, T::ScsiFormatUnit),
        (Subject::SasSsd, Plain, T::ScsiSanitizeBlockErase),
        (Subject::SasSsd, Plain, T::ScsiSanitizeOverwrite),
        (Subject::SasSsd, Plain, T::ScsiFormatUnit),
        (Subject::SasSsd, SelfEncrypting, T::ScsiSanitizeCryptoErase),
        (Subject::Nvme, Plain, T::RandomOverwrite),
        (Subject::Nvme, Plain, T::NvmeFormatUserData),
        (Subject::NvmeProtected, Plain, T::NvmeFormatUserData),
        (Subject::Nvme, SelfEncrypting, T::NvmeFormatCrypto),
        (Subject::Nvme, Plain, T::NvmeSanitizeBlockErase),
        (Subject::Nvme, SelfEncrypting, T::NvmeSanitizeCryptoErase),
        (Subject::Nvme, Plain, T::NvmeSanitizeOverwrite),
    ]
};

fn misbehaviours() -> Vec<bench::What> {
    let faults = [
        Fault::Frozen,
        Fault::FrozenForGood,
        Fault::SanitizeFrozen,
        Fault::ErasesNothing,
        Fault::ErasesHalf,
        Fault::UnmapsOnly,
        Fault::StuckProgress { at: 655 },
        Fault::ProgressGoesBack,
        Fault::NoRegisters,
        Fault::FixedSense,
        Fault::SuccessForgotten,
        Fault::CommandAborted,
        Fault::RejectedUntilSleep { status: 0x4286 },
        Fault::RejectedUntilSleep { status: 0x4001 },
        Fault::TimesOut,
        Fault::FallsSilent,
        Fault::EraseFails,
        Fault::DisappearsAt { percent: 50 },
        Fault::Slow { bytes_per_second: 30_000 },
        Fault::Unreadable { from: 100, count: 3 },
        Fault::Unwritable { from: 100, count: 3 },
        Fault::ReadsFailUntilWritten,
        Fault::NoiseAfterCryptoErase,
        Fault::WrongCapacity { blocks: 200 },
        Fault::SerialMissing,
        Fault::SerialHostile,
        Fault::StatusFails,
        Fault::StatusZeros,
    ];
    let powers = [Power::Cycle, Power::Sleep, Power::Reset];
    faults.into_iter().map(bench::What::Fault).chain(powers.map(bench::What::Power)).collect()
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (subject, encryption, technique) in WORK.iter().copied() {
        cases.push(Case { subject, encryption, technique, what: None });
        for what in misbehaviours() {
            for when in [When::Before, When::During, When::After] {
                cases.push(Case { subject, encryption, technique, what: Some((what.clone(), when)) });
            }
        }
    }
    cases
}

fn run_all(cases: &[Case]) -> Vec<Row> {
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, std::num::NonZero::get) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = row::run(case);
                    rows.lock().unwrap().push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|row| cases.iter().position(|case| *case == row.case));
    rows
}

/// The design's first rule, and issue of every peer: no false success.
#[test]
fn no_outcome_claims_more_than_a_host_could_see() {
    let cases = cases();
    assert!(cases.len() >= 500, "{} rows", cases.len());
    let rows = run_all(&cases);
    table::print(&rows);
    let wrong: Vec<&Row> = rows.iter().filter(|row| row.judgement == Judgement::ClaimsTooMuch).collect();
    assert!(wrong.is_empty(), "{} rows claim too much:\n{}", wrong.len(), table::lines(&wrong));
    for row in rows.iter().filter(|row| row.judgement == Judgement::Undetectable) {
        assert!(is_beyond_sight(row), "a host could have seen it: {}", table::lines(&[row]));
    }
}

/// What no host can see: a drive that unmaps and says that it erased; blocks beyond the capacity that a SCSI drive
/// states; and a FORMAT UNIT of flash that leaves the spare area alone.
fn is_beyond_sight(row: &Row) -> bool {
    let fault = match &row.case.what {
        Some((bench::What::Fault(fault), _)) => Some(fault),
        _ => None,
    };
    let sas = matches!(row.case.subject, Subject::SasHdd | Subject::SasSsd);
    matches!(fault, Some(Fault::UnmapsOnly))
        || (sas && matches!(fault, Some(Fault::WrongCapacity { .. })))
        || (row.case.subject == Subject::SasSsd && row.case.technique == Technique::ScsiFormatUnit)
}

/// Where nothing goes wrong the erase succeeds, or the matrix proves nothing.
#[test]
fn a_drive_that_behaves_is_erased() {
    let case = |(subject, encryption, technique)| Case { subject, encryption, technique, what: None };
    let rows = run_all(&WORK.iter().copied().map(case).collect::<Vec<_>>());
    let proven = |row: &Row| {
        row.judgement == Judgement::Proven
            || (row.judgement == Judgement::Undetectable && is_beyond_sight(row))
    };
    let wrong: Vec<&Row> = rows.iter().filter(|row| !proven(row)).collect();
    assert!(wrong.is_empty(), "{}", table::lines(&wrong));
}
