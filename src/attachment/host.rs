//! This module knows the life of an attached drive: made, served, taken away, in the process that serves it.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::register::{Enrolment, Guard, Listed, Liveness, Record, Register};
use super::service::{ServeError, Service, Wires};
use crate::clock::Clock;
use crate::linux::process;
use crate::linux::tcmu::modules::{self, ModuleError, TARGET_MODULES};
use crate::linux::tcmu::{Doorbell, Ring, SharedMemory, Target, TargetError, Uio};
use crate::scsi::Transport;

/// How often somebody looks whether it is to end, while no commands come.
const CALM: Duration = Duration::from_millis(500);
/// The same while the kernel makes the drive or takes it away.
const BRISK: Duration = Duration::from_millis(10);

/// What is to be attached.
pub struct Plan<'a> {
    /// As a person would say it.
    pub disc: String,
    /// The file that describes the disc: no second drive may have it.
    pub disc_file: Option<PathBuf>,
    /// After which the kernel gives up a command that was not answered.
    pub time_out: Duration,
    /// Whether this process speaks to a file, and not to a person.
    pub speaks_to: Audience,
    pub register: &'a Register,
    pub clock: &'a dyn Clock,
    /// Set once it is to end.
    pub stop: &'a AtomicBool,
}

/// Who hears the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Person,
    /// The log that the register has for the drive.
    Log,
}

#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    #[error("only root can attach a drive to the kernel")]
    NotRoot,
    #[error(transparent)]
    Module(#[from] ModuleError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("{} is in the attached drive {} already", disc_file.display(), by.number)]
    InUse { disc_file: PathBuf, by: Box<Record> },
    #[error("cannot write to {}", path.display())]
    Register { path: PathBuf, source: io::Error },
    #[error("cannot open {}", path.display())]
    Uio { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Nobody was there to hear that it is attached.
    #[error("nobody hears that the drive is attached")]
    Unheard(#[source] io::Error),
}

/// Why an attached drive is no longer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Asked,
    /// The drive itself left, as if its cable had been pulled.
    Gone,
}

/// Makes a drive of the kernel's from `transport`, tells `attached`, and answers until it is asked to stop. Then nothing
/// is left of it.
///
/// # Errors
/// Where it cannot be attached, or the kernel fails; nothing is left then, either.
pub fn attach(
    plan: &Plan<'_>,
    transport: &mut dyn Transport,
    attached: &mut dyn FnMut(&Record) -> io::Result<()>,
) -> Result<Ended, AttachError> {
    if !process::is_root() {
        return Err(AttachError::NotRoot);
    }
    let in_register = |source| AttachError::Register { path: plan.register.folder().to_owned(), source };
    let guard = plan.register.guard().map_err(in_register)?;
    let mut enrolment = match enrol(plan, &guard) {
        Ok(enrolment) => enrolment,
        Err(error) => {
            super::clear::unload_unused(plan.register, &guard, None);
            return Err(error);
        }
    };
    let target = Target::new(enrolment.record().number);
    let outcome = make(plan, &target).and_then(|(bell, ring)| {
        let service = Service::new(ring, bell, transport, patience(plan.time_out));
        serve(plan, &target, service, &mut enrolment, guard, attached)
    });
    let removed = target.remove();
    let guard = plan.register.guard().map_err(in_register)?;
    // Whoever waits for the record to go sees that nothing else is left.
    super::clear::unload_unused(plan.register, &guard, Some(enrolment.record().number));
    let removed = removed.map_err(AttachError::from).and_then(|()| enrolment.remove().map_err(in_register));
    outcome.and_then(|ended| removed.map(|()| ended))
}

/// The drive is to be done with a command before the kernel gives that up.
fn patience(time_out: Duration) -> Duration {
    if time_out.is_zero() { Duration::MAX } else { time_out }
}

fn enrol(plan: &Plan<'_>, guard: &Guard) -> Result<Enrolment, AttachError> {
    let known = Target::existing();
    if let Some(disc_file) = &plan.disc_file {
        let uses = |listed: &Listed| {
            listed.liveness == Liveness::Served && listed.record.disc_file.as_ref() == Some(disc_file)
        };
        if let Some(other) = plan.register.list(&known).into_iter().find(uses) {
            return Err(AttachError::InUse { disc_file: disc_file.clone(), by: Box::new(other.record) });
        }
    }
    super::clear::note_absent_modules(plan.register, guard);
    for name in TARGET_MODULES.into_iter().rev() {
        modules::load(name)?;
    }
    modules::load("sr_mod")?;
    Target::mount_configfs()?;
    // Without it there is one node less.
    let _ = modules::load("sg");
    let record = Record {
        pid: std::process::id(),
        disc: plan.disc.clone(),
        disc_file: plan.disc_file.clone(),
        ..Record::default()
    };
    let in_register = |source| AttachError::Register { path: plan.register.folder().to_owned(), source };
    plan.register.enrol(guard, &known, record).map_err(in_register)
}

fn make(plan: &Plan<'_>, target: &Target) -> Result<(Uio, Ring<impl SharedMemory>), AttachError> {
    let path = target.make_backstore(plan.time_out, plan.clock)?;
    let (bell, memory) = Uio::open(&path).map_err(|source| AttachError::Uio { path, source })?;
    Ok((bell, Ring::open(memory).map_err(ServeError::from)?))
}

fn serve<M: SharedMemory, B: Doorbell>(
    plan: &Plan<'_>,
    target: &Target,
    mut service: Service<'_, M, B>,
    enrolment: &mut Enrolment,
    guard: Guard,
    attached: &mut dyn FnMut(&Record) -> io::Result<()>,
) -> Result<Ended, AttachError> {
    let served = while_serving(&mut service, || target.link(plan.clock)).and_then(|linked| {
        let nodes = linked?;
        let path = |node: Option<crate::linux::Node>| node.map(|node| node.path);
        let log = (plan.speaks_to == Audience::Log).then(|| plan.register.log(enrolment.record().number));
        enrolment
            .note(path(nodes.block), path(nodes.generic), log)
            .map_err(|source| AttachError::Register { path: plan.register.folder().to_owned(), source })?;
        drop(guard);
        attached(enrolment.record()).map_err(AttachError::Unheard)?;
        service.serve(CALM, &|wires| wires == Wires::Plugged && !plan.stop.load(Ordering::Acquire))?;
        Ok(match service.wires() {
            Wires::Plugged => Ended::Asked,
            Wires::Pulled => Ended::Gone,
        })
    });
    while_serving(&mut service, || target.unlink())??;
    served
}

/// Answers commands for as long as the work takes, which makes the kernel ask some.
pub(super) fn while_serving<M: SharedMemory, B: Doorbell, R: Send>(
    service: &mut Service<'_, M, B>,
    work: impl FnOnce() -> R + Send,
) -> Result<R, AttachError> {
    thread::scope(|scope| {
        let worker = scope.spawn(work);
        let served = service.serve(BRISK, &|_| !worker.is_finished());
        let done = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        served?;
        Ok(done)
    })
}
