//! This module knows where the sessions of an image begin.
//!
//! A drive says so. An image file does not, and is searched: behind the end of each session, where the next one was
//! joined to it, and on media that can be overwritten, where its descriptors stood before newer ones took their place
//! at sector 16.

use super::descriptor::{Recognized, VolumeDescriptor};
use super::recognition::{first_of, sector_at};
use super::record::{Format, Record};
use crate::filesystem::image::Session;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// Where libburn begins the first session, so that its descriptors outlive those at sector 16.
const KEPT_FIRST: Lba = Lba(32);
/// Sessions of an image file begin at multiples of this, but for those of a CD.
const STEP: u32 = 16;
/// On a CD so many sectors separate the first session from the second, and later ones: lead-out, lead-in and pregap.
const BETWEEN_ON_CD: [u32; 2] = [11_400, 6_900];
/// What programs pad the track behind a volume with, and run-out.
const MOST_PADDING: u32 = 600;
const FARTHEST: u32 = 12_000;
/// A CD has 99 tracks.
const MOST_SESSIONS: usize = 99;

/// The sessions that `starts` and the image itself tell of.
pub(in crate::filesystem) fn sessions(scan: &mut Scan<'_>, starts: &[Lba]) -> Vec<Session> {
    let mut found = if starts.is_empty() { search(scan) } else { with_volumes(scan, starts) };
    found.sort();
    found.dedup();
    if found.is_empty() && has_volume(scan, Lba(0)) {
        found.push(Lba(0));
    }
    found.into_iter().zip(1..).map(|(start, number)| Session { number, start }).collect()
}

/// Whether anything stands where the descriptors of a session that begins at `start` would.
fn has_volume(scan: &mut Scan<'_>, start: Lba) -> bool {
    let first = first_of(start);
    // The first of them may be damaged.
    let is_recognized = (0..3_u32).any(|sector| sector_at(scan, first + SectorCount(sector).bytes()).is_some());
    // UDF without its recognition area still has an anchor.
    is_recognized || {
        let anchor = start.saturating_add(SectorCount(256)).byte_offset();
        scan.reader.array::<2>(anchor).is_ok_and(|tag| tag == [2, 0])
    }
}

/// Those that have volume descriptors; others are told, unless none has any.
fn with_volumes(scan: &mut Scan<'_>, starts: &[Lba]) -> Vec<Lba> {
    let (found, empty): (Vec<Lba>, Vec<Lba>) = starts.iter().copied().partition(|&start| has_volume(scan, start));
    for start in empty.into_iter().filter(|_| !found.is_empty()) {
        scan.find(Rule::V20, start.byte_offset(), "empty", || {
            format!("a session begins at sector {start}, and no volume descriptors stand in it")
        });
    }
    found
}

fn search(scan: &mut Scan<'_>) -> Vec<Lba> {
    let Some(first) = primary_at(scan, Lba(0)) else { return Vec::new() };
    let image_end = sectors_in(scan.reader.length());
    let mut found = vec![Lba(0)];
    let first_end = end_of(Lba(0), &first);
    if first.root_extent.value() >= KEPT_FIRST.0
        && let Some(kept) = primary_at(scan, KEPT_FIRST).filter(|kept| is_at_home(scan, KEPT_FIRST, kept))
    {
        found.push(KEPT_FIRST);
        follow(scan, &mut found, end_of(KEPT_FIRST, &kept), first_end);
        // What stands at sector 16 is then a copy of the newest.
        let newest = found.last().and_then(|&start| primary_at(scan, start));
        if newest.is_some_and(|newest| newest.root_extent == first.root_extent) {
            found.remove(0);
        }
    }
    follow(scan, &mut found, first_end, image_end);
    found
}

/// Adds the sessions that begin between `from` and `to`.
fn follow(scan: &mut Scan<'_>, found: &mut Vec<Lba>, from: Lba, to: Lba) {
    let mut from = from;
    while found.len() < MOST_SESSIONS {
        let Some((start, descriptor)) = next(scan, from, to) else { return };
        found.push(start);
        from = end_of(start, &descriptor);
    }
}

/// The first session that begins at `from` or behind it, where a session ended.
fn next(scan: &mut Scan<'_>, from: Lba, to: Lba) -> Option<(Lba, VolumeDescriptor)> {
    let last = to.0.min(from.0.saturating_add(FARTHEST));
    let may_begin = |start: &u32| {
        let distance = start.saturating_sub(from.0);
        let is_of_cd = |between: u32| (between..=between.saturating_add(MOST_PADDING)).contains(&distance);
        distance == 0 || start.is_multiple_of(STEP) || BETWEEN_ON_CD.into_iter().any(is_of_cd)
    };
    for start in (from.0..last).filter(may_begin).map(Lba) {
        if scan.is_stopped() || scan.reader.is_over() {
            return None;
        }
        let descriptor = primary_at(scan, start);
        if let Some(descriptor) = descriptor.filter(|descriptor| is_at_home(scan, start, descriptor)) {
            return Some((start, descriptor));
        }
    }
    None
}

fn primary_at(scan: &mut Scan<'_>, start: Lba) -> Option<VolumeDescriptor> {
    match sector_at(scan, first_of(start))?.content {
        Recognized::Primary(descriptor) => Some(descriptor),
        Recognized::Boot(_)
        | Recognized::Supplementary(_)
        | Recognized::HighSierra(_)
        | Recognized::Other
        | Recognized::Terminator
        | Recognized::Extended(_) => None,
    }
}

/// Whether the root directory is where the descriptor says: that of an image within a file, or of one that was merely
/// hung onto another, is not.
fn is_at_home(scan: &mut Scan<'_>, start: Lba, descriptor: &VolumeDescriptor) -> bool {
    let extent = descriptor.root_extent.value();
    let at = u64::from(extent).saturating_mul(descriptor.block_bytes().into());
    if at < start.byte_offset() {
        return false;
    }
    match scan.reader.array::<34>(at) {
        Ok(bytes) => Record::parse(&bytes, Format::Iso9660)
            .is_ok_and(|record| record.is_own() && record.extent.value() == extent),
        Err(ReadError::Unreadable { .. }) => true,
        Err(ReadError::Beyond { .. } | ReadError::Over) => false,
    }
}

/// The first sector behind a session.
fn end_of(start: Lba, descriptor: &VolumeDescriptor) -> Lba {
    let sectors = sectors_in(descriptor.space_bytes().saturating_add(SECTOR_BYTES as u64 - 1));
    start.saturating_add(SectorCount(sectors.0.max(1)))
}

fn sectors_in(bytes: u64) -> Lba {
    Lba(SectorCount::whole_in(bytes).map_or(u32::MAX, |count| count.0))
}
