//! This module knows how to read a boot catalogue and its images off a disc, and how to judge them.

use std::collections::HashSet;

use super::boot_info::BootInfo;
use super::catalogue::{Catalogue, Entry, Validation};
use crate::bytes::Cursor;
use crate::filesystem::boot::{BootCatalogue, BootEntry, Emulation};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::iso9660::descriptor::BootRecord;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::{Tree, TreeKind};
use crate::sector::{Lba, SECTOR_BYTES};

const SECTOR: u64 = SECTOR_BYTES as u64;
/// Of the catalogue.
const MOST_SECTORS: u64 = 10;
/// In which a catalogue counts what is to be loaded.
const LOADED: u64 = 512;
/// From the start of a session.
const PRIMARY_AT: u32 = 16;
const BOOT_RECORD_AT: u32 = 17;

const FLOPPIES: [u64; 3] = [1_228_800, 1_474_560, 2_949_120];
const HARD_DISK: u8 = 4;

/// The catalogue that the boot record at byte `at` leads to, in the session that begins at `start`.
pub fn read(scan: &mut Scan<'_>, record: &BootRecord, at: u64, start: Lba) -> Option<BootCatalogue> {
    if scan.judges() {
        judge_record(scan, record, at, start);
    }
    let catalogue_at = u64::from(record.catalogue) * SECTOR;
    let image = scan.reader.length();
    if record.catalogue == 0 || catalogue_at.saturating_add(SECTOR) > image {
        let block = record.catalogue;
        scan.find(Rule::T02, at, "catalogue", || {
            format!("the boot catalogue is at sector {block}, and the image has {} sectors", image / SECTOR)
        });
        return None;
    }
    let catalogue = whole(scan, catalogue_at)?;
    if !judge_validation(scan, &catalogue, catalogue_at) {
        return None;
    }
    if scan.judges() {
        let used = u64::try_from(catalogue.length).unwrap_or(0).next_multiple_of(SECTOR);
        scan.structures.add(StructureKind::BootCatalogue, catalogue_at, used);
    }
    for (offset, problem) in &catalogue.problems {
        scan.find(Rule::T05, catalogue_at.saturating_add(*offset as u64), "sections", || problem.to_string());
    }
    let mut entries = Vec::new();
    for (index, entry) in catalogue.entries.iter().enumerate() {
        let at = catalogue_at.saturating_add(entry.offset as u64);
        judge_entry(scan, entry, at, index == 0);
        let found = image_of(scan, entry, at);
        if scan.judges() && entry.block != 0 {
            scan.structures.add(StructureKind::BootImage, found.start, found.length);
            judge_boot_info(scan, entry, &found, start);
        }
        entries.push(found);
    }
    Some(BootCatalogue { at: catalogue_at, entries })
}

/// Whether catalogue and images are files of one of the trees, too.
pub fn judge_files(scan: &mut Scan<'_>, boot: &BootCatalogue, trees: &[Tree]) {
    let iso = trees.iter().filter(|tree| tree.kind != TreeKind::Udf && !tree.is_empty());
    let starts: HashSet<u64> = iso
        .flat_map(|tree| tree.ids().filter_map(|id| tree.extents(id).first().copied()))
        .map(|extent| extent.start)
        .collect();
    if starts.is_empty() {
        return;
    }
    if !starts.contains(&boot.at) {
        scan.find(Rule::T09, boot.at, "catalogue", || "the boot catalogue is no file of the tree".to_owned());
    }
    for entry in boot.entries.iter().filter(|entry| entry.start != 0 && !starts.contains(&entry.start)) {
        scan.find(Rule::T09, entry.start, "image", || "a boot image is no file of the tree".to_owned());
    }
}

fn whole(scan: &mut Scan<'_>, at: u64) -> Option<Catalogue> {
    let mut bytes = Vec::new();
    for number in 0..MOST_SECTORS {
        let next = at.saturating_add(number * SECTOR);
        match scan.reader.bytes(next, SECTOR_BYTES) {
            Ok(sector) => bytes.extend(sector),
            Err(error) => {
                scan.unread(error, next, "the boot catalogue");
                return (!bytes.is_empty()).then(|| Catalogue::parse(&bytes));
            }
        }
        let catalogue = Catalogue::parse(&bytes);
        if !catalogue.goes_on {
            return Some(catalogue);
        }
    }
    scan.cut("the boot catalogue", "it has more sectors than any disc needs");
    Some(Catalogue::parse(&bytes))
}

fn judge_record(scan: &mut Scan<'_>, record: &BootRecord, at: u64, start: Lba) {
    let place = u64::from(start.0.saturating_add(BOOT_RECORD_AT)) * SECTOR;
    if at != place {
        scan.find(Rule::T01, at, "place", || {
            format!("the boot record of El Torito stands at sector {} instead of {}", at / SECTOR, place / SECTOR)
        });
    }
    let padding = record.system.get(BootRecord::EL_TORITO.len()..).unwrap_or_default();
    if padding.iter().chain(&record.identifier).any(|&byte| byte != 0) {
        scan.find(Rule::T01, at, "padding", || {
            "behind the name of El Torito, the boot record has other bytes than zeros".to_owned()
        });
    }
}

/// Whether it is a catalogue at all.
fn judge_validation(scan: &mut Scan<'_>, catalogue: &Catalogue, at: u64) -> bool {
    let Some(Validation { header, platform, key, sum }) = catalogue.validation else { return false };
    let [low, high] = key;
    if header != 1 || key != [0x55, 0xAA] {
        scan.find(Rule::T03, at, "key", || {
            format!("the boot catalogue begins with {header:02X}h instead of 01h, or has the key {low:02X}{high:02X}h instead of 55AAh")
        });
        // With one of the two it is one that was damaged.
        return header == 1 || key == [0x55, 0xAA];
    }
    if sum != 0 {
        scan.find(Rule::T03, at, "sum", || {
            format!("the words of the boot catalogue's first entry add up to {sum:04X}h instead of 0")
        });
    }
    if !matches!(platform, 0 | 1 | 2 | 0xEF) {
        scan.find_as(Rule::T03, Severity::Warning, at, "platform", || {
            format!("the boot catalogue is for platform {platform:02X}h, which is not known")
        });
    }
    true
}

fn judge_entry(scan: &mut Scan<'_>, entry: &Entry, at: u64, is_initial: bool) {
    let Entry { indicator, media, reserved, .. } = *entry;
    if is_initial && !matches!(indicator, 0x88 | 0) {
        scan.find(Rule::T04, at, "indicator", || {
            format!("the initial entry begins with {indicator:02X}h instead of 88h or 00h")
        });
    }
    if entry.emulation() > HARD_DISK {
        scan.find(Rule::T04, at, "emulation", || {
            format!("an entry has a medium of kind {} emulated, and there are 0 to 4", entry.emulation())
        });
    }
    if is_initial && media & 0xF0 != 0 {
        // BIOSes of old, and their tools, had uses for these bits.
        scan.find_as(Rule::T04, Severity::Info, at, "bits", || {
            format!("the initial entry has reserved bits set in its kind of medium, {media:02X}h")
        });
    }
    if reserved != 0 {
        scan.find(Rule::T04, at, "reserved", || format!("an entry has {reserved:02X}h in its unused byte"));
    }
}

/// Where the image lies, and how long it is: by what is emulated, what is to be loaded, or what stands in it.
fn image_of(scan: &mut Scan<'_>, entry: &Entry, at: u64) -> BootEntry {
    let image = scan.reader.length();
    let start = u64::from(entry.block) * SECTOR;
    let loaded = u64::from(entry.sectors) * LOADED;
    let is_inside = start < image;
    if entry.block == 0 || !is_inside {
        // An entry that is none may point anywhere.
        if entry.is_bootable() && is_inside {
            scan.find(Rule::T06, at, "start", || "a boot image is at sector 0".to_owned());
        } else if entry.is_bootable() {
            tell(scan, Rule::T06, Severity::Error, at, "start", || {
                format!(
                    "a boot image is at sector {}, and the image has {} sectors",
                    entry.block,
                    image.div_ceil(SECTOR)
                )
            });
        }
        let emulation = emulation(entry);
        return BootEntry { platform: entry.platform, is_bootable: entry.is_bootable(), emulation, start, length: 0 };
    }
    let emulation = emulation(entry);
    let length = match emulation {
        Emulation::Floppy(bytes) => bytes.max(loaded),
        Emulation::HardDisk => hard_disk(scan, entry, start, at).unwrap_or(loaded).max(loaded),
        // EFI reads "0" and "1" as "up to the end of the medium", and the image itself says where that is.
        Emulation::None if entry.sectors <= 1 => fat(scan, start).unwrap_or(loaded).max(LOADED),
        Emulation::None | Emulation::Unknown(_) => loaded,
    };
    if start.saturating_add(length) > image && entry.is_bootable() {
        let missing = start.saturating_add(length) - image;
        tell(scan, Rule::T06, Severity::Warning, at, "end", || {
            format!("a boot image of {length} bytes at byte {start} has {missing} bytes too few")
        });
    }
    BootEntry { platform: entry.platform, is_bootable: entry.is_bootable(), emulation, start, length }
}

/// Something lies beyond the end of the image.
fn tell(
    scan: &mut Scan<'_>,
    rule: Rule,
    severity: Severity,
    at: u64,
    subject: &'static str,
    text: impl FnOnce() -> String,
) {
    scan.add(Draft { rule, severity, origin: Origin::Truncation, at: Some(at), subject, path: None }, text);
}

fn emulation(entry: &Entry) -> Emulation {
    match entry.emulation() {
        0 => Emulation::None,
        HARD_DISK => Emulation::HardDisk,
        kind => FLOPPIES.get(usize::from(kind) - 1).map_or(Emulation::Unknown(kind), |&bytes| Emulation::Floppy(bytes)),
    }
}

/// The end of the first partition of a hard disk's image, which must be of the type that the entry names.
fn hard_disk(scan: &mut Scan<'_>, entry: &Entry, start: u64, at: u64) -> Option<u64> {
    let record: [u8; 512] = scan.reader.array(start).ok()?;
    let mut b = Cursor::new(&record, "boot image");
    b.skip(446 + 4).ok()?;
    let kind = b.u8().ok()?;
    b.skip(3).ok()?;
    let (first, count) = (b.le_u32().ok()?, b.le_u32().ok()?);
    if record.last_chunk() != Some(&[0x55, 0xAA]) {
        return None;
    }
    if kind != entry.system {
        let named = entry.system;
        scan.find(Rule::T07, at, "type", || {
            format!("the entry for a hard disk names a partition of type {named:02X}h, and its first is of {kind:02X}h")
        });
    }
    (count != 0).then(|| (u64::from(first) + u64::from(count)) * LOADED)
}

/// How long a FAT filesystem says it is.
fn fat(scan: &mut Scan<'_>, start: u64) -> Option<u64> {
    let record: [u8; 512] = scan.reader.array(start).ok()?;
    if record.last_chunk() != Some(&[0x55, 0xAA]) {
        return None;
    }
    let mut b = Cursor::new(&record, "boot image");
    b.skip(11).ok()?;
    let bytes = b.le_u16().ok()?;
    b.skip(6).ok()?;
    let few = b.le_u16().ok()?;
    b.skip(11).ok()?;
    let many = b.le_u32().ok()?;
    let sectors = if few == 0 { many } else { few.into() };
    matches!(bytes, 512 | 1024 | 2048 | 4096).then(|| u64::from(sectors) * u64::from(bytes))
}

fn judge_boot_info(scan: &mut Scan<'_>, entry: &Entry, image: &BootEntry, start: Lba) {
    let primaries = [PRIMARY_AT, start.0.saturating_add(PRIMARY_AT)];
    if image.emulation != Emulation::None {
        return;
    }
    let Some(table) = BootInfo::read(scan, image.start, entry.block, &primaries) else { return };
    let missing = image.start.saturating_add(table.length.into()).saturating_sub(scan.reader.length());
    if missing > 0 {
        let length = table.length;
        return tell(scan, Rule::T08, Severity::Error, image.start, "length", || {
            format!("a boot image has {length} bytes by its own table, of which {missing} are missing")
        });
    }
    match table.sum_of(scan, image.start) {
        Ok(Some(sum)) if sum != table.sum => {
            scan.find(Rule::T08, image.start, "sum", || {
                format!("the words of a boot image add up to {sum:08X}h, and to {:08X}h by its own table", table.sum)
            });
        }
        Ok(_) => {}
        Err(error) => scan.unread(error, image.start, "a boot image"),
    }
}

#[cfg(test)]
mod tests;
