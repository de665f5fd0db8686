//! Drives that come, go or change while a plan is on the screen: the plan stays to be read, and nothing follows from it.

use super::fixtures::*;
use crate::parts::PlanState;
use crate::{Effect, Journal, Key, Language, Model, Msg, ScanState, Screen};
use model::{Drive, DriveNo, Eligibility, Ineligible};

fn with(change: impl Fn(&mut Vec<Drive>)) -> Vec<Drive> {
    let mut drives = drives();
    change(&mut drives);
    drives
}

/// One that went, one that came, one that is in use now, and one that is another under the same number.
fn inventories() -> [Vec<Drive>; 4] {
    [
        with(|drives| drop(drives.remove(1))),
        with(|drives| drives.push(late_drive())),
        with(|drives| drives[1].eligibility = Eligibility::Ineligible(vec![Ineligible::InUse])),
        with(|drives| drives[1].identity.serial = "OTHER".into()),
    ]
}

/// A plan from which the second drive went.
pub(super) fn without_second(language: Language) -> Model {
    let mut model = with_plan(language, '3');
    send(&mut model, Msg::Drives(with(|drives| drop(drives.remove(1)))));
    model
}

/// The screen down to the message, which says what changed.
fn content(model: &Model) -> Vec<String> {
    let rows = crate::view::content_rows(model) + 2;
    screen(model).lines().take(rows).map(str::to_owned).collect()
}

#[test]
fn nothing_moves_under_the_cursor() {
    for language in [Language::Ja, Language::En] {
        for inventory in inventories() {
            for downs in 0..4 {
                let mut model = with_plan(language, '3');
                (0..downs).for_each(|_| drop(press(&mut model, Key::Down)));
                let before = content(&model);
                send(&mut model, Msg::Drives(inventory.clone()));
                let after = content(&model);
                assert_eq!(model.screen(), Screen::Plan);
                assert_eq!(before.len(), after.len());
                // Heads of drives stand where they stood; what is said below one may say instead what became of it.
                let moved = before.iter().zip(&after).filter(|(before, after)| {
                    let head = |row: &str| row.ends_with(" GB") || row.ends_with(" TB");
                    head(before) != head(after) || (head(before) && before != after)
                });
                assert_eq!(moved.collect::<Vec<_>>(), [], "{}", screen(&model));
                assert_ne!(before, after, "it says that it is stale");
            }
        }
    }
}

#[test]
fn nothing_follows_from_a_stale_plan_but_a_new_one() {
    for inventory in inventories() {
        let mut model = with_plan(Language::Ja, '3');
        press(&mut model, Key::Enter);
        let code = model.plan().unwrap().digest().code();
        type_text(&mut model, &code);
        send(&mut model, Msg::Drives(inventory));
        assert_eq!(model.screen(), Screen::Plan, "the question is gone");
        assert!(model.is_stale() && model.typed.is_empty() && model.notice.is_some());
        let stale = model.plan().unwrap().clone();
        for key in code.chars().chain("yrt ".chars()).map(Key::Char) {
            assert_eq!(press(&mut model, key), [], "{key:?}");
            assert_eq!(model.plan(), Some(&stale), "{key:?}");
        }
        let mut effects = press(&mut model, Key::Enter);
        if model.screen() == Screen::Drives {
            // A drive that the plan had not known is among those to be erased.
            assert!(effects.is_empty() && model.notice.is_some() && model.plan().is_none());
            effects = press(&mut model, Key::Enter);
        }
        assert!(effects.iter().all(|effect| matches!(effect, Effect::BeginSession(_))), "{effects:?}");
        assert!(matches!(model.plan, PlanState::Shown(_)) && model.screen() == Screen::Plan);
        assert_ne!(model.plan(), Some(&stale));
        send(&mut model, Msg::Journal(Journal::Saved));
        press(&mut model, Key::Enter);
        assert_eq!(model.screen(), Screen::Confirm);
        type_text(&mut model, &code);
        assert_eq!(press(&mut model, Key::Enter), [], "the old plan's number begins nothing");
    }
}

#[test]
fn the_same_drives_change_nothing() {
    let mut model = with_plan(Language::Ja, '3');
    let before = model.clone();
    send(&mut model, Msg::Drives(drives()));
    assert_eq!(model, before);
}

#[test]
fn a_drive_that_comes_back_leaves_the_plan_stale() {
    let mut model = without_second(Language::Ja);
    send(&mut model, Msg::Drives(drives()));
    assert!(model.is_stale() && model.is_outdated(DriveNo(2)));
    assert!(screen(&model).contains("計画のあとで変わりました"), "{}", screen(&model));
}

#[test]
fn the_line_at_the_cursor_stays_at_the_cursor() {
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Down);
    press(&mut model, Key::Down);
    send(&mut model, Msg::Drives(with(|drives| drop(drives.remove(0)))));
    press(&mut model, Key::Enter);
    assert_eq!(model.plan().unwrap().drives[model.cursor].drive, DriveNo(3));
}

#[test]
fn what_is_to_be_said_first_is_asked_on_the_drives() {
    let only_the_first = |model: &mut Model| {
        for key in [Key::Esc, Key::Down, Key::Char(' '), Key::Down, Key::Char(' '), Key::Enter] {
            press(model, key);
        }
        send(model, Msg::Journal(Journal::Saved));
        assert_eq!(model.screen(), Screen::Plan);
    };
    let mut model = with_plan(Language::Ja, '3');
    only_the_first(&mut model);
    send(&mut model, Msg::Drives(with(|drives| drop(drives.remove(0)))));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert_eq!((model.screen(), model.plan()), (Screen::Drives, None), "none is left to erase");
    assert!(model.notice.is_some(), "and it says so");
}

#[test]
fn while_drives_are_still_looked_for_it_says_to_wait() {
    let mut model = without_second(Language::Ja);
    send(&mut model, Msg::Scan(ScanState::Settling));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(model.is_stale() && model.screen() == Screen::Plan && model.notice.is_some());
    send(&mut model, Msg::Scan(ScanState::Done));
    press(&mut model, Key::Enter);
    assert!(!model.is_stale());
}

#[test]
fn what_was_opened_from_the_plan_goes_back_to_it() {
    let second_gone = || Msg::Drives(with(|drives| drop(drives.remove(1))));
    for key in ['i', 'd'] {
        let mut model = with_plan(Language::Ja, '2');
        press(&mut model, Key::Down);
        press(&mut model, Key::Char(key));
        let opened = model.screen();
        assert!(matches!(opened, Screen::DriveDetail | Screen::PlanDetail));
        send(&mut model, second_gone());
        assert_eq!(model.screen(), opened);
        press(&mut model, Key::Esc);
        assert!(model.screen() == Screen::Plan && model.is_stale());
        assert_eq!(model.plan().unwrap().drives[model.cursor].drive, DriveNo(2));
    }
    let mut model = with_plan(Language::Ja, '3');
    press(&mut model, Key::Enter);
    send(&mut model, Msg::Journal(Journal::Unsaved { count: 1, problem: crate::StickProblem::Removed }));
    press(&mut model, Key::Char('u'));
    assert_eq!(model.screen(), Screen::Rescue);
    send(&mut model, second_gone());
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Esc);
    assert!(model.screen() == Screen::Plan && model.is_stale(), "not to the question of another plan");
}

#[test]
fn a_plan_that_writes_nothing_is_not_recorded_any_more() {
    let mut model = with_people(Language::Ja);
    for key in [Key::Char('2'), Key::Enter, Key::Down, Key::Char(' '), Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    press(&mut model, Key::Enter);
    assert_eq!(model.screen(), Screen::RecordOnly);
    send(&mut model, Msg::Drives(with(|drives| drop(drives.remove(3)))));
    assert!(model.screen() == Screen::Plan && model.is_stale());
    assert_eq!(press(&mut model, Key::Char('r')), []);
    press(&mut model, Key::Enter);
    assert!(model.screen() == Screen::Plan && !model.is_stale());
}

/// Drives of which one came, to be erased without anybody having said so.
fn with_an_own_one() -> Vec<Drive> {
    drives_and(drive(9, model::Bus::Ata, model::Medium::Hdd, "New", "N1", 1 << 40))
}

fn is_shown_in_the_list(model: &mut Model, no: DriveNo) {
    assert_eq!(press(model, Key::Enter), []);
    assert_eq!((model.screen(), model.drives.cursor), (Screen::Drives, Some(no)), "{}", screen(model));
    assert!(screen(model).contains("抹消の対象に入りました"), "{}", screen(model));
}

#[test]
fn a_drive_that_nobody_saw_yet_is_shown_in_the_list_before_it_is_in_a_plan() {
    let mut model = with_plan(Language::Ja, '3');
    send(&mut model, Msg::Drives(with_an_own_one()));
    assert!(screen(&model).contains("抹消の対象に入ります。計画で Enter キー"), "{}", screen(&model));
    is_shown_in_the_list(&mut model, DriveNo(9));
    press(&mut model, Key::Char(' '));
    press(&mut model, Key::Enter);
    assert!(model.screen() == Screen::Plan && !model.to_erase().contains(&DriveNo(9)));
}

#[test]
fn a_drive_that_went_and_came_is_shown_in_the_list_again() {
    let mut model = without_second(Language::Ja);
    send(&mut model, Msg::Drives(drives()));
    is_shown_in_the_list(&mut model, DriveNo(2));
}

#[test]
fn a_drive_that_was_taken_out_is_not_put_in_again_unseen() {
    let mut model = with_plan(Language::Ja, '3');
    for key in [Key::Esc, Key::Char('1'), Key::Char(' '), Key::Enter] {
        press(&mut model, key);
    }
    send(&mut model, Msg::Journal(Journal::Saved));
    assert!(!model.to_erase().contains(&DriveNo(1)));
    // Somebody else has it for a moment; when it is free again it would be selected by itself.
    send(
        &mut model,
        Msg::Drives(with(|all| all[0].eligibility = Eligibility::Ineligible(vec![Ineligible::InUse]))),
    );
    send(&mut model, Msg::Drives(drives()));
    assert!(model.is_stale() && model.selection().contains(&DriveNo(1)));
    is_shown_in_the_list(&mut model, DriveNo(1));
}

#[test]
fn a_drive_that_came_while_the_pc_slept_is_shown_in_the_list_too() {
    use super::obstacles::*;
    let mut model = asked_first(Language::Ja, without_busy(), &[]);
    press(&mut model, Key::Char('1'));
    press(&mut model, Key::Enter);
    let mut after = without_busy();
    after.push(drive(9, model::Bus::Ata, model::Medium::Hdd, "New", "N1", 1 << 40));
    send(&mut model, Msg::Drives(after));
    let thaw = crate::Thaw { thawed: vec![FROZEN], frozen: vec![] };
    send(&mut model, Msg::Slept(crate::SleepOutcome::Woke(thaw)));
    is_shown_in_the_list(&mut model, DriveNo(9));
}

#[test]
fn while_drives_are_looked_for_nobody_is_sent_to_a_list_that_is_not_whole() {
    let mut model = with_plan(Language::Ja, '3');
    send(&mut model, Msg::Drives(with_an_own_one()));
    send(&mut model, Msg::Scan(ScanState::Settling));
    assert_eq!(press(&mut model, Key::Enter), []);
    assert!(model.screen() == Screen::Plan && model.is_stale());
}

#[test]
fn no_key_that_a_stale_plan_has_not_is_named_on_it() {
    let words = "スペースキーで「引渡前の消去」";
    let mut model = with_plan(Language::Ja, '1');
    assert!(screen(&model).contains(words));
    let before = content(&model).len();
    send(&mut model, Msg::Drives(with(|drives| drop(drives.remove(3)))));
    assert!(!screen(&model).contains(words), "{}", screen(&model));
    assert_eq!(content(&model).len(), before);
    let mut model = super::obstacles::declined(Language::Ja, super::obstacles::without_busy());
    press(&mut model, Key::Down);
    assert!(screen(&model).contains("凍結を解くと"));
    let fewer = super::obstacles::without_busy().into_iter().skip(1).collect();
    send(&mut model, Msg::Drives(fewer));
    assert!(model.is_stale() && !screen(&model).contains("凍結を解くと"), "{}", screen(&model));
}
