//! Set Features and Get Features (NVMe Base 2.0, 5.16 and 5.27).

use super::command::{Bits, Command, Completion};
use super::{Status, SystemTime};
use crate::bytes::{le, low, put_le};
use std::collections::BTreeMap;
use std::time::Duration;

/// Dword 10: which feature.
const FID: Bits = Bits::new(7, 0);
/// Dword 10 of Get Features: which of its values.
const SELECT: Bits = Bits::new(10, 8);
/// Dword 10 of Set Features: keep it across power cycles.
const SAVE: Bits = Bits::new(31, 31);

/// Feature identifiers (Figure 317 and NVM Command Set 1.0, Figure 74).
mod id {
    pub(super) const ARBITRATION: u8 = 0x01;
    pub(super) const POWER: u8 = 0x02;
    pub(super) const TEMPERATURE: u8 = 0x04;
    pub(super) const ERROR_RECOVERY: u8 = 0x05;
    pub(super) const WRITE_CACHE: u8 = 0x06;
    pub(super) const QUEUES: u8 = 0x07;
    pub(super) const COALESCING: u8 = 0x08;
    pub(super) const VECTOR: u8 = 0x09;
    pub(super) const ATOMICITY: u8 = 0x0a;
    pub(super) const ASYNC_EVENTS: u8 = 0x0b;
    pub(super) const TIMESTAMP: u8 = 0x0e;
    pub(super) const SANITIZE: u8 = 0x17;
}

/// Each feature that is a single dword, with its default.
const DEFAULTS: [(u8, u32); 10] = [
    (id::ARBITRATION, 0),
    (id::POWER, 0),
    // The over-temperature threshold in kelvins.
    (id::TEMPERATURE, 358),
    (id::ERROR_RECOVERY, 0),
    (id::WRITE_CACHE, 0),
    (id::COALESCING, 0),
    (id::VECTOR, 0),
    (id::ATOMICITY, 0),
    (id::ASYNC_EVENTS, 0),
    (id::SANITIZE, 0),
];

/// Bytes of a timestamp.
const TIMESTAMP: usize = 8;
/// Timestamp attributes: origin 001b, the host's Set Features.
const SET_BY_HOST: u64 = 1 << 1;

/// What the values are now.
#[derive(Debug, Clone)]
pub(super) struct Features {
    values: BTreeMap<u8, u32>,
    /// I/O queue pairs there are.
    queues: u16,
    /// What a host said the time was, and the drive's own at that moment.
    timestamp: Option<(SystemTime, Duration)>,
}

impl Features {
    pub(super) fn new(queues: u16) -> Self {
        Self { values: DEFAULTS.into_iter().collect(), queues: queues.max(1), timestamp: None }
    }

    /// Bytes that the host sends or receives beside the command.
    pub(super) fn transfer(command: &Command) -> usize {
        if low(FID.of(command.dword(10)).into()) == id::TIMESTAMP { TIMESTAMP } else { 0 }
    }

    /// Whether No-Deallocate of a sanitize is a warning only (Sanitize Config, NODRM).
    pub(super) fn no_deallocate_is_warning(&self) -> bool {
        self.values.get(&id::SANITIZE).is_some_and(|value| value & 1 != 0)
    }

    pub(super) fn get(&self, command: &Command, now: Duration) -> Result<Completion, Status> {
        let fid = low(FID.of(command.dword(10)).into());
        match (SELECT.of(command.dword(10)), fid) {
            // Supported capabilities: changeable, neither saveable nor of a namespace of its own.
            (3, id::QUEUES | id::TIMESTAMP) => Ok(Completion::with_result(0b100)),
            (3, _) if self.values.contains_key(&fid) => Ok(Completion::with_result(0b100)),
            (_, id::QUEUES) => Ok(Completion::with_result(self.granted(u32::MAX))),
            (_, id::TIMESTAMP) => Ok(Completion::with_data(self.timestamp(now))),
            (0, _) => value_in(&self.values, fid),
            (1 | 2, _) => value_in(&DEFAULTS.into_iter().collect(), fid),
            _ => Err(Status::INVALID_FIELD),
        }
    }

    pub(super) fn set(
        &mut self,
        command: &Command,
        data: &[u8],
        now: Duration,
    ) -> Result<Completion, Status> {
        if SAVE.is_set(command.dword(10)) {
            return Err(Status::FEATURE_NOT_SAVEABLE);
        }
        let fid = low(FID.of(command.dword(10)).into());
        let value = command.dword(11);
        match fid {
            id::QUEUES => Ok(Completion::with_result(self.granted(value))),
            id::TIMESTAMP => {
                self.timestamp = Some((SystemTime(le(data, 0, 6)), now));
                Ok(Completion::default())
            }
            // There is no write cache that could be switched on.
            id::WRITE_CACHE if value & 1 != 0 => Err(Status::INVALID_FIELD),
            _ => match self.values.get_mut(&fid) {
                Some(to) => {
                    *to = value;
                    Ok(Completion::default())
                }
                None => Err(Status::INVALID_FIELD),
            },
        }
    }

    /// Number of Queues: submission 15:0, completion 31:16, 0's based; never more than there are.
    fn granted(&self, asked: u32) -> u32 {
        let most = u32::from(self.queues) - 1;
        (asked & 0xffff).min(most) | (asked >> 16).min(most) << 16
    }

    fn timestamp(&self, now: Duration) -> Vec<u8> {
        let mut data = vec![0; TIMESTAMP];
        let (SystemTime(set), origin) = self.timestamp.map_or((SystemTime(0), 0), |(set, at)| {
            let since = u64::try_from(now.saturating_sub(at).as_millis()).unwrap_or(u64::MAX);
            (SystemTime(set.0.saturating_add(since)), SET_BY_HOST)
        });
        put_le(&mut data, 0, 6, if origin == 0 { milliseconds(now) } else { set });
        put_le(&mut data, 6, 1, origin);
        data
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn value_in(values: &BTreeMap<u8, u32>, fid: u8) -> Result<Completion, Status> {
    values.get(&fid).map(|value| Completion::with_result(*value)).ok_or(Status::INVALID_FIELD)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(5);

    fn get(features: &Features, dword10: u32) -> Result<Completion, Status> {
        features.get(&Command::new(0x0a, 0).with(10, dword10), NOW)
    }

    fn set(features: &mut Features, dword10: u32, value: u32) -> Result<Completion, Status> {
        features.set(&Command::new(0x09, 0).with(10, dword10).with(11, value), &[0xe8, 3], NOW)
    }

    #[test]
    fn a_host_gets_no_more_queues_than_there_are() {
        let mut features = Features::new(4);
        assert_eq!(set(&mut features, 0x07, 0x0063_0001).unwrap().result, 0x0003_0001);
        assert_eq!(get(&features, 0x07).unwrap().result, 0x0003_0003);
    }

    #[test]
    fn what_was_set_is_got_and_the_default_stays() {
        let mut features = Features::new(4);
        set(&mut features, 0x0b, 0x300).unwrap();
        assert_eq!(get(&features, 0x0b).unwrap().result, 0x300);
        assert_eq!(get(&features, 0x10b).unwrap().result, 0);
        assert_eq!(get(&features, 0x30b).unwrap().result, 4);
    }

    #[test]
    fn time_goes_on_from_where_the_host_set_it() {
        let mut features = Features::new(4);
        set(&mut features, 0x0e, 0).unwrap();
        let command = Command::new(0x0a, 0).with(10, 0x0e);
        let data = features.get(&command, NOW + Duration::from_millis(7)).unwrap().data;
        assert_eq!(data, [0xef, 3, 0, 0, 0, 0, 2, 0]);
    }

    #[test]
    fn what_cannot_be_set_is_refused() {
        let mut features = Features::new(4);
        assert_eq!(set(&mut features, 0xc0, 1), Err(Status::INVALID_FIELD));
        assert_eq!(set(&mut features, 0x8000_000b, 1), Err(Status::FEATURE_NOT_SAVEABLE));
        assert_eq!(set(&mut features, 0x06, 1), Err(Status::INVALID_FIELD));
        assert_eq!(get(&features, 0xc0), Err(Status::INVALID_FIELD));
    }
}
