//! This module knows how a drive is kept from answering out of its memory.

use std::time::Duration;

use super::super::exchange::Reply;
use super::super::quirks::Quirk;
use super::super::{Drive, Note};
use super::{Fua, READ_TIMEOUT};
use crate::mmc::command::{Command, Read10};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

impl Drive {
    pub(super) fn cache_needs_defeat(&self) -> bool {
        self.habits.fua == Fua::Refused || self.has_quirk(Quirk::RepeatsFromCache)
    }

    /// Reads so much elsewhere that the drive's memory holds nothing of what is about to be read.
    pub(super) fn defeat_cache(&mut self, start: Lba) {
        const SECTORS: u32 = 4096;
        const AT_ONCE: u32 = 32;
        const AT_MOST: Duration = Duration::from_secs(10);
        self.note(Note::CacheDefeated);
        let half = self.size_so_far().0 / 2;
        let from = if start.0 < half { half } else { 0 };
        let elsewhere = SectorRange::with_count(Lba(from), SectorCount(SECTORS.min(half)));
        let until = self.clock.now().saturating_add(AT_MOST);
        let at_once = SectorCount(AT_ONCE.min(self.max_read.0));
        let mut buffer = vec![0; SECTOR_BYTES.saturating_mul(usize::try_from(at_once.0).unwrap_or(1))];
        for piece in elsewhere.pieces(at_once) {
            let Some(part) = usize::try_from(piece.count().bytes()).ok().and_then(|n| buffer.get_mut(..n)) else {
                break;
            };
            let count = u16::try_from(piece.count().0).unwrap_or(1);
            let cdb = Read10 { start: piece.start(), count, dpo: false, fua: false }.cdb();
            let came =
                matches!(self.attempt(&cdb, part, READ_TIMEOUT), Ok(Reply::Good { .. } | Reply::Remarked { .. }));
            if !came || self.clock.now() >= until {
                break;
            }
        }
    }
}
