//! This module knows how standard input is read by who may have to stop: no read waits longer than that takes to notice.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Milliseconds until somebody who wants to stop is heard.
const LATENCY_MS: u8 = 100;

/// Reads until the end, or until `stop` is set, which is an error.
pub struct StoppableInput<F> {
    inner: F,
    stop: Arc<AtomicBool>,
}

impl<F: Read + AsFd> StoppableInput<F> {
    pub fn new(inner: F, stop: Arc<AtomicBool>) -> Self {
        Self { inner, stop }
    }
}

impl<F: Read + AsFd> Read for StoppableInput<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("stopped"));
            }
            let mut asked = [PollFd::new(self.inner.as_fd(), PollFlags::POLLIN)];
            match poll(&mut asked, PollTimeout::from(LATENCY_MS)) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return self.inner.read(buffer),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_comes_is_read_and_a_wish_to_stop_ends_the_wait() {
        let (reader, mut writer) = io::pipe().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let mut input = StoppableInput::new(reader, Arc::clone(&stop));
        writer.write_all(b"abc").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(input.read(&mut buffer).unwrap(), 3);
        stop.store(true, Ordering::Relaxed);
        assert!(input.read(&mut buffer).is_err());
        stop.store(false, Ordering::Relaxed);
        drop(writer);
        assert_eq!(input.read(&mut buffer).unwrap(), 0);
    }
}
