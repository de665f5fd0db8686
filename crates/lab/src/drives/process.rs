//! A drive's process, seen from inside: `massho-lab drive`.

use super::control::{Request, answer};
use super::definition::Definitions;
use super::error::DriveError;
use super::host::Host;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Serves one drive of a file of definitions, its files in that folder, until it is told to quit. The socket appears
/// when the drive can be reached.
///
/// # Errors
/// [`DriveError`], before the drive is there.
pub fn run(definitions: &Path, name: &str, folder: &Path, socket: &Path) -> Result<(), DriveError> {
    let known = Definitions::load(definitions)?;
    let definition = known.drive.into_iter().find(|drive| drive.name == name);
    let definition = definition.ok_or_else(|| DriveError::NoSuchDrive(name.to_owned()))?;
    let host = Arc::new(Mutex::new(Host::open(definition, folder, socket)?));
    // Of a process that was killed.
    let _ = std::fs::remove_file(socket);
    let listener = UnixListener::bind(socket).map_err(DriveError::file("listen on", socket))?;
    for stream in listener.incoming().flatten() {
        let host = Arc::clone(&host);
        let socket = socket.to_owned();
        std::thread::spawn(move || {
            let mut quit = false;
            let obey = |request: Request| {
                quit |= request == Request::Quit;
                let answer = host.lock().unwrap_or_else(PoisonError::into_inner).obey(request);
                if quit {
                    let _ = std::fs::remove_file(&socket);
                }
                answer
            };
            // Whoever asked has gone when this fails.
            let _ = answer(&stream, obey);
            if quit {
                std::process::exit(0);
            }
        });
    }
    Ok(())
}
