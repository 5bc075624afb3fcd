//! This module knows how the filesystems of a disc or an image are told.

use crate::cli::escape::escaped;
use crate::cli::json::VolumeLine;
use crate::cli::quantity::counted;
use crate::cli::sheet::Sheet;
use crate::filesystem::{Content, FirstLook, PartitionTable, SizeJudgement, Volume, VolumeKind, judge_size};
use crate::sector::SectorCount;

/// What is on it; `sectors` is what it has.
pub fn volume_rows(look: &FirstLook, sectors: SectorCount, sheet: &mut Sheet) {
    for volume in &look.volumes {
        sheet.row("volume", volume_words(volume));
    }
    match look.content {
        Content::Filesystem => {}
        Content::NotAnImage(kind) => {
            sheet.row("content", format!("no image: this is {kind}"));
        }
        Content::AllZero => {
            sheet.row("content", "nothing but zeros, wherever it was looked at");
        }
        Content::Unknown => {
            sheet.row("content", "no filesystem that is known here");
        }
    }
    if let Some(boot) = &look.boot {
        let platforms: Vec<_> = boot.platforms.iter().map(ToString::to_string).collect();
        sheet.row("boots", if platforms.is_empty() { "yes".to_owned() } else { platforms.join(", ") });
    }
    for table in &look.partition_tables {
        sheet.row("partitions", table_words(*table));
    }
    sheet.row_if("fits", fit_words(judge_size(sectors, look)));
    for problem in &look.problems {
        sheet.row("problem", format!("sector {}: {}", problem.at, problem.kind));
    }
}

fn table_words(table: PartitionTable) -> &'static str {
    match table {
        PartitionTable::Mbr => "a master boot record",
        PartitionTable::Gpt => "a GUID partition table",
        PartitionTable::Apple => "an Apple partition map",
    }
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

fn fit_words(judgement: SizeJudgement) -> Option<String> {
    match judgement {
        SizeJudgement::Unknown | SizeJudgement::Fits => None,
        SizeJudgement::Padding { sectors } => {
            Some(format!("{} of padding behind the filesystem", counted(sectors.0.into(), "sector")))
        }
        SizeJudgement::TrailingData { sectors } => {
            Some(format!("{} behind the end of the filesystem", counted(sectors.0.into(), "sector")))
        }
        SizeJudgement::DiscTooSmall { missing } => {
            Some(format!("{} fewer than the filesystem needs", counted(missing.0.into(), "sector")))
        }
    }
}

pub fn volume_lines(look: &FirstLook) -> Vec<VolumeLine> {
    let line = |volume: &Volume| VolumeLine {
        kind: volume.kind.to_string(),
        label: volume.label.clone(),
        sectors: volume.sectors.map(|s| s.0),
    };
    look.volumes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_command_the_terminal() {
        let volume = Volume {
            kind: VolumeKind::Udf { revision: Some(0x0250) },
            label: Some("A\x1b[2J".to_owned()),
            sectors: Some(SectorCount(1000)),
        };
        assert_eq!(volume_words(&volume), "udf, 2.50, \"A\\x1b[2J\", 1,000 sectors");
    }

    #[test]
    fn what_is_missing_is_told() {
        let look = FirstLook { needed: Some(SectorCount(5000)), ..FirstLook::default() };
        let mut sheet = Sheet::default();
        volume_rows(&look, SectorCount(1000), &mut sheet);
        assert!(sheet.to_string().ends_with("fits        4,000 sectors fewer than the filesystem needs"), "{sheet}");
    }
}
