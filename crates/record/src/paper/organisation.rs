//! Who an organisation is: its name, its key of this fiscal year, and the key before.

use super::{Kind, Paper, PaperError, PaperFault, Signed, check_signature, members, one_line, read};
use crate::key::Domain;
use crate::{Hex, PublicKey, RootKey, Validity, line};
use serde::{Deserialize, Serialize};

/// An organisation and its root key, signed by that key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// The Japanese fiscal year of this key: 2026 begins on 2026-04-01.
    pub fiscal_year: u32,
    /// The key.
    pub public_key: PublicKey,
    /// On which days it counts.
    pub valid: Validity,
    /// The key of before, and its word for this one; `null` for the first key, and for one that replaces a key that
    /// nobody may trust any more.
    pub previous: Option<Previous>,
}

/// The word of the key before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// That key.
    pub public_key: PublicKey,
    /// Its signature over all bytes of the document before `,"previous":`.
    pub signature: Hex<64>,
}

impl Paper for Organisation {
    const FORMAT: &'static str = "massho-organisation/1";
    const KIND: Kind = Kind(Domain::Organisation);
}

impl Signed<Organisation> {
    /// Reads an organisation's document: signed by the key in it, and by the key before where it names one. Whether it
    /// is *the* organisation, nobody can tell from the document: compare the fingerprint.
    ///
    /// # Errors
    /// [`PaperFault`]: the first thing that is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, PaperFault> {
        let line = one_line(bytes)?;
        let (body, _) = read::<Organisation>(line)?;
        check_signature::<Organisation>(line, &body.public_key)?;
        if !body.valid.is_possible() {
            return Err(PaperFault::NotUnderstood("it is valid on no day".into()));
        }
        if let Some(previous) = &body.previous {
            let text = before_previous(line, previous).ok_or(PaperFault::RotationNotSigned)?;
            if !previous.public_key.signed(Domain::Rotation, text.as_bytes(), &previous.signature) {
                return Err(PaperFault::RotationNotSigned);
            }
        }
        Ok(Self { body, line: line.to_owned() })
    }

    /// Whether that key is this organisation's: the present one, or the one before.
    #[must_use]
    pub fn has_key(&self, key: &PublicKey) -> bool {
        self.public_key == *key || self.previous.as_ref().is_some_and(|previous| previous.public_key == *key)
    }

    /// Reads a document that this organisation should have signed, by the key that it names.
    ///
    /// # Errors
    /// [`PaperFault`]; [`PaperFault::Foreign`] where another organisation's key signed it.
    pub fn signed<T: Paper + ByOrganisation>(&self, bytes: &[u8]) -> Result<Signed<T>, PaperFault> {
        let document = Signed::<T>::by_named_key(bytes)?;
        let key = document.organisation_key();
        if self.has_key(&key) {
            return Ok(document);
        }
        Err(PaperFault::Foreign { organisation: document.organisation().to_owned(), key })
    }
}

impl<T: Paper + ByOrganisation> Signed<T> {
    /// Reads a document by the key that it names itself, so that a foreign one is not called an altered one. That it is
    /// *the* organisation's key is for the caller to ask.
    ///
    /// # Errors
    /// [`PaperFault`]
    pub fn by_named_key(bytes: &[u8]) -> Result<Self, PaperFault> {
        let (body, _) = read::<T>(one_line(bytes)?)?;
        Self::verify(bytes, &body.organisation_key())
    }
}

/// A document that names the organisation whose key signed it.
pub trait ByOrganisation {
    /// The organisation's key.
    fn organisation_key(&self) -> PublicKey;
    /// The organisation's name, where the document gives it.
    fn organisation(&self) -> &str;
}

/// The part of the line that the key before signed.
fn before_previous<'a>(text: &'a str, previous: &Previous) -> Option<&'a str> {
    let Previous { public_key, signature } = previous;
    let member =
        format!(r#","previous":{{"public_key":"{}","signature":"{signature}"}}"#, Hex(public_key.bytes()));
    line::split(text)?.signed.strip_suffix(&member)
}

/// Makes an organisation's document, signed by its key and, at a rotation, by the key before.
///
/// # Errors
/// [`PaperError::OtherKey`] when `root` is not the key that `organisation` names; [`PaperError::NoDay`]; or another
/// [`PaperError`].
pub fn sign_organisation(
    mut organisation: Organisation,
    root: &RootKey,
    before: Option<&RootKey>,
) -> Result<Signed<Organisation>, PaperError> {
    if organisation.public_key != root.public() {
        return Err(PaperError::OtherKey);
    }
    if !organisation.valid.is_possible() {
        return Err(PaperError::NoDay);
    }
    organisation.previous = None;
    if let Some(before) = before {
        let text = members(&organisation)?;
        let text = text.strip_suffix(",\"previous\":null").unwrap_or(&text);
        let signature = before.secret().sign(Domain::Rotation, text.as_bytes());
        organisation.previous = Some(Previous { public_key: before.public(), signature });
    }
    Signed::sign(organisation, root)
}
