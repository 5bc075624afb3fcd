//! This module knows how the sum of implantisomd5 is computed anew while the sectors pass.

use super::isomd5::{Implant, abridged};
use super::verdict::{EmbeddedSum, SumKind, SumState, Unchecked};
use crate::checksum::{Algorithm, Digester};
use crate::sector::{Lba, SectorCount, SectorRange};

/// implantisomd5 reads so many sectors at once, and looks at the sums of parts only between two reads.
const READ: u32 = 16;

/// A sum that is being computed.
#[derive(Debug)]
pub(super) struct Implanted {
    implant: Implant,
    digester: Digester,
    /// So many sectors are in the digest.
    done: u32,
    /// The part in which the last read began.
    part: u64,
    /// Parts whose sum was asked for, and where the last of them ended that held.
    asked: usize,
    proven: Lba,
    /// The first part whose sum was another.
    wrong: Option<SectorRange>,
}

impl Implanted {
    /// Begins at the start of the image.
    pub fn new(implant: Implant) -> Self {
        let digester = Digester::new(Algorithm::Md5);
        Self { implant, digester, done: 0, part: 0, asked: 0, proven: Lba(0), wrong: None }
    }

    fn range(&self) -> SectorRange {
        SectorRange::first(self.implant.sectors)
    }

    /// Takes the sector that comes next; the answer, once it is known.
    pub fn take(&mut self, sector: &[u8]) -> Option<EmbeddedSum> {
        if self.done < self.implant.sectors.0 {
            self.digester.update(sector);
            self.done = self.done.saturating_add(1);
            if self.done.is_multiple_of(READ) || self.done == self.implant.sectors.0 {
                self.end_of_read();
            }
        }
        (self.done >= self.implant.sectors.0).then(|| self.conclude())
    }

    /// A part's sum goes to the end of the first read that began in the next part.
    fn end_of_read(&mut self) {
        let part_bytes = self.range().count().bytes() / u64::from(self.implant.parts.max(1));
        let began = SectorCount(self.done.saturating_sub(1) / READ * READ).bytes();
        let part = began.checked_div(part_bytes).unwrap_or(0);
        if part == self.part {
            return;
        }
        self.part = part;
        let wanted = self.implant.fragments.get(self.asked);
        self.asked = self.asked.saturating_add(1);
        let (Some(wanted), None) = (wanted, self.wrong) else { return };
        if *wanted == abridged(&self.digester.clone().finish(), wanted.len()) {
            self.proven = Lba(self.done);
        } else {
            self.wrong = Some(SectorRange::new(self.proven, Lba(self.done)));
        }
    }

    fn conclude(&self) -> EmbeddedSum {
        // The sum of the whole decides: of small images the parts are so small that their own checker loses count.
        let state = match self.digester.clone().finish() == self.implant.md5 {
            true => SumState::Holds,
            false => {
                SumState::Differs { within: self.wrong.unwrap_or(SectorRange::new(self.proven, self.range().end())) }
            }
        };
        self.sum(state)
    }

    /// What is known where no more sectors come, or not all of them.
    pub fn stop(&self, why: Unchecked) -> EmbeddedSum {
        match self.wrong {
            Some(within) => self.sum(SumState::Differs { within }),
            None => self.sum(SumState::NotChecked(why)),
        }
    }

    fn sum(&self, state: SumState) -> EmbeddedSum {
        EmbeddedSum { kind: SumKind::IsoMd5, range: self.range(), state }
    }
}
