//! This module knows the commands `close`, `blank` and `format`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use super::burn::OnOff;
use crate::burn::BurnError;
use crate::burn::DefectManagement;
use crate::burn::plan::Step;
use crate::burn::upkeep::{Upkeep, UpkeepFailure, UpkeepPlan, UpkeepProposal, keep_up};
use crate::cli::ask::{Reply, ask};
use crate::cli::describe::{disc_line, disc_words, drive_line, drive_words};
use crate::cli::exit::Exit;
use crate::cli::explain::{About as Subject, burn_failure};
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{Facts, rounded};
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::{bytes, counted, took};
use crate::cli::run::Session;
use crate::cli::sheet::Sheet;
use crate::cli::target::{How, open_drive, state_of};
use crate::drive::BlankingType;

/// Finish a disc that was left open
///
/// Closes what is open on it: the track, the session, and the disc, so that it reads everywhere and nothing can be added. On a
/// DVD+RW that is still being formatted, the format is stopped.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright close
  discwright close /dev/sr0 -y")]
pub struct CloseArgs {
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// Erase a rewritable disc
///
/// A CD-RW or DVD-RW becomes blank: by default what tells of its contents alone, which takes a minute; with --full all of it,
/// which takes as long as writing it. Other rewritable discs are written over, or formatted.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright blank
  discwright blank /dev/sr0 --full -y")]
pub struct BlankArgs {
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// What tells of the contents alone (the default). A DVD-RW then takes an image only at once, of known size
    #[arg(long, conflicts_with = "full")]
    pub fast: bool,
    /// All of the disc
    #[arg(long)]
    pub full: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// Format a rewritable, DVD-RAM or BD disc
///
/// What is on it is lost. A DVD-RW can be written over from then on, until `blank`; a blank BD-R gets spare sectors. A DVD+RW,
/// DVD-RAM or BD-RE that was never formatted is formatted by `burn` as well.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright format
  discwright format /dev/sr0 --defect-management off -y")]
pub struct FormatArgs {
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// All of a DVD-RW, or a look at every sector of a DVD-RAM or BD-RE: as long as writing; default: what makes it writable
    #[arg(long)]
    pub full: bool,
    /// Spare sectors on a BD: on or off
    #[arg(long, value_name = "WHICH", hide_possible_values = true)]
    pub defect_management: Option<OnOff>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

pub fn close(args: &CloseArgs, session: &Session) -> Outcome {
    let call = Call { drive: args.drive.as_ref(), yes: args.yes, trace: args.trace.as_ref() };
    run(Upkeep::Close, call, session)
}

pub fn blank(args: &BlankArgs, session: &Session) -> Outcome {
    let call = Call { drive: args.drive.as_ref(), yes: args.yes, trace: args.trace.as_ref() };
    run(Upkeep::Blank { whole: args.full }, call, session)
}

pub fn format(args: &FormatArgs, session: &Session) -> Outcome {
    let call = Call { drive: args.drive.as_ref(), yes: args.yes, trace: args.trace.as_ref() };
    let defect_management = args.defect_management.map(|which| match which {
        OnOff::On => DefectManagement::On,
        OnOff::Off => DefectManagement::Off,
    });
    run(Upkeep::Format { whole: args.full, defect_management }, call, session)
}

/// What the three have in common.
#[derive(Clone, Copy)]
struct Call<'a> {
    drive: Option<&'a OsString>,
    yes: bool,
    trace: Option<&'a PathBuf>,
}

fn run(what: Upkeep, call: Call<'_>, session: &Session) -> Outcome {
    let mut opened = open_drive(call.drive.map(OsString::as_os_str), How::recording(call.trace), session)?;
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let clock = Arc::clone(&opened.clock);
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let (drive, nodes, name) = (&mut opened.drive, opened.nodes.as_ref(), &opened.name);
    let mut refused = None;
    let mut agree = |proposal: &UpkeepProposal<'_>| {
        let medium = proposal.medium;
        session.voice.json(&drive_line(proposal.drive, nodes, Some(medium), Some(state_of(medium.status))));
        session.voice.json(&disc_line(medium, None));
        let mut sheet = Sheet::default();
        sheet.row("disc", disc_words(medium));
        sheet.row("drive", format!("{} ({name})", drive_words(proposal.drive)));
        sheet.row_if("plan", plan_words(proposal.plan));
        session.voice.print_account(sheet);
        let agreed = agreement(proposal, call.yes, session);
        refused = agreed.err();
        refused.is_none()
    };
    let stop = session.signals.stop();
    let result = keep_up(drive, &*clock, what, stop, &mut *audience, &mut agree);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    if let (Some(why), Err(UpkeepFailure { error: BurnError::Declined, .. })) = (refused, &result) {
        return Err(Failure::new(Exit::Refused, format!("{name}: {why}")).hint("-y does not ask"));
    }
    let report = result.map_err(|failed| {
        let about = Subject { name, signal: session.signals.received() };
        let failure = burn_failure(&failed.error, about);
        if failed.goes_on {
            failure.hint("the drive goes on by itself: leave the disc in until its light is off")
        } else {
            failure
        }
    })?;
    session.voice.json(&disc_line(&report.after, None));
    let message = match (what, report.plan.steps.is_empty()) {
        (_, true) => "nothing had to be done".to_owned(),
        (Upkeep::Close, false) => "the disc is closed".to_owned(),
        (Upkeep::Blank { .. }, false) => "the disc is blank".to_owned(),
        (Upkeep::Format { .. }, false) => "the disc is formatted".to_owned(),
    };
    let mut sheet = Sheet::default();
    sheet.row("now", disc_words(&report.after));
    sheet.row("time", took(report.elapsed));
    session.voice.print_account(sheet);
    session.voice.print_account(&message);
    let facts = Facts {
        seconds: Some(rounded(report.elapsed.as_secs_f64(), 3)),
        media_id: report.after.media_id.clone(),
        ..Facts::default()
    };
    match report.is_as_it_should_be() {
        true => Ok(Report { exit: Exit::Ok, message, facts }),
        false => {
            let message =
                format!("{name}: the drive did it all, and says that the disc is {}", disc_words(&report.after));
            Err(Failure { facts: Box::new(facts), ..Failure::new(Exit::Failed, message) })
        }
    }
}

/// What a person wants to know of it before.
fn plan_words(plan: &UpkeepPlan) -> Option<String> {
    plan.steps.iter().find_map(|step| match step {
        Step::Format(format, _) if !format.blocks.is_zero() => {
            let sectors = counted(format.blocks.0.into(), "sector");
            Some(format!("formatted with room for {sectors} ({})", bytes(format.blocks.bytes())))
        }
        Step::Blank(BlankingType::Disc) => Some("erased from end to end".to_owned()),
        Step::Blank(_) => Some("erased as far as it tells of its contents".to_owned()),
        Step::Format(..)
        | Step::WriteParameters(_)
        | Step::Speed(_)
        | Step::Calibrate
        | Step::Reserve(_)
        | Step::CueSheet(_)
        | Step::LayerBreak(_)
        | Step::Synchronise
        | Step::CloseTrack(_)
        | Step::Close(_) => None,
    })
}

/// Yes, or why not.
fn agreement(proposal: &UpkeepProposal<'_>, yes: bool, session: &Session) -> Result<(), &'static str> {
    let plan = proposal.plan;
    if yes || plan.steps.is_empty() {
        return Ok(());
    }
    let question = match (plan.what, plan.loses) {
        (Upkeep::Close, _) if plan.stays_writable => "Close it? It can be written over as before.",
        (Upkeep::Close, _) => "Nothing can be added to the disc then. Close it?",
        (Upkeep::Blank { .. }, _) => "What is on the disc now will be lost. Erase it?",
        (Upkeep::Format { .. }, true) => "What is on the disc now will be lost. Format it?",
        (Upkeep::Format { .. }, false) => "Format it?",
    };
    match ask(question, session) {
        Reply::Yes => Ok(()),
        Reply::No => Err("nothing was done"),
        Reply::NobodyThere => Err("there is no terminal to ask on; nothing was done"),
    }
}
