//! This module knows the command `cat`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::atomic::Ordering;

use super::{Opened, Which, find, told, tree_of, with_files};
use crate::cli::describe::path_words;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::Facts;
use crate::cli::quantity::{counted, grouped};
use crate::cli::run::Session;
use crate::cli::voice::Form;
use crate::filesystem::content::{Content, Lost, Part, Sectors};
use crate::filesystem::{NodeId, NodeKind, Tree};

/// Write one file's content to standard output
///
/// Bytes that cannot be had are zeros, or left off where the image ends too early: told on standard error, exit status 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright cat image.iso README.TXT
  discwright cat /dev/sr0 PHOTOS/IMG_0042.JPG > photo.jpg")]
pub struct Args {
    /// An image or a drive
    #[arg(value_name = "SOURCE")]
    pub source: OsString,
    /// The file, from the root
    #[arg(value_name = "PATH")]
    pub path: OsString,
    #[command(flatten)]
    which: Which,
}

const BUFFER_BYTES: usize = 1 << 20;

pub fn run(args: &Args, session: &Session) -> Outcome {
    if session.voice.form() == Form::Json {
        return Err(Failure::new(Exit::Usage, "--json has no use here: the result is the file itself")
            .hint("`discwright ls --json` tells of a file in JSON"));
    }
    with_files(&args.source, &args.which, session, |opened| of_file(opened, args, session))
}

fn of_file(opened: Opened<'_>, args: &Args, session: &Session) -> Outcome {
    let Opened { image, source, length } = opened;
    let tree = tree_of(&image)?;
    let id = find(tree, &args.path)?;
    let name = path_words(&tree.path(id));
    match tree.node(id).kind {
        NodeKind::File => {}
        NodeKind::Symlink => {
            let target = path_words(tree.target(id).unwrap_or_default());
            return Err(Failure::new(Exit::Usage, format!("{name} is a link to {target}, and has no content")));
        }
        NodeKind::Directory => {
            let name = if id == Tree::ROOT { "the root" } else { &name };
            return Err(Failure::new(Exit::Usage, format!("{name} is a directory"))
                .hint("`discwright ls` lists it, `discwright extract` copies all in it"));
        }
        NodeKind::BlockDevice | NodeKind::CharacterDevice | NodeKind::Fifo | NodeKind::Socket => {
            return Err(Failure::new(Exit::Usage, format!("{name} is no file, and has no content")));
        }
    }
    let mut sectors = Sectors::new(source, length);
    let copied = copy(tree, id, &mut sectors, &mut session.voice.document(), session);
    let (lost, first) = match copied {
        Ok(lost) => lost,
        Err(Stopped::NobodyReads) => return Ok(Report::ok("nobody read on")),
        Err(Stopped::Failure(failure)) => return Err(failure),
    };
    let (exit, facts) = told::tell(&image.findings, session);
    let Some((at, why)) = first else { return Ok(told::report(exit, "written".to_owned(), facts)) };
    let message = format!("{name} lacks {} from byte {} on: {why}", counted(lost, "byte"), grouped(at));
    session.voice.complain(&message, &[]);
    Ok(Report { exit: Exit::Damaged, message, facts: Facts { missing_bytes: Some(lost), ..facts } })
}

enum Stopped {
    NobodyReads,
    Failure(Failure),
}

/// How many bytes were lost, and the first place and reason.
type Losses = (u64, Option<(u64, Lost)>);

fn copy(
    tree: &Tree,
    id: NodeId,
    sectors: &mut Sectors<'_>,
    out: &mut dyn Write,
    session: &Session,
) -> Result<Losses, Stopped> {
    let mut content = Content::of(tree, id);
    let mut buffer = vec![0; BUFFER_BYTES];
    let (mut at, mut lost, mut first) = (0_u64, 0_u64, None);
    loop {
        if let (true, Some(signal)) = (session.signals.stop().load(Ordering::Relaxed), session.signals.received()) {
            return Err(Stopped::Failure(Failure::new(Exit::Interrupted(signal), "interrupted")));
        }
        let part = content.part_at(at, sectors, &mut buffer);
        let part = part.map_err(|error| Stopped::Failure(Failure::new(Exit::Failed, error.to_string())))?;
        let Some(part) = part else { break };
        let is_cut = matches!(part, Part::Lost { why: Lost::BeyondEnd | Lost::Nowhere | Lost::NotUnpacked, .. })
            && at.saturating_add(part.length()) == content.size();
        let written = match part {
            Part::Bytes(count) => out.write_all(buffer.get(..count).unwrap_or_default()),
            Part::Lost { .. } if is_cut => Ok(()),
            Part::Zeros(count) | Part::Lost { length: count, .. } => {
                io::copy(&mut io::Read::take(io::repeat(0), count), out).map(drop)
            }
        };
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Stopped::NobodyReads,
            _ => Stopped::Failure(Failure::new(Exit::Failed, format!("cannot write to standard output: {error}"))),
        })?;
        if let Part::Lost { length, why } = part {
            lost = lost.saturating_add(length);
            first = first.or(Some((at, why)));
        }
        at = at.saturating_add(part.length());
    }
    Ok((lost, first))
}
