//! This module knows the command `eject`.

use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::explain::drive_failure;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::run::Session;
use crate::cli::target::{How, OpenedDrive, Wanted, open_drive};
use crate::linux::{Holder, holders};

/// Open the tray
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright eject
  discwright eject /dev/sr1")]
pub struct Args {
    /// The drive; default: the only one there is
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<std::path::PathBuf>,
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    let how = How { wanted: Wanted::Any, ..How::looking(args.trace.as_ref()) };
    let mut opened = open_drive(args.drive.as_deref(), how, session)?;
    refuse_while_mounted(&opened)?;
    opened.drive.eject().map_err(|e| drive_failure(&e, &opened.name, session.signals.received()))?;
    let message = format!("{}: the tray is open", opened.name);
    session.voice.tell(&message);
    Ok(Report::ok(message))
}

/// The drive would open the tray under whoever reads from the mounted disc.
pub(super) fn refuse_while_mounted(opened: &OpenedDrive) -> Result<(), Failure> {
    let Some(nodes) = &opened.nodes else { return Ok(()) };
    let mounts = holders(nodes).into_iter().find_map(|holder| match holder {
        Holder::Mount { at } => Some(at),
        Holder::Program { .. } | Holder::Device { .. } => None,
    });
    match mounts {
        Some(at) => {
            Err(Failure::new(Exit::Refused, format!("{}: the disc is mounted on {}", opened.name, at.display()))
                .hint(format!("umount {}", at.display())))
        }
        None => Ok(()),
    }
}
