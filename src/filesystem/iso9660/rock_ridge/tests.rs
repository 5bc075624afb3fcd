use super::*;
use crate::filesystem::finding::{Finding, Origin, Severity};
use crate::filesystem::iso9660::writer::system_use::{self, ce, cl, entry, nm, pl, px, sl};
use crate::filesystem::limits::Limits;
use crate::filesystem::reader::Reader;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scope;
use crate::filesystem::structure::{Structure, StructureKind};
use proptest::prelude::*;

/// Byte of the record's area in [`Image`].
const AT: u64 = 5 * 2048 + 100;
const PLAIN: Susp = Susp { skip: 0, is_rock_ridge: true, block_bytes: 2048, md5_array: None };

/// Some sectors, and areas in them.
struct Image {
    bytes: Vec<u8>,
    limits: Limits,
    structures: Vec<Structure>,
}

impl Image {
    /// Ten sectors, none of which is like the one before; `areas` stand where they say.
    fn new(areas: &[(u64, &[u8])]) -> Self {
        let mut bytes: Vec<u8> = (0..10_u8).flat_map(|sector| vec![sector + 1; 2048]).collect();
        for (at, area) in areas {
            let at = usize::try_from(*at).unwrap();
            bytes[at..at + area.len()].copy_from_slice(area);
        }
        Self { bytes, limits: Limits::default(), structures: Vec::new() }
    }

    fn scanned<T>(&mut self, scope: Scope, run: impl FnOnce(&mut Scan<'_>) -> T) -> (T, Vec<Finding>) {
        let length = self.bytes.len() as u64;
        let mut source = self.bytes.as_slice();
        let reader = Reader::new(&mut source, length, &self.limits);
        let mut scan = Scan::new(reader, scope, self.limits, &|| false);
        let done = run(&mut scan);
        self.structures = scan.structures.all().to_vec();
        (done, scan.findings.into_sorted())
    }

    fn read_by(&mut self, susp: Susp, area: &[u8]) -> (Attributes, Vec<Finding>) {
        self.scanned(Scope::Judge, |scan| susp.read(scan, area, AT, &|| b"the/path".to_vec()))
    }
}

/// Of a record with just these entries.
fn read(entries: &[Vec<u8>]) -> (Attributes, Vec<Finding>) {
    let area = entries.concat();
    Image::new(&[(AT, &area)]).read_by(PLAIN, &area)
}

fn announced(entries: &[Vec<u8>]) -> (Option<Susp>, Vec<Finding>) {
    let area = entries.concat();
    Image::new(&[(AT, &area)]).scanned(Scope::Judge, |scan| Susp::announced(scan, &area, AT, 2048))
}

/// Rule, severity and place of the only finding.
fn only(findings: &[Finding]) -> (Rule, Severity, u64) {
    let [finding] = findings else { panic!("{findings:?}") };
    (finding.rule, finding.severity, finding.at.unwrap())
}

fn sp(skip: u8) -> Vec<u8> {
    entry(b"SP", &[0xBE, 0xEF, skip])
}

fn er(id: &[u8]) -> Vec<u8> {
    system_use::er(id, b"", b"")
}

fn tf() -> Vec<u8> {
    entry(b"TF", &[0x02, 101, 2, 3, 4, 5, 6, 0])
}

#[test]
fn a_record_has_all_that_its_entries_say() {
    let zf = entry(b"ZF", b"pz\x04\x0F\x7E\x68\x04\0\0\x04\x68\x7E");
    let cx = entry(b"AL", b"\0\0\x03\x04cx\0\x04\0\0\0\x02");
    let (found, findings) = read(&[px(0o100_644, 3), tf(), nm(b"a name").concat(), zf, cx]);
    assert_eq!(findings, []);
    let posix = found.posix.unwrap();
    assert_eq!((posix.mode, posix.links, posix.kind()), (0o100_644, 3, Some(NodeKind::File)));
    assert_eq!(found.name.as_deref(), Some(b"a name".as_slice()));
    assert_eq!(found.modified.map(|moment| moment.seconds), Some(981_173_106));
    assert_eq!(found.zisofs, Some((Zisofs { version: 1, header: 16, block_log2: 15, stored: 0 }, 288_894)));
    assert_eq!(found.md5_index, Some(2));
    assert!(!found.is_damaged);
}

#[test]
fn a_link_points_somewhere_and_a_moved_directory_is_elsewhere() {
    let (found, findings) = read(&[px(0o120_777, 1), sl(b"../a/b")]);
    assert_eq!((found.target.as_deref(), findings.len()), (Some(b"../a/b".as_slice()), 0));
    let (found, _) = read(&[cl(77)]);
    assert_eq!(found.child, Some(77));
    let (found, _) = read(&[pl(33)]);
    assert_eq!(found.parent, Some(33));
    assert!(read(&[entry(b"RE", b"")]).0.is_relocated);
}

#[test]
fn posix_attributes_of_the_younger_edition_have_a_serial_number() {
    let mut payload = px(0o100_644, 1)[4..].to_vec();
    payload.extend([9, 0, 0, 0, 0, 0, 0, 9]);
    let (found, findings) = read(&[entry(b"PX", &payload)]);
    assert_eq!((found.posix.unwrap().serial, findings.len()), (Some(9), 0));
}

#[test]
fn an_area_goes_on_elsewhere() {
    let (first, second, third) = ([px(0o100_644, 1), ce(7, 40, 4 + 28 + 5)].concat(), 7 * 2048 + 40, 8 * 2048);
    let name = nm(b"name").concat();
    let middle = [entry(b"PD", b""), ce(8, 0, u32::try_from(name.len()).unwrap()), vec![0; 5]].concat();
    let mut image = Image::new(&[(AT, &first), (second, &middle), (third, &name)]);
    let (found, findings) = image.read_by(PLAIN, &first);
    assert_eq!((found.name.as_deref(), findings), (Some(b"name".as_slice()), vec![]));
    let kind = StructureKind::ContinuationArea;
    let areas = [Structure { kind, start: second, length: 37 }, Structure { kind, start: third, length: 9 }];
    assert_eq!(image.structures, areas);
}

#[test]
fn bytes_before_the_entries_are_skipped_but_for_the_root() {
    let xa = b"\0\0\0\0\x0D\x55XA\0\0\0\0\0\0".to_vec();
    let name = nm(b"name").concat();
    let area = [xa.clone(), name.clone()].concat();
    let susp = Susp { skip: 14, ..PLAIN };
    assert_eq!(Image::new(&[]).read_by(susp, &area).0.name.as_deref(), Some(b"name".as_slice()));
    // Some say that there is nothing to skip, and have it nevertheless.
    assert_eq!(read(&[xa.clone(), name]).0.name.as_deref(), Some(b"name".as_slice()));
    let (root, findings) = Image::new(&[]).read_by(susp, &[sp(14), px(0o040_755, 2)].concat());
    assert_eq!((root.posix.map(|posix| posix.links), findings.len()), (Some(2), 0));
    let (susp, findings) = announced(&[xa, sp(14), px(0o040_755, 2), er(b"RRIP_1991A")]);
    assert_eq!((susp.map(|susp| (susp.skip, susp.is_rock_ridge)), findings.len()), (Some((14, true)), 0));
}

#[test]
fn the_root_announces_rock_ridge() {
    let sound = [sp(0), px(0o040_755, 2), er(b"IEEE_P1282")];
    assert_eq!(announced(&sound), (Some(PLAIN), vec![]));
    let (susp, findings) = announced(&[sp(0), entry(b"AA", &[2; 10])]);
    assert_eq!((susp.map(|susp| susp.is_rock_ridge), findings), (Some(false), vec![]));
    assert_eq!(announced(&[]), (None, vec![]));
    assert_eq!(announced(&[vec![0; 40]]), (None, vec![]));
}

#[test]
fn what_the_root_does_not_announce_well_is_read_and_told() {
    let mut broken = sp(0);
    broken[4] = 0;
    let (susp, findings) = announced(&[broken.clone(), px(0o040_755, 2), er(b"IEEE_P1282")]);
    assert_eq!((susp, only(&findings)), (Some(PLAIN), (Rule::R01, Severity::Error, AT)));
    assert_eq!(read(&[broken.clone(), px(0o040_755, 2), er(b"IEEE_P1282")]).1, []);
    let (susp, findings) = announced(&[broken]);
    assert_eq!((susp, only(&findings)), (None, (Rule::R01, Severity::Warning, AT)));
    let old = [entry(b"RR", &[0x89]), px(0o040_755, 2)];
    assert_eq!(only(&announced(&old).1), (Rule::R01, Severity::Warning, AT));
    let (susp, findings) = announced(&[sp(0), px(0o040_755, 2)]);
    assert_eq!((susp, only(&findings)), (Some(PLAIN), (Rule::R02, Severity::Warning, AT)));
}

#[test]
fn each_fault_of_an_entry_fires_its_rule() {
    let behind = |first: &[Vec<u8>], wrong: Vec<u8>| {
        let at = AT + first.concat().len() as u64;
        let (found, findings) = read(&[first, &[wrong]].concat());
        let (rule, severity, found_at) = only(&findings);
        assert_eq!(found_at, at);
        assert_eq!(findings[0].path.as_deref(), Some(b"the/path".as_slice()));
        assert_eq!(found.is_damaged, severity == Severity::Error);
        (rule, severity)
    };
    let first = [px(0o100_644, 1)];
    let of = |wrong: Vec<u8>| behind(&first, wrong);
    assert_eq!(of(er(b"IEEE_P1282")), (Rule::R02, Severity::Warning));
    assert_eq!(of(b"NM\x03\x01\0".to_vec()), (Rule::R03, Severity::Error));
    assert_eq!(of(b"NM\xC8\x01\0".to_vec()), (Rule::R03, Severity::Error));
    assert_eq!(of(ce(999, 0, 40)), (Rule::R04, Severity::Error));
    assert_eq!(of(entry(b"CE", &[1; 20])), (Rule::R04, Severity::Error));
    assert_eq!(of(entry(b"TF", &[0x02, 101, 2, 3])), (Rule::R10, Severity::Warning));
    assert_eq!(of(entry(b"TF", &[0x02, 101, 13, 3, 0, 0, 0, 0])), (Rule::R10, Severity::Warning));
    assert_eq!(of(entry(b"ZF", b"pz\x04\x30\0\0\0\0\0\0\0\0")), (Rule::R11, Severity::Error));
    assert_eq!(of(entry(b"ZF", b"pz")), (Rule::R11, Severity::Error));
    assert_eq!(of(entry(b"ZF", b"??\x04\x0F\0\0\0\0\0\0\0\0")), (Rule::R11, Severity::Warning));
    assert_eq!(of(entry(b"ST", b"\0")), (Rule::R13, Severity::Warning));
    assert_eq!(of(entry(b"Q!", b"")), (Rule::R14, Severity::Info));
    assert_eq!(of(entry(b"PN", &[0; 7])), (Rule::R06, Severity::Warning));
    assert_eq!(of(entry(b"CL", &[0; 7])), (Rule::R09, Severity::Error));
    let [little, big] = [[5, 0, 0, 0], [0, 0, 0, 6]];
    assert_eq!(of(entry(b"PL", &[little, big].concat())), (Rule::R09, Severity::Warning));
    let mut long = px(0o100_644, 1);
    long.extend([0, 0, 0, 0]);
    long[2] = 40;
    assert_eq!(behind(&[], long), (Rule::R05, Severity::Warning));
    let mut torn = px(0o100_644, 1);
    torn[11] ^= 1;
    assert_eq!(behind(&[], torn), (Rule::R05, Severity::Warning));
}

#[test]
fn a_wrong_name_or_link_is_told_where_the_record_stands() {
    let of = |entries: &[Vec<u8>]| only(&read(entries).1);
    assert_eq!(of(&nm(b"../x")), (Rule::R08, Severity::Error, AT));
    assert_eq!(of(&[entry(b"NM", b"\x01x")]), (Rule::R08, Severity::Warning, AT));
    assert_eq!(of(&[entry(b"SL", b"\0\0\x09x")]), (Rule::R07, Severity::Error, AT));
    let real = [b"\0\0\xB4".as_slice(), &[b'a'; 180], b"\0\xC8", &[b'b'; 200]].concat();
    let length = u8::try_from(real.len() + 4 - 256).unwrap();
    let wrapped = [b"SL".as_slice(), &[length, 1], &real].concat();
    let (found, findings) = read(&[wrapped, px(0o120_777, 1)]);
    assert_eq!(only(&findings), (Rule::R07, Severity::Warning, AT));
    assert_eq!(findings[0].origin, Origin::Mastering);
    assert_eq!((found.target.unwrap().len(), found.posix.is_some(), found.is_damaged), (381, true, false));
}

#[test]
fn areas_in_a_circle_are_left() {
    let first = ce(7, 0, 37);
    let second = [nm(b"name").concat(), ce(7, 0, 37)].concat();
    let (found, findings) = Image::new(&[(AT, &first), (7 * 2048, &second)]).read_by(PLAIN, &first);
    assert_eq!(only(&findings), (Rule::R04, Severity::Error, 7 * 2048 + 9));
    assert_eq!((found.name.as_deref(), found.is_damaged), (Some(b"name".as_slice()), true));
    let own = ce(5, 100, 28);
    assert_eq!(only(&Image::new(&[(AT, &own)]).read_by(PLAIN, &own).1), (Rule::R04, Severity::Error, AT));
}

#[test]
fn an_area_in_two_blocks_or_in_two_byte_orders_is_read() {
    let name = nm(b"name").concat();
    let across = ce(6, 2040, 100);
    let padded = [name.clone(), vec![0; 91]].concat();
    let (found, findings) = Image::new(&[(AT, &across), (6 * 2048 + 2040, &padded)]).read_by(PLAIN, &across);
    assert_eq!(only(&findings), (Rule::R04, Severity::Warning, AT));
    assert_eq!(found.name.as_deref(), Some(b"name".as_slice()));
    let mut torn = ce(6, 0, 9);
    torn[11] ^= 1;
    let (found, findings) = Image::new(&[(AT, &torn), (6 * 2048, &name)]).read_by(PLAIN, &torn);
    assert_eq!(only(&findings), (Rule::R04, Severity::Warning, AT));
    assert_eq!(found.name.as_deref(), Some(b"name".as_slice()));
    let twice = [ce(6, 0, 9), ce(7, 0, 9)].concat();
    let (found, findings) = Image::new(&[(AT, &twice), (6 * 2048, &name)]).read_by(PLAIN, &twice);
    assert_eq!(only(&findings), (Rule::R04, Severity::Error, AT + 28));
    assert_eq!(found.name.as_deref(), Some(b"name".as_slice()));
}

#[test]
fn a_chain_of_areas_ends_at_the_limit() {
    let links: Vec<(u64, Vec<u8>)> = (0..300_u32).map(|n| (u64::from(n) * 28, ce(0, (n + 1) * 28, 28))).collect();
    let areas: Vec<(u64, &[u8])> = links.iter().map(|(at, area)| (*at, area.as_slice())).collect();
    let mut image = Image::new(&areas);
    let (found, findings) = image.read_by(PLAIN, &links[0].1);
    assert!(found.is_damaged);
    assert!(findings.iter().any(|finding| finding.rule == Rule::S02), "{findings:?}");
}

#[test]
fn attributes_and_record_agree() {
    let of = |entries: &[Vec<u8>], record| {
        let (attributes, _) = read(entries);
        let mut image = Image::new(&[]);
        image.scanned(Scope::Judge, |scan| PLAIN.judge(scan, &attributes, record, AT, &Vec::new)).1
    };
    let rules = |entries: &[Vec<u8>], record| only(&of(entries, record));
    let file = px(0o100_644, 1);
    assert_eq!(of(std::slice::from_ref(&file), RecordKind::File), []);
    assert_eq!(of(&[px(0o040_755, 2)], RecordKind::Own), []);
    assert_eq!(of(&[px(0, 2)], RecordKind::Parent), []);
    assert_eq!(of(&[], RecordKind::Own), []);
    assert_eq!(of(&[px(0o040_755, 2), cl(9)], RecordKind::File), []);
    assert_eq!(rules(std::slice::from_ref(&file), RecordKind::Directory), (Rule::R05, Severity::Error, AT));
    assert_eq!(rules(&[px(0o040_755, 2)], RecordKind::File), (Rule::R05, Severity::Error, AT));
    assert_eq!(rules(&[px(0o100_644, 0)], RecordKind::File), (Rule::R05, Severity::Warning, AT));
    assert_eq!(rules(&[px(0o644, 1)], RecordKind::File), (Rule::R05, Severity::Warning, AT));
    assert_eq!(rules(&[px(0o020_644, 1)], RecordKind::File), (Rule::R06, Severity::Warning, AT));
    assert_eq!(of(&[px(0o020_644, 1), entry(b"PN", &[0; 16])], RecordKind::File), []);
    assert_eq!(rules(&[px(0o120_777, 1)], RecordKind::File), (Rule::R07, Severity::Error, AT));
    assert_eq!(rules(&[entry(b"NM", b"\x04"), file], RecordKind::File), (Rule::R08, Severity::Warning, AT));
    assert_eq!(rules(&[], RecordKind::File), (Rule::R12, Severity::Warning, AT));
}

proptest! {
    #[test]
    fn any_bytes_are_read(area in proptest::collection::vec(any::<u8>(), 0..220), skip: u8, sector: Vec<u8>) {
        let sector = &sector[..sector.len().min(2000)];
        let mut image = Image::new(&[(AT, &area), (7 * 2048, sector)]);
        image.scanned(Scope::Judge, |scan| {
            let susp = Susp::announced(scan, &area, AT, 2048).unwrap_or(Susp { skip, ..PLAIN });
            let attributes = susp.read(scan, &area, AT, &Vec::new);
            susp.judge(scan, &attributes, RecordKind::File, AT, &Vec::new);
        });
    }

    #[test]
    fn entries_of_known_kinds_with_any_bytes_are_read(
        payloads in proptest::collection::vec((0..16_usize, proptest::collection::vec(any::<u8>(), 0..40)), 0..8)
    ) {
        const KINDS: [&[u8; 2]; 16] = [
            b"CE", b"ER", b"PX", b"NM", b"TF", b"CL", b"PL", b"RE", b"PN", b"ZF", b"AL", b"SF", b"SP", b"SL", b"ST", b"RR",
        ];
        let area: Vec<u8> = payloads.iter().flat_map(|(kind, payload)| entry(KINDS[*kind], payload)).collect();
        read(&[area]);
    }
}
