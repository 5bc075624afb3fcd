//! This module knows how files are made: each gets its name when it is whole, and a further name after that.

use std::fs::File;
use std::io;

use super::{Job, Obstacle, modified, sectors};
use crate::extract::exchange::Gone;
use crate::extract::file::{self, Trouble};
use crate::extract::folders::State;
use crate::extract::report::{Loss, What};
use crate::extract::writing::{End, Outcome, Writing};
use crate::extract::{Existing, ExtractError};
use crate::filesystem::NodeId;
use crate::filesystem::content::Content;
use crate::linux::beneath::{Directory, Draft, identity_of};

/// A file that is on its way.
pub(super) struct Pending {
    id: NodeId,
    draft: Draft,
    bytes: u64,
    losses: Vec<Loss>,
}

impl Job<'_, '_> {
    /// Whatever comes, all that was begun is whole in the end, or is not there.
    pub(super) fn make_files(&mut self, files: &[NodeId], writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let ended = self.put_files(files, writing);
        let settled = self.settle(writing);
        ended.and(settled)
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
        for id in other_names {
            self.go_on()?;
            // One that fails after all must not have further names.
            if self.first_name_of(id).is_some_and(|first| self.is_pending(first)) {
                self.settle(writing)?;
            }
            match self.link_to_first(id) {
                Some(linked) => linked?,
                None => self.make_file(id, writing)?,
            }
            self.hear(writing)?;
        }
        Ok(())
    }

    /// Waits until nothing is pending.
    fn settle(&mut self, writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let settled = writing.settle().map_err(gone);
        let heard = self.hear(writing);
        settled.and(heard)
    }

    fn hear(&mut self, writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        writing.outcomes().into_iter().map(|outcome| self.written(outcome)).fold(Ok(()), Result::and)
    }

    fn make_file(&mut self, id: NodeId, writing: &mut Writing<'_>) -> Result<(), ExtractError> {
        let node = self.tree.node(id);
        let parent = match self.folders.directory(node.parent, &self.names) {
            Ok(parent) => parent,
            Err(error) => return self.failed(id, error),
        };
        if self.is_kept(id, &parent) {
            self.advance(node.size);
            return self.obstructed(id, Obstacle::Kept);
        }
        let mode = node.posix.map(|posix| posix.mode & 0o777);
        let (file, draft) = match parent.create_draft(id.index(), mode.unwrap_or(0o666)) {
            Ok(created) => created,
            Err(error) => {
                self.advance(node.size);
                return self.failed(id, error);
            }
        };
        match self.fill(id, file, writing) {
            Ok((bytes, losses)) => self.pending.push_back(Pending { id, draft, bytes, losses }),
            Err(trouble) => {
                writing.abandon();
                parent.discard(&draft);
                return Err(match trouble {
                    Trouble::Interrupted => ExtractError::Interrupted,
                    Trouble::Read(source) => ExtractError::Read { source },
                    Trouble::Gone(why) => gone(why),
                });
            }
        }
        if let Some(number) = self.tree.file_number(id) {
            self.first_names.entry(number).or_insert(id);
        }
        Ok(())
    }

    /// Whether something has its name that stays, so that nothing needs to be read. Whatever comes there later stays
    /// as well, but is found late.
    fn is_kept(&self, id: NodeId, parent: &Directory) -> bool {
        let is_twin = self.names.is_twin(id);
        if self.folders.state(self.tree.node(id).parent) == State::Made && !is_twin {
            return false;
        }
        let name = self.names.of_node(self.tree, id);
        let Ok(identity) = parent.identity(name) else { return false };
        if is_twin && self.made.get(&identity).is_some_and(|&of| of != id) {
            return false;
        }
        match self.options.existing {
            Existing::Kept => true,
            Existing::Replaced => parent.has_directory(name),
        }
    }

    /// How many bytes of it there are, and what is lost.
    fn fill(&mut self, id: NodeId, file: File, writing: &mut Writing<'_>) -> Result<(u64, Vec<Loss>), Trouble> {
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
        Ok((copied.bytes, copied.losses))
    }

    fn is_pending(&self, id: NodeId) -> bool {
        self.pending.iter().any(|pending| pending.id == id)
    }

    /// What became of the first of those that are pending.
    fn written(&mut self, outcome: Outcome) -> Result<(), ExtractError> {
        let Some(Pending { id, draft, bytes, losses }) = self.pending.pop_front() else { return Ok(()) };
        let parent = self.folders.directory(self.tree.node(id).parent, &self.names);
        let published = match (outcome, &parent) {
            (Outcome::Done(file), Ok(parent)) => {
                let published = self.named(id, parent, |parent, name| parent.publish(&file, &draft, name));
                if published.is_ok() {
                    self.remember(id, |_| identity_of(&file));
                }
                published.map_err(Some)
            }
            (Outcome::Done(_), Err(error)) => Err(Some(Obstacle::System(io::Error::from(error.kind())))),
            (Outcome::Failed(error), _) => Err(Some(Obstacle::System(error))),
            (Outcome::NotTried, _) => Err(None),
        };
        let Err(obstacle) = published else {
            self.report.files += 1;
            self.report.bytes = self.report.bytes.saturating_add(bytes);
            if !losses.is_empty() {
                let lost = losses.iter().map(|loss| loss.length).fold(0, u64::saturating_add);
                self.report.lost_bytes = self.report.lost_bytes.saturating_add(lost);
                if self.tree.file_number(id).is_some() {
                    self.losses.insert(id, losses.clone());
                }
                self.report.tell(|| self.tree.path(id), What::Damaged(losses));
            }
            return Ok(());
        };
        if let Some(number) = self.tree.file_number(id)
            && self.first_names.get(&number) == Some(&id)
        {
            self.first_names.remove(&number);
        }
        if let Ok(parent) = parent {
            parent.discard(&draft);
        }
        obstacle.map_or(Ok(()), |obstacle| self.obstructed(id, obstacle))
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
                if let Some(losses) = self.losses.get(&first) {
                    self.report.tell(|| self.tree.path(id), What::Damaged(losses.clone()));
                }
                Ok(())
            }
            Err(obstacle @ Obstacle::Kept) => self.obstructed(id, obstacle),
            Err(Obstacle::System(_)) => return None,
        };
        self.advance(node.size);
        Some(done)
    }
}

/// What ends the thread early is a panic, which is told where the thread is waited for.
fn gone(_: Gone) -> ExtractError {
    ExtractError::Interrupted
}
