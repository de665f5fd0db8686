//! The rig's SCSI side.

use super::rig::{Content, Doing, Found, LEN, Rig, Status};
use transport::{CommandError, Data, ScsiReply};

fn good(transferred: usize) -> ScsiReply {
    ScsiReply { status: 0, sense: Vec::new(), transferred }
}

fn check(key: u8, asc: u8, ascq: u8) -> ScsiReply {
    ScsiReply { status: 2, sense: sense(key, asc, ascq, None), transferred: 0 }
}

/// Fixed-format sense data.
fn sense(key: u8, asc: u8, ascq: u8, progress: Option<u16>) -> Vec<u8> {
    let mut data = vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0];
    if let Some(progress) = progress {
        data[15] = 0x80;
        data[16..18].copy_from_slice(&progress.to_be_bytes());
    }
    data
}

fn answer(data: Data<'_>, bytes: &[u8]) -> ScsiReply {
    let Data::In(buffer) = data else { return check(5, 0x24, 0) };
    let len = bytes.len().min(buffer.len());
    buffer[..len].copy_from_slice(&bytes[..len]);
    good(len)
}

impl Rig {
    pub(super) fn scsi_command(&self, cdb: &[u8], data: Data<'_>) -> Result<ScsiReply, CommandError> {
        if self.is_gone() {
            return Err(CommandError::Gone);
        }
        let mut inside = self.inside();
        let format = inside.sent.iter().any(|sent| sent.starts_with("04"));
        let touched = !inside.sent.is_empty() || self.rules.found != Found::Idle;
        if matches!(cdb[0], 0x00 | 0x03) && touched {
            match self.rules.status {
                Status::Fail | Status::HalfLost => return Err(CommandError::Host("lost".to_owned())),
                Status::Zeros if cdb[0] == 0x03 => return Ok(answer(data, &[0; 18])),
                Status::Stale if cdb[0] == 0x03 => return Ok(answer(data, &sense(0, 0, 0, None))),
                Status::SenseIdle if cdb[0] == 0x03 => return Ok(answer(data, &sense(0, 0, 0, None))),
                Status::Stale => return Ok(good(0)),
                Status::Tell | Status::Zeros | Status::SenseIdle | Status::FixedLowPower => {}
            }
        }
        let state = match inside.doing {
            Doing::Idle => None,
            Doing::Working { since, takes, .. } => {
                let ascq = if format { 0x04 } else { 0x1B };
                Some((2, 0x04, ascq, Some(self.progress(since, takes))))
            }
            Doing::Failed => Some((3, 0x31, if format { 0x01 } else { 0x03 }, None)),
        };
        Ok(match (cdb[0], state) {
            (0x00, None) => good(0),
            (0x00, Some((key, asc, ascq, _))) => check(key, asc, ascq),
            (0x03, _) if self.rules.status == Status::FixedLowPower && cdb[1] & 1 == 1 => check(5, 0x24, 0),
            // STANDBY CONDITION ACTIVATED BY TIMER.
            (0x03, None) if self.rules.status == Status::FixedLowPower => {
                answer(data, &sense(0, 0x5E, 3, None))
            }
            (0x03, None) => answer(data, &sense(0, 0, 0, None)),
            (0x03, Some((key, asc, ascq, progress))) => answer(data, &sense(key, asc, ascq, progress)),
            (0x9E, _) => {
                let mut bytes = [0; 32];
                bytes[..8].copy_from_slice(&(LEN / 512 - 1).to_be_bytes());
                bytes[10] = 2;
                bytes[12] = self.rules.protection;
                answer(data, &bytes)
            }
            (0x12, _) => {
                let byte7 = if self.rules.write_required { 0b1010_0000 } else { 0 };
                answer(data, &[0, 0xB1, 0, 4, 0, 1, 0, byte7])
            }
            (0x48, _) if cdb[1] & 0x1F == 0x1F => {
                inside.doing = Doing::Idle;
                good(0)
            }
            (0x48 | 0x04, _) => {
                inside.sent.push(hex::encode(cdb));
                let leaving = match (cdb[0], cdb[1] & 0x1F, &data) {
                    (0x48, 1, Data::Out(list)) => Content::Byte(list[4]),
                    (0x48, 3, _) => Content::Crypto,
                    _ => Content::Byte(0),
                };
                if self.begin(&mut inside, leaving)? { good(0) } else { check(5, 0x20, 0) }
            }
            _ => check(5, 0x20, 0),
        })
    }
}
