//! The whole program by its keys alone, from the first screen to the close entry.

use super::*;
use crate::recorder;
use ratatui::{Terminal, backend::TestBackend};

/// What is on the screen, blanks left out: a wide character takes two cells.
fn screen(app: &App) -> String {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| wizard::view(app.model(), frame)).unwrap();
    let cells = terminal.backend().buffer().content.iter().map(ratatui::buffer::Cell::symbol);
    cells.filter(|symbol| *symbol != " ").collect()
}

impl Desk {
    fn press(&mut self, keys: &[Key]) {
        for key in keys {
            self.app.handle(Event::Key(*key));
        }
    }

    fn type_text(&mut self, text: &str) {
        let keys: Vec<Key> = text.chars().map(Key::Char).collect();
        self.press(&keys);
    }

    /// Waits until that is on the screen.
    fn wait_for(&mut self, words: &str) {
        while !screen(&self.app).contains(words) {
            self.next();
        }
    }

    /// From the first screen to the beginning of the work.
    fn walk(&mut self) {
        self.until(|app| app.sights > 0);
        self.press(&[Key::Enter, Key::Enter]);
        self.wait_for("結果用USBメモリを確かめました");
        self.press(&[Key::Enter]);
        self.type_text("山田花子");
        self.press(&[Key::Enter; 3]);
        self.type_text("souko");
        self.press(&[Key::Enter, Key::Enter, Key::Char(' '), Key::Enter, Key::Char(' '), Key::Enter]);
        self.type_text("PC-1");
        self.press(&[Key::Enter, Key::Char(' '), Key::Enter, Key::Char('3'), Key::Enter]);
        self.until(|app| app.scan_shown == ScanState::Done && !app.scanner.is_busy());
        self.press(&[Key::Enter]);
        self.until(Self::saved);
        self.press(&[Key::Enter]);
        let shown = screen(&self.app);
        let code =
            shown.split_once("確認の数字:").map(|(_, after)| after.chars().take(6).collect::<String>());
        self.type_text(&code.unwrap());
        self.press(&[Key::Enter]);
    }
}

#[test]
fn a_pc_is_done_by_keys_alone_and_its_end_is_heard_until_somebody_comes() {
    let mut desk = Desk::new(usize::MAX);
    desk.walk();
    // The drive is gone when it is to be armed.
    desk.wait_for("失敗");
    desk.until(Desk::saved);
    let strokes = |desk: &mut Desk, seconds: usize| {
        *desk.rung.lock().unwrap() = 0;
        (0..seconds).for_each(|_| desk.app.tick(Instant::now()));
        *desk.rung.lock().unwrap()
    };
    assert_eq!(strokes(&mut desk, 10), 3);
    assert_eq!(strokes(&mut desk, 60), 3, "once more after a minute");
    desk.press(&[Key::Down]);
    assert_eq!(strokes(&mut desk, 120), 0);
    // By now the sign fills the screen, and the first key only takes it away.
    assert!(screen(&desk.app).contains("まだ電源を切らないでください。"), "{}", screen(&desk.app));
    desk.press(&[Key::Char('c')]);
    assert!(screen(&desk.app).contains("9/10結果") && !screen(&desk.app).contains("まだ電源を切らない"));
    desk.press(&[Key::Char('c')]);
    desk.wait_for("記録を保存し、読み返して確かめました。");
    let log = desk.stick.text();
    for said in [
        r#""operator":"山田花子""#,
        r#""place":"そうこ""#,
        r#""carried_out_by":{"by":"staff"}"#,
        r#""destination":"reuse""#,
    ] {
        assert!(log.contains(said), "{said}\n{log}");
    }
}

#[test]
fn what_was_recorded_of_a_session_shows_its_last_screen_again() {
    let mut desk = Desk::new(usize::MAX);
    desk.walk();
    desk.wait_for("失敗");
    desk.until(Desk::saved);
    assert_eq!(recorder::shown_again(&desk.app.recorder), screen(&desk.app));
    // Time is in no recording, but what it brings up is; and a key that took it away did nothing else.
    (0..130).for_each(|_| desk.app.tick(Instant::now()));
    assert!(screen(&desk.app).contains("まだ電源を切らないでください。"));
    assert_eq!(recorder::shown_again(&desk.app.recorder), screen(&desk.app));
    desk.press(&[Key::Char('c')]);
    assert!(screen(&desk.app).contains("9/10結果"));
    assert_eq!(recorder::shown_again(&desk.app.recorder), screen(&desk.app));
}

#[test]
fn a_fault_before_is_told_noted_and_its_recording_is_on_the_stick() {
    let mut desk = Desk::new(usize::MAX);
    let told = desk.app.recorder.fail("panicked at nowhere");
    desk.app.tell_of_fault();
    assert!(screen(&desk.app).contains("masshoが不具合で止まりました"), "{told}");
    desk.walk();
    desk.wait_for("失敗");
    desk.until(|app| matches!(app.fault, Fault::None));
    let extra = desk.stick.extra();
    let (name, bytes) = extra.first().unwrap();
    assert!(
        name.starts_with("MASSHO-FAULT/m") && String::from_utf8_lossy(bytes).contains("panicked at nowhere")
    );
    assert!(desk.stick.text().contains(r#""code":"internal-fault""#));
    assert_eq!(desk.app.recorder.left(), None, "it is put there once");
}

#[test]
fn the_recording_of_a_fault_is_on_the_stick_before_a_session_begins_and_is_put_there_once() {
    let mut desk = Desk::new(usize::MAX);
    let code = desk.app.recorder.fail("panicked at nowhere");
    desk.app.tell_of_fault();
    desk.until(|app| app.sights > 0);
    desk.press(&[Key::Enter, Key::Down]);
    assert!(screen(&desk.app).contains("不具合の記録"), "{code}");
    // A stick that does not take it keeps nobody from another try, and the code stays in view.
    desk.stick.set(Mood::Full);
    desk.press(&[Key::Up, Key::Enter]);
    desk.wait_for("結果用USBメモリを確かめました");
    desk.until(|app| matches!(app.fault, Fault::Left(_)));
    assert!(desk.app.opened.is_some() && desk.stick.extra().is_empty());
    assert!(screen(&desk.app).contains("不具合の記録"));
    desk.stick.set(Mood::Works);
    desk.app.open_stick(StickNo(1));
    desk.until(|app| matches!(app.fault, Fault::Put(_)));
    assert!(desk.app.session.is_none() && desk.app.opened.is_some());
    assert!(desk.stick.extra()[0].0.starts_with("MASSHO-FAULT/m"));
    assert_eq!(desk.app.recorder.left(), None);
    assert!(!screen(&desk.app).contains("不具合の記録"));
    desk.until(|app| !app.scanner.is_busy());
    desk.app.begin_session(&answers(InformationClass::Three));
    desk.until(Desk::saved);
    assert!(desk.stick.text().contains(r#""code":"internal-fault""#), "{}", desk.stick.text());
    assert_eq!(desk.stick.extra().len(), 1, "it is put there once");
}

#[test]
fn what_is_asked_for_while_a_recording_is_put_on_the_stick_is_done_after_it_or_when_the_stick_is_given_up() {
    for gives_up in [false, true] {
        let mut desk = Desk::new(usize::MAX);
        desk.app.recorder.fail("panicked at nowhere");
        desk.app.tell_of_fault();
        desk.until(|app| app.sights > 0);
        desk.stick.set(Mood::Hangs);
        desk.app.open_stick(StickNo(1));
        desk.until(App::is_putting_fault);
        desk.app.carry_out(Effect::BeginSession(answers(InformationClass::Three)));
        assert!(desk.app.session.is_none());
        if gives_up {
            desk.app.tick(later(100));
            assert!(matches!(desk.app.fault, Fault::Left(_)) && desk.app.recorder.left().is_some());
            let answer = desk.app.told.iter().rev().find(|msg| matches!(msg, Msg::Journal(_)));
            assert!(matches!(answer, Some(Msg::Journal(Journal::Unsaved { .. }))), "{answer:?}");
            // Its late answer is not taken, and the stick let go of.
            desk.stick.set(Mood::Works);
            let put = loop {
                match desk.inbox.recv_timeout(desk::SOON).unwrap() {
                    put @ Event::Put(_) => break put,
                    other => desk.app.handle(other),
                };
            };
            desk.app.handle(put);
            desk.stick.wait_until_released(1);
            assert!(desk.app.opened.is_none());
        } else {
            desk.stick.set(Mood::Works);
            desk.until(Desk::saved);
            assert!(desk.stick.text().contains("internal-fault"));
        }
    }
}
