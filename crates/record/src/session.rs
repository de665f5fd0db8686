//! Who, where and with what: the entries that begin a session.

use crate::{EntryHash, PublicKey, SessionId, WallTime};
use model::{DeviceText, DriveNo, InformationClass};
use serde::{Deserialize, Serialize};

/// The format that this crate writes, and the only one it knows.
pub const FORMAT: &str = "massho-log/1";

/// The first entry of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The format and its version.
    pub format: Format,
    /// The session's random name.
    pub session: SessionId,
    /// The key that signs every entry of this log, this one included.
    pub public_key: PublicKey,
    /// Where the key comes from.
    pub key_origin: KeyOrigin,
    /// The program that writes.
    pub tool: Tool,
    /// The PC's clock.
    pub clock: Clock,
    /// The PC.
    pub pc: Pc,
    /// The results stick.
    pub stick: StickState,
}

/// A format that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// [`FORMAT`].
    #[serde(rename = "massho-log/1")]
    V1,
}

/// Where a session's key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOrigin {
    /// The appliance made it, and nobody has vouched for it.
    Unregistered,
}

/// The program that writes, by its own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The image it runs in: *self-reported*, nothing has measured it.
    pub image: Image,
}

/// The live image, by its own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Its version.
    pub version: String,
    /// The commit it was built from.
    pub commit: String,
    /// The kernel's release.
    pub kernel: String,
    /// The kernel's command line.
    pub cmdline: String,
}

/// The PC's clock when the session was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What it said.
    pub wall: WallTime,
    /// Whether that can be right: not before the image was built, for one. `null` when that cannot be told.
    pub rtc_plausible: Option<bool>,
    /// Whether a person said so.
    pub confirmed_by_person: ClockConfirmation,
}

/// What a person said of the date and time shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockConfirmation {
    /// That they are right.
    Confirmed,
    /// They entered other ones, which are used from then on.
    Corrected,
    /// Nobody was asked, or nobody answered.
    NotConfirmed,
}

/// The PC by its DMI tables; what a table lacks is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pc {
    /// System manufacturer.
    pub maker: DeviceText,
    /// Product name.
    pub model: DeviceText,
    /// Serial number.
    pub serial: DeviceText,
    /// UUID.
    pub uuid: DeviceText,
}

/// The results stick and what it held before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StickState {
    /// `model::Identity::fingerprint` of the stick; empty when it did not say who it is.
    pub identity_fingerprint: String,
    /// Its serial number.
    pub serial: DeviceText,
    /// The filesystem's volume id.
    pub volume_id: DeviceText,
    /// The number of this session on this stick, from 1.
    pub session_counter: u32,
    /// The session before on this stick; `null` on an empty one.
    pub previous: Option<PreviousSession>,
}

/// The session before on the same stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousSession {
    /// The name of its file.
    pub file: String,
    /// The SHA-256 of its last whole line, without the newline.
    pub head: EntryHash,
}

/// What the operator entered and chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// 実施者, as declared.
    pub operator: String,
    /// 資産管理番号.
    pub asset_number: String,
    /// 立会職員, as declared, where one was named beforehand.
    pub witness: Option<String>,
    /// The class of the most sensitive information the PC ever held.
    pub class: InformationClass,
    /// The rule table by which the plan is made.
    pub policy: PolicyTable,
    /// The language of the screens.
    pub language: Language,
    /// What people attested of drives whose key may be erased (図表44).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<Attestation>,
}

/// That a person attested, of one drive, what no program can see and a 暗号化消去 rests on (図表44): encrypted before
/// any data was stored, by a CRYPTREC-listed algorithm, and no copy of the key left anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The drive.
    pub drive: DriveNo,
    /// Who attested it, as declared.
    pub by: String,
    /// 暗号方法: the encryption software and its version, or the drive's own encryption, as declared.
    pub cipher: String,
}

/// A rule table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTable {
    /// Its version.
    pub version: String,
    /// Whose it is.
    pub origin: TableOrigin,
}

/// Whose a rule table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableOrigin {
    /// The program's.
    Builtin,
    /// An organisation's file.
    Custom,
}

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}
