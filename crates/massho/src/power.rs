//! Switching the PC off.

use std::path::Path;
use std::time::Duration;

/// Only an image has this file: a program that is tried at a desk does not switch that PC off.
const APPLIANCE: &str = "/etc/massho/image.toml";

/// How long flushing may take.
const SYNC_PATIENCE: Duration = Duration::from_secs(10);

/// Switches off. Returns only where that is not possible, or not wanted.
pub(crate) fn off() {
    if !Path::new(APPLIANCE).exists() {
        return;
    }
    // What counts was read back from the stick and let go of. Something else that hangs must not keep the PC on.
    let (done, synced) = crossbeam_channel::bounded(1);
    let sync = move || {
        rustix::fs::sync();
        let _ = done.send(());
    };
    match std::thread::Builder::new().name("sync".into()).spawn(sync) {
        Ok(_) if synced.recv_timeout(SYNC_PATIENCE).is_err() => tracing::warn!("not everything is flushed"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "not flushed"),
    }
    let Err(error) = nix::sys::reboot::reboot(nix::sys::reboot::RebootMode::RB_POWER_OFF);
    tracing::error!(%error, "the PC does not switch off");
}
