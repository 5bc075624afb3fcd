//! This module knows the sums that an image carries within itself: those of implantisomd5, and those of libisofs.
//!
//! They are computed anew while the sectors pass, in order, and what is to be summed up is learned from the same sectors:
//! without a sign that there is a sum, nothing is computed.

mod files;
mod implanted;
mod isomd5;
mod places;
mod session;
mod tag;
#[cfg(test)]
mod tests;
mod verdict;
mod window;

pub use files::{FileSums, check_files};
pub(in crate::filesystem) use places::{own, own_of_copies};
pub use verdict::{EmbeddedSum, SumKind, SumState, Unchecked};

use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource};
use implanted::Implanted;
use isomd5::Implant;
use session::{Session, Step};
use tag::{Line, Tag, TagKind};
use window::{SYSTEM_AREA, Window};

/// From the first volume descriptor on, so many sectors may have the first tag of a session.
const DESCRIPTORS: SectorCount = SectorCount(32);
/// Tags of a session: there are three.
const MOST_TAGS: usize = 4;

/// The sector behind the last tag of the session that begins at `start`, as its tags tell of each other; `None` where it has
/// none. The last one need not be there.
pub(in crate::filesystem) fn told_end(
    read: &mut dyn FnMut(Lba) -> Option<[u8; SECTOR_BYTES]>,
    start: Lba,
) -> Option<Lba> {
    let tag_at = |at: Lba, read: &mut dyn FnMut(Lba) -> Option<[u8; SECTOR_BYTES]>| match Line::read(&read(at)?) {
        Line::Tag(tag) => (tag.range.start() == start && tag.at == at).then_some(tag),
        Line::None | Line::Broken => None,
    };
    let places = SectorRange::with_count(start.saturating_add(SYSTEM_AREA), DESCRIPTORS).pieces(SectorCount(1));
    let mut last = places.map(SectorRange::start).find_map(|at| tag_at(at, read))?;
    for _ in 1..MOST_TAGS {
        let Some(next) = last.next else { break };
        match tag_at(next, read) {
            Some(tag) => last = tag,
            None => return Some(next.saturating_add(SectorCount(1))),
        }
    }
    Some(last.at.saturating_add(SectorCount(1)))
}

/// More sessions than any disc has.
const MOST_SUMS: usize = 200;
/// From a session's start on, that much has the first tag.
const LOOK: SectorCount = SectorCount(96);

/// Checks sums while the sectors of an image pass.
#[derive(Debug, Default)]
pub struct Sums {
    /// The sector that comes next.
    next: Lba,
    window: Window,
    implanted: Option<Implanted>,
    session: Option<Session>,
    /// Behind the last sectors that did not come.
    gap: Option<Lba>,
    /// First tags for which a digest was computed.
    begun: usize,
    found: Vec<EmbeddedSum>,
}

impl Sums {
    /// Takes the sectors from `start` on, which must not come before others that came; those between are missing. Bytes
    /// behind the last whole sector are of no matter.
    pub fn take(&mut self, start: Lba, bytes: &[u8]) {
        if start < self.next {
            return;
        }
        self.gap(SectorRange::new(self.next, start));
        let (sectors, _) = bytes.as_chunks::<SECTOR_BYTES>();
        // The first of those that are not in the window.
        let mut passing = 0;
        for (index, sector) in sectors.iter().enumerate() {
            let line = Line::read(sector);
            let is_descriptor = is_primary(sector);
            if is_descriptor || line != Line::None {
                if !self.window.is_open() {
                    self.window.pass(sectors.get(passing..index).unwrap_or_default().as_flattened());
                    passing = index;
                }
                if is_descriptor {
                    self.descriptor(sector);
                }
            }
            self.line(&line);
            if let Some(session) = &mut self.session {
                session.take(sector);
            }
            self.implanted(sector);
            if self.window.is_open() {
                self.window.keep(sector);
                passing = index.saturating_add(1);
            }
            self.next = self.next.saturating_add(SectorCount(1));
        }
        if !self.window.is_open() {
            self.window.pass(sectors.get(passing..).unwrap_or_default().as_flattened());
        }
    }

    /// These sectors are missing.
    pub fn gap(&mut self, range: SectorRange) {
        if range.is_empty() || range.end() <= self.next {
            return;
        }
        self.stop(Unchecked::SectorsMissing);
        self.next = range.end();
        self.gap = Some(self.next);
        self.window.restart(self.next);
    }

    /// All sums that were found, once nothing more comes.
    pub fn finish(mut self) -> Vec<EmbeddedSum> {
        self.stop(Unchecked::ImageEnds);
        self.found
    }

    /// The sums that a session of `source` begins to tell of, of each kind the last, and none checked.
    pub fn announced(source: &mut dyn SectorSource, start: Lba) -> Vec<EmbeddedSum> {
        let mut sums = Self::default();
        let mut sector = [0; SECTOR_BYTES];
        let starts = [Lba(0), start];
        for start in starts.iter().take(if start == Lba(0) { 1 } else { 2 }) {
            for range in SectorRange::with_count(*start, LOOK).pieces(SectorCount(1)) {
                if range.start() >= sums.next && source.read_sectors(range.start(), &mut sector).is_ok() {
                    sums.take(range.start(), &sector);
                }
            }
        }
        sums.stop(Unchecked::NotAsked);
        let is_there = |kind: &SumKind| sums.found.iter().rev().find(|sum| sum.kind == *kind).copied();
        let found = [SumKind::IsoMd5, SumKind::Libisofs].iter().filter_map(is_there);
        found.map(|sum| EmbeddedSum { state: SumState::NotChecked(Unchecked::NotAsked), ..sum }).collect()
    }

    fn descriptor(&mut self, sector: &[u8]) {
        self.window.open();
        if self.next == SYSTEM_AREA_END
            && let Some(implant) = Implant::read(sector)
        {
            let mut implanted = Implanted::new(implant);
            match self.window.from(Lba(0)) {
                Some(before) => {
                    let (before, _) = before.as_chunks::<SECTOR_BYTES>();
                    for sector in before {
                        // The sum of so little says nothing yet.
                        let _ = implanted.take(sector);
                    }
                    self.implanted = Some(implanted);
                }
                None => self.record(implanted.stop(Unchecked::SectorsMissing)),
            }
        }
    }

    fn implanted(&mut self, sector: &[u8]) {
        let Some(implanted) = &mut self.implanted else { return };
        let answer = match self.next == SYSTEM_AREA_END {
            true => implanted.take(&isomd5::blanked(sector)),
            false => implanted.take(sector),
        };
        if let Some(answer) = answer {
            self.implanted = None;
            self.record(answer);
        }
    }

    /// Asks what the sector that comes next says of those before it.
    fn line(&mut self, line: &Line) {
        let tag = match line {
            Line::Tag(tag) if tag.at == self.next => Some(tag),
            // That of an image within a file.
            Line::Tag(_) | Line::None | Line::Broken => None,
        };
        if let Some(session) = &mut self.session {
            if let Step::Ended(answer) = session.ask(self.next, tag) {
                self.session = None;
                self.record(answer);
                return;
            }
            if tag.is_some_and(|tag| tag.range.start() == session.start()) {
                return;
            }
        }
        match (line, tag) {
            (_, Some(tag)) => self.first_tag(tag),
            (Line::Broken, None) => self.broken_tag(),
            (Line::None | Line::Tag(_), None) => {}
        }
    }

    fn first_tag(&mut self, tag: &Tag) {
        let start = tag.range.start();
        let is_told = self.found.iter().any(|sum| {
            let is_same = sum.kind == SumKind::Libisofs && sum.range.start() == start;
            is_same && sum.state != SumState::NotChecked(Unchecked::SectorsMissing)
        });
        if self.session.is_some() || self.begun >= MOST_SUMS || (is_told && tag.kind != TagKind::Superblock) {
            return;
        }
        let Some(kept) = self.window.from(start).map(<[u8]>::to_vec) else {
            // Others are of a session that was there before this one was written over it.
            if self.gap.is_some_and(|gap| gap > start) {
                self.record(session::sum(tag.range, SumState::NotChecked(Unchecked::SectorsMissing)));
            }
            return;
        };
        self.begun = self.begun.saturating_add(1);
        let mut readings = vec![kept];
        if self.implanted.is_some() && start == Lba(0) {
            readings.extend(readings.first().map(|kept| without_implant(kept)));
        }
        match (session::begin(tag, &readings), tag.kind) {
            (Err(answer), _) => self.record(answer),
            (Ok(_), TagKind::Relocated | TagKind::Session) => self.record(session::sum(tag.range, SumState::Holds)),
            (Ok(session), TagKind::Superblock | TagKind::Tree) => {
                self.session = Some(session);
                self.window.close();
            }
        }
    }

    /// A line that was a tag, just behind descriptors.
    fn broken_tag(&mut self) {
        if self.session.is_none()
            && let Some(start) = self.window.session()
        {
            let range = SectorRange::new(start, self.next);
            self.record(session::sum(range, SumState::TagLost { at: self.next }));
        }
    }

    fn stop(&mut self, why: Unchecked) {
        if let Some(session) = self.session.take() {
            self.record(session.stop(self.next, why));
        }
        if let Some(implanted) = self.implanted.take() {
            self.record(implanted.stop(why));
        }
    }

    /// Of what cannot be checked, the longest range that is known of is kept.
    fn record(&mut self, sum: EmbeddedSum) {
        let has_room = self.found.len() < MOST_SUMS;
        let same = self.found.iter_mut().find(|found| {
            let is_same = found.kind == sum.kind && found.range.start() == sum.range.start();
            is_same && matches!((found.state, sum.state), (SumState::NotChecked(a), SumState::NotChecked(b)) if a == b)
        });
        match same {
            Some(found) if found.range.count() < sum.range.count() => *found = sum,
            Some(_) => {}
            None if has_room => self.found.push(sum),
            None => {}
        }
    }
}

/// Of the first session.
const SYSTEM_AREA_END: Lba = Lba(SYSTEM_AREA.0);

/// ECMA-119 8.4: type 1.
fn is_primary(sector: &[u8]) -> bool {
    sector.starts_with(b"\x01CD001")
}

/// An image as it was before implantisomd5 came.
fn without_implant(image: &[u8]) -> Vec<u8> {
    let mut image = image.to_vec();
    let (sectors, _) = image.as_chunks_mut::<SECTOR_BYTES>();
    if let Some(descriptor) = sectors.get_mut(SYSTEM_AREA.0 as usize) {
        let blanked = isomd5::blanked(descriptor);
        descriptor.iter_mut().zip(blanked).for_each(|(to, from)| *to = from);
    }
    image
}
