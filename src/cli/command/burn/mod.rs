//! This module knows the command `burn`.

mod account;
mod judged;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::rip::{EjectWhen, eject};
use crate::burn::{
    Afterwards, BurnError, BurnFailure, DefectManagement, Mode, Options, Proposal, Simulation, Source, Verdict,
    Verification, Wishes, burn,
};
use crate::checksum::Algorithm;
use crate::cli::arguments::values::SpeedWish;
use crate::cli::ask::{Reply, StandardInput, ask_beside};
use crate::cli::describe::{damage_lines, disc_line, drive_line};
use crate::cli::escape::escaped;
use crate::cli::exit::Exit;
use crate::cli::explain::{About as Subject, burn_failure, remains_words};
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{PlanLine, ResultLine};
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::target::{How, OpenedDrive, open_drive, state_of};
use crate::drive::{MediumKind, WriteTrouble};
use crate::event::About;
use crate::image::Disk;
use crate::linux::input::StoppableInput;
use crate::sector::{SectorCount, SectorRange};

/// Burn an image onto a disc, and read it back
///
/// What will be done is told first: how the disc is written, at what speed, with how much padding, and how it is closed. The
/// image is checked before anything is written. Afterwards the disc is loaded anew, and every byte of the image is read
/// back and compared.
///
/// On a disc that can be written over, what was there before is lost. Nothing is written before somebody at a terminal said
/// yes, or without -y.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright burn disc.iso                      onto the disc in the only drive that has one
  discwright burn disc.iso /dev/sr0 --speed 8x
  discwright burn disc.iso --simulate           the plan, and all but the laser where the disc has that
  mkisofs -r folder | discwright burn - /dev/sr0 -y
  discwright burn disc.iso virtual:blank.toml   onto a disc in software, to try things")]
pub struct Args {
    /// Image to burn; -: from standard input
    #[arg(value_name = "IMAGE")]
    pub image: OsString,
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Speed to write at, as a multiple (8x) or in kB/s; default: the fastest that the drive offers for the disc
    #[arg(long, value_name = "N")]
    pub speed: Option<SpeedWish>,
    /// Everything but the laser; on discs that have no such thing the plan alone
    #[arg(long)]
    pub simulate: bool,
    /// Leave the disc open for another session
    #[arg(long)]
    pub keep_open: bool,
    /// Write behind what is on the disc: the image must have been made for there (`info`: mkisofs -C LAST,NEXT)
    #[arg(long)]
    pub append: bool,
    /// Do not read back
    #[arg(long)]
    pub no_verify: bool,
    /// Compare the image with a hash list, an SFV file, a DAT catalogue or another image before it is burnt; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// How sectors follow each other: tao (CD), sao (CD, DVD-R, DVD-RW) or packet (all others); default: what suits disc and image
    #[arg(long, value_name = "MODE", hide_possible_values = true)]
    pub write_mode: Option<ModeWish>,
    /// Write more to a CD than it says that it holds
    #[arg(long)]
    pub overburn: bool,
    /// Sectors on the first layer of a DVD+R DL; default: half of the image
    #[arg(long, value_name = "N")]
    pub layer_break: Option<u32>,
    /// Spare sectors on a BD or DVD-RAM: on (a blank one gets them, and the drive looks at what it wrote) or off
    #[arg(long, value_name = "WHICH", hide_possible_values = true)]
    pub defect_management: Option<OnOff>,
    /// When to open the tray at the end
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub eject: EjectWhen,
    /// Keep no account of the burn
    #[arg(long)]
    pub no_account: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// How sectors follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeWish {
    Tao,
    Sao,
    Packet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    On,
    Off,
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    let (source, doubts) = source(args, session)?;
    let options = options(args);
    let mut opened = open_drive(args.drive.as_deref(), How::recording(args.trace.as_ref()), session)?;
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let outcome = burnt(source, &doubts, &options, &mut opened, args, session);
    let well = outcome.as_ref().is_ok_and(|report| report.exit == Exit::Ok);
    eject(args.eject, well, &mut opened, session);
    outcome
}

/// The image, and what there is against burning it.
fn source(args: &Args, session: &Session) -> Result<(Source, Vec<String>), Failure> {
    if is_standard_input(args) {
        if !args.against.is_empty() {
            return Err(Failure::new(Exit::Usage, "standard input cannot be compared before it is burnt")
                .hint("save it to a file first, or leave --against out"));
        }
        let stop = Arc::clone(session.signals.stop());
        // Unbuffered: what is read ahead could not be waited for.
        let input = std::fs::File::from(duplicate_of_stdin()?);
        return Ok((Source::Stream(Box::new(StoppableInput::new(input, stop))), Vec::new()));
    }
    let path = Path::new(&args.image);
    let failed = |error: std::io::Error| {
        let exit = match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => Exit::Unavailable,
            _ => Exit::Failed,
        };
        Failure::new(exit, format!("cannot open {}: {error}", path.display()))
    };
    if path.metadata().map_err(failed)?.is_dir() {
        return Err(Failure::new(Exit::Usage, format!("{} is a folder", path.display()))
            .hint(format!("mkisofs -r {} | discwright burn - DRIVE -y", path.display())));
    }
    let source = Source::open(&Disk, path).map_err(failed)?;
    if source.size().bytes() == Some(0) {
        return Err(Failure::new(Exit::Unavailable, format!("{}: the image is empty", path.display())));
    }
    let doubts = judged::doubts(path, args, session)?;
    Ok((source, doubts))
}

fn is_standard_input(args: &Args) -> bool {
    args.image == OsStr::new("-")
}

fn duplicate_of_stdin() -> Result<std::os::fd::OwnedFd, Failure> {
    use std::os::fd::AsFd;
    let copy = std::io::stdin().as_fd().try_clone_to_owned();
    copy.map_err(|error| Failure::new(Exit::Failed, format!("standard input cannot be read: {error}")))
}

fn options(args: &Args) -> Options {
    let wishes = Wishes {
        speed: args.speed.unwrap_or(SpeedWish::Best).into(),
        simulate: args.simulate,
        afterwards: if args.keep_open { Afterwards::KeepOpen } else { Afterwards::Close },
        append: args.append,
        mode: args.write_mode.map(|mode| match mode {
            ModeWish::Tao => Mode::TrackAtOnce,
            ModeWish::Sao => Mode::SessionAtOnce,
            ModeWish::Packet => Mode::Increments,
        }),
        overburn: args.overburn,
        layer_break: args.layer_break.map(SectorCount),
        defect_management: args.defect_management.map(|which| match which {
            OnOff::On => DefectManagement::On,
            OnOff::Off => DefectManagement::Off,
        }),
    };
    let verification = if args.no_verify { Verification::None } else { Verification::ReadBack };
    Options { wishes, verification, algorithms: vec![Algorithm::Sha256], ..Options::default() }
}

fn burnt(
    source: Source,
    doubts: &[String],
    options: &Options,
    opened: &mut OpenedDrive,
    args: &Args,
    session: &Session,
) -> Outcome {
    let clock = Arc::clone(&opened.clock);
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let (drive, nodes, name) = (&mut opened.drive, opened.nodes.as_ref(), opened.name.clone());
    let mut refused = None;
    let mut agree = |proposal: &Proposal<'_>| {
        let medium = proposal.medium;
        session.voice.json(&drive_line(proposal.drive, nodes, Some(medium), Some(state_of(medium.status))));
        session.voice.json(&disc_line(medium, None));
        session.voice.json(&PlanLine::from(proposal.plan));
        session.voice.print_account(account::plan_sheet(proposal, &name, options.verification));
        let agreed = agreement(proposal, doubts, args, session);
        refused = agreed.as_ref().err().cloned();
        agreed.is_ok()
    };
    let stop = session.signals.stop();
    let result = burn(drive, &*clock, source, options, stop, &mut *audience, &mut agree);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    if let (Some(why), Err(BurnFailure { error: BurnError::Declined, .. })) = (refused, &result) {
        return Err(Failure::new(Exit::Refused, format!("{}: {why}", opened.name)).hint("-y burns without asking"));
    }
    match result {
        Ok(report) => {
            let done = conclude(&report);
            tell(&report, session);
            session.voice.print_account(account::sheet(&report, args, opened));
            if done.exit != Exit::Ok {
                session.voice.tell(&done.message);
            }
            keep(
                &report,
                &ResultLine::new(done.exit, done.message.clone(), account::facts(&report)),
                args,
                opened,
                session,
            );
            Ok(done)
        }
        Err(failed) => Err(failure(&failed, args, opened, session)),
    }
}

fn failure(failed: &BurnFailure, args: &Args, opened: &OpenedDrive, session: &Session) -> Failure {
    let about = Subject { name: &opened.name, signal: session.signals.received() };
    let mut failure = burn_failure(&failed.error, about);
    let Some(report) = &failed.report else { return failure };
    if has_unused_spares(&failed.error, report) {
        let hint = "`--defect-management on` has the drive look at what it wrote and use the disc's spare sectors, at half the speed";
        failure = failure.hint(hint);
    }
    failure.facts = Box::new(account::facts(report));
    match report.remains {
        Some(remains) => failure = failure.hint(remains_words(remains)),
        None if report.finished && is_worth_a_second_look(&failed.error) => {
            failure = failure.hint(not_proven(args, opened))
        }
        None => {}
    }
    let line = ResultLine::new(failure.exit, failure.message.clone(), account::facts(report));
    keep(report, &line, args, opened, session);
    failure
}

/// A sector took no data, of a disc that has others to replace it.
fn has_unused_spares(error: &BurnError, report: &crate::burn::Report) -> bool {
    let BurnError::Write { source, .. } = error else { return false };
    let has_spares = matches!(report.plan.kind, MediumKind::BdRe | MediumKind::DvdRam);
    has_spares && report.plan.streaming && source.trouble() == Some(WriteTrouble::WriteFailed)
}

/// Whether comparing it once more may come to something else.
fn is_worth_a_second_look(error: &BurnError) -> bool {
    !matches!(error, BurnError::StillBlank | BurnError::NothingReads)
}

/// It is on the disc, and nobody knows whether all of it reads.
fn not_proven(args: &Args, opened: &OpenedDrive) -> String {
    let done = "the image was written to its end, and not read back";
    if is_standard_input(args) {
        return done.to_owned();
    }
    let image = args.image.to_string_lossy();
    format!("{done}: `discwright verify {} --against {}` does that", opened.name, escaped(&image))
}

/// Yes, or why not.
fn agreement(proposal: &Proposal<'_>, doubts: &[String], args: &Args, session: &Session) -> Result<(), String> {
    let plan = proposal.plan;
    if plan.simulation == Simulation::PlanAlone {
        return Ok(());
    }
    for doubt in doubts {
        session.notice(About::Damage, doubt);
    }
    if args.yes || (plan.simulation == Simulation::LaserOff && doubts.is_empty()) {
        return Ok(());
    }
    let what = match (plan.overwrites, doubts.is_empty()) {
        (true, _) => "What is on the disc now will be lost. Burn the image over it?",
        (false, false) => "Burn this image all the same?",
        (false, true) => "Burn it?",
    };
    let input = if is_standard_input(args) { StandardInput::Taken } else { StandardInput::Free };
    match ask_beside(what, input, session) {
        Reply::Yes => Ok(()),
        Reply::No => Err("nothing was written".to_owned()),
        Reply::NobodyThere => Err(match (doubts.first(), plan.overwrites) {
            (Some(doubt), _) => format!("{doubt}; nothing was written"),
            (None, true) => {
                "what is on the disc would be lost, and there is no terminal to ask on; nothing was written".to_owned()
            }
            (None, false) => "there is no terminal to ask on; nothing was written".to_owned(),
        }),
    }
}

/// What it comes to, as a status and a sentence.
fn conclude(report: &crate::burn::Report) -> Report {
    let (exit, message) = match &report.verdict {
        Verdict::Same if report.missing.is_some() => {
            let missing = report.missing.unwrap_or_default();
            let text = "every byte that came is on the disc, but the image ended early: its filesystem has";
            (Exit::Damaged, format!("{text} {} more", counted(missing.0.into(), "sector")))
        }
        Verdict::Same => (Exit::Ok, "every byte of the image is on the disc".to_owned()),
        Verdict::NotVerified => (Exit::Ok, "burnt, and not read back".to_owned()),
        Verdict::Simulated => (Exit::Ok, "simulated: the laser was off, and the disc is as it was".to_owned()),
        Verdict::PlanAlone => {
            (Exit::Ok, "the plan alone: such a disc cannot be simulated, and nothing was written".to_owned())
        }
        Verdict::Differs => {
            let found = report.read_back.as_ref();
            let bad = found.map_or(0, |found| found.bad.iter().map(|range| u64::from(range.count().0)).sum());
            let differing = found.map_or(0, |found| u64::from(found.differing_count.0));
            match (differing, bad) {
                (0, 0) => (Exit::Mismatch, "what is on the disc is not the image".to_owned()),
                (0, bad) => (Exit::Damaged, format!("{} of the image cannot be read back", counted(bad, "sector"))),
                (differing, 0) => (Exit::Mismatch, differ(differing)),
                (differing, bad) => {
                    (Exit::Mismatch, format!("{}, and {} cannot be read", differ(differing), counted(bad, "sector")))
                }
            }
        }
    };
    Report { exit, message, facts: account::facts(report) }
}

fn differ(sectors: u64) -> String {
    let verb = if sectors == 1 { "is" } else { "are" };
    format!("{} on the disc {verb} not the image's", counted(sectors, "sector"))
}

fn tell(report: &crate::burn::Report, session: &Session) {
    let Some(found) = &report.read_back else { return };
    let lost = SectorRange::joined(found.differing.iter().chain(&found.bad).copied().collect());
    if !lost.is_empty() {
        for line in damage_lines(Some(&found.damage), &lost) {
            session.voice.json(&line);
        }
    }
}

fn keep(report: &crate::burn::Report, line: &ResultLine, args: &Args, opened: &OpenedDrive, session: &Session) {
    if args.no_account || report.verdict == Verdict::PlanAlone {
        return;
    }
    match account::keep(report, line, args, opened) {
        Ok(path) => session.notice(About::Name, &format!("the account of this burn: {}", path.display())),
        Err(text) => session.notice(About::Name, &text),
    }
}
