//! The thread that owns a drive: commands from all connections in one order, and orders from the lab between them.

use lab_drives::{ScsiCompletion, Turn, VirtualDrive};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// What time passes for a drive that nobody asks anything, between two looks at the clock.
const IDLE: Duration = Duration::from_millis(200);
/// The shortest wait between two questions to a busy drive.
const EAGER: Duration = Duration::from_millis(1);

/// Whose task, and which of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TaskKey {
    /// The number of the connection.
    pub(crate) connection: u64,
    /// The initiator's tag.
    pub(crate) tag: u32,
}

/// A command with its data.
#[derive(Debug)]
pub(crate) struct Task {
    /// Whose it is.
    pub(crate) key: TaskKey,
    /// Its command descriptor block.
    pub(crate) cdb: [u8; 16],
    /// How many bytes are wanted back.
    pub(crate) wanted: usize,
    /// Its data.
    pub(crate) data_out: Vec<u8>,
    /// Where the answer goes.
    pub(crate) answer: Sender<Answer>,
}

/// A task's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The initiator's tag.
    pub(crate) tag: u32,
    /// How many bytes were wanted.
    pub(crate) wanted: usize,
    /// What the drive said.
    pub(crate) completion: ScsiCompletion,
}

/// Tasks that nobody waits for any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forget {
    /// One.
    Task(TaskKey),
    /// All of a connection's.
    Connection(u64),
    /// All.
    All,
}

impl Forget {
    fn means(self, key: TaskKey) -> bool {
        match self {
            Self::Task(task) => task == key,
            Self::Connection(connection) => connection == key.connection,
            Self::All => true,
        }
    }
}

type OnDrive = Box<dyn FnOnce(&mut dyn VirtualDrive) + Send>;

enum Order {
    Task(Task),
    Forget(Forget),
    With(OnDrive),
}

/// A drive that runs.
#[derive(Debug, Clone)]
pub(crate) struct Engine {
    orders: Sender<Order>,
    gone: Arc<AtomicBool>,
}

impl Engine {
    /// Starts one; it ends with the last handle to it.
    pub(crate) fn start(drive: Box<dyn VirtualDrive>) -> Self {
        let (sender, orders) = channel();
        let gone = Arc::new(AtomicBool::new(false));
        let running = Running { drive, busy: None, waiting: VecDeque::new(), gone: Arc::clone(&gone) };
        std::thread::spawn(move || running.run(&orders));
        Self { orders: sender, gone }
    }

    /// Whether the drive has disappeared, as far as anybody has noticed.
    pub(crate) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Hands a command over. The engine outlives its handles, so nothing is lost here.
    pub(crate) fn submit(&self, task: Task) {
        let _ = self.orders.send(Order::Task(task));
    }

    /// Drops tasks unanswered. What the drive does about the one it works on is its own business.
    pub(crate) fn forget(&self, which: Forget) {
        let _ = self.orders.send(Order::Forget(which));
    }

    /// Does something to the drive between two commands; `None` if the engine has ended.
    pub(crate) fn with<T: Send + 'static>(
        &self,
        action: impl FnOnce(&mut dyn VirtualDrive) -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, result) = channel();
        let boxed: OnDrive = Box::new(move |drive| {
            let _ = sender.send(action(drive));
        });
        self.orders.send(Order::With(boxed)).ok()?;
        result.recv().ok()
    }
}

struct Running {
    drive: Box<dyn VirtualDrive>,
    /// What the drive works on. A forgotten task stays here without its key: the drive is busy all the same.
    busy: Option<(Option<Task>, Instant)>,
    waiting: VecDeque<Task>,
    gone: Arc<AtomicBool>,
}

impl Running {
    fn run(mut self, orders: &Receiver<Order>) {
        loop {
            let pause =
                self.busy.as_ref().map_or(IDLE, |(_, due)| due.saturating_duration_since(Instant::now()));
            match orders.recv_timeout(pause) {
                Ok(Order::Task(task)) => self.take(task),
                Ok(Order::Forget(which)) => self.forget(which),
                Ok(Order::With(action)) => action(self.drive.as_mut()),
                Err(RecvTimeoutError::Timeout) => self.poll(),
                Err(RecvTimeoutError::Disconnected) => return self.drive.settle(),
            }
            self.go_on();
        }
    }

    fn take(&mut self, task: Task) {
        if self.busy.is_some() && self.drive.overlaps(&task.cdb) {
            match self.drive.scsi(&task.cdb, &task.data_out, task.wanted) {
                Turn::Done(completion) => end(&task, completion),
                Turn::Gone => end(&task, no_such_unit()),
                Turn::Busy(_) | Turn::Silent => {}
            }
        } else {
            self.waiting.push_back(task);
        }
    }

    fn forget(&mut self, which: Forget) {
        self.waiting.retain(|task| !which.means(task.key));
        if let Some((task, _)) = &mut self.busy {
            task.take_if(|task| which.means(task.key));
        }
    }

    fn poll(&mut self) {
        let turn = self.drive.poll();
        self.notice(&turn);
        if let Some((task, _)) = self.busy.take() {
            self.settle(task, turn);
        }
    }

    fn go_on(&mut self) {
        // Orders may have come in faster than the drive was due.
        if self.busy.as_ref().is_some_and(|(_, due)| *due <= Instant::now()) {
            self.poll();
        }
        while self.busy.is_none() {
            let Some(task) = self.waiting.pop_front() else { return };
            let turn = self.drive.scsi(&task.cdb, &task.data_out, task.wanted);
            self.notice(&turn);
            self.settle(Some(task), turn);
        }
    }

    fn notice(&self, turn: &Turn<ScsiCompletion>) {
        self.gone.store(*turn == Turn::Gone, Ordering::Relaxed);
    }

    fn settle(&mut self, task: Option<Task>, turn: Turn<ScsiCompletion>) {
        match (turn, task) {
            (Turn::Busy(pause), task) => self.busy = Some((task, Instant::now() + pause.max(EAGER))),
            (Turn::Done(completion), Some(task)) => end(&task, completion),
            (Turn::Gone, Some(task)) => end(&task, no_such_unit()),
            (Turn::Done(_) | Turn::Gone | Turn::Silent, _) => {}
        }
    }
}

/// Whoever asked may have gone.
fn end(task: &Task, completion: ScsiCompletion) {
    let _ = task.answer.send(Answer { tag: task.key.tag, wanted: task.wanted, completion });
}

/// CHECK CONDITION with ILLEGAL REQUEST, LOGICAL UNIT NOT SUPPORTED (SPC-4 annex F): nothing is there.
pub(crate) fn no_such_unit() -> ScsiCompletion {
    let mut sense = vec![0; 18];
    (sense[0], sense[2], sense[7], sense[12]) = (0x70, 0x05, 10, 0x25);
    ScsiCompletion { status: 0x02, sense, data: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_drives::{Faults, Power};

    /// Answers its first byte; FFh takes three questions, FEh is never answered, FDh has no drive behind it.
    #[derive(Default)]
    struct Echo {
        faults: Faults,
        questions: u8,
        log: Vec<u8>,
    }

    impl VirtualDrive for Echo {
        fn power(&mut self, _: Power) {}
        fn faults(&mut self) -> &mut Faults {
            &mut self.faults
        }
        fn scsi(&mut self, cdb: &[u8], _: &[u8], _: usize) -> Turn<ScsiCompletion> {
            self.log.push(cdb[0]);
            match cdb[0] {
                0xFF => {
                    self.questions = 3;
                    Turn::Busy(Duration::from_millis(5))
                }
                0xFE => Turn::Silent,
                0xFD => Turn::Gone,
                first => Turn::Done(ScsiCompletion { data: vec![first], ..ScsiCompletion::default() }),
            }
        }
        fn overlaps(&self, cdb: &[u8]) -> bool {
            cdb[0] == 0x03
        }
        fn poll(&mut self) -> Turn<ScsiCompletion> {
            self.questions = self.questions.saturating_sub(1);
            match self.questions {
                0 => Turn::Done(ScsiCompletion { data: vec![0xFF], ..ScsiCompletion::default() }),
                _ => Turn::Busy(Duration::from_millis(5)),
            }
        }
        fn settle(&mut self) {}
    }

    struct Bench(Engine, Sender<Answer>, Receiver<Answer>);

    impl Bench {
        fn new() -> Self {
            let (sender, answers) = channel();
            Self(Engine::start(Box::new(Echo::default())), sender, answers)
        }

        fn submit(&self, tag: u32, operation: u8) {
            let mut cdb = [0; 16];
            cdb[0] = operation;
            let key = TaskKey { connection: 1, tag };
            self.0.submit(Task { key, cdb, wanted: 1, data_out: Vec::new(), answer: self.1.clone() });
        }

        fn tags(&self) -> Vec<u32> {
            std::iter::from_fn(|| self.2.recv_timeout(Duration::from_millis(300)).ok().map(|a| a.tag))
                .collect()
        }
    }

    #[test]
    fn what_comes_while_the_drive_is_busy_waits_unless_it_overlaps() {
        let bench = Bench::new();
        for (tag, operation) in [(1, 0xFF), (2, 0x12), (3, 0x03)] {
            bench.submit(tag, operation);
        }
        assert_eq!(bench.tags(), [3, 1, 2]);
    }

    #[test]
    fn silence_is_no_answer_and_keeps_nobody_else_waiting() {
        let bench = Bench::new();
        bench.submit(1, 0xFE);
        bench.submit(2, 0x12);
        assert_eq!(bench.tags(), [2]);
    }

    #[test]
    fn a_drive_that_is_gone_is_no_logical_unit() {
        let bench = Bench::new();
        bench.submit(1, 0xFD);
        let answer = bench.2.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!((answer.completion.status, answer.completion.sense[12]), (2, 0x25));
    }

    #[test]
    fn a_forgotten_task_is_not_answered_but_the_drive_stays_busy_with_it() {
        let bench = Bench::new();
        bench.submit(1, 0xFF);
        bench.submit(2, 0x12);
        bench.0.forget(Forget::Task(TaskKey { connection: 1, tag: 1 }));
        assert_eq!(bench.tags(), [2]);
    }

    #[test]
    fn the_lab_reaches_the_drive_between_commands() {
        let bench = Bench::new();
        bench.submit(1, 0xFF);
        let fault = lab_drives::Fault::FixedSense;
        bench.0.with(move |drive| drive.faults().set(fault)).unwrap();
        assert!(bench.0.with(|drive| drive.faults().has(&lab_drives::Fault::FixedSense)).unwrap());
    }
}
