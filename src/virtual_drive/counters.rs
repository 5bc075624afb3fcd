//! This module knows what a virtual drive was asked, for those who want to know afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use crate::sector::{Lba, SectorRange};

/// One command that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub opcode: u8,
    /// What it wanted to read; `None` where it is no read.
    pub sectors: Option<SectorRange>,
}

/// A handle on the list of commands; clones share it. See [`super::VirtualDrive::counters`].
#[derive(Debug, Clone, Default)]
pub struct Counters {
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Counters {
    pub(super) fn note(&self, opcode: u8) {
        self.with(|log| log.push(Asked { opcode, sectors: None }));
    }

    /// The last command turned out to be a read.
    pub(super) fn note_read(&self, sectors: SectorRange) {
        self.with(|log| {
            if let Some(last) = log.last_mut() {
                last.sectors = Some(sectors);
            }
        });
    }

    /// Every command, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.with(|log| log.clone())
    }

    /// How many commands came.
    pub fn commands(&self) -> usize {
        self.with(|log| log.len())
    }

    /// How many of one kind.
    pub fn commands_of(&self, opcode: u8) -> usize {
        self.with(|log| log.iter().filter(|asked| asked.opcode == opcode).count())
    }

    /// What was to be read, in order.
    pub fn reads(&self) -> Vec<SectorRange> {
        self.with(|log| log.iter().filter_map(|asked| asked.sectors).collect())
    }

    /// How many reads wanted this sector.
    pub fn attempts(&self, lba: Lba) -> usize {
        self.with(|log| log.iter().filter(|asked| asked.sectors.is_some_and(|read| read.contains(lba))).count())
    }

    fn with<R>(&self, what: impl FnOnce(&mut Vec<Asked>) -> R) -> R {
        what(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
