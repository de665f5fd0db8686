//! Switching the PC off.

use std::path::Path;

/// Only an image has this file: a program that is tried at a desk does not switch that PC off.
const APPLIANCE: &str = "/etc/massho/image.toml";

/// Switches off. Returns only where that is not possible, or not wanted.
pub(crate) fn off() {
    if !Path::new(APPLIANCE).exists() {
        return;
    }
    rustix::fs::sync();
    let Err(error) = nix::sys::reboot::reboot(nix::sys::reboot::RebootMode::RB_POWER_OFF);
    tracing::error!(%error, "the PC does not switch off");
}
