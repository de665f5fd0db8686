//! Who, where and with what: the entries that begin a session.

use crate::{Credential, DrivesFrom, EntryHash, Exception, Format, Label, PublicKey, SessionId, WallTime};
use model::{DeviceText, DriveNo, InformationClass};
use serde::{Deserialize, Serialize};

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
    /// The stick's word for the key, with the office's word for the stick; `null` where the appliance made the key for
    /// itself.
    pub credential: Option<Credential>,
    /// The organisation's key that the boot stick gave: *self-reported*; `null` where it gave none.
    pub organisation_key: Option<PublicKey>,
}

/// Where a session's key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOrigin {
    /// The appliance made it, and nobody has vouched for it.
    Unregistered,
    /// The appliance made it, and a prepared stick's key certified it.
    Stick,
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
    /// The SHA-256 of the program's own file, as it read it: *self-reported*; `null` where it could not.
    pub program: Option<EntryHash>,
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
    /// Where the drives were.
    pub drives_from: DrivesFrom,
    /// 資産管理番号 of this PC; empty on a bench, where this PC is the workbench only.
    pub asset_number: String,
    /// 立会職員, as declared, where one was named beforehand.
    pub witness: Option<String>,
    /// The class of the most sensitive information the media ever held.
    pub class: InformationClass,
    /// The rule table by which the plan is made.
    pub policy: PolicyTable,
    /// The language of the screens.
    pub language: Language,
    /// What people attested of drives whose key may be erased (図表44).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attestations: Vec<Attestation>,
    /// What people read off the labels of drives, or know of where they came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// The drives that get a lesser method than the class asks, and why (例外措置, 7.4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// What else a record has to say and only people know.
    pub declared: Declared,
}

/// What a record has to say and only people know. Everything is as declared; `null` where nobody was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The organisation.
    pub organisation: Option<String>,
    /// 所属: the section whose PC it is.
    pub section: Option<String>,
    /// 実施場所: where it was done.
    pub place: Option<String>,
    /// Who permitted it, as 情報セキュリティ管理者.
    pub approver: Option<String>,
    /// Who carries it out.
    pub carried_out_by: Option<CarriedOutBy>,
    /// Whose PC it is.
    pub ownership: Option<Ownership>,
    /// What is to become of the media.
    pub destination: Option<Destination>,
    /// 備考: anything else.
    pub remarks: Option<String>,
}

/// Who carries an erase out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by", deny_unknown_fields)]
pub enum CarriedOutBy {
    /// 職員: the organisation's own staff.
    Staff,
    /// 委託先: a contractor's.
    Contractor {
        /// Its name.
        name: String,
    },
}

/// Whose PC it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub enum Ownership {
    /// The organisation's own.
    Own,
    /// リース.
    Leased {
        /// Whose.
        lessor: String,
        /// The contract's number or name; may be empty.
        contract: String,
    },
}

/// What is to become of the media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Destination {
    /// 再利用
    Reuse,
    /// 返却
    Return,
    /// 廃棄
    Disposal,
    /// 破壊
    Destruction,
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
    /// The SHA-256 of an organisation's file; `null` for the program's.
    pub sha256: Option<EntryHash>,
}

/// Whose a rule table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableOrigin {
    /// The program's.
    Builtin,
    /// An organisation's file, no looser than the program's.
    Custom,
    /// An organisation's file that the stick's certificate lists; it may be looser than the program's.
    Signed,
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
