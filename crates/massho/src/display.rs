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
    let driver = |card: fs::DirEntry| {
        let name = card.file_name().into_string().ok()?;
        // Its connectors are listed as card0-VGA-1.
        let number = name.strip_prefix("card")?;
        number.chars().all(|c| c.is_ascii_digit()).then_some(())?;
        let driver = fs::canonicalize(card.path().join("device/driver")).ok()?;
        driver.file_name()?.to_str().map(str::to_owned)
    };
    let driven = entries.filter_map(driver).any(|driver| !FIRMWARE_DRIVERS.contains(&driver.as_str()));
    if driven { Display::Driven } else { Display::Firmware }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn with(drivers: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (no, driver) in drivers.iter().enumerate() {
            let folder = root.path().join("drivers").join(driver);
            fs::create_dir_all(&folder).unwrap();
            let device = root.path().join(format!("class/card{no}/device"));
            fs::create_dir_all(&device).unwrap();
            symlink(&folder, device.join("driver")).unwrap();
            let connector = root.path().join(format!("class/card{no}-VGA-1/device"));
            fs::create_dir_all(&connector).unwrap();
            symlink(root.path(), connector.join("driver")).unwrap();
        }
        root
    }

    #[test]
    fn only_a_driver_of_its_own_sets_a_screen_up_again() {
        let of_cards = |drivers: &[&str]| of(Console::Kmscon, &with(drivers).path().join("class"));
        assert_eq!(of_cards(&[]), Display::Firmware);
        assert_eq!(of_cards(&["simple-framebuffer"]), Display::Firmware);
        assert_eq!(of_cards(&["i915"]), Display::Driven);
        assert_eq!(of_cards(&["simple-framebuffer", "bochs-drm"]), Display::Driven);
        assert_eq!(of(Console::Kernel, Path::new("/nowhere")), Display::Firmware);
        assert_eq!(of(Console::Serial, Path::new("/nowhere")), Display::Driven);
    }
}
