//! This module knows the text that implantisomd5 leaves in the primary descriptor, in the bytes that are for applications.

use std::ops::Range;

use crate::checksum::{Algorithm, Digest};
use crate::sector::{SECTOR_BYTES, SectorCount};

/// Where the text stands in the descriptor; blanks stand there for whoever computes the sum.
pub(super) const APPLICATION_USE: Range<usize> = 883..1395;
/// Volume space size, the copy with the most significant byte first: the one that counts here.
const SPACE_SIZE: Range<usize> = 84..88;
/// What is left out at the end where nothing is said: a drive may not read the last sectors of a disc that was written at once.
const USUAL_SKIP: u32 = 15;
/// Characters of all parts' sums, and parts, as they have ever been.
const MOST_FRAGMENT_CHARACTERS: usize = 60;
const USUAL_FRAGMENTS: usize = 20;

/// What was implanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Implant {
    pub md5: Digest,
    /// From the start of the image.
    pub sectors: SectorCount,
    /// First characters of the sums of one part after another, each from the start of the image to the end of its part.
    pub fragments: Vec<String>,
    /// Into so many parts the image was divided for them.
    pub parts: u32,
}

impl Implant {
    /// What the primary descriptor says.
    pub fn read(descriptor: &[u8]) -> Option<Implant> {
        let text = descriptor.get(APPLICATION_USE)?;
        if !text.starts_with(b"ISO MD5SUM") {
            return None;
        }
        let text: String = text.iter().map(|&byte| char::from(byte)).collect();
        let field = |name: &str| {
            let mut fields = text.split(';');
            fields.find_map(|field| Some(field.trim().strip_prefix(name)?.trim_start().strip_prefix('=')?.trim()))
        };
        let md5 = Digest::from_hex(Algorithm::Md5, field("ISO MD5SUM")?).ok()?;
        let skip = field("SKIPSECTORS").map_or(Some(USUAL_SKIP), |skip| skip.parse().ok())?;
        let size = u32::from_be_bytes(*descriptor.get(SPACE_SIZE)?.first_chunk()?);
        let sectors = SectorCount(size.checked_sub(skip).filter(|sectors| *sectors > 0)?);
        let count = field("FRAGMENT COUNT").map_or(Some(USUAL_FRAGMENTS), |count| count.parse().ok());
        let (fragments, parts) = fragments(field("FRAGMENT SUMS"), count);
        Some(Implant { md5, sectors, fragments, parts })
    }
}

/// The sums of the parts, and how many parts there are; sums that make no sense are none.
fn fragments(sums: Option<&str>, count: Option<usize>) -> (Vec<String>, u32) {
    let none = (Vec::new(), 1);
    let (Some(sums), Some(count @ 1..=MOST_FRAGMENT_CHARACTERS)) = (sums, count) else { return none };
    let is_sound = sums.len() <= MOST_FRAGMENT_CHARACTERS && sums.bytes().all(|byte| byte.is_ascii_hexdigit());
    let each = MOST_FRAGMENT_CHARACTERS / count;
    if !is_sound {
        return none;
    }
    let all = sums.as_bytes().chunks_exact(each).map(|sum| String::from_utf8_lossy(sum).to_ascii_lowercase());
    (all.collect(), u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1))
}

/// So many characters of the sum of a part: of each byte the first digit, and no zero stands before another.
pub(super) fn abridged(digest: &Digest, characters: usize) -> String {
    let digit = |byte: u8| char::from_digit(u32::from(if byte < 0x10 { byte } else { byte >> 4 }), 16).unwrap_or('0');
    digest.bytes().iter().take(characters).map(|&byte| digit(byte)).collect()
}

/// The descriptor as it is summed up.
pub(super) fn blanked(descriptor: &[u8]) -> Vec<u8> {
    let mut descriptor = descriptor.to_vec();
    if let Some(text) = descriptor.get_mut(APPLICATION_USE) {
        text.fill(b' ');
    }
    descriptor.truncate(SECTOR_BYTES);
    descriptor
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As implantisomd5 1.2.4 wrote it.
    const TEXT: &str = "ISO MD5SUM = f36bbeec127242eccf2cd996e648d25d;SKIPSECTORS = 15;RHLISOSTATUS=0;\
                        FRAGMENT SUMS = a2d4feb929eecb6a8bfa2ecd8323966db4e1f53d5cca774184682cb9d2ab;FRAGMENT COUNT = 20;\
                        THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!";

    fn descriptor(text: &str, sectors: u32) -> Vec<u8> {
        let mut bytes = vec![0; SECTOR_BYTES];
        bytes[SPACE_SIZE].copy_from_slice(&sectors.to_be_bytes());
        bytes[APPLICATION_USE].fill(b' ');
        bytes[883..883 + text.len()].copy_from_slice(text.as_bytes());
        bytes
    }

    #[test]
    fn the_text_of_implantisomd5_is_read() {
        let found = Implant::read(&descriptor(TEXT, 1652)).unwrap();
        assert_eq!(found.md5.to_string(), "f36bbeec127242eccf2cd996e648d25d");
        assert_eq!((found.sectors, found.parts, found.fragments.len()), (SectorCount(1637), 21, 20));
        assert_eq!((found.fragments[0].as_str(), found.fragments[19].as_str()), ("a2d", "2ab"));
    }

    #[test]
    fn what_makes_no_sense_is_no_sum() {
        for (text, sectors) in [
            (TEXT.replace("f36", "x36"), 1652),
            (TEXT.replace("ISO MD5SUM = f36", "ISO MD5SUM = "), 1652),
            (TEXT.replace("SKIPSECTORS = 15", "SKIPSECTORS = -1"), 1652),
            (TEXT.replace("SKIPSECTORS = 15", "SKIPSECTORS = 99999999999"), 1652),
            (TEXT.to_owned(), 15),
            (String::new(), 1652),
        ] {
            assert_eq!(Implant::read(&descriptor(&text, sectors)), None, "{text}");
        }
        for text in [
            TEXT.replace("COUNT = 20", "COUNT = 0"),
            TEXT.replace("a2d4f", "a2d4?"),
            TEXT.replace("COUNT = 20", "COUNT = 61"),
        ] {
            let found = Implant::read(&descriptor(&text, 1652)).unwrap();
            assert_eq!((found.fragments.len(), found.parts), (0, 1), "{text}");
        }
    }

    #[test]
    fn of_a_byte_below_16_the_only_digit_is_taken() {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&[0x0A, 0xB7, 0x00, 0x1C]);
        assert_eq!(abridged(&Digest::Md5(bytes), 4), "ab01");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "ISO MD5SUM = [0-9a-f;=A-Z \n]{0,400}", sectors in any::<u32>()) {
            let _ = Implant::read(&descriptor(&text, sectors));
        }
    }
}
