//! The program on the appliance: the one place where screens, drives, jobs and the log meet.
//!
//! Everything that happens arrives as an [`event::Event`] on one channel and is handled by one thread, so that there
//! is one order. Screens answer with effects, which [`app::App`] carries out. Whatever may take long has a thread of its own:
//! looking for drives ([`scanner`]), opening a stick ([`opening`]), putting the log on it ([`keeper`]), arming a drive
//! ([`drives`]), erasing it (`sanitize`).

mod app;
mod care;
mod clock;
mod console;
mod convert;
mod display;
mod drives;
mod event;
mod gate;
mod journal;
mod keeper;
mod keyboard;
mod leftover;
mod office;
mod opening;
mod pc;
mod power;
mod probe;
mod recorder;
mod scanner;
mod seat;
mod session;
mod sleep;
mod sticks;
mod supply;
mod terminal;
#[cfg(test)]
mod testing;

use app::{App, Flow, Outside};
use console::Console;
use crossbeam_channel::Receiver;
use event::Event;
use recorder::Recorder;
use sanitize::DriveEvent;
use std::process::ExitCode;
use terminal::Screen;

/// What ended the program. The console's own script decides whether to start it again.
#[derive(Debug, thiserror::Error)]
enum Fatal {
    /// The console cannot be used.
    #[error("the console cannot be used: {0}")]
    Terminal(#[from] terminal::TerminalError),
    /// The rule table in the program does not read.
    #[error("the built-in rule table: {0}")]
    Table(#[from] policy::TableError),
    /// The texts in the program do not read.
    #[error("the built-in texts: {0}")]
    Texts(#[from] wizard::TextsError),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// Every sender of events is gone.
    #[error("no more events")]
    Silence,
}

const USAGE: &str = "usage: massho                  the screens of the appliance
       massho probe [NODE...]  print what drives say of themselves, as JSON
       massho gave-up CODE     what to say on a screen on which the program was started again in vain
       massho replay FILE      show what led to a fault of the program, from a file of MASSHO-FAULT";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        None => appliance(),
        Some(("probe", nodes)) if !nodes.iter().any(|node| node.starts_with('-')) => probe::run(nodes),
        Some(("gave-up", [code])) => {
            print!("{}", wizard::gave_up_text(Console::from_environment().drawing(), code));
            ExitCode::SUCCESS
        }
        Some(("replay", [file])) => recorder::run(file),
        Some(("--help" | "-h", [])) => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Some(_) => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn appliance() -> ExitCode {
    pc::log_to_file();
    // Before anything is offered: a generator that writes zeros must not get as far as a screen.
    if let Err(error) = sanitize::self_test(sanitize::Generator::for_this_cpu()) {
        eprintln!("massho: {error}");
        return ExitCode::FAILURE;
    }
    match run() {
        Ok(Ended::ForGood) => ExitCode::SUCCESS,
        Ok(Ended::ForAnotherKeyboard) => ExitCode::from(keyboard::EXIT),
        Err(fatal) => {
            tracing::error!(%fatal, "ended");
            eprintln!("\r\nmassho: {fatal}\r");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Ended, Fatal> {
    let console = Console::from_environment();
    let pc_serial = pc::identity().serial;
    let recorder = Recorder::new(console.drawing(), pc_serial.as_str(), Recorder::file_of(console.name()));
    let mut screen = Screen::open(console, recorder.clone())?;
    terminal::listen_to_quit(recorder.clone()).map_err(Fatal::Thread)?;
    let (events, receiver) = crossbeam_channel::bounded(1024);
    // Without a bound: a job never waits for a picture.
    let (jobs, job_events) = crossbeam_channel::unbounded();
    let setup = wizard::Setup {
        console: console.drawing(),
        table: policy::Table::builtin()?,
        origin: policy::TableOrigin::Builtin,
        pc_serial,
        about: pc::about(),
        keyboard: keyboard::in_use(),
    };
    let mut app = App::new(wizard::Model::new(setup)?, Outside::pc(console, recorder), events.clone(), jobs)
        .map_err(Fatal::Thread)?;
    event::listen_to_keys(events.clone(), screen.probe()).map_err(Fatal::Thread)?;
    supply::listen_to_power_buttons(&events).map_err(Fatal::Thread)?;
    event::listen_to_udev(events).map_err(Fatal::Thread)?;
    let (width, height) = screen.size();
    app.handle(Event::Resized { width, height });
    app.tell_of_fault();
    screen.draw(app.model())?;
    pc::note(&format!("first screen on {}{}", console.name(), pc::memory_left()));
    pc::hash_program();
    serve(&mut app, &mut screen, &Inboxes { events: receiver, jobs: job_events })
}

/// How the program came to its end.
enum Ended {
    ForGood,
    ForAnotherKeyboard,
}

impl Ended {
    fn of(flow: Flow) -> Option<Self> {
        match flow {
            Flow::Continue => None,
            Flow::Exit => Some(Self::ForGood),
            Flow::Restart => Some(Self::ForAnotherKeyboard),
        }
    }
}

/// Where events arrive.
struct Inboxes {
    events: Receiver<Event>,
    jobs: Receiver<DriveEvent>,
}

impl Inboxes {
    /// Hands an event to the program. Before a job's question come its news: what it did stands in the log before what
    /// it asks for next.
    fn deliver(&self, app: &mut App, event: Event) -> Flow {
        if matches!(event, Event::Permit(_)) {
            for news in self.jobs.try_iter() {
                app.handle(Event::Job(news));
            }
        }
        app.handle(event)
    }

    /// What has arrived already.
    fn ready(&self) -> Option<Event> {
        self.jobs.try_recv().map(Event::Job).or_else(|_| self.events.try_recv()).ok()
    }
}

fn serve(app: &mut App, screen: &mut Screen, inboxes: &Inboxes) -> Result<Ended, Fatal> {
    let ticks = crossbeam_channel::tick(std::time::Duration::from_secs(1));
    loop {
        let event = crossbeam_channel::select_biased! {
            recv(ticks) -> _ => Event::Tick,
            recv(inboxes.jobs) -> event => Event::Job(event.map_err(|_| Fatal::Silence)?),
            recv(inboxes.events) -> event => event.map_err(|_| Fatal::Silence)?,
        };
        if let Some(ended) = Ended::of(inboxes.deliver(app, event)) {
            return Ok(ended);
        }
        // Whatever has piled up meanwhile is handled before the next picture: a picture a keystroke is enough.
        while let Some(event) = inboxes.ready() {
            if let Some(ended) = Ended::of(inboxes.deliver(app, event)) {
                return Ok(ended);
            }
        }
        match screen.draw(app.model()) {
            Ok(()) => {}
            // A screen that has died must not take the drives' jobs with it.
            Err(error) if app.must_go_on() => tracing::error!(%error, "nobody sees this any more"),
            Err(error) => return Err(error.into()),
        }
    }
}
