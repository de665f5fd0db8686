//! Who vouches for a results stick, as far as the program could check.

use serde::{Deserialize, Serialize};

/// What the program found out about a stick's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Voucher {
    /// It was not prepared by any office.
    Blank,
    /// It was prepared, and its key rests under a passphrase.
    Prepared {
        /// The organisation, by its name.
        organisation: String,
        /// How far that was checked.
        check: VoucherCheck,
    },
    /// It was prepared, and its key is not used.
    Refused(Refusal),
}

/// How far a certificate was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum VoucherCheck {
    /// By the organisation's key of the boot stick, and by the date.
    Checked,
    /// The boot stick has no organisation's key: the office will check it.
    NoKey,
    /// By the key; but by the PC's clock it does not count today. The text is the day from which, or until which, it
    /// does.
    NotToday(String),
}

/// Why a stick's key is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Its certificate is none, or was altered.
    Altered,
    /// Another organisation prepared it; the text is what it calls itself.
    Foreign(String),
    /// The office revoked it.
    Revoked,
    /// A file that the office put there was altered or is missing; the text is its name.
    File(String),
    /// The sealed key cannot be used; the text is why.
    Key(String),
}

/// Why a stick's key was not opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnsealProblem {
    /// The passphrase is another one.
    WrongPassphrase,
    /// It cannot be opened here by any passphrase; the text is why.
    Unusable(String),
}

/// How far a prepared stick's key is from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lock {
    /// There is none, or it is not used.
    #[default]
    None,
    /// Its passphrase is asked for.
    Shut,
    /// A passphrase is being tried.
    Trying,
    /// It is open: it certifies the session.
    Open,
    /// The operator goes on without it.
    Without,
}

impl Lock {
    /// What a stick that was just opened has.
    pub(crate) fn of(voucher: &Voucher) -> Self {
        match voucher {
            Voucher::Prepared { .. } => Self::Shut,
            Voucher::Blank | Voucher::Refused(_) => Self::None,
        }
    }

    /// Whether the operator still has to answer.
    pub(crate) fn is_pending(self) -> bool {
        matches!(self, Self::Shut | Self::Trying)
    }
}
