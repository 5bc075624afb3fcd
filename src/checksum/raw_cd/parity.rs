//! This module knows the P and Q parity of a CD sector (ECMA-130, 14.5, 14.6 and annex A): two Reed-Solomon codes over
//! GF(2⁸) with 1Dh, laid crosswise over 26 rows of 43 words. The two bytes of a word are coded apart but alike, so
//! many codewords are computed side by side, in steps that the compiler turns into vector instructions.

use super::{RAW_SECTOR_BYTES, SYNC};

const WORD: usize = 2;
/// Words in a row, and codewords of P in each of the two planes.
const COLUMNS: usize = 43;
const ROW: usize = COLUMNS * WORD;
const DATA_ROWS: usize = 24;
/// Rows with those of P, and codewords of Q in each of the two planes.
const ROWS: usize = 26;
const DIAGONALS: usize = ROWS * WORD;

/// Computes P and Q of a sector whose header, user data, EDC and zeros are there already.
pub(super) fn fill(sector: &mut [u8; RAW_SECTOR_BYTES]) {
    let Some((rows, q)) =
        sector.split_at_mut_checked(SYNC.len()).and_then(|(_, coded)| coded.split_at_mut_checked(ROWS * ROW))
    else {
        return;
    };
    if let Some((data, p)) = rows.split_at_mut_checked(DATA_ROWS * ROW) {
        let mut sums = Sums::<ROW>::ZERO;
        data.as_chunks().0.iter().for_each(|row| sums.add(row));
        sums.write_parities(p);
    }
    let words = rows.as_chunks::<WORD>().0;
    let mut sums = Sums::<DIAGONALS>::ZERO;
    for column in 0..COLUMNS {
        sums.add(&down(words, column));
    }
    sums.write_parities(q);
}

/// The words of a column, from the row on where diagonal 0 crosses it.
fn down(words: &[[u8; WORD]], column: usize) -> [u8; DIAGONALS] {
    let crossing = column % ROWS * COLUMNS;
    let below = words.iter().skip(crossing + column).step_by(COLUMNS);
    let above = words.iter().take(crossing).skip(column).step_by(COLUMNS);
    let mut symbols = [0; DIAGONALS];
    let mut places = symbols.as_chunks_mut::<WORD>().0.iter_mut();
    places.by_ref().zip(below.chain(above)).for_each(|(place, word)| *place = *word);
    symbols
}

/// Two sums over codewords that lie side by side: of their symbols; and of their symbols times α to the power of the
/// place, which is counted back from the last data symbol.
struct Sums<const N: usize> {
    plain: [u8; N],
    weighted: [u8; N],
}

impl<const N: usize> Sums<N> {
    const ZERO: Self = Self { plain: [0; N], weighted: [0; N] };

    fn add(&mut self, symbols: &[u8; N]) {
        for ((plain, weighted), symbol) in self.plain.iter_mut().zip(&mut self.weighted).zip(symbols) {
            *plain ^= symbol;
            *weighted = times_alpha(*weighted) ^ symbol;
        }
    }

    /// The two symbols that make both sums of a codeword zero: all the first ones, then all the second ones.
    fn write_parities(&self, place: &mut [u8]) {
        let Some((first, second)) = place.split_at_mut_checked(N) else { return };
        let sums = self.plain.iter().zip(&self.weighted);
        for ((first, second), (plain, weighted)) in first.iter_mut().zip(second).zip(sums) {
            // first·α + second = weighted·α² and first + second = plain
            *first = divided_by_alpha_plus_1(times_alpha(times_alpha(*weighted)) ^ plain);
            *second = *first ^ plain;
        }
    }
}

fn times_alpha(x: u8) -> u8 {
    x << 1 ^ x.cast_signed().wrapping_shr(7).cast_unsigned() & 0x1D
}

/// By multiplication with F4h, that is α⁷ + α⁶ + α⁵ + α⁴ + α².
fn divided_by_alpha_plus_1(x: u8) -> u8 {
    let x2 = times_alpha(times_alpha(x));
    let x4 = times_alpha(times_alpha(x2));
    let x5 = times_alpha(x4);
    let x6 = times_alpha(x5);
    x2 ^ x4 ^ x5 ^ x6 ^ times_alpha(x6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_undoes_multiplication() {
        for x in 0..=u8::MAX {
            assert_eq!(divided_by_alpha_plus_1(times_alpha(x) ^ x), x);
        }
    }
}
