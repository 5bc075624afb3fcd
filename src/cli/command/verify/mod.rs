//! This module knows the command `verify`.

mod explain;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use crate::checksum::Algorithm;
use crate::cli::arguments::values::{Algorithms, TreeWish};
use crate::cli::command::{load_against, no_map_of_a_drive, tell_bad_lines};
use crate::cli::describe::{
    ClaimsTold, comparison_rows, comparison_words, damage_lines, damage_rows, digest_map, digest_rows, disc_line,
    disc_words, drive_line, drive_words, finding_counts, finding_line, finding_words, image_lines, image_rows,
    length_line, matched_name, missing_at_end, no_raw_form_words, size_rows, sum_rows, sum_shapes,
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
use crate::filesystem::{Finding, FirstLook};
use crate::image::Disk;
use crate::reading::Subject as DiscSubject;
use crate::sector::{SectorCount, SectorRange};
use crate::verify::{
    Answer, Comparison, DiscReport, EmbeddedSums, ImageReport, Judgement, Options, list_beside, verify_disc,
    verify_image,
};

/// Check an image or a disc: its filesystem, and whatever it can be compared with
///
/// The filesystem is judged by some hundred rules: each finding has the id of its rule, which --explain tells more of.
/// Sectors that are missing, by the map of an image or because a disc does not read, are told by the files that lost them.
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
  discwright verify *.iso --hash md5 --json
  discwright verify disc.iso --hash none         its filesystem alone
  discwright verify --explain U09")]
pub struct Args {
    /// Images or drives
    #[arg(value_name = "SOURCE", required_unless_present = "explain")]
    pub sources: Vec<OsString>,
    /// Digests to compute: sha256, sha1, md5, crc32 (all four by default), sha512, or none
    #[arg(long, value_name = "LIST")]
    pub hash: Option<Algorithms>,
    /// Compare with a hash list, an SFV file, a DAT catalogue or another image; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// Judge this tree of names alone: iso, rr (Rock Ridge), joliet or udf; default: all that are there
    #[arg(long, value_name = "TREE")]
    pub tree: Option<TreeWish>,
    /// Judge this session, counted from 1; default: the last
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub session: Option<u32>,
    /// Tell what a rule means, who breaks it, and what to do; no SOURCE is needed
    #[arg(long, value_name = "RULE", conflicts_with = "sources")]
    pub explain: Option<String>,
    /// The map of the image, where it does not lie beside it: ddrescue's format, or a plain list of bad sectors
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
    if let Some(rule) = &args.explain {
        return explain::explain(rule, session);
    }
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
    Ok(Options {
        algorithms,
        against: load_against(&args.against)?,
        map: args.map.clone(),
        ranges: args.range.clone(),
        tree: args.tree.map(TreeWish::kind),
        session: args.session,
    })
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
    let by_map = report.map.as_ref().map(|map| map.missing.bytes());
    let missing = [by_map, missing_at_end(&report.judgement.image)].into_iter().flatten().reduce(u64::saturating_add);
    let seconds = clock.now().saturating_sub(began);
    let facts = Facts {
        sectors: Some(report.sectors.0),
        bytes: Some(report.bytes),
        missing_bytes: missing,
        digests: digest_map(&report.digests),
        matched: report.comparisons.iter().find_map(matched_name),
        sums: sum_shapes(report.sums.as_ref(), Some(&report.judgement)),
        findings: Some(finding_counts(&report.findings)),
        seconds: Some(rounded(seconds.as_secs_f64(), 3)),
        ..Facts::default()
    };
    let found = Found {
        look: &report.look,
        sums: report.sums.as_ref(),
        judgement: &report.judgement,
        findings: &report.findings,
        lost: report.map.as_ref().map_or(&[], |map| &map.ranges),
    };
    Ok(conclude(image_sheet(&report), &found, &report.comparisons, facts, session))
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
    no_map_of_a_drive(args.map.as_deref(), opened)?;
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let options = options(args)?;
    let kernel = opened.nodes.as_ref().and_then(|nodes| nodes.kernel_sectors());
    let clock = Arc::clone(&opened.clock);
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let stop = session.signals.stop();
    let nodes = opened.nodes.as_ref();
    let mut introduce = |subject: &DiscSubject| {
        let state = Some(state_of(subject.medium.status));
        session.voice.json(&drive_line(&subject.drive, nodes, Some(&subject.medium), state));
        session.voice.json(&disc_line(&subject.medium, Some(&subject.size)));
    };
    let drive = &mut opened.drive;
    let result = verify_disc(drive, &Disk, &options, TRIES, kernel, &*clock, stop, &mut *audience, &mut introduce);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    let about = Subject { name: &opened.name, signal: session.signals.received() };
    let report = result.map_err(|error| verify_failure(&error, about))?;
    let subject = &report.subject;
    ranges_are_within(&args.range, subject.size.sectors)?;
    let sectors = subject.size.sectors;
    let at_end = missing_at_end(&report.judgement.image).unwrap_or(0);
    let busy = report.drive_time.as_secs_f64() / report.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let facts = Facts {
        sectors: Some(sectors.0),
        bytes: Some(sectors.bytes()),
        bad_sectors: Some(report.bad_count.0),
        missing_bytes: Some(report.bad_count.bytes().saturating_add(at_end)),
        digests: digest_map(&report.digests),
        matched: report.comparisons.iter().find_map(matched_name),
        sums: sum_shapes(report.sums.as_ref(), Some(&report.judgement)),
        findings: Some(finding_counts(&report.findings)),
        drive_busy: Some(rounded(busy.min(1.0), 4)),
        seconds: Some(rounded(report.elapsed.as_secs_f64(), 3)),
        drive_seconds: Some(rounded(report.drive_time.as_secs_f64(), 3)),
        media_id: subject.medium.media_id.clone(),
        ..Facts::default()
    };
    let sheet = disc_sheet(&report, opened, ClaimsTold::in_account(session.voice.loudness()));
    let found = Found {
        look: &subject.look,
        judgement: &report.judgement,
        sums: report.sums.as_ref(),
        findings: &report.findings,
        lost: &report.bad,
    };
    Ok(conclude(sheet, &found, &report.comparisons, facts, session))
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

/// What was found, wherever.
struct Found<'a> {
    look: &'a FirstLook,
    judgement: &'a Judgement,
    sums: Option<&'a EmbeddedSums>,
    findings: &'a [Finding],
    lost: &'a [SectorRange],
}

/// Tells all that was found, and what it comes to.
fn conclude(
    mut sheet: Sheet,
    found: &Found<'_>,
    comparisons: &[Comparison],
    facts: Facts,
    session: &Session,
) -> Report {
    for volume in image_lines(found.look, found.judgement) {
        session.voice.json(&volume);
    }
    if let Some(length) = length_line(&found.judgement.image) {
        session.voice.json(&length);
    }
    image_rows(found.look, found.judgement, &mut sheet);
    sum_rows(found.sums, found.judgement, &mut sheet);
    for comparison in comparisons {
        comparison_rows(comparison, &mut sheet);
        session.notice_in_json(About::Catalogue, &comparison_words(comparison));
    }
    damage_rows("lost", &found.judgement.damage, &mut sheet);
    session.voice.print_account(sheet);
    for finding in found.findings {
        session.voice.json(&finding_line(finding));
        session.voice.print_account(finding_words(finding));
    }
    for damage in damage_lines(Some(&found.judgement.damage), found.lost) {
        session.voice.json(&damage);
    }
    let errors = facts.findings.map_or(0, |counts| counts.error);
    let differs = comparisons.iter().any(|comparison| comparison.answer() == Answer::No);
    let matched = comparisons.iter().any(|comparison| comparison.answer() == Answer::Yes);
    let (exit, message) = match (errors, differs, matched) {
        (_, true, _) => (Exit::Mismatch, "the content is another".to_owned()),
        (0, false, true) => (Exit::Ok, "the content is what it should be".to_owned()),
        (0, false, false) => (Exit::Ok, "nothing is wrong that can be seen".to_owned()),
        (errors, false, _) => (Exit::Damaged, counted(errors, "error")),
    };
    session.voice.print_account(&message);
    Report { exit, message, facts }
}
