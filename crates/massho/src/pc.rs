//! What the PC and the image say of themselves.

use model::DeviceText;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

const IMAGE: &str = "/etc/massho/image.toml";

/// The hash of this program's own file.
static PROGRAM: LazyLock<Option<record::EntryHash>> =
    LazyLock::new(|| fs::read("/proc/self/exe").ok().map(|bytes| record::hash_file(&bytes)));

/// The image's own description of itself.
#[derive(Debug, Default, Deserialize)]
struct ImageFile {
    #[serde(default)]
    version: String,
    #[serde(default)]
    commit: String,
    /// Whether its Debian packages are those of the release's lock: `locked`, `unlocked`.
    #[serde(default)]
    packages: String,
    /// Versions of the packages in it, which the record does not need.
    #[serde(default, rename = "debian")]
    _versions: BTreeMap<String, String>,
}

impl ImageFile {
    fn read() -> Self {
        toml::from_str(&fs::read_to_string(IMAGE).unwrap_or_default()).unwrap_or_default()
    }

    fn is_unlocked(&self) -> bool {
        self.packages == "unlocked"
    }

    /// In one line: version, commit, `unlocked` if it is, and the name that the boot loader gave.
    fn in_a_line(&self, name: &str) -> String {
        let unlocked = if self.is_unlocked() { "unlocked" } else { "" };
        let parts = [self.commit.as_str(), unlocked, name];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.fold(format!("massho {}", env!("CARGO_PKG_VERSION")), |line, part| line + "  " + part)
    }
}

/// The PC by its DMI tables, as the kernel gives them; what is missing is empty.
pub(crate) fn identity() -> record::Pc {
    let field = |name: &str| -> DeviceText {
        let path = Path::new("/sys/class/dmi/id").join(name);
        fs::read_to_string(path).map(|text| text.trim().into()).unwrap_or_default()
    };
    record::Pc {
        maker: field("sys_vendor"),
        model: field("product_name"),
        serial: field("product_serial"),
        uuid: field("product_uuid"),
    }
}

/// This program, and the image it runs in.
pub(crate) fn tool() -> record::Tool {
    record::Tool { program: *PROGRAM, ..tool_without_hash() }
}

fn tool_without_hash() -> record::Tool {
    let image = ImageFile::read();
    let line = |path: &str| fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    record::Tool {
        name: "massho".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        image: record::Image {
            version: image.version,
            commit: image.commit,
            kernel: line("/proc/sys/kernel/osrelease"),
            cmdline: line("/proc/cmdline"),
        },
        program: None,
    }
}

/// What the boot loader said of the start: `massho.NAME=VALUE` or `massho.NAME` among the kernel's options.
fn option(name: &str) -> Option<String> {
    let options = fs::read_to_string("/proc/cmdline").unwrap_or_default();
    option_of(&options, name).map(str::to_owned)
}

fn option_of<'a>(options: &'a str, name: &str) -> Option<&'a str> {
    options.split_ascii_whitespace().filter_map(|word| word.strip_prefix("massho.")).find_map(|word| {
        let (named, value) = word.split_once('=').unwrap_or((word, ""));
        (named == name).then_some(value)
    })
}

/// The name of the image: a hash over kernel and initramfs, as the boot loader gave it. `None` outside an image.
pub(crate) fn image_name() -> Option<String> {
    option("image").filter(|name| !name.is_empty())
}

/// Whether the start was by the technicians' entry of the boot menu, under which there is a shell.
pub(crate) fn is_rescue() -> bool {
    option("rescue").is_some()
}

/// Whether the image says of itself that its Debian packages are not those that the release's lock names.
pub(crate) fn is_unlocked() -> bool {
    ImageFile::read().is_unlocked()
}

/// What the image says of itself, in one line.
pub(crate) fn about() -> String {
    ImageFile::read().in_a_line(&image_name().unwrap_or_default())
}

/// Hashes this program's own file beforehand: an old PC needs a while, and no screen is to wait for it.
pub(crate) fn hash_program() {
    let hashing = std::thread::Builder::new().name("hashing".into()).spawn(|| {
        LazyLock::force(&PROGRAM);
    });
    if let Err(error) = hashing {
        tracing::warn!(%error, "no thread to hash the program");
    }
}

/// When the image was made, in seconds since 1970: the date of a file in it; `None` outside an image.
pub(crate) fn image_time() -> Option<u64> {
    let modified = fs::metadata(IMAGE).and_then(|file| file.modified()).ok()?;
    modified.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// Leaves a line in the kernel's log, with its time since the start.
pub(crate) fn note(words: &str) {
    // Not on every host may the kernel's log be written; nothing depends on it.
    let _ = fs::write("/dev/kmsg", format!("<6>massho: {words}\n"));
}

/// How much memory is left, in words for the kernel's log; empty where the kernel does not say.
pub(crate) fn memory_left() -> String {
    let table = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    match (kilobytes(&table, "MemAvailable"), kilobytes(&table, "MemTotal")) {
        (Some(available), Some(total)) => format!(", {available} kB of {total} kB of memory available"),
        _ => String::new(),
    }
}

/// A row of `/proc/meminfo`.
fn kilobytes(table: &str, name: &str) -> Option<u64> {
    let rows = table.lines().filter_map(|row| row.split_once(':'));
    let (_, value) = rows.into_iter().find(|(named, _)| *named == name)?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// The program's own log is a file in RAM: the terminal belongs to the screens.
pub(crate) fn log_to_file() {
    let open = || {
        fs::create_dir_all("/run/massho").ok()?;
        fs::OpenOptions::new().create(true).append(true).open("/run/massho/massho.log").ok()
    };
    if let Some(file) = open() {
        tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(file)).with_ansi(false).init();
    }
}

#[cfg(test)]
mod tests {
    use super::{ImageFile, kilobytes, option_of};

    fn image(text: &str) -> ImageFile {
        toml::from_str(text).expect("the image's description")
    }

    #[test]
    fn options_of_the_boot_loader_are_read_by_their_whole_name() {
        let options = "BOOT_IMAGE=/boot/vmlinuz quiet massho.image=0123ab massho.rescue\n";
        assert_eq!(option_of(options, "image"), Some("0123ab"));
        assert_eq!(option_of(options, "rescue"), Some(""));
        assert_eq!(option_of("quiet xmassho.rescue massho.rescued", "rescue"), None);
    }

    #[test]
    fn an_unlocked_image_says_so_in_its_line() {
        let unlocked =
            image("commit = \"3d87c65d282c\"\npackages = \"unlocked\"\n[debian]\nudev = \"257\"\n");
        let version = env!("CARGO_PKG_VERSION");
        assert!(unlocked.is_unlocked());
        assert_eq!(unlocked.in_a_line("0123ab"), format!("massho {version}  3d87c65d282c  unlocked  0123ab"));
        let locked = image("commit = \"3d87c65d282c\"\npackages = \"locked\"\n");
        assert!(!locked.is_unlocked());
        assert_eq!(locked.in_a_line("0123ab"), format!("massho {version}  3d87c65d282c  0123ab"));
        assert_eq!(ImageFile::default().in_a_line(""), format!("massho {version}"));
    }

    #[test]
    fn the_longest_line_of_an_image_fits_the_screen() {
        let image = image("commit = \"3d87c65d282c-dirty\"\npackages = \"unlocked\"\n");
        assert!(image.in_a_line(&"0".repeat(32)).len() <= 78);
    }

    #[test]
    fn a_row_of_meminfo_is_found_by_its_whole_name() {
        let table = "MemTotal:         489672 kB\nMemAvailable:     312345 kB\nHugePages_Total:       0\n";
        assert_eq!(kilobytes(table, "MemAvailable"), Some(312_345));
        assert_eq!(kilobytes(table, "MemTotal"), Some(489_672));
        assert_eq!(kilobytes(table, "HugePages_Total"), None);
        assert_eq!(kilobytes(table, "Mem"), None);
    }
}
