//! This module knows the command `load`.

use std::ffi::OsString;

use crate::cli::exit::Exit;
use crate::cli::explain::drive_failure;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::run::Session;
use crate::cli::target::{How, Wanted, open_drive};
use crate::drive::TrayState;
use crate::event::About;

/// Close the tray, and wait until the disc is ready
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright load
  discwright load /dev/sr1")]
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
    let name = opened.name.clone();
    let failure = |e| drive_failure(&e, &name, session.signals.received());
    opened.drive.load().map_err(failure)?;
    let mut told = |awaiting| session.notice(About::Waiting, &format!("waiting for {awaiting}"));
    match opened.drive.wait_until_ready(session.signals.stop(), &mut told) {
        Ok(()) => {
            let message = format!("{name}: the disc is ready");
            session.voice.tell(&message);
            Ok(Report::ok(message))
        }
        Err(error) => match opened.drive.look() {
            Ok(TrayState::Empty) => {
                Err(Failure::new(Exit::Unavailable, format!("{name}: the tray is closed, and there is no disc in it")))
            }
            Ok(TrayState::Ready | TrayState::Open | TrayState::NotReady(_)) | Err(_) => Err(failure(error)),
        },
    }
}
