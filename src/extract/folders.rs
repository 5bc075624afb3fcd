//! This module knows the directories that an extraction makes, and keeps the last ones at hand.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::rc::Rc;

use super::names::Names;
use crate::filesystem::{NodeId, Tree};
use crate::linux::beneath::{Beneath, Directory, Status};

/// Handles that are kept open: far fewer than a process may have.
const MOST_OPEN: usize = 128;

/// What became of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It is not wanted, or could not be made: nothing in it can be.
    Missing,
    Made,
    WasThere(InTheEnd),
}

/// What a directory that was there before is like in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InTheEnd {
    /// Its rights and times are none of ours.
    LeftAlone,
    /// It was opened up for this time alone.
    Again(Status),
    /// As on the disc: an earlier call made it.
    AsRecorded,
}

pub(super) struct Folders<'a> {
    tree: &'a Tree,
    beneath: &'a Beneath,
    states: HashMap<NodeId, State>,
    open: HashMap<NodeId, Rc<Directory>>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(tree: &'a Tree, beneath: &'a Beneath) -> Self {
        let states = HashMap::from([(Tree::ROOT, State::WasThere(InTheEnd::LeftAlone))]);
        Self { tree, beneath, states, open: HashMap::new() }
    }

    pub(super) fn state(&self, id: NodeId) -> State {
        self.states.get(&id).copied().unwrap_or(State::Missing)
    }

    pub(super) fn set(&mut self, id: NodeId, state: State) {
        self.states.insert(id, state);
    }

    /// The directory of that node.
    pub(super) fn directory(&mut self, id: NodeId, names: &Names) -> io::Result<Rc<Directory>> {
        if let Some(found) = self.open.get(&id) {
            return Ok(Rc::clone(found));
        }
        if self.state(id) == State::Missing {
            return Err(io::Error::new(ErrorKind::NotFound, "its directory could not be made"));
        }
        let found = Rc::new(self.beneath.directory(&names.steps(self.tree, id))?);
        if self.open.len() >= MOST_OPEN {
            self.open.clear();
        }
        self.open.insert(id, Rc::clone(&found));
        Ok(found)
    }
}
