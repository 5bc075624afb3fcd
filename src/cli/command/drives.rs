//! This module knows the command `drives`.

use std::sync::Arc;

use crate::cli::describe::{drive_line, drive_words};
use crate::cli::exit::Exit;
use crate::cli::explain::{drive_failure, open_failure};
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{DriveLine, DriveState};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::sheet::Sheet;
use crate::cli::target::state_of;
use crate::drive::{Drive, Identity, Medium, TrayState};
use crate::event::About;
use crate::linux::{self, Access, DriveNodes};

/// List the drives here, what they are, what is in them, who holds them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright drives
  discwright drives --json | jq -r 'select(.event == \"drive\") | .device'")]
pub struct Args {}

pub fn run(session: &Session) -> Outcome {
    let drives = linux::drives();
    if drives.is_empty() {
        session.voice.tell("there is no optical drive here; `demo` in the place of DRIVE is one in software");
    }
    for nodes in &drives {
        let line = ask(nodes, session);
        session.voice.json(&line);
        session.voice.print(sheet(&line));
    }
    Ok(Report::ok(counted(drives.len().try_into().unwrap_or(u64::MAX), "drive")))
}

/// What the kernel knows is told also where the drive cannot be asked.
fn ask(nodes: &DriveNodes, session: &Session) -> DriveLine {
    let known = Identity {
        vendor: nodes.vendor.trim().to_owned(),
        product: nodes.product.trim().to_owned(),
        revision: nodes.revision.trim().to_owned(),
        serial: None,
    };
    match open_and_ask(nodes, session) {
        Ok((identity, medium, state)) => drive_line(&identity, Some(nodes), medium.as_ref(), Some(state)),
        Err(failure) => {
            session.notice(About::Drive, &failure.message);
            for hint in &failure.hints {
                session.voice.tell(format!("hint: {hint}"));
            }
            drive_line(&known, Some(nodes), None, None)
        }
    }
}

/// One look, without waiting for anything.
fn open_and_ask(nodes: &DriveNodes, session: &Session) -> Result<(Identity, Option<Medium>, DriveState), Failure> {
    let node = nodes.node().ok_or_else(|| Failure::new(Exit::Unavailable, "the drive has no node"))?;
    let opened = linux::open_drive(&node.path, Access::Look, &*session.clock).map_err(|e| open_failure(&e))?;
    let mut drive = Drive::new(Box::new(opened.transport), Arc::clone(&session.clock));
    let name = node.path.display().to_string();
    let failure = |e| drive_failure(&e, &name, session.signals.received());
    let identity = drive.identify().map_err(failure)?;
    Ok(match drive.look().map_err(failure)? {
        TrayState::Ready => {
            let medium = drive.examine().map_err(failure)?;
            let state = state_of(medium.status);
            (identity, Some(medium), state)
        }
        TrayState::Open => (identity, None, DriveState::Open),
        TrayState::Empty => (identity, None, DriveState::Empty),
        TrayState::NotReady(_) => (identity, None, DriveState::NotReady),
    })
}

fn sheet(line: &DriveLine) -> Sheet {
    let mut sheet = Sheet::default();
    let identity = Identity {
        vendor: line.vendor.clone(),
        product: line.product.clone(),
        revision: line.revision.clone(),
        serial: None,
    };
    let device = line.device.as_deref().or(line.sg.as_deref()).unwrap_or_default();
    let sg = line.sg.as_deref().filter(|_| line.device.is_some()).map(|sg| format!(" ({sg})")).unwrap_or_default();
    sheet.row(device, format!("{}{sg}", drive_words(&identity)));
    let state = line.state.map_or("not known", DriveState::words);
    sheet.more(match &line.medium {
        Some(medium) => format!("{medium}, {state}"),
        None => state.to_owned(),
    });
    for holder in &line.held_by {
        sheet.more(format!("held by: {holder}"));
    }
    sheet
}
