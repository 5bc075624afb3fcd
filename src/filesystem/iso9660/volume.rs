//! This module knows the way from a session's volume descriptors to its trees.

use super::name::without_version;
use super::recognition::{Placed, Recognition, recognize};
use super::record::{Format, Record, SHORTEST};
use super::rock_ridge::{self, Susp};
use super::walk::{self, Walked};
use super::{check, el_torito, partition, path_table};
use crate::filesystem::boot::BootCatalogue;
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::{Tree, TreeKind};
use crate::filesystem::volume::{SizeSource, Volume, VolumeKind, sectors_for};
use crate::filesystem::{overlap, sums};
use crate::sector::{Lba, SECTOR_BYTES};

/// What a session holds of ISO 9660.
#[derive(Debug, Default)]
pub struct Iso {
    pub volumes: Vec<Volume>,
    pub trees: Vec<Tree>,
    pub boot: Option<BootCatalogue>,
}

/// A tree that could be walked.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    kind: TreeKind,
    placed: Placed<'a>,
    susp: Option<Susp>,
}

/// The trees of the session that begins at `start`: `only` that one, or where all is judged all of them, or else the
/// best that has files.
pub(in crate::filesystem) fn read(scan: &mut Scan<'_>, start: Lba, only: Option<TreeKind>) -> Iso {
    let found = recognize(scan, start);
    if !found.is_iso() {
        return Iso::default();
    }
    own(scan, &found);
    let mut copies_end = None;
    if start != Lba(0) {
        // Of media that can be overwritten: a copy, which is what most readers start from.
        let first = recognize(scan, Lba(0));
        own(scan, &first);
        copies_end = Some(first.end());
    } else {
        partition::own(scan);
    }
    if scan.judges() {
        check::volume(scan, &found);
    }
    let mut iso = Iso::default();
    let mut candidates = Vec::new();
    let described = [
        (TreeKind::HighSierra, found.high_sierra()),
        (TreeKind::Iso9660, found.primary()),
        (TreeKind::Enhanced, found.enhanced()),
        (TreeKind::Joliet, found.joliet()),
    ];
    for (kind, placed) in described {
        let Some(placed) = placed else { continue };
        iso.volumes.push(volume_of(kind, placed));
        claim(scan, start, kind, placed);
        candidates.push(Candidate { kind, placed, susp: None });
    }
    if let Some(placed) = found.primary()
        && let Some(susp) = announced(scan, placed)
        && susp.is_rock_ridge
    {
        if let Some(array) = susp.md5_array {
            sums::own(scan, array, found.end());
            copies_end.into_iter().for_each(|end| sums::own_of_copies(scan, end));
        }
        iso.volumes.push(Volume { kind: VolumeKind::RockRidge, label: None, sectors: None });
        candidates.push(Candidate { kind: TreeKind::RockRidge, placed, susp: Some(susp) });
    }
    candidates.sort_by_key(|candidate| preference(candidate.kind));
    iso.trees = trees(scan, start, &found, &candidates, only);
    if let Some((at, record)) = found.el_torito() {
        iso.boot = el_torito::read(scan, record, at, start);
    }
    if scan.judges() {
        overlap::judge(scan, Rule::D12, &iso.trees);
        for tree in &mut iso.trees {
            rock_ridge::judge_compressed(scan, tree);
        }
        named_files(scan, &found, &iso.trees);
        if let Some(boot) = &iso.boot {
            el_torito::judge_files(scan, boot, &iso.trees);
        }
    }
    iso
}

pub(super) fn own(scan: &mut Scan<'_>, found: &Recognition) {
    for sector in &found.sectors {
        scan.structures.add(StructureKind::VolumeDescriptor, sector.at, SECTOR_BYTES as u64);
    }
}

/// The order in which they are tried.
fn preference(kind: TreeKind) -> u8 {
    match kind {
        TreeKind::RockRidge => 0,
        TreeKind::Joliet => 1,
        TreeKind::Enhanced => 2,
        TreeKind::Iso9660 => 3,
        TreeKind::HighSierra => 4,
        TreeKind::Udf => 5,
    }
}

fn trees(
    scan: &mut Scan<'_>,
    start: Lba,
    found: &Recognition,
    candidates: &[Candidate<'_>],
    only: Option<TreeKind>,
) -> Vec<Tree> {
    let has_rock_ridge = candidates.iter().any(|candidate| candidate.kind == TreeKind::RockRidge);
    let is_wanted = |candidate: &&Candidate<'_>| match only {
        Some(only) => only == candidate.kind,
        // With Rock Ridge the same records would be read twice.
        None => !(candidate.kind == TreeKind::Iso9660 && has_rock_ridge),
    };
    let wanted: Vec<&Candidate<'_>> = candidates.iter().filter(is_wanted).collect();
    if scan.judges() {
        let judge = |scan: &mut Scan<'_>, candidate: &Candidate<'_>| judged_tree(scan, start, found, candidate);
        let Some((first, others)) = wanted.split_first() else { return Vec::new() };
        let rest = |scan: &mut Scan<'_>| others.iter().filter_map(|other| judge(scan, other)).collect::<Vec<_>>();
        let (first, rest) = match others {
            [] => (judge(scan, first), Vec::new()),
            _ => scan.both(|scan| judge(scan, first), rest),
        };
        return first.into_iter().chain(rest).collect();
    }
    let mut trees = Vec::new();
    for candidate in wanted {
        let Some(Walked { tree, .. }) = walk_candidate(scan, start, found, candidate) else { continue };
        // A disc can have all its files in a tree that is not the best one.
        let is_enough = !tree.is_empty();
        trees.push(tree);
        if is_enough {
            break;
        }
    }
    trees
}

/// With its path tables.
fn judged_tree(scan: &mut Scan<'_>, start: Lba, found: &Recognition, candidate: &Candidate<'_>) -> Option<Tree> {
    let Walked { tree, physical } = walk_candidate(scan, start, found, candidate)?;
    let Placed { at, descriptor, .. } = candidate.placed;
    // The draft's tables have another layout, and no writer ever got them wrong that we know of.
    if candidate.kind != TreeKind::HighSierra {
        let is_whole = !tree.is_cut() && !tree.has_damaged_directory();
        path_table::judge(scan, at, (candidate.kind, descriptor), &physical, is_whole);
    }
    Some(tree)
}

fn walk_candidate(scan: &mut Scan<'_>, start: Lba, found: &Recognition, candidate: &Candidate<'_>) -> Option<Walked> {
    let Placed { at, descriptor, .. } = candidate.placed;
    let format = if candidate.kind == TreeKind::HighSierra { Format::HighSierra } else { Format::Iso9660 };
    let root = Record::parse(&descriptor.root, format).ok()?;
    let is_second = matches!(candidate.kind, TreeKind::Joliet | TreeKind::Enhanced);
    let volume = walk::Volume {
        kind: candidate.kind,
        format,
        descriptor,
        block_bytes: descriptor.block_bytes(),
        descriptors: found.first..found.end(),
        end: start.byte_offset().saturating_add(descriptor.space_bytes()),
        sequence: descriptor.sequence_number.value(),
        root,
        root_at: at.saturating_add(root_offset(format)),
        susp: candidate.susp,
        has_parents_of_its_own: is_second || found.is_by_genisoimage(),
    };
    Some(walk::walk(scan, &volume))
}

/// Where the root's record stands in the descriptor.
fn root_offset(format: Format) -> u64 {
    match format {
        Format::Iso9660 => 156,
        Format::HighSierra => 180,
    }
}

fn volume_of(kind: TreeKind, placed: Placed<'_>) -> Volume {
    let descriptor = placed.descriptor;
    let (set_size, sequence) = (descriptor.set_size.value(), descriptor.sequence_number.value());
    let kind = match kind {
        TreeKind::Iso9660 | TreeKind::RockRidge | TreeKind::Udf => VolumeKind::Iso9660 { set_size, sequence },
        TreeKind::HighSierra => VolumeKind::HighSierra,
        TreeKind::Enhanced => VolumeKind::Enhanced,
        TreeKind::Joliet => VolumeKind::Joliet { level: descriptor.joliet_level().unwrap_or(0) },
    };
    let label = if matches!(kind, VolumeKind::Joliet { .. }) { descriptor.joliet_label() } else { descriptor.label() };
    let sectors = Some(sectors_for(descriptor.space_bytes())).filter(|sectors| !sectors.is_zero());
    Volume { kind, label, sectors }
}

fn claim(scan: &mut Scan<'_>, start: Lba, kind: TreeKind, placed: Placed<'_>) {
    let source = match kind {
        TreeKind::HighSierra => SizeSource::HighSierra,
        TreeKind::Iso9660 | TreeKind::RockRidge | TreeKind::Udf => SizeSource::Iso9660,
        TreeKind::Enhanced | TreeKind::Joliet => SizeSource::Supplementary,
    };
    let bytes = placed.descriptor.space_bytes();
    if bytes > 0 {
        scan.claims.push((source, start.byte_offset().saturating_add(bytes)));
    }
}

/// V16: copyright, abstract and bibliography are files of the root directory, where the descriptor names any.
fn named_files(scan: &mut Scan<'_>, found: &Recognition, trees: &[Tree]) {
    let Some(primary) = found.primary() else { return };
    for (offset, what) in [(702, "copyright"), (739, "abstract"), (776, "bibliographic")] {
        let field = primary.bytes.get(offset..offset + 37).unwrap_or_default();
        let is_text = |byte: &u8| *byte != b' ' && *byte != 0;
        let end = field.iter().rposition(is_text).map_or(0, |last| last + 1);
        let name = without_version(field.get(..end).unwrap_or_default());
        let is_in = |tree: &Tree| tree.children(Tree::ROOT).any(|child| tree.name(child).eq_ignore_ascii_case(name));
        if !name.is_empty() && !trees.iter().any(is_in) {
            let (rule, severity, origin) = (Rule::V16, Severity::Info, Origin::Mastering);
            let at = Some(primary.at.saturating_add(offset as u64));
            scan.add(Draft { rule, severity, origin, at, subject: what, path: None }, || {
                format!("the {what} file that the descriptor names is not in the root directory")
            });
        }
    }
}

/// How the root's own record announces System Use entries.
fn announced(scan: &mut Scan<'_>, placed: Placed<'_>) -> Option<Susp> {
    let descriptor = placed.descriptor;
    let block_bytes = descriptor.block_bytes();
    let root = Record::parse(&descriptor.root, Format::Iso9660).ok()?;
    let block = u64::from(root.extent.value()) + u64::from(root.attribute_blocks);
    let at = block * u64::from(block_bytes);
    let [length] = scan.reader.array(at).ok()?;
    let bytes = scan.reader.bytes(at, usize::from(length)).ok()?;
    if bytes.len() < SHORTEST {
        return None;
    }
    let own = Record::parse(&bytes, Format::Iso9660).ok().filter(Record::is_own)?;
    let area_at = at.saturating_add(own.system_use_offset() as u64);
    Susp::announced(scan, own.system_use, area_at, block_bytes)
}
