//! Hand-made images with sums in them, whole and with one byte that is another.

use super::*;
use crate::checksum::{Algorithm, Digest, Digester};
use proptest::prelude::*;

fn md5(bytes: &[u8]) -> Digest {
    let mut digester = Digester::new(Algorithm::Md5);
    digester.update(bytes);
    digester.finish()
}

fn noise(sectors: usize, seed: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let bytes = (0..sectors * SECTOR_BYTES).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    });
    bytes.collect()
}

fn put(image: &mut [u8], sector: usize, bytes: &[u8]) {
    image[sector * SECTOR_BYTES..][..bytes.len()].copy_from_slice(bytes);
}

/// A primary descriptor and what ends the set.
fn put_descriptors(image: &mut [u8], at: usize, sectors: u32) {
    let mut primary = vec![0; SECTOR_BYTES];
    primary[..6].copy_from_slice(b"\x01CD001");
    primary[80..84].copy_from_slice(&sectors.to_le_bytes());
    primary[84..88].copy_from_slice(&sectors.to_be_bytes());
    primary[883..1395].fill(b' ');
    put(image, at, &primary);
    let mut end = vec![0; SECTOR_BYTES];
    end[..6].copy_from_slice(b"\xFFCD001");
    put(image, at + 1, &end);
}

/// The sums of parts as implantisomd5 makes them, written down here a second time: by whole reads of 16 sectors, at each
/// whose start lies in another part of 21 than that of the read before.
fn fragments(image: &[u8]) -> String {
    let part = image.len() / 21;
    let mut before = 0;
    let mut all = String::new();
    for read in 0..image.len().div_ceil(32_768) {
        let now = read * 32_768 / part;
        if now != before {
            let sum = md5(&image[..((read + 1) * 32_768).min(image.len())]);
            for byte in &sum.bytes()[..3] {
                all.push(format!("{byte:x}").chars().next().unwrap());
            }
            before = now;
        }
    }
    all
}

fn implanted(sectors: usize) -> Vec<u8> {
    let mut image = noise(sectors, 77);
    put_descriptors(&mut image, 16, u32::try_from(sectors).unwrap());
    let summed = &image[..(sectors - 15) * SECTOR_BYTES];
    let text = format!(
        "ISO MD5SUM = {};SKIPSECTORS = 15;RHLISOSTATUS=0;FRAGMENT SUMS = {};FRAGMENT COUNT = 20;",
        md5(summed),
        fragments(summed)
    );
    image[16 * SECTOR_BYTES + 883..][..text.len()].copy_from_slice(text.as_bytes());
    image
}

/// A session as libisofs writes one: descriptors, tag, tree, tag, content, tag.
fn put_session(image: &mut [u8], start: usize, tree: usize, end: usize) {
    put_descriptors(image, start + 16, u32::try_from(end - start).unwrap());
    let number = |sector: usize| u32::try_from(sector).unwrap();
    for (name, at, next) in [
        ("libisofs_sb_checksum_tag", start + 18, Some(tree)),
        ("libisofs_tree_checksum_tag", tree, Some(end)),
        ("libisofs_checksum_tag", end, None),
    ] {
        let sum = md5(&image[start * SECTOR_BYTES..at * SECTOR_BYTES]);
        let line = tag::line(name, number(start), number(at), next.map(number), sum);
        put(image, at, &line);
    }
}

const TREE: usize = 40;
const END: usize = 150;

fn tagged() -> Vec<u8> {
    let mut image = noise(200, 5);
    put_session(&mut image, 0, TREE, END);
    image
}

fn summed_in(image: &[u8], piece: usize) -> Vec<EmbeddedSum> {
    let mut sums = Sums::default();
    for (index, bytes) in image.chunks(piece * SECTOR_BYTES).enumerate() {
        sums.take(Lba(u32::try_from(index * piece).unwrap()), bytes);
    }
    sums.finish()
}

fn summed(image: &[u8]) -> Vec<EmbeddedSum> {
    summed_in(image, 32)
}

fn sectors(start: usize, end: usize) -> SectorRange {
    SectorRange::new(Lba(u32::try_from(start).unwrap()), Lba(u32::try_from(end).unwrap()))
}

fn isomd5_of(range: SectorRange, state: SumState) -> EmbeddedSum {
    EmbeddedSum { kind: SumKind::IsoMd5, range, state }
}

#[test]
fn an_image_without_sums_has_none() {
    let mut image = noise(200, 9);
    assert_eq!(summed(&image), []);
    put_descriptors(&mut image, 16, 200);
    assert_eq!(summed(&image), []);
}

#[test]
fn the_sum_of_implantisomd5_holds_however_the_sectors_come() {
    let image = implanted(1000);
    for piece in [1, 7, 16, 17, 32, 128, 1000] {
        assert_eq!(summed_in(&image, piece), [isomd5_of(sectors(0, 985), SumState::Holds)], "{piece}");
    }
    let padded = [image, vec![0; 150 * SECTOR_BYTES]].concat();
    assert_eq!(summed(&padded), [isomd5_of(sectors(0, 985), SumState::Holds)]);
}

#[test]
fn a_wrong_byte_is_narrowed_down_to_its_part() {
    for at in [3, 15, 20, 400, 500, 700, 984] {
        let mut image = implanted(1000);
        image[at * SECTOR_BYTES + 99] ^= 4;
        let [sum] = summed(&image)[..] else { panic!() };
        let SumState::Differs { within } = sum.state else { panic!("{at}") };
        assert!(within.contains(Lba(u32::try_from(at).unwrap())), "{at}: {within}");
        assert!(within.count().0 <= 64, "{at}: {within}");
        let found = sum.finding().unwrap();
        assert_eq!((found.rule, found.at), (crate::filesystem::Rule::C01, Some(within.start().byte_offset())));
    }
    let mut image = implanted(1000);
    image[985 * SECTOR_BYTES] ^= 4;
    assert_eq!(summed(&image), [isomd5_of(sectors(0, 985), SumState::Holds)]);
}

#[test]
fn of_a_small_image_the_whole_decides() {
    // Its parts are shorter than a read, where their checker looks in the wrong places.
    assert_eq!(summed(&implanted(176)), [isomd5_of(sectors(0, 161), SumState::Holds)]);
}

#[test]
fn sectors_that_are_missing_leave_a_sum_unchecked() {
    let image = implanted(1000);
    for gap in [sectors(3, 4), sectors(500, 501), sectors(984, 985)] {
        let mut sums = Sums::default();
        for (at, sector) in image.chunks(SECTOR_BYTES).enumerate() {
            let at = Lba(u32::try_from(at).unwrap());
            if gap.contains(at) {
                sums.gap(SectorRange::with_count(at, SectorCount(1)));
            } else {
                sums.take(at, sector);
            }
        }
        let expected = SumState::NotChecked(Unchecked::SectorsMissing);
        assert_eq!(sums.finish(), [isomd5_of(sectors(0, 985), expected)], "{gap}");
    }
    let cut = &image[..900 * SECTOR_BYTES];
    let sum = isomd5_of(sectors(0, 985), SumState::NotChecked(Unchecked::ImageEnds));
    assert_eq!(summed(cut), [sum]);
    assert_eq!(sum.finding().unwrap().severity, crate::filesystem::Severity::Info);
}

#[test]
fn the_sums_of_libisofs_hold_however_the_sectors_come() {
    let holds = session::sum(sectors(0, END), SumState::Holds);
    for piece in [1, 7, 16, 17, 32, 128, 1000] {
        assert_eq!(summed_in(&tagged(), piece), [holds], "{piece}");
    }
}

#[test]
fn the_smallest_sum_that_fails_tells_where() {
    let cases = [(2, 0, 18), (17, 0, 18), (18, 18, TREE), (30, 18, TREE), (TREE, TREE, END), (100, TREE, END)];
    for (at, start, end) in cases {
        let mut image = tagged();
        image[at * SECTOR_BYTES + 1000] ^= 4;
        let whole = sectors(0, end);
        let state = SumState::Differs { within: sectors(start, end) };
        assert_eq!(summed(&image), [session::sum(whole, state)], "{at}");
    }
}

#[test]
fn a_tag_that_is_no_longer_whole_is_missed() {
    for (at, end) in [(18, 18), (TREE, TREE), (END, END)] {
        let mut image = tagged();
        image[at * SECTOR_BYTES + 60] ^= 1;
        let lost = SumState::TagLost { at: Lba(u32::try_from(at).unwrap()) };
        let sum = session::sum(sectors(0, end), lost);
        assert_eq!(summed(&image), [sum], "{at}");
        assert_eq!(sum.finding().unwrap().at, Some((at * SECTOR_BYTES) as u64));
    }
}

#[test]
fn each_session_has_its_own_sums() {
    let mut image = noise(400, 3);
    put_session(&mut image, 32, 60, 150);
    put_session(&mut image, 160, 190, 300);
    put_descriptors(&mut image, 16, 300);
    let relocated = tag::line("libisofs_rlsb32_checksum_tag", 0, 18, None, md5(&image[..18 * SECTOR_BYTES]));
    put(&mut image, 18, &relocated);
    let holds = |start, end| session::sum(sectors(start, end), SumState::Holds);
    assert_eq!(summed(&image), [holds(0, 18), holds(32, 150), holds(160, 300)]);
    image[200 * SECTOR_BYTES] ^= 1;
    let differs = session::sum(sectors(160, 300), SumState::Differs { within: sectors(190, 300) });
    assert_eq!(summed(&image), [holds(0, 18), holds(32, 150), differs]);
}

#[test]
fn what_an_older_session_left_behind_is_not_asked() {
    let mut image = tagged();
    // An older, longer one that began at the same sector: its tags are whole, and not of what stands there now.
    let line = tag::line("libisofs_checksum_tag", 0, 180, None, Digest::Md5([1; 16]));
    put(&mut image, 180, &line);
    assert_eq!(summed(&image), [session::sum(sectors(0, END), SumState::Holds)]);
}

#[test]
fn the_sums_of_an_image_within_a_file_are_not_of_this_one() {
    let mut image = noise(400, 8);
    let inner = tagged();
    put(&mut image, 100, &inner);
    assert_eq!(summed(&image), []);
}

#[test]
fn both_kinds_live_side_by_side() {
    let mut image = tagged();
    let sum = md5(&image[..(END - 15) * SECTOR_BYTES]);
    let text = format!("ISO MD5SUM = {sum};SKIPSECTORS = 15;");
    image[883 + 16 * SECTOR_BYTES..][..text.len()].copy_from_slice(text.as_bytes());
    let implanted = |state| isomd5_of(sectors(0, END - 15), state);
    let recorded = |end, state| session::sum(sectors(0, end), state);
    assert_eq!(summed(&image), [implanted(SumState::Holds), recorded(END, SumState::Holds)]);
    image[90 * SECTOR_BYTES] ^= 1;
    let differs = |start, end| SumState::Differs { within: sectors(start, end) };
    assert_eq!(summed(&image), [implanted(differs(0, END - 15)), recorded(END, differs(TREE, END))]);
}

#[test]
fn a_sum_is_announced_before_it_is_checked() {
    let asked = |image: Vec<u8>| {
        let found = Sums::announced(&mut image.as_slice(), Lba(0));
        assert!(found.iter().all(|sum| sum.state == SumState::NotChecked(Unchecked::NotAsked)), "{found:?}");
        assert!(found.iter().all(|sum| sum.finding().is_none()));
        found.iter().map(|sum| sum.kind).collect::<Vec<_>>()
    };
    assert_eq!(asked(tagged()), [SumKind::Libisofs]);
    assert_eq!(asked(implanted(400)), [SumKind::IsoMd5]);
    assert_eq!(asked(noise(400, 2)), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_byte_that_is_summed_up_counts(at in any::<prop::sample::Index>(), bit in 0..8_u8, is_implanted in any::<bool>()) {
        let mut image = if is_implanted { implanted(400) } else { tagged() };
        let at = at.index(image.len());
        image[at] ^= 1 << bit;
        // Blanks are summed up in the place of the text, and the last line counts as far as it goes.
        let text = 16 * SECTOR_BYTES + 883..16 * SECTOR_BYTES + 1395;
        let is_told = summed(&image).iter().any(|sum| sum.state != SumState::Holds) || summed(&image).is_empty();
        if is_implanted && !text.contains(&at) {
            prop_assert_eq!(is_told, at < 385 * SECTOR_BYTES);
        }
        if !is_implanted && at / SECTOR_BYTES != END {
            prop_assert_eq!(is_told, at < END * SECTOR_BYTES);
        }
    }

    #[test]
    fn sums_do_not_depend_on_how_the_sectors_come(pieces in prop::collection::vec(1..60_usize, 1..80), wrong in 0..200_usize) {
        let mut image = tagged();
        image[wrong * SECTOR_BYTES] ^= 1;
        let mut sums = Sums::default();
        let mut at = 0;
        for piece in pieces.iter().cycle() {
            let end = (at + piece).min(200);
            sums.take(Lba(u32::try_from(at).unwrap()), &image[at * SECTOR_BYTES..end * SECTOR_BYTES]);
            at = end;
            if at == 200 {
                break;
            }
        }
        prop_assert_eq!(sums.finish(), summed(&image));
    }
}

#[test]
fn the_tags_tell_where_a_session_ends() {
    let end_of = |image: &[u8], start: u32| {
        let mut read = |at: Lba| image.get(at.0 as usize * SECTOR_BYTES..)?.first_chunk().copied();
        told_end(&mut read, Lba(start))
    };
    let image = tagged();
    let end = Some(Lba(u32::try_from(END + 1).unwrap()));
    assert_eq!(end_of(&image, 0), end);
    // The last tag need not be there.
    assert_eq!(end_of(&image[..100 * SECTOR_BYTES], 0), end);
    assert_eq!(end_of(&image[..30 * SECTOR_BYTES], 0), Some(Lba(u32::try_from(TREE + 1).unwrap())));
    assert_eq!(end_of(&image, 32), None);
    assert_eq!(end_of(&noise(100, 3), 0), None);
    let mut image = noise(400, 6);
    put_session(&mut image, 160, 190, 300);
    assert_eq!((end_of(&image, 160), end_of(&image, 0)), (Some(Lba(301)), None));
}
