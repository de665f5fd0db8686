//! A drive's server: waits for QEMU, serves it until it hangs up, waits for the next.

use super::device::Device;
use super::wire;
use lab_drives::nvme::{Controller, Function};
use lab_drives::{Power, VirtualDrive};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the drive's state catches up with the clock though nothing is under way.
const IDLE: Duration = Duration::from_millis(250);

/// Why a drive cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The socket.
    #[error("cannot listen on {path}")]
    Listen {
        /// Which.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The means to wake the server's thread.
    #[error("cannot start the server's thread")]
    Start(#[source] io::Error),
}

/// An NVMe drive that QEMU may connect to. One QEMU at a time; when it hangs up, that is a power cut to the drive, and
/// the next one that connects switches it on again. Dropped, it stops, and what the drive knows is kept in its files.
#[derive(Debug)]
pub struct NvmeServer {
    shared: Arc<Shared>,
    socket: PathBuf,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    function: Mutex<Function>,
    stopping: AtomicBool,
    wake: OwnedFd,
}

impl Shared {
    fn function(&self) -> MutexGuard<'_, Function> {
        self.function.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// A full counter wakes as well.
    fn wake(&self) {
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }
}

impl NvmeServer {
    /// Serves a drive on a socket, whose path is at most 107 bytes long; a socket that lies there is replaced.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn start(socket: &Path, drive: Controller) -> Result<Self, ServerError> {
        let listen = |source| ServerError::Listen { path: socket.to_owned(), source };
        match std::fs::remove_file(socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(listen(error)),
            _ => {}
        }
        let listener = UnixListener::bind(socket).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let wake = wake.map_err(|errno| ServerError::Start(errno.into()))?;
        let mut function = Function::new(drive);
        function.switch_off();
        let shared =
            Arc::new(Shared { function: Mutex::new(function), stopping: AtomicBool::new(false), wake });
        let thread = std::thread::Builder::new().name("nvme".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || serve(&shared, &listener)
        });
        let thread = Some(thread.map_err(ServerError::Start)?);
        Ok(Self { shared, socket: socket.to_owned(), thread })
    }

    /// Where QEMU connects.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Does something to the drive while it runs: its power, its faults, a look at its medium. QEMU waits meanwhile.
    pub fn with<T>(&self, what: impl FnOnce(&mut Function) -> T) -> T {
        let result = what(&mut self.shared.function());
        self.shared.wake();
        result
    }
}

impl Drop for NvmeServer {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.wake();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.shared.function().settle();
        let _ = std::fs::remove_file(&self.socket);
    }
}

fn serve(shared: &Shared, listener: &UnixListener) {
    while !shared.is_stopping() {
        wait(shared, listener, None);
        let Ok((stream, _)) = listener.accept() else { continue };
        shared.function().power(Power::Cycle);
        // A connection that breaks is a PC that is switched off, however it breaks.
        let _ = stream.set_nonblocking(false).and_then(|()| serve_one(shared, stream));
        shared.function().switch_off();
    }
}

/// Serves one QEMU until it hangs up.
fn serve_one(shared: &Shared, mut stream: UnixStream) -> io::Result<()> {
    let mut device = Device::new(&mut shared.function());
    let mut again = Some(IDLE);
    while !shared.is_stopping() {
        if wait(shared, &stream, again) {
            let Some(message) = wire::receive(&mut stream)? else { return Ok(()) };
            let reply = device.answer(&mut shared.function(), message);
            if let Some(reply) = reply {
                wire::send(&mut stream, &reply)?;
            }
        }
        again = Some(device.work(&mut shared.function()).unwrap_or(IDLE).min(IDLE));
    }
    Ok(())
}

/// Waits for something to read, for a wake-up or for the time to pass, and says whether there is something to read.
fn wait(shared: &Shared, source: &impl AsFd, timeout: Option<Duration>) -> bool {
    let mut fds = [PollFd::new(source, PollFlags::IN), PollFd::new(&shared.wake, PollFlags::IN)];
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    match poll(&mut fds, timeout.as_ref()) {
        Ok(_) | Err(Errno::INTR) => {}
        // Whatever it is, it must not make a busy loop.
        Err(_) => std::thread::sleep(IDLE),
    }
    let [readable, woken] = fds.map(|fd| !fd.revents().is_empty());
    if woken {
        let _ = rustix::io::read(&shared.wake, &mut [0; 8]);
    }
    readable
}

#[cfg(test)]
mod tests {
    use super::super::message::HEADER;
    use super::*;
    use lab_drives::RealClock;
    use lab_drives::nvme::Definition;
    use rustix::fs::{MemfdFlags, memfd_create};
    use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
    use std::fs::File;
    use std::io::{IoSlice, Read};
    use std::mem::MaybeUninit;
    use std::os::fd::BorrowedFd;
    use std::os::unix::fs::FileExt;

    /// What QEMU does.
    struct Client(UnixStream);

    impl Client {
        fn connect(socket: &Path) -> Self {
            let mut client = Self(UnixStream::connect(socket).unwrap());
            let version = client.ask(1, &[&[0, 0, 1, 0], &b"{}\0"[..]].concat(), &[]).unwrap();
            assert_eq!(version[..4], [0, 0, 1, 0]);
            client
        }

        /// Sends a message, with descriptors beside it, and returns the answer's body or its error.
        fn ask(&mut self, command: u16, body: &[u8], fds: &[BorrowedFd<'_>]) -> Result<Vec<u8>, u32> {
            let size = u32::try_from(HEADER + body.len()).unwrap();
            let mut message = [[7, 0], command.to_le_bytes()].concat();
            [size, 0, 0].iter().for_each(|word| message.extend_from_slice(&word.to_le_bytes()));
            message.extend_from_slice(body);
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
            let mut beside = SendAncillaryBuffer::new(&mut space);
            assert!(fds.is_empty() || beside.push(SendAncillaryMessage::ScmRights(fds)));
            sendmsg(&self.0, &[IoSlice::new(&message)], &mut beside, SendFlags::empty()).unwrap();
            let mut header = [0; HEADER];
            self.0.read_exact(&mut header).unwrap();
            assert_eq!((header[0], header[2]), (7, message[2]), "whose answer");
            let word =
                |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
            let mut body = vec![0; word(4) as usize - HEADER];
            self.0.read_exact(&mut body).unwrap();
            if word(8) & 0x20 == 0 { Ok(body) } else { Err(word(12)) }
        }

        fn access(region: u32, offset: u64, count: u32) -> Vec<u8> {
            let words = [region, count].map(u32::to_le_bytes).concat();
            [offset.to_le_bytes().to_vec(), words].concat()
        }

        fn read(&mut self, region: u32, offset: u64) -> u32 {
            let answer = self.ask(9, &Self::access(region, offset, 4), &[]).unwrap();
            u32::from_le_bytes(answer[16..20].try_into().unwrap())
        }

        fn write(&mut self, offset: u64, value: u32) {
            let body = [Self::access(0, offset, 4), value.to_le_bytes().to_vec()].concat();
            self.ask(10, &body, &[]).unwrap();
        }

        /// Maps a file as the guest's memory from address 0 on.
        fn map(&mut self, memory: &File, size: u64) {
            let sizes = [0_u64, 0, size].map(u64::to_le_bytes).concat();
            let body = [[32_u32, 3].map(u32::to_le_bytes).concat(), sizes].concat();
            self.ask(2, &body, &[memory.as_fd()]).unwrap();
        }
    }

    fn server(folder: &Path) -> NvmeServer {
        let text = "serial = 'WIRE'\n[[namespaces]]\nblocks = 64";
        let definition: Definition = toml::from_str(text).unwrap();
        let clock = Arc::new(RealClock::default());
        let drive = Controller::create(definition, &folder.join("drive"), clock).unwrap();
        NvmeServer::start(&folder.join("socket"), drive).unwrap()
    }

    /// Identify Controller by the admin queue, an interrupt telling the end.
    fn serial_number(client: &mut Client) -> Vec<u8> {
        let memory = File::from(memfd_create("guest", MemfdFlags::CLOEXEC).unwrap());
        memory.set_len(0x10000).unwrap();
        let mut interrupt = File::from(eventfd(0, EventfdFlags::CLOEXEC).unwrap());
        client.map(&memory, 0x10000);
        let vectors = [20_u32, 4 | 1 << 5, 2, 0, 1].map(u32::to_le_bytes).concat();
        client.ask(8, &vectors, &[interrupt.as_fd()]).unwrap();
        for (at, value) in [(0x24, 0x0007_0007), (0x28, 0x1000), (0x30, 0x2000), (0x14, 0x0046_0001)] {
            client.write(at, value);
        }
        let mut command = [0; 64];
        (command[0], command[25], command[40]) = (0x06, 0x30, 1);
        memory.write_all_at(&command, 0x1000).unwrap();
        client.write(0x1000, 1);
        interrupt.read_exact(&mut [0; 8]).unwrap();
        let mut entry = [0; 16];
        memory.read_exact_at(&mut entry, 0x2000).unwrap();
        assert_eq!((entry[14], entry[15]), (1, 0), "phase and success");
        let mut serial = vec![0; 20];
        memory.read_exact_at(&mut serial, 0x3004).unwrap();
        serial
    }

    #[test]
    fn a_command_goes_through_and_a_new_connection_is_a_new_power_on() {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path());
        let mut client = Client::connect(server.socket());
        assert_eq!(serial_number(&mut client), b"WIRE                ");
        assert_eq!(client.read(0, 0x1c), 1, "ready");
        drop(client);
        let mut client = Client::connect(server.socket());
        assert_eq!(client.read(0, 0x1c), 0, "not enabled");
        assert_eq!(serial_number(&mut client), b"WIRE                ");
    }

    #[test]
    fn a_reset_of_the_device() {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path());
        let mut client = Client::connect(server.socket());
        serial_number(&mut client);
        client.ask(13, &[], &[]).unwrap();
        assert_eq!(client.read(0, 0x1c), 0);
    }

    #[test]
    fn what_qemu_asks_about_the_device() {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path());
        let mut client = Client::connect(server.socket());
        assert_eq!(client.ask(4, &[16, 0, 0, 0], &[]).unwrap()[8..], [9, 0, 0, 0, 5, 0, 0, 0]);
        let region = |index: u32| [32, 0, index, 0].map(u32::to_le_bytes).concat();
        assert_eq!(client.ask(5, &region(0), &[]).unwrap()[16..20], [0, 0x40, 0, 0]);
        assert_eq!(client.ask(5, &region(6), &[]).unwrap()[16..20], [0; 4], "no ROM");
        assert_eq!(client.ask(5, &region(9), &[]), Err(22));
        assert_eq!(client.ask(7, &region(2), &[]).unwrap()[12..], [5, 0, 0, 0], "MSI-X vectors");
        assert_eq!(client.read(7, 0), 0x4e56_1b36, "configuration space");
        assert_eq!(client.ask(9, &Client::access(3, 0, 4), &[]), Err(22));
        assert_eq!(client.ask(99, &[], &[]), Err(95));
    }

    #[test]
    fn the_lab_reaches_the_drive_while_it_runs() {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path());
        let mut client = Client::connect(server.socket());
        serial_number(&mut client);
        server.with(|drive| drive.power(Power::Sleep));
        assert_eq!(client.read(0, 0x1c), 0, "registers are as after power on");
    }

    #[test]
    fn a_client_that_talks_nonsense_is_hung_up_on_and_the_next_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let server = server(folder.path());
        let mut stream = UnixStream::connect(server.socket()).unwrap();
        io::Write::write_all(&mut stream, &[0xff; 64]).unwrap();
        let mut end = Vec::new();
        let _ = stream.read_to_end(&mut end);
        assert!(end.is_empty());
        assert_eq!(serial_number(&mut Client::connect(server.socket())), b"WIRE                ");
    }

    #[test]
    fn a_socket_that_was_left_behind_is_replaced_and_taken_away_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = server(folder.path()).socket().to_owned();
        assert!(!path.exists());
        drop(UnixListener::bind(&path).unwrap());
        assert_eq!(
            serial_number(&mut Client::connect(server(folder.path()).socket())),
            b"WIRE                "
        );
    }
}
