//! Who has what mounted, and what the kernel swaps to.

use model::DeviceText;
use std::io;

/// Mount points by device number, from `/proc/self/mountinfo`; swap areas by node, from `/proc/swaps`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mounts {
    points: Vec<((u32, u32), DeviceText)>,
    swaps: Vec<String>,
}

impl Mounts {
    /// Reads both tables.
    ///
    /// # Errors
    /// If the mount table cannot be read: nothing may then be taken for unused.
    pub fn read() -> io::Result<Self> {
        let mountinfo = std::fs::read_to_string("/proc/self/mountinfo")?;
        let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
        Ok(Self::parse(&mountinfo, &swaps))
    }

    /// Reads the text of both tables (proc(5)): in the first, the third field is `major:minor`, the fifth the mount
    /// point, and the one after ` - TYPE ` the source.
    #[must_use]
    pub fn parse(mountinfo: &str, swaps: &str) -> Self {
        let points = mountinfo.lines().filter_map(|line| {
            let mut fields = line.split(' ');
            let (major, minor) = fields.nth(2)?.split_once(':')?;
            let point = fields.nth(1)?;
            Some(((major.parse().ok()?, minor.parse().ok()?), point.into()))
        });
        let swaps = swaps.lines().skip(1).filter_map(|line| line.split_whitespace().next());
        Self { points: points.collect(), swaps: swaps.map(str::to_owned).collect() }
    }

    /// Where a device is in use.
    #[must_use]
    pub fn of(&self, number: (u32, u32), node: &str) -> Vec<DeviceText> {
        let mounted = self.points.iter().filter(|(at, _)| *at == number).map(|(_, point)| point.clone());
        let swap = self.swaps.iter().filter(|swap| *swap == node).map(|_| "swap".into());
        mounted.chain(swap).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_points_are_found_by_device_number() {
        let info = "36 35 8:1 / /run/massho/stick rw,nosuid shared:1 - vfat /dev/sdc1 rw\n\
                    37 1 0:21 / /proc rw - proc proc rw\ngarbage\n";
        let swaps = "Filename\tType\tSize\n/dev/sda3                partition 1 0 -2\n";
        let mounts = Mounts::parse(info, swaps);
        assert_eq!(mounts.of((8, 1), "/dev/sdc1"), ["/run/massho/stick".into()]);
        assert_eq!(mounts.of((8, 3), "/dev/sda3"), ["swap".into()]);
        assert!(mounts.of((8, 2), "/dev/sda2").is_empty());
    }
}
