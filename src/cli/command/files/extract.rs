//! This module knows the command `extract`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{Opened, Which, find, told, tree_of, with_files};
use crate::cli::describe::{path_fields, path_words};
use crate::cli::exit::Exit;
use crate::cli::explain::drive_failure;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::{DamageLine, ExtractFacts, Facts, rounded};
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::{bytes, counted, exactly, grouped};
use crate::cli::run::Session;
use crate::cli::voice::Loudness;
use crate::drive::DriveError;
use crate::event::{About, NoDrive, telling};
use crate::extract::{self, Existing, ExtractError, Loss, Told, What, WhyRenamed};
use crate::filesystem::content::Sectors;
use crate::filesystem::{NodeKind, Tree, TreeKind};
use crate::linux::beneath::Beneath;
use crate::linux::signals::Signal;
use crate::sector::{SECTOR_BYTES, SourceError};

/// Copy files from a disc or an image to a directory
///
/// Nothing is made outside of the directory, whatever the disc says. Times and rights are those on the disc, where it has
/// any, but for rights to act as another user; files that are there already are kept. A file that is damaged is copied as
/// far as it goes, and told. Devices are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright extract image.iso -C files
  discwright extract /dev/sr0 PHOTOS/2004 README.TXT -C /tmp
  discwright extract image.iso -C files -y         replaces what is there
  discwright extract demo -C files --json")]
pub struct Args {
    /// An image or a drive
    #[arg(value_name = "SOURCE")]
    pub source: OsString,
    /// Files, and directories with all that is in them; default: all. They keep their path beneath the directory
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,
    /// Where to; it is made if it is not there
    #[arg(short = 'C', long, value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// Which symbolic links are made
    #[arg(long, value_name = "WHICH", default_value = "inside")]
    symlinks: Links,
    /// Replace files that are there, and don't mind files that come to many times the image
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Links {
    /// Those that lead to nothing outside of the directory
    Inside,
    /// Every one, as it is on the disc
    All,
    /// None
    None,
}

impl From<Links> for extract::Links {
    fn from(links: Links) -> Self {
        match links {
            Links::Inside => Self::Inside,
            Links::All => Self::All,
            Links::None => Self::None,
        }
    }
}

/// Of a kind, so many are told; JSON and `-v` have all.
const MOST_OF_A_KIND: usize = 5;

pub fn run(args: &Args, session: &Session) -> Outcome {
    with_files(&args.source, &args.which, session, |opened| copy_out(opened, args, session))
}

fn copy_out(opened: Opened<'_>, args: &Args, session: &Session) -> Outcome {
    let Opened { image, source, length } = opened;
    let tree = tree_of(&image)?;
    let mut what = Vec::new();
    for path in &args.paths {
        what.push(find(tree, path)?);
    }
    if what.is_empty() {
        what.push(Tree::ROOT);
    }
    let existing = if args.yes { Existing::Replaced } else { Existing::Kept };
    let options = extract::Options { what, existing, links: args.symlinks.into() };
    let beneath = open_directory(&args.directory)?;
    let mut sectors = Sectors::new(source, length);
    let clock = &*session.clock;
    let began = clock.now();
    let mut audience = audience(&session.voice, std::sync::Arc::clone(&session.clock), session.signals.clone());
    let stop = session.signals.stop();
    let result = telling(&mut *audience, clock, &NoDrive, stop, |teller| {
        extract::extract(tree, &mut sectors, &beneath, &options, teller, stop)
    });
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    let report = result.map_err(|error| failure(error, args, session.signals.received()))?;
    let seconds = clock.now().saturating_sub(began);
    tell(&report, tree.kind, session);
    let (found, facts) = told::tell(&image.findings, session);
    let facts = Facts {
        output: Some(args.directory.display().to_string()),
        bytes: Some(report.bytes),
        missing_bytes: Some(report.lost_bytes),
        extracted: Some(ExtractFacts {
            files: report.files,
            directories: report.directories,
            symlinks: report.symlinks,
            damaged: report.damaged,
            kept: report.kept,
            left_out: report.left_out,
            renamed: report.renamed,
            failed: report.failed,
        }),
        seconds: Some(rounded(seconds.as_secs_f64(), 3)),
        ..facts
    };
    let (exit, message) = verdict(&report, found);
    session.voice.print_account(&message);
    Ok(Report { exit, message, facts })
}

fn open_directory(path: &Path) -> Result<Beneath, Failure> {
    fs::create_dir_all(path).and_then(|()| Beneath::open(path)).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write in {}: {error}", path.display()))
            .hint("-C names a directory that you may write in, or one to be made")
    })
}

/// What it comes to: the worst first.
fn verdict(report: &extract::Report, found: Exit) -> (Exit, String) {
    let directories = match report.directories {
        1 => "1 directory".to_owned(),
        several => format!("{} directories", grouped(several)),
    };
    let mut message = format!("{}, {} in {directories}", counted(report.files, "file"), exactly(report.bytes));
    let mut add = |count: u64, one: &str, several: &str| {
        if count > 0 {
            message.push_str(&format!("; {} {}", grouped(count), if count == 1 { one } else { several }));
        }
    };
    add(report.symlinks, "link", "links");
    add(report.left_out, "left out", "left out");
    add(report.renamed, "renamed", "renamed");
    add(report.kept, "was there already and is kept", "were there already and are kept");
    add(report.damaged, "damaged", "damaged");
    add(report.failed, "could not be made", "could not be made");
    let exit = if report.failed > 0 {
        Exit::Failed
    } else if report.damaged > 0 || found == Exit::Damaged {
        Exit::Damaged
    } else if report.kept > 0 {
        Exit::Refused
    } else {
        Exit::Ok
    };
    (exit, message)
}

/// Tells what became of single files: the first few of each kind to a person, all of them to a program.
fn tell(report: &extract::Report, tree: TreeKind, session: &Session) {
    let mut kinds: HashMap<std::mem::Discriminant<What>, usize> = HashMap::new();
    let most = if session.voice.loudness() >= Loudness::Verbose { usize::MAX } else { MOST_OF_A_KIND };
    for told in &report.told {
        let words = words(told);
        match &told.what {
            What::Damaged(losses) => {
                for loss in losses {
                    session.voice.json(&damage_line(&told.path, *loss, tree));
                }
            }
            What::Kept
            | What::Renamed { .. }
            | What::OnlyCase
            | What::LinkLeftOut { .. }
            | What::LeftOut(_)
            | What::Failed(_) => session.notice_in_json(about(&told.what), &words),
        }
        let count = kinds.entry(std::mem::discriminant(&told.what)).or_insert(0);
        *count += 1;
        if session.voice.form() == crate::cli::voice::Form::Text && *count <= most {
            match &told.what {
                // What went wrong is said even when quiet.
                What::Damaged(_) | What::Failed(_) => session.voice.insist(words),
                What::Kept | What::Renamed { .. } | What::OnlyCase | What::LinkLeftOut { .. } | What::LeftOut(_) => {
                    session.voice.tell(words)
                }
            }
        }
    }
    let more: usize = kinds.values().map(|count| count.saturating_sub(most)).sum();
    if more > 0 && session.voice.form() == crate::cli::voice::Form::Text {
        session.voice.tell(format!("and {} more like these; -v lists them", grouped(more as u64)));
    }
}

fn about(what: &What) -> About {
    match what {
        What::Renamed { .. } | What::OnlyCase => About::Name,
        What::Kept => About::Kept,
        What::LinkLeftOut { .. } | What::LeftOut(_) => About::LeftOut,
        What::Failed(_) | What::Damaged(_) => About::NotMade,
    }
}

fn words(told: &Told) -> String {
    let path = path_words(&told.path);
    match &told.what {
        What::Damaged(losses) => {
            let lost = losses.iter().map(|loss| loss.length).fold(0, u64::saturating_add);
            let places = losses.first().map_or_else(String::new, |first| {
                let more = match losses.len() {
                    1 => String::new(),
                    several => format!(", and in {} more places", grouped(several as u64 - 1)),
                };
                format!(" from byte {} on: {}{more}", grouped(first.offset), first.why)
            });
            format!("{path}: damaged: it lacks {}{places}", counted(lost, "byte"))
        }
        What::Kept => format!("{path}: is there already, and is kept"),
        What::Renamed { to, why } => {
            let why = match why {
                WhyRenamed::Impossible => "no file can have its name",
                WhyRenamed::TooLong => "its name is too long",
                WhyRenamed::Taken => "another has its name",
            };
            format!("{path}: is called {} here: {why}", path_words(to))
        }
        What::OnlyCase => format!("{path}: another name differs from it in the size of letters alone"),
        What::LinkLeftOut { target } => {
            format!("{path}: a link to {} is left out", path_words(target))
        }
        What::LeftOut(kind) => {
            let kind = match kind {
                NodeKind::BlockDevice | NodeKind::CharacterDevice => "a device",
                NodeKind::Fifo => "a pipe",
                NodeKind::Socket => "a socket",
                NodeKind::Directory | NodeKind::File | NodeKind::Symlink => "it",
            };
            format!("{path}: {kind} is left out")
        }
        What::Failed(error) => format!("{path}: cannot be made: {error}"),
    }
}

fn damage_line(path: &[u8], loss: Loss, tree: TreeKind) -> DamageLine {
    let (path, path_raw) = path_fields(path);
    let sector_bytes = SECTOR_BYTES as u64;
    let number = |sectors: u64| u32::try_from(sectors).unwrap_or(u32::MAX);
    let place = loss.at.map(|at| {
        let (start, end) = (at / sector_bytes, at.saturating_add(loss.length).div_ceil(sector_bytes));
        (number(start), number(end.saturating_sub(start)))
    });
    DamageLine {
        path: Some(path),
        path_raw,
        owner: Some("file"),
        tree: Some(crate::cli::describe::tree_name(tree)),
        lba: place.map(|(lba, _)| lba),
        sectors: place.map(|(_, sectors)| sectors),
        file_offset: Some(loss.offset),
        bytes: loss.length,
        compressed: false,
        more_names: 0,
    }
}

fn failure(error: ExtractError, args: &Args, signal: Option<Signal>) -> Failure {
    let message = error.to_string();
    let name = args.source.to_string_lossy();
    match error {
        ExtractError::Interrupted => Failure::new(Exit::Interrupted(signal.unwrap_or(Signal::Terminate)), message),
        ExtractError::Read { source: SourceError::Failed { at, source } } => match source.downcast::<DriveError>() {
            Ok(error) => {
                let mut failure = drive_failure(&error, &name, signal);
                failure.message = format!("{} (at sector {at})", failure.message);
                failure
            }
            Err(source) => Failure::new(Exit::Failed, format!("{name}: {message}: {source}")),
        },
        ExtractError::Read { source } => Failure::new(Exit::Failed, format!("{name}: {message}: {source}")),
        ExtractError::Write { path, source } => {
            let path = format!("{}/{}", args.directory.display(), path_words(&path));
            Failure::new(Exit::Failed, format!("cannot write {path}: {source}"))
                .hint("what was copied before is whole; free some space and run this again: it keeps what is there")
        }
        ExtractError::Swollen { files, image } => {
            let message = format!("the files come to {}, and the image has {}", bytes(files), bytes(image));
            Failure::new(Exit::Refused, message)
                .hint("a hostile image is made so; -y copies them all the same, and -C could be a disk of its own")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::content::Lost;

    fn line(at: Option<u64>) -> String {
        let loss = Loss { offset: 4096, length: 2049, at, why: Lost::Unreadable };
        serde_json::to_string(&damage_line(b"A", loss, TreeKind::RockRidge)).unwrap()
    }

    #[test]
    fn a_sector_that_is_not_known_is_left_out() {
        assert!(line(Some(20 * 2048)).contains(r#""lba":20,"sectors":2,"file_offset":4096,"bytes":2049"#));
        assert!(!line(None).contains("lba") && !line(None).contains("sectors"), "{}", line(None));
    }
}
