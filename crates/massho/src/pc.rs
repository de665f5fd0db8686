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
    /// Versions of the packages in it, which the record does not need.
    #[serde(default, rename = "debian")]
    _packages: BTreeMap<String, String>,
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
    let text = fs::read_to_string(IMAGE).unwrap_or_default();
    let image: ImageFile = toml::from_str(&text).unwrap_or_default();
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

/// What the image says of itself, in one line: version, commit, name.
pub(crate) fn about() -> String {
    let record::Tool { version, image, .. } = tool_without_hash();
    let name = image_name().unwrap_or_default();
    format!("massho {version}  {}  {name}", image.commit).trim_end().to_owned()
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
    use super::option_of;

    #[test]
    fn options_of_the_boot_loader_are_read_by_their_whole_name() {
        let options = "BOOT_IMAGE=/boot/vmlinuz quiet massho.image=0123ab massho.rescue\n";
        assert_eq!(option_of(options, "image"), Some("0123ab"));
        assert_eq!(option_of(options, "rescue"), Some(""));
        assert_eq!(option_of("quiet xmassho.rescue massho.rescued", "rescue"), None);
    }
}
