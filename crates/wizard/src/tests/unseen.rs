//! Drives that may be in the PC and were not seen; the PC's own that keep their data.

use super::fixtures::*;
use super::screens::snap;
use crate::sign::{Attention, Sign, sign};
use crate::{End, Journal, Key, Language, Model, Msg, Screen, StickProblem};
use model::{Bus, DriveNo, Medium};

/// As a controller in RAID mode is told of.
fn hide(model: &mut Model) {
    let names = vec!["Intel RST/VMD (PCI 0000:00:17.0 8086:282a), NVMe: 1".into(), "RAID".into()];
    send(model, Msg::HiddenControllers(names));
}

/// On to the plan of a PC of whose listed drives one is missing.
fn plan_with_a_missing_drive(language: Language) -> Model {
    let mut model = super::people::with_assets(language);
    super::people::number(&mut model, "PC-0042");
    for key in [Key::Char(' '), Key::Enter, Key::Char('3'), Key::Enter, Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    assert_eq!(model.screen(), Screen::Plan);
    model
}

/// Every drive of the plan is erased.
fn erase(model: &mut Model) {
    confirm_plan(model);
    for line in model.plan().unwrap().drives.clone() {
        if let Some(erase) = line.action.erase() {
            send(model, Msg::JobFinished(line.drive, done(erase.method)));
        }
    }
}

fn close(model: &mut Model) {
    press(model, Key::Char('c'));
    send(model, Msg::Closed(Ok(close_info())));
}

#[test]
fn nothing_is_green_while_a_controller_may_hide_a_drive() {
    let mut model = finished(Language::Ja, '3');
    assert_eq!((sign(&model), model.end()), (Sign::Done, Some(End::Done)));
    hide(&mut model);
    assert_eq!(sign(&model), Sign::Attention(Attention::Unseen));
    assert_eq!(model.end(), Some(End::Attention));
    for _ in 0..2 {
        let picture = screen(&model);
        assert!(picture.contains("要対応（見えないドライブ）"), "{picture}");
        assert!(picture.contains("Intel RST/VMD, +1 の先に見えないドライブのおそれ。"), "{picture}");
        close(&mut model);
    }
    let mut model = with_plan(Language::Ja, '3');
    hide(&mut model);
    assert!(
        screen(&model).contains("Intel RST/VMD, +1 の先のドライブは見えず、抹消しません"),
        "{}",
        screen(&model)
    );
}

#[test]
fn a_listed_drive_that_is_nowhere_is_not_green_until_somebody_has_it_in_their_hands() {
    let mut model = plan_with_a_missing_drive(Language::Ja);
    assert!(screen(&model).contains("見つからず、抹消しないドライブ: S3YJLOST"), "{}", screen(&model));
    erase(&mut model);
    assert_eq!(sign(&model), Sign::Attention(Attention::Unseen));
    assert!(screen(&model).contains("台帳のドライブ S3YJLOST が見つかりません。"), "{}", screen(&model));
    let destroyed = crate::ByHand {
        no: model.next_hand(),
        drive: None,
        medium: Some(crate::HandMedium {
            kind: model::MediumKind::Ssd,
            maker: String::new(),
            model: String::new(),
            serial: "S3YJLOST".into(),
        }),
        asset_number: "PC-0042".into(),
        handling: model::Handling::Destroyed,
        how: "シュレッダー".into(),
        by: "佐藤".into(),
        on: "2026-04-01".into(),
        photo_expected: true,
        remarks: String::new(),
    };
    model.hand.done.push(destroyed);
    assert_eq!(sign(&model), Sign::Done);
}

#[test]
fn a_drive_that_was_erased_and_pulled_is_not_missing() {
    let mut model = plan_with_a_missing_drive(Language::Ja);
    erase(&mut model);
    send(&mut model, Msg::Drives(drives().into_iter().skip(1).collect()));
    assert_eq!(model.unseen().media, ["S3YJLOST"]);
}

#[test]
fn a_workbenchs_own_controllers_are_nobodys_business() {
    let mut model = finished(Language::Ja, '3');
    hide(&mut model);
    model.drives.from = crate::DrivesFrom::Bench;
    assert!(model.unseen().is_empty());
}

#[test]
fn an_own_drive_that_was_left_out_must_not_leave_and_no_other_says_so() {
    let mut model = with_people(Language::Ja);
    for key in [Key::Char('3'), Key::Enter, Key::Char(' '), Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    erase(&mut model);
    let stays = "庁舎から持ち出せません（データが残っています）";
    assert_eq!(screen(&model).matches(stays).count(), 1, "{}", screen(&model));
    close(&mut model);
    assert_eq!(screen(&model).matches(stays).count(), 1, "{}", screen(&model));
    assert!(
        screen(&model).contains(&format!("製造番号 WD-WX11A23B4567  装置名 sdb\n     {stays}")),
        "{}",
        screen(&model)
    );
}

#[test]
fn nobody_is_sent_away_while_the_record_is_not_saved_or_a_witness_has_to_watch() {
    let mut model = confirmed(Language::Ja, '3');
    assert!(screen(&model).contains("離れてかまいません"));
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    let picture = screen(&model);
    assert!(!picture.contains("離れてかまいません") && picture.contains("U キーを押して"), "{picture}");
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(screen(&model).contains("離れてかまいません"));
    let mut model = witnessed();
    let picture = screen(&model);
    assert!(!picture.contains("離れてかまいません") && picture.contains("立会者は終わるまで"), "{picture}");
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: StickProblem::Removed }));
    assert!(screen(&model).contains("離れないで"));
}

/// On to the progress in class (1).
fn witnessed() -> Model {
    confirmed(Language::Ja, '1')
}

#[test]
fn pictures() {
    snap("06g_plan_unseen", |language| {
        let mut model = plan_with_a_missing_drive(language);
        hide(&mut model);
        model
    });
    let results = |language| {
        let mut model = plan_with_a_missing_drive(language);
        let more = drive(7, Bus::Ata, Medium::Hdd, "ST1000DM003-1CH162", "Z1E0KEPT", 1_000_204_886_016);
        send(&mut model, Msg::Drives(drives_and(more)));
        model.drives.selected.remove(&DriveNo(7));
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Journal(Journal::Saved));
        hide(&mut model);
        erase(&mut model);
        assert!(model.results.contains_key(&DriveNo(1)));
        model
    };
    snap("09k_results_unseen", results);
    snap("10j_finish_unseen", move |language| {
        let mut model = results(language);
        close(&mut model);
        model
    });
    snap("08j_progress_garbled", |language| {
        let mut model = confirmed(language, '3');
        send(
            &mut model,
            Msg::Journal(Journal::Unsaved { count: 0, problem: super::fixtures::not_verified() }),
        );
        model
    });
    snap("08i_progress_class1", |language| confirmed(language, '1'));
}

#[test]
fn the_time_that_has_passed_stands_beside_the_time_that_is_left() {
    let mut model = with_plan(Language::Ja, '3');
    (0..500).for_each(|_| send(&mut model, Msg::Tick));
    confirm_plan(&mut model);
    assert!(screen(&model).contains("経過 1分以内"), "{}", screen(&model));
    (0..180).for_each(|_| send(&mut model, Msg::Tick));
    assert!(screen(&model).contains("経過 約3分"), "{}", screen(&model));
}

#[test]
fn what_is_left_besides_the_pcs_own_drives_is_counted_apart() {
    let mut model = with_plan(Language::Ja, '3');
    assert!(screen(&model).contains("何もしない 0台　USB・光学 3台"), "{}", screen(&model));
    press(&mut model, Key::Esc);
    assert!(
        screen(&model).contains("抹消するドライブ 3台 / このPCのドライブ 3台　ほか（USB、光学） 3台"),
        "{}",
        screen(&model)
    );
}

#[test]
fn a_slot_and_the_drives_own_time_stand_beside_it() {
    let mut model = with_plan(Language::Ja, '2');
    let times =
        [(model::Technique::NvmeFormatUserData, 1), (model::Technique::AtaSecurityEraseEnhanced, 7200)];
    let aside = model::Aside { place: Some(model::Place::Sata(2)), times: times.into() };
    send(&mut model, Msg::Asides(vec![(DriveNo(1), aside)]));
    let line = model.plan().unwrap().drive(DriveNo(1)).unwrap().clone();
    let erase = policy::Erase { technique: model::Technique::AtaSecurityEraseEnhanced, ..erase_of(&model) };
    let aside = model.drives.asides.get(&DriveNo(1));
    let read = line.identity.capacity.0 / 90_000_000 / 8;
    let seconds = |aside| crate::view::seconds(erase, &line.identity, line.medium, aside);
    assert_eq!((seconds(aside), seconds(None)), (Some(7200 + read), None));
    let mut model = finished(Language::Ja, '3');
    let aside = |place| model::Aside { place: Some(place), times: [].into() };
    send(&mut model, Msg::Asides(vec![(DriveNo(1), aside(model::Place::Sata(2)))]));
    assert!(screen(&model).contains("SATA 2（装置名 sdb）"), "{}", screen(&model));
    close(&mut model);
    assert!(screen(&model).contains("SATA 2  再利用・返却できます"), "{}", screen(&model));
}

/// What the plan does to some drive.
fn erase_of(model: &Model) -> policy::Erase {
    model.plan().unwrap().drives.iter().find_map(|line| line.action.erase()).unwrap()
}

#[test]
fn what_may_be_reused_may_be_disposed_of_and_nothing_contradicts_that() {
    let mut model = finished(Language::Ja, '3');
    model.people.destination = Some(crate::Destination::Disposal);
    let picture = screen(&model);
    assert!(picture.contains("再利用・返却できます（行き先の廃棄も、このままできます）"), "{picture}");
}

#[test]
fn pictures_with_places() {
    let placed = |mut model: Model| {
        let places = [
            (1, model::Place::Sata(2)),
            (2, model::Place::NvmeAddress("10000:e1:00.0".into())),
            (3, model::Place::Sata(1)),
            (4, model::Place::Usb("3-1.4".into())),
        ];
        let aside = |place| model::Aside { place: Some(place), times: [].into() };
        let asides = places.map(|(no, place)| (DriveNo(no), aside(place)));
        send(&mut model, Msg::Asides(asides.to_vec()));
        model
    };
    snap("05g_drives_places", |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Enter);
        placed(model)
    });
    snap("05h_detail_places", |language| {
        let mut model = with_people(language);
        for key in [Key::Char('2'), Key::Enter, Key::Down, Key::Char('i')] {
            press(&mut model, key);
        }
        placed(model)
    });
    snap("10k_finish_places", |language| {
        let mut model = placed(finished(language, '3'));
        close(&mut model);
        model
    });
}

#[test]
fn nobody_is_asked_to_plug_a_stick_in_again_that_was_pulled() {
    let mut model = with_people(Language::Ja);
    press(&mut model, Key::Char('3'));
    press(&mut model, Key::Enter);
    for (bus, is_asked) in [(Bus::Usb, false), (Bus::Ata, true)] {
        let mut left = model.clone();
        send(
            &mut left,
            Msg::Drives(drives().into_iter().filter(|drive| drive.identity.bus != bus).collect()),
        );
        let told = screen(&left).contains("抹消するなら、差し直してください");
        assert_eq!(told, is_asked, "{}", screen(&left));
        assert!(is_asked || screen(&left).contains("取り外されました。抹消しません。"), "{}", screen(&left));
    }
}
