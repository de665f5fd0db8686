//! A prepared stick and its passphrase: asked for, tried, given up, never a lock-out.

use super::fixtures::*;
use super::screens::snap;
use crate::{
    Effect, Key, Language, Msg, Refusal, Screen, Secret, StickInfo, UnsealProblem, Voucher, VoucherCheck,
};

const PASSPHRASE: &str = "correct horse battery";

fn on_open(language: Language, voucher: Voucher) -> crate::Model {
    let mut model = booted(language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    send(&mut model, Msg::StickOpened(Ok(StickInfo { voucher, ..stick_info() })));
    model
}

fn tried(language: Language) -> crate::Model {
    let mut model = at_passphrase(language, VoucherCheck::Checked);
    type_text(&mut model, PASSPHRASE);
    assert_eq!(press(&mut model, Key::Enter), [Effect::Unseal(Secret::from(PASSPHRASE))]);
    model
}

#[test]
fn the_passphrase_is_asked_for_as_soon_as_a_prepared_stick_is_opened() {
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    assert_eq!(model.screen(), Screen::Passphrase);
    type_text(&mut model, PASSPHRASE);
    let picture = screen(&model);
    assert!(!picture.contains("horse") && picture.contains(&"*".repeat(PASSPHRASE.len())), "{picture}");
    assert!(!format!("{model:?}").contains("horse"));
    assert_eq!(press(&mut model, Key::Enter), [Effect::Unseal(Secret::from(PASSPHRASE))]);
    assert!(model.sticks.passphrase.is_empty(), "it is not kept");
    send(&mut model, Msg::Unsealed(Ok(())));
    assert_eq!(model.screen(), Screen::Sticks);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::People);
}

#[test]
fn a_wrong_passphrase_is_asked_for_again_any_number_of_times() {
    let mut model = tried(Language::Ja);
    for _ in 0..20 {
        send(&mut model, Msg::Unsealed(Err(UnsealProblem::WrongPassphrase)));
        assert!(screen(&model).contains("パスフレーズが違います。"));
        type_text(&mut model, "x");
        assert_eq!(press(&mut model, Key::Enter), [Effect::Unseal(Secret::from("x"))]);
    }
    send(&mut model, Msg::Unsealed(Ok(())));
    assert_eq!(model.screen(), Screen::Sticks);
}

#[test]
fn no_key_is_taken_while_a_passphrase_is_tried_and_nothing_is_tried_without_one() {
    let mut model = tried(Language::En);
    for key in [Key::Enter, Key::Esc, Key::Tab, Key::Char('x')] {
        assert_eq!(press(&mut model, key), []);
        assert_eq!(model.screen(), Screen::Passphrase);
    }
    let mut model = at_passphrase(Language::En, VoucherCheck::Checked);
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(screen(&model).contains("No passphrase was typed yet."));
}

#[test]
fn going_on_without_leads_to_an_unregistered_session_and_says_so() {
    let mut model = at_passphrase(Language::Ja, VoucherCheck::NoKey);
    assert_eq!(press(&mut model, Key::Tab), [Effect::WithoutKey]);
    assert!(screen(&model).contains("記録は未登録の鍵で署名します。"), "{}", screen(&model));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::People);
    // A late answer changes nothing.
    send(&mut model, Msg::Unsealed(Ok(())));
    press(&mut model, Key::Esc);
    assert!(screen(&model).contains("記録は未登録の鍵で署名します。"));
}

#[test]
fn a_stick_that_is_pulled_while_its_passphrase_is_asked_for_leads_back() {
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    type_text(&mut model, "secret words");
    send(&mut model, Msg::Sticks(Vec::new()));
    assert_eq!(model.screen(), Screen::Sticks);
    assert!(model.sticks.passphrase.is_empty());
    let mut model = at_passphrase(Language::Ja, VoucherCheck::Checked);
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), Screen::Sticks);
    assert_eq!(press(&mut model, Key::Enter), [Effect::OpenStick(crate::StickNo(1))]);
}

#[test]
fn a_stick_opened_behind_another_screen_is_asked_about_when_it_is_seen() {
    let mut model = booted(Language::Ja);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Esc);
    send(&mut model, Msg::StickOpened(Ok(prepared(VoucherCheck::Checked))));
    assert_eq!(model.screen(), Screen::Language);
    press(&mut model, Key::Enter);
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::Passphrase, "people are not asked before");
}

#[test]
fn passphrase() {
    snap("02e_passphrase", |language| {
        let mut model = at_passphrase(language, VoucherCheck::Checked);
        type_text(&mut model, PASSPHRASE);
        model
    });
    snap("02f_passphrase_no_key", |language| at_passphrase(language, VoucherCheck::NoKey));
    snap("02g_passphrase_not_today", |language| {
        at_passphrase(language, VoucherCheck::NotToday("2027-03-31".into()))
    });
    snap("02h_passphrase_trying", tried);
    snap("02i_passphrase_wrong", |language| {
        let mut model = tried(language);
        send(&mut model, Msg::Unsealed(Err(UnsealProblem::WrongPassphrase)));
        model
    });
    snap("02j_passphrase_unusable", |language| {
        let mut model = tried(language);
        send(&mut model, Msg::Unsealed(Err(UnsealProblem::Unusable("too little memory".into()))));
        model
    });
}

#[test]
fn vouched() {
    snap("02k_stick_vouched", |language| {
        let mut model = tried(language);
        send(&mut model, Msg::Unsealed(Ok(())));
        model
    });
    snap("02l_stick_without", |language| {
        let mut model = at_passphrase(language, VoucherCheck::Checked);
        press(&mut model, Key::Tab);
        model
    });
    for (name, refusal) in [
        ("02m_stick_altered", Refusal::Altered),
        ("02n_stick_foreign", Refusal::Foreign("別の町".into())),
        ("02o_stick_revoked", Refusal::Revoked),
        ("02p_stick_file", Refusal::File("assets.csv".into())),
        ("02q_stick_key", Refusal::Key("this is no sealed key".into())),
    ] {
        snap(name, |language| on_open(language, Voucher::Refused(refusal.clone())));
    }
}
