//! The login phase and the keys that it settles (RFC 7143, clauses 6, 11.12, 11.13 and 13).

use super::pdu::{FINAL, MAX_SEGMENT, Pdu, at, opcode};
use std::io::{Error, ErrorKind, Read, Result, Write};

/// Byte 1 of a login PDU (11.12.1 to 11.12.3).
const TRANSIT: u8 = FINAL;
const CONTINUE: u8 = 0x40;
const CURRENT_SHIFT: u8 = 2;
const STAGE: u8 = 0x03;
/// The stages.
const SECURITY: u8 = 0;
const FULL_FEATURE: u8 = 3;
/// Where the initiator's session id, and the target's half of it, lie.
const SESSION: usize = 8;
const TARGET_SESSION: usize = 14;
/// Commands that the initiator may have under way beyond the one that is expected next.
pub(super) const WINDOW: u32 = 64;
/// The longest burst of data, solicited or not.
const MAX_BURST: u32 = 256 << 10;

/// What was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    /// The longest data segment that the initiator takes.
    pub(super) segment: usize,
    /// The longest burst that is asked of it.
    pub(super) burst: u32,
    /// Whether data may come with the command, and behind it without being asked for.
    pub(super) unsolicited: Unsolicited,
    /// The number of the next command.
    pub(super) expected_command: u32,
    /// The number of the next status.
    pub(super) status: u32,
}

/// Which data an initiator sends unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsolicited {
    /// None but what lies in the command itself (`InitialR2T=Yes`).
    Immediate,
    /// As much as the first burst (`InitialR2T=No`).
    FirstBurst,
}

impl Default for Session {
    fn default() -> Self {
        // Values before any negotiation (13.12 to 13.14).
        Self {
            segment: 8192,
            burst: MAX_BURST,
            unsolicited: Unsolicited::Immediate,
            expected_command: 0,
            status: 0,
        }
    }
}

/// Goes through the login phase.
pub(super) fn log_in(stream: &mut (impl Read + Write)) -> Result<Session> {
    let mut session = Session::default();
    let mut text = Vec::new();
    loop {
        let request = Pdu::read(stream)?;
        if request.opcode() != opcode::LOGIN {
            return Err(Error::new(ErrorKind::InvalidData, "no login request"));
        }
        session.expected_command = request.word(at::OWN_NUMBER);
        text.extend_from_slice(&request.data);
        let keys =
            if request.has(CONTINUE) { Vec::new() } else { session.negotiate(&std::mem::take(&mut text)) };
        let (response, done) = session.answer(&request, keys);
        response.write(stream)?;
        session.status = session.status.wrapping_add(1);
        if done {
            return Ok(session);
        }
    }
}

impl Session {
    fn answer(&self, request: &Pdu, mut keys: Vec<u8>) -> (Pdu, bool) {
        let flags = request.byte(at::FLAGS);
        let (current, next) = ((flags >> CURRENT_SHIFT) & STAGE, flags & STAGE);
        if current == SECURITY && flags & CONTINUE == 0 {
            keys.extend_from_slice(b"TargetPortalGroupTag=1\0");
        }
        let transit = flags & TRANSIT != 0;
        let answered = if transit { flags & !CONTINUE } else { current << CURRENT_SHIFT };
        let pdu = Pdu::new(opcode::LOGIN_RESPONSE)
            .set_byte(at::FLAGS, answered)
            .set_field(SESSION, request.field::<6>(SESSION).unwrap_or_default())
            .set_field(TARGET_SESSION, 1u16.to_be_bytes())
            .set_word(at::TASK_TAG, request.word(at::TASK_TAG))
            .set_word(at::OWN_NUMBER, self.status)
            .set_word(at::EXPECTED_COMMAND, self.expected_command)
            .set_word(at::MAX_COMMAND, self.expected_command.wrapping_add(WINDOW))
            .with_data(keys);
        (pdu, transit && next == FULL_FEATURE)
    }

    /// Answers `key=value` pairs that end in NUL each, and keeps what matters.
    fn negotiate(&mut self, text: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(text);
        let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
        let answers =
            pairs.filter_map(|(key, value)| self.settle(key, value).map(|value| format!("{key}={value}\0")));
        answers.collect::<String>().into_bytes()
    }

    /// `None` is a declaration that wants no answer.
    fn settle(&mut self, key: &str, offered: &str) -> Option<String> {
        let number = offered.parse::<u32>().unwrap_or(0);
        Some(match key {
            "InitiatorName" | "InitiatorAlias" | "TargetName" | "SessionType" => return None,
            "AuthMethod" | "HeaderDigest" | "DataDigest" => "None".to_owned(),
            "MaxRecvDataSegmentLength" => {
                self.segment = usize::try_from(number).unwrap_or(MAX_SEGMENT).clamp(512, MAX_SEGMENT);
                MAX_SEGMENT.to_string()
            }
            "MaxBurstLength" => {
                self.burst = number.clamp(512, MAX_BURST);
                self.burst.to_string()
            }
            "FirstBurstLength" => number.clamp(512, MAX_BURST).to_string(),
            "InitialR2T" => {
                if offered == "No" {
                    self.unsolicited = Unsolicited::FirstBurst;
                }
                offered.to_owned()
            }
            "ImmediateData" => offered.to_owned(),
            "DataPDUInOrder" | "DataSequenceInOrder" => "Yes".to_owned(),
            "MaxConnections" | "MaxOutstandingR2T" => "1".to_owned(),
            "ErrorRecoveryLevel" | "DefaultTime2Retain" => "0".to_owned(),
            "DefaultTime2Wait" => number.to_string(),
            "IFMarker" | "OFMarker" => "No".to_owned(),
            _ => "NotUnderstood".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Plays an initiator's requests and keeps what is answered.
    struct Played(Cursor<Vec<u8>>, Vec<u8>);

    impl Read for Played {
        fn read(&mut self, into: &mut [u8]) -> Result<usize> {
            self.0.read(into)
        }
    }

    impl Write for Played {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    fn request(flags: u8, keys: &str) -> Pdu {
        Pdu::new(opcode::LOGIN)
            .set_byte(1, flags)
            .set_word(24, 7)
            .with_data(keys.replace(' ', "\0").into_bytes())
    }

    fn play(requests: &[Pdu]) -> (Result<Session>, Vec<Pdu>) {
        let mut bytes = Vec::new();
        requests.iter().for_each(|pdu| pdu.write(&mut bytes).unwrap());
        let mut stream = Played(Cursor::new(bytes), Vec::new());
        let session = log_in(&mut stream);
        let mut answers = stream.1.as_slice();
        (session, std::iter::from_fn(|| Pdu::read(&mut answers).ok()).collect())
    }

    #[test]
    fn a_login_in_two_stages_settles_the_keys() {
        let (session, answers) = play(&[
            request(0x81, "InitiatorName=a SessionType=Normal TargetName=b AuthMethod=CHAP,None "),
            request(0x87, "HeaderDigest=None,CRC32C InitialR2T=No MaxRecvDataSegmentLength=65536 X-new=1 "),
        ]);
        let session = session.unwrap();
        assert_eq!((session.segment, session.unsolicited), (65536, Unsolicited::FirstBurst));
        assert_eq!((session.expected_command, session.status), (7, 2));
        assert_eq!(answers[0].byte(1), 0x81);
        assert_eq!(answers[0].data, b"AuthMethod=None\0TargetPortalGroupTag=1\0");
        assert_eq!(answers[1].byte(1), 0x87);
        let expected =
            b"HeaderDigest=None\0InitialR2T=No\0MaxRecvDataSegmentLength=262144\0X-new=NotUnderstood\0";
        assert_eq!(answers[1].data, expected);
    }

    #[test]
    fn keys_that_come_in_two_parts_are_put_together() {
        let (session, answers) = play(&[request(0x44, "MaxBurst"), request(0x87, "Length=4096 ")]);
        assert_eq!(session.unwrap().burst, 4096);
        assert_eq!((answers[0].byte(1), answers[0].data.len()), (0x04, 0));
    }

    #[test]
    fn a_command_before_login_is_an_error() {
        assert!(play(&[Pdu::new(opcode::SCSI_COMMAND)]).0.is_err());
    }
}
