//! Signed documents: what the office says, on one line each.
//!
//! A document is one JSON object under the log's rules, on one line that ends in the log's suffix, signed under a
//! domain tag of its kind. Its bytes are kept as they were read: nothing is ever written again to be verified.

mod fault;
mod jobs;
mod organisation;
mod release;
mod revocations;
mod stick;
mod telling;

pub use fault::{PaperError, PaperFault};
pub use jobs::{JOBS_FILE, JobDrive, JobList, JobListFault, JobPc, JobPurpose, JobText, LONGEST_JOB_TEXT};
pub use organisation::{ByOrganisation, Organisation, Previous, sign_organisation};
pub use release::{Release, ReleasedLog, hash_file};
pub use revocations::{Revocation, RevocationReason, Revocations};
pub use stick::{StickCertificate, StickFile, StickId, new_stick_id};
pub use telling::{is_telling_serial, is_telling_uuid};

use crate::json;
use crate::key::Domain;
use crate::line;
use crate::{PublicKey, RootKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ops::Deref;

/// The file of [`Organisation`]: at the office, and on a boot stick's FAT partition.
pub const ORGANISATION_FILE: &str = "massho-organisation.json";
/// The file of [`Revocations`] on a boot stick's FAT partition.
pub const REVOCATIONS_FILE: &str = "massho-revocations.json";
/// The file of [`Release`], in [`crate::LOG_FOLDER`].
pub use model::RELEASE_FILE;
/// The folder on a results stick that holds what the office put there.
pub const OFFICE_FOLDER: &str = "MASSHO-OFFICE";
/// The file of [`StickCertificate`], in [`OFFICE_FOLDER`].
pub const STICK_FILE: &str = "stick.json";
/// The file of the stick's sealed key, in [`OFFICE_FOLDER`].
pub const STICK_KEY_FILE: &str = "stick.key";

/// A longer document is none: nothing of that size is read from a stick.
pub const LONGEST_PAPER: usize = 16 << 20;

/// A kind of document.
pub trait Paper: Serialize + DeserializeOwned + PartialEq {
    /// The value of `format`, which is the first member.
    const FORMAT: &'static str;
    #[doc(hidden)]
    const KIND: Kind;
}

/// The kinds that exist; a token by which the domains stay this crate's own.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind(Domain);

/// A document whose signature was checked, with its exact bytes. Made by signing or by verifying only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    body: T,
    line: String,
}

impl<T> Deref for Signed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> Signed<T> {
    /// The line, without its line end.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [self.line.as_bytes(), b"\n"].concat()
    }
}

impl<T: Paper> Signed<T> {
    /// Signs a document.
    ///
    /// # Errors
    /// [`PaperError`] when it cannot be written so that it is read back as the same.
    pub fn sign(body: T, root: &RootKey) -> Result<Self, PaperError> {
        let members = members(&body)?;
        let line = line::seal(&members, &root.secret().sign(T::KIND.0, members.as_bytes()));
        match read::<T>(&line) {
            Ok((again, _)) if again == body => Ok(Self { body, line }),
            Ok(_) => Err(PaperError::NotReadable("it reads otherwise".into())),
            Err(fault) => Err(PaperError::NotReadable(fault.to_string())),
        }
    }

    /// Reads a document and checks that this key signed it. Whose key that is, and whether the document holds today,
    /// is the caller's question.
    ///
    /// # Errors
    /// [`PaperFault`]: the first thing that is wrong with it.
    pub fn verify(bytes: &[u8], key: &PublicKey) -> Result<Self, PaperFault> {
        let line = one_line(bytes)?;
        let (body, _) = read::<T>(line)?;
        check_signature::<T>(line, key)?;
        Ok(Self { body, line: line.to_owned() })
    }
}

/// What is signed: everything before the suffix.
fn members<T: Paper>(body: &T) -> Result<String, PaperError> {
    let body = serde_json::to_string(body).map_err(PaperError::Json)?;
    let members = body.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&body);
    Ok(json::escape_invisible(&format!("{{\"format\":\"{}\",{members}", T::FORMAT)))
}

/// The one line of a file, without its line end.
fn one_line(bytes: &[u8]) -> Result<&str, PaperFault> {
    if bytes.len() > LONGEST_PAPER {
        return Err(PaperFault::TooLong);
    }
    let text = str::from_utf8(bytes).map_err(|_| PaperFault::NotUtf8)?;
    match text.strip_suffix('\n') {
        Some(line) if !line.contains('\n') => Ok(line),
        _ => Err(PaperFault::NotOneLine),
    }
}

/// Reads a line without asking who signed it. The second is the JSON, without `format` and `sig`.
fn read<T: Paper>(text: &str) -> Result<(T, Value), PaperFault> {
    line::split(text).ok_or(PaperFault::NoSignature)?;
    let value = json::parse(text).map_err(|error| PaperFault::NotJson(error.to_string()))?;
    let Value::Object(mut members) = value else { return Err(PaperFault::NotJson("no object".into())) };
    members.remove("sig");
    let format = members.remove("format");
    let format = format.as_ref().and_then(Value::as_str).unwrap_or_default();
    if format != T::FORMAT {
        return Err(PaperFault::OtherFormat(format.to_owned()));
    }
    if !text.starts_with(&format!("{{\"format\":\"{}\",", T::FORMAT)) {
        return Err(PaperFault::NotUnderstood("format is not the first member".into()));
    }
    let members = Value::Object(members);
    let body: T = serde_json::from_value(members.clone())
        .map_err(|error| PaperFault::NotUnderstood(error.to_string()))?;
    match serde_json::to_value(&body) {
        Ok(again) if again == members => Ok((body, members)),
        _ => Err(PaperFault::NotUnderstood("a member is unknown, missing or spelled otherwise".into())),
    }
}

fn check_signature<T: Paper>(text: &str, key: &PublicKey) -> Result<(), PaperFault> {
    let sealed = line::split(text).ok_or(PaperFault::NoSignature)?;
    let signed = key.signed(T::KIND.0, sealed.signed.as_bytes(), &sealed.signature);
    if signed { Ok(()) } else { Err(PaperFault::NotSigned) }
}
