//! This module knows the command `info`.

use std::ffi::OsString;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::session_is_there;
use crate::cli::describe::{
    ClaimsTold, count_row, disc_line, disc_rows, drive_line, drive_words, finding_counts, image_line, image_lines,
    image_rows, length_line, length_rows, missing_at_end, size_rows,
};
use crate::cli::examination::{Examination, examine};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{DriveState, Facts};
use crate::cli::quantity::{counted, exactly};
use crate::cli::run::Session;
use crate::cli::sheet::Sheet;
use crate::cli::target::{How, OpenedDrive, OpenedImage, Source, open_source};
use crate::clock::Clock;
use crate::drive::Drive;
use crate::event::About;
use crate::filesystem::{Content, FirstLook, Options, Scope, Severity, first_look_at_file};
use crate::image::{BlockStatus, Disk, HoledImage, MissingNote, Opening, RescueMap, Storage};
use crate::sector::{SectorCount, SectorRange, SectorSource};
use crate::verify::{Judgement, survey};

/// Tell all that is known of a drive and its disc, or of an image
///
/// Of a disc: kind, state, sessions and tracks, every voice on its size and the one that is believed, with the reason,
/// and the filesystems on it with the number of their files. Of an image: its size, its filesystems, what they claim, how
/// many findings `verify` has of them, and what the map beside it says.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright info                 the only drive with a disc in it
  discwright info /dev/sr1
  discwright info image.iso
  discwright info /dev/sr0 --session 1
  discwright info demo --json")]
pub struct Args {
    /// A drive or an image; default: the only drive with a disc in it
    #[arg(value_name = "SOURCE")]
    pub source: Option<OsString>,
    /// The session whose files are counted, counted from 1; default: the last
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub session: Option<u32>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<std::path::PathBuf>,
}

/// What a disc is should be told at once.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn run(args: &Args, session: &Session) -> Outcome {
    match open_source(args.source.as_deref(), How::looking(args.trace.as_ref()), session)? {
        Source::Drive(mut drive) => of_drive(&mut drive, args, session),
        Source::Image(image) => of_image(&image, args, session),
    }
}

fn of_drive(opened: &mut OpenedDrive, args: &Args, session: &Session) -> Outcome {
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let mut found = examine(opened, session)?;
    let trouble = found.trouble.take();
    let line = drive_line(&found.identity, opened.nodes.as_ref(), found.medium.as_ref(), Some(found.state));
    session.voice.json(&line);
    let mut sheet = Sheet::default();
    sheet.row("drive", drive_words(&found.identity));
    let nodes: Vec<&str> = [&line.device, &line.sg].into_iter().flatten().map(String::as_str).collect();
    sheet.row_if("nodes", Some(nodes.join(", ")).filter(|n| !n.is_empty()));
    sheet.row_if("serial", found.identity.serial.as_deref());
    sheet.row_if("held by", Some(line.held_by.join(", ")).filter(|h| !h.is_empty()));
    let outcome = of_disc(&found, opened, args, session, &mut sheet);
    session.voice.print(sheet);
    match trouble {
        Some(failure) => Err(failure),
        None => outcome,
    }
}

fn of_disc(
    found: &Examination,
    opened: &mut OpenedDrive,
    args: &Args,
    session: &Session,
    sheet: &mut Sheet,
) -> Outcome {
    let Some(medium) = &found.medium else {
        let (message, hint) = match found.state {
            DriveState::Open => ("the tray is open", "put a disc in, and close it: by hand, or with `discwright load`"),
            _ => ("there is no disc in the drive", "put a disc in"),
        };
        sheet.row("disc", found.state.words());
        return Err(Failure::new(Exit::Unavailable, format!("{}: {message}", opened.name)).hint(hint));
    };
    session.voice.json(&disc_line(medium, found.size.as_ref()));
    disc_rows(medium, sheet);
    let mut facts = Facts { media_id: medium.media_id.clone(), ..Facts::default() };
    if let Some(size) = &found.size {
        size_rows(size, ClaimsTold::All, sheet);
        facts.sectors = Some(size.sectors.0);
        facts.bytes = Some(size.sectors.bytes());
    }
    if let (Some(look), Some(size)) = (&found.look, &found.size) {
        let wanted = Options { session: args.session, session_starts: &medium.session_starts(), ..Options::default() };
        let judgement = look_at_disc(&mut opened.drive, size.sectors, &wanted, &*opened.clock, session);
        session_is_there(args.session, &judgement.image, &opened.name)?;
        tell_content(look, &judgement, session, sheet);
    }
    Ok(Report { facts, ..Report::ok(crate::cli::describe::disc_words(medium)) })
}

/// Counts the names on a disc, as long as patience lasts: a drive has to move for each directory.
fn look_at_disc(
    drive: &mut Drive,
    sectors: SectorCount,
    wanted: &Options<'_>,
    clock: &dyn Clock,
    session: &Session,
) -> Judgement {
    let began = clock.now();
    let stop = || {
        let is_late = clock.now().saturating_sub(began) > PATIENCE;
        is_late || session.signals.stop().load(Ordering::Relaxed)
    };
    survey(drive, sectors.bytes(), &Options { scope: Scope::Names, stop: &stop, ..*wanted })
}

fn tell_content(look: &FirstLook, judgement: &Judgement, session: &Session, sheet: &mut Sheet) {
    session.voice.json(&image_line(&judgement.image));
    for line in image_lines(look, judgement) {
        session.voice.json(&line);
    }
    image_rows(look, judgement, sheet);
}

fn of_image(image: &OpenedImage, args: &Args, session: &Session) -> Outcome {
    let sectors = image.source.sector_count();
    let trailing = image.source.trailing_bytes();
    let size = sectors.bytes().saturating_add(trailing);
    let mut sheet = Sheet::default();
    sheet.row("image", image.path.display().to_string());
    sheet.row("size", format!("{}, {}", exactly(size), counted(sectors.0.into(), "sector")));
    if trailing > 0 {
        let text = format!("{} after the last whole sector: no disc has that", counted(trailing, "byte"));
        session.notice_in_json(About::Size, &text);
        sheet.more(text);
    }
    let map = image.map(None, session)?;
    let missing: Vec<SectorRange> = map.iter().flat_map(|(_, note)| note.ranges()).collect();
    let open = |error| Failure::new(Exit::Failed, format!("cannot read {}: {error}", image.path.display()));
    let file = Disk.open(&image.path, Opening::Reading).map_err(open)?;
    let mut source = HoledImage::new(file.as_ref(), &missing).map_err(open)?;
    let length = source.length();
    let look = first_look_at_file(&mut source, length);
    let stop = || session.signals.stop().load(Ordering::Relaxed);
    let wanted = Options { scope: Scope::Judge, session: args.session, stop: &stop, ..Options::default() };
    let judgement = survey(&mut source, length, &wanted);
    session_is_there(args.session, &judgement.image, &image.path.display().to_string())?;
    let findings = finding_counts(&judgement.findings(&look, sectors, Severity::Warning, Vec::new()));
    tell_content(&look, &judgement, session, &mut sheet);
    if let Some(line) = length_line(&judgement.image) {
        session.voice.json(&line);
    }
    length_rows(&judgement.image, &mut sheet);
    count_row(findings, &mut sheet);
    let mut facts = Facts { sectors: Some(sectors.0), bytes: Some(size), findings: Some(findings), ..Facts::default() };
    facts.missing_bytes = missing_at_end(&judgement.image);
    if let Some((path, note)) = map {
        let all = missing.iter().map(|range| range.count().0).fold(0, u32::saturating_add);
        let (words, bad) = match &note {
            MissingNote::Map(map) => (map_words(map), map.count(BlockStatus::BadSector).0),
            MissingNote::List(_) => (format!("{} bad", counted(all.into(), "sector")), all),
        };
        session.notice_in_json(About::Map, &format!("{}: {words}", path.display()));
        sheet.row("map", path.display().to_string()).more(words);
        facts.bad_sectors = Some(bad);
        let at_end = facts.missing_bytes.unwrap_or(0);
        facts.missing_bytes = Some(SectorCount(all).bytes().saturating_add(at_end));
    }
    session.voice.print(sheet);
    let (exit, message) = match look.content {
        Content::Filesystem => (Exit::Ok, "an image with a filesystem".to_owned()),
        Content::Unknown if sectors.is_zero() => (Exit::Damaged, "no image: it has not one whole sector".to_owned()),
        Content::LeftOver { .. } => (Exit::Damaged, "the volume descriptors are gone".to_owned()),
        Content::Unknown => (Exit::Ok, "no filesystem that is known here".to_owned()),
        Content::NotAnImage(kind) => (Exit::Damaged, format!("no image: this is {kind}")),
        Content::AllZero => (Exit::Damaged, "no image: nothing but zeros".to_owned()),
    };
    Ok(Report { exit, message, facts })
}

/// `12 sectors bad, 100 not tried`; what a map says is missing.
fn map_words(map: &RescueMap) -> String {
    if map.is_complete() {
        return "nothing is missing".to_owned();
    }
    let told = |status, words: &str| {
        let count = map.count(status);
        (!count.is_zero()).then(|| format!("{} {words}", counted(count.0.into(), "sector")))
    };
    let parts = [
        told(BlockStatus::BadSector, "bad"),
        told(BlockStatus::NonTried, "not tried"),
        told(BlockStatus::NonTrimmed, "not trimmed"),
        told(BlockStatus::NonScraped, "not scraped"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
