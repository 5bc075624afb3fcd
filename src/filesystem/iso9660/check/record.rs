//! This module knows what a sound directory record is: rules D02 to D04, D07, D10, D11, D15 to D17, J07.

use super::super::descriptor::BothEndian;
use super::super::record::Record;
use super::super::walk::Volume;
use super::identifier;
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::spot::Spot;
use crate::filesystem::tree::TreeKind;

/// In bytes; no file can begin in it: ECMA-119, 6.2.1.
const SYSTEM_AREA: u64 = 16 * 2048;

/// All there is to say of one record but of its place among others. `is_directory` is one that stands for a directory
/// elsewhere, too.
pub(in super::super) fn record(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    volume: &Volume<'_>,
    record: &Record<'_>,
    is_directory: bool,
) {
    numbers(scan, spot, volume, record);
    identifier::check(scan, spot, volume.kind, record.identifier, is_directory);
    let flags = record.flags;
    if record.padding != 0 {
        spot.find_as(scan, Rule::D02, Severity::Warning, "padding", || {
            format!("the byte behind a name of even length is {:#04X}, not zero", record.padding)
        });
    }
    if flags.reserved() != 0 {
        spot.find(scan, Rule::D07, "reserved", || format!("reserved flags are set: {:#04X}", flags.reserved()));
    }
    if flags.is_directory() && (flags.has_more() || flags.is_associated()) {
        spot.find(scan, Rule::D07, "directory", || {
            "a directory is marked as one of several extents, or as an associated file".to_owned()
        });
    }
    if record.unit != 0 || record.gap != 0 {
        let (unit, gap) = (record.unit, record.gap);
        spot.find(scan, Rule::D10, "interleaved", || {
            format!("a file is interleaved: {unit} blocks of it, then {gap} of others; few readers can read that")
        });
    }
    if !record.date().is_sound {
        spot.find_habit(scan, Rule::D11, Severity::Info, "date", || "a date is none that there is".to_owned());
    }
    let sequence = record.sequence.value();
    if sequence != volume.sequence {
        spot.find_habit(scan, Rule::D15, Severity::Info, "sequence", || {
            format!("a record is of volume {sequence} of the set, and stands in volume {}", volume.sequence)
        });
    }
    if record.attribute_blocks > 0 {
        spot.find_habit(scan, Rule::D17, Severity::Info, "extended attributes", || {
            format!("an extended attribute record of {} blocks stands before the content", record.attribute_blocks)
        });
    }
    if volume.kind == TreeKind::Joliet && !record.system_use.is_empty() {
        spot.find_habit(scan, Rule::J07, Severity::Info, "system use", || {
            format!("a Joliet record has {} bytes of System Use", record.system_use.len())
        });
    }
}

/// D03.
pub(in super::super) fn numbers(scan: &mut Scan<'_>, spot: &Spot<'_>, volume: &Volume<'_>, record: &Record<'_>) {
    if record.agrees() {
        return;
    }
    let image = scan.reader.length();
    let extent = record.extent;
    if !extent.agrees() {
        let is_used = likely(volume, image, record) == extent.little;
        let severity = if is_used { Severity::Warning } else { Severity::Error };
        both(scan, spot, severity, "the block of a file", extent, is_used);
    }
    if !record.length.agrees() {
        both(scan, spot, Severity::Warning, "the length of a file", record.length, record.length.little != 0);
    }
    let sequence = record.sequence;
    if !sequence.agrees() {
        let wide = BothEndian { little: sequence.little.into(), big: sequence.big.into() };
        both(scan, spot, Severity::Warning, "the sequence number of a volume", wide, sequence.little != 0);
    }
}

fn both(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    severity: Severity,
    what: &'static str,
    number: BothEndian<u32>,
    uses_little: bool,
) {
    let BothEndian { little, big } = number;
    let used = if uses_little { little } else { big };
    spot.find_as(scan, Rule::D03, severity, what, || {
        format!("{what} is {little} little-endian and {big} big-endian; {used} was used")
    });
}

/// The block where `record` begins: of two that differ, the one that can be.
pub(in super::super) fn likely(volume: &Volume<'_>, image: u64, record: &Record<'_>) -> u32 {
    let extent = record.extent;
    let is_possible = |block: u32| {
        let start = u64::from(block) * u64::from(volume.block_bytes);
        start >= SYSTEM_AREA && start < volume.end.min(image)
    };
    if extent.agrees() || is_possible(extent.little) || !is_possible(extent.big) { extent.value() } else { extent.big }
}

/// D04: what a record claims must be there. False where the image ends before.
pub(in super::super) fn extent(
    scan: &mut Scan<'_>,
    spot: &Spot<'_>,
    volume: &Volume<'_>,
    start: u64,
    length: u64,
) -> bool {
    let end = start.saturating_add(length);
    let image = scan.reader.length();
    if length == 0 {
        return true;
    }
    if end > image {
        if !scan.is_news_of_loss(start, length, volume.kind) {
            return false;
        }
        let missing = end - image.max(start);
        // A volume that claims no more than this is one whose image was cut.
        let is_cut = end <= volume.end && volume.end > image;
        let origin = if is_cut { Origin::Truncation } else { scan.origin_at(spot.at) };
        let path = || spot.path();
        let draft = Draft {
            rule: Rule::D04,
            severity: Severity::Error,
            origin,
            at: Some(spot.at),
            subject: "image",
            path: Some(&path),
        };
        scan.add(draft, || {
            format!("{length} bytes should begin at byte {start}; the image ends before {missing} of them")
        });
        return false;
    }
    if !scan.judges() {
        return true;
    }
    if start < SYSTEM_AREA || volume.descriptors.contains(&start) {
        spot.find(scan, Rule::D04, "descriptors", || {
            format!("{length} bytes should begin at byte {start}, among what describes the volume")
        });
    } else if end > volume.end {
        let beyond = end - volume.end.max(start);
        spot.find_as(scan, Rule::D04, Severity::Warning, "volume", || {
            format!(
                "{length} bytes begin at byte {start}; the volume ends before {beyond} of them, but the image does not"
            )
        });
    }
    true
}
