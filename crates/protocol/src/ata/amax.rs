//! The Accessible Max Address Configuration feature set (ACS-4 4.5, 7.1): what came after HPA.

use super::command::{Command, DEVICE_LBA, Protocol, Width};

const ACCESSIBLE_MAX_ADDRESS: u8 = 0x78;
/// FEATURE of GET NATIVE MAX ADDRESS EXT (7.1.2).
const GET_NATIVE: u16 = 0x0000;
/// FEATURE of SET ACCESSIBLE MAX ADDRESS EXT (7.1.3).
const SET_ACCESSIBLE: u16 = 0x0001;

/// GET NATIVE MAX ADDRESS EXT, 78h/0000h. The address is the 48-bit LBA of the answer.
#[must_use]
pub const fn get_native_max() -> Command {
    let mut command = Command::new(ACCESSIBLE_MAX_ADDRESS, Width::Bits48, Protocol::NonData);
    command.feature = GET_NATIVE;
    command.device = DEVICE_LBA;
    command
}

/// SET ACCESSIBLE MAX ADDRESS EXT, 78h/0001h: for good, and once in a power cycle only. `None` for an address that does
/// not fit in 48 bits.
#[must_use]
pub fn set_accessible_max(last: u64) -> Option<Command> {
    let command = Command { feature: SET_ACCESSIBLE, lba: last, ..get_native_max() };
    (last >> 48 == 0).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn get_and_set_are_features_0_and_1_of_78h() {
        let get = "ATA 78h FEATURE=0000h COUNT=0000h LBA=000000000000h DEVICE=40h";
        assert_eq!((get_native_max().describe().as_str(), get_native_max().width), (get, Width::Bits48));
        let set = set_accessible_max(0x3A38_602F).unwrap().describe();
        assert_eq!(set, "ATA 78h FEATURE=0001h COUNT=0000h LBA=00003A38602Fh DEVICE=40h");
        assert_eq!(set_accessible_max(1 << 48), None);
    }
}
