//! Drives as a person writes them down: one TOML file for all drives of a PC.
//!
//! ```toml
//! [[drive]]
//! name = "ssd"
//! kind = "ata-ssd"
//! size_mib = 64
//! faults = [{ is = "frozen" }]
//! ata = { model = "OFFICE SSD", sanitize = { operations = ["block-erase"] } }
//! ```
//!
//! Only name and kind are needed. The tables `ata`, `sas` and `nvme` hold whatever is to differ from what is usual for
//! that kind; their keys are those of [`lab_drives::ata::Definition`], [`lab_drives::scsi::ScsiConfig`] and
//! [`lab_drives::nvme::Definition`].

use super::error::DriveError;
use lab_drives::{Faults, ata, medium, nvme, scsi};
use serde::{Deserialize, Serialize};
use std::path::Path;
use toml::{Table, Value};

/// What a drive is, and how it is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// A SATA disk behind a translation layer.
    AtaHdd,
    /// A SATA SSD behind a translation layer.
    AtaSsd,
    /// A SAS disk.
    SasHdd,
    /// A SAS SSD.
    SasSsd,
    /// An NVMe SSD.
    Nvme,
    /// A SATA disk in a USB enclosure that passes ATA commands on.
    UsbSatBridge,
    /// QEMU's own SATA disk.
    PlainIde,
    /// QEMU's own SCSI disk.
    PlainScsi,
    /// QEMU's own NVMe SSD.
    PlainNvme,
    /// QEMU's own USB stick.
    UsbStick,
}

/// Which command set the lab speaks for a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// ATA behind SAT.
    Ata,
    /// SCSI.
    Sas,
    /// NVMe.
    Nvme,
    /// None: QEMU does.
    Nothing,
}

impl Model {
    pub(crate) fn speaks(self) -> Speaks {
        match self {
            Self::AtaHdd | Self::AtaSsd | Self::UsbSatBridge => Speaks::Ata,
            Self::SasHdd | Self::SasSsd => Speaks::Sas,
            Self::Nvme => Speaks::Nvme,
            Self::PlainIde | Self::PlainScsi | Self::PlainNvme | Self::UsbStick => Speaks::Nothing,
        }
    }
}

/// One drive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name in the lab, and that of its files: letters, digits and hyphens.
    pub name: String,
    /// What it is.
    pub kind: Model,
    /// Its size in mebibytes, hidden areas included.
    #[serde(default = "usual_size")]
    pub size_mib: u64,
    /// Its serial number, `LAB-NAME` unless it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Faults that are on from the beginning.
    #[serde(default)]
    pub faults: Faults,
    /// What differs from the usual ATA drive of its kind.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub ata: Table,
    /// What differs from the usual SAS drive of its kind.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub sas: Table,
    /// What differs from the usual NVMe drive.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    pub nvme: Table,
}

fn usual_size() -> u64 {
    64
}

/// A file of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitions {
    /// The drives.
    #[serde(default)]
    pub drive: Vec<Definition>,
}

impl Definitions {
    /// Reads a file.
    ///
    /// # Errors
    /// [`DriveError::File`], [`DriveError::Definition`].
    pub fn load(path: &Path) -> Result<Self, DriveError> {
        let text = std::fs::read_to_string(path).map_err(DriveError::file("read", path))?;
        Self::parse(&text)
    }

    /// Reads text.
    ///
    /// # Errors
    /// [`DriveError::Definition`].
    pub fn parse(text: &str) -> Result<Self, DriveError> {
        let read: Self = toml::from_str(text).map_err(|error| DriveError::Definition(error.to_string()))?;
        let mut names: Vec<&str> = read.drive.iter().map(|drive| drive.name.as_str()).collect();
        names.sort_unstable();
        if let Some(name) =
            names.windows(2).find_map(|two| (two.first() == two.last()).then(|| two.first())).flatten()
        {
            return Err(DriveError::Definition(format!("two drives are named {name}")));
        }
        read.drive.iter().try_for_each(Definition::check)?;
        Ok(read)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`DriveError::File`], [`DriveError::Definition`].
    pub fn save(&self, path: &Path) -> Result<(), DriveError> {
        let text = toml::to_string(self).map_err(|error| DriveError::Definition(error.to_string()))?;
        std::fs::write(path, text).map_err(DriveError::file("write", path))
    }
}

impl Definition {
    /// A drive as is usual for its kind.
    #[must_use]
    pub fn new(name: &str, kind: Model) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            size_mib: usual_size(),
            serial: None,
            faults: Faults::default(),
            ata: Table::new(),
            sas: Table::new(),
            nvme: Table::new(),
        }
    }

    /// The same of another size.
    #[must_use]
    pub fn sized(self, size_mib: u64) -> Self {
        Self { size_mib, ..self }
    }

    /// The same with a fault from the beginning.
    #[must_use]
    pub fn with_fault(mut self, fault: lab_drives::Fault) -> Self {
        self.faults.set(fault);
        self
    }

    /// The same, its table (`ata`, `sas` or `nvme`, by its kind) changed by lines of TOML.
    ///
    /// # Errors
    /// [`DriveError::Definition`].
    pub fn with(mut self, lines: &str) -> Result<Self, DriveError> {
        let more: Table = toml::from_str(lines).map_err(|error| self.wrong(&error))?;
        match self.kind.speaks() {
            Speaks::Ata => overlay(&mut self.ata, more),
            Speaks::Sas => overlay(&mut self.sas, more),
            Speaks::Nvme => overlay(&mut self.nvme, more),
            Speaks::Nothing => return Err(self.wrong(&"QEMU's own drives have no table")),
        }
        self.check()?;
        Ok(self)
    }

    /// The serial number.
    #[must_use]
    pub fn serial(&self) -> String {
        self.serial.clone().unwrap_or_else(|| format!("LAB-{}", self.name.to_uppercase()))
    }

    fn wrong(&self, why: &dyn std::fmt::Display) -> DriveError {
        DriveError::Definition(format!("drive {}: {why}", self.name))
    }

    fn check(&self) -> Result<(), DriveError> {
        let of_names = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        if self.name.is_empty() || !self.name.chars().all(of_names) {
            return Err(self.wrong(&"a name is made of letters, digits and hyphens"));
        }
        match self.kind.speaks() {
            Speaks::Ata => self.as_ata().map(drop),
            Speaks::Sas => self.as_sas().map(drop),
            Speaks::Nvme => self.as_nvme().map(drop),
            Speaks::Nothing => Ok(()),
        }
    }

    /// The ATA drive that it is.
    pub(crate) fn as_ata(&self) -> Result<ata::Definition, DriveError> {
        let usual = ata::Definition {
            serial: self.serial(),
            size_mib: self.size_mib,
            faults: self.faults.clone(),
            model: "MASSHO LAB HDD".to_owned(),
            sanitize: ata::Sanitize {
                operations: vec![ata::Operation::Overwrite],
                ..ata::Sanitize::default()
            },
            ..ata::Definition::default()
        };
        if self.kind != Model::AtaSsd {
            return self.overlaid(&usual, &self.ata);
        }
        let operations = vec![ata::Operation::BlockErase, ata::Operation::CryptoScramble];
        let flash = ata::Definition {
            model: "MASSHO LAB SSD".to_owned(),
            medium: medium::Kind::Flash,
            encryption: medium::Encryption::SelfEncrypting,
            sanitize: ata::Sanitize { operations, ..ata::Sanitize::default() },
            ..usual
        };
        self.overlaid(&flash, &self.ata)
    }

    /// The SAS drive that it is.
    pub(crate) fn as_sas(&self) -> Result<scsi::ScsiConfig, DriveError> {
        let blocks = self.size_mib << 11;
        let usual = match self.kind {
            Model::SasSsd => scsi::ScsiConfig::ssd(&self.serial(), blocks),
            _ => scsi::ScsiConfig::hdd(&self.serial(), blocks),
        };
        self.overlaid(&scsi::ScsiConfig { faults: self.faults.clone(), ..usual }, &self.sas)
    }

    /// The NVMe drive that it is.
    pub(crate) fn as_nvme(&self) -> Result<nvme::Definition, DriveError> {
        let space =
            nvme::NamespaceDefinition { blocks: self.size_mib << 11, ..nvme::NamespaceDefinition::default() };
        let usual = nvme::Definition {
            model: "MASSHO LAB NVME".to_owned(),
            serial: self.serial(),
            namespaces: vec![space],
            faults: self.faults.clone(),
            ..nvme::Definition::default()
        };
        self.overlaid(&usual, &self.nvme)
    }

    fn overlaid<T: Serialize + for<'any> Deserialize<'any>>(
        &self,
        usual: &T,
        differs: &Table,
    ) -> Result<T, DriveError> {
        let mut table = Table::try_from(usual).map_err(|error| self.wrong(&error))?;
        overlay(&mut table, differs.clone());
        table.try_into().map_err(|error| self.wrong(&error))
    }
}

/// Puts one table over another, table by table; anything else is replaced.
fn overlay(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_drives::Fault;

    #[test]
    fn name_and_kind_are_enough() {
        let read = Definitions::parse("[[drive]]\nname = \"a\"\nkind = \"sas-ssd\"\n").unwrap();
        let drive = &read.drive[0];
        let sas = drive.as_sas().unwrap();
        assert_eq!((sas.serial.as_str(), sas.layout.native_blocks), ("LAB-A", 131_072));
        assert_eq!(sas.rotation, None);
    }

    #[test]
    fn what_differs_is_laid_over_what_is_usual() {
        let text = "[[drive]]\nname = \"a\"\nkind = \"sas-hdd\"\nfaults = [{ is = \"erases-half\" }]\n\
                    sas = { product = \"X\", sanitize = { overwrite_ms = 7 } }\n";
        let sas = Definitions::parse(text).unwrap().drive[0].as_sas().unwrap();
        assert_eq!(
            (sas.product.as_str(), sas.sanitize.overwrite_ms, sas.sanitize.block_erase_ms),
            ("X", 7, 3000)
        );
        assert!(sas.faults.has(&Fault::ErasesHalf));
    }

    #[test]
    fn mistakes_name_the_drive() {
        let wrong = |text: &str| Definitions::parse(text).unwrap_err().to_string();
        let twice = "[[drive]]\nname = \"a\"\nkind = \"nvme\"\n".repeat(2);
        assert!(wrong(&twice).contains("two drives are named a"));
        assert!(wrong("[[drive]]\nname = \"../a\"\nkind = \"nvme\"\n").contains("drive ../a"));
        assert!(
            wrong("[[drive]]\nname = \"a\"\nkind = \"sas-hdd\"\nsas = { colour = 1 }\n").contains("colour")
        );
        assert!(wrong("[[drive]]\nname = \"a\"\nkind = \"floppy\"\n").contains("floppy"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drives.toml");
        let drive = Definition::new("s", Model::AtaSsd).with_fault(Fault::Frozen);
        let drive = drive.with("model = \"M\"\n[security]\nnormal_minutes = 8").unwrap();
        let written = Definitions { drive: vec![drive] };
        written.save(&path).unwrap();
        assert_eq!(Definitions::load(&path).unwrap(), written);
        assert_eq!(written.drive[0].as_ata().unwrap().security.normal_minutes, 8);
    }
}
