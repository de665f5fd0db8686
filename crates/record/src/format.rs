//! The versions of the format: the present one is written, all are read.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The format that this crate writes.
pub const FORMAT: &str = "massho-log/3";

/// A format that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// Read only: without credentials, and without much of what people declare.
    #[serde(rename = "massho-log/1")]
    V1,
    /// Read only: without what people do by hand, removed drives, labels and exceptions.
    #[serde(rename = "massho-log/2")]
    V2,
    /// [`FORMAT`].
    #[serde(rename = "massho-log/3")]
    V3,
}

impl Format {
    /// The format of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "massho-log/1" => Some(Self::V1),
            "massho-log/2" => Some(Self::V2),
            FORMAT => Some(Self::V3),
            _ => None,
        }
    }

    /// Brings the members of an entry up to the present format: what an older one does not have is `null`.
    ///
    /// # Errors
    /// The entry has something that its format does not know.
    pub(crate) fn upgrade(self, body: &mut Map<String, Value>) -> Result<(), String> {
        if self < Self::V3 {
            before_3(body)?;
        }
        match (self, body.get("type").and_then(Value::as_str)) {
            (Self::V2 | Self::V3, _) => Ok(()),
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

/// massho-log/3 added members and words; before it nobody could say them.
fn before_3(body: &mut Map<String, Value>) -> Result<(), String> {
    match body.get("type").and_then(Value::as_str) {
        Some("choices") => {
            lacks(body, "labels")?;
            lacks(body, "exceptions")?;
            add(body, "drives_from", json!("this-pc"))
        }
        Some("by-hand") => Err("a by-hand entry is unknown in this version".to_owned()),
        Some("witness") => lacks(body, "by_hand"),
        Some("result") => knows_not(within(body, "result")?, "outcome", "awaiting-approval"),
        Some("close") => {
            lacks(body, "by_hand")?;
            let drives = body.get("drives").and_then(Value::as_array).into_iter().flatten();
            drives
                .filter_map(Value::as_object)
                .try_for_each(|it| knows_not(it, "outcome", "awaiting-approval"))
        }
        _ => Ok(()),
    }
}

fn lacks(body: &Map<String, Value>, name: &str) -> Result<(), String> {
    match body.get(name) {
        None => Ok(()),
        Some(_) => Err(format!("{name} is unknown in this version")),
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
