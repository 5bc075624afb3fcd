//! This module knows how directories are made, and which of those that are there already change for a while.

use super::{Job, Obstacle, modified};
use crate::extract::ExtractError;
use crate::extract::folders::{InTheEnd, State};
use crate::extract::report::What;
use crate::filesystem::{NodeId, NodeKind};
use crate::linux::beneath::Status;

/// What the owner needs to make files in a directory, and to list it.
const OPEN: u16 = 0o700;
const TO_MAKE_FILES: u16 = 0o300;
/// Until it is full. Nobody else makes a directory sticky that only its owner may enter: one that is so was left by a call that
/// was killed.
const UNFINISHED: u16 = 0o1000 | OPEN;

impl Job<'_, '_> {
    pub(super) fn make_directory(&mut self, id: NodeId) -> Result<(), ExtractError> {
        // Until it is full it must be possible to write in it.
        let mode = if self.tree.node(id).posix.is_some() { UNFINISHED } else { 0o777 };
        let result = self.folders.directory(self.tree.node(id).parent, &self.names).map_err(Obstacle::System);
        let result = result.and_then(|parent| {
            self.named(id, &parent, |parent, name| parent.create_directory(name, mode)).map(|()| parent)
        });
        match result {
            Ok(parent) => {
                self.report.directories += 1;
                self.folders.set(id, State::Made);
                self.remember(id, |name| parent.identity(name));
                Ok(())
            }
            Err(Obstacle::Kept) => {
                let parent = self.folders.directory(self.tree.node(id).parent, &self.names);
                if parent.is_ok_and(|parent| parent.has_directory(self.names.of_node(self.tree, id))) {
                    self.folders.set(id, State::WasThere(InTheEnd::LeftAlone));
                    let in_the_end = self.open_up(id);
                    self.folders.set(id, State::WasThere(in_the_end));
                    return Ok(());
                }
                self.report.tell(|| self.tree.path(id), What::Kept);
                Ok(())
            }
            Err(Obstacle::System(error)) => self.failed(id, error),
        }
    }

    /// Files may be needed in a directory that is there and forbids them, as one does that an earlier call made.
    fn open_up(&mut self, id: NodeId) -> InTheEnd {
        let Ok(directory) = self.folders.directory(id, &self.names) else { return InTheEnd::LeftAlone };
        let Some(status) = directory.status().ok().filter(|status| status.is_own) else { return InTheEnd::LeftAlone };
        let is_closed = status.mode & TO_MAKE_FILES != TO_MAKE_FILES;
        if is_closed && directory.open_up(status).is_err() {
            return InTheEnd::LeftAlone;
        }
        match (self.is_of_an_earlier_call(id, status), is_closed) {
            (true, _) => InTheEnd::AsRecorded,
            (false, true) => InTheEnd::Again(status),
            (false, false) => InTheEnd::LeftAlone,
        }
    }

    /// Whether that directory is as it is left in the end, or by a call that did not get there. Of finer times not
    /// every filesystem keeps all.
    fn is_of_an_earlier_call(&self, id: NodeId, status: Status) -> bool {
        let node = self.tree.node(id);
        if node.posix.is_some() && status.mode == UNFINISHED {
            return true;
        }
        let has_its_time = node.modified.is_some_and(|moment| moment.seconds == status.modified.0);
        let has_its_mode = node.posix.is_none_or(|posix| {
            let mode = posix.mode & 0o777;
            status.mode == mode || status.mode == mode | OPEN
        });
        has_its_time && has_its_mode
    }

    /// The deepest first: what is made in a directory changes its time, and its rights may forbid that. Where not all
    /// `is_made` they don't yet, so that the next call can go on.
    pub(super) fn finish_directories(&mut self, is_made: bool) {
        for id in self.of_kind(|kind| kind == NodeKind::Directory).into_iter().rev() {
            let node = self.tree.node(id);
            let finished = match self.folders.state(id) {
                State::Missing | State::WasThere(InTheEnd::LeftAlone) => continue,
                State::Made | State::WasThere(InTheEnd::AsRecorded) => {
                    let mode = node.posix.map(|posix| posix.mode & 0o777 | if is_made { 0 } else { OPEN });
                    let directory = self.folders.directory(id, &self.names);
                    directory.and_then(|found| found.finish(mode, node.modified.map(modified)))
                }
                State::WasThere(InTheEnd::Again(status)) => {
                    self.folders.directory(id, &self.names).and_then(|found| found.restore(status))
                }
            };
            if let Err(error) = finished {
                self.report.tell(|| self.tree.path(id), What::Failed(error));
            }
        }
    }
}
