//! This module knows how the filesystems of a disc or an image are told.

use super::length::claims;
use crate::cli::escape::escaped;
use crate::cli::json::{BootShape, FindingCounts, ImageLine, LengthShape, PartitionShape, SessionShape, VolumeLine};
use crate::cli::quantity::{bytes, counted, grouped};
use crate::cli::sheet::Sheet;
use crate::filesystem::{
    BootEntry, Content, Emulation, FirstLook, Image, Partition, PartitionTable, PartitionTableKind, TreeKind, Volume,
    VolumeKind,
};
use crate::sector::SECTOR_BYTES;
use crate::verify::{Judgement, TreeCount};

/// More boot entries and partitions than these are counted.
const MOST_BOOT_ENTRIES: usize = 8;
const MOST_PARTITIONS: usize = 8;

/// What is on it, as far as its filesystem was read.
pub fn image_rows(look: &FirstLook, judgement: &Judgement, sheet: &mut Sheet) {
    let image = &judgement.image;
    for volume in volumes(look, image) {
        let count = tree_of(volume.kind).and_then(|kind| judgement.trees.iter().find(|tree| tree.kind == kind));
        let counts = count.map(|count| format!(", {}", count_words(*count))).unwrap_or_default();
        sheet.row("volume", volume_words(volume) + &counts);
    }
    if let (Some(session), true) = (image.session, image.sessions.len() > 1) {
        let (number, all, start) = (session.number, image.sessions.len(), session.start);
        sheet.row("session", format!("{number} of {all}, from sector {start}"));
    }
    if image.volumes.is_empty() {
        sheet.row_if("content", content_words(look.content));
    }
    let entries = image.boot.as_ref().map_or(&[][..], |boot| &boot.entries);
    for entry in entries.iter().take(MOST_BOOT_ENTRIES) {
        sheet.row("boots", boot_words(entry));
    }
    if let Some(more) = entries.len().checked_sub(MOST_BOOT_ENTRIES).filter(|more| *more > 0) {
        sheet.more(format!("and {}", counted(more.try_into().unwrap_or(u64::MAX), "more entry")));
    }
    for table in &image.partition_tables {
        table_rows(table, sheet);
    }
}

/// Those that the parsers found; where they found none, all of the first look.
fn volumes<'a>(look: &'a FirstLook, image: &'a Image) -> &'a [Volume] {
    if image.volumes.is_empty() { &look.volumes } else { &image.volumes }
}

fn tree_of(kind: VolumeKind) -> Option<TreeKind> {
    match kind {
        VolumeKind::HighSierra => Some(TreeKind::HighSierra),
        VolumeKind::Iso9660 { .. } => Some(TreeKind::Iso9660),
        VolumeKind::Enhanced => Some(TreeKind::Enhanced),
        VolumeKind::Joliet { .. } => Some(TreeKind::Joliet),
        VolumeKind::RockRidge => Some(TreeKind::RockRidge),
        VolumeKind::Udf { .. } => Some(TreeKind::Udf),
        VolumeKind::Hfs | VolumeKind::HfsPlus => None,
    }
}

fn count_words(count: TreeCount) -> String {
    let files = counted(count.files, "file");
    match count.directories {
        0 => files,
        1 => format!("{files} and 1 directory"),
        many => format!("{files} and {} directories", grouped(many)),
    }
}

fn content_words(content: Content) -> Option<String> {
    match content {
        Content::Filesystem => None,
        Content::NotAnImage(kind) => Some(format!("no image: this is {kind}")),
        Content::AllZero => Some("nothing but zeros, wherever it was looked at".to_owned()),
        Content::LeftOver { directory } => {
            Some(format!("ISO 9660 without its volume descriptors: a directory stands at sector {directory}"))
        }
        Content::Unknown => Some("no filesystem that is known here".to_owned()),
    }
}

fn boot_words(entry: &BootEntry) -> String {
    let emulation = match entry.emulation {
        Emulation::None => "no emulation".to_owned(),
        Emulation::Floppy(size) => format!("as a floppy disk of {}", bytes(size)),
        Emulation::HardDisk => "as a hard disk".to_owned(),
        Emulation::Unknown(code) => format!("emulation {code}"),
    };
    let not = if entry.is_bootable { "" } else { ", not bootable" };
    let (at, length) = (entry.start / SECTOR_BYTES as u64, counted(entry.length, "byte"));
    format!("{}, {emulation}{not}, {length} at sector {at}", entry.platform)
}

fn table_rows(table: &PartitionTable, sheet: &mut Sheet) {
    let words = match table.kind {
        PartitionTableKind::Mbr => "a master boot record",
        PartitionTableKind::Gpt => "a GUID partition table",
        PartitionTableKind::Apple => "an Apple partition map",
    };
    sheet.row("partitions", words);
    for partition in table.partitions.iter().take(MOST_PARTITIONS) {
        sheet.more(partition_words(partition));
    }
    if let Some(more) = table.partitions.len().checked_sub(MOST_PARTITIONS).filter(|more| *more > 0) {
        sheet.more(format!("and {}", counted(more.try_into().unwrap_or(u64::MAX), "more partition")));
    }
}

/// `type ef, 1,474,560 bytes from byte 92,160`.
fn partition_words(partition: &Partition) -> String {
    let (kind, length) = (partition.kind.to_string(), counted(partition.bytes, "byte"));
    format!("type {}, {length} from byte {}", escaped(&kind), grouped(partition.start))
}

fn volume_words(volume: &Volume) -> String {
    let mut words = vec![volume.kind.to_string()];
    match volume.kind {
        VolumeKind::Iso9660 { set_size, sequence } if set_size > 1 => words.push(format!("{sequence} of {set_size}")),
        VolumeKind::Joliet { level } => words.push(format!("level {level}")),
        VolumeKind::Udf { revision: Some(revision) } => {
            words.push(format!("{:x}.{:02x}", revision >> 8, revision & 0xFF))
        }
        VolumeKind::HighSierra
        | VolumeKind::Iso9660 { .. }
        | VolumeKind::Enhanced
        | VolumeKind::RockRidge
        | VolumeKind::Udf { revision: None }
        | VolumeKind::Hfs
        | VolumeKind::HfsPlus => {}
    }
    if let Some(label) = &volume.label {
        words.push(format!("\"{}\"", escaped(label)));
    }
    if let Some(sectors) = volume.sectors {
        words.push(counted(sectors.0.into(), "sector"));
    }
    words.join(", ")
}

/// At first sight.
pub fn volume_lines(look: &FirstLook) -> Vec<VolumeLine> {
    look.volumes.iter().map(|volume| volume_line(volume, None)).collect()
}

/// All but its volumes.
pub fn image_line(image: &Image) -> ImageLine {
    let entries = image.boot.as_ref().map_or(&[][..], |boot| &boot.entries);
    ImageLine {
        bytes: image.length,
        sessions: image.sessions.iter().map(|s| SessionShape { number: s.number, start: s.start.0 }).collect(),
        session: image.session.map(|session| session.number),
        claims: claims(image).map(|(source, bytes)| LengthShape { source: source.to_string(), bytes }).collect(),
        boot: entries.iter().map(boot_shape).collect(),
        partition_tables: image.partition_tables.iter().map(|table| table.kind.to_string()).collect(),
        partitions: image.partition_tables.iter().flat_map(partition_shapes).collect(),
    }
}

fn boot_shape(entry: &BootEntry) -> BootShape {
    BootShape {
        platform: entry.platform.to_string(),
        bootable: entry.is_bootable,
        emulation: match entry.emulation {
            Emulation::None => "none",
            Emulation::Floppy(_) => "floppy",
            Emulation::HardDisk => "hard-disk",
            Emulation::Unknown(_) => "unknown",
        },
        lba: entry.start / SECTOR_BYTES as u64,
        bytes: entry.length,
    }
}

fn partition_shapes(table: &PartitionTable) -> impl Iterator<Item = PartitionShape> + '_ {
    table.partitions.iter().map(|partition| PartitionShape {
        table: table.kind.to_string(),
        kind: partition.kind.to_string(),
        byte: partition.start,
        bytes: partition.bytes,
    })
}

/// How many findings there are, and who tells them.
pub fn count_row(findings: FindingCounts, sheet: &mut Sheet) {
    let told = |count, word: &str| (count > 0).then(|| counted(count, word));
    let words = [told(findings.error, "error"), told(findings.warning, "warning")];
    let words: Vec<String> = words.into_iter().flatten().collect();
    sheet.row_if("findings", (!words.is_empty()).then(|| format!("{}: `verify` tells them", words.join(", "))));
}

/// With the number of their files.
pub fn image_lines(look: &FirstLook, judgement: &Judgement) -> Vec<VolumeLine> {
    let count = |kind| {
        let tree = tree_of(kind)?;
        judgement.trees.iter().find(|count| count.kind == tree)
    };
    let lines = volumes(look, &judgement.image).iter();
    lines.map(|volume| volume_line(volume, count(volume.kind))).collect()
}

fn volume_line(volume: &Volume, count: Option<&TreeCount>) -> VolumeLine {
    VolumeLine {
        kind: volume.kind.to_string(),
        label: volume.label.clone(),
        sectors: volume.sectors.map(|s| s.0),
        files: count.map(|count| count.files),
        directories: count.map(|count| count.directories),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sector::SectorCount;

    #[test]
    fn a_label_cannot_command_the_terminal() {
        let volume = Volume {
            kind: VolumeKind::Udf { revision: Some(0x0250) },
            label: Some("A\x1b[2J".to_owned()),
            sectors: Some(SectorCount(1000)),
        };
        assert_eq!(volume_words(&volume), "udf, 2.50, \"A\\x1b[2J\", 1,000 sectors");
    }
}
