use super::*;

/// A disc on which some sectors do not read; it counts what it is asked for.
struct Damaged {
    sectors: u32,
    bad: Vec<u32>,
    /// Asked for this one, the drive is gone.
    gone_at: Option<u32>,
    asked: Vec<(u32, usize)>,
}

impl Damaged {
    fn with(sectors: u32, bad: &[u32]) -> Self {
        Self { sectors, bad: bad.to_vec(), gone_at: None, asked: Vec::new() }
    }
}

impl SectorSource for Damaged {
    fn sector_count(&self) -> SectorCount {
        SectorCount(self.sectors)
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.asked.push((start.0, buffer.len() / SECTOR_BYTES));
        for (at, sector) in (start.0..).zip(buffer.chunks_mut(SECTOR_BYTES)) {
            if at >= self.sectors {
                return Err(SourceError::Beyond { at: Lba(at) });
            }
            if self.gone_at == Some(at) {
                return Err(SourceError::Failed { at: Lba(at), source: "gone".into() });
            }
            if self.bad.contains(&at) {
                return Err(SourceError::Unreadable { at: Lba(at) });
            }
            sector.fill(u8::try_from(at).unwrap());
        }
        Ok(())
    }
}

const S: u64 = SECTOR_BYTES as u64;

#[test]
fn sectors_that_nobody_needs_are_not_asked_for_one_by_one() {
    let mut disc = Damaged::with(64, &[3, 4, 40]);
    let mut reader = Reader::new(&mut disc, 64 * S, &Limits::default());
    assert_eq!(reader.array(10 * S + 2040), Ok([10; 8]));
    assert_eq!(reader.array(10 * S), Ok([10; 8]));
    assert_eq!(reader.array(11 * S - 4), Ok([10, 10, 10, 10, 11, 11, 11, 11]));
    assert_eq!(disc.asked, [(0, 32), (10, 1), (11, 1)]);
}

#[test]
fn a_bad_sector_is_told_by_its_place_and_asked_for_once() {
    let mut disc = Damaged::with(64, &[3, 4, 40]);
    let mut reader = Reader::new(&mut disc, 64 * S, &Limits::default());
    for _ in 0..3 {
        assert_eq!(reader.array::<8>(3 * S - 4), Err(ReadError::Unreadable { at: 3 * S }));
        assert_eq!(reader.array::<8>(4 * S + 100), Err(ReadError::Unreadable { at: 4 * S }));
    }
    assert_eq!(reader.array::<4>(2 * S), Ok([2; 4]));
    assert_eq!(disc.asked, [(0, 32), (2, 1), (3, 1), (4, 1)]);
}

#[test]
fn what_is_read_goes_over_the_end_of_a_line() {
    let mut disc = Damaged::with(64, &[30, 33]);
    let mut reader = Reader::new(&mut disc, 64 * S, &Limits::default());
    assert_eq!(reader.array(32 * S - 2), Ok([31, 31, 32, 32]));
    assert_eq!(disc.asked, [(0, 32), (31, 1), (32, 32), (32, 1)]);
}

#[test]
fn the_last_sector_need_not_be_whole() {
    let mut disc = Damaged::with(10, &[1]);
    let mut reader = Reader::new(&mut disc, 9 * S + 100, &Limits::default());
    assert_eq!(reader.array(9 * S + 96), Ok([9; 4]));
    assert_eq!(reader.array::<4>(9 * S + 97), Err(ReadError::Beyond { at: 9 * S + 100 }));
}

#[test]
fn a_source_that_fails_on_the_way_ends_it() {
    let mut disc = Damaged { gone_at: Some(5), ..Damaged::with(64, &[3]) };
    let mut reader = Reader::new(&mut disc, 64 * S, &Limits::default());
    assert_eq!(reader.array(4 * S), Ok([4; 4]));
    assert_eq!(reader.array::<4>(5 * S), Err(ReadError::Over));
    assert!(reader.is_over());
    assert_eq!(reader.array::<4>(4 * S), Err(ReadError::Over));
}
