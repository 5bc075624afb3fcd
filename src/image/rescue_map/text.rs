//! This module knows how ddrescue writes a map: <https://www.gnu.org/software/ddrescue/manual/ddrescue_manual.html#Mapfile-structure>.

use std::fmt::Write as _;

use super::{BlockStatus, Phase, RescueMap};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

const SECTOR: u64 = SECTOR_BYTES as u64;
const TITLE: &str = "# Mapfile. Created by discwright";
const POSITION_COLUMNS: &str = "# current_pos  current_status  current_pass";
const BLOCK_COLUMNS: &str = "#      pos        size  status";
const NOTE: &str = "# discwright: ";

/// Why a text is not a map. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    #[error("line {line}: not {expected}")]
    Malformed { line: usize, expected: &'static str },
    #[error("line {line}: this block starts at byte {found}, but the one before it ends at byte {expected}")]
    Disjoint { line: usize, expected: u64, found: u64 },
    #[error("the line with position and status is missing")]
    NoPosition,
}

const POSITION_LINE: &str = "a line of position, status and pass, such as `0x00000000 ? 1`";
const BLOCK_LINE: &str = "a line of position, size and status, such as `0x00000000 0x00000800 +`";

impl BlockStatus {
    fn letter(self) -> char {
        match self {
            BlockStatus::Finished => '+',
            BlockStatus::NonTried => '?',
            BlockStatus::NonTrimmed => '*',
            BlockStatus::NonScraped => '/',
            BlockStatus::BadSector => '-',
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| word.strip_prefix(status.letter()) == Some(""))
    }
}

impl Phase {
    const ALL: [Phase; 7] = [
        Phase::Copying,
        Phase::Trimming,
        Phase::Scraping,
        Phase::Retrying,
        Phase::Filling,
        Phase::Generating,
        Phase::Finished,
    ];

    fn letter(self) -> char {
        match self {
            Phase::Copying => '?',
            Phase::Trimming => '*',
            Phase::Scraping => '/',
            Phase::Retrying => '-',
            Phase::Filling => 'F',
            Phase::Generating => 'G',
            Phase::Finished => '+',
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| word.strip_prefix(phase.letter()) == Some(""))
    }
}

impl RescueMap {
    /// Reads a map, ours or ddrescue's. Where its blocks do not end with a sector, a sector counts as read only if all
    /// of it was. What cannot be addressed (beyond 8 TiB) is cut off.
    pub fn parse(text: &[u8]) -> Result<Self, MapError> {
        let mut map = Self::new(SectorCount(0));
        let mut has_position = false;
        let mut end = 0;
        for (line, number) in text.split(|&byte| byte == b'\n').zip(1_usize..) {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if line.starts_with(b"#") {
                map.take_comment(line);
                continue;
            }
            let expected = if has_position { BLOCK_LINE } else { POSITION_LINE };
            let malformed = MapError::Malformed { line: number, expected };
            let words = str::from_utf8(line).map(|line| line.split_ascii_whitespace().collect::<Vec<_>>());
            let words = words.map_err(|_| malformed.clone())?;
            if has_position {
                let (start, bytes, status) = block(&words).ok_or(malformed.clone())?;
                if map.sectors.is_zero() && end == 0 {
                    map.append(0, start, BlockStatus::NonTried);
                } else if start != end {
                    return Err(MapError::Disjoint { line: number, expected: end, found: start });
                }
                end = start.checked_add(bytes).ok_or(malformed)?;
                map.append(start, end, status);
            } else {
                (map.position, map.phase, map.pass) = position(&words).ok_or(malformed)?;
                has_position = true;
            }
        }
        if !has_position {
            return Err(MapError::NoPosition);
        }
        if end % SECTOR != 0 {
            map.append(end, end.checked_next_multiple_of(SECTOR).unwrap_or(u64::MAX), BlockStatus::NonTried);
        }
        Ok(map)
    }

    /// Adds what stands between two bytes; `start` is where the map ended so far.
    fn append(&mut self, start: u64, end: u64, status: BlockStatus) {
        if start >= end {
            return;
        }
        let shared = sector_of(start).filter(|_| !start.is_multiple_of(SECTOR));
        let shared = shared.and_then(|lba| Some((lba, self.status_at(lba)?)));
        let range = SectorRange::new(
            sector_of(start).unwrap_or(Lba(u32::MAX)),
            sector_of(end.saturating_add(SECTOR - 1)).unwrap_or(Lba(u32::MAX)),
        );
        self.fit(SectorCount(range.end().0.max(self.sectors.0)));
        self.mark(range, status);
        if let Some((lba, before)) = shared {
            self.mark(SectorRange::with_count(lba, SectorCount(1)), before.max(status));
        }
    }

    fn take_comment(&mut self, line: &[u8]) {
        let ours = str::from_utf8(line).ok().and_then(|line| line.strip_prefix(NOTE)?.split_once('='));
        if let Some((key, value)) = ours {
            self.set_note(key.trim(), &unescaped(value.trim()));
            return;
        }
        let is_written_anyway = [TITLE, POSITION_COLUMNS, BLOCK_COLUMNS].iter().any(|known| words_match(known, line));
        if !is_written_anyway {
            self.comments.push(line.to_vec());
        }
    }

    /// The map as text, as ddrescue 1.27 writes it.
    pub fn emit(&self) -> Vec<u8> {
        let mut out = format!("{TITLE}\n").into_bytes();
        for comment in &self.comments {
            out.extend_from_slice(comment);
            out.push(b'\n');
        }
        let mut text = String::new();
        for (key, value) in &self.notes {
            text.extend([NOTE, key, " = ", &escaped(value), "\n"]);
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{POSITION_COLUMNS}\n0x{:08X}     {}               {}\n{BLOCK_COLUMNS}",
            self.position.byte_offset(),
            self.phase.letter(),
            self.pass
        );
        for block in self.blocks() {
            let (start, bytes) = (block.range.start().byte_offset(), block.range.count().bytes());
            let _ = writeln!(text, "0x{start:08X}  0x{bytes:08X}  {}", block.status.letter());
        }
        out.extend_from_slice(text.as_bytes());
        out
    }
}

fn position(words: &[&str]) -> Option<(Lba, Phase, u32)> {
    let (position, phase, pass) = match words {
        // ddrescue 1.21 knew no passes.
        [position, phase] => (position, phase, Some(1)),
        [position, phase, pass] => (position, phase, pass.parse().ok()),
        _ => return None,
    };
    Some((sector_of(number(position)?).unwrap_or(Lba(u32::MAX)), Phase::from_word(phase)?, pass?))
}

fn block(words: &[&str]) -> Option<(u64, u64, BlockStatus)> {
    let [start, bytes, status] = words else { return None };
    Some((number(start)?, number(bytes).filter(|&bytes| bytes > 0)?, BlockStatus::from_word(status)?))
}

/// As C writes numbers: decimal, `0x` hexadecimal, `0` octal.
fn number(word: &str) -> Option<u64> {
    let (digits, radix) = match (word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")), word.strip_prefix('0')) {
        (Some(hexadecimal), _) => (hexadecimal, 16),
        (None, Some(octal)) if !octal.is_empty() => (octal, 8),
        (None, _) => (word, 10),
    };
    // `from_str_radix` would take a sign.
    digits.chars().all(|c| c.is_digit(radix)).then(|| u64::from_str_radix(digits, radix).ok())?
}

fn sector_of(byte: u64) -> Option<Lba> {
    u32::try_from(byte / SECTOR).ok().map(Lba)
}

fn words_match(known: &str, line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    known.split_whitespace().eq(line.split_whitespace())
}

pub(super) fn is_of_a_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// No line ends, no control characters, and nothing at the edges that reading would trim.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        let is_at_edge = at == 0 || at == last;
        if c == '\\' || c.is_control() || (is_at_edge && c.is_whitespace()) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// What is no escape of ours stays as it is.
fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let escape = after.split_once('}').and_then(|(digits, rest)| {
            let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            Some((c, rest))
        });
        match escape {
            Some((c, behind)) => {
                out.push(c);
                rest = behind;
            }
            None => {
                out.push_str("\\u{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
