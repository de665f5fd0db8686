//! Waits for QEMU, serves it until it hangs up, waits for the next.

use super::device::{Device, Plug};
use super::message::Message;
use crate::drives::{Answer, Engine, Forget};
use rustix::event::{PollFd, PollFlags, poll};
use std::io::{Error, Result, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A disk that QEMU may connect to.
pub(crate) struct VhostServer {
    socket: PathBuf,
    served: Served,
}

/// What a connection leaves behind, and who is connected.
#[derive(Clone)]
struct Served(Arc<Mutex<State>>);

struct State {
    plug: Plug,
    device: Option<Arc<Mutex<Device>>>,
}

impl Served {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VhostServer {
    /// Serves a drive on a socket, whose path is at most 107 bytes long.
    pub(crate) fn start(socket: &Path, engine: &Engine) -> Result<Self> {
        // Of a process that was killed.
        let _ = std::fs::remove_file(socket);
        let listener = UnixListener::bind(socket)?;
        let served = Served(Arc::new(Mutex::new(State { plug: Plug::In, device: None })));
        let (engine, state) = (engine.clone(), served.clone());
        std::thread::spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming().flatten()) {
                // A connection that breaks is a PC that was switched off.
                let _ = serve(stream, number, &engine, &state);
                state.lock().device = None;
                engine.forget(Forget::All);
            }
        });
        Ok(Self { socket: socket.to_owned(), served })
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Pulls the disk out of its adapter, or plugs it in.
    pub(crate) fn plug(&self, plug: Plug) {
        let mut state = self.served.lock();
        state.plug = plug;
        if let Some(device) = &state.device {
            // A guest that has taken its memory away has no disks either.
            let _ = lock(device).plug(plug);
        }
    }
}

fn lock(device: &Mutex<Device>) -> MutexGuard<'_, Device> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: UnixStream, number: u64, engine: &Engine, served: &Served) -> Result<()> {
    let (sender, answers) = channel();
    let plug = served.lock().plug;
    let device = Arc::new(Mutex::new(Device::new(engine.clone(), number, plug, sender)));
    served.lock().device = Some(Arc::clone(&device));
    let completed = Arc::downgrade(&device);
    std::thread::spawn(move || complete(&answers, &completed));
    loop {
        let kicks = lock(&device).kicks().into_iter().collect::<Result<Vec<OwnedFd>>>()?;
        let has_message = wait(&stream, &kicks)?;
        if has_message {
            let Some(message) = Message::receive(&mut stream)? else { return Ok(()) };
            let reply = lock(&device).take(message);
            if let Some(reply) = reply {
                stream.write_all(&reply)?;
            }
        }
        lock(&device).work().map_err(Error::other)?;
    }
}

/// Hands answers on as they come, until the drive or the connection is gone.
fn complete(answers: &Receiver<Answer>, device: &Weak<Mutex<Device>>) {
    for answer in answers {
        let Some(device) = device.upgrade() else { return };
        // A guest that has taken its memory away waits for nothing.
        let _ = lock(&device).complete(&answer);
    }
}

/// Waits for a message or a kick, takes the kicks, and says whether there is a message.
fn wait(stream: &UnixStream, kicks: &[OwnedFd]) -> Result<bool> {
    let mut fds = vec![PollFd::new(stream, PollFlags::IN)];
    fds.extend(kicks.iter().map(|kick| PollFd::new(kick, PollFlags::IN)));
    rustix::io::retry_on_intr(|| poll(&mut fds, None))?;
    let ready: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
    for (kick, ready) in kicks.iter().zip(ready.iter().skip(1)) {
        if *ready {
            rustix::io::read(kick, &mut [0; 8])?;
        }
    }
    Ok(ready.first().copied().unwrap_or(false))
}
