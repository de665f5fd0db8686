//! Where the PC's power comes from, and its power button.

use crate::event::Event;
use crossbeam_channel::Sender;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Where the kernel tells of batteries and mains (Documentation/ABI/testing/sysfs-class-power).
pub(crate) const SUPPLIES: &str = "/sys/class/power_supply";

/// Whether the PC lives on its battery: it has one, and no mains that is plugged in. A mouse's battery is none of the PC's.
pub(crate) fn is_on_battery(supplies: &Path) -> bool {
    let Ok(entries) = fs::read_dir(supplies) else { return false };
    let (mut battery, mut mains) = (false, false);
    for folder in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let attribute = |name: &str| {
            fs::read_to_string(folder.join(name)).map(|text| text.trim().to_owned()).unwrap_or_default()
        };
        match attribute("type").as_str() {
            "Battery" => battery |= attribute("scope") != "Device" && attribute("present") != "0",
            "Mains" | "USB" => mains |= attribute("online") != "0" && !attribute("online").is_empty(),
            _ => {}
        }
    }
    battery && !mains
}

/// `struct input_event` of a 64-bit kernel (include/uapi/linux/input.h): 16 bytes of time, then type, code and value.
const EVENT: usize = 24;
const EV_KEY: u16 = 1;
const KEY_POWER: u16 = 116;
const PRESSED: i32 = 1;

/// Whether these bytes say that the power button was pressed.
fn is_press(event: &[u8; EVENT]) -> bool {
    let [.., t0, t1, c0, c1, v0, v1, v2, v3] = *event;
    (u16::from_le_bytes([t0, t1]), u16::from_le_bytes([c0, c1]), i32::from_le_bytes([v0, v1, v2, v3]))
        == (EV_KEY, KEY_POWER, PRESSED)
}

/// How long until power buttons are looked for again: their driver may load after this program starts.
const LOOK: Duration = Duration::from_secs(5);

/// Sends a word whenever a power button is pressed. Nothing else acts on it: the kernel leaves it to the system, and here
/// that is this program.
pub(crate) fn listen_to_power_buttons(events: &Sender<Event>) -> io::Result<()> {
    let events = events.clone();
    thread::Builder::new().name("power-buttons".into()).spawn(move || {
        let mut heard: BTreeMap<PathBuf, JoinHandle<()>> = BTreeMap::new();
        loop {
            // One that is not listened to any more was lost in a sleep.
            heard.retain(|_, listener| !listener.is_finished());
            for node in power_buttons() {
                if heard.contains_key(&node) {
                    continue;
                }
                let (events, of) = (events.clone(), node.clone());
                match thread::Builder::new().name("power-button".into()).spawn(move || listen(&of, &events)) {
                    Ok(listener) => drop(heard.insert(node, listener)),
                    Err(error) => tracing::warn!(%error, "the power button is not heard"),
                }
            }
            thread::sleep(LOOK);
        }
    })?;
    Ok(())
}

fn listen(node: &Path, events: &Sender<Event>) {
    let heard = File::open(node).and_then(|mut button| {
        let mut event = [0; EVENT];
        loop {
            button.read_exact(&mut event)?;
            if is_press(&event) && events.send(Event::PowerButton).is_err() {
                return Ok(());
            }
        }
    });
    if let Err(error) = heard {
        tracing::warn!(%error, node = %node.display(), "the power button is not heard");
    }
}

/// Where the kernel tells of input devices.
const INPUTS: &str = "/sys/class/input";

/// What the kernel calls a device that has the power button: the ACPI one, and those of tablets.
const BUTTONS: [&str; 5] = [
    "Power Button",
    "gpio-keys",
    "Intel HID 5 button array",
    "Intel Virtual Buttons",
    "Surface Pro 3/4 Buttons",
];

/// Their nodes.
fn power_buttons() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(INPUTS) else { return Vec::new() };
    let is_button = |folder: &PathBuf| {
        fs::read_to_string(folder.join("device/name")).is_ok_and(|name| BUTTONS.contains(&name.trim()))
    };
    let folders = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_button);
    let name = |folder: &PathBuf| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    folders
        .filter_map(|folder| name(&folder))
        .filter(|name| name.starts_with("event"))
        .map(|name| Path::new("/dev/input").join(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supplies(of: &[(&str, &[(&str, &str)])]) -> bool {
        let root = tempfile::tempdir().unwrap();
        for (name, attributes) in of {
            let folder = root.path().join(name);
            fs::create_dir(&folder).unwrap();
            for (attribute, value) in *attributes {
                fs::write(folder.join(attribute), format!("{value}\n")).unwrap();
            }
        }
        is_on_battery(root.path())
    }

    const BATTERY: (&str, &[(&str, &str)]) = ("BAT0", &[("type", "Battery"), ("present", "1")]);

    #[test]
    fn a_notebook_is_on_its_battery_when_nothing_is_plugged_in() {
        assert!(supplies(&[BATTERY, ("AC", &[("type", "Mains"), ("online", "0")])]));
        assert!(supplies(&[BATTERY]));
        assert!(!supplies(&[BATTERY, ("AC", &[("type", "Mains"), ("online", "1")])]));
        assert!(!supplies(&[
            BATTERY,
            ("AC", &[("type", "Mains"), ("online", "0")]),
            ("ucsi", &[("type", "USB"), ("online", "1")])
        ]));
    }

    #[test]
    fn a_pc_without_a_battery_of_its_own_is_not() {
        assert!(!supplies(&[]));
        assert!(!supplies(&[("hidpp", &[("type", "Battery"), ("scope", "Device")])]));
        assert!(!supplies(&[("BAT0", &[("type", "Battery"), ("present", "0")])]));
        assert!(!is_on_battery(Path::new("/nowhere")));
    }

    #[test]
    fn a_press_is_told_from_a_release_and_from_other_keys() {
        let event = |kind: u16, code: u16, value: i32| {
            let mut bytes = [0xAA; EVENT];
            bytes[16..18].copy_from_slice(&kind.to_le_bytes());
            bytes[18..20].copy_from_slice(&code.to_le_bytes());
            bytes[20..].copy_from_slice(&value.to_le_bytes());
            bytes
        };
        assert!(is_press(&event(1, 116, 1)));
        for other in [event(1, 116, 0), event(1, 116, 2), event(1, 30, 1), event(0, 0, 0)] {
            assert!(!is_press(&other));
        }
    }
}
