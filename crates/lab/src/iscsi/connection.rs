//! One connection in its full-feature phase (RFC 7143, clause 4.2 and 11).

use super::login::{Session, WINDOW, log_in};
use super::opening::{Geometry, Opening};
use super::pdu::{FINAL, NO_TAG, Pdu, at, opcode};
use super::transfer::{Next, Transfer};
use crate::drives::{Answer, Engine, Forget, Task, TaskKey, no_such_unit};
use lab_drives::ScsiCompletion;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Task management functions (11.5.1) and responses (11.6.1).
mod management {
    pub(super) const FUNCTION: u8 = 0x7F;
    pub(super) const ABORT_TASK: u8 = 1;
    pub(super) const ABORT_TASK_SET: u8 = 2;
    pub(super) const CLEAR_TASK_SET: u8 = 4;
    pub(super) const LOGICAL_UNIT_RESET: u8 = 5;
    pub(super) const TARGET_WARM_RESET: u8 = 6;
    pub(super) const TARGET_COLD_RESET: u8 = 7;
    pub(super) const COMPLETE: u8 = 0;
    pub(super) const NOT_SUPPORTED: u8 = 5;
}

/// Byte 1 of a SCSI response (11.4.1).
const OVERFLOW: u8 = 0x04;
const UNDERFLOW: u8 = 0x02;
/// Reasons for a reject (11.17.1).
const PROTOCOL_ERROR: u8 = 0x04;
const NOT_SUPPORTED: u8 = 0x05;

/// Serves one connection until it ends. `number` tells its tasks from those of others.
pub(crate) fn serve(mut stream: TcpStream, number: u64, engine: &Engine, geometry: Geometry) -> Result<()> {
    stream.set_nodelay(true)?;
    let session = log_in(&mut stream)?;
    let out = Arc::new(Mutex::new(Out::new(stream.try_clone()?, &session)));
    let (answer, answers) = channel();
    let writer = Arc::clone(&out);
    std::thread::spawn(move || pass_on(&answers, &writer));
    let mut connection = Connection {
        number,
        engine,
        session,
        opening: Opening::Asks(geometry),
        transfers: BTreeMap::new(),
        out,
        answer,
    };
    let ended = connection.run(&mut stream);
    engine.forget(Forget::Connection(number));
    ended
}

/// Writes answers as the drive gives them. Ends with the connection, whose end drops the sender, or when nobody reads.
fn pass_on(answers: &Receiver<Answer>, out: &Mutex<Out>) {
    for answer in answers {
        if lock(out).complete(answer.tag, answer.wanted, answer.completion).is_err() {
            return;
        }
    }
}

fn lock(out: &Mutex<Out>) -> std::sync::MutexGuard<'_, Out> {
    out.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Connection<'a> {
    number: u64,
    engine: &'a Engine,
    session: Session,
    opening: Opening,
    /// Commands that wait for data, by the initiator's tag.
    transfers: BTreeMap<u32, Transfer>,
    out: Arc<Mutex<Out>>,
    answer: Sender<Answer>,
}

impl Connection<'_> {
    fn run(&mut self, stream: &mut TcpStream) -> Result<()> {
        loop {
            let pdu = match Pdu::read(stream) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                read => read?,
            };
            // A Data-Out has no number in the order of commands.
            if !pdu.is_immediate() && pdu.opcode() != opcode::DATA_OUT {
                lock(&self.out).expect_after(pdu.word(at::OWN_NUMBER));
            }
            match pdu.opcode() {
                opcode::SCSI_COMMAND => self.command(&pdu)?,
                opcode::DATA_OUT => self.data(&pdu)?,
                opcode::NOP_OUT => self.echo(&pdu)?,
                opcode::TASK_MANAGEMENT => self.manage(&pdu)?,
                opcode::TEXT => {
                    self.reply(&pdu, Pdu::new(opcode::TEXT_RESPONSE).set_word(at::SECOND_TAG, NO_TAG))?
                }
                opcode::LOGOUT => return self.reply(&pdu, Pdu::new(opcode::LOGOUT_RESPONSE)),
                _ => self.reject(&pdu, NOT_SUPPORTED)?,
            }
        }
    }

    fn command(&mut self, pdu: &Pdu) -> Result<()> {
        let transfer = Transfer::new(pdu, &self.session);
        if pdu.field::<8>(at::LUN) != Some([0; 8]) {
            return lock(&self.out).complete(transfer.tag, transfer.wanted, no_such_unit());
        }
        if let Some(completion) = self.opening.answer(transfer.cdb) {
            return lock(&self.out).complete(transfer.tag, transfer.wanted, completion);
        }
        self.go_on(transfer)
    }

    fn data(&mut self, pdu: &Pdu) -> Result<()> {
        // Data for a command that was aborted may still be on its way.
        let Some(mut transfer) = self.transfers.remove(&pdu.word(at::TASK_TAG)) else { return Ok(()) };
        match transfer.take(pdu) {
            Ok(()) => self.go_on(transfer),
            Err(_) => self.reject(pdu, PROTOCOL_ERROR),
        }
    }

    fn go_on(&mut self, mut transfer: Transfer) -> Result<()> {
        let burst = usize::try_from(self.session.burst).unwrap_or(usize::MAX);
        match transfer.next(burst) {
            Next::Complete => {
                self.engine.submit(self.task(transfer));
                return Ok(());
            }
            Next::Wait => {}
            Next::Ask { offset, length } => lock(&self.out).ask(&transfer, offset, length)?,
        }
        self.transfers.insert(transfer.tag, transfer);
        Ok(())
    }

    fn task(&self, transfer: Transfer) -> Task {
        Task {
            key: TaskKey { connection: self.number, tag: transfer.tag },
            cdb: transfer.cdb,
            wanted: transfer.wanted,
            data_out: transfer.into_data(),
            answer: self.answer.clone(),
        }
    }

    fn echo(&mut self, pdu: &Pdu) -> Result<()> {
        // Without a tag it is the answer to a NOP-In, of which none is ever sent.
        if pdu.word(at::TASK_TAG) == NO_TAG {
            return Ok(());
        }
        let answer = Pdu::new(opcode::NOP_IN).set_word(at::SECOND_TAG, NO_TAG).with_data(pdu.data.clone());
        self.reply(pdu, answer)
    }

    fn manage(&mut self, pdu: &Pdu) -> Result<()> {
        let mut response = management::COMPLETE;
        match pdu.byte(at::FLAGS) & management::FUNCTION {
            management::ABORT_TASK => {
                let tag = pdu.word(at::SECOND_TAG);
                self.transfers.remove(&tag);
                self.engine.forget(Forget::Task(TaskKey { connection: self.number, tag }));
            }
            management::ABORT_TASK_SET
            | management::CLEAR_TASK_SET
            | management::LOGICAL_UNIT_RESET
            | management::TARGET_WARM_RESET
            | management::TARGET_COLD_RESET => {
                self.transfers.clear();
                self.engine.forget(Forget::Connection(self.number));
            }
            _ => response = management::NOT_SUPPORTED,
        }
        self.reply(pdu, Pdu::new(opcode::TASK_MANAGEMENT_RESPONSE).set_byte(at::RESPONSE, response))
    }

    fn reply(&self, to: &Pdu, answer: Pdu) -> Result<()> {
        let answer = answer.set_byte(at::FLAGS, FINAL).set_word(at::TASK_TAG, to.word(at::TASK_TAG));
        lock(&self.out).send(answer, Counts::Status)
    }

    fn reject(&self, pdu: &Pdu, reason: u8) -> Result<()> {
        let mut header = Vec::new();
        pdu.clone().with_data(Vec::new()).write(&mut header)?;
        let answer = Pdu::new(opcode::REJECT)
            .set_byte(at::FLAGS, FINAL)
            .set_byte(at::RESPONSE, reason)
            .set_word(at::TASK_TAG, NO_TAG)
            .with_data(header);
        lock(&self.out).send(answer, Counts::Status)
    }
}

/// Whether a PDU takes a status number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Status,
    Nothing,
}

/// What goes to the initiator, in the order of its numbers.
struct Out {
    stream: TcpStream,
    segment: usize,
    burst: usize,
    status: u32,
    expected_command: u32,
}

impl Out {
    fn new(stream: TcpStream, session: &Session) -> Self {
        Self {
            stream,
            segment: session.segment,
            burst: usize::try_from(session.burst).unwrap_or(usize::MAX),
            status: session.status,
            expected_command: session.expected_command,
        }
    }

    fn expect_after(&mut self, command: u32) {
        self.expected_command = command.wrapping_add(1);
    }

    fn send(&mut self, pdu: Pdu, counts: Counts) -> Result<()> {
        let pdu = pdu
            .set_word(at::OWN_NUMBER, self.status)
            .set_word(at::EXPECTED_COMMAND, self.expected_command)
            .set_word(at::MAX_COMMAND, self.expected_command.wrapping_add(WINDOW));
        if counts == Counts::Status {
            self.status = self.status.wrapping_add(1);
        }
        pdu.write(&mut self.stream)
    }

    fn ask(&mut self, transfer: &Transfer, offset: usize, length: usize) -> Result<()> {
        let pdu = Pdu::new(opcode::READY_TO_TRANSFER)
            .set_byte(at::FLAGS, FINAL)
            .set_word(at::TASK_TAG, transfer.tag)
            .set_word(at::SECOND_TAG, transfer.tag)
            .set_word(at::DATA_NUMBER, transfer.requests.saturating_sub(1))
            .set_word(at::OFFSET, word(offset)?)
            .set_word(at::LENGTH, word(length)?);
        self.send(pdu, Counts::Nothing)
    }

    /// Data, in bursts of segments, and then status and sense.
    fn complete(&mut self, tag: u32, wanted: usize, mut completion: ScsiCompletion) -> Result<()> {
        let (had, mut sent, mut pdus) = (completion.data.len(), 0, 0);
        completion.data.truncate(wanted);
        for burst in completion.data.chunks(self.burst) {
            let segments = burst.chunks(self.segment);
            let last = segments.len().saturating_sub(1);
            for (index, segment) in segments.enumerate() {
                let pdu = Pdu::new(opcode::DATA_IN)
                    .set_byte(at::FLAGS, if index == last { FINAL } else { 0 })
                    .set_word(at::TASK_TAG, tag)
                    .set_word(at::SECOND_TAG, NO_TAG)
                    .set_word(at::DATA_NUMBER, pdus)
                    .set_word(at::OFFSET, word(sent)?)
                    .with_data(segment.to_vec());
                self.send(pdu, Counts::Nothing)?;
                (sent, pdus) = (sent + segment.len(), pdus + 1);
            }
        }
        let residual = match had.cmp(&wanted) {
            std::cmp::Ordering::Less => UNDERFLOW,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => OVERFLOW,
        };
        let response = Pdu::new(opcode::SCSI_RESPONSE)
            .set_byte(at::FLAGS, FINAL | residual)
            .set_byte(at::STATUS, completion.status)
            .set_word(at::TASK_TAG, tag)
            .set_word(at::DATA_NUMBER, pdus)
            .set_word(at::LENGTH, word(had.abs_diff(wanted))?)
            .with_data(sense_segment(&completion.sense)?);
        self.send(response, Counts::Status)
    }
}

/// Sense data behind its length (11.4.7); nothing at all where there is none.
fn sense_segment(sense: &[u8]) -> Result<Vec<u8>> {
    if sense.is_empty() {
        return Ok(Vec::new());
    }
    let length = u16::try_from(sense.len()).map_err(|_| Error::from(ErrorKind::InvalidData))?;
    Ok([&length.to_be_bytes(), sense].concat())
}

fn word(value: usize) -> Result<u32> {
    u32::try_from(value).map_err(|_| Error::from(ErrorKind::InvalidData))
}
