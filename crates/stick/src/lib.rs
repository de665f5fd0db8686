//! The results stick: find it, mount it, append durably, read back.
