//! All that the screens know.

use crate::ahead::Ahead;
use crate::assets::Listed;
use crate::field::{Letters, harmless};
use crate::hand::Hand;
use crate::labels::Labels;
use crate::parts::{
    BootStick, ClassChoice, Clock, Closing, Drives, Gravity, Notice, PlanState, PolicyTrouble, Presence,
    Seat, Shown, StickUse, Sticks, StopForm, WitnessForm,
};
use crate::people::{OpenList, People};
use crate::secret::Secret;
use crate::texts::{Catalogues, Texts, TextsError};
use crate::unattended::Unattended;
use crate::voucher::Lock;
use crate::{
    CloseReason, Display, JobView, Journal, Keyboard, Purpose, SessionAnswers, StickCandidate, StickNo,
};
use model::{DeviceText, Drive, DriveNo, DriveResult};
use policy::{SessionPlan, Table, TableOrigin};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// What a console can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Console {
    /// Japanese and box lines: kmscon, or a terminal in UTF-8.
    Full,
    /// ASCII only, so English only: the kernel's console.
    AsciiOnly,
}

/// What a model needs to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What the console can draw.
    pub console: Console,
    /// The rule table in use.
    pub table: Table,
    /// Whose it is.
    pub origin: TableOrigin,
    /// The PC's serial number by its DMI tables; may be empty.
    pub pc_serial: DeviceText,
    /// What the image says of itself: version, commit, name. For the first screen; self-reported.
    pub about: String,
    /// For which keyboard its keys are taken, where that can be changed.
    pub keyboard: Option<Keyboard>,
}

/// The screens, in the order of the journey; then those beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Screen {
    /// Which language.
    Language,
    /// Which stick takes the results.
    Sticks,
    /// The passphrase of a stick that the office prepared.
    Passphrase,
    /// Work by the office's job list: any key stops it.
    Unattended,
    /// What the stick holds of earlier sessions.
    Past,
    /// One of them.
    PastDetail,
    /// Operator, witness, section, place, asset number, clock.
    People,
    /// The office's list for the field from which it was opened.
    Names,
    /// Which class of information.
    Class,
    /// Which drives.
    Drives,
    /// What is known of one drive, and what can be asked for it.
    DriveDetail,
    /// The serial number on the label of a drive that reports none.
    Label,
    /// On a bench: whether a drive inside this PC is really meant.
    Own,
    /// On a bench: the numbers of the PCs from which the drives were taken.
    Assets,
    /// Why a lesser method than the class asks, on whose word, and until when.
    Exception,
    /// A person attests what a crypto erase needs.
    Attest,
    /// Whether to unlock a drive that an interrupted session left locked.
    Unlock,
    /// Whether to thaw frozen drives by a sleep of the PC.
    Sleep,
    /// What will be done to each.
    Plan,
    /// Why the other techniques are not taken, for one drive.
    PlanDetail,
    /// The typed confirmation.
    Confirm,
    /// A plan that writes nothing is recorded.
    RecordOnly,
    /// Drives are being erased.
    Progress,
    /// Which drive to stop; typed.
    Stop,
    /// How it ended.
    Results,
    /// What was done by hand so far, and what else may be.
    ByHand,
    /// What a person did to one medium.
    HandForm,
    /// A witness confirms.
    Witness,
    /// Whether to close class (1) without a witness.
    Unwitnessed,
    /// The log is closed, the PC switched off.
    Finish,
    /// The QR code of the closed log.
    Code,
    /// What to do about a results stick that cannot be written.
    Rescue,
    /// Whether to end before anything was confirmed.
    Abandon,
    /// The organisation's rule table cannot be used.
    PolicyProblem,
    /// Another console is the one in use.
    Taken,
}

/// All that the screens of one console know and show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Shared, because it is large and never changes.
    pub(crate) catalogues: Arc<Catalogues>,
    pub(crate) console: Console,
    pub(crate) table: Arc<Table>,
    pub(crate) origin: TableOrigin,
    pub(crate) language: Language,
    pub(crate) size: (u16, u16),
    pub(crate) seat: Seat,
    pub(crate) screen: Screen,
    /// The line of the current screen's list that is in view; set to 0 when the screen changes.
    pub(crate) cursor: usize,
    pub(crate) notice: Option<Notice>,
    pub(crate) policy_trouble: Option<PolicyTrouble>,
    pub(crate) clock: Clock,
    pub(crate) purpose: Purpose,
    pub(crate) sticks: Sticks,
    /// The earlier session that is shown, by its place in the list.
    pub(crate) past_shown: usize,
    pub(crate) people: People,
    /// What letters typed as a name become, where that is a question.
    pub(crate) letters: Letters,
    pub(crate) list: Option<OpenList>,
    pub(crate) pc_serial: DeviceText,
    pub(crate) about: String,
    /// What the office's asset list says of the number that was entered last.
    pub(crate) listed: Listed,
    /// The number of which it was said that the list speaks against it.
    pub(crate) doubted: Option<String>,
    pub(crate) class_cursor: Option<usize>,
    pub(crate) class: Option<ClassChoice>,
    pub(crate) drives: Drives,
    pub(crate) begun: Option<SessionAnswers>,
    pub(crate) journal: Journal,
    pub(crate) plan: PlanState,
    /// The drive of the plan whose rejected techniques are shown.
    pub(crate) detail_of: Option<DriveNo>,
    /// How many of the drives to be erased have been on the confirmation screen.
    pub(crate) seen: usize,
    pub(crate) typed: String,
    pub(crate) jobs: BTreeMap<DriveNo, JobView>,
    pub(crate) results: BTreeMap<DriveNo, DriveResult>,
    /// The PC's clock when the plan was confirmed, and when each job ended.
    pub(crate) begun_at: String,
    /// At which second of the program that was.
    pub(crate) begun_tick: u64,
    pub(crate) ended_at: BTreeMap<DriveNo, String>,
    pub(crate) stop: StopForm,
    pub(crate) witness: WitnessForm,
    pub(crate) closing: Closing,
    pub(crate) close_reason: CloseReason,
    pub(crate) rescue_from: Screen,
    /// Where the power button was pressed: the question of ending goes back there, and on the last screens the next press
    /// switches off.
    pub(crate) off_from: Option<Screen>,
    pub(crate) rescue_cursor: Option<StickNo>,
    /// Whether the PC lives on its battery.
    pub(crate) on_battery: bool,
    pub(crate) display: Display,
    pub(crate) ticks: u64,
    /// At which second somebody last pressed a key, or something on the screen changed that is to be read.
    pub(crate) touched: u64,
    /// Whether the sign fills the screen, because nobody has for long.
    pub(crate) left_alone: bool,
    /// The screen whose help is open: it closes when another screen comes.
    pub(crate) help: Option<Screen>,
    pub(crate) ahead: Ahead,
    pub(crate) labels: Labels,
    pub(crate) hand: Hand,
    pub(crate) unattended: Unattended,
    pub(crate) keyboard: Option<Keyboard>,
    /// The code of a fault whose recording is on no stick yet.
    pub(crate) fault: Option<String>,
}

/// How long nobody presses a key before the sign fills the screen.
pub(crate) const QUIET_SECONDS: u64 = 120;

impl Model {
    /// The first screen of one console.
    ///
    /// # Errors
    /// [`TextsError`] when the texts in the program cannot be read; never in a build whose tests pass.
    pub fn new(setup: Setup) -> Result<Self, TextsError> {
        let language = match setup.console {
            Console::Full => Language::Ja,
            Console::AsciiOnly => Language::En,
        };
        Ok(Self {
            catalogues: Arc::new(Catalogues::load()?),
            console: setup.console,
            table: Arc::new(setup.table),
            origin: setup.origin,
            language,
            size: crate::MINIMUM_SIZE,
            seat: Seat::Free,
            screen: Screen::Language,
            cursor: 0,
            notice: None,
            policy_trouble: None,
            clock: Clock::default(),
            purpose: Purpose::Erase,
            past_shown: 0,
            sticks: Sticks {
                candidates: Vec::new(),
                boot: BootStick::default(),
                cursor: None,
                refused: BTreeMap::new(),
                used: StickUse::None,
                lock: Lock::None,
                passphrase: Secret::default(),
                shown: Shown::Stars,
            },
            people: People::default(),
            letters: Letters::Kana,
            list: None,
            pc_serial: setup.pc_serial,
            about: harmless(&setup.about),
            listed: Listed::default(),
            doubted: None,
            class_cursor: None,
            class: None,
            drives: Drives::default(),
            begun: None,
            journal: Journal::default(),
            plan: PlanState::default(),
            detail_of: None,
            seen: 0,
            typed: String::new(),
            jobs: BTreeMap::new(),
            results: BTreeMap::new(),
            begun_at: String::new(),
            begun_tick: 0,
            ended_at: BTreeMap::new(),
            stop: StopForm::default(),
            witness: WitnessForm::default(),
            closing: Closing::default(),
            close_reason: CloseReason::Finished,
            rescue_from: Screen::Progress,
            off_from: None,
            rescue_cursor: None,
            on_battery: false,
            display: Display::default(),
            ticks: 0,
            touched: 0,
            left_alone: false,
            help: None,
            ahead: Ahead::default(),
            labels: Labels::default(),
            hand: Hand::default(),
            unattended: Unattended::None,
            keyboard: setup.keyboard,
            fault: None,
        })
    }

    /// The screen that is shown, unless the terminal is too small.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The language that is shown.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The texts of the language that is shown.
    pub(crate) fn texts(&self) -> &Texts {
        self.catalogues.of(self.language)
    }

    /// Whether the help of the present screen is open.
    pub(crate) fn shows_help(&self) -> bool {
        self.help == Some(self.screen)
    }

    /// Whether all has ended and nobody has been at the keys for a while: [`Msg::LeftAlone`](crate::Msg::LeftAlone) is due.
    /// The last screen stays as it is, because it is copied from.
    #[must_use]
    pub fn is_left_alone(&self) -> bool {
        let quiet = self.ticks.saturating_sub(self.touched) >= QUIET_SECONDS;
        let ended = self.screen == Screen::Results && self.end().is_some();
        quiet && ended && !self.left_alone && !self.has_more_to_say()
    }

    /// Whether the screen tells what to do about a stick, or of a drive that must not lose its power.
    fn has_more_to_say(&self) -> bool {
        self.needs_rescue() || !self.busy().is_empty()
    }

    /// Whether the sign fills the screen, for whoever looks in at the door.
    #[must_use]
    pub fn shows_door(&self) -> bool {
        self.left_alone && self.fits() && !self.has_more_to_say()
    }

    /// Whether the terminal is large enough.
    pub(crate) fn fits(&self) -> bool {
        let (width, height) = crate::MINIMUM_SIZE;
        self.size.0 >= width && self.size.1 >= height
    }

    /// The plan on the screen, confirmed or not, and also when it does not hold any more.
    pub(crate) fn plan(&self) -> Option<&SessionPlan> {
        match &self.plan {
            PlanState::None => None,
            PlanState::Shown(plan) | PlanState::Fixed(plan) => Some(plan),
            PlanState::Stale(stale) => Some(&stale.plan),
        }
    }

    /// The candidate with this number.
    pub(crate) fn stick(&self, no: StickNo) -> Option<&StickCandidate> {
        self.sticks.candidates.iter().find(|stick| stick.no == no)
    }

    pub(crate) fn go(&mut self, screen: Screen) {
        self.screen = screen;
        self.cursor = 0;
        if screen != Screen::Abandon {
            self.off_from = None;
        }
    }

    /// Forgets a plan that is not confirmed, and what was typed under it.
    pub(crate) fn drop_plan(&mut self) {
        if matches!(self.plan, PlanState::Fixed(_)) {
            return;
        }
        self.plan = PlanState::None;
        self.typed.clear();
        (self.seen, self.detail_of) = (0, None);
        if matches!(self.rescue_from, Screen::Plan | Screen::Confirm | Screen::RecordOnly) {
            self.rescue_from = Screen::Drives;
        }
    }

    pub(crate) fn say(&mut self, gravity: Gravity, what: &str, todo: &str) {
        self.notice = Some(Notice { gravity, what: harmless(what), todo: harmless(todo) });
    }

    /// The drives that are there, as the planner takes them.
    pub(crate) fn present(&self) -> Vec<Drive> {
        let here = self.drives.rows.iter().filter(|row| row.presence == Presence::Here);
        here.map(|row| row.drive.clone()).collect()
    }
}
