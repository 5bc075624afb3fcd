//! This module knows the error detection code of a CD sector (ECMA-130, 14.3): a CRC of 32 bits with the polynomial
//! (x¹⁶+x¹⁵+x²+1)(x¹⁶+x²+x+1), lowest bit first, begun with zero and not inverted.

const POLYNOMIAL: u32 = 0xD801_8001;

/// `TABLES[n][byte]` is what `byte` becomes with `n` zero bytes behind it.
static TABLES: [[u32; 256]; 8] = tables();

#[expect(clippy::indexing_slicing, reason = "constant, so that a wrong index does not compile")]
#[expect(clippy::cast_possible_truncation, reason = "the numbers of bytes are below 256")]
const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { POLYNOMIAL } else { 0 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut zeros = 1;
    while zeros < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before: u32 = tables[zeros - 1][byte];
            tables[zeros][byte] = before >> 8 ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        zeros += 1;
    }
    tables
}

#[expect(
    clippy::indexing_slicing,
    reason = "a byte is always below 256, and the check would cost a third of the speed"
)]
fn of(table: &[u32; 256], byte: u8) -> u32 {
    table[usize::from(byte)]
}

/// Goes on from the code of what came before, which is 0 at the beginning.
pub(super) fn edc(before: u32, bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let [t0, t1, t2, t3, t4, t5, t6, t7] = &TABLES;
    let crc = eights.iter().fold(before, |crc, &[b0, b1, b2, b3, b4, b5, b6, b7]| {
        let [c0, c1, c2, c3] = crc.to_le_bytes();
        of(t7, b0 ^ c0)
            ^ of(t6, b1 ^ c1)
            ^ of(t5, b2 ^ c2)
            ^ of(t4, b3 ^ c3)
            ^ of(t3, b4)
            ^ of(t2, b5)
            ^ of(t1, b6)
            ^ of(t0, b7)
    });
    rest.iter().fold(crc, |crc, &byte| {
        let [low, ..] = crc.to_le_bytes();
        crc >> 8 ^ of(t0, byte ^ low)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bit_by_bit(bytes: &[u8]) -> u32 {
        bytes
            .iter()
            .fold(0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ ((crc & 1) * POLYNOMIAL)))
    }

    proptest! {
        #[test]
        fn tables_say_what_the_polynomial_says(bytes in prop::collection::vec(any::<u8>(), 0..100), at in any::<prop::sample::Index>()) {
            let at = at.index(bytes.len() + 1);
            prop_assert_eq!(edc(edc(0, &bytes[..at]), &bytes[at..]), bit_by_bit(&bytes));
        }
    }
}
