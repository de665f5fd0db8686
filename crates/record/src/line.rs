//! One line: the exact bytes of an entry, and the way back.

use crate::json::{self, JsonError};
use crate::{At, Entry, EntryHash, Format, Hex, SessionKey};
use serde_json::{Map, Value};

/// `,"sig":"` + 128 digits + `"}`: every line ends with exactly this many bytes that are not signed.
pub const SUFFIX_LEN: usize = SUFFIX_BEGIN.len() + 128 + SUFFIX_END.len();
const SUFFIX_BEGIN: &str = ",\"sig\":\"";
const SUFFIX_END: &str = "\"}";

/// Builds the line of an entry, without its newline.
pub(crate) fn encode(
    key: &SessionKey,
    seq: u32,
    prev: &EntryHash,
    at: &At,
    entry: &Entry,
) -> Result<String, serde_json::Error> {
    let (body, at, code) = (entry.body()?, serde_json::to_string(at)?, entry.code());
    // Every body has at least one member, so that its opening brace can become a comma.
    let members = body.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&body);
    let signed = format!("{{\"seq\":{seq},\"prev\":\"{prev}\",\"type\":\"{code}\",\"at\":{at},{members}");
    let signed = json::escape_invisible(&signed);
    Ok(seal(&signed, &key.sign_entry(signed.as_bytes())))
}

/// Puts what was signed and the signature together.
pub(crate) fn seal(signed: &str, signature: &Hex<64>) -> String {
    format!("{signed}{SUFFIX_BEGIN}{signature}{SUFFIX_END}")
}

/// A line taken apart: what was signed, and the signature. Nothing is checked but the form of the suffix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealed<'a> {
    /// The bytes that were signed, without the domain tag.
    pub(crate) signed: &'a str,
    /// The signature.
    pub(crate) signature: Hex<64>,
}

/// Splits a line, given without its newline. `None` when it does not end with a signature.
pub(crate) fn split(line: &str) -> Option<Sealed<'_>> {
    let (signed, suffix) = line.split_at_checked(line.len().checked_sub(SUFFIX_LEN)?)?;
    let digits = suffix.strip_prefix(SUFFIX_BEGIN)?.strip_suffix(SUFFIX_END)?;
    Some(Sealed { signed, signature: Hex::parse(digits).ok()? })
}

/// What every line has, whatever its type.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) seq: u32,
    pub(crate) prev: EntryHash,
    pub(crate) code: String,
    pub(crate) at: At,
    /// The other members, `type` among them, `sig` not.
    pub(crate) body: Map<String, Value>,
}

/// Why a line is not an entry's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FrameError {
    Json(JsonError),
    Members,
}

/// Reads a line as JSON and takes the common members off.
pub(crate) fn frame(line: &str) -> Result<Frame, FrameError> {
    let Value::Object(mut body) = json::parse(line).map_err(FrameError::Json)? else {
        return Err(FrameError::Members);
    };
    let frame = take_frame(&mut body).ok_or(FrameError::Members)?;
    // The order and the spelling are fixed, so that a person and a short program find them.
    let begin =
        format!("{{\"seq\":{},\"prev\":\"{}\",\"type\":\"{}\",\"at\":{{", frame.seq, frame.prev, frame.code);
    if line.starts_with(&begin) { Ok(Frame { body, ..frame }) } else { Err(FrameError::Members) }
}

fn take_frame(body: &mut Map<String, Value>) -> Option<Frame> {
    body.remove("sig")?;
    let seq = u32::try_from(body.remove("seq")?.as_u64()?).ok()?;
    let prev = Hex::parse(body.remove("prev")?.as_str()?).ok()?;
    let at = serde_json::from_value(body.remove("at")?).ok()?;
    let code = body.get("type")?.as_str()?.to_owned();
    Some(Frame { seq, prev, code, at, body: Map::new() })
}

impl Frame {
    /// The typed entry of a log in that format.
    ///
    /// # Errors
    /// What serde says; also when the entry has members that its type does not know, at any depth.
    pub(crate) fn entry(&self, format: Format) -> Result<Entry, String> {
        let mut body = self.body.clone();
        format.upgrade(&mut body)?;
        let body = Value::Object(body);
        let entry: Entry = serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
        // Some of serde's enum forms pass over members they do not know; writing it again shows them.
        match serde_json::to_value(&entry) {
            Ok(again) if again == body => Ok(entry),
            _ => Err(format!(
                "a member of this {:?} entry is unknown, missing or spelled otherwise",
                self.code
            )),
        }
    }
}
