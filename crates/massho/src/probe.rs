//! Everything that a drive says of itself, for the field to send: as a file, or on the terminal.

use crate::care::{Care, PcDrives};
use crate::{clock, pc};
use inventory::probe::Probed;
use inventory::{Found, Inventory};
use model::{DeviceText, Drive};
use record::{Tool, WallTime};
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use stick::ExtraFile;

/// The folder on a stick.
const FOLDER: &str = "MASSHO-PROBE";

/// How long after a look that udev was not ready for another one is taken.
const PAUSE: Duration = Duration::from_millis(200);

/// The longest part of a serial number in a file's name.
const NAME_LEN: usize = 40;

/// The first member of every document.
const FORMAT: &str = "massho-probe/1";

/// What a drive said, and who asked.
#[derive(Debug, Serialize)]
struct Document<'a> {
    format: &'static str,
    tool: Tool,
    wall: WallTime,
    /// What the inventory made of it.
    drive: &'a Drive,
    /// What it said, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<&'a Probed>,
    /// Why it could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl<'a> Document<'a> {
    fn new(drive: &'a Drive, probed: Result<&'a Probed, String>) -> Self {
        let (said, failure) = match probed {
            Ok(probed) => (Some(probed), None),
            Err(failure) => (None, Some(failure)),
        };
        Self { format: FORMAT, tool: pc::tool(), wall: clock::wall(), drive, said, failure }
    }
}

/// The file of one drive.
///
/// # Errors
/// It could not be written as JSON; the text says why.
pub(crate) fn file(found: &Found, probed: &Probed) -> Result<ExtraFile, String> {
    let document = Document::new(&found.drive, Ok(probed));
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    let stem = stem(document.wall.as_str(), &found.drive.identity.serial);
    Ok(ExtraFile { folder: FOLDER.to_owned(), stem, suffix: ".json".to_owned(), bytes })
}

/// `20260401-SERIAL`. A serial number is a stranger's text: nothing of it but letters, digits and hyphens is in a name.
fn stem(wall: &str, serial: &DeviceText) -> String {
    let date: String = wall.chars().take(10).filter(char::is_ascii_digit).collect();
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let serial: String = serial.as_str().trim().chars().map(plain).take(NAME_LEN).collect();
    if serial.is_empty() { format!("{date}-no-serial") } else { format!("{date}-{serial}") }
}

/// `massho probe [NODE…]`: prints what all drives say, or those that are named.
pub(crate) fn run(nodes: &[String]) -> ExitCode {
    let mut inventory = Inventory::default();
    loop {
        if let Err(error) = inventory.scan() {
            eprintln!("massho: {error}");
            return ExitCode::FAILURE;
        }
        if !inventory.is_incomplete() {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    let found = match chosen(inventory.found(), nodes) {
        Ok(found) => found,
        Err(node) => {
            eprintln!("massho: {node} is no drive of this PC");
            return ExitCode::FAILURE;
        }
    };
    match print(&found, &PcDrives) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("massho: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The drives of these nodes, links to nodes included; all of them where none is named. The error is the one that is
/// not there.
fn chosen<'a>(found: &'a [Found], nodes: &'a [String]) -> Result<Vec<&'a Found>, &'a str> {
    if nodes.is_empty() {
        return Ok(found.iter().collect());
    }
    let is_it = |found: &&Found, node: &str| {
        let path = std::fs::canonicalize(node).unwrap_or_else(|_| Path::new(node).to_path_buf());
        found.facts.whole.node == path
    };
    nodes.iter().map(|node| found.iter().find(|it| is_it(it, node)).ok_or(node.as_str())).collect()
}

fn print(found: &[&Found], care: &dyn Care) -> serde_json::Result<String> {
    let probed: Vec<_> = found.iter().map(|found| care.probe(found)).collect();
    let documents = found.iter().zip(&probed);
    let documents: Vec<Document<'_>> = documents
        .map(|(found, probed)| Document::new(&found.drive, probed.as_ref().map_err(Clone::clone)))
        .collect();
    serde_json::to_string_pretty(&documents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Carer, drive, found};
    use model::{Eligibility, Medium};
    use serde_json::Value;

    #[test]
    fn a_serial_number_cannot_lead_a_file_elsewhere() {
        let wall = "2026-04-01T10:15:00";
        assert_eq!(stem(wall, &"S3Z-NB0K".into()), "20260401-S3Z-NB0K");
        assert_eq!(stem(wall, &"../../x y".into()), "20260401-______x_y");
        assert_eq!(stem(wall, &"a:b c*".into()), "20260401-a_b_c_");
        assert_eq!(stem(wall, &"  ".into()), "20260401-no-serial");
        assert_eq!(stem(wall, &"9".repeat(500).as_str().into()).len(), 9 + NAME_LEN);
    }

    #[test]
    fn a_drive_that_cannot_be_asked_has_its_failure_in_the_list() {
        let care = Carer::default();
        let drives = [found(drive(1, Medium::Ssd, Eligibility::Eligible))];
        let list = |care: &Carer| -> Value {
            serde_json::from_str(&print(&drives.iter().collect::<Vec<_>>(), care).unwrap()).unwrap()
        };
        let good = list(&care);
        assert_eq!(good[0]["said"]["link"], "scsi");
        assert_eq!(good[0]["drive"]["identity"]["serial"], "S1");
        assert!(good[0].get("failure").is_none());
        care.fail("no such device");
        let bad = list(&care);
        assert_eq!(bad[0]["failure"], "no such device");
        assert!(bad[0].get("said").is_none());
    }

    #[test]
    fn a_node_that_is_no_drive_is_refused_and_none_means_all() {
        let drives = [found(drive(1, Medium::Ssd, Eligibility::Eligible))];
        let named = |nodes: &[&str]| {
            let nodes: Vec<String> = nodes.iter().map(ToString::to_string).collect();
            chosen(&drives, &nodes).map(|found| found.len()).map_err(str::to_owned)
        };
        assert_eq!(named(&[]), Ok(1));
        assert_eq!(named(&["/dev/null"]), Ok(1));
        assert_eq!(named(&["/dev/null", "/dev/other"]), Err("/dev/other".to_owned()));
    }
}
