//! A session on a prepared stick: certified once the passphrase was right, and nobody's without it.

use super::*;
use crate::office::tests::{PASSPHRASE, boot, prepare_for_long};
use record::{KeyOrigin, Office, Organisation, Signed, TableOrigin, Trust, verify};
use wizard::{Effect, Screen, Secret};

/// A program before whose operator a prepared stick was opened.
fn opened(files: &[(&str, &[u8])]) -> Desk {
    let mut desk = Desk::new(usize::MAX);
    *desk.boot.lock().unwrap() = boot();
    prepare_for_long(desk.ports.root.path(), files);
    desk.until(|app| app.sights > 0);
    desk.app.open_stick(StickNo(1));
    desk.until(|app| app.opened.is_some());
    desk.until(|app| !app.scanner.is_busy());
    desk
}

fn try_passphrase(desk: &mut Desk, passphrase: &str) {
    desk.app.carry_out(Effect::Unseal(Secret::from(passphrase)));
    let told = |app: &App| app.told.iter().filter(|msg| matches!(msg, Msg::Unsealed(_))).count();
    let before = told(&desk.app);
    desk.until(|app| told(app) > before);
}

fn log_of(mut desk: Desk) -> record::Report {
    desk.app.begin_session(&answers(InformationClass::Three));
    desk.until(Desk::saved);
    verify(&desk.stick.log())
}

fn trust(report: &record::Report) -> Trust {
    let organisation = Signed::<Organisation>::read(&boot().organisation.unwrap()).unwrap();
    let office = Office { organisations: &[organisation], revocations: &[] };
    Trust::of(report.open.as_ref().unwrap(), report.choices.as_ref(), &office)
}

#[test]
fn a_session_on_a_prepared_stick_is_certified_after_its_passphrase() {
    let mut desk = opened(&[]);
    try_passphrase(&mut desk, "another one");
    assert!(desk.app.opened.as_ref().unwrap().office.key.is_none());
    try_passphrase(&mut desk, PASSPHRASE);
    let report = log_of(desk);
    assert!(matches!(trust(&report), Trust::Certified(_)), "{:?}", trust(&report));
    let open = report.open.unwrap();
    assert_eq!(open.key_origin, KeyOrigin::Stick);
    assert!(open.organisation_key.is_some());
}

#[test]
fn a_session_without_the_passphrase_is_nobodys_and_says_so() {
    let desk = opened(&[]);
    let report = log_of(desk);
    assert!(matches!(trust(&report), Trust::Unregistered(_)));
    let said: Vec<&str> = report.notices.iter().map(|notice| notice.detail.as_str()).collect();
    assert!(said.iter().any(|said| said.contains("went on without")), "{said:?}");
}

#[test]
fn keys_are_answered_while_a_passphrase_is_tried_and_a_late_answer_is_of_no_other_stick() {
    let mut desk = opened(&[]);
    desk.app.carry_out(Effect::Unseal(Secret::from(PASSPHRASE)));
    desk.app.handle(Event::Key(Key::Char('2')));
    assert_eq!(desk.app.model().language(), Language::En);
    assert_eq!(desk.app.model().screen(), Screen::Language);
    // The same stick chosen anew: what was typed for the one before says nothing about it.
    desk.app.open_stick(StickNo(1));
    desk.until(|app| app.opened.is_some());
    for _ in 0..100 {
        while let Ok(event) = desk.inbox.recv_timeout(Duration::from_millis(50)) {
            let of_the_passphrase = matches!(event, Event::Unsealed(_));
            desk.app.handle(event);
            if of_the_passphrase {
                assert!(desk.app.opened.as_ref().unwrap().office.key.is_none());
                return;
            }
        }
    }
    panic!("the passphrase was never tried");
}

#[test]
fn a_looser_table_counts_once_the_session_is_certified_and_the_log_says_whose_it_is() {
    let builtin = include_str!("../../../../policy/src/builtin.toml");
    let looser = builtin.replace("definition = false", "definition = true");
    let files: [(&str, &[u8]); 1] = [(record::POLICY_FILE, looser.as_bytes())];
    let mut desk = opened(&files);
    assert_eq!(desk.app.table.origin, TableOrigin::Builtin);
    try_passphrase(&mut desk, PASSPHRASE);
    assert_eq!(desk.app.table.origin, TableOrigin::Signed);
    let report = log_of(desk);
    assert!(matches!(trust(&report), Trust::Certified(_)), "{:?}", trust(&report));
    assert_eq!(report.choices.unwrap().policy.origin, TableOrigin::Signed);
    let without = log_of(opened(&files));
    assert_eq!(without.choices.unwrap().policy.origin, TableOrigin::Builtin);
}
