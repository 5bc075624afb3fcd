//! This module knows the metadata partition, a file that ICBs and directories lie in, and its mirror: OSTA UDF 2.2.13.

use super::own_file::{OwnFile, OwnFileError, TYPE_METADATA, TYPE_METADATA_BITMAP, TYPE_MIRROR};
use super::partition_map::MetadataFiles;
use super::space::{Partition, Run, Space};
use super::volume::BlockAddress;
use crate::filesystem::finding::Severity;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// The partition that the files in the partition at `reference` make up; what cannot be had of one is taken from the other.
pub fn read(scan: &mut Scan<'_>, space: &Space, reference: u16, files: &MetadataFiles) -> Partition {
    let main = file(scan, space, reference, files.main, TYPE_METADATA);
    // Its blocks may be needed for any that the main file has lost.
    let mirror = file(scan, space, reference, files.mirror, TYPE_MIRROR);
    let place = |block: u32| space.locate(reference, block).unwrap_or(0);
    let lost = |scan: &mut Scan<'_>, block, error: OwnFileError, name: &str, then: &str| {
        scan.find_as(Rule::U16, Severity::Warning, place(block), "entry", || {
            format!("the entry of the metadata {name} cannot be used: {error}{then}")
        });
    };
    let (main, mirror) = match (main, mirror) {
        (Ok(main), Ok(mirror)) => {
            if scan.judges() {
                compare(scan, space, files, &main, &mirror);
            }
            (main, Some(mirror))
        }
        (Ok(main), Err(error)) => {
            lost(scan, files.mirror, error, "mirror", "; the main file is used");
            (main, None)
        }
        (Err(error), Ok(mirror)) => {
            lost(scan, files.main, error, "file", "; its mirror is used");
            (mirror, None)
        }
        (Err(error), Err(other)) => {
            lost(scan, files.main, error, "file", "");
            lost(scan, files.mirror, other, "mirror", "");
            scan.find(Rule::U16, place(files.main), "none", || {
                "neither the metadata file nor its mirror can be used, so that no file can be found".to_owned()
            });
            return Partition::Unknown;
        }
    };
    if scan.judges() {
        bitmap(scan, space, reference, files, &main);
    }
    let block_bytes = space.block_bytes;
    let main_runs = main.runs(block_bytes);
    let mirror_runs = mirror.map(|mirror| mirror.runs(block_bytes)).filter(|runs| *runs != main_runs);
    let main_runs = filled(main_runs, mirror_runs.as_deref().unwrap_or_default());
    Partition::Metadata { main: main_runs, mirror: mirror_runs.unwrap_or_default() }
}

fn file(
    scan: &mut Scan<'_>,
    space: &Space,
    reference: u16,
    block: u32,
    file_type: u8,
) -> Result<OwnFile, OwnFileError> {
    let file = OwnFile::read(scan, space, BlockAddress { block, reference })?;
    let is_mirror = file_type == TYPE_MIRROR;
    scan.structures.add(StructureKind::MetadataFile { is_mirror }, file.at, space.block_bytes.into());
    if file.file_type != file_type {
        let found = file.file_type;
        scan.find_as(Rule::U16, Severity::Warning, file.at, "type", || {
            format!("a metadata file has file type {found} where {file_type} was expected")
        });
    }
    if !file.is_whole() {
        let size = file.size;
        scan.find_as(Rule::U16, Severity::Warning, file.at, "extents", || {
            format!("the extents of a metadata file have fewer than the {size} bytes that it says it has")
        });
    }
    Ok(file)
}

/// What the main file's runs leave out, the mirror may have.
fn filled(main: Vec<Run>, mirror: &[Run]) -> Vec<Run> {
    let end = main.last().map_or(0, |run| run.first.saturating_add(run.count));
    let mut all = main;
    for run in mirror {
        let skip = end.saturating_sub(run.first);
        let Some(count) = run.count.checked_sub(skip).filter(|&count| count > 0) else { continue };
        all.push(Run { first: run.first.saturating_add(skip), start: run.start.saturating_add(skip), count });
    }
    all
}

fn compare(scan: &mut Scan<'_>, space: &Space, files: &MetadataFiles, main: &OwnFile, mirror: &OwnFile) {
    if main.size != mirror.size {
        let (a, b) = (main.size, mirror.size);
        scan.find_as(Rule::U16, Severity::Warning, mirror.at, "size", || {
            format!("the metadata file has {a} bytes, its mirror {b}")
        });
    }
    let is_shared = main.content == mirror.content;
    if !files.is_duplicated {
        if !is_shared {
            scan.find_as(Rule::U16, Severity::Warning, mirror.at, "shared", || {
                "the mirror of the metadata file should share its extents, and has others".to_owned()
            });
        }
        return;
    }
    if is_shared {
        scan.find_as(Rule::U16, Severity::Warning, mirror.at, "shared", || {
            "the mirror of the metadata file should have extents of its own, and shares them".to_owned()
        });
        return;
    }
    same_content(scan, space, main, mirror);
}

fn same_content(scan: &mut Scan<'_>, space: &Space, main: &OwnFile, mirror: &OwnFile) {
    for (_, piece) in &mirror.content {
        scan.structures.add(StructureKind::MetadataFile { is_mirror: true }, piece.start, piece.length);
    }
    let length = space.block_bytes as usize;
    let (mut a, mut b) = (vec![0; length], vec![0; length]);
    let mut from = 0_u64;
    while from < main.size.min(mirror.size) && !scan.is_stopped() && !scan.reader.is_over() {
        let left = usize::try_from(main.size.min(mirror.size) - from).unwrap_or(usize::MAX);
        a.truncate(left);
        b.truncate(left);
        let has = (main.fill(scan, from, &mut a), mirror.fill(scan, from, &mut b));
        let at = |file: &OwnFile| place(file, from).unwrap_or(file.at);
        let block = from / u64::from(space.block_bytes).max(1);
        match has {
            (true, true) if a == b => {}
            (true, true) => scan.find_as(Rule::U16, Severity::Warning, at(mirror), "content", || {
                format!("block {block} of the metadata file is not that of its mirror; the main one is used")
            }),
            (false, false) => scan.find(Rule::U16, at(main), "both", || {
                format!("block {block} of the metadata file and that of its mirror cannot be read")
            }),
            (true, false) => scan.find_as(Rule::U16, Severity::Warning, at(mirror), "mirror", || {
                format!("block {block} of the metadata mirror cannot be read; the main file is used")
            }),
            (false, true) => scan.find_as(Rule::U16, Severity::Warning, at(main), "main", || {
                format!("block {block} of the metadata file cannot be read; its mirror is used")
            }),
        }
        from = from.saturating_add(length as u64);
    }
}

/// The byte of the image at which byte `from` of a file lies.
fn place(file: &OwnFile, from: u64) -> Option<u64> {
    let behind = file.content.partition_point(|(offset, _)| *offset <= from);
    let (offset, piece) = file.content.get(behind.checked_sub(1)?)?;
    piece.start.checked_add(from - offset)
}

fn bitmap(scan: &mut Scan<'_>, space: &Space, reference: u16, files: &MetadataFiles, main: &OwnFile) {
    let Some(block) = files.bitmap else { return };
    let at = space.locate(reference, block).unwrap_or(0);
    let file = match OwnFile::read(scan, space, BlockAddress { block, reference }) {
        Ok(file) => file,
        Err(error) => {
            return scan.find_as(Rule::U16, Severity::Warning, at, "bitmap", || {
                format!("the entry of the metadata bitmap cannot be used: {error}")
            });
        }
    };
    scan.structures.add(StructureKind::MetadataBitmap, file.at, space.block_bytes.into());
    for (_, piece) in &file.content {
        scan.structures.add(StructureKind::MetadataBitmap, piece.start, piece.length);
    }
    if file.file_type != TYPE_METADATA_BITMAP {
        let found = file.file_type;
        scan.find_as(Rule::U16, Severity::Warning, at, "bitmap", || {
            format!("the metadata bitmap has file type {found} where {TYPE_METADATA_BITMAP} was expected")
        });
    }
    let mut head = [0; 24];
    let bits = file.fill(scan, 0, &mut head).then(|| head.get(16..20)?.first_chunk().copied().map(u32::from_le_bytes));
    let blocks = main.size.div_ceil(u64::from(space.block_bytes).max(1));
    if let Some(Some(bits)) = bits
        && u64::from(bits) != blocks
    {
        scan.find_as(Rule::U16, Severity::Warning, at, "bitmap", || {
            format!("the metadata bitmap is of {bits} blocks, and the metadata file has {blocks}")
        });
    }
}
