//! This module knows how findings are told, and by what names that which is missing.

use super::path::{path_fields, path_words};
use crate::cli::json::{DamageLine, FindingCounts, FindingLine};
use crate::cli::listen::place;
use crate::cli::quantity::{counted, grouped};
use crate::cli::sheet::Sheet;
use crate::filesystem::{Damage, Damages, Finding, Owner, StructureKind, TreeKind};
use crate::sector::{SECTOR_BYTES, SectorRange};
use crate::verify::Counts;

/// Places of damage that are listed; JSON and the map have all.
const MOST_PLACES: usize = 12;

pub fn finding_line(finding: &Finding) -> FindingLine<'_> {
    let (path, path_raw) = finding.path.as_deref().map(path_fields).unzip();
    FindingLine {
        rule: finding.rule.id(),
        severity: finding.severity.to_string(),
        origin: finding.origin.to_string(),
        lba: finding.at.map(|at| at / SECTOR_BYTES as u64),
        byte: finding.at,
        path,
        path_raw: path_raw.flatten(),
        text: &finding.text,
        more: finding.more,
    }
}

/// `error  U09  damage  sector 18462  PHOTOS/IMG_0042.JPG: an extent lies outside of the partition`.
pub fn finding_words(finding: &Finding) -> String {
    let place = finding.at.map(|at| format!("sector {}  ", at / SECTOR_BYTES as u64)).unwrap_or_default();
    let path = finding.path.as_deref().map(|path| format!("{}: ", path_words(path))).unwrap_or_default();
    let more = match finding.more {
        0 => String::new(),
        more => format!(" (and {} more of this kind)", grouped(more)),
    };
    format!("{}  {}  {}  {place}{path}{}{more}", finding.severity, finding.rule, finding.origin, finding.text)
}

pub fn finding_counts(findings: &[Finding]) -> FindingCounts {
    let Counts { error, warning, info } = Counts::of(findings);
    FindingCounts { error, warning, info }
}

/// Whose the `lost` sectors are, as far as that is known.
pub fn damage_lines(damage: Option<&Damages>, lost: &[SectorRange]) -> Vec<DamageLine> {
    match damage.map(|damage| &damage.all) {
        Some(damage) if !damage.is_empty() => damage.iter().map(damage_line).collect(),
        Some(_) | None => lost.iter().map(nameless_line).collect(),
    }
}

fn nameless_line(range: &SectorRange) -> DamageLine {
    DamageLine {
        path: None,
        path_raw: None,
        owner: None,
        tree: None,
        lba: Some(range.start().0),
        sectors: Some(range.count().0),
        file_offset: None,
        bytes: range.count().bytes(),
        compressed: false,
        more_names: 0,
    }
}

fn damage_line(damage: &Damage) -> DamageLine {
    let (path, path_raw) = damage.path.as_deref().map(path_fields).unzip();
    let sectors = damage.sectors();
    DamageLine {
        path,
        path_raw: path_raw.flatten(),
        owner: Some(owner_name(damage.owner)),
        tree: damage.tree.map(tree_name),
        lba: Some(sectors.start().0),
        sectors: Some(sectors.count().0),
        file_offset: damage.file_offset,
        bytes: damage.length,
        compressed: damage.is_packed,
        more_names: damage.more_names,
    }
}

fn owner_name(owner: Owner) -> &'static str {
    match owner {
        Owner::File => "file",
        Owner::Directory => "directory",
        Owner::Structure(kind) => kind.name(),
        Owner::Unused => "unused",
        Owner::Unknown => "unknown",
    }
}

pub fn tree_name(kind: TreeKind) -> &'static str {
    match kind {
        TreeKind::HighSierra => "high-sierra",
        TreeKind::Iso9660 => "iso9660",
        TreeKind::Enhanced => "iso9660-1999",
        TreeKind::Joliet => "joliet",
        TreeKind::RockRidge => "rock-ridge",
        TreeKind::Udf => "udf",
    }
}

/// What was lost, by name, as rows under `word`; nothing where nothing was.
pub fn damage_rows(word: &str, damages: &Damages, sheet: &mut Sheet) {
    let mut word = word;
    for damage in damages.all.iter().take(MOST_PLACES) {
        sheet.row(std::mem::take(&mut word), damage_words(damage));
    }
    let more = damages.all.len().saturating_sub(MOST_PLACES);
    if more > 0 || damages.is_cut {
        let at_least = if damages.is_cut { "at least " } else { "" };
        let more = counted(more.try_into().unwrap_or(u64::MAX), "more place");
        sheet.more(format!("and {at_least}{more}, which --json lists"));
    }
}

/// `PHOTOS/IMG_0042.JPG: 2,048 bytes from byte 1,204,224 (sector 18462)`.
fn damage_words(damage: &Damage) -> String {
    let place = place(damage.sectors());
    let path = damage.path.as_deref().map(path_words);
    let others = match damage.more_names {
        0 => String::new(),
        more => format!(", and {}", counted(more, "other name")),
    };
    match (damage.owner, path) {
        (Owner::File, path) => {
            let lost = counted(damage.length, "byte");
            let offset = grouped(damage.file_offset.unwrap_or(0));
            let form = if damage.is_packed { " of its compressed form," } else { "" };
            format!("{}: {lost}{form} from byte {offset} ({place}){others}", path.unwrap_or_default())
        }
        (Owner::Directory, path) => {
            let path = path.unwrap_or_default();
            let tree = damage.tree.map_or("", |tree| match tree {
                TreeKind::Joliet => " of the Joliet tree",
                TreeKind::Udf => " of UDF",
                TreeKind::Enhanced => " of the ISO 9660:1999 tree",
                TreeKind::Iso9660 | TreeKind::RockRidge | TreeKind::HighSierra => "",
            });
            format!("directory {path}{tree}: names may be missing ({place})")
        }
        (Owner::Structure(StructureKind::FileEntry), Some(path)) => {
            format!("{path}: where UDF says what and where it is ({place}){others}")
        }
        (Owner::Structure(kind), _) => format!("{kind} ({place})"),
        (Owner::Unknown, _) => format!("unknown, since names are missing ({place})"),
        (Owner::Unused, _) => format!("nothing that is used ({place})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::{Origin, Rule, Severity};

    fn damage(owner: Owner, path: &[u8]) -> Damage {
        Damage {
            owner,
            path: Some(path.to_vec()),
            tree: Some(TreeKind::RockRidge),
            start: 18462 * 2048,
            length: 2048,
            file_offset: (owner == Owner::File).then_some(1_204_224),
            is_packed: false,
            more_names: 0,
        }
    }

    #[test]
    fn a_loss_is_told_by_name_and_bytes() {
        assert_eq!(
            damage_words(&damage(Owner::File, b"PHOTOS/IMG\x1b.JPG")),
            "PHOTOS/IMG\\x1b.JPG: 2,048 bytes from byte 1,204,224 (sector 18462)"
        );
        assert_eq!(
            damage_words(&Damage { is_packed: true, ..damage(Owner::File, b"A") }),
            "A: 2,048 bytes of its compressed form, from byte 1,204,224 (sector 18462)"
        );
        assert_eq!(damage_words(&damage(Owner::Directory, b"")), "directory /: names may be missing (sector 18462)");
        assert_eq!(
            damage_words(&damage(Owner::Structure(StructureKind::BootCatalogue), b"")),
            "the boot catalogue (sector 18462)"
        );
        assert_eq!(damage_words(&damage(Owner::Unused, b"")), "nothing that is used (sector 18462)");
    }

    #[test]
    fn a_finding_is_one_line() {
        let finding = Finding {
            rule: Rule::D04,
            severity: Severity::Error,
            origin: Origin::Truncation,
            at: Some(20 * 2048 + 5),
            path: Some(b"SUB/\xE9".to_vec()),
            text: "it ends behind the image".to_owned(),
            more: 1201,
        };
        assert_eq!(
            finding_words(&finding),
            "error  D04  truncation  sector 20  SUB/\\xe9: it ends behind the image (and 1,201 more of this kind)"
        );
        let line = serde_json::to_string(&finding_line(&finding)).unwrap();
        assert!(line.contains(r#""lba":20,"byte":40965,"path":"SUB/�","path_raw":"5355422fe9","#), "{line}");
    }
}
