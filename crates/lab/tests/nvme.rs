//! NVMe drives of the lab's own in a real guest: what Linux and nvme-cli make of them.
//!
//! Boots the lab's guest (crates/lab/guest/build.sh) twice, in three to five minutes; so it runs only when asked for:
//! `cargo test -p lab --test nvme -- --ignored`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use lab::Backport;
use lab::vfio::{NvmeServer, device_argument, memory_arguments};
use lab_drives::nvme::{Controller, Definition};
use lab_drives::{Fault, RealClock, VirtualDrive};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A guest that runs commands; dropped, its power is cut.
struct Guest {
    qemu: Child,
    port: BufReader<UnixStream>,
    number: u32,
}

impl Guest {
    fn boot(folder: &Path, drives: &[&NvmeServer]) -> Self {
        let repository = repository();
        let built = Command::new(repository.join("crates/lab/guest/build.sh")).status().unwrap();
        assert!(built.success(), "the guest cannot be built");
        let (backport, guest) = (Backport::get(&repository).unwrap(), repository.join("target/lab/guest"));
        let socket = folder.join("port");
        let _ = std::fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket).unwrap();
        let mut words = backport.program();
        let more = format!(
            "-machine q35 -accel tcg,thread=multi -cpu max -smp 2 -nic none -display none \
             -serial file:{folder}/serial.log -kernel {guest}/vmlinuz -initrd {guest}/initramfs.zst \
             -device virtio-serial-pci -chardev socket,id=port,path={socket} \
             -device virtserialport,chardev=port,name=massho.run",
            folder = folder.display(),
            guest = guest.display(),
            socket = socket.display(),
        );
        words.extend(more.split_whitespace().map(str::to_owned));
        words.extend(["-append".to_owned(), "console=ttyS0 panic=1".to_owned()]);
        words.extend(memory_arguments(512));
        for (number, drive) in drives.iter().enumerate() {
            words.extend(["-device".to_owned(), device_argument(&format!("nvme{number}"), drive.socket())]);
        }
        let (name, modules) = backport.environment();
        let errors = std::fs::File::create(folder.join("qemu.stderr")).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]).args(&words).env(name, modules);
        let qemu = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn().unwrap();
        let port = accept(&listener, folder);
        port.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        Self { qemu, port: BufReader::new(port), number: 0 }
    }

    /// Sends a shell command and returns the mark that its end will have.
    fn send(&mut self, command: &str) -> String {
        self.number += 1;
        let mark = format!("mark-{}", self.number);
        writeln!(self.port.get_mut(), "{mark} {}", base64(command)).unwrap();
        mark
    }

    /// Runs a shell command and returns what it printed and its exit status.
    fn run(&mut self, command: &str) -> (String, i32) {
        let mark = self.send(command);
        let mut text = String::new();
        loop {
            let mut line = Vec::new();
            assert!(
                self.port.read_until(b'\n', &mut line).unwrap() > 0,
                "the guest is gone: {command}\n{text}"
            );
            let line = String::from_utf8_lossy(&line);
            if let Some(status) = line.strip_prefix(&format!("{mark} ")) {
                // The guest puts a line end of its own before the mark.
                let text = text.strip_suffix('\n').unwrap_or_default().to_owned();
                eprintln!("# {command}\n{text}[{}]", status.trim());
                return (text, status.trim().parse().unwrap());
            }
            text.push_str(&line);
        }
    }

    /// Runs a command that must succeed.
    fn good(&mut self, command: &str) -> String {
        let (text, status) = self.run(command);
        assert_eq!(status, 0, "{command}\n{text}");
        text
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

fn accept(listener: &UnixListener, folder: &Path) -> UnixStream {
    listener.set_nonblocking(true).unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            return stream;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("QEMU: {}", std::fs::read_to_string(folder.join("qemu.stderr")).unwrap());
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |group: u32, at: u32| char::from(DIGITS[(group >> (18 - 6 * at) & 63) as usize]);
    let encode = |chunk: &[u8]| -> String {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        (0..4).map(|at| if at as usize > chunk.len() { '=' } else { digit(group, at) }).collect()
    };
    text.as_bytes().chunks(3).map(encode).collect()
}

fn serve(folder: &Path, name: &str, text: &str) -> NvmeServer {
    let definition: Definition = toml::from_str(text).unwrap();
    let clock = Arc::new(RealClock::default());
    let drive = Controller::create(definition, &folder.join(format!("{name}.raw")), clock).unwrap();
    NvmeServer::start(&folder.join(name), drive).unwrap()
}

/// The hash of a drive's first mebibytes, past the page cache.
fn hash(guest: &mut Guest, device: &str, mebibytes: u32) -> String {
    guest.good(&format!("dd if={device} bs=1M count={mebibytes} iflag=direct status=none | sha256sum"))
}

/// The value behind a name in nvme-cli's output.
fn field(text: &str, name: &str) -> String {
    let line = text.lines().find(|line| line.trim_start().starts_with(name));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).rsplit(':').next().unwrap().trim().to_owned()
}

fn sstat(guest: &mut Guest, device: &str) -> String {
    let log = guest.good(&format!("nvme sanitize-log {device}"));
    field(&log, "Sanitize Status")
}

/// Whether a sanitize is under way (SSTAT 2:0).
fn is_running(guest: &mut Guest, device: &str) -> bool {
    let status = sstat(guest, device);
    u16::from_str_radix(status.trim_start_matches("0x"), 16).unwrap() & 7 == 2
}

const ONE: &str = "
    serial = 'LABONE'
    [[namespaces]]
    encryption = 'self-encrypting'
    [sanitize]
    overwrite-ms = 45000
";

const TWO: &str = "
    serial = 'LABTWO'
    version = '2.0'
    [[namespaces]]
    number = 1
    blocks = 4096
    format = 2
    protection = 1
    [[namespaces]]
    number = 3
    blocks = 32768
    [[namespaces]]
    number = 4
    blocks = 32768
    attachment = 'allocated'
";

const ODD: &str = "
    serial = 'LABODD'
    [[namespaces]]
    blocks = 32768
    [[faults]]
    is = 'rejected-until-sleep'
    status = 0x4286
";

/// What the kernel calls the drives: it probes them at the same time, so their numbers are anything.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(guest: &mut Guest) -> Self {
        let text = guest.good("cd /sys/class/nvme; for each in *; do echo $each $(cat $each/serial); done");
        let name = |serial: &str| {
            let line = text.lines().find(|line| line.ends_with(serial));
            format!("/dev/{}", line.unwrap_or("none none").split(' ').next().unwrap())
        };
        let of = |word: &str, serial: &str| (word.to_owned(), name(serial));
        Self(vec![of("{one}", "LABONE"), of("{two}", "LABTWO"), of("{odd}", "LABODD")])
    }

    /// Puts names where their words are.
    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, name)| text.replace(word, name))
    }
}

#[test]
#[ignore = "boots a guest"]
fn linux_and_nvme_cli_take_them_for_drives() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (one, two, odd) = (serve(folder, "one", ONE), serve(folder, "two", TWO), serve(folder, "odd", ODD));
    let mut guest = Guest::boot(folder, &[&one, &two, &odd]);
    let names = Names::of(&mut guest);
    identified(&mut guest, &names);
    read_written_and_discarded(&mut guest, &names);
    formatted(&mut guest, &names);
    namespaces(&mut guest, &names);
    sanitized(&mut guest, &names);
    rejected_silent_and_gone(&mut guest, &names, &odd);
    let mut guest = rebooted(guest, &names, folder);
    let names = Names::of(&mut guest);
    // In the middle of an overwrite the power goes.
    guest.good(&names.fill("dd if=/dev/zero bs=1M count=4 of={one}n1 oflag=direct status=none"));
    guest.good(&names.fill("nvme sanitize {one} -a 3 -n 2 -p 0xa5a5a5a5 -d"));
    guest.good("sleep 2");
    assert!(is_running(&mut guest, &names.fill("{one}")));
    drop(guest);
    let mut guest = Guest::boot(folder, &[&one, &two, &odd]);
    let names = Names::of(&mut guest);
    assert!(is_running(&mut guest, &names.fill("{one}")));
    while is_running(&mut guest, &names.fill("{one}")) {
        guest.good("sleep 5");
    }
    assert_eq!(sstat(&mut guest, &names.fill("{one}")), "0x111");
    let read =
        guest.good(&names.fill("dd if={one}n1 bs=1M iflag=direct status=none | tr -d '\\245' | wc -c"));
    assert_eq!(read.trim(), "0");
    assert_eq!(field(&guest.good(&names.fill("nvme id-ctrl {odd}")), "sn "), "LABODD", "it is back");
}

fn identified(guest: &mut Guest, names: &Names) {
    let control = guest.good(&names.fill("nvme id-ctrl {one}"));
    for (name, value) in [("sn ", "LABONE"), ("cntlid", "0x107"), ("sanicap", "0x40000007"), ("fna", "0x4")] {
        assert_eq!(field(&control, name), value);
    }
    let list =
        guest.good(&names.fill("nvme list; nvme list-ns {two}; nvme list-ns -a {two}; smartctl -i {one}"));
    assert!(list.contains("LABTWO") && list.contains(&names.fill("{two}n2")), "namespace 3 is the second");
    guest.good(&names.fill("nvme smart-log {one}; nvme error-log {one} -e 2; nvme fw-log {one}"));
    let messages = guest.good("dmesg | grep -i nvme");
    assert!(!messages.contains("bogus") && !messages.contains("timeout"), "{messages}");
}

fn read_written_and_discarded(guest: &mut Guest, names: &Names) {
    guest.good("dd if=/dev/urandom of=/tmp/data bs=1M count=16 status=none");
    guest.good(&names.fill("dd if=/tmp/data of={one}n1 bs=1M oflag=direct conv=fsync status=none"));
    let wrote = guest.good("sha256sum </tmp/data");
    assert_eq!(hash(guest, &names.fill("{one}n1"), 16), wrote);
    guest.good(&names.fill("blkdiscard -l 16M {one}n1"));
    let zeros = guest.good("dd if=/dev/zero bs=1M count=16 status=none | sha256sum");
    assert_eq!(hash(guest, &names.fill("{one}n1"), 16), zeros);
    // 4096 and 8 bytes with protection information, which Linux makes and checks.
    guest.good(&names.fill("dd if=/tmp/data of={two}n1 bs=1M oflag=direct conv=fsync status=none"));
    assert_eq!(hash(guest, &names.fill("{two}n1"), 16), wrote);
}

fn formatted(guest: &mut Guest, names: &Names) {
    guest.good(&names.fill("nvme format {one}n1 -s 2 -l 1 -f"));
    assert_eq!(guest.good(&names.fill("blockdev --getss --getsize64 {one}n1")), "4096\n67108864\n");
    guest.good(&names.fill("nvme format {one}n1 -s 1 -l 0 -f"));
    assert_eq!(guest.good(&names.fill("blockdev --getss {one}n1")), "512\n");
    let (text, status) = guest.run(&names.fill("nvme format {one}n1 -s 1 -l 7 -f"));
    assert!(status != 0 && text.contains("Invalid Format"), "{text}");
}

fn namespaces(guest: &mut Guest, names: &Names) {
    guest.good(&names.fill("dd if=/tmp/data of={two}n2 bs=1M oflag=direct conv=fsync status=none"));
    guest.good(&names.fill("nvme format {two} -n 0xffffffff -s 1 -l 0 -f"));
    let zeros = guest.good("dd if=/dev/zero bs=1M count=16 status=none | sha256sum");
    assert_eq!(hash(guest, &names.fill("{two}n1"), 16), zeros);
    assert_eq!(hash(guest, &names.fill("{two}n2"), 16), zeros);
}

fn sanitized(guest: &mut Guest, names: &Names) {
    guest.good(&names.fill("dd if=/tmp/data of={one}n1 bs=1M oflag=direct conv=fsync status=none"));
    for (action, takes) in [("2", 4), ("4", 1)] {
        guest.good(&names.fill(&format!("nvme sanitize {{one}} -a {action}")));
        assert!(is_running(guest, &names.fill("{one}")));
        let (text, status) = guest.run(&names.fill("dd if={one}n1 of=/dev/null bs=4k count=1 iflag=direct"));
        assert!(status != 0 && text.contains("Input/output error"), "{text}");
        let (text, status) = guest.run(&names.fill("nvme format {one}n1 -s 1 -f"));
        assert!(status != 0 && text.to_lowercase().contains("sanitize"), "{text}");
        guest.good(&format!("sleep {takes}.2"));
        assert_eq!(sstat(guest, &names.fill("{one}")), "0x101");
    }
    let zeros = guest.good("dd if=/dev/zero bs=1M count=16 status=none | sha256sum");
    assert_eq!(hash(guest, &names.fill("{one}n1"), 16), zeros);
}

fn rejected_silent_and_gone(guest: &mut Guest, names: &Names, odd: &NvmeServer) {
    let (text, status) = guest.run(&names.fill("nvme sanitize {odd} -a 2"));
    assert!(status != 0 && text.contains("0x4286"), "{text}");
    let set = |old: Option<Fault>, new: Option<Fault>| {
        odd.with(|drive| {
            old.iter().for_each(|fault| drive.faults().clear(fault));
            new.into_iter().for_each(|fault| drive.faults().set(fault));
        });
    };
    set(Some(Fault::RejectedUntilSleep { status: 0x4286 }), Some(Fault::FallsSilent));
    // Linux gives up after the time given, resets the controller, and all is well again.
    let (_, status) = guest.run(&names.fill("nvme admin-passthru {odd} -O 0x84 -4 2 --timeout=3000"));
    assert_ne!(status, 0);
    guest.good(&names.fill("dd if={odd}n1 of=/dev/null bs=4k count=1 iflag=direct status=none"));
    assert_eq!(sstat(guest, &names.fill("{odd}")), "0x100");
    set(Some(Fault::FallsSilent), Some(Fault::DisappearsAt { percent: 25 }));
    guest.good(&names.fill("nvme sanitize {odd} -a 2"));
    guest.good("sleep 2");
    let (_, status) = guest.run(&names.fill("timeout 60 nvme sanitize-log {odd}"));
    assert_ne!(status, 0);
    set(Some(Fault::DisappearsAt { percent: 25 }), None);
}

/// A sanitize goes on through a reboot of the guest.
fn rebooted(mut guest: Guest, names: &Names, folder: &Path) -> Guest {
    guest.good(&names.fill("nvme sanitize {one} -a 2"));
    let log = folder.join("serial.log");
    let boots = || std::fs::read_to_string(&log).unwrap_or_default().matches("guest: ready").count();
    let before = boots();
    guest.send("reboot -f");
    let end = Instant::now() + Duration::from_secs(120);
    while boots() == before {
        assert!(Instant::now() < end, "it does not come up again");
        std::thread::sleep(Duration::from_millis(200));
    }
    let names = Names::of(&mut guest);
    assert_eq!(sstat(&mut guest, &names.fill("{one}")), "0x101");
    guest
}
