//! The versions of the format: the present one is written, all are read.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The format that this crate writes.
pub const FORMAT: &str = "massho-log/2";

/// A format that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Read only: without credentials, and without much of what people declare.
    #[serde(rename = "massho-log/1")]
    V1,
    /// [`FORMAT`].
    #[serde(rename = "massho-log/2")]
    V2,
}

impl Format {
    /// The format of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "massho-log/1" => Some(Self::V1),
            FORMAT => Some(Self::V2),
            _ => None,
        }
    }

    /// Brings the members of an entry up to the present format: what an older one does not have is `null`.
    ///
    /// # Errors
    /// The entry has something that its format does not know.
    pub(crate) fn upgrade(self, body: &mut Map<String, Value>) -> Result<(), String> {
        match (self, body.get("type").and_then(Value::as_str)) {
            (Self::V2, _) => Ok(()),
            (Self::V1, Some("open")) => {
                knows_not(body, "key_origin", "stick")?;
                add(within(body, "tool")?, "program", Value::Null)?;
                add(body, "credential", Value::Null)?;
                add(body, "organisation_key", Value::Null)
            }
            (Self::V1, Some("choices")) => {
                let policy = within(body, "policy")?;
                knows_not(policy, "origin", "signed")?;
                add(policy, "sha256", Value::Null)?;
                let nobody_was_asked = json!({
                    "organisation": null, "section": null, "place": null, "approver": null, "carried_out_by": null,
                    "ownership": null, "destination": null, "remarks": null,
                });
                add(body, "declared", nobody_was_asked)
            }
            (Self::V1, _) => Ok(()),
        }
    }
}

fn within<'a>(body: &'a mut Map<String, Value>, name: &str) -> Result<&'a mut Map<String, Value>, String> {
    body.get_mut(name).and_then(Value::as_object_mut).ok_or_else(|| format!("{name} is missing"))
}

fn add(body: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
    match body.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("{name} is unknown in this version")),
    }
}

fn knows_not(body: &Map<String, Value>, name: &str, value: &str) -> Result<(), String> {
    match body.get(name).and_then(Value::as_str) {
        Some(found) if found == value => Err(format!("{name} {value:?} is unknown in this version")),
        _ => Ok(()),
    }
}
