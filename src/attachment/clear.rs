//! This module knows how an attached drive is taken away: by its own process, or without one that is dead.

use std::fs;
use std::io;
use std::time::Duration;

use super::host::{AttachError, while_serving};
use super::nobody::Nobody;
use super::register::{Guard, Liveness, Register};
use super::service::Service;
use crate::clock::Clock;
use crate::linux::process::{self, Tone};
use crate::linux::tcmu::{Ring, Target, TargetError, Uio, modules};

/// How long a process may take that was asked to end: a command under way is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// What nobody answers any more is answered with an error at once; this is for a kernel that asks nobody.
const TIME_OUT: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum DetachError {
    #[error("only root can take an attached drive away")]
    NotRoot,
    #[error("there is no attached drive {0}")]
    NoSuchDrive(u32),
    #[error("process {pid} cannot be told to end")]
    Process { pid: u32, source: io::Error },
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Serve(Box<AttachError>),
    #[error("cannot write to the register of attached drives")]
    Register(#[source] io::Error),
}

/// How a drive was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detached {
    ByItself,
    /// Its process was dead, or had to be killed.
    Cleared,
}

/// Takes a drive away; nothing is left of it.
///
/// # Errors
/// Where there is none of that number, or the kernel refuses.
pub fn detach(register: &Register, number: u32, clock: &dyn Clock) -> Result<Detached, DetachError> {
    if !process::is_root() {
        return Err(DetachError::NotRoot);
    }
    let find = || register.list(&Target::existing()).into_iter().find(|listed| listed.record.number == number);
    let found = find().ok_or(DetachError::NoSuchDrive(number))?;
    let pid = found.record.pid;
    if found.liveness == Liveness::Served {
        let told = |tone| process::end(pid, tone).map_err(|source| DetachError::Process { pid, source });
        let is_served = || find().is_some_and(|it| it.record.pid == pid && it.liveness == Liveness::Served);
        told(Tone::Polite)?;
        wait_while(clock, PATIENCE, is_served);
        if is_served() {
            told(Tone::Final)?;
            wait_while(clock, PATIENCE, is_served);
        }
        if find().is_none_or(|it| it.record.pid != pid) {
            return Ok(Detached::ByItself);
        }
    }
    let guard = register.guard().map_err(DetachError::Register)?;
    super::watch::end(register, number, clock);
    clear(&Target::new(number))?;
    unload_unused(register, &guard, Some(number));
    register.forget(&guard, number).map_err(DetachError::Register)?;
    Ok(Detached::Cleared)
}

fn wait_while(clock: &dyn Clock, patience: Duration, goes_on: impl Fn() -> bool) {
    let end = clock.now().saturating_add(patience);
    while goes_on() && clock.now() < end {
        clock.sleep(BETWEEN_LOOKS);
    }
}

/// In the place of the process that is dead: else everybody would wait until the kernel gives their commands up.
fn clear(target: &Target) -> Result<(), DetachError> {
    let stand_in = target.uio().and_then(|path| Uio::open(&path).ok());
    let stand_in = stand_in.and_then(|(bell, memory)| Some((bell, Ring::open(memory).ok()?)));
    if let Some((bell, ring)) = stand_in {
        let mut nobody = Nobody;
        let mut service = Service::new(ring, bell, &mut nobody, TIME_OUT);
        while_serving(&mut service, || target.unlink()).map_err(|error| DetachError::Serve(Box::new(error)))??;
    }
    Ok(target.remove()?)
}

const MODULES: &str = "modules";

/// Which modules have to be loaded for the first drive.
pub(super) fn note_absent_modules(register: &Register, _guard: &Guard) {
    let path = register.folder().join(MODULES);
    if !path.exists() {
        let _only_untidy = fs::write(path, modules::absent().join("\n"));
    }
}

/// Unloads what was loaded for the first drive, where none is left but the one that is `going`.
pub(super) fn unload_unused(register: &Register, _guard: &Guard, going: Option<u32>) {
    if register.list(&Target::existing()).iter().any(|listed| Some(listed.record.number) != going) {
        return;
    }
    let path = register.folder().join(MODULES);
    let names: Vec<String> = fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect();
    modules::unload(&names);
    let _only_untidy = fs::remove_file(path);
}
