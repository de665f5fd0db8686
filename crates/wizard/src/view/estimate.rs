//! Roughly how long a drive takes: shown as a guess before anything has begun, never as progress.

use model::{Aside, Bus, Identity, Medium, Technique};
use policy::Erase;

/// Bytes per second that such a drive usually sustains, reading or writing: on the slow side.
fn speed(bus: Bus, medium: Medium) -> u64 {
    const MB: u64 = 1_000_000;
    match (medium, bus) {
        (Medium::UsbStick, _) => 15 * MB,
        (_, Bus::Usb) => 80 * MB,
        (Medium::Hdd, _) => 90 * MB,
        (_, Bus::Nvme) => 800 * MB,
        (_, Bus::Mmc) => 60 * MB,
        _ => 300 * MB,
    }
}

/// Seconds, or `None` where it depends on the drive alone and that tells none. Every pass and the read-back go over all
/// of it.
pub(crate) fn seconds(
    erase: Erase,
    identity: &Identity,
    medium: Medium,
    aside: Option<&Aside>,
) -> Option<u64> {
    let once = identity.capacity.0 / speed(identity.bus, medium);
    match erase.technique {
        Technique::RandomOverwrite => Some(once.saturating_mul(u64::from(erase.passes) + 1)),
        // A few minutes at most for the command; reading back is what takes time.
        Technique::NvmeFormatUserData => Some(once.saturating_add(120)),
        other => {
            let told = aside.and_then(|aside| aside.times.get(&other))?;
            // Of a disk a sample of an eighth is read back.
            let read = if medium == Medium::Hdd { once / 8 } else { once };
            Some(told.saturating_add(read))
        }
    }
}
