//! This module knows how a few bytes are a whole disc for a first look.

use std::collections::BTreeMap;

use super::Bytes;
use crate::filesystem::{FirstLook, first_look as look};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// A first look reads no more than two hundred.
const READS_OF_A_LOOK: usize = 1000;

enum Piece<'a> {
    Sealed(Vec<u8>),
    Plain(&'a [u8]),
    Unreadable,
    /// The whole source fails here.
    Failing,
}

/// Zeros but for some sectors.
pub(super) struct Sparse<'a> {
    sectors: SectorCount,
    pieces: BTreeMap<u32, Piece<'a>>,
    reads: usize,
    /// Reading more sectors is a loop without end.
    most_reads: usize,
}

impl<'a> Sparse<'a> {
    /// Four bytes: how many sectors there are. Then pieces: one byte says what it is, four say in which sector, two how
    /// many bytes follow.
    pub(super) fn read(bytes: &'a [u8], most_reads: usize) -> Self {
        let mut bytes = Bytes(bytes);
        let sectors = SectorCount(bytes.u32());
        let mut pieces = BTreeMap::new();
        while !bytes.0.is_empty() {
            let (kind, lba, length) = (bytes.u8(), bytes.u32(), bytes.u16());
            let content = bytes.take(usize::from(length));
            let piece = match kind {
                1 => Piece::Unreadable,
                2 => Piece::Failing,
                3 => Piece::Sealed(with_sound_tag(content)),
                4 => Piece::Sealed(with_sound_tables(content, lba)),
                _ => Piece::Plain(content),
            };
            pieces.insert(lba, piece);
        }
        Self { sectors, pieces, reads: 0, most_reads }
    }
}

/// The checksum and CRC of a UDF tag are set right, since no fuzzer guesses them.
fn with_sound_tag(content: &[u8]) -> Vec<u8> {
    let mut block = content.to_vec();
    block.resize(SECTOR_BYTES.max(block.len()), 0);
    let Some((head, body)) = block.split_first_chunk_mut::<16>() else { return block };
    let [.., l0, l1, _, _, _, _] = *head;
    let covered = body.get(..usize::from(u16::from_le_bytes([l0, l1]))).unwrap_or_default();
    let [_, _, _, _, checksum, _, _, _, c0, c1, ..] = head;
    [*c0, *c1] = crate::filesystem::udf::tag::crc(covered).to_le_bytes();
    *checksum = 0;
    let sum = head.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let [_, _, _, _, checksum, ..] = head;
    *checksum = sum;
    block
}

/// The CRCs of headers of GUID partition tables in sector `lba` are set right: of the entries as well, where they are in
/// the same sector.
fn with_sound_tables(content: &[u8], lba: u32) -> Vec<u8> {
    const BLOCK: usize = 512;
    let mut sector = content.to_vec();
    sector.resize(SECTOR_BYTES, 0);
    let whole = sector.clone();
    for header in sector.chunks_mut(BLOCK).filter(|block| block.starts_with(b"EFI PART")) {
        let number =
            |at: usize, header: &[u8]| header.get(at..)?.first_chunk().copied().map(u32::from_le_bytes).map(u64::from);
        let entries = || {
            let first = number(72, header)?.checked_sub(u64::from(lba).checked_mul(4)?)?;
            let start = usize::try_from(first).ok()?.checked_mul(BLOCK)?;
            let length = usize::try_from(number(80, header)?.checked_mul(number(84, header)?)?).ok()?;
            whole.get(start..start.checked_add(length)?)
        };
        if let Some(sum) = entries().map(crc32fast::hash) {
            set(header, 88, sum);
        }
        set(header, 16, 0);
        let length = number(12, header).and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        if let Some(sum) = header.get(..length).map(crc32fast::hash) {
            set(header, 16, sum);
        }
    }
    sector
}

fn set(bytes: &mut [u8], at: usize, value: u32) {
    let place = bytes.get_mut(at..).unwrap_or_default();
    place.iter_mut().zip(value.to_le_bytes()).for_each(|(to, from)| *to = from);
}

impl SectorSource for Sparse<'_> {
    fn sector_count(&self) -> SectorCount {
        self.sectors
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        for (lba, sector) in (start.0..=u32::MAX).map(Lba).zip(buffer.chunks_mut(SECTOR_BYTES)) {
            self.reads = self.reads.saturating_add(1);
            assert!(self.reads <= self.most_reads, "reading without end");
            if lba.0 >= self.sectors.0 {
                return Err(SourceError::Beyond { at: lba });
            }
            sector.fill(0);
            let content: &[u8] = match self.pieces.get(&lba.0) {
                Some(Piece::Unreadable) => return Err(SourceError::Unreadable { at: lba }),
                Some(Piece::Failing) => return Err(SourceError::Failed { at: lba, source: "failing".into() }),
                Some(Piece::Plain(content)) => content,
                Some(Piece::Sealed(content)) => content,
                None => &[],
            };
            sector.iter_mut().zip(content).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }
}

/// What a first look finds on the disc that these bytes are.
pub fn looked_at(bytes: &[u8]) -> FirstLook {
    look(&mut Sparse::read(bytes, READS_OF_A_LOOK))
}

/// Any disc can be looked at, twice with the same result, and what it says of itself can be told.
pub fn first_look(bytes: &[u8]) {
    let found = looked_at(bytes);
    for problem in &found.problems {
        let _ = problem.kind.to_string();
    }
    let again = looked_at(bytes);
    assert_eq!((found.fingerprint(), &found.label, found.needed), (again.fingerprint(), &again.label, again.needed));
    // The same bytes as an image file, whose end may lie in mid-sector.
    let _ = look(&mut { bytes });
}
