use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const FOREIGN: &str = "\
# Mapfile. Created by GNU ddrescue version 1.27
# Command line: ddrescue -q src.img dst.img dst.map
# Start time:   2026-11-25 01:27:17
# current_pos  current_status  current_pass
0x00001200     /               2
#      pos        size  status
0x00000000  0x00001000  +
0x00001000  0x00000200  -
0x00001200  0x00001000  *
0x00002200  0x00000E00  +
";

fn range(start: u32, end: u32) -> SectorRange {
    SectorRange::new(Lba(start), Lba(end))
}

fn blocks(map: &RescueMap) -> Vec<(u32, u32, BlockStatus)> {
    map.blocks().map(|b| (b.range.start().0, b.range.end().0, b.status)).collect()
}

#[test]
fn a_new_map_is_one_block_that_nobody_tried() {
    let map = RescueMap::new(SectorCount(10));
    assert_eq!(blocks(&map), [(0, 10, BlockStatus::NonTried)]);
    assert_eq!(map.missing().collect::<Vec<_>>(), [range(0, 10)]);
    assert!(!map.is_complete());
    assert_eq!(blocks(&RescueMap::new(SectorCount(0))), []);
}

#[test]
fn neighbours_of_one_status_become_one_block() {
    let mut map = RescueMap::new(SectorCount(10));
    map.mark(range(2, 4), BlockStatus::Finished);
    map.mark(range(6, 8), BlockStatus::Finished);
    map.mark(range(4, 6), BlockStatus::Finished);
    map.mark(range(9, 4_000_000_000), BlockStatus::BadSector);
    use BlockStatus::{BadSector, Finished, NonTried};
    assert_eq!(blocks(&map), [(0, 2, NonTried), (2, 8, Finished), (8, 9, NonTried), (9, 10, BadSector)]);
    assert_eq!(map.missing().collect::<Vec<_>>(), [range(0, 2), range(8, 10)]);
    assert_eq!(map.missing_count(), SectorCount(4));
    assert_eq!((map.status_at(Lba(9)), map.status_at(Lba(10))), (Some(BadSector), None));
}

#[test]
fn a_sector_counts_as_read_only_if_all_of_it_was() {
    let map = RescueMap::parse(FOREIGN.as_bytes()).unwrap();
    use BlockStatus::{BadSector, Finished, NonTrimmed};
    let expected = [(0, 2, Finished), (2, 3, BadSector), (3, 5, NonTrimmed), (5, 6, Finished)];
    assert_eq!(blocks(&map), expected);
    assert_eq!((map.position(), map.phase(), map.pass()), (Lba(2), Phase::Scraping, 2));
}

#[test]
fn a_map_that_ends_within_a_sector_lacks_the_rest_of_it() {
    let map = RescueMap::parse(b"0 +\n0 5000 +\n").unwrap();
    assert_eq!(blocks(&map), [(0, 2, BlockStatus::Finished), (2, 3, BlockStatus::NonTried)]);
}

#[test]
fn what_stands_before_the_first_block_was_never_tried() {
    let map = RescueMap::parse(b"0 +\n0x1000 0x800 +\n").unwrap();
    assert_eq!(blocks(&map), [(0, 2, BlockStatus::NonTried), (2, 3, BlockStatus::Finished)]);
}

#[test]
fn numbers_may_be_decimal_hexadecimal_or_octal() {
    let map = RescueMap::parse(b"010000 F\n0 04000 +\n2048 0X800 -\n").unwrap();
    assert_eq!(blocks(&map), [(0, 1, BlockStatus::Finished), (1, 2, BlockStatus::BadSector)]);
    assert_eq!((map.position(), map.phase(), map.pass()), (Lba(2), Phase::Filling, 1));
}

#[test]
fn a_map_of_unknown_length_is_cut_where_addresses_end() {
    let mut map = RescueMap::parse(b"0 ?\n0 2048 +\n2048 0x7FFFFFFFFFFFF7FF ?\n").unwrap();
    assert_eq!(map.sectors(), SectorCount(u32::MAX));
    map.fit(SectorCount(3));
    assert_eq!(blocks(&map), [(0, 1, BlockStatus::Finished), (1, 3, BlockStatus::NonTried)]);
}

#[test]
fn a_longer_disc_adds_sectors_that_nobody_tried() {
    let mut map = RescueMap::new(SectorCount(0));
    map.fit(SectorCount(2));
    map.mark(range(0, 2), BlockStatus::Finished);
    map.fit(SectorCount(3));
    assert_eq!(blocks(&map), [(0, 2, BlockStatus::Finished), (2, 3, BlockStatus::NonTried)]);
    map.fit(SectorCount(1));
    assert!(map.is_complete());
}

#[test]
fn foreign_comments_and_our_notes_survive() {
    let mut map = RescueMap::parse(FOREIGN.as_bytes()).unwrap();
    map.set_note("dis c\n", "  DISC \\u{41}\n\u{1b}[31m = x ");
    map.set_note("", "nothing");
    let text = String::from_utf8(map.emit()).unwrap();
    assert!(text.contains("# Command line: ddrescue -q src.img dst.img dst.map\n"), "{text}");
    assert_eq!(text.matches("current_pass").count(), 1);
    assert_eq!(map.notes().collect::<Vec<_>>(), [("disc", "  DISC \\u{41}\n\u{1b}[31m = x ")]);
    assert_eq!(RescueMap::parse(text.as_bytes()), Ok(map));
}

#[test]
fn the_text_is_what_ddrescue_writes() {
    let mut map = RescueMap::new(SectorCount(32));
    map.mark(range(0, 32), BlockStatus::Finished);
    map.set_note("sectors", "32");
    map.set_progress(Lba(16), Phase::Finished, 1);
    let text = "# Mapfile. Created by discwright\n# discwright: sectors = 32\n\
        # current_pos  current_status  current_pass\n0x00008000     +               1\n\
        #      pos        size  status\n0x00000000  0x00010000  +\n";
    assert_eq!(String::from_utf8(map.emit()).unwrap(), text);
}

#[test]
fn an_error_names_its_line() {
    let error = |text: &str| RescueMap::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error("# nothing\n"), "the line with position and status is missing");
    assert!(error("\n0 +\n0 2048 +\n2048 2048 x\n").starts_with("line 4: not a line of position, size"));
    assert!(error("0 2048 +\n").starts_with("line 1: not a line of position, status"));
    assert_eq!(
        error("0 +\n0 2048 +\n4096 1 +\n"),
        "line 3: this block starts at byte 4096, but the one before it ends at byte 2048"
    );
    for wrong in
        ["0 +\n0 0 +", "0 +\n-1 5 +", "0 +\n0 +5 +", "0 +\n09 5 +", "0 +\n0x 5 +", "0 +\n1 0xFFFFFFFFFFFFFFFF +"]
    {
        assert!(matches!(RescueMap::parse(wrong.as_bytes()), Err(MapError::Malformed { line: 2, .. })), "{wrong}");
    }
}

#[test]
fn two_hundred_thousand_blocks_are_no_burden() {
    let mut map = RescueMap::new(SectorCount(200_000));
    for at in (0..200_000).step_by(2) {
        map.mark(range(at, at + 1), BlockStatus::Finished);
    }
    assert_eq!(map.blocks().count(), 200_000);
    assert_eq!(map.missing_count(), SectorCount(100_000));
    assert_eq!(RescueMap::parse(&map.emit()), Ok(map));
}

fn any_status() -> impl Strategy<Value = BlockStatus> {
    prop::sample::select(BlockStatus::ALL.to_vec())
}

fn any_map() -> impl Strategy<Value = (RescueMap, Vec<BlockStatus>)> {
    let marks = vec((0..120_u32, 0..40_u32, any_status()), 0..30);
    let notes = vec(("[a-z]{1,5}", any::<String>()), 0..3);
    (0..100_u32, marks, notes).prop_map(|(sectors, marks, notes)| {
        let mut map = RescueMap::new(SectorCount(sectors));
        let mut naive = vec![BlockStatus::NonTried; sectors as usize];
        for (start, count, status) in marks {
            map.mark(SectorRange::with_count(Lba(start), SectorCount(count)), status);
            naive.iter_mut().skip(start as usize).take(count as usize).for_each(|s| *s = status);
        }
        for (key, value) in notes {
            map.set_note(&key, &value);
        }
        (map, naive)
    })
}

proptest! {
    #[test]
    fn a_map_is_an_array_of_states((map, naive) in any_map()) {
        let told: Vec<_> = map.blocks().flat_map(|b| vec![b.status; b.range.count().0 as usize]).collect();
        prop_assert_eq!(&told, &naive);
        let all: Vec<_> = map.blocks().collect();
        prop_assert!(all.windows(2).all(|w| w[0].status != w[1].status && w[0].range.end() == w[1].range.start()));
        for status in BlockStatus::ALL {
            prop_assert_eq!(map.count(status).0 as usize, naive.iter().filter(|&&s| s == status).count());
        }
        let missing: u32 = map.missing().map(|r| r.count().0).sum();
        prop_assert_eq!(SectorCount(missing), map.missing_count());
    }

    #[test]
    fn a_map_survives_its_file((map, _) in any_map(), at in 0..100_u32, pass in 1..9_u32) {
        let mut map = map;
        map.set_progress(Lba(at), Phase::Retrying, pass);
        prop_assert_eq!(RescueMap::parse(&map.emit()), Ok(map));
    }

    #[test]
    fn pieces_of_sectors_are_never_counted_as_read(pieces in vec((1..9_usize, any_status()), 0..40)) {
        let mut text = "0 ?\n".to_owned();
        let mut bytes = Vec::new();
        for (count, status) in pieces {
            let letter = ['+', '?', '*', '/', '-'][BlockStatus::ALL.iter().position(|&s| s == status).unwrap()];
            text.push_str(&format!("{} {} {letter}\n", bytes.len() * 512, count * 512));
            bytes.extend(vec![status; count]);
        }
        let map = RescueMap::parse(text.as_bytes()).unwrap();
        prop_assert_eq!(map.sectors().0 as usize, bytes.len().div_ceil(4));
        for (sector, lba) in bytes.chunks(4).zip(0..) {
            let mut worst = sector.iter().copied().max().unwrap();
            if sector.len() < 4 { worst = worst.max(BlockStatus::NonTried) }
            prop_assert_eq!(map.status_at(Lba(lba)), Some(worst));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "([0-9x#? +*/F\n-]|discwright: |\\\\u\\{|\\PC){0,60}") {
        if let Ok(map) = RescueMap::parse(text.as_bytes()) {
            prop_assert_eq!(RescueMap::parse(&map.emit()), Ok(map));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..80)) {
        let _ = RescueMap::parse(&bytes);
    }
}

#[test]
fn a_block_at_the_end_of_all_numbers_is_no_reason_to_panic() {
    let map = RescueMap::parse(b"0 ? 1\n0 0xFFFFFFFFFFFFFFFE +\n").unwrap();
    assert_eq!(map.sectors(), SectorCount(u32::MAX));
}
