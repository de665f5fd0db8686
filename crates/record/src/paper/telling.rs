//! Serial numbers and UUIDs that tell one thing from all others, and those that makers left unfilled.

/// Phrases of firmware whose maker entered nothing, letters and digits only. Those without a digit need not stand here.
const PHRASES: [&str; 4] = ["SERIALNUMBER0", "SERIAL0", "SN0", "SYSTEMSERIALNUMBER1"];

/// What people press to fill a field: any piece of it is nobody's serial number.
const RUNS: [&str; 3] = [
    "01234567890123456789012345678901234567890",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "9876543210987654321098765432109876543210",
];

/// UUIDs that makers of firmware left in thousands of PCs.
const COMMON_UUIDS: [&str; 6] = [
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "12345678-1234-5678-90ab-cddeefaabbcc",
    "12345678-1234-1234-1234-123456789abc",
    "01234567-8910-1112-1314-151617181920",
    "00000000-0000-0000-0000-000000000001",
];

/// Whether a serial number of the DMI tables or of a drive tells it from others: not empty, not a phrase
/// (`To Be Filled By O.E.M.`), not one character over and over, not a row of the keyboard.
#[must_use]
pub fn is_telling_serial(serial: &str) -> bool {
    let plain: String =
        serial.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    // Text that a device gave in other bytes than ASCII stands there escaped: it may be anything.
    let strange = serial.contains('\\') || !serial.is_ascii();
    plain.len() >= 4
        && !strange
        && plain.bytes().any(|byte| byte.is_ascii_digit())
        && plain.bytes().any(|byte| Some(&byte) != plain.as_bytes().first())
        && !PHRASES.contains(&plain.as_str())
        && !RUNS.iter().any(|run| run.contains(&plain))
}

/// Whether a UUID of the DMI tables tells the PC from others: of the right form, and not one that was left unfilled.
#[must_use]
pub fn is_telling_uuid(uuid: &str) -> bool {
    let uuid = uuid.to_ascii_lowercase();
    let form = "00000000-0000-0000-0000-000000000000";
    let shaped = uuid.len() == form.len()
        && uuid.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'-' => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let mut digits = uuid.bytes().filter(|byte| *byte != b'-');
    let first = digits.next();
    let pairs = uuid.replace('-', "");
    // fefefefe-fefe-…: one byte over and over.
    let one_byte = pairs.as_bytes().chunks(2).all(|pair| Some(pair) == pairs.as_bytes().get(..2));
    shaped && digits.any(|digit| Some(digit) != first) && !one_byte && !COMMON_UUIDS.contains(&uuid.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makers_left_unfilled_tells_nothing() {
        for serial in [
            "",
            " ",
            "0",
            "00000000",
            "0000-0000",
            "XXXXXXXX",
            "FFFFFFFFFFFF",
            "1111111111",
            "123",
            "1234567890",
            "123456789",
            "0123456789ABCDEF",
            "0123456789012345",
            "987654321",
            "To Be Filled By O.E.M.",
            "To be filled by O.E.M.",
            "TO BE FILLED BY O.E.M",
            "Default string",
            "System Serial Number",
            "SystemSerialNumber1",
            "Serial Number 0",
            "Not Specified",
            "Not Applicable",
            "None",
            "INVALID",
            "OEM",
            "\\xe2\\x80\\xae12345A",
            "製造番号1234",
        ] {
            assert!(!is_telling_serial(serial), "{serial:?}");
        }
        for serial in [
            "5CG1234ABC",
            "PF0ABCDE1",
            "WD-WX11A23B4567",
            "S3YJNX0K512345F",
            "4C530001230112",
            "VMware-56 4d ab cd",
        ] {
            assert!(is_telling_serial(serial), "{serial:?}");
        }
    }

    #[test]
    fn a_uuid_that_thousands_have_tells_nothing() {
        for uuid in [
            "",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "fefefefe-fefe-fefe-fefe-fefefefefefe",
            "03000200-0400-0500-0006-000700080009",
            "00020003-0004-0005-0006-000700080009",
            "Not Settable",
            "4c4c4544-0042-3510-8052-b4c04f4d3332-",
            "4c4c4544004235108052b4c04f4d3332",
        ] {
            assert!(!is_telling_uuid(uuid), "{uuid:?}");
        }
        assert!(is_telling_uuid("4c4c4544-0042-3510-8052-b4c04f4d3332"));
        assert!(is_telling_uuid("4C4C4544-0042-3510-8052-B4C04F4D3332"));
    }
}
