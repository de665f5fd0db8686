//! Requests and answers of a virtio SCSI host (Virtio 1.2, clause 5.6.6).

use lab_drives::ScsiCompletion;

/// Bytes of a command's header, with 32 bytes for its descriptor block, and of its answer, with 96 for sense data.
pub(super) const COMMAND: usize = 51;
pub(super) const ANSWER: usize = 108;
const CDB: usize = 19;
const SENSE: usize = 96;

/// Responses (5.6.6.1.1, 5.6.6.2).
pub(super) mod response {
    pub(crate) const OK: u8 = 0;
    pub(crate) const ABORTED: u8 = 2;
    pub(crate) const BAD_TARGET: u8 = 3;
    pub(crate) const FUNCTION_REJECTED: u8 = 11;
}

/// Control requests and the task management functions (5.6.6.2).
const TASK_MANAGEMENT: u32 = 0;
const ABORT_TASK: u32 = 0;
const ABORT_TASK_SET: u32 = 1;
const CLEAR_TASK_SET: u32 = 3;
const NEXUS_RESET: u32 = 4;
const UNIT_RESET: u32 = 5;

/// What happened to a target (5.6.6.3.1): a transport reset with its reason.
pub(super) const TRANSPORT_RESET: u32 = 1;
pub(super) const RESCAN: u32 = 1;
pub(super) const REMOVED: u32 = 2;

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) is_for_us: bool,
    pub(super) tag: u64,
    pub(super) cdb: [u8; 16],
    pub(super) data: Vec<u8>,
}

impl Command {
    /// `None` for what is too short to be one.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (header, data) = bytes.split_at_checked(COMMAND)?;
        let cdb = header.get(CDB..CDB + 16)?.try_into().ok()?;
        let tag = header.get(8..16)?.try_into().ok().map(u64::from_le_bytes)?;
        Some(Self { is_for_us: is_ours(header), tag, cdb, data: data.to_vec() })
    }
}

/// Target 0, LUN 0 in flat or peripheral addressing.
fn is_ours(lun: &[u8]) -> bool {
    matches!(lun, [1, 0, 0x40 | 0x00, 0, 0, 0, 0, 0, ..])
}

/// What a control request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    /// One task is to be given up.
    Abort(u64),
    /// All are.
    AbortAll,
    /// Something else.
    Other,
}

impl Control {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        let tag = bytes.get(16..24).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
        match (word(0), word(4), tag) {
            (Some(TASK_MANAGEMENT), Some(ABORT_TASK), Some(tag)) => Self::Abort(tag),
            (
                Some(TASK_MANAGEMENT),
                Some(ABORT_TASK_SET | CLEAR_TASK_SET | NEXUS_RESET | UNIT_RESET),
                Some(_),
            ) => Self::AbortAll,
            _ => Self::Other,
        }
    }
}

/// The bytes of an answer, data behind it; `wanted` is how much data there is room for.
pub(super) fn answer(completion: &ScsiCompletion, response: u8, wanted: usize) -> Vec<u8> {
    let data = completion.data.get(..wanted.min(completion.data.len())).unwrap_or_default();
    let sense = completion.sense.get(..SENSE.min(completion.sense.len())).unwrap_or_default();
    let word = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Vec::with_capacity(ANSWER + data.len());
    bytes.extend(word(sense.len()));
    bytes.extend(word(wanted - data.len()));
    bytes.extend([0, 0, completion.status, response]);
    bytes.extend_from_slice(sense);
    bytes.resize(ANSWER, 0);
    bytes.extend_from_slice(data);
    bytes
}

/// An event about our target.
pub(super) fn event(reason: u32) -> Vec<u8> {
    let mut bytes = TRANSPORT_RESET.to_le_bytes().to_vec();
    bytes.extend([1, 0, 0x40, 0, 0, 0, 0, 0]);
    bytes.extend(reason.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(target: u8) -> Vec<u8> {
        let mut bytes = vec![0; COMMAND];
        (bytes[0], bytes[1], bytes[2], bytes[8], bytes[19]) = (1, target, 0x40, 9, 0x12);
        bytes.extend(b"data");
        bytes
    }

    #[test]
    fn a_command_is_read_and_those_for_other_targets_are_not_ours() {
        let read = Command::parse(&command(0)).unwrap();
        assert_eq!(
            (read.is_for_us, read.tag, read.cdb[0], read.data.as_slice()),
            (true, 9, 0x12, &b"data"[..])
        );
        assert!(!Command::parse(&command(1)).unwrap().is_for_us);
        assert_eq!(Command::parse(&[1; COMMAND - 1]), None);
    }

    #[test]
    fn an_answer_carries_sense_and_data_as_they_are() {
        let completion = ScsiCompletion { status: 2, sense: vec![0x72, 1, 0, 0x1D], data: vec![7; 3] };
        let bytes = answer(&completion, response::OK, 5);
        assert_eq!(bytes.len(), ANSWER + 3);
        assert_eq!(bytes[..16], [4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0x72, 1, 0, 0x1D]);
        assert_eq!(bytes[ANSWER..], [7; 3]);
    }

    #[test]
    fn an_abort_names_its_task_and_a_reset_all() {
        let mut bytes = vec![0; 24];
        bytes[16] = 5;
        assert_eq!(Control::parse(&bytes), Control::Abort(5));
        bytes[4] = 5;
        assert_eq!(Control::parse(&bytes), Control::AbortAll);
        assert_eq!(Control::parse(&bytes[..23]), Control::Other);
        bytes[0] = 1;
        assert_eq!(Control::parse(&bytes), Control::Other);
    }
}
