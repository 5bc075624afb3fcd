//! Trees made by hand, with files whose sums stand in a list.

use super::*;
use crate::filesystem::tree::{Encoding, Entry, TreeKind, Zisofs};
use crate::sector::{Lba, SECTOR_BYTES};

const LIST: u64 = 20;

fn md5(bytes: &[u8]) -> [u8; ENTRY] {
    let mut digester = Digester::new(Algorithm::Md5);
    digester.update(bytes);
    digester.finish().bytes().try_into().unwrap()
}

/// Three files, one of them compressed, one of another name too, and one that has no sum.
fn image() -> (Vec<u8>, Tree) {
    let mut bytes: Vec<u8> = (0..24 * SECTOR_BYTES).map(|at| u8::try_from(at * 7 % 253).unwrap()).collect();
    let mut tree = Tree::new(TreeKind::RockRidge, Entry::new(b"", NodeKind::Directory, 0));
    let sector = SECTOR_BYTES as u64;
    let files: [(&[u8], u64, u64, u32); 5] = [
        (b"B", 6 * sector, 5000, 2),
        (b"A", 2 * sector, 3000, 1),
        (b"AGAIN", 2 * sector, 3000, 1),
        (b"PACKED", 10 * sector, 100, 3),
        (b"NO-SUM", 12 * sector, 10, 0),
    ];
    let mut sums = vec![[9; ENTRY]; 4];
    for (name, start, length, index) in files {
        let extents = [Extent::recorded(start, length)];
        let packed = Encoding::Zisofs(Zisofs { version: 1, header: 16, block_log2: 15, stored: length });
        let encoding = if name == b"PACKED" { packed } else { Encoding::Plain };
        let size = if name == b"PACKED" { 70_000 } else { length };
        let entry = Entry { size, extents: &extents, encoding, ..Entry::new(name, NodeKind::File, 0) };
        let id = tree.add(Tree::ROOT, entry).unwrap();
        tree.set_md5_index(id, index);
        if index > 0 {
            let (from, to) = (usize::try_from(start).unwrap(), usize::try_from(start + length).unwrap());
            sums[index as usize] = md5(&bytes[from..to]);
        }
    }
    sums.push(md5(sums.as_flattened()));
    let at = usize::try_from(LIST * sector).unwrap();
    bytes[at..at + sums.len() * ENTRY].copy_from_slice(sums.as_flattened());
    tree.md5_array = Some(Md5Array { start: LIST * sector, count: 5 });
    (bytes, tree)
}

fn checked(bytes: &[u8], tree: &Tree) -> FileSums {
    let length = bytes.len() as u64;
    check_files(tree, &mut { bytes }, length, &|| false, &mut |_| {}).unwrap()
}

#[test]
fn files_that_are_as_recorded_are_counted_once() {
    let (bytes, tree) = image();
    assert_eq!(checked(&bytes, &tree), FileSums { hold: 3, differ: 0, unchecked: 1, findings: vec![] });
}

#[test]
fn the_file_with_another_byte_is_named() {
    let (clean, tree) = image();
    for (at, name) in
        [(2 * SECTOR_BYTES + 2999, &b"A"[..]), (6 * SECTOR_BYTES, b"B"), (10 * SECTOR_BYTES + 99, b"PACKED")]
    {
        let mut bytes = clean.clone();
        bytes[at] ^= 1;
        let sums = checked(&bytes, &tree);
        assert_eq!((sums.hold, sums.differ), (2, 1));
        let [found] = &sums.findings[..] else { panic!("{:?}", sums.findings) };
        assert_eq!((found.rule, found.path.as_deref()), (Rule::C03, Some(name)));
        let first = if name == b"A" { 2 * SECTOR_BYTES } else { at / SECTOR_BYTES * SECTOR_BYTES };
        assert_eq!(found.at, Some(first as u64));
    }
    // Behind the last byte of a file.
    let mut bytes = clean;
    bytes[2 * SECTOR_BYTES + 3000] ^= 1;
    assert_eq!(checked(&bytes, &tree).findings, []);
}

#[test]
fn a_list_that_is_damaged_accuses_no_file() {
    let (mut bytes, tree) = image();
    let at = usize::try_from(LIST).unwrap() * SECTOR_BYTES;
    bytes[at + 20] ^= 1;
    let sums = checked(&bytes, &tree);
    assert_eq!((sums.hold, sums.differ), (0, 0));
    assert_eq!(sums.findings.iter().map(|f| (f.at, f.path.clone())).collect::<Vec<_>>(), [(Some(at as u64), None)]);
}

/// An image of which one sector cannot be read.
struct Holed<'a>(&'a [u8], u32);

impl SectorSource for Holed<'_> {
    fn sector_count(&self) -> crate::sector::SectorCount {
        self.0.sector_count()
    }
    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let end = start.0 + u32::try_from(buffer.len() / SECTOR_BYTES).unwrap();
        if (start.0..end).contains(&self.1) {
            return Err(SourceError::Unreadable { at: Lba(self.1) });
        }
        self.0.read_sectors(start, buffer)
    }
}

#[test]
fn a_list_that_is_missing_is_not_called_wrong() {
    let (bytes, tree) = image();
    let told = |sums: FileSums| -> Vec<_> { sums.findings.iter().map(|f| (f.rule, f.severity, f.origin)).collect() };
    let list = usize::try_from(LIST).unwrap();
    let cut = checked(&bytes[..list * SECTOR_BYTES + 30], &tree);
    assert_eq!(told(cut), [(Rule::C03, Severity::Info, Origin::Truncation)]);
    let mut source = Holed(&bytes, u32::try_from(list).unwrap());
    let bad = check_files(&tree, &mut source, bytes.len() as u64, &|| false, &mut |_| {}).unwrap();
    assert_eq!(told(bad), [(Rule::C03, Severity::Info, Origin::Damage)]);
}

#[test]
fn a_file_that_is_cut_off_is_not_checked() {
    let (bytes, tree) = image();
    let mut source = Holed(&bytes, 7);
    let sums = check_files(&tree, &mut source, bytes.len() as u64, &|| false, &mut |_| {}).unwrap();
    assert_eq!((sums.hold, sums.differ, sums.unchecked, sums.findings.len()), (2, 0, 2, 0));
}

#[test]
fn a_list_that_cannot_be_is_none() {
    let (bytes, mut tree) = image();
    for (start, count) in [(u64::MAX, 5), (LIST * 2048, u32::MAX), (LIST * 2048, 0), (LIST * 2048, 1), (1 << 40, 5)] {
        tree.md5_array = Some(Md5Array { start, count });
        assert_eq!(checked(&bytes, &tree).findings.len(), 1);
    }
}
