//! This module knows plain lists of bad sectors, as people and programs write them down.

use crate::sector::{Lba, SectorRange};

/// The sectors in a list, each once and in order; `None` where it is no such list.
///
/// A line has a sector (`1200`), the first and the last of several (`1200-1203`), or the first and the one behind the last
/// (`1200..1204`), with blanks or commas between several of these; `#` begins a comment. Numbers are decimal, or
/// hexadecimal with `0x` in front.
pub fn bad_sectors(text: &[u8]) -> Option<Vec<SectorRange>> {
    let text = std::str::from_utf8(text).ok()?;
    let words = text.lines().flat_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
    });
    let ranges: Vec<_> = words.map(range).collect::<Option<_>>()?;
    Some(SectorRange::joined(ranges))
}

fn range(word: &str) -> Option<SectorRange> {
    let (start, end) = if let Some((start, end)) = word.split_once("..") {
        (number(start)?, number(end)?)
    } else if let Some((start, last)) = word.split_once('-') {
        (number(start)?, number(last)?.checked_add(1)?)
    } else {
        let start = number(word)?;
        (start, start.checked_add(1)?)
    };
    (start < end).then(|| SectorRange::new(Lba(start), Lba(end)))
}

fn number(word: &str) -> Option<u32> {
    match word.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_and_ranges_are_read() {
        let ranges =
            bad_sectors(b"# from badblocks -b 2048\n18462\n 18463\n\n0x10..0x12, 40-41 # a scratch\r\n").unwrap();
        let told: Vec<_> = ranges.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["16..18", "40..42", "18462..18464"]);
        assert_eq!(bad_sectors(b""), Some(vec![]));
    }

    #[test]
    fn anything_else_is_no_list() {
        for text in ["nonsense", "5-4", "5..5", "-1", "99999999999", "4294967295", "1 2 +"] {
            assert_eq!(bad_sectors(text.as_bytes()), None, "{text}");
        }
    }
}
