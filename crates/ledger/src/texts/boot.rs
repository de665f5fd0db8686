//! What is said about boot sticks.

use super::Problem;
use serde::Serialize;

/// The texts about boot sticks.
#[derive(Debug, Serialize)]
pub(crate) struct BootTexts {
    pub(crate) ask: &'static str,
    pub(crate) written: &'static str,
    pub(crate) no_key: &'static str,
    pub(crate) prepared: &'static str,
    pub(crate) as_released: &'static str,
    pub(crate) as_released_signature: &'static str,
    pub(crate) files_as_released: &'static str,
    pub(crate) unlocked: &'static str,
    pub(crate) keyless: &'static str,
    pub(crate) key_there: &'static str,
    pub(crate) key_yours: &'static str,
    pub(crate) not_proven: &'static str,
    pub(crate) read_back: Problem,
    pub(crate) no_manifest: Problem,
    pub(crate) no_boot_stick: Problem,
    pub(crate) not_today: Problem,
    pub(crate) no_device: Problem,
    pub(crate) partition: Problem,
    pub(crate) not_removable: Problem,
    pub(crate) read_only: Problem,
    pub(crate) in_use: Problem,
    pub(crate) holds_records: Problem,
    pub(crate) too_small: Problem,
    pub(crate) not_confirmed: Problem,
    pub(crate) altered: Problem,
    pub(crate) too_short: Problem,
    pub(crate) other_image: Problem,
    pub(crate) file_missing: Problem,
    pub(crate) file_altered: Problem,
    pub(crate) file_foreign: Problem,
    pub(crate) stranger: Problem,
    pub(crate) unchecked: Problem,
    pub(crate) key_missing: Problem,
    pub(crate) key_unusable: Problem,
    pub(crate) key_other: Problem,
    pub(crate) revocations_other: Problem,
}
