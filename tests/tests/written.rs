//! A boot stick is written by the office's program on a real kernel: to a stick that can be pulled, and to nothing else.

use lab::{Contents, Drive, Guest, Kind, LabError, Places, TextFile, pc};
use massho_tests::Bench;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
/// Writing and reading back 49 MB by an emulated USB controller.
const WRITING: Duration = Duration::from_secs(300);
/// Mebibytes of the sticks.
const SIZE: u64 = 96;
/// Finds a drive's node by its name in the lab; the program and the image lie on a mounted stick.
const HELP: &str = r#"
dev() { lsblk -dno NAME,SERIAL | awk -v s="LAB-$1" '$2 == s { print "/dev/" $1 }'; }
export LANG=C.UTF-8
write() { /tmp/tools/massho-ledger boot write /tmp/tools/massho.iso "$@"; }
"#;

#[test]
#[ignore = "three minutes of an emulated USB controller; just test-long runs it"]
fn a_boot_stick_is_written_to_a_stick_and_to_nothing_else() -> Result<(), LabError> {
    let bench = Bench::new("written");
    let run = pc::run_marker();
    let read = |path: &std::path::Path| std::fs::read(path).map_err(LabError::file("read", path));
    let tools = vec![
        TextFile { path: "massho-ledger".into(), bytes: read(&bench.ledger)? },
        TextFile { path: "massho.iso".into(), bytes: read(&bench.image)? },
    ];
    // A program with its debugging information is large.
    let room = tools.iter().map(|file| file.bytes.len() as u64).sum::<u64>() / (1 << 20) + 32;
    let records =
        TextFile { path: "MASSHO-LOG/20260401-120000-01010101.jsonl".into(), bytes: b"{}\n".to_vec() };
    let create = |name: &str, kind, size, contents: Contents| {
        Drive::create(&bench.folder, &run, name, kind, size, &contents)
    };
    let drives = vec![
        create("tools", Kind::UsbStick, room, Contents::Fat(tools))?,
        create("target", Kind::UsbStick, SIZE, Contents::Pattern)?,
        create("small", Kind::UsbStick, 16, Contents::Pattern)?,
        create("records", Kind::UsbStick, SIZE, Contents::Fat(vec![records]))?,
        create("protected", Kind::UsbStick, SIZE, Contents::Pattern)?.read_only(),
        create("disk", Kind::Hdd, SIZE, Contents::Pattern)?,
    ];
    let before: Vec<String> = drives.iter().map(Drive::digest).collect::<Result<_, _>>()?;
    let mut guest = Guest::boot_with(&Places::find(), &bench.folder, drives.clone(), Vec::new())?;
    let all = "for name in TOOLS TARGET SMALL RECORDS PROTECTED DISK; do until [ -n \"$(dev $name)\" ]; do sleep 1; done; done";
    guest.run(&format!("{HELP}{all}"), SOON)?;
    let mut ran = |command: &str, within| {
        guest.run(&format!("{HELP}{command}"), within).map(|ran| (ran.status, ran.output))
    };
    let mounted = ran(
        "mkdir -p /tmp/tools && mount -t vfat -o ro,codepage=437,iocharset=iso8859-1 $(dev TOOLS)1 /tmp/tools && ls /tmp/tools",
        SOON,
    )?;
    assert_eq!(mounted.0, 0, "{}", mounted.1);
    for (command, says) in [
        ("write $(dev DISK) --yes", "no stick that can be pulled"),
        ("write $(dev TOOLS) --yes", "is in use"),
        ("write $(dev TOOLS)1 --yes", "is a part of a disk"),
        ("write $(dev SMALL) --yes", "are needed"),
        ("write $(dev RECORDS) --yes", "holds 1 records of massho"),
        ("write $(dev PROTECTED) --yes", "is write-protected"),
        ("echo wrong | write $(dev TARGET)", "not the device's name"),
        ("write $(dev TARGET) </dev/null", "not the device's name"),
    ] {
        let (status, output) = ran(command, SOON)?;
        assert!(status != 0 && output.contains(says), "{command}: {status}\n{output}");
    }
    let (status, output) = ran("basename $(dev TARGET) | write $(dev TARGET)", WRITING)?;
    assert!(status == 0 && output.contains("read back and the same"), "{status}\n{output}");
    println!("{output}");
    let checked =
        "sync; head -c $(stat -c %s /tmp/tools/massho.iso) $(dev TARGET) | cmp - /tmp/tools/massho.iso";
    let (status, output) = ran(checked, SOON)?;
    assert_eq!(status, 0, "{output}");
    guest.machine.switch_off();
    let image = read(&bench.image)?;
    for (drive, before) in drives.iter().zip(before) {
        if drive.name == "target" {
            let now = read(&drive.path)?;
            assert!(now.starts_with(&image), "what lies on the stick is not the image");
        } else {
            assert_eq!(drive.digest()?, before, "{} was written to", drive.name);
        }
    }
    Ok(())
}
