//! This module knows what lies around user data on a CD: the 2352 bytes between one sector and the next, ECMA-130.

use crate::bytes::Composer;
use crate::sector::{Lba, SECTOR_BYTES};

/// All bytes of a CD sector.
pub const FRAME_BYTES: usize = 2352;
const SYNC: [u8; 12] = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0];
/// What the parities are computed of: everything between the sync and themselves.
const PROTECTED_BYTES: usize = 2064;
/// Mode 2, form 1, data, as sub-header; it stands there twice.
const FORM_1_DATA: [u8; 4] = [0, 0, 0x08, 0];

/// A mode 1 sector, ECMA-130 14.
pub fn mode_1(lba: Lba, user_data: &[u8; SECTOR_BYTES]) -> Vec<u8> {
    let mut out = Composer::new();
    out.bytes(&SYNC).bytes(&address(lba)).u8(1).bytes(user_data);
    let edc = edc(&out.clone().finish());
    out.le_u32(edc).zeros(8);
    with_parities(out.finish())
}

/// A mode 2 sector of form 1, which has its sub-header before the user data.
pub fn mode_2_form_1(lba: Lba, user_data: &[u8; SECTOR_BYTES]) -> Vec<u8> {
    let mut protected = Composer::new();
    protected.bytes(&FORM_1_DATA).bytes(&FORM_1_DATA).bytes(user_data);
    let protected = protected.finish();
    let mut out = Composer::new();
    // The parities of form 1 do not cover the address, so that sectors can be copied elsewhere.
    out.bytes(&SYNC).zeros(4).bytes(&protected).le_u32(edc(&protected));
    let mut sector = with_parities(out.finish());
    for (to, from) in sector.iter_mut().skip(SYNC.len()).zip(address(lba).into_iter().chain([2])) {
        *to = from;
    }
    sector
}

/// Minute, second and frame, in BCD.
fn address(lba: Lba) -> [u8; 3] {
    let frames = lba.0.saturating_add(150);
    let bcd = |number: u32| u8::try_from((number / 10 % 10) * 16 + number % 10).unwrap_or(0);
    [bcd(frames / 75 / 60), bcd(frames / 75 % 60), bcd(frames % 75)]
}

/// The error detection code: a CRC over (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1), low bit first.
fn edc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| (crc >> 1) ^ (0xD801_8001 * (crc & 1));
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

/// Appends 172 bytes of P and 104 of Q parity, ECMA-130 annex A.
fn with_parities(mut sector: Vec<u8>) -> Vec<u8> {
    // Rows of 43 words of two bytes each, 24 of them: P runs down the columns, Q along the diagonals.
    let p = parities(&sector, 86, 24, |column, row| row * 86 + column, PROTECTED_BYTES);
    sector.extend(p);
    let diagonal = |line: usize, step: usize| (line / 2) * 86 + step * 88 + line % 2;
    let q = parities(&sector, 52, 43, diagonal, PROTECTED_BYTES + 172);
    sector.extend(q);
    sector
}

/// Two parity bytes for each of `lines` code words of `length` bytes; first all the higher ones, then all the lower.
fn parities(sector: &[u8], lines: usize, length: usize, place: impl Fn(usize, usize) -> usize, span: usize) -> Vec<u8> {
    let at = |index: usize| sector.get(SYNC.len() + index % span).copied().unwrap_or(0);
    let words: Vec<(u8, u8)> = (0..lines)
        .map(|line| {
            let (mut weighted, mut sum) = (0, 0);
            for step in 0..length {
                let byte = at(place(line, step));
                weighted = doubled(weighted ^ byte);
                sum ^= byte;
            }
            // With both parities p and q: sum + p + q = 0, and the sum weighted by powers of 2 is 0 too.
            let p = divided_by_3(doubled(weighted) ^ sum);
            (p, p ^ sum)
        })
        .collect();
    words.iter().map(|(high, _)| *high).chain(words.iter().map(|(_, low)| *low)).collect()
}

/// Times 2 in the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1.
fn doubled(byte: u8) -> u8 {
    (byte << 1) ^ if byte & 0x80 == 0 { 0 } else { 0x1D }
}

/// Divided by 3 in the same field: times F4h.
fn divided_by_3(byte: u8) -> u8 {
    (0..8).rev().fold(0, |product, bit| doubled(product) ^ if 0xF4 >> bit & 1 == 1 { byte } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_times_three_is_the_whole() {
        for byte in 0..=255 {
            let third = divided_by_3(byte);
            assert_eq!(doubled(third) ^ third, byte);
        }
    }

    #[test]
    fn an_empty_first_sector_has_the_known_codes() {
        let sector = mode_1(Lba(0), &[0; SECTOR_BYTES]);
        assert_eq!(sector.len(), FRAME_BYTES);
        assert_eq!(sector[12..16], [0x00, 0x02, 0x00, 0x01]);
        assert_eq!(crc_of_all(&sector), 0, "the EDC makes the whole divisible");
        let (first, second) = (&sector[2076..2248], &sector[2248..]);
        assert!(first.iter().any(|byte| *byte != 0) && second.iter().any(|byte| *byte != 0));
    }

    fn crc_of_all(sector: &[u8]) -> u32 {
        edc(&sector[..2068])
    }

    /// Both syndromes of every code word are 0, which is what the standard demands.
    fn assert_code_words(sector: &[u8]) {
        let words = |lines: usize, length: usize, place: &dyn Fn(usize, usize) -> usize, span: usize, at: usize| {
            for line in 0..lines {
                let mut bytes: Vec<u8> = (0..length).map(|step| sector[12 + place(line, step) % span]).collect();
                bytes.extend([sector[at + line], sector[at + lines + line]]);
                let sum = bytes.iter().fold(0, |sum, byte| sum ^ byte);
                let weighted = bytes.iter().fold(0, |sum, byte| doubled(sum) ^ byte);
                assert_eq!((sum, weighted), (0, 0), "line {line}");
            }
        };
        words(86, 24, &|column, row| row * 86 + column, 2064, 2076);
        words(52, 43, &|line, step| line / 2 * 86 + step * 88 + line % 2, 2236, 2248);
    }

    #[test]
    fn every_code_word_is_one() {
        let data: [u8; SECTOR_BYTES] = std::array::from_fn(|index| u8::try_from(index * 7 % 251).unwrap());
        assert_code_words(&mode_1(Lba(123_456), &data));
        let mut form_1 = mode_2_form_1(Lba(123_456), &data);
        assert_eq!(form_1[15], 2);
        assert_eq!(form_1[24..2072], data);
        form_1[12..16].fill(0);
        assert_code_words(&form_1);
        assert_eq!(edc(&form_1[16..2076]), 0);
    }
}
