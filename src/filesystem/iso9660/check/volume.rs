//! This module knows what sound volume descriptors are: rules V01 to V10, V14, V15, V17 to V19, J01, J05.

use super::super::date::Date;
use super::super::descriptor::{BothEndian, Recognized, VolumeDescriptor};
use super::super::recognition::{Placed, Recognition, Sector};
use super::super::record::{Format, Record, SHORTEST};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::sector::SECTOR_BYTES;

/// What is wrong with the descriptors of a session.
pub(in super::super) fn volume(scan: &mut Scan<'_>, found: &Recognition) {
    sequence(scan, found);
    let mut primary: Option<Placed<'_>> = None;
    for sector in &found.sectors {
        let at = sector.at;
        match &sector.content {
            Recognized::Primary(descriptor) => match primary {
                Some(first) => copy(scan, sector, first),
                None => {
                    primary = Some(Placed { at, descriptor, bytes: &sector.bytes });
                    one(scan, sector, descriptor, Which::Primary);
                }
            },
            Recognized::Supplementary(descriptor) => {
                let which = if descriptor.joliet_level().is_some() { Which::Joliet } else { Which::Other };
                one(scan, sector, descriptor, which);
                character_set(scan, at, descriptor);
                if let Some(primary) = primary.filter(|_| which == Which::Joliet) {
                    same_size(scan, at, descriptor, primary.descriptor, found.is_by_genisoimage());
                }
            }
            Recognized::Other => partition(scan, sector),
            Recognized::Terminator => terminator(scan, sector),
            Recognized::Boot(_) | Recognized::HighSierra(_) | Recognized::Extended(_) => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Primary,
    Joliet,
    /// The enhanced one, or one that nobody reads.
    Other,
}

/// V01, V02.
fn sequence(scan: &mut Scan<'_>, found: &Recognition) {
    let is_primary = |sector: &Sector| matches!(sector.content, Recognized::Primary(_) | Recognized::HighSierra(_));
    if !found.sectors.first().is_some_and(|first| first.at == found.first && is_primary(first)) {
        let sector = found.first / SECTOR_BYTES as u64;
        scan.find(Rule::V01, found.first, "first", || {
            format!("sector {sector} should hold the descriptor of the primary volume, and does not")
        });
    }
    let mut expected = found.first + SECTOR_BYTES as u64;
    for sector in found.sectors.iter().skip_while(|sector| sector.at == found.first) {
        if sector.at != expected && expected != found.first {
            let gap = expected;
            scan.find(Rule::V02, gap, "gap", || {
                let sector = gap / SECTOR_BYTES as u64;
                format!("sector {sector}, between other volume descriptors, is none")
            });
        }
        expected = sector.at.saturating_add(SECTOR_BYTES as u64);
    }
    if !found.is_terminated {
        let end = found.end();
        scan.find(Rule::V02, end, "terminator", || {
            let sector = end / SECTOR_BYTES as u64;
            format!("the volume descriptors end at sector {sector}, where a terminator should stand")
        });
    }
}

/// V03.
fn terminator(scan: &mut Scan<'_>, sector: &Sector) {
    let Some((head, rest)) = sector.bytes.split_first_chunk::<7>() else { return };
    let [_, id @ .., version] = *head;
    if id != *b"CD001" {
        return;
    }
    if version != 1 {
        habit(scan, Rule::V03, sector.at + 6, "version", || {
            format!("the version of the terminator is {version} instead of 1")
        });
    }
    if rest.iter().any(|&byte| byte != 0) {
        habit(scan, Rule::V03, sector.at + 7, "rest", || {
            "the terminator is followed by bytes that are not zero".to_owned()
        });
    }
}

/// V04.
fn copy(scan: &mut Scan<'_>, sector: &Sector, first: Placed<'_>) {
    if *sector.bytes == *first.bytes {
        scan.find_as(Rule::V04, Severity::Info, sector.at, "same", || {
            "the primary descriptor is there twice, both the same".to_owned()
        });
    } else {
        scan.find(Rule::V04, sector.at, "different", || {
            "a second primary descriptor says something else than the first, which was used".to_owned()
        });
    }
}

fn one(scan: &mut Scan<'_>, sector: &Sector, descriptor: &VolumeDescriptor, which: Which) {
    numbers(scan, sector.at, descriptor);
    versions(scan, sector, descriptor, which);
    block_size(scan, sector.at, descriptor);
    reserved(scan, sector, which);
    identifiers(scan, sector, which);
    dates(scan, sector);
    set(scan, sector.at, descriptor);
    root(scan, sector.at, descriptor);
    application(scan, sector);
}

/// V05.
fn numbers(scan: &mut Scan<'_>, at: u64, descriptor: &VolumeDescriptor) {
    let wide = |number: BothEndian<u16>| BothEndian { little: number.little.into(), big: number.big.into() };
    let image = scan.reader.length();
    let block = u64::from(descriptor.block_bytes());
    let fits = |blocks: u32| blocks != 0 && u64::from(blocks) * block <= image;
    let is_block = |bytes: u32| bytes.is_power_of_two() && (512..=2048).contains(&bytes);
    let space = descriptor.volume_space_size;
    let size = wide(descriptor.logical_block_size);
    let table = descriptor.path_table_size;
    let fields = [
        (80, "the size of the volume", space, fits(space.little) || !fits(space.big)),
        (120, "the number of volumes in the set", wide(descriptor.set_size), true),
        (124, "the number of the volume", wide(descriptor.sequence_number), true),
        (128, "the size of a logical block", size, is_block(size.little)),
        (132, "the size of the path table", table, table.little != 0),
    ];
    for (offset, what, number, is_likely) in fields {
        if number.agrees() {
            continue;
        }
        let severity = if is_likely { Severity::Warning } else { Severity::Error };
        let BothEndian { little, big } = number;
        scan.find_as(Rule::V05, severity, at + offset, what, || {
            format!("{what} is {little} little-endian and {big} big-endian; {} was used", number.value())
        });
    }
}

/// V06.
fn versions(scan: &mut Scan<'_>, sector: &Sector, descriptor: &VolumeDescriptor, which: Which) {
    let version = descriptor.version;
    let expected = if which == Which::Other && version == 2 { 2 } else { 1 };
    if version != expected {
        scan.find(Rule::V06, sector.at + 6, "descriptor", || {
            format!("the version of a volume descriptor is {version} instead of {expected}")
        });
    }
    let structure = sector.bytes.get(881).copied().unwrap_or(0);
    if structure != expected {
        scan.find(Rule::V06, sector.at + 881, "file structure", || {
            format!("the version of the file structure is {structure} instead of {expected}")
        });
    }
}

/// V07.
fn block_size(scan: &mut Scan<'_>, at: u64, descriptor: &VolumeDescriptor) {
    let size = descriptor.logical_block_size.value();
    if u32::from(size) != descriptor.block_bytes() {
        scan.find(Rule::V07, at + 128, "impossible", || {
            format!("a logical block of {size} bytes is not possible; 2048 was used")
        });
    } else if size != 2048 {
        scan.find_as(Rule::V07, Severity::Info, at + 128, "small", || format!("a logical block has {size} bytes"));
    }
}

/// V08.
fn reserved(scan: &mut Scan<'_>, sector: &Sector, which: Which) {
    let is_primary = which == Which::Primary;
    let fields = [(7, 1, is_primary), (72, 8, true), (88, 32, is_primary), (882, 1, true), (1395, 653, true)];
    for (start, length, is_reserved) in fields {
        let field = sector.bytes.get(start..start + length).unwrap_or_default();
        if let Some(first) = field.iter().position(|&byte| byte != 0).filter(|_| is_reserved) {
            habit(scan, Rule::V08, sector.at + (start + first) as u64, "reserved", || {
                format!("the {length} reserved bytes at offset {start} of a descriptor are not all zero")
            });
        }
    }
}

/// V09: where they stand, how long they are, and whether only d-characters may be in them.
const IDENTIFIERS: [(usize, usize, bool); 6] =
    [(8, 32, false), (40, 32, true), (190, 128, true), (318, 128, false), (446, 128, false), (574, 128, false)];
/// The a-characters of ECMA-119, 7.4.2, that are no d-characters.
const PUNCTUATION: &[u8] = b" !\"%&'()*+,-./:;<=>?";

fn identifiers(scan: &mut Scan<'_>, sector: &Sector, which: Which) {
    if which != Which::Primary {
        return;
    }
    for (start, length, is_strict) in IDENTIFIERS {
        let field = sector.bytes.get(start..start + length).unwrap_or_default();
        let end = field.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
        let text = field.get(..end).unwrap_or_default();
        let is_d = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_allowed = |&byte: &u8| is_d(byte) || (!is_strict && PUNCTUATION.contains(&byte));
        if let Some(wrong) = text.iter().position(|byte| !is_allowed(byte)) {
            habit(scan, Rule::V09, sector.at + (start + wrong) as u64, "characters", || {
                format!("the identifier at offset {start} of a descriptor has characters that it may not have")
            });
        }
    }
}

/// V10.
fn dates(scan: &mut Scan<'_>, sector: &Sector) {
    for (start, what) in [(813, "creation"), (830, "modification"), (847, "expiry"), (864, "effect")] {
        let Some(bytes) = sector.bytes.get(start..).and_then(<[u8]>::first_chunk) else { continue };
        if !Date::long(*bytes).is_sound {
            habit(scan, Rule::V10, sector.at + start as u64, what, || {
                format!("the date of {what} is none, and not left out as it should be")
            });
        }
    }
}

/// V14.
fn set(scan: &mut Scan<'_>, at: u64, descriptor: &VolumeDescriptor) {
    let (size, number) = (descriptor.set_size.value(), descriptor.sequence_number.value());
    if number == 0 || number > size {
        scan.find(Rule::V14, at + 120, "number", || format!("the volume has number {number} in a set of {size}"));
    }
}

/// V15.
fn root(scan: &mut Scan<'_>, at: u64, descriptor: &VolumeDescriptor) {
    let at = at + 156;
    let length = usize::from(descriptor.root.first().copied().unwrap_or(0));
    if length != SHORTEST {
        scan.find_as(Rule::V15, Severity::Warning, at, "length", || {
            format!("the record of the root directory has {length} bytes instead of {SHORTEST}")
        });
    }
    let Ok(root) = Record::parse(&descriptor.root, Format::Iso9660) else {
        scan.find(Rule::V15, at, "record", || "the record of the root directory is not whole".to_owned());
        return;
    };
    if !root.is_own() || !root.flags.is_directory() || root.attribute_blocks != 0 || !root.agrees() {
        scan.find(Rule::V15, at, "form", || {
            "the record of the root directory is not that of a root, or its numbers contradict each other".to_owned()
        });
    }
    let block = u64::from(descriptor.block_bytes());
    let start = u64::from(root.extent.value()) * block;
    let end = start.saturating_add(root.length.value().into());
    let image = scan.reader.length();
    if end > image || start < 17 * SECTOR_BYTES as u64 {
        scan.find(Rule::V15, at, "extent", || {
            format!("the root directory should be at bytes {start} to {end}, where none can be in an image of {image}")
        });
    }
}

/// V17.
fn application(scan: &mut Scan<'_>, sector: &Sector) {
    let field = sector.bytes.get(883..1395).unwrap_or_default();
    let is_text = |&byte: &u8| byte == b' ' || byte == 0;
    let has = |text: &[u8]| field.windows(text.len()).any(|window| window == text);
    if !field.iter().all(is_text) && !has(b"ISO MD5SUM") && !has(b"CD-XA001") {
        habit(scan, Rule::V17, sector.at + 883, "application", || {
            "the application's part of a descriptor has something in it that is not known".to_owned()
        });
    }
}

/// V18, J01.
fn character_set(scan: &mut Scan<'_>, at: u64, descriptor: &VolumeDescriptor) {
    if descriptor.joliet_level().is_some() || descriptor.version == 2 {
        return;
    }
    if descriptor.escape_sequences.starts_with(b"%/") {
        scan.find(Rule::J01, at + 88, "level", || "the level of Joliet is none of the three that there are".to_owned());
    } else {
        habit(scan, Rule::V18, at + 88, "character set", || {
            "a supplementary descriptor has a character set that is not known; its tree was not read".to_owned()
        });
    }
}

/// V19.
fn partition(scan: &mut Scan<'_>, sector: &Sector) {
    let bytes = sector.bytes.as_slice();
    let number =
        |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |&bytes| u32::from_le_bytes(bytes));
    if bytes.first() != Some(&3) {
        return;
    }
    let (start, length) = (u64::from(number(72)) * 2048, u64::from(number(80)) * 2048);
    let image = scan.reader.length();
    if start.saturating_add(length) > image {
        scan.find(Rule::V19, sector.at + 72, "extent", || {
            format!("a volume partition of {length} bytes begins at byte {start}, in an image of {image}")
        });
    }
}

/// J05.
fn same_size(
    scan: &mut Scan<'_>,
    at: u64,
    joliet: &VolumeDescriptor,
    primary: &VolumeDescriptor,
    is_by_genisoimage: bool,
) {
    let (ours, theirs) = (joliet.space_bytes(), primary.space_bytes());
    if is_by_genisoimage && ours < theirs {
        // libisofs makes the primary volume alone reach over the partitions that it appends.
        let (rule, severity, origin) = (Rule::J05, Severity::Info, Origin::Mastering);
        scan.add(Draft { rule, severity, origin, at: Some(at + 80), subject: "habit", path: None }, || {
            format!("Joliet's volume has {ours} bytes, and the primary one {theirs}, as with partitions behind it")
        });
    } else if ours != theirs {
        scan.find(Rule::J05, at + 80, "size", || {
            format!("Joliet's volume has {ours} bytes, and the primary one {theirs}")
        });
    }
    let (ours, theirs) = (joliet.block_bytes(), primary.block_bytes());
    if ours != theirs {
        scan.find(Rule::J05, at + 128, "block", || {
            format!("Joliet's blocks have {ours} bytes, the primary ones {theirs}")
        });
    }
}

/// What a program writes into each of its discs.
fn habit(scan: &mut Scan<'_>, rule: Rule, at: u64, subject: &'static str, text: impl FnOnce() -> String) {
    let severity = rule.severity();
    scan.add(Draft { rule, severity, origin: Origin::Mastering, at: Some(at), subject, path: None }, text);
}
