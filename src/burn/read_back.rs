//! This module knows how a disc is proven: loaded anew, read as far as the image goes, and compared with what was taken
//! down while it was written.

use std::convert::Infallible;

use super::blocks::{BLOCK_BYTES, BlockSums};
use super::options::Reload;
use super::report::ReadBack;
use super::{BurnError, Job, Report, Source, Verdict};
use crate::checksum::{Algorithm, Digester};
use crate::drive::{DiscStatus, DriveError};
use crate::event::{About, Phase, Scale};
use crate::filesystem::{Damages, first_look};
use crate::image::{HoledImage, ImageFile};
use crate::pipeline::{Consumer, Piece, fan_out};
use crate::reading::{PassEnd, RING, ReadPass, Stopwatch, TripError};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use crate::verify::{Digests, Judging, Keeping, SESSIONS_OF_AN_IMAGE};

/// So many places are listed; more are counted.
const MOST_RANGES: usize = 1000;

impl Job<'_> {
    /// Reads back what was written, and says in the report what came of it.
    pub(super) fn read_back(
        &mut self,
        source: &Source,
        report: &mut Report,
        blocks: &BlockSums,
        shown: Option<&[u8]>,
    ) -> Result<(), BurnError> {
        self.load_anew().map_err(BurnError::NotReadable)?;
        let medium = self.drive.examine().map_err(BurnError::NotReadable)?;
        if medium.status == DiscStatus::Empty {
            return Err(BurnError::StillBlank);
        }
        if shown.is_some_and(|shown| !self.shows(shown)) {
            return Err(BurnError::NotShown);
        }
        let bytes = report.image_bytes;
        let sectors = SectorCount::whole_in(bytes.saturating_add(SECTOR_BYTES as u64 - 1)).unwrap_or_default();
        let range = SectorRange::with_count(report.plan.start, sectors);
        let mut comparing = Comparing::new(bytes, range.start(), blocks, &self.options.algorithms, source.file());
        let scale = Scale { one_x: Some(medium.one_x_bytes_per_second()), layer_break: medium.layer_break };
        self.teller.begin(Phase::Compare, SectorCount(0), sectors, scale);
        let stopwatch = Stopwatch::start(self.clock, self.drive);
        let mut pass = ReadPass::new(self.drive, self.clock, self.teller, self.stop, sectors);
        pass.tries = self.options.tries;
        let (end, _) = fan_out(RING, self.clock, vec![&mut comparing], |feed| pass.run(&[range], feed));
        self.teller.end();
        match end {
            PassEnd::Done | PassEnd::ConsumerStopped | PassEnd::GaveUp(_) => {}
            PassEnd::Interrupted => return Err(BurnError::Interrupted),
            // No sector has read before that would tell a bad drive from a bad disc.
            PassEnd::Failed(TripError::DriveWentMad { at }) if at == range.start() => {
                return Err(BurnError::NothingReads);
            }
            PassEnd::Failed(error) => return Err(BurnError::ReadBack(error)),
        }
        let mut found = comparing.finish();
        found.elapsed = stopwatch.elapsed();
        let is_same = found.differing.is_empty() && found.bad.is_empty() && found.digests == report.digests;
        if !is_same {
            found.damage = self.whose(source, &found, report, sectors)?;
        }
        // A file was judged before; of a stream only now can be seen whether it ended early.
        if is_same && source.file().is_none() && report.plan.start == Lba(0) {
            let needed = first_look(self.drive).needed.unwrap_or_default();
            report.missing = needed.0.checked_sub(sectors.0).filter(|missing| *missing > 0).map(SectorCount);
        }
        report.verdict = if is_same { Verdict::Same } else { Verdict::Differs };
        report.read_back = Some(found);
        Ok(())
    }

    /// Makes drive and kernel forget what they remember of the disc as it was before.
    fn load_anew(&mut self) -> Result<(), DriveError> {
        let teller = self.teller;
        teller.begin(Phase::Wait, SectorCount(0), SectorCount(0), Scale::default());
        let by_tray = self.options.reload == Reload::Tray && self.drive.can_load()?;
        let loaded = by_tray && self.drive.eject().and_then(|()| self.drive.load()).is_ok();
        if !loaded {
            if by_tray {
                teller.notice(About::Drive, "the drive could not move its tray; its spindle was stopped instead");
            }
            self.drive.spin_anew()?;
        }
        let ready = self.drive.wait_until_ready(self.stop, &mut |awaiting| {
            teller.notice(About::Waiting, format!("waiting for {awaiting}"));
        });
        teller.end();
        ready?;
        self.drive.lock().map(drop)
    }

    /// Whose the sectors are that are not what they should be.
    fn whose(
        &mut self,
        source: &Source,
        found: &ReadBack,
        report: &Report,
        sectors: SectorCount,
    ) -> Result<Damages, BurnError> {
        let lost = SectorRange::joined(found.differing.iter().chain(&found.bad).copied().collect());
        let judging = Judging { tree: None, session: None, sessions: SESSIONS_OF_AN_IMAGE, stop: self.stop };
        if let Some(file) = source.file() {
            let failed = |source| crate::verify::FilePassError::Read { offset: 0, source };
            let mut image = HoledImage::new(file, &[]).map_err(failed)?;
            return Ok(judging.judge_file(&mut image, &lost, self.teller)?.damage);
        }
        if report.plan.start != Lba(0) {
            return Ok(Damages::default());
        }
        let kept = Keeping::default();
        Ok(judging.judge_disc(self.drive, sectors, &lost, &kept, self.teller)?.damage)
    }
}

/// Compares what is read back, block by block; where the image is a file, sector by sector in a block that differs.
struct Comparing<'a> {
    /// Of the image, of which the last sector need not be whole.
    bytes: u64,
    /// Where the image begins on the disc.
    start: Lba,
    blocks: &'a BlockSums,
    image: Option<&'a dyn ImageFile>,
    digesters: Vec<Digester>,
    at: u64,
    block: Vec<u8>,
    /// Blocks that were compared.
    ended: usize,
    found: ReadBack,
}

impl<'a> Comparing<'a> {
    fn new(
        bytes: u64,
        start: Lba,
        blocks: &'a BlockSums,
        algorithms: &[Algorithm],
        image: Option<&'a dyn ImageFile>,
    ) -> Self {
        let digesters = algorithms.iter().copied().map(Digester::new).collect();
        let (block, found) = (Vec::with_capacity(BLOCK_BYTES), ReadBack::default());
        Self { bytes, start, blocks, image, digesters, at: 0, block, ended: 0, found }
    }

    fn pass(&mut self, bytes: &[u8]) {
        let left = usize::try_from(self.bytes.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let mut bytes = bytes.get(..left.min(bytes.len())).unwrap_or_default();
        self.digesters.iter_mut().for_each(|digester| digester.update(bytes));
        self.at = self.at.saturating_add(bytes.len() as u64);
        while !bytes.is_empty() {
            let room = BLOCK_BYTES.saturating_sub(self.block.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.block.extend_from_slice(now);
            if self.block.len() == BLOCK_BYTES {
                self.end_block();
            }
            bytes = later;
        }
    }

    fn end_block(&mut self) {
        if self.blocks.of(self.ended) != Some(crc32fast::hash(&self.block)) {
            self.block_differs((self.ended as u64).saturating_mul(BLOCK_BYTES as u64));
        }
        self.ended = self.ended.saturating_add(1);
        self.block.clear();
    }

    fn block_differs(&mut self, from: u64) {
        let first = Lba(u32::try_from(from / SECTOR_BYTES as u64).unwrap_or(u32::MAX));
        let mut theirs = vec![0; self.block.len()];
        let known = self.image.is_some_and(|image| image.read_at(from, &mut theirs).is_ok()) && theirs != self.block;
        let sectors = self.block.chunks(SECTOR_BYTES).zip(theirs.chunks(SECTOR_BYTES));
        let mut at = first;
        let mut differing = Vec::new();
        for (ours, theirs) in sectors {
            if !known || ours != theirs {
                differing.push(at);
            }
            at = at.saturating_add(SectorCount(1));
        }
        for at in differing {
            self.differs(at);
        }
    }

    fn differs(&mut self, at: Lba) {
        let found = &mut self.found;
        // What does not read is told as such.
        if found.bad.iter().any(|range| range.contains(at)) {
            return;
        }
        found.differing_count = SectorCount(found.differing_count.0.saturating_add(1));
        let has_room = found.differing.len() < MOST_RANGES;
        match found.differing.last_mut() {
            Some(last) if last.end() == at => {
                *last = SectorRange::with_count(last.start(), SectorCount(last.count().0.saturating_add(1)))
            }
            _ if has_room => found.differing.push(SectorRange::with_count(at, SectorCount(1))),
            _ => {}
        }
    }

    fn finish(mut self) -> ReadBack {
        if !self.block.is_empty() {
            self.end_block();
        }
        let mut image: Vec<_> = self.digesters.into_iter().map(Digester::finish).collect();
        image.sort_by_key(|digest| std::cmp::Reverse(digest.algorithm()));
        self.found.digests = Digests { image, raw: Vec::new() };
        self.found
    }
}

impl Consumer<Infallible> for Comparing<'_> {
    fn take(&mut self, piece: &Piece) -> Result<(), Infallible> {
        /// Zeros stand for what does not read.
        static ZEROS: [u8; SECTOR_BYTES] = [0; SECTOR_BYTES];
        match piece {
            Piece::Data(block) => self.pass(block.bytes()),
            Piece::Gap(range) => {
                let from = Lba(range.start().0.saturating_sub(self.start.0));
                self.found.bad.push(SectorRange::with_count(from, range.count()));
                for _ in 0..range.count().0 {
                    self.pass(&ZEROS);
                }
            }
        }
        Ok(())
    }
}
