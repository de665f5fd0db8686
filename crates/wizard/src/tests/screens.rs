//! Every screen as a picture, in both languages and two sizes, and its colours beside it.

use super::fixtures::*;
use super::rules::{SCREENS, everywhere};
use crate::field::Field;
use crate::people::PeopleFocus;
use crate::{
    Basis, ClockState, Console, Journal, Key, Language, Model, Msg, Phase, ScanState, StickProblem, update,
};
use model::{DriveNo, FailureReason, Method};

pub(super) fn snap(name: &str, make: impl Fn(Language) -> Model) {
    for (language, code) in [(Language::Ja, "ja"), (Language::En, "en")] {
        // Nothing may be cut off on the smallest screen; a picture is taken of those that people have.
        for (width, height) in [(80, 24), (80, 25), (128, 40)] {
            let mut model = make(language);
            // Some sizes show more; the model has to hear of it first, as in the program.
            let _ = update(&mut model, Msg::Resized { width, height });
            let picture = screen(&model);
            assert_eq!(crate::view::overflow(&model), None, "{picture}");
            assert!(!picture.contains('{'), "a place was not filled:\n{picture}");
            if language == Language::En {
                let quoted = |c: char| "↑↓■□─○△×█（）－改定案言語日本".contains(c);
                let title = picture.lines().next().unwrap_or_default();
                assert!(title.chars().all(|c| c.is_ascii() || quoted(c)), "{title}");
            }
            if height == 24 {
                continue;
            }
            keep(&format!("{name}_{code}_{width}"), &model);
        }
    }
}

/// A picture, and its colours below it.
pub(super) fn keep(name: &str, model: &Model) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, format!("{}--- colours\n{}", screen(model), colours(model)));
    });
}

/// Whatever else has a picture: every screen has one.
#[test]
fn every_screen() {
    let all = [Language::Ja, Language::En].map(|language| (language, everywhere(language)));
    for kind in SCREENS {
        snap(&format!("{kind:?}"), |language| {
            let mut models = all.iter().filter(|(of, _)| *of == language).flat_map(|(_, models)| models);
            models.find(|model| model.screen() == *kind).unwrap().clone()
        });
    }
}

#[test]
fn nothing_is_cut_off_anywhere() {
    for language in [Language::Ja, Language::En] {
        for mut model in everywhere(language) {
            for (width, height) in [(80, 24), (80, 25), (128, 40)] {
                let _ = update(&mut model, Msg::Resized { width, height });
                assert_eq!(crate::view::overflow(&model), None, "{}", screen(&model));
            }
        }
    }
}

/// Whatever people typed and drives answer: as long as a field and a drive allow.
#[test]
fn names_as_long_as_they_can_be_are_not_cut_off() {
    for language in [Language::Ja, Language::En] {
        let fits = |model: &Model| {
            assert_eq!(crate::view::overflow(model), None, "{}", screen(model));
        };
        let mut model = booted(language);
        let mut sticks = super::fixtures::sticks();
        sticks[0].model = "M".repeat(40).as_str().into();
        sticks[0].serial = "S".repeat(64).as_str().into();
        send(&mut model, Msg::Sticks(sticks));
        press(&mut model, Key::Enter);
        fits(&model);
        let mut model = with_people(language);
        for (focus, letter) in [
            (PeopleFocus::Operator, "O"),
            (PeopleFocus::Witness, "W"),
            (PeopleFocus::Section, "S"),
            (PeopleFocus::Asset, "A"),
        ] {
            *model.people.field(focus) = Field::of(&letter.repeat(crate::field::MAX_COLUMNS));
        }
        press(&mut model, Key::Esc);
        fits(&model);
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Drives(wordy_drives()));
        for key in [Key::Char('1'), Key::Enter] {
            press(&mut model, key);
            fits(&model);
        }
        press(&mut model, Key::Char('i'));
        fits(&model);
        for key in [Key::Esc, Key::Enter] {
            press(&mut model, key);
            fits(&model);
        }
        send(&mut model, Msg::Journal(Journal::Saved));
        for key in [Key::Char(' '), Key::Char('d'), Key::Esc, Key::Enter] {
            press(&mut model, key);
            fits(&model);
        }
        let asked = model.clone();
        assert_eq!(model.screen(), crate::Screen::Confirm, "{}", screen(&model));
        press(&mut model, Key::Esc);
        confirm_plan(&mut model);
        fits(&model);
        for no in model.to_erase() {
            send(&mut model, Msg::Job(no, job(Phase::DriveErases, 50, Basis::Estimated)));
            send(&mut model, Msg::Stalled(no, crate::Stall::Stalled));
            fits(&model);
        }
        let mut stopping = model.clone();
        let overwriting = job(Phase::Overwriting { pass: 1, passes: 1 }, 3, Basis::Measured);
        send(&mut stopping, Msg::Job(model.to_erase()[0], overwriting));
        press(&mut stopping, Key::Char('s'));
        fits(&stopping);
        for no in model.to_erase() {
            send(&mut model, Msg::JobFinished(no, failed(FailureReason::Vanished)));
        }
        fits(&model);
        for key in ['w', 'm'] {
            let mut beside = model.clone();
            press(&mut beside, Key::Char(key));
            fits(&beside);
            press(&mut beside, Key::Enter);
            fits(&beside);
        }
        press(&mut model, Key::Char('c'));
        fits(&model);
        press(&mut model, Key::Char('y'));
        send(&mut model, Msg::Closed(Ok(close_info())));
        fits(&model);
        // What goes wrong, on the screen whose room is fixed.
        let mut model = asked;
        let wordy = "Input/output error (os error 5) while writing to the device".to_owned();
        for problem in [StickProblem::Io(wordy.clone()), StickProblem::NotVerified(wordy)] {
            send(&mut model, Msg::Journal(Journal::Unsaved { count: 999, problem }));
            fits(&model);
        }
    }
}

#[test]
fn language() {
    snap("01_language", booted);
}

#[test]
fn sticks() {
    snap("02a_sticks_none", |language| {
        let mut model = booted(language);
        send(&mut model, Msg::Sticks(Vec::new()));
        press(&mut model, Key::Enter);
        model
    });
    snap("02x_sticks_searching", |language| {
        let mut model = booted(language);
        send(&mut model, Msg::Scan(ScanState::Settling));
        send(&mut model, Msg::Sticks(Vec::new()));
        press(&mut model, Key::Enter);
        model
    });
    snap("02y_boot_stick_may_go", |language| {
        let mut model = booted(language);
        press(&mut model, Key::Enter);
        send(&mut model, Msg::BootStickRead);
        model
    });
    snap("02b_sticks", |language| {
        let mut model = booted(language);
        press(&mut model, Key::Enter);
        model
    });
    snap("02c_stick_opened", |language| {
        let mut model = with_stick(language);
        press(&mut model, Key::Esc);
        model
    });
    snap("02q_stick_cut_off", |language| super::past::opened_after(language, super::past::HERE));
    snap("02v_stick_cut_off_prepared", |language| {
        super::past::prepared_after(language, crate::VoucherCheck::NotToday("2027-03-31".into()))
    });
    snap("02w_stick_cut_off_unchecked", |language| {
        super::past::prepared_after(language, crate::VoucherCheck::NoKey)
    });
    snap("02r_past", |language| {
        let mut model = super::past::opened_after(language, super::past::HERE);
        press(&mut model, Key::Char('l'));
        model
    });
    for (name, downs) in [("02s_past_open", 0), ("02t_past_attention", 2), ("02u_past_refused", 4)] {
        snap(name, |language| {
            let mut model = super::past::opened_after(language, super::past::HERE);
            press(&mut model, Key::Char('l'));
            for _ in 0..downs {
                press(&mut model, Key::Down);
            }
            press(&mut model, Key::Enter);
            model
        });
    }
    snap("02d_stick_refused", |language| {
        let mut model = booted(language);
        press(&mut model, Key::Enter);
        press(&mut model, Key::Enter);
        send(&mut model, Msg::StickOpened(Err(StickProblem::Full)));
        model
    });
}

#[test]
fn people() {
    snap("03_people", |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Esc);
        model
    });
    snap("03c_people_remembered", super::people::with_memory);
    snap("03i_people_full", |language| {
        let mut model = super::people::with_memory(language);
        send(&mut model, Msg::Clock { wall: "2009-01-01 00:03".into(), state: ClockState::Implausible });
        model
    });
    snap("03d_people_listed", super::people::with_lists);
    snap("03e_names", |language| {
        let mut model = super::people::with_lists(language);
        press(&mut model, Key::F(2));
        model
    });
    snap("03f_names_many", |language| {
        let mut model = super::people::with_lists(language);
        for _ in 0..3 {
            press(&mut model, Key::Tab);
        }
        press(&mut model, Key::F(2));
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Char('1'));
        model
    });
    snap("03g_asset_doubtful", |language| {
        let mut model = super::people::with_assets(language);
        super::people::number(&mut model, "PC-0043");
        model
    });
    snap("03h_asset_misread", |language| {
        let mut model = super::people::with_assets(language);
        super::people::number(&mut model, "PC-0024");
        model
    });
    snap("03b_people_empty", |language| {
        let mut model = with_stick(language);
        send(&mut model, Msg::Clock { wall: "2009-01-01 00:03".into(), state: ClockState::Implausible });
        press(&mut model, Key::Enter);
        model
    });
}

#[test]
fn class() {
    snap("04b_class_handover", |language| {
        let mut model = super::handover::at_class(language);
        press(&mut model, Key::Char('1'));
        model
    });
    snap("04_class", |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Char('2'));
        model
    });
}

#[test]
fn drives_screen() {
    let on_drives = |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Enter);
        model
    };
    snap("05_drives", on_drives);
    snap("05b_drives_gone", |language| {
        let mut model = on_drives(language);
        let mut left = drives();
        left.remove(3);
        send(&mut model, Msg::Drives(left));
        model
    });
    snap("05c_drives_none", |language| {
        let mut model = with_people(language);
        model.drives.rows.clear();
        send(&mut model, Msg::HiddenControllers(vec!["Intel RST 00:17.0".into()]));
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Enter);
        model
    });
    snap("05d_drives_settling", |language| {
        let mut model = on_drives(language);
        send(&mut model, Msg::Scan(ScanState::Settling));
        press(&mut model, Key::Enter);
        model
    });
    snap("05f_drives_missing", |language| {
        let mut model = super::people::with_assets(language);
        super::people::number(&mut model, "PC-0042");
        for key in [Key::Char(' '), Key::Enter, Key::Char('2'), Key::Enter] {
            press(&mut model, key);
        }
        model
    });
    snap("05e_drives_slow", |language| {
        let mut model = on_drives(language);
        send(&mut model, Msg::Scan(ScanState::Slow));
        press(&mut model, Key::Enter);
        model
    });
}

#[test]
fn plan() {
    snap("06_plan_class2", |language| with_plan(language, '2'));
    snap("06f_plan_handover_flow", |language| super::handover::with_plan_for(language, '1').0);
    snap("06b_plan_handover", |language| {
        let mut model = with_plan(language, '1');
        press(&mut model, Key::Char(' '));
        model
    });
    snap("06c_plan_class3_usb", |language| {
        let mut model = with_plan(language, '3');
        for _ in 0..3 {
            press(&mut model, Key::Down);
        }
        model
    });
    snap("06e_plan_held", plan_with_a_held_disk);
    snap("06g_plan_stale", super::stale::without_second);
    snap("06h_plan_stale_at_cursor", |language| {
        let mut model = super::stale::without_second(language);
        press(&mut model, Key::Down);
        model
    });
    snap("06d_plan_detail", |language| {
        let mut model = with_plan(language, '2');
        press(&mut model, Key::Down);
        press(&mut model, Key::Char('d'));
        model
    });
}

#[test]
fn confirm() {
    let on_confirm = |language| {
        let mut model = with_plan(language, '3');
        press(&mut model, Key::Enter);
        model
    };
    snap("07_confirm", on_confirm);
    snap("07b_confirm_wrong", |language| {
        let mut model = on_confirm(language);
        let code: u32 = model.plan().unwrap().digest().code().parse().unwrap();
        type_text(&mut model, &format!("{:06}", (code + 1) % 1_000_000));
        press(&mut model, Key::Enter);
        model
    });
    snap("07c_confirm_unsaved", |language| {
        let mut model = on_confirm(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 3, problem: StickProblem::Removed }));
        let code = model.plan().unwrap().digest().code();
        type_text(&mut model, &code);
        press(&mut model, Key::Enter);
        model
    });
    snap("07d_confirm_many", |language| {
        let mut model = with_people(language);
        let many = (1..=12).map(|no| {
            let serial = format!("Z1E0{no:04}");
            drive(no, model::Bus::Ata, model::Medium::Hdd, "ST1000DM003-1CH162", &serial, 1_000_204_886_016)
        });
        send(&mut model, Msg::Drives(many.collect()));
        press(&mut model, Key::Char('3'));
        press(&mut model, Key::Enter);
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Journal(Journal::Saved));
        press(&mut model, Key::Enter);
        press(&mut model, Key::Down);
        model
    });
    snap("07e_record_only", |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Char('2'));
        press(&mut model, Key::Enter);
        press(&mut model, Key::Down);
        press(&mut model, Key::Char(' '));
        press(&mut model, Key::Enter);
        send(&mut model, Msg::Journal(Journal::Saved));
        press(&mut model, Key::Enter);
        model
    });
}

fn running(language: Language) -> Model {
    let mut model = confirmed(language, '3');
    let overwriting = Phase::Overwriting { pass: 1, passes: 1 };
    send(&mut model, Msg::Job(DriveNo(1), job(overwriting, 45, Basis::Measured)));
    send(&mut model, Msg::Job(DriveNo(2), job(Phase::DriveErases, 80, Basis::Estimated)));
    send(&mut model, Msg::JobFinished(DriveNo(3), failed(FailureReason::Vanished)));
    model
}

#[test]
fn progress() {
    snap("08_progress", running);
    snap("08b_progress_stick_lost", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 7, problem: StickProblem::Removed }));
        model
    });
    snap("08f_progress_stick_silent", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 2, problem: StickProblem::NoAnswer }));
        model
    });
    snap("08g_rescue_trying", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 2, problem: StickProblem::Full }));
        press(&mut model, Key::Char('u'));
        let _ = press(&mut model, Key::Char('r'));
        send(&mut model, Msg::Journal(Journal::Saving));
        model
    });
    snap("08h_progress_scan_slow", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Scan(ScanState::Slow));
        model
    });
    snap("08e_progress_late", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Drives(drives_and(late_drive())));
        model
    });
    snap("08c_stop", |language| {
        let mut model = running(language);
        press(&mut model, Key::Char('s'));
        press(&mut model, Key::Up);
        type_text(&mut model, "12");
        model
    });
    snap("08d_rescue", |language| {
        let mut model = running(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 7, problem: StickProblem::Removed }));
        press(&mut model, Key::Char('u'));
        press(&mut model, Key::Down);
        model
    });
}

#[test]
fn results() {
    snap("09_results_class3", |language| finished(language, '3'));
    snap("09b_results_class2", |language| finished(language, '2'));
    snap("09c_results_failed", |language| {
        let mut model = running(language);
        send(&mut model, Msg::JobFinished(DriveNo(1), done(Method::Clear)));
        send(
            &mut model,
            Msg::JobFinished(DriveNo(2), failed(FailureReason::CommandRejected("2006h".into()))),
        );
        model
    });
    snap("09i_results_handover", super::handover::cleared);
    snap("09g_results_held", finished_with_a_held_disk);
    snap("09h_results_late", |language| {
        let mut model = finished(language, '3');
        send(&mut model, Msg::Drives(drives_and(late_drive())));
        for _ in 0..6 {
            press(&mut model, Key::Down);
        }
        model
    });
    snap("09d_results_class1", |language| finished(language, '4'));
    snap("09e_witness", |language| {
        let mut model = finished(language, '1');
        press(&mut model, Key::Char('w'));
        type_text(&mut model, if language == Language::Ja { "鈴木花子" } else { "Suzuki Hanako" });
        press(&mut model, Key::Tab);
        press(&mut model, Key::Char(' '));
        model
    });
    snap("09j_witness_many", |language| {
        let mut model = super::witnessing::many(language);
        (0..5).for_each(|_| drop(press(&mut model, Key::PageDown)));
        model
    });
    snap("09f_unwitnessed", |language| {
        let mut model = finished(language, '1');
        press(&mut model, Key::Char('c'));
        model
    });
}

#[test]
fn finish() {
    let closing = |language| {
        let mut model = finished(language, '3');
        press(&mut model, Key::Char('c'));
        model
    };
    snap("10_finish_closing", closing);
    snap("10b_finish_closed", move |language| {
        let mut model = closing(language);
        send(&mut model, Msg::Closed(Ok(close_info())));
        model
    });
    snap("10f_finish_code", super::code::shown);
    snap("10c_finish_failed", move |language| {
        let mut model = closing(language);
        send(&mut model, Msg::Closed(Err(StickProblem::Io("EIO".into()))));
        model
    });
    snap("10e_finish_contradictory", move |language| {
        let mut model = closing(language);
        send(&mut model, Msg::Journal(Journal::Unsaved { count: 0, problem: not_verified() }));
        send(&mut model, Msg::Closed(Err(not_verified())));
        model
    });
    snap("10d_finish_abandoned", |language| {
        let mut model = with_people(language);
        press(&mut model, Key::Char('q'));
        press(&mut model, Key::Char('y'));
        model
    });
}

#[test]
fn beside_the_journey() {
    snap("11_abandon", |language| {
        let mut model = with_plan(language, '2');
        press(&mut model, Key::Char('q'));
        model
    });
    snap("12_policy_problem", |language| {
        let mut model = booted(language);
        let message = "unknown field `colour`, expected one of `version`, `switches`, `cell`".into();
        send(&mut model, Msg::PolicyProblem { message, line: 7 });
        model
    });
    snap("13_taken", |language| {
        let mut other = model(Console::Full);
        other.language = language;
        send(&mut other, Msg::SeatTaken);
        other
    });
}

#[test]
fn too_small() {
    let mut model = confirmed(Language::Ja, '3');
    send(&mut model, Msg::Resized { width: 60, height: 20 });
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("14_too_small", screen(&model));
    });
}

#[test]
fn the_kernel_console_sees_only_ascii() {
    let mut model = model(Console::AsciiOnly);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("15_ascii_language", screen(&model));
    });
    assert!(screen(&model).is_ascii());
    send(&mut model, Msg::Resized { width: 60, height: 20 });
    assert!(screen(&model).is_ascii());
}

#[test]
fn a_crash_is_told_in_both_languages() {
    for language in [Language::Ja, Language::En] {
        let text = crate::crashed_text(language, "M-17\u{1b}");
        assert!(text.contains("M-17") && !text.contains('\u{1b}') && text.lines().count() == 3, "{text}");
    }
}

#[test]
fn a_program_that_cannot_be_started_again_says_so_on_a_screen_of_80_columns() {
    let full = crate::gave_up_text(crate::Console::Full, "S-11");
    assert_eq!(full.matches("S-11").count(), 2, "{full}");
    assert!(full.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{full}");
    let ascii = crate::gave_up_text(crate::Console::AsciiOnly, "M-17\u{1b}");
    assert!(ascii.is_ascii() && ascii.contains("M-17") && !ascii.contains('\u{1b}'), "{ascii}");
}

#[test]
fn where_only_ascii_can_be_drawn_it_can_be_seen_which_drives_are_selected() {
    let mut model = with_plan(Language::En, '3');
    press(&mut model, Key::Esc);
    assert_eq!(model.screen(), crate::Screen::Drives);
    model.console = Console::AsciiOnly;
    let selected = screen(&model);
    press(&mut model, Key::Char(' '));
    let left = screen(&model);
    let boxes = |text: &str| (text.matches("[x] ").count(), text.matches("[ ] ").count());
    let (before, after) = (boxes(&selected), boxes(&left));
    assert_eq!((before.0 + before.1, after.0 + after.1), (before.0 + before.1, before.0 + before.1));
    assert!(before.0.abs_diff(after.0) == 1 && !selected.contains("[~"), "{selected}\n{left}");
}
