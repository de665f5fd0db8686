//! Command codes (ACS-3 clause 7; DCO and HPA: ACS-2) and which way their data go.

macro_rules! opcodes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        $($(#[$doc])* pub(crate) const $name: u8 = $code;)+
    };
}

opcodes! {
    DATA_SET_MANAGEMENT = 0x06;
    READ_SECTORS = 0x20;
    READ_SECTORS_EXT = 0x24;
    READ_DMA_EXT = 0x25;
    READ_NATIVE_MAX_EXT = 0x27;
    READ_MULTIPLE_EXT = 0x29;
    READ_LOG_EXT = 0x2f;
    WRITE_SECTORS = 0x30;
    WRITE_SECTORS_EXT = 0x34;
    WRITE_DMA_EXT = 0x35;
    SET_MAX_EXT = 0x37;
    WRITE_MULTIPLE_EXT = 0x39;
    WRITE_DMA_FUA_EXT = 0x3d;
    READ_VERIFY = 0x40;
    READ_VERIFY_EXT = 0x42;
    READ_LOG_DMA_EXT = 0x47;
    ACCESSIBLE_MAX = 0x78;
    SMART = 0xb0;
    DEVICE_CONFIGURATION = 0xb1;
    SANITIZE_DEVICE = 0xb4;
    READ_MULTIPLE = 0xc4;
    WRITE_MULTIPLE = 0xc5;
    SET_MULTIPLE = 0xc6;
    READ_DMA = 0xc8;
    WRITE_DMA = 0xca;
    STANDBY_IMMEDIATE = 0xe0;
    IDLE_IMMEDIATE = 0xe1;
    STANDBY = 0xe2;
    IDLE = 0xe3;
    CHECK_POWER_MODE = 0xe5;
    SLEEP = 0xe6;
    FLUSH_CACHE = 0xe7;
    FLUSH_CACHE_EXT = 0xea;
    IDENTIFY_DEVICE = 0xec;
    SET_FEATURES = 0xef;
    SECURITY_SET_PASSWORD = 0xf1;
    SECURITY_UNLOCK = 0xf2;
    SECURITY_ERASE_PREPARE = 0xf3;
    SECURITY_ERASE_UNIT = 0xf4;
    SECURITY_FREEZE_LOCK = 0xf5;
    SECURITY_DISABLE_PASSWORD = 0xf6;
    READ_NATIVE_MAX = 0xf8;
    SET_MAX = 0xf9;
}

/// Which way a command's data go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    None,
    In,
    Out,
}

/// The direction of a command's data, if the command is known.
pub(crate) fn direction(command: u8, feature: u16) -> Option<Direction> {
    let smart_in = [super::smart::READ_DATA, super::smart::READ_THRESHOLDS, super::smart::READ_LOG];
    Some(match command {
        READ_SECTORS | READ_SECTORS_EXT | READ_DMA | READ_DMA_EXT | READ_MULTIPLE | READ_MULTIPLE_EXT
        | READ_LOG_EXT | READ_LOG_DMA_EXT | IDENTIFY_DEVICE => Direction::In,
        SMART if smart_in.contains(&(feature & 0xff)) => Direction::In,
        DEVICE_CONFIGURATION if feature & 0xff == super::capacity::DCO_IDENTIFY => Direction::In,
        DEVICE_CONFIGURATION if feature & 0xff == super::capacity::DCO_SET => Direction::Out,
        WRITE_SECTORS
        | WRITE_SECTORS_EXT
        | WRITE_DMA
        | WRITE_DMA_EXT
        | WRITE_DMA_FUA_EXT
        | WRITE_MULTIPLE
        | WRITE_MULTIPLE_EXT
        | DATA_SET_MANAGEMENT
        | SECURITY_SET_PASSWORD
        | SECURITY_UNLOCK
        | SECURITY_ERASE_UNIT
        | SECURITY_DISABLE_PASSWORD => Direction::Out,
        READ_NATIVE_MAX_EXT
        | SET_MAX_EXT
        | READ_VERIFY
        | READ_VERIFY_EXT
        | ACCESSIBLE_MAX
        | SMART
        | DEVICE_CONFIGURATION
        | SANITIZE_DEVICE
        | SET_MULTIPLE
        | STANDBY_IMMEDIATE
        | IDLE_IMMEDIATE
        | STANDBY
        | IDLE
        | CHECK_POWER_MODE
        | SLEEP
        | FLUSH_CACHE
        | FLUSH_CACHE_EXT
        | SET_FEATURES
        | SECURITY_ERASE_PREPARE
        | SECURITY_FREEZE_LOCK
        | READ_NATIVE_MAX
        | SET_MAX => Direction::None,
        _ => return None,
    })
}

/// Whether a command has 48-bit registers.
pub(crate) fn is_extended(command: u8) -> bool {
    matches!(
        command,
        DATA_SET_MANAGEMENT
            | READ_SECTORS_EXT
            | READ_DMA_EXT
            | READ_NATIVE_MAX_EXT
            | READ_MULTIPLE_EXT
            | READ_LOG_EXT
            | WRITE_SECTORS_EXT
            | WRITE_DMA_EXT
            | SET_MAX_EXT
            | WRITE_MULTIPLE_EXT
            | WRITE_DMA_FUA_EXT
            | READ_VERIFY_EXT
            | READ_LOG_DMA_EXT
            | ACCESSIBLE_MAX
            | SANITIZE_DEVICE
            | FLUSH_CACHE_EXT
    )
}
