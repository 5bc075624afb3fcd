use super::*;
use crate::filesystem::extent::Extent;
use crate::filesystem::finding::Finding;
use crate::filesystem::iso9660::el_torito::Platform;
use crate::filesystem::iso9660::writer::noise;
use crate::filesystem::limits::Limits;
use crate::filesystem::reader::Reader;
use crate::filesystem::scan::Scope;
use crate::filesystem::structure::Structure;
use crate::filesystem::tree::{Entry as Node, NodeKind};

const RECORD: u64 = 17 * 2048;
const CATALOGUE: u64 = 20 * 2048;
const BIOS: u64 = 21 * 2048;
const EFI: u64 = 24 * 2048;
const SECTORS: usize = 40;

/// A catalogue at sector 20 with two images: for a BIOS at 21, of 5001 bytes with its table, and for EFI at 24.
struct Disc {
    bytes: Vec<u8>,
}

impl Disc {
    fn new() -> Self {
        let mut disc = Self { bytes: noise(SECTORS * 2048, 7) };
        disc.put(RECORD, &[0; 2048]).put(RECORD, b"\0CD001\x01EL TORITO SPECIFICATION").put(RECORD + 71, &[20]);
        let mut catalogue = [0; 2048];
        catalogue[..32].copy_from_slice(b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xAA\x55\x55\xAA");
        catalogue[32..44].copy_from_slice(b"\x88\0\0\0\0\0\x04\0\x15\0\0\0");
        catalogue[64..68].copy_from_slice(b"\x91\xEF\x01\0");
        catalogue[96..108].copy_from_slice(b"\x88\0\0\0\0\0\x08\0\x18\0\0\0");
        disc.put(CATALOGUE, &catalogue);
        // The table's sum is one of bytes that a hand has added up: three words, and one byte of a fourth.
        disc.put(BIOS, &[0; 5001]);
        disc.put(BIOS + 64, &[1, 0, 0, 0, 0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]).put(BIOS + 5000, &[9]);
        disc.put(BIOS + 8, b"\x10\0\0\0\x15\0\0\0\x89\x13\0\0\x09\x01\0\0");
        disc
    }

    fn put(&mut self, at: u64, bytes: &[u8]) -> &mut Self {
        let at = usize::try_from(at).unwrap();
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn scanned<T>(&self, run: impl FnOnce(&mut Scan<'_>) -> T) -> (T, Vec<Finding>, Vec<Structure>) {
        let length = self.bytes.len() as u64;
        let mut source = self.bytes.as_slice();
        let limits = Limits::default();
        let mut scan = Scan::new(Reader::new(&mut source, length, &limits), Scope::Judge, limits, &|| false);
        let done = run(&mut scan);
        let structures = scan.structures.all().to_vec();
        (done, scan.findings.into_sorted(), structures)
    }

    fn read(&self) -> (Option<BootCatalogue>, Vec<Finding>) {
        use crate::filesystem::iso9660::descriptor::Recognized;
        let at = usize::try_from(RECORD).unwrap();
        let Ok(Some(Recognized::Boot(record))) = Recognized::parse(&self.bytes[at..at + 2048]) else { panic!() };
        let (boot, findings, _) = self.scanned(|scan| read(scan, &record, RECORD, Lba(0)));
        (boot, findings)
    }

    /// Rule, severity and place of the only finding.
    fn only(&self) -> (Rule, Severity, u64) {
        let (_, findings) = self.read();
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        (finding.rule, finding.severity, finding.at.unwrap())
    }
}

#[test]
fn a_sound_catalogue_is_read_in_silence() {
    let (boot, findings) = Disc::new().read();
    assert_eq!(findings, []);
    let entry =
        |platform, start, length| BootEntry { platform, is_bootable: true, emulation: Emulation::None, start, length };
    let entries = vec![entry(Platform::X86, BIOS, 2048), entry(Platform::Efi, EFI, 4096)];
    assert_eq!(boot, Some(BootCatalogue { at: CATALOGUE, entries }));
}

#[test]
fn each_fault_fires_its_rule() {
    let of = |at: u64, bytes: &[u8]| Disc::new().put(at, bytes).only();
    assert_eq!(of(RECORD + 40, b"x"), (Rule::T01, Severity::Warning, RECORD));
    assert_eq!(of(RECORD + 31, b"x"), (Rule::T01, Severity::Warning, RECORD));
    assert_eq!(of(RECORD + 71, &[200]), (Rule::T02, Severity::Error, RECORD));
    assert_eq!(of(RECORD + 71, &[0]), (Rule::T02, Severity::Error, RECORD));
    assert_eq!(of(CATALOGUE, &[2]), (Rule::T03, Severity::Error, CATALOGUE));
    assert_eq!(of(CATALOGUE + 30, &[0x54]), (Rule::T03, Severity::Error, CATALOGUE));
    assert_eq!(of(CATALOGUE + 28, &[0]), (Rule::T03, Severity::Error, CATALOGUE));
    let mut strange = Disc::new();
    strange.put(CATALOGUE + 1, &[3]).put(CATALOGUE + 29, &[0x52]);
    assert_eq!(strange.only(), (Rule::T03, Severity::Warning, CATALOGUE));
    assert_eq!(of(CATALOGUE + 32, &[0x87]), (Rule::T04, Severity::Warning, CATALOGUE + 32));
    assert_eq!(of(CATALOGUE + 97, &[9]), (Rule::T04, Severity::Warning, CATALOGUE + 96));
    assert_eq!(of(CATALOGUE + 33, &[0x40]), (Rule::T04, Severity::Info, CATALOGUE + 32));
    assert_eq!(of(CATALOGUE + 37, &[1]), (Rule::T04, Severity::Warning, CATALOGUE + 32));
    assert_eq!(of(CATALOGUE + 64, &[0x90]), (Rule::T05, Severity::Warning, CATALOGUE + 64));
    assert_eq!(of(CATALOGUE + 66, &[2]), (Rule::T05, Severity::Warning, CATALOGUE + 64));
    assert_eq!(of(CATALOGUE + 104, &[200]), (Rule::T06, Severity::Error, CATALOGUE + 96));
    assert_eq!(of(CATALOGUE + 104, &[0]), (Rule::T06, Severity::Error, CATALOGUE + 96));
    assert_eq!(of(CATALOGUE + 102, &[0, 1]), (Rule::T06, Severity::Warning, CATALOGUE + 96));
    assert_eq!(of(BIOS + 5000, &[8]), (Rule::T08, Severity::Error, BIOS));
    assert_eq!(of(BIOS + 18, &[1]), (Rule::T08, Severity::Error, BIOS));
}

#[test]
fn a_boot_image_without_a_table_of_its_own_has_no_sum() {
    assert_eq!(Disc::new().put(BIOS + 12, &[0x16]).put(BIOS + 70, &[1]).read().1, []);
}

#[test]
fn a_boot_record_elsewhere_is_told() {
    let record =
        BootRecord { system: *b"EL TORITO SPECIFICATION\0\0\0\0\0\0\0\0\0", identifier: [0; 32], catalogue: 20 };
    let (boot, findings, structures) = Disc::new().scanned(|scan| read(scan, &record, RECORD + 2048, Lba(0)));
    assert_eq!((boot.is_some(), findings.len(), findings[0].rule), (true, 1, Rule::T01));
    let kinds: Vec<_> =
        structures.iter().map(|structure| (structure.kind, structure.start, structure.length)).collect();
    let image = StructureKind::BootImage;
    assert_eq!(kinds, [(StructureKind::BootCatalogue, CATALOGUE, 2048), (image, BIOS, 2048), (image, EFI, 4096)]);
}

#[test]
fn an_emulated_medium_has_its_own_length() {
    let length = |disc: &Disc| disc.read().0.unwrap().entries[0].length;
    let mut disc = Disc::new();
    disc.bytes.resize(2 << 20, 1);
    disc.put(CATALOGUE + 33, &[2]);
    assert_eq!((length(&disc), disc.read().1.len()), (1_474_560, 0));
    disc.put(CATALOGUE + 33, &[4]).put(CATALOGUE + 36, &[0x0C]);
    disc.put(BIOS + 450, b"\x0C\0\0\0\x01\0\0\0\x20\0\0\0").put(BIOS + 510, &[0x55, 0xAA]);
    assert_eq!((length(&disc), disc.read().1.len()), (33 * 512, 0));
    assert_eq!(disc.put(CATALOGUE + 36, &[0x06]).only(), (Rule::T07, Severity::Warning, CATALOGUE + 32));
}

#[test]
fn an_efi_image_of_no_length_is_as_long_as_its_filesystem() {
    let mut disc = Disc::new();
    disc.put(CATALOGUE + 102, &[1, 0]).put(EFI + 510, &[0x55, 0xAA]).put(EFI + 11, &[0, 2]).put(EFI + 19, &[20, 0]);
    let (boot, findings) = disc.read();
    assert_eq!((boot.unwrap().entries[1].length, findings), (20 * 512, vec![]));
    disc.put(EFI + 510, &[0, 0]);
    assert_eq!(disc.read().0.unwrap().entries[1].length, 512);
}

#[test]
fn what_is_no_file_is_told() {
    let boot = Disc::new().read().0.unwrap();
    let mut tree = Tree::new(TreeKind::Iso9660, Node::new(b"", NodeKind::Directory, 0));
    let of = |tree: &Tree| Disc::new().scanned(|scan| judge_files(scan, &boot, std::slice::from_ref(tree))).1;
    assert_eq!(of(&tree), []);
    let mut add = |start| {
        let extents = [Extent::recorded(start, 10)];
        tree.add(Tree::ROOT, Node { extents: &extents, ..Node::new(b"A", NodeKind::File, 0) });
        of(&tree).iter().map(|finding| (finding.rule, finding.at.unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(add(BIOS), [(Rule::T09, CATALOGUE), (Rule::T09, EFI)]);
    assert_eq!(add(CATALOGUE), [(Rule::T09, EFI)]);
    assert_eq!(add(EFI), []);
}
