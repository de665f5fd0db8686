//! What can be wrong with a signed document.

use crate::{Day, PublicKey};

/// The first thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperFault {
    /// It is longer than any document.
    #[error("it is too long")]
    TooLong,
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It is not one line with one line end.
    #[error("it is not one line")]
    NotOneLine,
    /// The line does not end with `,"sig":"…"}`.
    #[error("it does not end with a signature")]
    NoSignature,
    /// The line is not JSON as the log allows it.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// It is a document of another kind or version; the text is its name.
    #[error("it is of another kind: {0:?}")]
    OtherFormat(String),
    /// A member is missing, unknown, or has a value that it cannot have.
    #[error("it is not understood: {0}")]
    NotUnderstood(String),
    /// The signature is not that key's, or the document was altered.
    #[error("it was altered, or signed by another key")]
    NotSigned,
    /// The key before did not sign for the next one.
    #[error("the key before did not sign for this one")]
    RotationNotSigned,
    /// It is whole, and signed by a key that is another organisation's.
    #[error("it is another organisation's: {organisation}")]
    Foreign {
        /// What that organisation calls itself.
        organisation: String,
        /// Its key.
        key: PublicKey,
    },
    /// It is valid from a later day on.
    #[error("it is valid from {from} on")]
    NotYetValid {
        /// That day.
        from: Day,
    },
    /// It was valid until an earlier day.
    #[error("it was valid until {until}")]
    Expired {
        /// That day.
        until: Day,
    },
}

/// Why a document was not made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// It cannot be written as JSON.
    #[error("it cannot be written")]
    Json(#[source] serde_json::Error),
    /// What was written would not be read back as the same.
    #[error("it would not be read back: {0}")]
    NotReadable(String),
    /// The key that signs is not the one that the document names.
    #[error("the document names another key than the one that signs")]
    OtherKey,
    /// It would be valid on no day.
    #[error("it would be valid on no day")]
    NoDay,
}
