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

/// Names of which the lines are written together.
const SHEET: usize = 1024;

pub fn run(args: &Args, session: &Session) -> Outcome {
    with_files(&args.source, &args.which, session, |opened| list(&opened, args, session))
}

fn list(opened: &Opened<'_>, args: &Args, session: &Session) -> Outcome {
    let Some(tree) = opened.image.trees.first() else {
        let (exit, facts) = told::tell(&opened.image.findings, session);
        return Ok(told::report(exit, "nothing can be listed".to_owned(), facts));
    };
    let id = args.path.as_deref().map_or(Ok(Tree::ROOT), |path| find(tree, path))?;
    let names = names(tree, id, args.recursive);
    let style = Style { form: session.voice.form(), is_long: args.long };
    let are_paths = args.recursive || tree.node(id).kind != NodeKind::Directory;
    let lines = |sheet: &[NodeId]| style.lines(tree, sheet, are_paths);
    in_parallel(&names, &lines, &mut |lines| session.voice.pour(lines));
    let (exit, facts) = told::tell(&opened.image.findings, session);
    Ok(told::report(exit, counted(names.len() as u64, "name"), facts))
}

/// What is listed, in order.
fn names(tree: &Tree, id: NodeId, is_recursive: bool) -> Vec<NodeId> {
    if tree.node(id).kind != NodeKind::Directory {
        return vec![id];
    }
    let mut names = Vec::new();
    let mut open = vec![tree.children(id)];
    while let Some(children) = open.last_mut() {
        let Some(child) = children.next() else {
            open.pop();
            continue;
        };
        names.push(child);
        if is_recursive && tree.node(child).kind == NodeKind::Directory {
            open.push(tree.children(child));
        }
    }
    names
}

/// Hands the lines of all names on in their order, as long as `pour` says that somebody reads them. Where there are many,
/// two threads write them: that takes as long as reading the names from the disc.
fn in_parallel(names: &[NodeId], lines: &(dyn Fn(&[NodeId]) -> Vec<u8> + Sync), pour: &mut dyn FnMut(&[u8]) -> bool) {
    let mut sheets = names.chunks(SHEET);
    if names.len() <= SHEET {
        sheets.all(|sheet| pour(&lines(sheet)));
        return;
    }
    std::thread::scope(|scope| {
        let (hand_over, taken) = crossbeam_channel::bounded(1);
        scope.spawn(move || {
            let others = names.chunks(SHEET).skip(1).step_by(2);
            // Nobody takes them any more once nobody reads.
            let _ = others.map(lines).try_for_each(|written| hand_over.send(written));
        });
        for sheet in sheets.step_by(2) {
            let is_read = pour(&lines(sheet));
            if !is_read || !taken.recv().map_or(true, |written| pour(&written)) {
                break;
            }
        }
        drop(taken);
    });
}

#[derive(Clone, Copy)]
struct Style {
    form: Form,
    is_long: bool,
}

impl Style {
    fn lines(self, tree: &Tree, names: &[NodeId], are_paths: bool) -> Vec<u8> {
        let mut lines = Vec::new();
        let mut path = Vec::new();
        let mut directory = None;
        let mut name_from = 0;
        for &id in names {
            let parent = tree.node(id).parent;
            if directory.replace(parent) != Some(parent) {
                path = tree.path(parent);
                if !path.is_empty() {
                    path.push(b'/');
                }
                name_from = path.len();
            }
            path.truncate(name_from);
            path.extend_from_slice(tree.name(id));
            let shown = path.get(if are_paths { 0 } else { name_from }..).unwrap_or_default();
            match (self.form, self.is_long) {
                (Form::Json, _) => listing::json(tree, id, &path, &mut lines),
                (Form::Text, true) => listing::long(tree, id, shown, &mut lines),
                (Form::Text, false) => listing::short(shown, &mut lines),
            }
        }
        lines
    }
}
