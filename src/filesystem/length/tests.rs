use proptest::prelude::*;

use super::*;
use crate::filesystem::iso9660::writer::{Disc, Part, noise};
use crate::filesystem::udf::writer::{self, Item, Layout, Recipe};
use crate::filesystem::{Finding, Image, Options, Origin, Scope, Severity};
use crate::sector::{Lba, SectorCount, SectorSource, SourceError};

/// Bytes as a disc; where the last sector is not whole, zeros stand for the rest.
struct Bytes<'a>(&'a [u8]);

impl SectorSource for Bytes<'_> {
    fn sector_count(&self) -> SectorCount {
        SectorCount(u32::try_from(self.0.len().div_ceil(2048)).unwrap())
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let at = usize::try_from(start.byte_offset()).unwrap();
        if at + buffer.len() > self.0.len().next_multiple_of(2048) {
            return Err(SourceError::Beyond { at: start });
        }
        buffer.fill(0);
        let rest = &self.0[at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(())
    }
}

fn judged(bytes: &[u8]) -> (LengthVerdict, Vec<Finding>) {
    judged_of(bytes, None)
}

fn judged_of(bytes: &[u8], session: Option<u32>) -> (LengthVerdict, Vec<Finding>) {
    let options = Options { scope: Scope::Judge, session, ..Options::default() };
    let image = Image::read(&mut Bytes(bytes), bytes.len() as u64, &options);
    let of_length = |finding: &Finding| matches!(finding.rule, Rule::V11 | Rule::V12 | Rule::V13);
    (image.length_verdict.unwrap(), image.findings.into_iter().filter(of_length).collect())
}

fn told(findings: &[Finding]) -> Vec<(Rule, Severity, Option<u64>)> {
    findings.iter().map(|finding| (finding.rule, finding.severity, finding.at)).collect()
}

fn parts(verdict: &LengthVerdict) -> Vec<(TailKind, u64, u64)> {
    verdict.tail.iter().map(|part| (part.kind, part.start, part.length)).collect()
}

/// With 150 sectors of padding, and a last file that does not fill its last sector.
fn padded() -> Vec<u8> {
    Disc { padding: 150, ..Disc::with_all_names() }.write().bytes
}

fn udf(layout: Layout, third_anchor: bool) -> Vec<u8> {
    let items = vec![Item::file("first", &noise(5000, 3)), Item::file("last", &noise(70_001, 4))];
    writer::write(&Recipe { layout, third_anchor, items, spare_blocks: 40, ..Recipe::default() }).bytes
}

fn layouts() -> Vec<Layout> {
    vec![
        Layout::Physical,
        Layout::Sparable { packet_blocks: 16, spared: vec![0] },
        Layout::Metadata { is_duplicated: true },
    ]
}

#[test]
fn a_sound_image_is_exact_and_needs_no_more_than_it_declares() {
    let mut all = vec![Disc::plain().write().bytes, padded()];
    all.extend(layouts().into_iter().flat_map(|layout| [udf(layout.clone(), false), udf(layout, true)]));
    for bytes in all {
        let (verdict, findings) = judged(&bytes);
        assert_eq!((verdict.state, verdict.missing()), (LengthState::Exact, 0));
        assert!(verdict.needed <= verdict.declared && verdict.declared == bytes.len() as u64);
        assert_eq!((parts(&verdict), findings), (vec![], vec![]));
    }
}

#[test]
fn what_a_file_lost_and_what_is_missing_in_all_are_two_numbers() {
    let written = Disc { padding: 150, ..Disc::plain() }.write();
    let end = written.start(Part::Primary, "SUB/B.BIN") + 3000;
    let cut = usize::try_from(end).unwrap() - 1000;
    let (verdict, findings) = judged(&written.bytes[..cut]);
    assert_eq!((verdict.state, verdict.needed_missing()), (LengthState::Truncated, 1000));
    assert_eq!(verdict.missing(), (written.bytes.len() - cut) as u64);
    assert_eq!(verdict.source, Some(SizeSource::Iso9660));
    let at = Some(cut as u64);
    assert_eq!(told(&findings), [(Rule::V11, Severity::Error, at), (Rule::V13, Severity::Warning, None)]);
    assert_eq!(findings[0].origin, Origin::Truncation);
}

#[test]
fn padding_that_is_missing_is_no_error() {
    let bytes = padded();
    let cut = bytes.len() - 149 * 2048;
    let (verdict, findings) = judged(&bytes[..cut]);
    assert_eq!(verdict.state, LengthState::TailMissing { is_padding: true });
    assert_eq!(told(&findings), [(Rule::V11, Severity::Info, Some(cut as u64))]);
}

#[test]
fn more_than_padding_that_is_missing_may_have_been_something() {
    let bytes = Disc { padding: 700, ..Disc::plain() }.write().bytes;
    let (verdict, findings) = judged(&bytes[..bytes.len() - 2048]);
    assert_eq!(verdict.state, LengthState::TailMissing { is_padding: false });
    assert_eq!(told(&findings), [(Rule::V11, Severity::Error, Some(bytes.len() as u64 - 2048))]);
}

#[test]
fn zeros_behind_the_end_are_told_and_data_is_a_warning() {
    let mut bytes = padded();
    let end = bytes.len() as u64;
    bytes.extend([0; 3 * 2048]);
    let (verdict, findings) = judged(&bytes);
    assert_eq!((verdict.state, parts(&verdict)), (LengthState::Longer, vec![(TailKind::Zeros, end, 3 * 2048)]));
    assert_eq!(told(&findings), [(Rule::V12, Severity::Info, Some(end))]);
    bytes.extend(noise(2048, 9));
    bytes.extend([0; 2048]);
    bytes.extend(noise(2048, 9));
    let (verdict, findings) = judged(&bytes);
    let data = (TailKind::Data, end + 3 * 2048, 3 * 2048);
    assert_eq!(parts(&verdict), [(TailKind::Zeros, end, 3 * 2048), data]);
    let data = (Rule::V12, Severity::Warning, Some(end + 3 * 2048));
    assert_eq!(told(&findings), [data, (Rule::V12, Severity::Info, Some(end))]);
}

#[test]
fn a_file_behind_the_end_of_its_volume_is_no_strange_data() {
    let mut written = Disc::plain().write();
    let end = written.start(Part::Primary, "SUB/B.BIN");
    written.put_both(16 * 2048 + 80, u32::try_from(end / 2048).unwrap());
    let (verdict, findings) = judged(&written.bytes);
    assert_eq!((verdict.state, parts(&verdict)), (LengthState::Longer, vec![(TailKind::Files, end, 4096)]));
    assert_eq!(findings, []);
}

#[test]
fn a_long_tail_is_looked_at_here_and_there() {
    let mut bytes = Disc::plain().write().bytes;
    let end = bytes.len();
    bytes.resize(end + (40 << 20), 0);
    let (verdict, _) = judged(&bytes);
    assert_eq!(parts(&verdict), [(TailKind::Zeros, end as u64, 40 << 20)]);
    assert!(verdict.looked_at <= 8 << 20, "{}", verdict.looked_at);
    bytes[end + (39 << 20) + 5000] = 1;
    let (verdict, findings) = judged(&bytes);
    assert_eq!(parts(&verdict)[1].0, TailKind::Data);
    assert!(findings[0].text.contains("by a look at"), "{}", findings[0].text);
}

#[test]
fn an_older_session_ends_where_a_later_one_begins() {
    let mut bytes = Disc::plain().write().bytes;
    bytes.resize(bytes.len().next_multiple_of(16 * 2048), 0);
    let start = bytes.len();
    let mut later = Disc::plain();
    later.start = u32::try_from(start / 2048).unwrap();
    bytes.extend_from_slice(&later.write().bytes[start..]);
    let (newest, findings) = judged(&bytes);
    assert_eq!((newest.state, findings), (LengthState::Exact, vec![]));
    let (first, findings) = judged_of(&bytes, Some(1));
    assert_eq!(parts(&first).last().map(|part| (part.0, part.1)), Some((TailKind::Session, start as u64)));
    assert!(findings.iter().all(|finding| finding.severity == Severity::Info));
}

#[test]
fn nobody_says_how_long_that_should_be_which_has_no_filesystem() {
    let (verdict, findings) = judged(&[7; 5000]);
    assert_eq!((verdict.state, verdict.missing()), (LengthState::Unknown, 0));
    assert_eq!(told(&findings), [(Rule::V13, Severity::Warning, None)]);
}

#[test]
fn a_write_once_disc_is_as_long_as_what_was_written() {
    for table in [writer::VirtualTable::Revision150, writer::VirtualTable::Revision200] {
        let mut bytes = udf(Layout::Virtual { table, sessions: 2 }, false);
        let (verdict, findings) = judged(&bytes);
        assert_eq!((verdict.state, verdict.source), (LengthState::Exact, Some(SizeSource::VirtualAllocationTable)));
        assert_eq!(findings, []);
        let end = bytes.len() as u64;
        bytes.extend([0; 16 * 2048]);
        assert_eq!(told(&judged(&bytes).1), [(Rule::V12, Severity::Info, Some(end))]);
    }
}

#[test]
fn anchors_that_fill_up_the_end_are_told_as_such() {
    let mut bytes = udf(Layout::Physical, false);
    let last = bytes.len() / 2048 - 1;
    let end = bytes.len() as u64;
    // Nothing but the two extents is the same in each.
    for block in last + 1..last + 20 {
        let mut anchor = bytes[last * 2048..][..2048].to_vec();
        anchor[12..16].copy_from_slice(&u32::try_from(block).unwrap().to_le_bytes());
        writer::emit::seal(&mut anchor, 0);
        bytes.extend(anchor);
    }
    let (verdict, findings) = judged(&bytes);
    assert_eq!((verdict.state, findings), (LengthState::Exact, vec![]));
    bytes.extend([0; 2048]);
    let (verdict, findings) = judged(&bytes);
    let zeros = (TailKind::Zeros, end + 19 * 2048, 2048);
    assert_eq!(parts(&verdict), [(TailKind::Anchors, end, 19 * 2048), zeros]);
    assert!(findings.iter().all(|finding| finding.severity == Severity::Info));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_iso_image_that_is_cut_at_any_byte_lacks_what_was_cut(cut in 1_usize..360_000) {
        let bytes = padded();
        let cut = cut.min(bytes.len() - 17 * 2048);
        let (verdict, findings) = judged(&bytes[..bytes.len() - cut]);
        prop_assert_eq!(verdict.missing(), cut as u64);
        prop_assert!(findings.iter().any(|finding| finding.rule == Rule::V11));
    }

    #[test]
    fn a_udf_image_that_is_cut_at_any_byte_lacks_what_was_cut(
        cut in 1_usize..400_000, layout in 0_usize..3
    ) {
        let bytes = udf(layouts()[layout].clone(), false);
        let cut = cut.min(bytes.len() - 257 * 2048);
        let (verdict, findings) = judged(&bytes[..bytes.len() - cut]);
        prop_assert_eq!(verdict.missing(), cut as u64);
        prop_assert!(findings.iter().any(|finding| finding.rule == Rule::V11));
    }

    #[test]
    fn junk_of_any_length_is_told_with_its_place(length in 1_usize..400_000, kind in 0_usize..4) {
        let mut bytes = match kind {
            0 => padded(),
            other => udf(layouts()[other - 1].clone(), other == 2),
        };
        let end = bytes.len() as u64;
        bytes.extend(noise(length, 77));
        let (verdict, findings) = judged(&bytes);
        prop_assert_eq!(verdict.state, LengthState::Longer);
        prop_assert_eq!(parts(&verdict), [(TailKind::Data, end, length as u64)]);
        prop_assert_eq!(told(&findings)[0], (Rule::V12, Severity::Warning, Some(end)));
    }
}

/// A master boot record that has one partition, from one sector of 512 bytes to another.
fn with_partition(mut bytes: Vec<u8>, start: u32, end: u32) -> Vec<u8> {
    bytes[446..450].copy_from_slice(&[0, 0, 2, 0]);
    bytes[450..454].copy_from_slice(&[0xEF, 0, 0, 0]);
    bytes[454..458].copy_from_slice(&start.to_le_bytes());
    bytes[458..462].copy_from_slice(&(end - start).to_le_bytes());
    bytes[510..512].copy_from_slice(b"\x55\xAA");
    bytes
}

#[test]
fn a_partition_behind_the_volume_belongs_to_the_image() {
    let mut bytes = padded();
    let end = bytes.len() as u64;
    bytes.extend([0; 2048]);
    bytes.extend(noise(100 * 2048, 5));
    let sector = |byte: u64| u32::try_from(byte / 512).unwrap();
    let bytes = with_partition(bytes, sector(end + 2048), sector(end + 101 * 2048));
    let (verdict, findings) = judged(&bytes);
    let partition = (TailKind::Partition, end + 2048, 100 * 2048);
    assert_eq!((verdict.state, parts(&verdict)), (LengthState::Exact, vec![(TailKind::Zeros, end, 2048), partition]));
    assert!(findings.iter().all(|finding| finding.severity == Severity::Info));
    // As little as this could be padding, and is not.
    let (verdict, findings) = judged(&bytes[..bytes.len() - 2048]);
    assert_eq!((verdict.state, verdict.missing()), (LengthState::Truncated, 2048));
    assert_eq!((findings[0].rule, findings[0].severity), (Rule::V11, Severity::Error));
}
