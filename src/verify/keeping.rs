//! This module knows what to keep of sectors that stream past, so that a filesystem can be judged without going back.
//!
//! Whoever judges reads directories and descriptors, and no content. Those are known by their first bytes, mostly; what is not
//! kept is read from the disc once more, so that a wrong guess costs time and nothing else.

use std::collections::BTreeMap;

use crate::filesystem::looks_like_metadata;
use crate::pipeline::{Consumer, Piece};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// As many sectors as a parser asks for at once, and aligned as it asks for them.
const LINE: u32 = 32;
const LINE_BYTES: usize = LINE as usize * SECTOR_BYTES;
/// 64 MiB in all.
const MOST_LINES: usize = 1024;

/// Stretches of a disc that hold more than content.
#[derive(Default)]
pub struct Keeping {
    /// By the number of the stretch; whole, but for the last of the disc.
    lines: BTreeMap<u32, Vec<u8>>,
    /// A stretch of which only the beginning has come.
    partial: Option<(u32, Vec<u8>)>,
}

impl Keeping {
    /// Fills `buffer` with the sectors from `start` on, where they were kept.
    pub fn read(&self, start: Lba, buffer: &mut [u8]) -> bool {
        let offset = SectorCount(start.0 % LINE).bytes();
        let found = usize::try_from(offset)
            .ok()
            .and_then(|offset| self.lines.get(&(start.0 / LINE))?.get(offset..offset.checked_add(buffer.len())?));
        if let Some(found) = found {
            buffer.copy_from_slice(found);
        }
        found.is_some()
    }

    fn pass(&mut self, start: Lba, bytes: &[u8]) {
        let count = SectorCount::whole_in(bytes.len() as u64).unwrap_or_default();
        let mut rest = bytes;
        let mut range = SectorRange::with_count(start, count);
        while !range.is_empty() {
            let line = range.start().0 / LINE;
            let (piece, behind) = range.split_at(Lba(line.saturating_add(1).saturating_mul(LINE)));
            let length = usize::try_from(piece.count().bytes()).unwrap_or(usize::MAX).min(rest.len());
            let (found, left) = rest.split_at(length);
            self.piece(line, piece.start(), found);
            (rest, range) = (left, behind);
        }
    }

    fn piece(&mut self, line: u32, start: Lba, bytes: &[u8]) {
        if bytes.len() == LINE_BYTES {
            return self.keep(line, bytes);
        }
        let offset = usize::try_from(SectorCount(start.0 % LINE).bytes()).unwrap_or(usize::MAX);
        match &mut self.partial {
            Some((of, begun)) if *of == line && begun.len() == offset => begun.extend_from_slice(bytes),
            _ if offset == 0 => {
                self.close();
                self.partial = Some((line, bytes.to_vec()));
            }
            // Its beginning did not read, or was not asked for.
            _ => self.close(),
        }
        if self.partial.as_ref().is_some_and(|(_, begun)| begun.len() >= LINE_BYTES) {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some((line, bytes)) = self.partial.take() {
            self.keep(line, &bytes);
        }
    }

    fn keep(&mut self, line: u32, bytes: &[u8]) {
        let (sectors, _) = bytes.as_chunks::<SECTOR_BYTES>();
        let is_wanted = line == 0 || sectors.iter().any(looks_like_metadata);
        if is_wanted && self.lines.len() < MOST_LINES {
            self.lines.insert(line, bytes.to_vec());
        }
    }
}

impl<E> Consumer<E> for Keeping {
    fn take(&mut self, piece: &Piece) -> Result<(), E> {
        match piece {
            Piece::Data(block) => self.pass(block.start(), block.bytes()),
            Piece::Gap(_) => self.close(),
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), E> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Content, with a volume descriptor at sectors 16 and 100.
    fn disc() -> Vec<u8> {
        let mut bytes = vec![7; 130 * SECTOR_BYTES];
        for at in [16, 100] {
            bytes[at * SECTOR_BYTES + 1..][..5].copy_from_slice(b"CD001");
        }
        bytes
    }

    #[test]
    fn stretches_with_descriptors_are_kept_however_they_come() {
        let disc = disc();
        for pieces in [1, 16, 32, 40, 130] {
            let mut keeping = Keeping::default();
            for (index, piece) in disc.chunks(pieces * SECTOR_BYTES).enumerate() {
                keeping.pass(Lba(u32::try_from(index * pieces).unwrap()), piece);
            }
            keeping.close();
            let mut line = vec![0; LINE_BYTES];
            assert!(keeping.read(Lba(0), &mut line), "{pieces}");
            assert!(!keeping.read(Lba(32), &mut line));
            assert!(keeping.read(Lba(96), &mut line));
            assert_eq!(line, disc[96 * SECTOR_BYTES..][..LINE_BYTES]);
            let mut sector = vec![0; SECTOR_BYTES];
            assert!(keeping.read(Lba(100), &mut sector));
            assert!(!keeping.read(Lba(128), &mut sector), "content");
        }
    }

    #[test]
    fn a_stretch_with_a_gap_is_not_kept() {
        let disc = disc();
        let mut keeping = Keeping::default();
        keeping.pass(Lba(0), &disc[..10 * SECTOR_BYTES]);
        keeping.pass(Lba(12), &disc[12 * SECTOR_BYTES..]);
        let mut line = vec![0; LINE_BYTES];
        assert!(!keeping.read(Lba(0), &mut line));
        assert!(keeping.read(Lba(96), &mut line));
    }
}
