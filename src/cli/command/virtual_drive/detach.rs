//! This module knows the command `virtual detach`.

use std::ffi::OsStr;
use std::path::Path;

use super::DetachArgs;
use crate::attachment::{Detached, Listed, Liveness, Register, detach};
use crate::cli::exit::Exit;
use crate::cli::explain::detach_failure;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::linux::tcmu::Target;
use crate::linux::{self, Holder};

pub fn run(args: &DetachArgs, session: &Session) -> Outcome {
    let register = Register::default();
    let listed = register.list(&Target::existing());
    let chosen: Vec<&Listed> = if args.all {
        listed.iter().collect()
    } else {
        args.drive.iter().map(|word| named(word, &listed)).collect::<Result<_, _>>()?
    };
    if !args.force {
        chosen.iter().try_for_each(|one| refuse_while_mounted(one))?;
    }
    for one in &chosen {
        let number = one.record.number;
        match detach(&register, number, &*session.clock).map_err(|e| detach_failure(&e))? {
            Detached::ByItself => session.voice.tell(format!("drive {number} is detached")),
            Detached::Cleared => session.voice.tell(format!("drive {number} was dead, and is cleared away")),
        }
    }
    Ok(Report::ok(format!("{} detached", counted(chosen.len().try_into().unwrap_or(u64::MAX), "drive"))))
}

/// By its number, or by a node.
fn named<'a>(word: &OsStr, listed: &'a [Listed]) -> Result<&'a Listed, Failure> {
    let number: Option<u32> = word.to_str().and_then(|word| word.parse().ok());
    let node = Path::new(word);
    let is_meant = |one: &&Listed| {
        number == Some(one.record.number)
            || [&one.record.device, &one.record.sg].into_iter().flatten().any(|n| n == node)
    };
    listed.iter().find(is_meant).ok_or_else(|| {
        Failure::new(Exit::Unavailable, format!("there is no attached drive {}", word.display()))
            .hint("`discwright virtual list` lists them")
    })
}

/// Of a dead one nobody can read any more.
fn refuse_while_mounted(one: &Listed) -> Result<(), Failure> {
    let device = one.record.device.as_ref().filter(|_| one.liveness == Liveness::Served);
    let Some(nodes) = device.and_then(|device| linux::find(device).ok()) else { return Ok(()) };
    let mount = linux::holders(&nodes).into_iter().find_map(|holder| match holder {
        Holder::Mount { at } => Some(at),
        Holder::Program { .. } | Holder::Device { .. } => None,
    });
    match mount {
        Some(at) => {
            let number = one.record.number;
            Err(Failure::new(Exit::Refused, format!("drive {number}: the disc is mounted on {}", at.display()))
                .hint(format!("umount {}", at.display()))
                .hint("with --force it is taken away all the same"))
        }
        None => Ok(()),
    }
}
