//! The office's documents: the published ones made again here, and each bad one called by what is wrong with it.
//!
//! `MASSHO_WRITE_VECTORS=1 cargo test -p record --test papers` writes the files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::office::{
    FOREIGN_ROOT, NEXT_ROOT, ROOT, certificate, day, days, foreign_organisation, next_organisation,
    of_small_order, organisation, release, revocations, seal_paper, sealed_with, signature, signed,
    with_large_s,
};
use common::unsealed;
use record::{
    Organisation, PaperError, PaperFault, Release, Revocations, RootKey, Signed, StickCertificate,
    sign_organisation,
};
use std::fs;
use std::path::Path;

const STICK: &str = "massho-stick-v1";

struct Vector {
    name: &'static str,
    file: Vec<u8>,
    fault: Option<PaperFault>,
}

fn good(name: &'static str, file: Vec<u8>) -> Vector {
    Vector { name, file, fault: None }
}

fn bad(name: &'static str, file: Vec<u8>, fault: PaperFault) -> Vector {
    Vector { name, file, fault: Some(fault) }
}

/// What is signed of the good certificate.
fn text() -> String {
    unsealed(&signed(certificate()).bytes())
}

fn resigned(from: &str, to: &str) -> Vec<u8> {
    assert!(text().contains(from), "{from:?} does not stand in {}", text());
    seal_paper(ROOT, STICK, &text().replacen(from, to, 1))
}

fn altered(from: &str, to: &str) -> Vec<u8> {
    let whole = String::from_utf8(signed(certificate()).bytes()).unwrap();
    assert!(whole.contains(from), "{from:?} does not stand in {whole}");
    whole.replacen(from, to, 1).into_bytes()
}

fn of_small_order_key() -> Vec<u8> {
    let (key, signature) = of_small_order();
    let root = hex::encode(RootKey::from_seed(&ROOT).public().bytes());
    sealed_with(&text().replace(&root, &hex::encode(key)), &signature)
}

fn foreign() -> Vec<u8> {
    let root = RootKey::from_seed(&FOREIGN_ROOT);
    let foreign =
        StickCertificate {
            organisation: "別の町".into(), organisation_key: root.public(), ..certificate()
        };
    Signed::sign(foreign, &root).unwrap().bytes()
}

fn sticks() -> Vec<Vector> {
    let not_json = || PaperFault::NotJson(String::new());
    let not_understood = || PaperFault::NotUnderstood(String::new());
    let whole = signed(certificate()).bytes();
    let foreign_key = RootKey::from_seed(&FOREIGN_ROOT).public();
    vec![
        good("stick", whole.clone()),
        bad("stick_validity_altered", altered("2027-03-31", "2028-03-31"), PaperFault::NotSigned),
        bad(
            "stick_file_hash_altered",
            altered("\"sha256\":\"", "\"sha256\":\"0"),
            PaperFault::NotUnderstood(String::new()),
        ),
        bad("stick_file_list_altered", altered("massho-policy", "massho-police"), PaperFault::NotSigned),
        bad(
            "stick_signed_as_another_kind",
            seal_paper(ROOT, "massho-release-v1", &text()),
            PaperFault::NotSigned,
        ),
        bad("stick_without_domain", sealed_with(&text(), &bare_signature()), PaperFault::NotSigned),
        bad(
            "stick_signature_not_canonical",
            sealed_with(&text(), &with_large_s(&signature(&whole))),
            PaperFault::NotSigned,
        ),
        bad("stick_key_of_small_order", of_small_order_key(), PaperFault::NotSigned),
        bad("stick_signed_by_another_root", seal_paper(FOREIGN_ROOT, STICK, &text()), PaperFault::NotSigned),
        bad(
            "stick_foreign",
            foreign(),
            PaperFault::Foreign { organisation: "別の町".into(), key: foreign_key },
        ),
        bad("stick_is_a_release", release(&[]).bytes(), PaperFault::OtherFormat("massho-release/1".into())),
        bad(
            "stick_of_a_later_version",
            resigned("massho-stick/1", "massho-stick/2"),
            PaperFault::OtherFormat("massho-stick/2".into()),
        ),
        bad(
            "stick_unknown_member",
            resigned("\"files\":", "\"colour\":\"red\",\"files\":"),
            not_understood(),
        ),
        bad("stick_missing_member", resigned("\"issued\":\"2026-11-01\",", ""), not_understood()),
        bad("stick_member_twice", resigned("\"files\":", "\"files\":[],\"files\":"), not_json()),
        bad("stick_no_day", resigned("2027-03-31", "2027-02-30"), not_understood()),
        bad("stick_format_not_first", resigned("{\"format\":", "{ \"format\":"), not_understood()),
        bad("stick_direction_not_escaped", resigned("架空市", "架空\u{202e}市"), not_json()),
        bad("stick_without_line_end", whole[..whole.len() - 1].to_vec(), PaperFault::NotOneLine),
        bad("stick_with_windows_line_end", altered("\n", "\r\n"), PaperFault::NoSignature),
        bad("stick_two_lines", [whole.clone(), whole.clone()].concat(), PaperFault::NotOneLine),
        bad("stick_cut", [&whole[..whole.len() - 20], b"\n"].concat(), PaperFault::NoSignature),
        bad("stick_empty", Vec::new(), PaperFault::NotOneLine),
        bad("stick_not_utf8", [&[0xff], &whole[..]].concat(), PaperFault::NotUtf8),
    ]
}

fn bare_signature() -> [u8; 64] {
    use ed25519_dalek::Signer;
    ed25519_dalek::SigningKey::from_bytes(&ROOT).sign(text().as_bytes()).to_bytes()
}

fn organisations() -> Vec<Vector> {
    let next = next_organisation();
    let (text, key) = (unsealed(&next.bytes()), hex::encode(RootKey::from_seed(&ROOT).public().bytes()));
    let foreign_key = hex::encode(RootKey::from_seed(&FOREIGN_ROOT).public().bytes());
    let by_itself = |text: &str| seal_paper(NEXT_ROOT, "massho-organisation-v1", text);
    vec![
        good("organisation", organisation().bytes()),
        good("organisation_next_year", next.bytes()),
        good("organisation_foreign", foreign_organisation().bytes()),
        bad(
            "organisation_name_altered",
            String::from_utf8(organisation().bytes()).unwrap().replace("架空市", "架空町").into_bytes(),
            PaperFault::NotSigned,
        ),
        bad(
            "organisation_rotation_by_another_key",
            by_itself(&text.replace(&key, &foreign_key)),
            PaperFault::RotationNotSigned,
        ),
        bad(
            "organisation_rotation_of_another_text",
            by_itself(&text.replace("\"fiscal_year\":2027", "\"fiscal_year\":2028")),
            PaperFault::RotationNotSigned,
        ),
        bad(
            "organisation_valid_on_no_day",
            by_itself(&text.replace("2028-04-30", "2026-04-30")),
            PaperFault::NotUnderstood(String::new()),
        ),
    ]
}

fn agrees(found: &PaperFault, expected: &PaperFault) -> bool {
    match (found, expected) {
        // What the reader says is for people; that it refuses is what counts.
        (PaperFault::NotUnderstood(_), PaperFault::NotUnderstood(_))
        | (PaperFault::NotJson(_), PaperFault::NotJson(_)) => true,
        _ => found == expected,
    }
}

fn judge(vector: &Vector, found: Result<(), PaperFault>) {
    let Vector { name, file, fault } = vector;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/papers").join(format!("{name}.json"));
    if std::env::var_os("MASSHO_WRITE_VECTORS").is_some() {
        fs::write(&path, file).unwrap();
    }
    assert!(fs::read(&path).unwrap() == *file, "{name}: the file is not what is made here");
    match (&found, fault) {
        (Ok(()), None) => {}
        (Err(found), Some(expected)) => {
            assert!(agrees(found, expected), "{name}: {found:?}, expected {expected:?}")
        }
        _ => panic!("{name}: {found:?}, expected {fault:?}"),
    }
}

#[test]
fn every_certificate_is_judged_as_its_name_says() {
    for vector in sticks() {
        judge(&vector, organisation().signed::<StickCertificate>(&vector.file).map(drop));
    }
}

#[test]
fn every_organisation_is_judged_as_its_name_says() {
    for vector in organisations() {
        judge(&vector, Signed::<Organisation>::read(&vector.file).map(drop));
    }
}

#[test]
fn the_other_documents_are_read_back() {
    let logs: [(&str, &[u8]); 2] = [("a.jsonl", b"one"), ("b.jsonl", b"two")];
    let (revoked, released) =
        (good("revocations", revocations().bytes()), good("release", release(&logs).bytes()));
    judge(&revoked, organisation().signed::<Revocations>(&revoked.file).map(drop));
    judge(&released, organisation().signed::<Release>(&released.file).map(drop));
    assert_eq!(revocations().of(&certificate().stick).unwrap().since, day("2026-12-01"));
}

#[test]
fn the_next_years_organisation_has_the_key_before_and_no_other() {
    let whole = signed(certificate()).bytes();
    assert!(next_organisation().signed::<StickCertificate>(&whole).is_ok());
    let refused = foreign_organisation().signed::<StickCertificate>(&whole).unwrap_err();
    assert!(matches!(refused, PaperFault::Foreign { .. }), "{refused:?}");
}

#[test]
fn a_certificate_holds_on_its_days_within_the_organisations() {
    let stick = signed(StickCertificate { valid: days("2026-11-01", "2028-03-31"), ..certificate() });
    let on = |text: &str| stick.holds_on(&day(text), &organisation());
    assert_eq!(on("2026-11-01"), Ok(()));
    assert_eq!(on("2026-10-31"), Err(PaperFault::NotYetValid { from: day("2026-11-01") }));
    assert_eq!(on("2027-04-30"), Ok(()));
    assert_eq!(on("2027-05-01"), Err(PaperFault::Expired { until: day("2027-04-30") }));
}

#[test]
fn a_release_covers_exactly_the_logs_it_lists() {
    let logs: [(&str, &[u8]); 2] = [("a.jsonl", b"one"), ("b.jsonl", b"two")];
    let ([one, two], release) = (logs, release(&logs));
    assert!(release.covers([one, two]) && release.covers([one]) && release.covers([("A.JSONL", one.1)]));
    for other in [("c.jsonl", one.1), ("a.jsonl", two.1), ("a.jsonl", b"one\n" as &[u8])] {
        assert!(!release.covers([one, other]), "{other:?}");
    }
    assert!(!release.covers([]), "nothing was released");
}

#[test]
fn a_key_signs_for_itself_and_for_possible_days_only() {
    let (root, other) = (RootKey::from_seed(&ROOT), RootKey::from_seed(&FOREIGN_ROOT));
    let own: Organisation = (*organisation()).clone();
    assert!(matches!(sign_organisation(own.clone(), &other, None), Err(PaperError::OtherKey)));
    let never = Organisation { valid: days("2026-04-02", "2026-04-01"), ..own };
    assert!(matches!(sign_organisation(never, &root, None), Err(PaperError::NoDay)));
}

/// Every bit of a document counts.
#[test]
fn any_flipped_bit_is_refused() {
    let whole = signed(certificate()).bytes();
    for bit in 0..whole.len() * 8 {
        let mut file = whole.clone();
        file[bit / 8] ^= 1 << (bit % 8);
        assert!(organisation().signed::<StickCertificate>(&file).is_err(), "bit {bit}");
    }
}
