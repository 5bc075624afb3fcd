//! This module knows the order of an extraction: directories, files as they lie on the disc, links, and last of all the
//! rights and times of directories.

mod directories;
mod files;

use std::collections::{HashMap, VecDeque};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

use files::Pending;

use super::folders::Folders;
use super::link::{is_possible, stays_inside};
use super::names::{Names, WhyRenamed};
use super::report::{Loss, Report, What};
use super::writing::{is_final, writing};
use super::{Existing, ExtractError, Links, Options};
use crate::event::{Phase, Scale, Teller};
use crate::filesystem::content::{Content, Sectors};
use crate::filesystem::{NodeId, NodeKind, Timestamp, Tree};
use crate::linux::beneath::{Beneath, Directory, Identity, Modified};
use crate::sector::{SECTOR_BYTES, SectorCount};

/// Files may come to so many times the image, since several can have the same bytes, and so much on top.
const MOST_TIMES: u64 = 20;
const MOST_EXTRA_BYTES: u64 = 256 << 20;
/// Names that are tried where a twin has the first.
const MOST_NUMBERS: u32 = 100;

pub(super) struct Job<'a, 'r> {
    tree: &'a Tree,
    sectors: &'a mut Sectors<'r>,
    options: &'a Options,
    teller: &'a Teller<'a>,
    stop: &'a AtomicBool,
    wanted: Vec<bool>,
    names: Names,
    folders: Folders<'a>,
    /// What was made and has a twin: the directory may take one name for the other.
    made: HashMap<Identity, NodeId>,
    /// By number of the file: the first of its names.
    first_names: HashMap<u64, NodeId>,
    /// Made, and not yet known to be written.
    pending: VecDeque<Pending>,
    /// What is lost of those that have further names.
    losses: HashMap<NodeId, Vec<Loss>>,
    done_bytes: u64,
    report: Report,
}

/// Why one name could not be made.
enum Obstacle {
    /// Something is there, and stays.
    Kept,
    System(io::Error),
}

impl<'a, 'r> Job<'a, 'r> {
    pub(super) fn new(
        tree: &'a Tree,
        sectors: &'a mut Sectors<'r>,
        beneath: &'a Beneath,
        options: &'a Options,
        teller: &'a Teller<'a>,
        stop: &'a AtomicBool,
    ) -> Self {
        let wanted = wanted(tree, &options.what);
        let (names, remarks) = Names::of(tree, |id| is_wanted(&wanted, id));
        let mut report = Report::default();
        for (id, why) in remarks.renamed {
            let to = names.steps(tree, id).join(&b'/');
            report.tell(|| tree.path(id), What::Renamed { to, why });
        }
        for id in remarks.only_case {
            report.tell(|| tree.path(id), What::OnlyCase);
        }
        let folders = Folders::new(tree, beneath);
        Self {
            tree,
            sectors,
            options,
            teller,
            stop,
            wanted,
            names,
            folders,
            made: HashMap::new(),
            first_names: HashMap::new(),
            pending: VecDeque::new(),
            losses: HashMap::new(),
            done_bytes: 0,
            report,
        }
    }

    pub(super) fn run(mut self) -> Result<Report, ExtractError> {
        let mut files = self.of_kind(|kind| kind == NodeKind::File);
        self.refuse_a_swollen_disc(&files)?;
        files.sort_by_cached_key(|&id| Content::of(self.tree, id).start());
        let total = files.iter().map(|&id| self.tree.node(id).size).fold(0, u64::saturating_add);
        self.teller.begin(Phase::Read, SectorCount(0), sectors(total), Scale::default());
        let ended = self.make_all(&files);
        self.finish_directories(ended.is_ok());
        if ended.is_ok() {
            self.teller.done(sectors(total));
        }
        self.teller.end();
        ended.map(|()| self.report)
    }

    fn make_all(&mut self, files: &[NodeId]) -> Result<(), ExtractError> {
        for id in self.of_kind(|kind| kind == NodeKind::Directory) {
            self.go_on()?;
            if id != Tree::ROOT {
                self.make_directory(id)?;
            }
        }
        writing(|writing| self.make_files(files, writing))?;
        for id in self.of_kind(|kind| !matches!(kind, NodeKind::Directory | NodeKind::File)) {
            self.go_on()?;
            match self.tree.node(id).kind {
                NodeKind::Symlink => self.make_symlink(id)?,
                kind => self.report.tell(|| self.tree.path(id), What::LeftOut(kind)),
            }
        }
        Ok(())
    }

    fn go_on(&self) -> Result<(), ExtractError> {
        if self.stop.load(Ordering::Relaxed) { Err(ExtractError::Interrupted) } else { Ok(()) }
    }

    fn of_kind(&self, is_right: impl Fn(NodeKind) -> bool) -> Vec<NodeId> {
        let ids = self.tree.ids().filter(|&id| is_wanted(&self.wanted, id));
        ids.filter(|&id| is_right(self.tree.node(id).kind)).collect()
    }

    fn refuse_a_swollen_disc(&self, files: &[NodeId]) -> Result<(), ExtractError> {
        let cost = files.iter().map(|&id| Content::of(self.tree, id).cost()).fold(0, u64::saturating_add);
        let image = self.sectors.length();
        let most = image.saturating_mul(MOST_TIMES).saturating_add(MOST_EXTRA_BYTES);
        match self.options.existing {
            Existing::Kept if cost > most => Err(ExtractError::Swollen { files: cost, image }),
            Existing::Kept | Existing::Replaced => Ok(()),
        }
    }

    fn advance(&mut self, bytes: u64) {
        self.done_bytes = self.done_bytes.saturating_add(bytes);
        self.teller.done(sectors(self.done_bytes));
    }

    fn make_symlink(&mut self, id: NodeId) -> Result<(), ExtractError> {
        let node = self.tree.node(id);
        let target = self.tree.target(id).unwrap_or_default();
        let depth = self.tree.depth(node.parent);
        let is_made = match self.options.links {
            Links::Inside => stays_inside(target, depth),
            Links::All => is_possible(target),
            Links::None => false,
        };
        if !is_made {
            self.report.tell(|| self.tree.path(id), What::LinkLeftOut { target: target.to_vec() });
            return Ok(());
        }
        let parent = match self.folders.directory(node.parent, &self.names) {
            Ok(parent) => parent,
            Err(error) => return self.failed(id, error),
        };
        let made = self.named(id, &parent, |parent, name| parent.create_symlink(name, target));
        if let Err(obstacle) = made {
            return self.obstructed(id, obstacle);
        }
        self.remember(id, |name| parent.identity(name));
        if let Some(moment) = node.modified {
            // Not every filesystem keeps the time of a link.
            let _ = parent.set_modified(self.names.of_node(self.tree, id), modified(moment));
        }
        self.report.symlinks += 1;
        Ok(())
    }

    /// Makes something by the name of `id`. Where that is there: a twin that the directory takes for the same gets
    /// another name, and something of before is kept or replaced.
    fn named<T>(
        &mut self,
        id: NodeId,
        parent: &Directory,
        make: impl Fn(&Directory, &[u8]) -> io::Result<T>,
    ) -> Result<T, Obstacle> {
        let mut number = 2;
        loop {
            let name = self.names.of_node(self.tree, id);
            match make(parent, name) {
                Ok(made) => return Ok(made),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(Obstacle::System(error)),
                Err(_) => {}
            }
            let is_ours =
                || parent.identity(name).is_ok_and(|identity| self.made.get(&identity).is_some_and(|&of| of != id));
            if self.names.is_twin(id) && number < MOST_NUMBERS && is_ours() {
                self.names.rename(self.tree, id, number);
                number += 1;
                let to = self.names.steps(self.tree, id).join(&b'/');
                self.report.tell(|| self.tree.path(id), What::Renamed { to, why: WhyRenamed::Taken });
                continue;
            }
            if self.options.existing == Existing::Replaced && !parent.has_directory(name) {
                parent.remove_file(name).map_err(Obstacle::System)?;
                return make(parent, name).map_err(Obstacle::System);
            }
            return Err(Obstacle::Kept);
        }
    }

    fn remember(&mut self, id: NodeId, identity: impl FnOnce(&[u8]) -> io::Result<Identity>) {
        if self.names.is_twin(id)
            && let Ok(identity) = identity(self.names.of_node(self.tree, id))
        {
            self.made.insert(identity, id);
        }
    }

    fn obstructed(&mut self, id: NodeId, obstacle: Obstacle) -> Result<(), ExtractError> {
        match obstacle {
            Obstacle::Kept => {
                self.report.tell(|| self.tree.path(id), What::Kept);
                Ok(())
            }
            Obstacle::System(error) => self.failed(id, error),
        }
    }

    /// One file that cannot be made is told, and the next one tried; a disk that is full takes no other either.
    fn failed(&mut self, id: NodeId, error: io::Error) -> Result<(), ExtractError> {
        if is_final(&error) {
            return Err(ExtractError::Write { path: self.names.steps(self.tree, id).join(&b'/'), source: error });
        }
        self.report.tell(|| self.tree.path(id), What::Failed(error));
        Ok(())
    }
}

/// What was asked for, what is in it, and the directories on the way there, by number of the node.
fn wanted(tree: &Tree, what: &[NodeId]) -> Vec<bool> {
    let mut wanted = vec![false; tree.len()];
    let mark = |wanted: &mut Vec<bool>, id: NodeId| {
        if let Some(place) = wanted.get_mut(id.index()) {
            *place = true;
        }
    };
    for &id in what {
        mark(&mut wanted, id);
    }
    for id in tree.ids() {
        if id != Tree::ROOT && is_wanted(&wanted, tree.node(id).parent) {
            mark(&mut wanted, id);
        }
    }
    for &id in what {
        let mut at = id;
        while at != Tree::ROOT {
            at = tree.node(at).parent;
            mark(&mut wanted, at);
        }
    }
    wanted
}

fn is_wanted(wanted: &[bool], id: NodeId) -> bool {
    wanted.get(id.index()) == Some(&true)
}

fn modified(moment: Timestamp) -> Modified {
    (moment.seconds, moment.nanoseconds)
}

fn sectors(bytes: u64) -> SectorCount {
    SectorCount::whole_in(bytes.saturating_add(SECTOR_BYTES as u64 - 1)).unwrap_or(SectorCount(u32::MAX))
}
