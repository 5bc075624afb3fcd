//! This module knows the order of an extraction: directories, files as they lie on the disc, links, and last of all the
//! rights and times of directories.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

use super::exchange::Gone;
use super::file::{self, Trouble};
use super::folders::{Folders, State};
use super::link::{is_possible, stays_inside};
use super::names::{Names, WhyRenamed};
use super::report::{Loss, Report, What};
use super::writing::{End, Outcome, Writing, is_final, writing};
use super::{Existing, ExtractError, Links, Options};
use crate::event::{Phase, Scale, Teller};
use crate::filesystem::content::{Content, Sectors};
use crate::filesystem::{NodeId, NodeKind, Timestamp, Tree};
use crate::linux::beneath::{Beneath, Directory, Identity, Modified, identity_of};
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
    done_bytes: u64,
    report: Report,
}

/// A file that is on its way.
struct Pending {
    id: NodeId,
    bytes: u64,
    losses: Vec<Loss>,
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
        self.finish_directories();
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

    /// Whatever comes, all that was begun is whole in the end, or is not there.
    fn make_files(&mut self, files: &[NodeId], writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let mut ended = self.put_files(files, writing);
        let settled = writing.settle().map_err(gone);
        ended = ended.and(settled);
        for outcome in writing.outcomes() {
            ended = ended.and(self.written(outcome));
        }
        ended
    }

    fn put_files(&mut self, files: &[NodeId], writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let mut other_names = Vec::new();
        for &id in files {
            self.go_on()?;
            if self.first_name_of(id).is_some() {
                other_names.push(id);
                continue;
            }
            self.make_file(id, writing)?;
            self.hear(writing)?;
        }
        if other_names.is_empty() {
            return Ok(());
        }
        writing.settle().map_err(gone)?;
        self.hear(writing)?;
        for id in other_names {
            self.go_on()?;
            match self.link_to_first(id) {
                Some(linked) => linked?,
                None => self.make_file(id, writing)?,
            }
            self.hear(writing)?;
        }
        Ok(())
    }

    fn hear(&mut self, writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        writing.outcomes().into_iter().map(|outcome| self.written(outcome)).fold(Ok(()), Result::and)
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

    fn make_directory(&mut self, id: NodeId) -> Result<(), ExtractError> {
        // Until it is full it must be possible to write in it.
        let mode = if self.tree.node(id).posix.is_some() { 0o700 } else { 0o777 };
        let result = self.folders.directory(self.tree.node(id).parent, &self.names).map_err(Obstacle::System);
        let result = result.and_then(|parent| {
            self.named(id, &parent, |parent, name| parent.create_directory(name, mode)).map(|()| (parent, State::Made))
        });
        match result {
            Ok((parent, state)) => {
                self.report.directories += 1;
                self.folders.set(id, state);
                self.remember(id, |name| parent.identity(name));
                Ok(())
            }
            Err(Obstacle::Kept) => {
                let parent = self.folders.directory(self.tree.node(id).parent, &self.names);
                if parent.is_ok_and(|parent| parent.has_directory(self.names.of_node(self.tree, id))) {
                    self.folders.set(id, State::WasThere);
                    return Ok(());
                }
                self.report.tell(|| self.tree.path(id), What::Kept);
                Ok(())
            }
            Err(Obstacle::System(error)) => self.failed(id, error),
        }
    }

    fn make_file(&mut self, id: NodeId, writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let node = self.tree.node(id);
        let parent = match self.folders.directory(node.parent, &self.names) {
            Ok(parent) => parent,
            Err(error) => return self.failed(id, error),
        };
        let mode = node.posix.map(|posix| posix.mode & 0o777);
        let created = self.named(id, &parent, |parent, name| parent.create_file(name, mode.unwrap_or(0o666)));
        let file = match created {
            Ok(file) => file,
            Err(obstacle) => {
                self.advance(node.size);
                return self.obstructed(id, obstacle);
            }
        };
        self.remember(id, |_| identity_of(&file));
        if let Err(trouble) = self.fill(id, file, writing) {
            // What is there under its name is taken for whole, above all by the next call.
            writing.abandon();
            let _ = parent.remove_file(self.names.of_node(self.tree, id));
            return Err(match trouble {
                Trouble::Interrupted => ExtractError::Interrupted,
                Trouble::Read(source) => ExtractError::Read { source },
                Trouble::Gone(why) => gone(why),
            });
        }
        if let Some(number) = self.tree.file_number(id) {
            self.first_names.entry(number).or_insert(id);
        }
        Ok(())
    }

    fn fill(&mut self, id: NodeId, file: File, writing: &mut Writing<'_>) -> Result<(), Trouble> {
        writing.begin(file).map_err(Trouble::Gone)?;
        let node = self.tree.node(id);
        let mut content = Content::of(self.tree, id);
        let (teller, done_bytes) = (self.teller, &mut self.done_bytes);
        let mut advance = |bytes| {
            *done_bytes = done_bytes.saturating_add(bytes);
            teller.done(sectors(*done_bytes));
        };
        let copied = file::copy(&mut content, self.sectors, writing, self.stop, &mut advance)?;
        let mode = node.posix.map(|posix| posix.mode & 0o777);
        writing.end(End { length: copied.length, mode, modified: node.modified.map(modified) });
        self.pending.push_back(Pending { id, bytes: copied.bytes, losses: copied.losses });
        Ok(())
    }

    /// What became of the first of those that are pending.
    fn written(&mut self, outcome: Outcome) -> Result<(), ExtractError> {
        let Some(Pending { id, bytes, losses }) = self.pending.pop_front() else { return Ok(()) };
        let error = match outcome {
            Outcome::Done => {
                self.report.files += 1;
                self.report.bytes = self.report.bytes.saturating_add(bytes);
                if !losses.is_empty() {
                    self.report.tell(|| self.tree.path(id), What::Damaged(losses));
                }
                return Ok(());
            }
            Outcome::Failed(error) => Some(error),
            Outcome::NotTried => None,
        };
        self.first_names.retain(|_, first| *first != id);
        if let Ok(parent) = self.folders.directory(self.tree.node(id).parent, &self.names) {
            let _ = parent.remove_file(self.names.of_node(self.tree, id));
        }
        error.map_or(Ok(()), |error| self.failed(id, error))
    }

    fn advance(&mut self, bytes: u64) {
        self.done_bytes = self.done_bytes.saturating_add(bytes);
        self.teller.done(sectors(self.done_bytes));
    }

    /// Another name of the same file, that was made before. Some discs give one number to files that have nothing in
    /// common.
    fn first_name_of(&self, id: NodeId) -> Option<NodeId> {
        let first = *self.first_names.get(&self.tree.file_number(id)?)?;
        let is_same =
            self.tree.node(first).size == self.tree.node(id).size && self.tree.extents(first) == self.tree.extents(id);
        is_same.then_some(first)
    }

    /// `None` where the file has to be written once more, since no link to the first can be made.
    fn link_to_first(&mut self, id: NodeId) -> Option<Result<(), ExtractError>> {
        let (first, node) = (self.first_name_of(id)?, self.tree.node(id));
        let parent = self.folders.directory(node.parent, &self.names).ok()?;
        let of = self.folders.directory(self.tree.node(first).parent, &self.names).ok()?;
        let first_name = self.names.of_node(self.tree, first).to_vec();
        let done = match self.named(id, &parent, |parent, name| parent.create_link(name, &of, &first_name)) {
            Ok(()) => {
                self.report.files += 1;
                Ok(())
            }
            Err(obstacle @ Obstacle::Kept) => self.obstructed(id, obstacle),
            Err(Obstacle::System(_)) => return None,
        };
        self.advance(node.size);
        Some(done)
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

    /// The deepest first: what is made in a directory changes its time, and its rights may forbid that.
    fn finish_directories(&mut self) {
        let mut directories = self.of_kind(|kind| kind == NodeKind::Directory);
        directories.retain(|&id| self.folders.state(id) == State::Made);
        for id in directories.into_iter().rev() {
            let node = self.tree.node(id);
            let mode = node.posix.map(|posix| posix.mode & 0o777);
            let directory = self.folders.directory(id, &self.names);
            if let Err(error) = directory.and_then(|found| found.finish(mode, node.modified.map(modified))) {
                self.report.tell(|| self.tree.path(id), What::Failed(error));
            }
        }
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

/// What ends the thread early is a panic, which is told where the thread is waited for.
fn gone(_: Gone) -> ExtractError {
    ExtractError::Interrupted
}

fn modified(moment: Timestamp) -> Modified {
    (moment.seconds, moment.nanoseconds)
}

fn sectors(bytes: u64) -> SectorCount {
    SectorCount::whole_in(bytes.saturating_add(SECTOR_BYTES as u64 - 1)).unwrap_or(SectorCount(u32::MAX))
}
