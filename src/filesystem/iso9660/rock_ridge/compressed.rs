//! This module knows whether the compressed files of a tree can be unpacked, by their headers and tables.

use crate::filesystem::content::zisofs::{Fault, UnpackError, Unpacker};
use crate::filesystem::extent::Extent;
use crate::filesystem::finding::Draft;
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::tree::{Encoding, NodeId, Tree, Zisofs};

const WHAT: &str = "the tables of compressed files";

/// Looks at each compressed file of `tree`; its content is not unpacked. For [`Scope::Judge`] only.
///
/// [`Scope::Judge`]: crate::filesystem::Scope::Judge
pub fn judge_compressed(scan: &mut Scan<'_>, tree: &mut Tree) {
    for id in tree.ids() {
        let Encoding::Zisofs(zisofs) = tree.encoding(id) else { continue };
        if scan.is_stopped() || !judge(scan, tree, id, zisofs) {
            return;
        }
    }
}

/// False where nothing more is looked at.
fn judge(scan: &mut Scan<'_>, tree: &mut Tree, id: NodeId, zisofs: Zisofs) -> bool {
    let mut unpacker = Unpacker::new(zisofs, tree.node(id).size);
    let extents = tree.extents(id);
    let at = extents.first().map_or(0, |extent| extent.start);
    // Many files may share one table, and each reads it from the cache.
    let blocks = unpacker.blocks().min(zisofs.stored / 4);
    scan.repeated_bytes = scan.repeated_bytes.saturating_add(blocks.saturating_mul(8));
    if scan.repeated_bytes > scan.limits.metadata_bytes {
        scan.cut(WHAT, "there is more of them than any disc needs");
        return false;
    }
    let mut read = |offset: u64, buffer: &mut [u8]| read_stored(scan, &extents, offset, buffer);
    let judged = unpacker.check_header(&mut read).and_then(|()| unpacker.check_table(&mut read));
    let fault = match judged {
        Ok(()) => return true,
        Err(UnpackError::Stored(error)) => {
            scan.unread(error, at, WHAT);
            tree.mark_damaged(id);
            return !matches!(error, ReadError::Over);
        }
        Err(UnpackError::Packed(fault)) => fault,
    };
    let subject = match fault {
        Fault::Header(_) => "header",
        Fault::Table { .. } => "table",
        Fault::Pointers { .. } | Fault::Data { .. } => "pointers",
    };
    let origin = scan.origin_at(at);
    let rule = Rule::R11;
    let path = || tree.path(id);
    let draft = Draft { rule, severity: rule.severity(), origin, at: Some(at), subject, path: Some(&path) };
    scan.add(draft, || fault.to_string());
    tree.mark_damaged(id);
    true
}

/// Fills `buffer` with what is stored of a file from `offset` on.
fn read_stored(scan: &mut Scan<'_>, extents: &[Extent], offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
    let mut skipped = offset;
    let mut rest = buffer;
    for extent in extents {
        if skipped >= extent.length {
            skipped -= extent.length;
            continue;
        }
        let count = usize::try_from(extent.length - skipped).unwrap_or(usize::MAX).min(rest.len());
        let (now, later) = rest.split_at_mut(count);
        scan.reader.read(extent.start.saturating_add(skipped), now)?;
        rest = later;
        skipped = 0;
        if rest.is_empty() {
            return Ok(());
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(ReadError::Beyond { at: extents.last().map_or(0, Extent::end) }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::finding::{Finding, Severity};
    use crate::filesystem::limits::Limits;
    use crate::filesystem::reader::Reader;
    use crate::filesystem::scan::Scope;
    use crate::filesystem::tree::{Entry, NodeKind, TreeKind};

    const START: usize = 3 * 2048;
    /// Header and table of a file of 40,000 bytes, in two blocks of which the first is all zeros.
    const FILE: &[u8] =
        b"\x37\xE4\x53\x96\xC9\xDB\xD6\x07\x40\x9C\0\0\x04\x0F\0\0\x1C\0\0\0\x1C\0\0\0\x30\0\0\0abcdefghijklmnopqrst";

    fn judged(flip: Option<(usize, u8)>, stored: u64) -> (Vec<Finding>, bool) {
        let mut bytes = vec![1; 8 * 2048];
        bytes[START..START + FILE.len()].copy_from_slice(FILE);
        if let Some((at, byte)) = flip {
            bytes[START + at] = byte;
        }
        let zisofs = Zisofs { version: 1, header: 16, block_log2: 15, stored };
        let extents = [Extent::recorded(START as u64, 20), Extent::recorded(START as u64 + 20, stored - 20)];
        let mut tree = Tree::new(TreeKind::RockRidge, Entry::new(b"", NodeKind::Directory, 0));
        let entry = Entry {
            size: 40_000,
            encoding: Encoding::Zisofs(zisofs),
            extents: &extents,
            ..Entry::new(b"packed", NodeKind::File, 0)
        };
        let id = tree.add(Tree::ROOT, entry).unwrap();
        let length = bytes.len() as u64;
        let mut source = bytes.as_slice();
        let limits = Limits::default();
        let mut scan = Scan::new(Reader::new(&mut source, length, &limits), Scope::Judge, limits, &|| false);
        judge_compressed(&mut scan, &mut tree);
        (scan.findings.into_sorted(), tree.node(id).is_damaged)
    }

    #[test]
    fn a_sound_file_is_silent() {
        assert_eq!(judged(None, 48), (vec![], false));
    }

    #[test]
    fn a_file_of_an_image_is_judged_with_the_rest() {
        use crate::filesystem::iso9660::writer::{Disc, Part, system_use};
        use crate::filesystem::{Image, Options};
        let mut disc = Disc { rock_ridge: true, ..Disc::new() };
        let zf = system_use::entry(b"ZF", b"pz\x04\x0F\x40\x9C\0\0\0\0\x9C\x40");
        let entries = [system_use::px(0o100_644, 1), system_use::nm(b"packed").concat(), zf];
        disc.file("packed", FILE).system_use = Some(entries.concat());
        let mut written = disc.write();
        let told = |bytes: &[u8]| {
            let options = Options { scope: Scope::Judge, ..Options::default() };
            let image = Image::read(&mut &*bytes, bytes.len() as u64, &options);
            let of_rule = image.findings.iter().filter(|finding| finding.rule == Rule::R11);
            of_rule.map(|finding| (finding.at, finding.path.clone())).collect::<Vec<_>>()
        };
        assert_eq!(told(&written.bytes), []);
        let start = written.start(Part::Primary, "packed");
        written.put(start, &[0]);
        assert_eq!(told(&written.bytes), [(Some(start), Some(b"packed".to_vec()))]);
    }

    #[test]
    fn each_fault_is_told_with_the_file() {
        for (flip, stored) in [(Some((0, 0)), 48), (Some((8, 0)), 48), (Some((24, 0xFF)), 48), (None, 47), (None, 25)] {
            let (findings, is_damaged) = judged(flip, stored);
            let [finding] = findings.as_slice() else { panic!("{findings:?}") };
            assert_eq!((finding.rule, finding.severity, finding.at), (Rule::R11, Severity::Error, Some(START as u64)));
            assert_eq!((finding.path.as_deref(), is_damaged), (Some(b"packed".as_slice()), true));
        }
    }
}
