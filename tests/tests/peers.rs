//! Other people's tools take the lab's drives for drives: in a plain Debian guest, hdparm, sg3-utils, nvme-cli and
//! smartmontools read them and erase them, and the backing files agree.

use lab::drives::{Bay, Definition, Definitions, DriveError, Model, PowerChange};
use lab::{Guest, LabError, Places};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the guest may take to find its drives, on a busy host.
const FOUND: Duration = Duration::from_secs(120);
/// The longest that any one command may take, on a busy host.
const SOON: Duration = Duration::from_secs(90);
/// Finds a drive's node by its name in the lab, and the generic one, whose opening does not wait until a drive that
/// formats is ready; reads the first sector, past the page cache.
const HELP: &str = r#"
dev() { lsblk -dno NAME,SERIAL | awk -v s="LAB-$1" '$2 == s { print "/dev/" $1 }'; }
generic() { echo /dev/$(ls /sys/class/block/$(basename $(dev $1))/device/scsi_generic); }
first() { blockdev --flushbufs "$(dev $1)"; dd if="$(dev $1)" bs=4096 count=1 2>/dev/null | tr -d '\0' | head -c 10; }
sure=--yes-i-know-what-i-am-doing
"#;

/// A guest with its drives, and what was said in it.
struct Session {
    bay: Bay,
    guest: Guest,
    transcript: String,
    /// What was not as it should be: one boot shows all of it.
    wrong: Vec<String>,
}

impl Session {
    fn begin(places: &Places, folder: &Path) -> Result<Self, LabError> {
        let bay = Bay::start(&drives()?, folder, &places.lab_program())?;
        let guest = Guest::boot(places, folder, &bay)?;
        let mut session = Self { bay, guest, transcript: String::new(), wrong: Vec::new() };
        session.find_the_drives()?;
        Ok(session)
    }

    /// Waits until the guest has all drives; what follows would only say of each that it is not there.
    fn find_the_drives(&mut self) -> Result<(), LabError> {
        let names: Vec<&str> = self.bay.drives().iter().map(|drive| drive.name.as_str()).collect();
        let look =
            format!("{HELP}for name in {}; do [ -b \"$(dev $name)\" ] || exit 1; done", names.join(" "));
        let end = Instant::now() + FOUND;
        while self.guest.run(&look, SOON)?.status != 0 {
            if Instant::now() > end {
                let screen = self.guest.run("lsblk -o NAME,SERIAL,TRAN; ps; dmesg", SOON)?.output;
                return Err(LabError::Timeout { what: "the drives".to_owned(), after: FOUND, screen });
            }
        }
        Ok(())
    }

    /// Runs a command, which must succeed, and returns what it printed.
    fn run(&mut self, command: &str) -> Result<String, LabError> {
        let ran = self.guest.run(&format!("{HELP}{command}"), SOON)?;
        self.transcript += &format!("$ {command}\n{}\n[{}]\n\n", ran.output.trim_end(), ran.status);
        self.hold(ran.status == 0, || format!("{command} failed:\n{}", ran.output));
        Ok(ran.output)
    }

    /// Runs a command whose output must contain each of these, blanks apart.
    fn says(&mut self, command: &str, parts: &[&str]) -> Result<(), LabError> {
        let output = self.run(command)?;
        let plain = words(&output);
        for part in parts {
            let said = plain.contains(&words(part));
            self.hold(said, || format!("{command} does not say {part:?}:\n{output}"));
        }
        Ok(())
    }

    fn hold(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(otherwise());
        }
    }

    /// How many physical sectors carry the pattern must be so.
    fn leaves(&mut self, name: &str, right: impl Fn(u64) -> bool, what: &str) -> Result<(), LabError> {
        let left = self.left(name)?;
        self.transcript += &format!("{name}: {left} physical sectors carry the pattern\n\n");
        self.hold(right(left), || format!("{name}: {left} sectors are left; {what}"));
        Ok(())
    }

    /// The host must not read the pattern any more.
    fn reads_nothing(&mut self, command: &str) -> Result<(), LabError> {
        let read = self.run(command)?;
        self.hold(!read.contains("MASSHO"), || format!("{command}: {read}"));
        Ok(())
    }

    /// How many physical sectors still carry the pattern.
    fn left(&self, name: &str) -> Result<u64, LabError> {
        Ok(self.bay.drive(name)?.scan()?.carrying)
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sectors that the ATA disk hides, and the places in the SAS disk's pool.
const HIDDEN: u64 = 2048;

fn drives() -> Result<Definitions, DriveError> {
    let new = |name: &str, kind, lines: &str| Definition::new(name, kind).sized(16).with(lines);
    let ata = "erase_seconds = 2\ncrypto_seconds = 1\n";
    let plain_ata = format!("{ata}encryption = \"plain\"\nsanitize = {{ operations = [\"block-erase\"] }}\n");
    let sas = "format_ms = 6000\nsanitize = { overwrite_ms = 1500, block_erase_ms = 1500 }\n";
    let plain_sas = "layout = { encryption = \"plain\" }\n\
                     sanitize = { block_erase_ms = 1500, operations = [\"block-erase\", \"overwrite\"] }\n";
    Ok(Definitions {
        drive: vec![
            new("HDD", Model::AtaHdd, &format!("{ata}hidden = {{ blocks = {HIDDEN} }}\n"))?,
            new("SSD", Model::AtaSsd, &plain_ata)?,
            new("SED", Model::AtaSsd, ata)?,
            new("SASHDD", Model::SasHdd, &format!("{sas}layout = {{ reallocated = [5] }}\n"))?,
            new("SASSSD", Model::SasSsd, plain_sas)?,
            new("SASSED", Model::SasSsd, "")?,
            new("NVME", Model::Nvme, "[sanitize]\nblock-ms = 2000\n")?,
            new("USB", Model::UsbSatBridge, ata)?,
        ],
    })
}

#[test]
fn the_tools_of_others_read_and_erase_the_drives() -> Result<(), LabError> {
    let places = Places::find();
    let folder = places.run_folder("peers").map_err(|source| LabError::File {
        doing: "empty",
        path: places.lab(),
        source,
    })?;
    let mut session = Session::begin(&places, &folder)?;
    let done = all_of_it(&mut session);
    // Kept for whoever wants to see what they said.
    std::fs::write(folder.join("transcript.txt"), &session.transcript).unwrap();
    assert!(session.wrong.is_empty(), "\n{}", session.wrong.join("\n\n"));
    done
}

fn all_of_it(session: &mut Session) -> Result<(), LabError> {
    identification(session)?;
    hdparm_security(session)?;
    hdparm_sanitize(session)?;
    sg_erases(session)?;
    nvme_erases(session)
}

fn identification(session: &mut Session) -> Result<(), LabError> {
    session.says(
        "hdparm -I $(dev HDD)",
        &[
            "Model Number: MASSHO LAB HDD",
            "Serial Number: LAB-HDD",
            "Nominal Media Rotation Rate: 7200",
            "Security Mode feature set",
            "OVERWRITE_EXT command",
            "not frozen",
            "supported: enhanced erase",
            "Checksum: correct",
        ],
    )?;
    session.says("hdparm -I $(dev SSD)", &["Solid State Device", "BLOCK_ERASE_EXT command"])?;
    session.says("hdparm -I $(dev USB)", &["Serial Number: LAB-USB"])?;
    session.says("hdparm -N $(dev HDD)", &["max sectors = 30720/32768, HPA is enabled"])?;
    session
        .says("hdparm --dco-identify $(dev HDD)", &["DCO Checksum verified.", "Real max sectors: 32768"])?;
    session.says("sg_inq $(dev SASHDD)", &["Vendor identification: MASSHO", "[SPC-4]"])?;
    session.says("sg_vpd -p sn $(dev SASHDD)", &["Product serial number: LAB-SASHDD"])?;
    session.says("sg_vpd -p bdc $(dev SASSSD)", &["Non-rotating medium", "WABEREQ=1"])?;
    session
        .says("sg_vpd -p di $(dev SASSSD)", &["NAA, code set: Binary", "Serial Attached SCSI Protocol"])?;
    session.says("sg_opcodes $(dev SASHDD)", &["Sanitize, overwrite", "Format Unit", "Report luns"])?;
    let opcodes = session.run("sg_opcodes $(dev SASHDD)")?;
    session.hold(!opcodes.contains("block erase"), || format!("a disk erases no blocks:\n{opcodes}"));
    session.says(
        "sg_opcodes $(dev SASSSD)",
        &["Sanitize, block erase", "Sanitize, exit failure mode", "Unmap"],
    )?;
    session.says("sg_requests $(dev SASHDD)", &["No additional sense information"])?;
    session.says("nvme list", &["/dev/nvme0n1", "LAB-NVME"])?;
    session.says(
        "nvme id-ctrl /dev/nvme0",
        &["mn : MASSHO LAB NVME", "cntlid : 0x107", "sanicap : 0x40000007"],
    )?;
    session.says("smartctl -i $(dev HDD)", &["Device Model: MASSHO LAB HDD", "ATA Version is: ACS-3"])?;
    session
        .says("smartctl -i $(dev SASSSD)", &["Product: LAB SAS SSD", "Rotation Rate: Solid State Device"])?;
    session.says("smartctl -d sat -i $(dev USB)", &["Serial Number: LAB-USB"])?;
    session.says("smartctl -i /dev/nvme0", &["Model Number: MASSHO LAB NVME", "NVMe Version: 1.4"])
}

fn hdparm_security(session: &mut Session) -> Result<(), LabError> {
    let state = "hdparm -I $(dev HDD) | sed -n '/^Security/,/erase$/p'";
    session.run("hdparm --user-master u --security-set-pass secret $(dev HDD)")?;
    session.says(state, &["supported enabled not locked"])?;
    session.bay.drive("HDD")?.power(PowerChange::Cycle)?;
    session.says(state, &["enabled locked not frozen"])?;
    session.run("hdparm --user-master u --security-unlock secret $(dev HDD)")?;
    session.says(state, &["enabled not locked"])?;
    session.run("hdparm --user-master u --security-disable secret $(dev HDD)")?;
    session.says(state, &["not enabled not locked"])?;
    session.run("hdparm --user-master u --security-set-pass secret $(dev HDD)")?;
    session.run("hdparm --user-master u --security-erase secret $(dev HDD)")?;
    session.says(state, &["not enabled not locked"])?;
    session.leaves("HDD", |left| left == HIDDEN, "a normal erase leaves what is hidden")?;
    session.says("first SED", &["MASSHO-LAB"])?;
    session.run("hdparm --user-master u --security-set-pass secret $(dev SED)")?;
    session.run("hdparm --user-master u --security-erase-enhanced secret $(dev SED)")?;
    session.says("hdparm -I $(dev SED)", &["not enabled not locked"])?;
    session.reads_nothing("first SED")
}

fn hdparm_sanitize(session: &mut Session) -> Result<(), LabError> {
    let idle = "SD0 Sanitize Idle Last Sanitize Operation Completed Without Error";
    session.run("hdparm $sure --sanitize-overwrite-passes 1 --sanitize-overwrite hex:11223344 $(dev HDD)")?;
    session.says("hdparm --sanitize-status $(dev HDD)", &["SD2 Sanitize operation In Process"])?;
    session.says("sleep 3; hdparm --sanitize-status $(dev HDD)", &[idle])?;
    session.leaves("HDD", |left| left == 0, "an overwrite reaches what is hidden")?;
    session.leaves("SSD", |left| left > 32_768, "stale copies belong to flash")?;
    session.run("hdparm $sure --sanitize-block-erase $(dev SSD)")?;
    session.says("sleep 3; hdparm --sanitize-status $(dev SSD)", &[idle])?;
    session.leaves("SSD", |left| left == 0, "all should be gone")?;
    session.run("hdparm $sure --sanitize-crypto-scramble $(dev SED)")?;
    session.says("sleep 2; hdparm --sanitize-status $(dev SED)", &[idle])
}

fn sg_erases(session: &mut Session) -> Result<(), LabError> {
    session.run("sg_format --format --quick --early $(dev SASHDD)")?;
    session.says("sg_requests --progress $(generic SASHDD)", &["Progress indication:"])?;
    session.says("sleep 6; sg_requests $(dev SASHDD)", &["No additional sense information"])?;
    session.leaves("SASHDD", |left| left == 1, "a format leaves the reallocated sector's old place")?;
    session.run("sg_sanitize --overwrite --zero --quick --early $(dev SASHDD)")?;
    session.says("sg_requests $(dev SASHDD)", &["Logical unit not ready, sanitize in progress"])?;
    session.says("sleep 3; sg_requests $(dev SASHDD)", &["No additional sense information"])?;
    session.leaves("SASHDD", |left| left == 0, "all should be gone")?;
    session.leaves("SASSSD", |left| left > 32_768, "stale copies belong to flash")?;
    session.run("sg_sanitize --block --quick --wait $(dev SASSSD)")?;
    session.leaves("SASSSD", |left| left == 0, "all should be gone")?;
    session.says("first SASSED", &["MASSHO-LAB"])?;
    session.run("sg_sanitize --crypto --quick --wait $(dev SASSED)")?;
    session.reads_nothing("sg_dd if=$(dev SASSED) bs=512 count=1 2>/dev/null | tr -d '\\0'")
}

fn nvme_erases(session: &mut Session) -> Result<(), LabError> {
    session.leaves("NVME", |left| left > 32_768, "stale copies belong to flash")?;
    session.says("nvme format /dev/nvme0n1 --ses=1 --force", &["Success formatting namespace:1"])?;
    session.says("nvme sanitize-log /dev/nvme0", &["(SSTAT) : 0"])?;
    session.run("nvme sanitize /dev/nvme0 --sanact=2")?;
    session.says("nvme sanitize-log /dev/nvme0", &["(SSTAT) : 0x2"])?;
    session.says("sleep 3; nvme sanitize-log /dev/nvme0", &["(SPROG) : 65535", "(SSTAT) : 0x101"])?;
    session.leaves("NVME", |left| left == 0, "all should be gone")?;
    Ok(())
}
