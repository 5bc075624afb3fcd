//! This module knows the command `rip`.

mod account;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use crate::checksum::Algorithm;
use crate::cli::arguments::values::{Algorithms, SpeedWish, seconds};
use crate::cli::ask::{Reply, ask};
use crate::cli::command::{load_against, tell_bad_lines};
use crate::cli::describe::{ClaimsTold, damage_lines, finding_line, finding_words, length_line};
use crate::cli::exit::Exit;
use crate::cli::explain::{About as Subject, rip_failure};
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::ResultLine;
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::target::{How, NotASource, OpenedDrive, Word, open_drive};
use crate::cli::voice::Form;
use crate::event::About;
use crate::image::Disk;
use crate::linux::signals::Signal;
use crate::reading::GiveUp;
use crate::rip::{self, Damage, End, Existing, Options, Order, Outcome as Came, Output, RipError, Unfinished};
use crate::sector::SectorRange;
use crate::verify::Answer;

/// Copy a disc into an image file
///
/// Every sector of user data of a CD, DVD or Blu-ray disc goes into an image, in one pass, hashed while it
/// is read. What cannot be read is retried, counted, and told at the end; a rip that was interrupted goes on where it
/// stopped.
///
/// A finished image has its hash list (OUTPUT.sha256) and its account (OUTPUT.json) beside it. An unfinished one is
/// OUTPUT.part with OUTPUT.map, a map in ddrescue's format.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright rip                        the only drive with a disc, to LABEL.iso here
  discwright rip /dev/sr0 images/       to images/LABEL.iso
  discwright rip /dev/sr0 disc.iso --against redump.dat
  discwright rip /dev/sr0 - --hash none | ssh host 'cat > disc.iso'
  discwright rip demo                   with no drive at all")]
pub struct Args {
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Image to write; a folder: LABEL.iso in it; -: to standard output; default: LABEL.iso here
    #[arg(value_name = "OUTPUT")]
    pub output: Option<PathBuf>,
    /// Digests to compute: sha256, sha1, md5, crc32 (all four by default), sha512, or none
    #[arg(long, value_name = "LIST")]
    pub hash: Option<Algorithms>,
    /// Compare with a hash list, an SFV file, a DAT catalogue or another image; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// Speed to read at, as a multiple (8x) or in kB/s; default: the drive's best
    #[arg(long, value_name = "N")]
    pub speed: Option<SpeedWish>,
    /// Tries for a sector that will not read
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub retries: u32,
    /// Begin no try once a sector has cost S seconds, and give up one under way then, which resets the drive
    /// (7 at least on a real drive)
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Stop when hopeless: so many bad sectors (200), such a share (1%), so much time lost (30m)
    #[arg(long, value_name = "WHEN")]
    pub give_up: Option<GiveUp>,
    /// Read only sectors A to B, B not included; repeatable
    #[arg(long, value_name = "A..B")]
    pub range: Vec<SectorRange>,
    /// What comes first: sequential (in order of place), used-first (what the filesystem uses, then the rest), or used-only
    /// (what is not used stays unread, and the image a .part)
    #[arg(long, value_name = "ORDER", default_value = "sequential", hide_possible_values = true)]
    pub order: OrderWish,
    /// End the image where the filesystem ends: rewritable discs report all that they can hold
    #[arg(long)]
    pub trim: bool,
    /// When to open the tray at the end
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub eject: EjectWhen,
    /// Give the image its final name although sectors are missing (zeros are in their place); the status is still 1
    #[arg(long)]
    pub accept_damage: bool,
    /// Go on with an unfinished rip; fail where there is none of this disc (to go on where there is one is the default)
    #[arg(long, conflicts_with = "restart")]
    pub resume: bool,
    /// Begin again, whatever an earlier rip left
    #[arg(long)]
    pub restart: bool,
    /// Write no account (OUTPUT.json)
    #[arg(long)]
    pub no_account: bool,
    /// Overwrite OUTPUT where it exists, without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// When a tray is opened at the end of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EjectWhen {
    Never,
    Success,
    Failure,
    Always,
}

/// In which order sectors are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderWish {
    Sequential,
    UsedFirst,
    UsedOnly,
}

impl From<OrderWish> for Order {
    fn from(wish: OrderWish) -> Self {
        match wish {
            OrderWish::Sequential => Order::Sequential,
            OrderWish::UsedFirst => Order::UsedFirst,
            OrderWish::UsedOnly => Order::UsedOnly,
        }
    }
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    let output = output(args, session)?;
    let streams = matches!(output, Output::Stream(_));
    let existing = existing(args, &output, session)?;
    let mut options = options(args, existing)?;
    tell_bad_lines(&options.against, session);
    let mut opened = open_drive(args.drive.as_deref(), How::reading(args.trace.as_ref()), session)
        .map_err(|failure| if only_output_was_named(args) { failure.hint(DRIVE_FIRST) } else { failure })?;
    options.kernel_claim = opened.nodes.as_ref().and_then(|nodes| nodes.kernel_sectors());
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let session = if streams { &session.with_results_on_standard_error() } else { session };
    let outcome = rip(output, &options, &mut opened, args, session);
    let well = outcome.as_ref().is_ok_and(|report| report.exit == Exit::Ok);
    eject(args.eject, well, &mut opened, session);
    outcome
}

const DRIVE_FIRST: &str = "one argument alone is the DRIVE; OUTPUT comes second";

fn only_output_was_named(args: &Args) -> bool {
    let word = args.drive.as_ref().filter(|_| args.output.is_none());
    word.is_some_and(|word| {
        !word.as_encoded_bytes().contains(&b':')
            && matches!(
                Word::of(word),
                Ok(Word::Image(_)) | Err(NotASource::Missing { .. } | NotASource::Folder { .. })
            )
    })
}

fn rip(output: Output, options: &Options, opened: &mut OpenedDrive, args: &Args, session: &Session) -> Outcome {
    let clock = std::sync::Arc::clone(&opened.clock);
    let mut audience = audience(&session.voice, std::sync::Arc::clone(&clock), session.signals.clone());
    let stop = session.signals.stop();
    let (drive, nodes) = (&mut opened.drive, opened.nodes.as_ref());
    let result = rip::rip_and_introduce(drive, &Disk, &*clock, output, options, stop, &mut *audience, &mut |subject| {
        let (drive, disc, volumes) = account::lines(subject, nodes);
        session.voice.json(&drive);
        session.voice.json(&disc);
        volumes.iter().for_each(|volume| session.voice.json(volume));
    });
    match result {
        Ok(report) => {
            audience.end(Ending::Well);
            let done = conclude(&report, args, session);
            tell(&report, &done, args, opened, session);
            if !args.no_account && keeps_an_account(&report) {
                let line = ResultLine::new(done.exit, done.message.clone(), account::facts(&report));
                write_account(&report, opened, &line, session);
            }
            Ok(done)
        }
        Err(failed) => {
            audience.end(Ending::Badly);
            let about = Subject { name: &opened.name, signal: session.signals.received() };
            let mut failure = rip_failure(&failed.error, about);
            if let Some(report) = &failed.report {
                tell_lines(report, session);
                failure.facts = Box::new(account::facts(report));
                if let Some(files) = &report.files
                    && !report.missing.is_zero()
                {
                    let (part, read) =
                        (files.unfinished.part.display(), report.sectors.0.saturating_sub(report.missing.0));
                    let text = format!(
                        "{} are kept in {part}: the same command goes on from there",
                        counted(read.into(), "sector")
                    );
                    failure = failure.hint(text);
                }
                if !args.no_account && leaves_an_account(&failed.error) {
                    let line = ResultLine::new(failure.exit, failure.message.clone(), account::facts(report));
                    write_account(report, opened, &line, session);
                }
            }
            Err(failure)
        }
    }
}

/// An interrupted rip is not over; what it needs to go on is in its map.
fn keeps_an_account(report: &rip::Report) -> bool {
    match report.outcome {
        Came::Complete | Came::Damaged | Came::DamageAccepted | Came::PartOfDisc | Came::GaveUp(_) => true,
        Came::Interrupted | Came::Failed => false,
    }
}

/// Who else's image has the name has its account, too.
fn leaves_an_account(error: &RipError) -> bool {
    !matches!(error, RipError::OutputExists { .. } | RipError::UnfinishedIsOther { .. })
}

fn write_account(report: &rip::Report, opened: &OpenedDrive, line: &ResultLine, session: &Session) {
    if let Err(text) = account::write(report, opened, line) {
        session.notice(About::Name, &text);
    }
}

const TRY_AGAIN: &str = "the same command tries again what is missing; --accept-damage leaves zeros in its place";

fn tell(report: &rip::Report, done: &Report, args: &Args, opened: &OpenedDrive, session: &Session) {
    tell_lines(report, session);
    let claims = ClaimsTold::in_account(session.voice.loudness());
    session.voice.print_account(account::sheet(report, opened, claims));
    for finding in account::findings_told(report, session.voice.loudness()) {
        session.voice.print_account(finding_words(finding));
    }
    match report.outcome {
        Came::Complete if done.exit == Exit::Ok => {}
        // What went wrong is said by who hears of the failure.
        Came::Failed => {}
        Came::Complete | Came::DamageAccepted => {
            session.voice.tell(&done.message);
            if let (Exit::Mismatch, Some(files)) = (done.exit, &report.files) {
                let output = files.output.display();
                session.voice.tell(format!(
                    "`discwright verify DRIVE --against {output}` reads the disc again, and tells which sectors differ"
                ));
            }
        }
        // What is on standard output stays there, and nothing goes on with it.
        Came::Interrupted | Came::PartOfDisc if report.files.is_none() => {}
        Came::Damaged | Came::GaveUp(_) if report.files.is_none() => {
            session.voice.tell("zeros went out in the place of what is missing");
        }
        Came::Interrupted => session.voice.tell("interrupted: the same command goes on from there"),
        Came::PartOfDisc => {
            if !args.against.is_empty() {
                session.notice(About::Catalogue, "the image is not whole: it was compared with nothing");
            }
            let limits = [
                (!args.range.is_empty()).then_some("--range"),
                (report.order == Order::UsedOnly).then_some("--order used-only"),
            ];
            let limits = limits.into_iter().flatten().collect::<Vec<_>>().join(" and ");
            session.voice.tell(match report.bad.is_empty() {
                true => format!("the same command without {limits} reads the rest"),
                false => format!("the same command tries again what is bad; without {limits} it reads the rest, too"),
            });
        }
        Came::Damaged => session.voice.tell(TRY_AGAIN),
        Came::GaveUp(limit) => session.voice.tell(format!("{}; {TRY_AGAIN}", give_up_words(limit))),
    }
}

fn tell_lines(report: &rip::Report, session: &Session) {
    if session.voice.form() == Form::Text {
        return;
    }
    if let Some(length) = report.judgement.as_ref().and_then(|judgement| length_line(&judgement.image)) {
        session.voice.json(&length);
    }
    for finding in &report.findings {
        session.voice.json(&finding_line(finding));
    }
    for damage in damage_lines(report.judgement.as_ref().map(|judgement| &judgement.damage), &report.bad) {
        session.voice.json(&damage);
    }
    for comparison in &report.comparisons {
        session.notice_in_json(About::Catalogue, &crate::cli::describe::comparison_words(comparison));
    }
}

/// What it comes to, as a status and a sentence.
fn conclude(report: &rip::Report, args: &Args, session: &Session) -> Report {
    let bad = counted(report.bad_count().0.into(), "sector");
    let differs = report.comparisons.iter().any(|comparison| comparison.answer() == Answer::No);
    let is_all_used = report.order == Order::UsedOnly && args.range.is_empty();
    let read = match report.outcome {
        Came::PartOfDisc if is_all_used => "all that the filesystem uses was read",
        Came::PartOfDisc => "the sectors that were asked for were read",
        Came::Complete | Came::Damaged | Came::DamageAccepted | Came::Interrupted | Came::GaveUp(_) | Came::Failed => {
            "every sector was read"
        }
    };
    let (exit, message) = match report.outcome {
        Came::Interrupted => {
            let signal = session.signals.received().unwrap_or(Signal::Terminate);
            (Exit::Interrupted(signal), "interrupted".to_owned())
        }
        Came::GaveUp(limit) => (Exit::Damaged, give_up_words(limit)),
        Came::Failed => (Exit::Failed, "the rip did not come to its end".to_owned()),
        Came::Damaged => (Exit::Damaged, format!("{bad} could not be read; the image stays unfinished")),
        Came::DamageAccepted => (Exit::Damaged, format!("{bad} could not be read; zeros are in their place")),
        Came::PartOfDisc if !report.bad.is_empty() => (Exit::Damaged, format!("{bad} could not be read")),
        Came::Complete | Came::PartOfDisc if report.all_zero => {
            (Exit::Damaged, format!("{read}, but there is nothing but zeros on the disc"))
        }
        Came::Complete | Came::PartOfDisc if let Some(missing) = report.lacking() => {
            let missing = counted(missing, "byte");
            (Exit::Damaged, format!("{read}, but the disc is {missing} shorter than its filesystem"))
        }
        Came::Complete | Came::PartOfDisc if let (false, errors @ 1..) = (differs, report.errors()) => {
            let errors = counted(errors, "error");
            (Exit::Damaged, format!("{read}, but there is something wrong with what they hold: {errors}"))
        }
        Came::Complete | Came::PartOfDisc if differs => (Exit::Mismatch, format!("{read}, but the content is another")),
        Came::PartOfDisc if is_all_used => {
            (Exit::Ok, format!("{read}; {} were left out", counted(report.missing.0.into(), "sector")))
        }
        Came::Complete | Came::PartOfDisc => (Exit::Ok, read.to_owned()),
    };
    Report { exit, message, facts: account::facts(report) }
}

fn give_up_words(limit: GiveUp) -> String {
    match limit {
        GiveUp::Sectors(count) => format!("given up at {}", counted(count.0.into(), "bad sector")),
        GiveUp::Share(share) => format!("given up with {} % of the disc bad", share * 100.0),
        GiveUp::Time(time) => format!("given up after {} of errors", crate::cli::quantity::took(time)),
    }
}

fn output(args: &Args, session: &Session) -> Result<Output, Failure> {
    let Some(path) = &args.output else { return Ok(Output::Folder(PathBuf::new())) };
    if path == Path::new("-") {
        if session.voice.form() == Form::Json {
            return Err(Failure::new(Exit::Usage, "an image and JSON cannot both go to standard output")
                .hint("leave out --json, or name a file"));
        }
        if args.order != OrderWish::Sequential {
            let order = Order::from(args.order);
            return Err(Failure::new(
                Exit::Usage,
                format!("standard output takes sectors in order of place, and not {order}"),
            )
            .hint("leave out --order, or name a file"));
        }
        if std::io::stdout().is_terminal() {
            return Err(Failure::new(Exit::Refused, "standard output is a terminal")
                .hint("send it into a file or a program: discwright rip /dev/sr0 - > disc.iso"));
        }
        if args.resume {
            return Err(Failure::new(Exit::Usage, "a rip to standard output cannot be gone on with")
                .hint("leave out --resume, or name a file"));
        }
        return Ok(Output::Stream(Box::new(std::io::stdout())));
    }
    // The rename at the end would put a file in the place of a device or a pipe.
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return Err(Failure::new(Exit::Usage, format!("{} is no regular file", path.display()))
            .hint(format!("to send the sectors there: discwright rip DRIVE - > {}", path.display())));
    }
    let ends_like_a_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    Ok(if path.is_dir() || ends_like_a_folder { Output::Folder(path.clone()) } else { Output::File(path.clone()) })
}

/// Asks before the drive is touched, where there is somebody to ask.
fn existing(args: &Args, output: &Output, session: &Session) -> Result<Existing, Failure> {
    if args.yes {
        return Ok(Existing::Overwrite);
    }
    let Output::File(path) = output else { return Ok(Existing::Refuse) };
    if !path.exists() {
        return Ok(Existing::Refuse);
    }
    match ask(&format!("{} exists. Overwrite it?", path.display()), session) {
        Reply::Yes => Ok(Existing::Overwrite),
        Reply::No | Reply::NobodyThere => Err(Failure::new(Exit::Refused, format!("{} exists", path.display()))
            .hint("-y overwrites it; another OUTPUT leaves it alone")),
    }
}

fn options(args: &Args, existing: Existing) -> Result<Options, Failure> {
    let (algorithms, lists) = match &args.hash {
        Some(Algorithms(asked)) => {
            (asked.clone(), asked.iter().copied().filter(|algorithm| *algorithm != Algorithm::Crc32).collect())
        }
        None => (Algorithm::DEFAULT.to_vec(), vec![Algorithm::Sha256]),
    };
    Ok(Options {
        algorithms,
        lists,
        against: load_against(&args.against)?,
        speed: args.speed.unwrap_or(SpeedWish::Best).into(),
        tries: args.retries,
        sector_timeout: args.timeout,
        give_up: args.give_up,
        ranges: args.range.clone(),
        order: args.order.into(),
        end: if args.trim { End::OfFilesystem } else { End::OfDisc },
        damage: if args.accept_damage { Damage::Accepted } else { Damage::StaysUnfinished },
        unfinished: match (args.resume, args.restart) {
            (true, _) => Unfinished::MustResume,
            (false, true) => Unfinished::Restart,
            (false, false) => Unfinished::Resume,
        },
        existing,
        kernel_claim: None,
    })
}

pub(super) fn eject(when: EjectWhen, well: bool, opened: &mut OpenedDrive, session: &Session) {
    let due = match when {
        EjectWhen::Never => false,
        EjectWhen::Success => well,
        EjectWhen::Failure => !well,
        EjectWhen::Always => true,
    };
    if due {
        let ejected = super::eject::refuse_while_mounted(opened)
            .map_err(|failure| failure.message)
            .and_then(|()| opened.drive.eject().map_err(|error| error.to_string()));
        if let Err(text) = ejected {
            session.notice(About::Drive, &format!("the tray stays closed: {text}"));
        }
    }
}
