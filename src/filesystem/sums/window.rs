//! This module knows the sectors around volume descriptors, which are kept until a tag behind them says that they are summed up.

use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// A session begins so many sectors before its descriptors.
pub(super) const SYSTEM_AREA: SectorCount = SectorCount(16);
const SYSTEM_BYTES: usize = SYSTEM_AREA.0 as usize * SECTOR_BYTES;
/// Behind descriptors their tag stands within so many.
const FARTHEST: u32 = 64;

/// Sectors in a row: the last few, or while it is open, all from a session's start on.
#[derive(Debug, Default)]
pub(super) struct Window {
    start: Lba,
    bytes: Vec<u8>,
    /// Where descriptors were last seen.
    seen: Option<Lba>,
}

impl Window {
    fn end(&self) -> Lba {
        let sectors = SectorCount::whole_in(self.bytes.len() as u64).unwrap_or_default();
        self.start.saturating_add(sectors)
    }

    /// Whether each sector is to be kept that comes.
    pub fn is_open(&self) -> bool {
        self.seen.is_some()
    }

    /// Nothing of what was kept has to do with the sector `at`, which comes next.
    pub fn restart(&mut self, at: Lba) {
        self.bytes.clear();
        (self.start, self.seen) = (at, None);
    }

    /// Lets the sectors pass that come next, while it is not open: only the last of them are kept.
    pub fn pass(&mut self, sectors: &[u8]) {
        let end = self.end().saturating_add(SectorCount::whole_in(sectors.len() as u64).unwrap_or_default());
        match sectors.len().checked_sub(SYSTEM_BYTES) {
            Some(gone) => {
                self.bytes.clear();
                self.bytes.extend_from_slice(sectors.get(gone..).unwrap_or_default());
            }
            None => {
                let gone = self.bytes.len().saturating_add(sectors.len()).saturating_sub(SYSTEM_BYTES);
                self.bytes.drain(..gone.min(self.bytes.len()));
                self.bytes.extend_from_slice(sectors);
            }
        }
        let kept = SectorCount::whole_in(self.bytes.len() as u64).unwrap_or_default();
        self.start = Lba(end.0.saturating_sub(kept.0));
    }

    /// Opens it: descriptors stand in the sector that comes next. It is open already where others stood before.
    pub fn open(&mut self) {
        self.seen = Some(self.end());
    }

    /// Keeps the sector that comes next, while it is open.
    pub fn keep(&mut self, sector: &[u8]) {
        self.bytes.extend_from_slice(sector);
        let end = self.end();
        let kept = end.0.saturating_sub(self.start.0);
        match self.seen {
            // One descriptor after the other, as in a hostile image.
            Some(seen) if kept > 2 * (FARTHEST + SYSTEM_AREA.0) => {
                self.begin_at(Lba(seen.0.saturating_sub(SYSTEM_AREA.0)))
            }
            Some(seen) if end.0.saturating_sub(seen.0) <= FARTHEST => {}
            Some(_) | None => self.close(),
        }
    }

    /// No tag is awaited any more.
    pub fn close(&mut self) {
        self.seen = None;
        self.begin_at(Lba(self.end().0.saturating_sub(SYSTEM_AREA.0)));
    }

    fn begin_at(&mut self, start: Lba) {
        let gone = SectorCount(start.0.saturating_sub(self.start.0));
        let bytes = usize::try_from(gone.bytes()).unwrap_or(usize::MAX).min(self.bytes.len());
        self.bytes.drain(..bytes);
        self.start = self.start.saturating_add(gone);
    }

    /// Where the session begins whose descriptors were seen last.
    pub fn session(&self) -> Option<Lba> {
        self.seen?.0.checked_sub(SYSTEM_AREA.0).map(Lba)
    }

    /// All from `start` on, where it is there.
    pub fn from(&self, start: Lba) -> Option<&[u8]> {
        let sectors = usize::try_from(start.0.checked_sub(self.start.0)?).ok()?;
        self.bytes.get(sectors.checked_mul(SECTOR_BYTES)?..).filter(|bytes| !bytes.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sectors(range: std::ops::Range<u32>) -> Vec<u8> {
        range.flat_map(|at| [u8::try_from(at % 251).unwrap(); SECTOR_BYTES]).collect()
    }

    #[test]
    fn a_window_begins_with_the_system_area_however_it_came() {
        for piece in [1, 5, 16, 17, 100] {
            let mut window = Window::default();
            for at in (0..100).step_by(piece) {
                window.pass(&sectors(at..(at + u32::try_from(piece).unwrap()).min(100)));
            }
            window.open();
            window.keep(&sectors(100..101));
            assert_eq!(window.session(), Some(Lba(84)), "{piece}");
            assert_eq!(window.from(Lba(84)), Some(&*sectors(84..101)), "{piece}");
            assert_eq!(window.from(Lba(83)), None);
        }
    }

    #[test]
    fn it_closes_where_no_tag_comes() {
        let mut window = Window::default();
        window.pass(&sectors(0..16));
        window.open();
        for at in 16..80 {
            assert!(window.is_open(), "{at}");
            window.keep(&sectors(at..at + 1));
        }
        window.keep(&sectors(80..81));
        assert!(!window.is_open());
        assert_eq!(window.from(Lba(65)), Some(&*sectors(65..81)));
    }

    proptest! {
        #[test]
        fn it_never_keeps_more_than_it_needs(steps in prop::collection::vec((0..40_u32, any::<bool>()), 0..60)) {
            let mut window = Window::default();
            let mut at = 0;
            for (count, opens) in steps {
                if window.is_open() {
                    for _ in 0..count {
                        if window.is_open() {
                            window.keep(&sectors(at..at + 1));
                            at += 1;
                        }
                    }
                } else {
                    window.pass(&sectors(at..at + count));
                    at += count;
                }
                prop_assert_eq!(window.end(), Lba(at));
                prop_assert!(window.bytes.len() <= 2 * 81 * SECTOR_BYTES);
                if let Some(bytes) = window.from(window.start) {
                    prop_assert_eq!(bytes, sectors(window.start.0..at));
                }
                if opens {
                    window.open();
                }
            }
        }
    }
}
