//! What an NVMe drive is like.

use crate::Faults;
use crate::medium::{Encryption, Layout};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A drive, as written in the lab's TOML files. Everything has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Definition {
    /// Model number, at most 40 characters.
    pub model: String,
    /// Serial number, at most 20 characters.
    pub serial: String,
    /// Firmware revision, at most 8 characters.
    pub firmware: String,
    /// The version of the standard that it claims.
    pub version: Version,
    /// PCI vendor.
    pub vendor: u16,
    /// PCI device.
    pub device: u16,
    /// IEEE organisation, 24 bits.
    pub oui: u32,
    /// Controller ID, by default unlike any namespace's number.
    pub controller: u16,
    /// I/O queue pairs.
    pub queues: u16,
    /// Its namespaces.
    pub namespaces: Vec<NamespaceDefinition>,
    /// What Sanitize can do.
    pub sanitize: SanitizeDefinition,
    /// What Format NVM reaches.
    pub format: FormatDefinition,
    /// Faults from the beginning on.
    pub faults: Faults,
}

/// The version of the standard, as told in the VS register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the versions")]
pub enum Version {
    #[serde(rename = "1.3")]
    V1_3,
    #[serde(rename = "1.4")]
    V1_4,
    #[serde(rename = "2.0")]
    V2_0,
}

impl Version {
    pub(super) fn register(self) -> u32 {
        match self {
            Self::V1_3 => 0x0001_0300,
            Self::V1_4 => 0x0001_0400,
            Self::V2_0 => 0x0002_0000,
        }
    }
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct NamespaceDefinition {
    /// Its number.
    pub number: u32,
    /// Logical blocks, in the format that it has from the beginning.
    pub blocks: u64,
    /// Which of [`FORMATS`] that is.
    pub format: u8,
    /// End-to-end protection type, 0 to 3; only with a format that has metadata.
    pub protection: u8,
    /// Whether the controller sees it.
    pub attachment: Attachment,
    /// Whether the medium holds ciphertext.
    pub encryption: Encryption,
}

/// Whether a namespace is attached to the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attachment {
    /// Hosts see it.
    Attached,
    /// It is allocated, and no host sees it.
    Allocated,
}

/// A way to lay out logical blocks (NVM Command Set 1.0, Figure 98).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LbaFormat {
    /// Bytes of data.
    pub data: u32,
    /// Bytes of metadata.
    pub metadata: u32,
    /// Relative performance: 0 best.
    pub performance: u8,
}

/// The formats that every drive here has, by their index.
pub const FORMATS: [LbaFormat; 3] = [
    LbaFormat { data: 512, metadata: 0, performance: 2 },
    LbaFormat { data: 4096, metadata: 0, performance: 0 },
    LbaFormat { data: 4096, metadata: 8, performance: 1 },
];

impl NamespaceDefinition {
    /// The medium that it is on.
    pub(super) fn layout(&self) -> Option<Layout> {
        let format = FORMATS.get(usize::from(self.format))?;
        let layout = Layout::flash(self.blocks);
        Some(Layout {
            encryption: self.encryption,
            block_size: format.data,
            metadata_size: format.metadata,
            ..layout
        })
    }
}

/// What Sanitize can do and how long it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct SanitizeDefinition {
    /// What it can do; nothing: no Sanitize.
    pub operations: Vec<Action>,
    /// Milliseconds that a block erase takes.
    pub block_ms: u64,
    /// Milliseconds that a crypto erase takes.
    pub crypto_ms: u64,
    /// Milliseconds that each pass of an overwrite takes.
    pub overwrite_ms: u64,
    /// Whether No-Deallocate After Sanitize is inhibited (NDI).
    pub no_deallocate: NoDeallocate,
    /// Whether the log states estimates of the time.
    pub estimates: Estimates,
}

/// A sanitize operation (Sanitize Action).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Block erase.
    Block,
    /// Overwrite.
    Overwrite,
    /// Crypto erase.
    Crypto,
}

impl SanitizeDefinition {
    /// How long an operation takes, in milliseconds, an overwrite each pass; `None` where the drive cannot.
    pub(super) fn takes(&self, action: Action) -> Option<u64> {
        let time = match action {
            Action::Block => self.block_ms,
            Action::Overwrite => self.overwrite_ms,
            Action::Crypto => self.crypto_ms,
        };
        self.operations.contains(&action).then_some(time)
    }
}

/// Whether a host may forbid deallocation after a sanitize.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoDeallocate {
    /// It may.
    Supported,
    /// NDI: the command is refused.
    Inhibited,
}

/// Whether the sanitize log states how long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimates {
    /// It does, rounded up to seconds.
    Stated,
    /// FFFFFFFFh.
    NotReported,
}

/// What Format NVM reaches (FNA, NVMe Base 2.0, Figure 275) and how long it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct FormatDefinition {
    /// Bit 0 to 3 of FNA: a format concerns all namespaces, a secure erase does, there is cryptographic erase, and
    /// FFFFFFFFh is not supported as a namespace.
    pub attributes: u8,
    /// Milliseconds that a format takes.
    pub takes_ms: u64,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            model: "LAB NVME SSD".to_owned(),
            serial: "LABNVME0000000001".to_owned(),
            firmware: "LAB1.0".to_owned(),
            version: Version::V1_4,
            // Nobody's: drivers have quirks for the numbers of real controllers, and of QEMU's.
            vendor: 0x1b36,
            device: 0x4e56,
            oui: 0x00_5254,
            controller: 0x0107,
            queues: 4,
            namespaces: vec![NamespaceDefinition::default()],
            sanitize: SanitizeDefinition::default(),
            format: FormatDefinition::default(),
            faults: Faults::default(),
        }
    }
}

impl Default for NamespaceDefinition {
    fn default() -> Self {
        Self {
            number: 1,
            blocks: 131_072,
            format: 0,
            protection: 0,
            attachment: Attachment::Attached,
            encryption: Encryption::Plain,
        }
    }
}

impl Default for SanitizeDefinition {
    fn default() -> Self {
        Self {
            operations: vec![Action::Block, Action::Overwrite, Action::Crypto],
            block_ms: 4_000,
            crypto_ms: 1_000,
            overwrite_ms: 4_000,
            no_deallocate: NoDeallocate::Supported,
            estimates: Estimates::Stated,
        }
    }
}

impl Default for FormatDefinition {
    fn default() -> Self {
        Self { attributes: 0b0100, takes_ms: 1_000 }
    }
}

/// A time in the definition.
pub(super) fn milliseconds(value: u64) -> Duration {
    Duration::from_millis(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_a_drive() {
        let definition: Definition = toml::from_str("").unwrap();
        assert_eq!(definition, Definition::default());
        let is_namespace = definition.namespaces.iter().any(|ns| ns.number == definition.controller.into());
        assert!(!is_namespace);
    }

    #[test]
    fn a_drive_with_two_namespaces_and_a_fault() {
        let text = r#"
            serial = "TWO"
            version = "2.0"
            [[namespaces]]
            number = 1
            blocks = 2048
            format = 2
            protection = 1
            [[namespaces]]
            number = 3
            attachment = "allocated"
            encryption = "self-encrypting"
            [sanitize]
            crypto-ms = 10
            no-deallocate = "inhibited"
            [[faults]]
            is = "stuck-progress"
            at = 655
        "#;
        let definition: Definition = toml::from_str(text).unwrap();
        let numbers: Vec<_> = definition.namespaces.iter().map(|ns| ns.number).collect();
        assert_eq!(numbers, [1, 3]);
        assert!(definition.faults.has(&crate::Fault::StuckProgress { at: 655 }));
        let again: Definition = toml::from_str(&toml::to_string(&definition).unwrap()).unwrap();
        assert_eq!(again, definition);
    }

    #[test]
    fn a_word_that_means_nothing_is_refused() {
        assert!(toml::from_str::<Definition>("sereal = \"x\"").is_err());
    }
}
