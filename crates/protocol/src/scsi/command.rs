//! A command with the parameters that it carries.

use std::fmt::Write;

/// A CDB of up to 16 bytes, and a parameter list where it takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    cdb: Vec<u8>,
    parameters: Vec<u8>,
}

impl Command {
    pub(crate) fn new(cdb: &[u8], parameters: &[u8]) -> Self {
        Self { cdb: cdb.to_vec(), parameters: parameters.to_vec() }
    }

    /// The command descriptor block.
    #[must_use]
    pub fn cdb(&self) -> &[u8] {
        &self.cdb
    }

    /// The parameter list that goes to the drive; empty for none.
    #[must_use]
    pub fn parameters(&self) -> &[u8] {
        &self.parameters
    }

    /// The command and its parameters as a record keeps them.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = "SCSI".to_owned();
        append(&mut text, &self.cdb);
        if !self.parameters.is_empty() {
            text.push_str(" parameters");
            append(&mut text, &self.parameters);
        }
        text
    }
}

fn append(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // A String takes whatever it is given.
        let _ = write!(text, " {byte:02X}");
    }
}
