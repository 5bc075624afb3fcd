//! This module knows processes as wholes: whose they are, how they leave a terminal, how one is asked to end.

use std::fs::File;
use std::io;
use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid, dup2_stderr, setsid};

/// Whether this process may do everything.
pub fn is_root() -> bool {
    Uid::effective().is_root()
}

/// Leaves the terminal, and what it signals to its processes, behind.
///
/// # Errors
/// Where this process leads a group of others.
pub fn leave_terminal() -> io::Result<()> {
    setsid()?;
    std::env::set_current_dir("/")
}

/// From now on, what this process says on standard error is in a file, from its beginning.
///
/// # Errors
/// Where the file cannot be written.
pub fn speak_to(log: &Path) -> io::Result<()> {
    let file = File::options().create(true).truncate(true).write(true).open(log)?;
    Ok(dup2_stderr(&file)?)
}

/// How a process is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// SIGTERM: it may tidy up.
    Polite,
    /// SIGKILL.
    Final,
}

/// Asks a process to end; one that is gone has done so.
///
/// # Errors
/// Where it is not this user's.
pub fn end(pid: u32, tone: Tone) -> io::Result<()> {
    let signal = match tone {
        Tone::Polite => Signal::SIGTERM,
        Tone::Final => Signal::SIGKILL,
    };
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 1).ok_or(io::ErrorKind::InvalidInput)?;
    match kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(nix::errno::Errno::ESRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
