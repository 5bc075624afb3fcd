//! This module knows the 2352 bytes that a Mode 1 sector of a CD has on the disc (ECMA-130 2nd edition, clause 14,
//! annexes A and B): every one of them follows from the sector's address and its 2048 bytes of user data.

mod edc;
mod parity;

use super::{Algorithm, Digest, Digester};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// Bytes of a whole sector of a CD.
pub const RAW_SECTOR_BYTES: usize = 2352;

const SYNC: [u8; 12] = [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0];
const MODE_1: u8 = 1;
/// From the beginning of minute 0 to LBA 0.
const PREGAP_FRAMES: u32 = 150;
const FRAMES_PER_SECOND: u32 = 75;

/// What the raw form of that many sectors has in bytes.
pub fn raw_bytes(sectors: SectorCount) -> u64 {
    u64::from(sectors.0) * RAW_SECTOR_BYTES as u64
}

/// The Mode 1 sector with `user_data` in it. Its address has two digits for the minute; where no CD reaches
/// (beyond 99:59:74, LBA 449,849) the hundreds are left out.
pub fn raw_sector(lba: Lba, user_data: &[u8; SECTOR_BYTES]) -> [u8; RAW_SECTOR_BYTES] {
    let mut sector = [0; RAW_SECTOR_BYTES];
    fill(&mut sector, lba, user_data);
    sector
}

fn fill(sector: &mut [u8; RAW_SECTOR_BYTES], lba: Lba, user_data: &[u8; SECTOR_BYTES]) {
    let mut rest = sector.as_mut_slice();
    put(&mut rest, &SYNC);
    put(&mut rest, &header(lba));
    put(&mut rest, user_data);
    let checked = edc::edc(edc::edc(edc::edc(0, &SYNC), &header(lba)), user_data);
    put(&mut rest, &checked.to_le_bytes());
    put(&mut rest, &[0; 8]);
    parity::fill(sector);
}

/// Writes at the beginning of `rest`, which becomes what lies behind.
fn put(rest: &mut &mut [u8], bytes: &[u8]) {
    if let Some((place, behind)) = std::mem::take(rest).split_at_mut_checked(bytes.len()) {
        place.copy_from_slice(bytes);
        *rest = behind;
    }
}

fn header(lba: Lba) -> [u8; 4] {
    let frames = lba.0.saturating_add(PREGAP_FRAMES);
    let seconds = frames / FRAMES_PER_SECOND;
    [bcd(seconds / 60), bcd(seconds % 60), bcd(frames % FRAMES_PER_SECOND), MODE_1]
}

fn bcd(number: u32) -> u8 {
    u8::try_from(number / 10 % 10 * 16 + number % 10).unwrap_or(0)
}

/// Sectors made before the digests see them: enough to make the calls cheap, few enough to stay in a core's cache.
const BATCH: usize = 16;

/// Computes digests of the raw form of a Mode 1 track, out of its user data.
#[derive(Debug)]
pub struct RawCd {
    next: Lba,
    /// The beginning of a sector whose end has not come yet.
    begun: Vec<u8>,
    raw: Vec<u8>,
    digesters: Vec<Digester>,
}

impl RawCd {
    /// `start` is the address of the first sector that will come.
    pub fn new(start: Lba, algorithms: &[Algorithm]) -> Self {
        let digesters = algorithms.iter().copied().map(Digester::new).collect();
        Self {
            next: start,
            begun: Vec::with_capacity(SECTOR_BYTES),
            raw: Vec::with_capacity(BATCH * RAW_SECTOR_BYTES),
            digesters,
        }
    }

    /// More user data, in order, in pieces of any length.
    pub fn update(&mut self, user_data: &[u8]) {
        let mut rest = user_data;
        if !self.begun.is_empty() {
            let (end, behind) = rest.split_at(rest.len().min(SECTOR_BYTES.saturating_sub(self.begun.len())));
            self.begun.extend_from_slice(end);
            rest = behind;
            let begun = std::mem::take(&mut self.begun);
            match begun.as_slice().try_into() {
                Ok(sector) => self.sector(sector),
                Err(_) => self.begun = begun,
            }
        }
        let (sectors, begun) = rest.as_chunks();
        sectors.iter().for_each(|sector| self.sector(sector));
        self.begun.extend_from_slice(begun);
    }

    fn sector(&mut self, user_data: &[u8; SECTOR_BYTES]) {
        let at = self.raw.len();
        self.raw.resize(at.saturating_add(RAW_SECTOR_BYTES), 0);
        if let Some(sector) = self.raw.last_chunk_mut() {
            fill(sector, self.next, user_data);
        }
        self.next = self.next.saturating_add(SectorCount(1));
        if self.raw.len() >= BATCH * RAW_SECTOR_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.digesters.iter_mut().for_each(|digester| digester.update(&self.raw));
        self.raw.clear();
    }

    /// In the order of the algorithms asked for; `None` where the last sector is not whole, so that it has no raw form.
    pub fn finish(mut self) -> Option<Vec<Digest>> {
        self.flush();
        self.begun.is_empty().then(|| self.digesters.into_iter().map(Digester::finish).collect())
    }
}

#[cfg(test)]
mod tests;
