//! This module knows what names ISO 9660 and Joliet allow: rules D09, D16, J02, J03, J06, J08.

use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::TreeKind;

/// Level 2: name and extension together, without dot and version.
const LONGEST_FILE: usize = 30;
const LONGEST_DIRECTORY: usize = 31;
/// Of Joliet, in units of 16 bits.
const LONGEST_JOLIET: usize = 64;

pub(super) fn check(scan: &mut Scan<'_>, spot: &Spot<'_>, kind: TreeKind, identifier: &[u8], is_directory: bool) {
    match kind {
        TreeKind::Joliet => joliet(scan, spot, identifier, is_directory),
        TreeKind::Iso9660 | TreeKind::RockRidge | TreeKind::HighSierra => {
            if is_legal(identifier, is_directory) {
                return;
            }
            separators(scan, spot, identifier);
            characters(scan, spot, identifier, is_directory);
            form(scan, spot, identifier, is_directory);
        }
        TreeKind::Enhanced | TreeKind::Udf => separators(scan, spot, identifier),
    }
}

/// The quick way for names that have nothing wrong with them.
fn is_legal(identifier: &[u8], is_directory: bool) -> bool {
    // Nearly all are: looking at each byte to the end is faster than stopping at the first that is not.
    let all = |bytes: &[u8], is_legal: fn(u8) -> bool| bytes.iter().fold(true, |all, &byte| all & is_legal(byte));
    if is_directory {
        return identifier.len() <= LONGEST_DIRECTORY && all(identifier, is_d);
    }
    let Some(stem) = identifier.strip_suffix(b";1") else { return false };
    let dots = stem.iter().filter(|&&byte| byte == b'.').count();
    dots == 1 && stem.len() <= LONGEST_FILE + 1 && all(stem, |byte| is_d(byte) | (byte == b'.'))
}

/// A d-character of ECMA-119, 7.4.1.
fn is_d(byte: u8) -> bool {
    byte.is_ascii_uppercase() | byte.is_ascii_digit() | (byte == b'_')
}

fn separators(scan: &mut Scan<'_>, spot: &Spot<'_>, identifier: &[u8]) {
    if identifier.iter().any(|&byte| byte == b'/' || byte == 0) {
        spot.find(scan, Rule::D16, "separator", || "a name has a slash or a NUL in it".to_owned());
    }
}

fn characters(scan: &mut Scan<'_>, spot: &Spot<'_>, identifier: &[u8], is_directory: bool) {
    let is_allowed = |byte: u8| is_d(byte) || (!is_directory && (byte == b'.' || byte == b';'));
    if !identifier.iter().all(|&byte| is_allowed(byte)) {
        spot.find_habit(scan, Rule::D09, Severity::Info, "characters", || {
            "a name has characters other than A to Z, 0 to 9 and _".to_owned()
        });
    }
}

fn form(scan: &mut Scan<'_>, spot: &Spot<'_>, identifier: &[u8], is_directory: bool) {
    let mut habit = |subject: &'static str, text: String| {
        spot.find_habit(scan, Rule::D09, Severity::Info, subject, || text);
    };
    if is_directory {
        if identifier.len() > LONGEST_DIRECTORY {
            habit(
                "length",
                format!("a directory's name has {} characters, over {LONGEST_DIRECTORY}", identifier.len()),
            );
        }
        return;
    }
    let (stem, version) = match identifier.iter().rposition(|&byte| byte == b';') {
        Some(at) => (identifier.get(..at).unwrap_or_default(), identifier.get(at + 1..)),
        None => (identifier, None),
    };
    match version {
        None => habit("version", "a file's name has no version".to_owned()),
        Some(version) => {
            let number = std::str::from_utf8(version).ok().and_then(|text| text.parse::<u16>().ok());
            if !number.is_some_and(|number| (1..=32_767).contains(&number)) {
                habit("version", "the version of a file is no number from 1 to 32767".to_owned());
            }
        }
    }
    let dots = stem.iter().filter(|&&byte| byte == b'.').count();
    if dots != 1 {
        habit("dots", format!("a file's name has {dots} dots, not one"));
    }
    let length = stem.len() - dots.min(1);
    if length > LONGEST_FILE {
        habit("length", format!("a file's name has {length} characters, over {LONGEST_FILE}"));
    }
}

fn joliet(scan: &mut Scan<'_>, spot: &Spot<'_>, identifier: &[u8], is_directory: bool) {
    let (units, rest) = identifier.as_chunks::<2>();
    if !rest.is_empty() {
        spot.find(scan, Rule::J02, "odd", || {
            format!("a name of 16-bit characters has {} bytes, an odd number", identifier.len())
        });
    }
    if units.len() > LONGEST_JOLIET {
        spot.find_habit(scan, Rule::J02, Severity::Info, "length", || {
            format!("a name has {} characters, over {LONGEST_JOLIET}", units.len())
        });
    }
    let has_version = units.ends_with(&[[0, b';'], [0, b'1']]);
    let stem = if has_version { units.len().saturating_sub(2) } else { units.len() };
    let stem = units.get(..stem).unwrap_or_default();
    if !stem.iter().fold(true, |all, &unit| all & is_plain(unit)) {
        joliet_characters(scan, spot, stem);
    }
    if has_version && !is_directory {
        spot.find_habit(scan, Rule::J08, Severity::Info, "version", || "a name ends with a version".to_owned());
    }
}

/// Nothing is to be said of it: not a control character, a separator, one that is forbidden, or a surrogate.
fn is_plain(unit: [u8; 2]) -> bool {
    let unit = u16::from_be_bytes(unit);
    let is_forbidden = b"*/:;?\\".iter().fold(false, |any, &byte| any | (unit == u16::from(byte)));
    (unit >= 0x20) & !is_forbidden & !(0xD800..0xE000).contains(&unit)
}

fn joliet_characters(scan: &mut Scan<'_>, spot: &Spot<'_>, units: &[[u8; 2]]) {
    let (mut is_forbidden, mut separates, mut has_surrogates) = (false, false, false);
    for &[high, low] in units {
        if high == 0 {
            separates |= low == b'/' || low == 0;
            is_forbidden |= low < 0x20 || matches!(low, b'*' | b':' | b';' | b'?' | b'\\');
        }
        has_surrogates |= (0xD8..0xE0).contains(&high);
    }
    if separates {
        spot.find_as(scan, Rule::J03, Severity::Error, "separator", || "a name has a slash or a NUL in it".to_owned());
    }
    if is_forbidden {
        spot.find(scan, Rule::J03, "characters", || {
            "a name has a control character or one of * : ; ? \\ in it".to_owned()
        });
    }
    if has_surrogates {
        spot.find_habit(scan, Rule::J06, Severity::Info, "surrogates", || {
            "a name has characters that need two units of 16 bits".to_owned()
        });
    }
}
