//! The job list: the published documents made again here, each bad one called by what is wrong with it, and everything
//! else that has to be there before one counts.
//!
//! `MASSHO_WRITE_VECTORS=1 cargo test -p record --test jobs` writes the files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::office::{
    FOREIGN_ROOT, NEXT_ROOT, OTHER_STICK, ROOT, STICK, certificate, day, days, foreign_organisation, jobs,
    next_organisation, organisation, revocations, seal_paper, signed, signed_jobs,
};
use common::unsealed;
use record::{
    JOBS_FILE, JobDrive, JobList, JobListFault, JobText, JobsEvidence, JobsRefusal, LONGEST_JOB_TEXT,
    PaperFault, RootKey, Signed, StickCertificate, StickFile, StickKey, ValidJobs, hash_file,
};
use std::fs;
use std::path::Path;

fn text() -> String {
    unsealed(&signed_jobs(jobs()).bytes())
}

fn resigned(from: &str, to: &str) -> Vec<u8> {
    assert!(text().contains(from), "{from:?} does not stand in {}", text());
    seal_paper(ROOT, "massho-jobs-v1", &text().replacen(from, to, 1))
}

fn altered(from: &str, to: &str) -> Vec<u8> {
    let whole = String::from_utf8(signed_jobs(jobs()).bytes()).unwrap();
    assert!(whole.contains(from), "{from:?} does not stand in {whole}");
    whole.replacen(from, to, 1).into_bytes()
}

fn foreign() -> Vec<u8> {
    let root = RootKey::from_seed(&FOREIGN_ROOT);
    let list = JobList { organisation_key: root.public(), organisation: "別の町".into(), ..jobs() };
    Signed::sign(list, &root).unwrap().bytes()
}

/// The good list with one thing changed, signed as it is then.
fn with(change: impl FnOnce(&mut JobList)) -> Vec<u8> {
    let mut list = jobs();
    change(&mut list);
    signed_jobs(list).bytes()
}

/// Every document, and what the reader says of it: nothing, that it is no document, or that it is no list.
fn vectors() -> Vec<(&'static str, Vec<u8>, Option<JobsRefusal>)> {
    use JobListFault as F;
    let document = |fault| Some(JobsRefusal::Document(fault));
    let list = |fault| Some(JobsRefusal::List(fault));
    let not_understood = || document(PaperFault::NotUnderstood(String::new()));
    let key = RootKey::from_seed(&FOREIGN_ROOT).public();
    vec![
        ("jobs", signed_jobs(jobs()).bytes(), None),
        ("jobs_serial_altered", altered("5CG1234ABC", "5CG1234ABD"), document(PaperFault::NotSigned)),
        ("jobs_class_altered", altered("\"class\":2", "\"class\":3"), document(PaperFault::NotSigned)),
        (
            "jobs_signed_as_another_kind",
            seal_paper(ROOT, "massho-stick-v1", &text()),
            document(PaperFault::NotSigned),
        ),
        (
            "jobs_signed_by_the_stick",
            seal_paper(STICK, "massho-jobs-v1", &text()),
            document(PaperFault::NotSigned),
        ),
        ("jobs_foreign", foreign(), document(PaperFault::Foreign { organisation: "別の町".into(), key })),
        (
            "jobs_of_a_later_version",
            resigned("massho-jobs/1", "massho-jobs/2"),
            document(PaperFault::OtherFormat("massho-jobs/2".into())),
        ),
        ("jobs_unknown_member", resigned("\"drives\":", "\"colour\":\"red\",\"drives\":"), not_understood()),
        ("jobs_missing_member", resigned("\"purpose\":\"erase\",", ""), not_understood()),
        ("jobs_of_an_unknown_class", resigned("\"class\":2", "\"class\":4"), not_understood()),
        (
            "jobs_for_an_unknown_purpose",
            resigned("\"purpose\":\"erase\"", "\"purpose\":\"sell\""),
            not_understood(),
        ),
        ("jobs_of_no_pc", with(|list| list.pcs.clear()), list(F::Empty)),
        ("jobs_on_no_day", with(|list| list.valid = days("2026-12-02", "2026-12-01")), list(F::NoDay)),
        (
            "jobs_pc_unnamed",
            with(|list| (list.pcs[0].serial, list.pcs[0].uuid) = (None, None)),
            list(F::PcUnnamed(0)),
        ),
        (
            "jobs_pc_serial_to_be_filled",
            with(|list| list.pcs[0].serial = Some("To Be Filled By O.E.M.".into())),
            list(F::PcSerial(0)),
        ),
        (
            "jobs_pc_serial_of_zeros",
            with(|list| list.pcs[0].serial = Some("00000000".into())),
            list(F::PcSerial(0)),
        ),
        ("jobs_pc_serial_empty", with(|list| list.pcs[0].serial = Some("".into())), list(F::PcSerial(0))),
        (
            "jobs_pc_uuid_of_zeros",
            with(|list| list.pcs[1].uuid = Some("00000000-0000-0000-0000-000000000000".into())),
            list(F::PcUuid(1)),
        ),
        (
            "jobs_pc_uuid_in_upper_case",
            with(|list| list.pcs[1].uuid = Some("7D1C8A52-0F7E-4A31-9A60-3C2F10A4B7E9".into())),
            list(F::PcUuid(1)),
        ),
        (
            "jobs_pc_twice",
            with(|list| list.pcs[1].serial = list.pcs[0].serial.clone()),
            list(F::PcTwice { before: 0, pc: 1 }),
        ),
        (
            "jobs_uuid_twice",
            with(|list| list.pcs[1].uuid = list.pcs[0].uuid.clone()),
            list(F::PcTwice { before: 0, pc: 1 }),
        ),
        (
            "jobs_asset_number_twice",
            with(|list| list.pcs[1].asset_number = "r8-00001".into()),
            list(F::PcTwice { before: 0, pc: 1 }),
        ),
        ("jobs_pc_without_a_drive", with(|list| list.pcs[1].drives.clear()), list(F::NoDrive(1))),
        (
            "jobs_drive_serial_empty",
            with(|list| list.pcs[0].drives[1].serial = "".into()),
            list(F::DriveUnnamed { pc: 0, drive: 1 }),
        ),
        (
            "jobs_drive_serial_of_zeros",
            with(|list| list.pcs[0].drives[1].serial = "000000000000".into()),
            list(F::DriveUnnamed { pc: 0, drive: 1 }),
        ),
        (
            "jobs_drive_without_a_model",
            with(|list| list.pcs[0].drives[0].model = "".into()),
            list(F::DriveUnnamed { pc: 0, drive: 0 }),
        ),
        (
            "jobs_drive_in_two_pcs",
            with(|list| {
                let drive = JobDrive { model: "ANOTHER".into(), serial: "wd-wx11a23b4567".into() };
                list.pcs[1].drives.push(drive);
            }),
            list(F::DriveTwice { pc: 1, drive: 1 }),
        ),
        (
            "jobs_operator_empty",
            with(|list| list.operator = String::new()),
            list(F::Text { pc: None, text: JobText::Operator }),
        ),
        (
            "jobs_witness_is_the_operator",
            with(|list| list.witness = Some("山田太郎".into())),
            list(F::WitnessIsOperator),
        ),
    ]
}

fn listing(file: &[u8]) -> Signed<StickCertificate> {
    let files = vec![StickFile { name: JOBS_FILE.into(), sha256: hash_file(file) }];
    signed(StickCertificate { files, ..certificate() })
}

fn valid(file: &[u8], certificate: &Signed<StickCertificate>, today: &str) -> Result<ValidJobs, JobsRefusal> {
    ValidJobs::of(&JobsEvidence {
        organisation: &organisation(),
        revocations: None,
        certificate,
        key: &StickKey::from_seed(&STICK),
        file,
        today: &day(today),
    })
}

/// What the reader says is for people; that it refuses is what counts.
fn blurred(refusal: JobsRefusal) -> JobsRefusal {
    match refusal {
        JobsRefusal::Document(PaperFault::NotUnderstood(_)) => {
            JobsRefusal::Document(PaperFault::NotUnderstood(String::new()))
        }
        other => other,
    }
}

#[test]
fn every_job_list_is_judged_as_its_name_says() {
    for (name, file, refusal) in vectors() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/papers").join(format!("{name}.json"));
        if std::env::var_os("MASSHO_WRITE_VECTORS").is_some() {
            fs::write(&path, &file).unwrap();
        }
        assert!(fs::read(&path).unwrap() == file, "{name}: the file is not what is made here");
        let found = valid(&file, &listing(&file), "2026-11-28").err().map(blurred);
        assert_eq!(found, refusal, "{name}");
    }
}

#[test]
fn a_good_list_counts_on_its_first_and_its_last_day_and_on_no_other() {
    let file = signed_jobs(jobs()).bytes();
    let on = |today| valid(&file, &listing(&file), today).map(drop);
    assert_eq!(on("2026-11-23"), Ok(()));
    assert_eq!(on("2026-12-11"), Ok(()));
    assert_eq!(on("2026-11-22"), Err(JobsRefusal::NotYet(day("2026-11-23"))));
    assert_eq!(on("2026-12-12"), Err(JobsRefusal::Over(day("2026-12-11"))));
}

#[test]
fn a_stick_that_does_not_count_today_carries_no_list() {
    let file = signed_jobs(JobList { valid: days("2000-01-01", "2099-12-31"), ..jobs() }).bytes();
    // A dead battery: the clock is at its beginning.
    let early = valid(&file, &listing(&file), "2009-01-01").unwrap_err();
    assert_eq!(early, JobsRefusal::StickNotToday(PaperFault::NotYetValid { from: day("2026-11-01") }));
    let late = valid(&file, &listing(&file), "2027-04-01").unwrap_err();
    assert_eq!(late, JobsRefusal::StickNotToday(PaperFault::Expired { until: day("2027-03-31") }));
}

#[test]
fn a_list_that_the_certificate_does_not_list_counts_for_nothing() {
    let file = signed_jobs(jobs()).bytes();
    let other = signed_jobs(JobList { operator: "佐藤 次郎".into(), ..jobs() }).bytes();
    assert_eq!(valid(&file, &signed(certificate()), "2026-11-28"), Err(JobsRefusal::NotListed));
    assert_eq!(valid(&file, &listing(&other), "2026-11-28"), Err(JobsRefusal::NotListed));
    assert_eq!(valid(b"", &listing(&file), "2026-11-28"), Err(JobsRefusal::NotListed));
}

#[test]
fn a_list_counts_with_the_sticks_own_key_open_and_with_no_other() {
    let file = signed_jobs(jobs()).bytes();
    let evidence = JobsEvidence {
        organisation: &organisation(),
        revocations: None,
        certificate: &listing(&file),
        key: &StickKey::from_seed(&OTHER_STICK),
        file: &file,
        today: &day("2026-11-28"),
    };
    assert_eq!(ValidJobs::of(&evidence), Err(JobsRefusal::NotTheSticksKey));
}

#[test]
fn a_foreign_or_revoked_stick_carries_no_list() {
    let file = signed_jobs(jobs()).bytes();
    let (key, today, certificate) = (StickKey::from_seed(&STICK), day("2026-11-28"), listing(&file));
    let (own, foreign, revoked) = (organisation(), foreign_organisation(), revocations());
    let evidence = JobsEvidence {
        organisation: &own,
        revocations: Some(&revoked),
        certificate: &certificate,
        key: &key,
        file: &file,
        today: &today,
    };
    assert_eq!(ValidJobs::of(&evidence), Err(JobsRefusal::Revoked));
    let elsewhere = JobsEvidence { organisation: &foreign, revocations: None, ..evidence };
    assert_eq!(ValidJobs::of(&elsewhere), Err(JobsRefusal::ForeignStick));
}

#[test]
fn a_list_by_the_key_before_still_counts_in_the_next_year() {
    let file = signed_jobs(jobs()).bytes();
    let next = next_organisation();
    assert!(
        next.has_key(&RootKey::from_seed(&ROOT).public())
            && RootKey::from_seed(&NEXT_ROOT).public() == next.public_key
    );
    let evidence = JobsEvidence {
        organisation: &next,
        revocations: None,
        certificate: &listing(&file),
        key: &StickKey::from_seed(&STICK),
        file: &file,
        today: &day("2026-11-28"),
    };
    assert!(ValidJobs::of(&evidence).is_ok());
}

#[test]
fn the_reference_is_the_hash_that_the_certificate_lists() {
    let file = signed_jobs(jobs()).bytes();
    let valid = valid(&file, &listing(&file), "2026-11-28").unwrap();
    assert_eq!(valid.reference(), format!("massho-jobs/1 {}", hash_file(&file)));
}

#[test]
fn a_text_has_its_length_and_no_blanks_around_it() {
    let check = |operator: &str| JobList { operator: operator.into(), ..jobs() }.check();
    let fault = Err(JobListFault::Text { pc: None, text: JobText::Operator });
    assert_eq!(check(&"山".repeat(LONGEST_JOB_TEXT)), Ok(()));
    assert_eq!(check(&"山".repeat(LONGEST_JOB_TEXT + 1)), fault);
    assert_eq!(check(" 山田"), fault);
}
