//! What draws on the PC's screen.

use crate::console::Console;
use std::fs;
use std::path::Path;
use wizard::Display;

/// Where the kernel lists graphics cards and their connectors.
pub(crate) const CARDS: &str = "/sys/class/drm";

/// Drivers of the kernel that draw into what the firmware set up (drivers/gpu/drm/sysfb, before 6.16 drivers/gpu/drm/tiny), by
/// the names under which sysfs has them.
const FIRMWARE_DRIVERS: [&str; 3] = ["simple-framebuffer", "efi-framebuffer", "vesa-framebuffer"];

/// What draws on the screen of a console. The other end of a serial line has a screen of its own.
pub(crate) fn of(console: Console, cards: &Path) -> Display {
    if console == Console::Serial {
        return Display::Driven;
    }
    let entries = fs::read_dir(cards).into_iter().flatten().filter_map(Result::ok);
    let names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let driver = |card: &str| {
        let driver = fs::canonicalize(cards.join(card).join("device/driver")).ok()?;
        driver.file_name()?.to_str().map(str::to_owned)
    };
    // What the firmware set up goes as soon as its own card has a driver, so another card's driver draws elsewhere then.
    let is_firmware = |card: &String| driver(card).is_some_and(|name| FIRMWARE_DRIVERS.contains(&&*name));
    let shows = |connector: &String| {
        let status = fs::read_to_string(cards.join(connector).join("status")).unwrap_or_default();
        // An old monitor does not say that it is there.
        matches!(status.trim(), "connected" | "unknown")
    };
    let (cards, connectors): (Vec<String>, Vec<String>) =
        names.into_iter().filter(|name| name.starts_with("card")).partition(|name| !name.contains('-'));
    let driven = !cards.iter().any(is_firmware) && connectors.iter().any(shows);
    if driven { Display::Driven } else { Display::Firmware }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// Cards by their drivers, each with one connector.
    fn with(cards: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (no, (driver, status)) in cards.iter().enumerate() {
            let folder = root.path().join("drivers").join(driver);
            fs::create_dir_all(&folder).unwrap();
            let device = root.path().join(format!("class/card{no}/device"));
            fs::create_dir_all(&device).unwrap();
            symlink(&folder, device.join("driver")).unwrap();
            let connector = root.path().join(format!("class/card{no}-VGA-1"));
            fs::create_dir_all(&connector).unwrap();
            fs::write(connector.join("status"), format!("{status}\n")).unwrap();
        }
        root
    }

    #[test]
    fn only_a_driver_of_its_own_sets_a_screen_up_again() {
        let of_cards = |cards: &[(&str, &str)]| of(Console::Kmscon, &with(cards).path().join("class"));
        assert_eq!(of_cards(&[]), Display::Firmware);
        assert_eq!(of_cards(&[("simple-framebuffer", "connected")]), Display::Firmware);
        assert_eq!(of_cards(&[("i915", "connected")]), Display::Driven);
        assert_eq!(of_cards(&[("radeon", "unknown")]), Display::Driven);
        assert_eq!(of_cards(&[("i915", "disconnected")]), Display::Firmware, "the screen hangs elsewhere");
        let both = [("simple-framebuffer", "connected"), ("i915", "connected")];
        assert_eq!(of_cards(&both), Display::Firmware, "another card's");
        assert_eq!(of(Console::Kernel, Path::new("/nowhere")), Display::Firmware);
        assert_eq!(of(Console::Serial, Path::new("/nowhere")), Display::Driven);
    }
}
