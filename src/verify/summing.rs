//! This module knows how the sums that an image carries within itself are checked while its sectors stream past.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{FilePassError, Judgement};
use crate::event::{Phase, Scale, Teller};
use crate::filesystem::Finding;
use crate::filesystem::sums::{EmbeddedSum, FileSums, SumKind, SumState, Sums, check_files};
use crate::image::HoledImage;
use crate::pipeline::{Consumer, Piece};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource};

/// Checks them in one pass over all sectors.
#[derive(Default)]
pub struct Summing {
    sums: Sums,
    /// What has bytes in the file and none on the disc, in order.
    missing: Vec<SectorRange>,
}

impl Summing {
    /// Of an image file in which these sectors are missing.
    pub fn without(missing: &[SectorRange]) -> Self {
        Self { sums: Sums::default(), missing: SectorRange::joined(missing.to_vec()) }
    }

    /// What was found, as far as it is of what was judged.
    pub fn finish(self, judgement: &Judgement) -> EmbeddedSums {
        EmbeddedSums::new(self.sums.finish(), judgement)
    }

    fn pass(&mut self, start: Lba, bytes: &[u8]) {
        let count = SectorCount::whole_in(bytes.len() as u64).unwrap_or_default();
        let (mut rest, mut range) = (bytes, SectorRange::with_count(start, count));
        let from = self.missing.partition_point(|missing| missing.end() <= start);
        for missing in
            self.missing.iter().skip(from).filter_map(|missing| missing.intersection(range)).collect::<Vec<_>>()
        {
            let (before, _) = range.split_at(missing.start());
            let length = |range: SectorRange| usize::try_from(range.count().bytes()).unwrap_or(usize::MAX);
            let (there, behind) = rest.split_at(length(before).min(rest.len()));
            self.sums.take(before.start(), there);
            self.sums.gap(missing);
            rest = behind.get(length(missing)..).unwrap_or_default();
            range = SectorRange::new(missing.end(), range.end());
        }
        if !range.is_empty() {
            self.sums.take(range.start(), rest);
        }
    }
}

impl<E> Consumer<E> for Summing {
    fn take(&mut self, piece: &Piece) -> Result<(), E> {
        match piece {
            Piece::Data(block) => self.pass(block.start(), block.bytes()),
            Piece::Gap(range) => self.sums.gap(*range),
        }
        Ok(())
    }
}

/// What became of the sums that an image carries within itself.
#[derive(Debug, Default)]
pub struct EmbeddedSums {
    pub all: Vec<EmbeddedSum>,
    /// Where a session's sum does not hold, or is not known: those of its files.
    pub files: Option<FileSums>,
}

impl EmbeddedSums {
    /// What stands at a session's start, of those that the image has now. On a disc that was written over, older ones
    /// leave tags behind.
    fn new(all: Vec<EmbeddedSum>, judgement: &Judgement) -> Self {
        let is_of_session = |sum: &EmbeddedSum| {
            let start = sum.range.start();
            start == Lba(0) || judgement.image.sessions.iter().any(|session| session.start == start)
        };
        Self { all: all.into_iter().filter(is_of_session).collect(), files: None }
    }

    /// Those that are there, and were not checked.
    pub fn announced(source: &mut dyn SectorSource, judgement: &Judgement) -> Self {
        let start = judgement.image.session.map_or(Lba(0), |session| session.start);
        Self::new(Sums::announced(source, start), judgement)
    }

    pub fn findings(&self) -> Vec<Finding> {
        let files = self.files.iter().flat_map(|files| files.findings.iter().cloned());
        self.all.iter().filter_map(EmbeddedSum::finding).chain(files).collect()
    }

    /// Where the sum of the session that was judged does not say so, asks of each file whether it is what it was.
    ///
    /// # Errors
    /// Where the file cannot be read, or somebody asked to stop.
    pub fn check_files(
        &mut self,
        judgement: &Judgement,
        image: &mut HoledImage<'_>,
        stop: &AtomicBool,
        teller: &Teller<'_>,
    ) -> Result<(), FilePassError> {
        let start = judgement.image.session.map_or(Lba(0), |session| session.start);
        let holds = |sum: &EmbeddedSum| {
            sum.kind == SumKind::Libisofs && sum.range.start() == start && sum.state == SumState::Holds
        };
        let Some(tree) = judgement.summed.as_ref().filter(|_| !self.all.iter().any(holds)) else { return Ok(()) };
        teller.begin(Phase::Check, SectorCount(0), SectorCount(0), Scale::default());
        let length = image.length();
        let stopped = || stop.load(Ordering::Relaxed);
        let mut bytes = 0_u64;
        let mut passed = |more: u64| {
            bytes = bytes.saturating_add(more);
            let sectors = u32::try_from(bytes / SECTOR_BYTES as u64).unwrap_or(u32::MAX);
            bytes %= SECTOR_BYTES as u64;
            teller.advance(SectorCount(sectors));
        };
        let files = check_files(tree, image, length, &stopped, &mut passed);
        teller.end();
        if let Some((offset, source)) = image.take_failure() {
            return Err(FilePassError::Read { offset, source });
        }
        if stopped() {
            return Err(FilePassError::Interrupted);
        }
        self.files = files.ok();
        Ok(())
    }
}
