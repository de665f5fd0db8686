//! The drive's own status words, read again.

use model::{RawStatus, Technique};
use protocol::ata::sanitize::Flags;
use protocol::nvme::{SanitizeLog, SanitizeState, Status, StatusClass};
use protocol::scsi::{Condition, Sense, SenseFormat};

/// What the words of an attempt say of its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The drive was in the end state of that command.
    Well,
    /// It was not.
    Otherwise,
    /// The words do not tell.
    Unclear,
}

/// Reads the status words of one attempt; the last of a kind is the one that was seen at the end.
#[must_use]
pub fn end(technique: Technique, words: &[RawStatus]) -> End {
    use Technique as T;
    match technique {
        T::RandomOverwrite | T::Degauss => End::Unclear,
        T::NvmeFormatUserData | T::NvmeFormatCrypto => last(words, "nvme-status").map_or(End::Unclear, nvme),
        T::NvmeSanitizeBlockErase => nvme_sanitize(words, 0b010),
        T::NvmeSanitizeOverwrite => nvme_sanitize(words, 0b011),
        T::NvmeSanitizeCryptoErase => nvme_sanitize(words, 0b100),
        T::AtaSanitizeBlockErase | T::AtaSanitizeCryptoScramble | T::AtaSanitizeOverwrite => {
            last(words, "ata").map_or(End::Unclear, ata_sanitize)
        }
        T::AtaSecurityEraseNormal | T::AtaSecurityEraseEnhanced => ata_each(words),
        T::ScsiSanitizeOverwrite
        | T::ScsiSanitizeBlockErase
        | T::ScsiSanitizeCryptoErase
        | T::ScsiFormatUnit => scsi(words),
    }
}

fn last<'a>(words: &'a [RawStatus], name: &str) -> Option<&'a str> {
    words.iter().rev().find(|word| word.name == name).map(|word| word.value.as_str())
}

/// `4286h`, or the digits alone.
fn number(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('h').unwrap_or(text);
    u64::from_str_radix(digits, 16).ok()
}

/// The value of `NAME=…h` in a line of such fields.
fn field(line: &str, name: &str) -> Option<u64> {
    let mut fields = line.split_ascii_whitespace().filter_map(|field| field.split_once('='));
    fields.find(|(found, _)| *found == name).and_then(|(_, value)| number(value))
}

fn well_if(well: bool) -> End {
    if well { End::Well } else { End::Otherwise }
}

fn nvme(word: &str) -> End {
    let status = number(word).and_then(|status| u16::try_from(status).ok());
    status.map_or(End::Unclear, |status| well_if(Status(status).class() == StatusClass::Success))
}

/// The last sanitize log: it ended, and it was a sanitize of this action (SCDW10 2:0).
fn nvme_sanitize(words: &[RawStatus], action: u32) -> End {
    let log = last(words, "nvme-log-81h").and_then(|line| {
        let word = |name| field(line, name).and_then(|value| u16::try_from(value).ok());
        let cdw10 = field(line, "SCDW10").and_then(|value| u32::try_from(value).ok())?;
        let mut page = [0; 20];
        page[..2].copy_from_slice(&word("SPROG")?.to_le_bytes());
        page[2..4].copy_from_slice(&word("SSTAT")?.to_le_bytes());
        page[4..8].copy_from_slice(&cdw10.to_le_bytes());
        SanitizeLog::parse(&page).ok()
    });
    let Some(log) = log else { return End::Unclear };
    let ended = matches!(log.state(), SanitizeState::Completed | SanitizeState::CompletedDeallocated);
    well_if(ended && log.cdw10 & 0b111 == action)
}

/// STATUS: bit 7 busy, bit 5 device fault, bit 0 error (ACS-3 6.3).
const STATUS_BAD: u64 = 1 << 7 | 1 << 5 | 1;

fn ata_sanitize(line: &str) -> End {
    let (Some(status), Some(count)) = (field(line, "STATUS"), field(line, "COUNT")) else {
        return End::Unclear;
    };
    let Ok(count) = u16::try_from(count) else { return End::Unclear };
    let flags = Flags(count);
    well_if(status & STATUS_BAD == 0 && flags.completed_without_error() && !flags.in_progress())
}

/// SET PASSWORD, ERASE PREPARE, ERASE UNIT: each has one answer, and each must be good.
fn ata_each(words: &[RawStatus]) -> End {
    let answers: Vec<End> =
        words.iter().filter(|word| word.name == "ata").map(|word| ata(&word.value)).collect();
    match () {
        () if answers.contains(&End::Otherwise) => End::Otherwise,
        () if answers.is_empty() || answers.contains(&End::Unclear) => End::Unclear,
        () => End::Well,
    }
}

/// The registers, or where none came, what the translation layer said in their stead.
fn ata(line: &str) -> End {
    if let Some(status) = field(line, "STATUS") {
        return well_if(status & STATUS_BAD == 0);
    }
    if let Some(status) = line.strip_prefix("SAM status ").and_then(number) {
        return well_if(status == 0);
    }
    match line.strip_prefix("sense ").and_then(sense) {
        Some(sense) => well_if(sense.condition() == Condition::Nothing || sense.carries_ata_registers()),
        None => End::Unclear,
    }
}

/// The last REQUEST SENSE tells of nothing under way, and the last command's status is GOOD.
fn scsi(words: &[RawStatus]) -> End {
    let Some(status) = last(words, "scsi") else { return End::Unclear };
    let good = status.split_ascii_whitespace().next().and_then(number);
    let told = last(words, "scsi-request-sense").map(sense);
    match (good, told) {
        (None, _) | (_, Some(None)) => End::Unclear,
        (Some(status), None) => well_if(status == 0),
        (Some(status), Some(Some(sense))) => well_if(status == 0 && sense.condition() == Condition::Nothing),
    }
}

/// `3/31/03`: key, code, qualifier.
fn sense(text: &str) -> Option<Sense> {
    let (codes, deferred) = match text.strip_suffix(" deferred") {
        Some(codes) => (codes, true),
        None => (text, false),
    };
    let mut bytes = codes.split('/').map(|code| u8::from_str_radix(code, 16).ok());
    let mut next = || bytes.next().flatten();
    let (key, asc, ascq) = (next()?, next()?, next()?);
    Some(Sense { format: SenseFormat::Descriptor, deferred, key, asc, ascq, progress: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(technique: Technique, words: &[(&str, &str)]) -> End {
        let word = |(name, value): &(&str, &str)| RawStatus { name: (*name).into(), value: (*value).into() };
        end(technique, &words.iter().map(word).collect::<Vec<_>>())
    }

    #[test]
    fn an_nvme_status_is_good_only_as_zero_type_and_code() {
        let format = |value| of(Technique::NvmeFormatUserData, &[("nvme-status", value)]);
        assert_eq!([format("0000h"), format("0000")], [End::Well; 2]);
        assert_eq!([format("4286h"), format("010Ah")], [End::Otherwise; 2]);
        assert_eq!([format(""), format("none"), format("12345h")], [End::Unclear; 3]);
        assert_eq!(of(Technique::NvmeFormatCrypto, &[("ata", "0000h")]), End::Unclear);
    }

    #[test]
    fn an_nvme_sanitize_ended_by_its_own_action() {
        let block =
            |log| of(Technique::NvmeSanitizeBlockErase, &[("nvme-status", "0000h"), ("nvme-log-81h", log)]);
        assert_eq!(block("SPROG=FFFFh SSTAT=0101h SCDW10=0000000Ah"), End::Well);
        assert_eq!(block("SPROG=FFFFh SSTAT=0104h SCDW10=0000020Ah"), End::Well);
        for log in [
            "SPROG=FFFFh SSTAT=0103h SCDW10=0000000Ah",
            "SPROG=0291h SSTAT=0002h SCDW10=0000000Ah",
            "SPROG=FFFFh SSTAT=0100h SCDW10=00000000h",
            "SPROG=FFFFh SSTAT=0101h SCDW10=0000000Ch",
        ] {
            assert_eq!(block(log), End::Otherwise, "{log}");
        }
        assert_eq!(of(Technique::NvmeSanitizeBlockErase, &[("nvme-status", "0000h")]), End::Unclear);
    }

    #[test]
    fn an_ata_sanitize_says_so_in_count_15_and_14() {
        let block = |line: &str| of(Technique::AtaSanitizeBlockErase, &[("ata", line)]);
        let with = |status: &str, count: &str| {
            block(&format!("STATUS={status} ERROR=00h COUNT={count} LBA=00000000FFFFh DEVICE=00h"))
        };
        assert_eq!(with("50h", "8000h"), End::Well);
        assert_eq!([with("50h", "4000h"), with("50h", "C000h"), with("51h", "8000h")], [End::Otherwise; 3]);
        assert_eq!(with("50h", "..00h"), End::Unclear, "the upper half did not come");
        assert_eq!(block("SAM status 00h"), End::Unclear);
    }

    #[test]
    fn every_command_of_a_security_erase_must_be_answered_well() {
        let erase = |lines: &[&str]| {
            let words: Vec<_> = lines.iter().map(|line| ("ata", *line)).collect();
            of(Technique::AtaSecurityEraseEnhanced, &words)
        };
        let good = "STATUS=50h ERROR=00h COUNT=0000h LBA=000000000000h DEVICE=40h";
        assert_eq!(erase(&[good, good, "SAM status 00h"]), End::Well);
        assert_eq!(erase(&[good, "sense 0/00/1D"]), End::Well);
        assert_eq!(erase(&[good, &good.replace("50h", "51h"), good]), End::Otherwise);
        assert_eq!(erase(&["sense B/00/00"]), End::Otherwise);
        assert_eq!(erase(&["no registers"]), End::Unclear);
        assert_eq!(erase(&[]), End::Unclear);
    }

    #[test]
    fn a_scsi_erase_is_over_when_nothing_is_under_way_and_the_drive_is_ready() {
        let format = |words: &[(&str, &str)]| of(Technique::ScsiFormatUnit, words);
        let (accepted, ready) = (("scsi", "00h"), ("scsi", "00h"));
        assert_eq!(format(&[accepted, ("scsi-request-sense", "00/00/00"), ready]), End::Well);
        assert_eq!(format(&[accepted, ("scsi-request-sense", "02/04/04")]), End::Otherwise);
        assert_eq!(format(&[accepted, ("scsi-request-sense", "03/31/00")]), End::Otherwise);
        let not_ready = ("scsi", "02h sense 03/31/03");
        assert_eq!(format(&[accepted, ("scsi-request-sense", "00/00/00"), not_ready]), End::Otherwise);
        assert_eq!(format(&[("scsi-request-sense", "00/00/00")]), End::Unclear);
    }
}
