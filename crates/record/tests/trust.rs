//! Who vouches for a log, by what the office has.
//!
//! `MASSHO_WRITE_VECTORS=1 cargo test -p record --test trust` writes the logs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::office::{
    FOREIGN_ROOT, OTHER_STICK, STICK, TABLE, certificate, certified, day, days, foreign_organisation,
    next_organisation, organisation, revocations, signed, with,
};
use common::{SEED, all_done, choices, lines_after, middle, open};
use model::InformationClass;
use record::{
    Choices, Credential, Doubt, Hex, Office, Open, Organisation, PaperFault, PolicyTable, RootKey,
    SessionKey, Signed, Standing, StickCertificate, TableOrigin, Trust, hash_file, verify,
};
use std::fs;
use std::path::Path;

/// The log with this beginning and that rule table: whole in any case.
fn log(name: &str, open: Open, policy: Option<PolicyTable>) -> (Open, Choices) {
    let mut middle = middle(InformationClass::Three);
    let mut choices = choices(InformationClass::Three);
    if let Some(policy) = policy {
        choices.policy = policy;
        middle[1] = choices.clone().into();
    }
    let bytes = lines_after(open, middle, all_done()).concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trust").join(format!("{name}.jsonl"));
    if std::env::var_os("MASSHO_WRITE_VECTORS").is_some() {
        fs::write(&path, &bytes).unwrap();
    }
    assert!(fs::read(&path).unwrap() == bytes, "{name}: the file is not what is made here");
    let report = verify(&bytes);
    assert_eq!(report.standing(), Standing::Verified, "{name}: {:?}", report.fault);
    (report.open.unwrap(), choices)
}

fn trust(name: &str, open: Open, policy: Option<PolicyTable>) -> Trust {
    let (open, choices) = log(name, open, policy);
    Trust::of(&open, Some(&choices), &Office { organisations: &[organisation()], revocations: &[] })
}

fn doubt(name: &str, open: Open) -> Doubt {
    match trust(name, open, None) {
        Trust::Doubtful(doubt) => doubt,
        other => panic!("{name}: {other:?}"),
    }
}

fn dated(from: &str, until: &str) -> Open {
    certified(&signed(StickCertificate { valid: days(from, until), ..certificate() }), &STICK)
}

#[test]
fn a_session_on_a_prepared_stick_is_the_organisations() {
    let open = certified(&signed(certificate()), &STICK);
    let Trust::Certified(vouched) = trust("certified", open.clone(), None) else { panic!("not certified") };
    assert_eq!((vouched.organisation.as_str(), vouched.stick), ("架空市", certificate().stick));
    let by = |organisations: &[Signed<Organisation>]| {
        Trust::of(&open, None, &Office { organisations, revocations: &[] })
    };
    assert!(
        matches!(by(&[next_organisation()]), Trust::Certified(_)),
        "the next year's vouches for the key before"
    );
    assert!(matches!(by(&[foreign_organisation(), organisation()]), Trust::Certified(_)));
    assert!(matches!(by(&[]), Trust::Unchecked(_)), "nothing to check it by");
}

#[test]
fn a_session_on_a_blank_stick_is_nobodys() {
    let key = SessionKey::from_seed(&SEED);
    let trust = trust("unregistered", open(&key), None);
    assert_eq!(trust, Trust::Unregistered(key.public().fingerprint()));
}

#[test]
fn a_foreign_organisation_is_named() {
    let root = RootKey::from_seed(&FOREIGN_ROOT);
    let foreign =
        StickCertificate {
            organisation_key: root.public(), organisation: "別の町".into(), ..certificate()
        };
    let open = certified(&Signed::sign(foreign, &root).unwrap(), &STICK);
    let expected = Doubt::ForeignOrganisation { organisation: "別の町".into(), key: root.public() };
    assert_eq!(doubt("foreign_organisation", open), expected);
}

#[test]
fn a_session_before_or_after_the_certificates_days_is_doubtful() {
    let on = day("2026-11-23");
    let expired = Doubt::Expired { until: day("2026-11-22"), on: on.clone() };
    assert_eq!(doubt("certificate_expired", dated("2026-11-01", "2026-11-22")), expired);
    let early = Doubt::NotYetValid { from: day("2026-11-24"), on };
    assert_eq!(doubt("certificate_not_yet_valid", dated("2026-11-24", "2027-03-31")), early);
}

#[test]
fn a_revoked_stick_vouches_for_nothing() {
    let (open, _) = log("certified", certified(&signed(certificate()), &STICK), None);
    let office = Office { organisations: &[organisation()], revocations: &[revocations()] };
    let revoked = Doubt::Revoked { stick: certificate().stick, since: day("2026-12-01") };
    assert_eq!(Trust::of(&open, None, &office), Trust::Doubtful(revoked));
}

#[test]
fn an_altered_certificate_is_told_from_a_foreign_one() {
    let open = certified(&signed(certificate()), &STICK);
    let Credential { certificate: line, signature } = open.credential.clone().unwrap();
    let line = line.replace("2027-03-31", "2030-03-31");
    let found = doubt("certificate_altered", with(open, Credential { certificate: line, signature }));
    assert_eq!(found, Doubt::CertificateAltered(PaperFault::NotSigned));
}

#[test]
fn a_session_signed_by_another_sticks_key_or_a_replayed_credential_is_named() {
    let another = certified(&signed(certificate()), &OTHER_STICK);
    assert_eq!(doubt("signed_by_another_stick", another), Doubt::NotSignedByStick);
    // The credential of a session taken for one with another name, number or predecessor.
    let open = certified(&signed(certificate()), &STICK);
    let replayed = Open { session: Hex(*b"another session!"), ..open.clone() };
    assert_eq!(doubt("credential_replayed", replayed), Doubt::NotSignedByStick);
    let mut counted = open.clone();
    counted.stick.session_counter = 2;
    assert_eq!(doubt("session_counter_altered", counted), Doubt::NotSignedByStick);
    let mut after = open;
    let head = record::Hex([0xee; 32]);
    after.stick.previous = Some(record::PreviousSession { file: "before.jsonl".into(), head });
    assert_eq!(doubt("previous_head_altered", after), Doubt::NotSignedByStick);
}

#[test]
fn a_looser_rule_table_needs_the_certificate_to_list_it() {
    let open = certified(&signed(certificate()), &STICK);
    let table = |bytes: &[u8]| PolicyTable {
        version: "a test's table".into(),
        origin: TableOrigin::Signed,
        sha256: Some(hash_file(bytes)),
    };
    assert!(matches!(trust("table_signed", open.clone(), Some(table(TABLE))), Trust::Certified(_)));
    let other = trust("table_not_the_signed_one", open, Some(table(b"another table")));
    assert_eq!(other, Trust::Doubtful(Doubt::TableNotSigned));
    let nobodys = common::open(&SessionKey::from_seed(&SEED));
    let unsigned = trust("table_signed_by_nobody", nobodys, Some(table(TABLE)));
    assert_eq!(unsigned, Trust::Doubtful(Doubt::TableNotSigned));
}

#[test]
fn a_rule_table_is_an_organisations_by_its_own_certificate_only() {
    let open = certified(&signed(certificate()), &STICK);
    let cites = |bytes: &[u8], origin| Choices {
        policy: PolicyTable { version: "a test's table".into(), origin, sha256: Some(hash_file(bytes)) },
        ..choices(InformationClass::Three)
    };
    let by = |open: &Open, choices: &Choices, organisations: &[Signed<Organisation>]| {
        Office { organisations, revocations: &[revocations()] }.signed_table(open, choices)
    };
    let own = cites(TABLE, TableOrigin::Signed);
    // That the stick was lost since does not make the table another one.
    assert_eq!(by(&open, &own, &[organisation()]), Some(hash_file(TABLE)));
    assert_eq!(by(&open, &own, &[]), None, "no organisation is known");
    assert_eq!(by(&open, &own, &[foreign_organisation()]), None, "another one is");
    assert_eq!(by(&open, &cites(b"another", TableOrigin::Signed), &[organisation()]), None);
    assert_eq!(
        by(&open, &cites(TABLE, TableOrigin::Custom), &[organisation()]),
        None,
        "nobody says that it is"
    );
    assert_eq!(by(&common::open(&SessionKey::from_seed(&SEED)), &own, &[organisation()]), None);
}
