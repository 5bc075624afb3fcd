//! This module knows the command `verify`.

mod findings;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use crate::checksum::Algorithm;
use crate::cli::arguments::values::Algorithms;
use crate::cli::command::{load_against, tell_bad_lines};
use crate::cli::describe::{
    ClaimsTold, comparison_rows, comparison_words, digest_map, digest_rows, disc_line, disc_words, drive_line,
    drive_words, matched_name, no_raw_form_words, size_rows, volume_lines, volume_rows,
};
use crate::cli::escape::escaped;
use crate::cli::exit::Exit;
use crate::cli::explain::{About as Subject, against_failure, verify_failure};
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{Facts, SourceLine, rounded};
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::{counted, exactly};
use crate::cli::run::Session;
use crate::cli::sheet::Sheet;
use crate::cli::target::{How, OpenedDrive, OpenedImage, Source, open_source, state_of};
use crate::event::About;
use crate::filesystem::FirstLook;
use crate::image::Disk;
use crate::sector::{SectorCount, SectorRange};
use crate::verify::{Answer, Comparison, DiscReport, ImageReport, Options, list_beside, verify_disc, verify_image};
use findings::{Finding, count, grade_word};

/// Check an image or a disc: its filesystem, and whatever it can be compared with
///
/// Without --against, a hash list beside an image (IMAGE.sha256, .sha1, .md5, .sfv) is used where there is one. With a
/// DAT catalogue the title is told; an image of a CD is also compared in the form that catalogues of CDs describe, its
/// raw sectors of 2352 bytes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright verify disc.iso --against disc.iso.sha256
  discwright verify disc.iso --against redump.dat
  discwright verify /dev/sr0 --against disc.iso
  discwright verify *.iso --hash md5 --json")]
pub struct Args {
    /// Images or drives
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<OsString>,
    /// Digests to compute: sha256, sha1, md5, crc32 (all four by default), sha512, or none
    #[arg(long, value_name = "LIST")]
    pub hash: Option<Algorithms>,
    /// Compare with a hash list, an SFV file, a DAT catalogue or another image; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// The map of the image, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Read only sectors A to B, B not included; repeatable. Digests are of those, and only images compared with
    #[arg(long, value_name = "A..B")]
    pub range: Vec<SectorRange>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// Tries for a sector that will not read; it is not ours to rescue.
const TRIES: u32 = 3;

pub fn run(args: &Args, session: &Session) -> Outcome {
    // Lists that are broken are told before anything is read.
    let against = load_against(&args.against)?;
    if let (false, Some(list)) = (args.range.is_empty(), against.iter().find(|against| against.image().is_none())) {
        let message = format!("{} is of a whole image, and --range reads a part of one", list.path.display());
        return Err(Failure::new(Exit::Usage, message).hint("leave --range out, or compare with another image"));
    }
    tell_bad_lines(&against, session);
    drop(against);
    match args.sources.as_slice() {
        [source] => one(source, args, session),
        several => {
            let mut worst: Option<Report> = None;
            for source in several {
                let ended = one(source, args, session);
                let report = match ended {
                    Ok(report) => report,
                    Err(failure) if matches!(failure.exit, Exit::Interrupted(_)) => return Err(failure),
                    Err(failure) => {
                        session.voice.complain(&failure.message, &failure.hints);
                        Report { exit: failure.exit, message: failure.message, facts: Facts::default() }
                    }
                };
                session.voice.json(&SourceLine::new(&source.to_string_lossy(), &report));
                if worst.as_ref().is_none_or(|worst| report.exit.number() > worst.exit.number()) {
                    worst = Some(report);
                }
            }
            let exit = worst.map_or(Exit::Ok, |report| report.exit);
            let all = counted(several.len().try_into().unwrap_or(u64::MAX), "source");
            let message = if exit == Exit::Ok { format!("{all}, all as they should be") } else { all };
            Ok(Report { exit, message, facts: Facts::default() })
        }
    }
}

fn one(source: &OsStr, args: &Args, session: &Session) -> Outcome {
    match open_source(Some(source), How::reading(args.trace.as_ref()), session)? {
        Source::Image(image) => of_image(&image, args, session),
        Source::Drive(mut drive) => of_disc(&mut drive, args, session),
    }
}

fn options(args: &Args) -> Result<Options, Failure> {
    let algorithms = match &args.hash {
        Some(Algorithms(asked)) => asked.clone(),
        None => Algorithm::DEFAULT.to_vec(),
    };
    Ok(Options { algorithms, against: load_against(&args.against)?, map: args.map.clone(), ranges: args.range.clone() })
}

fn of_image(image: &OpenedImage, args: &Args, session: &Session) -> Outcome {
    let mut options = options(args)?;
    if args.against.is_empty()
        && args.range.is_empty()
        && let Some(list) = list_beside(&image.path).map_err(|e| against_failure(&e))?
    {
        options.against.push(list);
        tell_bad_lines(&options.against, session);
    }
    let clock = Arc::clone(&session.clock);
    let began = clock.now();
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let result = verify_image(&Disk, &image.path, &options, &*clock, session.signals.stop(), &mut *audience);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    let name = image.path.display().to_string();
    let about = Subject { name: &name, signal: session.signals.received() };
    let report = result.map_err(|error| verify_failure(&error, about))?;
    ranges_are_within(&args.range, report.sectors)?;
    let mut found = findings::of_look(&report.look, report.sectors);
    found.extend(findings::of_size(report.size, report.trailing_bytes));
    found.extend(report.map.as_ref().and_then(findings::of_map));
    let missing = report.map.as_ref().map(|map| map.missing.bytes());
    let seconds = clock.now().saturating_sub(began);
    let facts = Facts {
        sectors: Some(report.sectors.0),
        bytes: Some(report.bytes),
        missing_bytes: missing,
        digests: digest_map(&report.digests),
        matched: report.comparisons.iter().find_map(matched_name),
        findings: Some(count(&found)),
        seconds: Some(rounded(seconds.as_secs_f64(), 3)),
        ..Facts::default()
    };
    Ok(conclude(image_sheet(&report), &report.look, report.sectors, &report.comparisons, found, facts, session))
}

/// Digests of a range would be of less than was asked for, or of nothing.
fn ranges_are_within(ranges: &[SectorRange], sectors: SectorCount) -> Result<(), Failure> {
    match ranges.iter().find(|range| range.end().0 > sectors.0) {
        Some(range) => {
            let message = format!("--range {range} goes beyond the end, which is at sector {sectors}");
            Err(Failure::new(Exit::Usage, message).hint(format!("the last range there is ends with ..{sectors}")))
        }
        None => Ok(()),
    }
}

fn image_sheet(report: &ImageReport) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.row("image", escaped(&report.path.display().to_string()));
    sheet.row("size", format!("{}, {}", exactly(report.bytes), counted(report.sectors.0.into(), "sector")));
    sheet.row_if("map", report.map.as_ref().map(|map| map.path.display().to_string()));
    digest_rows(&report.digests, &mut sheet);
    sheet
}

fn of_disc(opened: &mut OpenedDrive, args: &Args, session: &Session) -> Outcome {
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let options = options(args)?;
    let kernel = opened.nodes.as_ref().and_then(|nodes| nodes.kernel_sectors());
    let clock = Arc::clone(&opened.clock);
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let stop = session.signals.stop();
    let result = verify_disc(&mut opened.drive, &Disk, &options, TRIES, kernel, &*clock, stop, &mut *audience);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    let about = Subject { name: &opened.name, signal: session.signals.received() };
    let report = result.map_err(|error| verify_failure(&error, about))?;
    let subject = &report.subject;
    ranges_are_within(&args.range, subject.size.sectors)?;
    let state = Some(state_of(subject.medium.status));
    session.voice.json(&drive_line(&subject.drive, opened.nodes.as_ref(), Some(&subject.medium), state));
    session.voice.json(&disc_line(&subject.medium, Some(&subject.size)));
    let sectors = subject.size.sectors;
    let mut found = findings::of_look(&subject.look, sectors);
    found.extend(findings::of_size(crate::filesystem::judge_size(sectors, &subject.look), 0));
    found.extend(report.bad.iter().map(|range| findings::of_bad(*range)));
    let busy = report.drive_time.as_secs_f64() / report.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let facts = Facts {
        sectors: Some(sectors.0),
        bytes: Some(sectors.bytes()),
        bad_sectors: Some(report.bad_count.0),
        missing_bytes: Some(report.bad_count.bytes()),
        digests: digest_map(&report.digests),
        matched: report.comparisons.iter().find_map(matched_name),
        findings: Some(count(&found)),
        drive_busy: Some(rounded(busy.min(1.0), 4)),
        seconds: Some(rounded(report.elapsed.as_secs_f64(), 3)),
        drive_seconds: Some(rounded(report.drive_time.as_secs_f64(), 3)),
        media_id: subject.medium.media_id.clone(),
        ..Facts::default()
    };
    let sheet = disc_sheet(&report, opened, ClaimsTold::in_account(session.voice.loudness()));
    Ok(conclude(sheet, &report.subject.look, sectors, &report.comparisons, found, facts, session))
}

fn disc_sheet(report: &DiscReport, opened: &OpenedDrive, claims: ClaimsTold) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.row("drive", format!("{} ({})", drive_words(&report.subject.drive), opened.name));
    sheet.row("disc", disc_words(&report.subject.medium));
    size_rows(&report.subject.size, claims, &mut sheet);
    digest_rows(&report.digests, &mut sheet);
    sheet.row_if("raw form", no_raw_form_words(report.no_raw_form).filter(|_| !report.digests.image.is_empty()));
    sheet
}

/// Tells all that was found, and what it comes to.
fn conclude(
    mut sheet: Sheet,
    look: &FirstLook,
    sectors: SectorCount,
    comparisons: &[Comparison],
    found: Vec<Finding>,
    facts: Facts,
    session: &Session,
) -> Report {
    for volume in volume_lines(look) {
        session.voice.json(&volume);
    }
    volume_rows(look, sectors, &mut sheet);
    for comparison in comparisons {
        comparison_rows(comparison, &mut sheet);
        session.notice_in_json(About::Catalogue, &comparison_words(comparison));
    }
    session.voice.print_account(sheet);
    for finding in &found {
        session.voice.json(&finding.line());
        session.voice.print_account(finding_words(finding));
    }
    let errors = facts.findings.map_or(0, |counts| counts.error);
    let differs = comparisons.iter().any(|comparison| comparison.answer() == Answer::No);
    let matched = comparisons.iter().any(|comparison| comparison.answer() == Answer::Yes);
    let (exit, message) = match (errors, differs, matched) {
        (_, true, _) => (Exit::Mismatch, "the content is another".to_owned()),
        (0, false, true) => (Exit::Ok, "the content is what it should be".to_owned()),
        (0, false, false) => (Exit::Ok, "nothing is wrong that can be seen".to_owned()),
        (errors, false, _) => (Exit::Damaged, counted(errors.into(), "error")),
    };
    session.voice.print_account(&message);
    Report { exit, message, facts }
}

/// `error  damage  sector 18462  cannot be read`.
fn finding_words(finding: &Finding) -> String {
    let place = finding.lba.map(|lba| format!("sector {lba}  ")).unwrap_or_default();
    format!(
        "{}  {}  {}  {place}{}",
        grade_word(finding.grade),
        finding.rule,
        finding.origin.word(),
        escaped(&finding.text)
    )
}
