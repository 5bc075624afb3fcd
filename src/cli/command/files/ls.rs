//! This module knows the command `ls`.

use std::ffi::OsString;

use super::{Opened, Which, find, listing, told, with_files};
use crate::cli::failure::Outcome;
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::voice::Form;
use crate::filesystem::{NodeId, NodeKind, Tree};

/// List the files on a disc or in an image
///
/// Names that differ between the trees of a disc are those of the best one: UDF, Rock Ridge, Joliet, ISO 9660. Times are
/// in UTC. What is wrong with the filesystem is told besides, and files that can be listed are listed all the same;
/// `verify` looks closer.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright ls image.iso
  discwright ls -lR /dev/sr0
  discwright ls -l image.iso PHOTOS/2004
  discwright ls -R image.iso --tree joliet
  discwright ls -R demo --json")]
pub struct Args {
    /// An image or a drive
    #[arg(value_name = "SOURCE")]
    pub source: OsString,
    /// A directory or a file in it; default: all that is in the root
    #[arg(value_name = "PATH")]
    pub path: Option<OsString>,
    /// Also rights, size and time
    #[arg(short)]
    long: bool,
    /// Also what is in directories; names are paths from the root
    #[arg(short = 'R')]
    recursive: bool,
    #[command(flatten)]
    which: Which,
}

/// Lines are handed on in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

pub fn run(args: &Args, session: &Session) -> Outcome {
    with_files(&args.source, &args.which, session, |opened| list(&opened, args, session))
}

fn list(opened: &Opened<'_>, args: &Args, session: &Session) -> Outcome {
    let Some(tree) = opened.image.trees.first() else {
        let (exit, facts) = told::tell(&opened.image.findings, session);
        return Ok(told::report(exit, "nothing can be listed".to_owned(), facts));
    };
    let id = args.path.as_deref().map_or(Ok(Tree::ROOT), |path| find(tree, path))?;
    let mut paper = Paper { tree, args, session, lines: Vec::new(), listed: 0, is_read: true };
    paper.list(id);
    paper.hand_on();
    let listed = counted(paper.listed, "name");
    let (exit, facts) = told::tell(&opened.image.findings, session);
    Ok(told::report(exit, listed, facts))
}

struct Paper<'a> {
    tree: &'a Tree,
    args: &'a Args,
    session: &'a Session,
    lines: Vec<u8>,
    listed: u64,
    /// Nobody reads on once the pipe is closed.
    is_read: bool,
}

impl Paper<'_> {
    fn list(&mut self, id: NodeId) {
        let tree = self.tree;
        let mut path = tree.path(id);
        if tree.node(id).kind != NodeKind::Directory {
            self.line(id, &path, &path);
            return;
        }
        let mut open = vec![(tree.children(id), path.len())];
        while let Some((children, length)) = open.last_mut().filter(|_| self.is_read) {
            path.truncate(*length);
            let Some(child) = children.next() else {
                open.pop();
                continue;
            };
            if !path.is_empty() {
                path.push(b'/');
            }
            let name_from = path.len();
            path.extend_from_slice(tree.name(child));
            let shown = if self.args.recursive { 0 } else { name_from };
            self.line(child, path.get(shown..).unwrap_or_default(), &path);
            if self.args.recursive && tree.node(child).kind == NodeKind::Directory {
                open.push((tree.children(child), path.len()));
            }
        }
    }

    fn line(&mut self, id: NodeId, shown: &[u8], path: &[u8]) {
        self.listed += 1;
        match (self.session.voice.form(), self.args.long) {
            (Form::Json, _) => listing::json(self.tree, id, path, &mut self.lines),
            (Form::Text, true) => listing::long(self.tree, id, shown, &mut self.lines),
            (Form::Text, false) => listing::short(shown, &mut self.lines),
        }
        if self.lines.len() >= PIECE {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        self.is_read = self.session.voice.pour(&self.lines);
        self.lines.clear();
    }
}
