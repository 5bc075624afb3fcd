//! This module knows how two parts of a reading that have nothing to do with each other are done at once.

use std::thread;

use super::Scan;
use crate::filesystem::finding::Findings;
use crate::filesystem::reader::Reader;
use crate::filesystem::structure::Structures;
use crate::filesystem::volume::SizeSource;

/// What was found on the way.
struct Aside {
    findings: Findings,
    structures: Structures,
    claims: Vec<(SizeSource, u64)>,
    repeated_bytes: u64,
    read_bytes: u64,
    /// Nothing cut it short, and nothing was told that is told once for all trees.
    stands_alone: bool,
}

impl Scan<'_> {
    /// What `first` and `second` come to, and all that they find, as if one had been done behind the other: at once where the
    /// source can be read in two places.
    pub fn both<A, B: Send>(
        &mut self,
        first: impl FnOnce(&mut Self) -> A,
        second: impl Fn(&mut Scan<'_>) -> B + Sync,
    ) -> (A, B) {
        let Some(mut source) = self.reader.another() else {
            let done = first(self);
            return (done, second(self));
        };
        let (length, scope, limits, stop) = (self.reader.length(), self.scope, self.limits, self.stop);
        let beside = || {
            let mut scan = Scan::new(Reader::new(source.as_mut(), length, &limits), scope, limits, stop);
            let done = second(&mut scan);
            (done, scan.into_aside())
        };
        let (done, beside) = thread::scope(|threads| {
            let beside = thread::Builder::new().spawn_scoped(threads, beside);
            let done = first(self);
            let beside = beside.ok().map(thread::ScopedJoinHandle::join);
            (done, beside.map(|joined| joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))))
        });
        match beside {
            Some((beside, aside)) if self.can_take(&aside) => {
                self.take(aside);
                (done, beside)
            }
            Some(_) | None => (done, second(self)),
        }
    }

    fn into_aside(self) -> Aside {
        Aside {
            stands_alone: !self.is_stopped && !self.reader.is_over() && self.told_lost.is_empty(),
            read_bytes: self.limits.metadata_bytes.saturating_sub(self.reader.bytes_left()),
            findings: self.findings,
            structures: self.structures,
            claims: self.claims,
            repeated_bytes: self.repeated_bytes,
        }
    }

    /// Whether the same would have been found by this scan.
    fn can_take(&self, aside: &Aside) -> bool {
        aside.stands_alone
            && !self.is_stopped
            && !self.reader.is_over()
            && aside.read_bytes <= self.reader.bytes_left()
            && self.repeated_bytes.saturating_add(aside.repeated_bytes) <= self.limits.metadata_bytes
            && self.findings.has_room_for(&aside.findings)
    }

    fn take(&mut self, aside: Aside) {
        self.findings.append(aside.findings);
        for structure in aside.structures.all() {
            self.structures.add(structure.kind, structure.start, structure.length);
        }
        self.claims.extend(aside.claims);
        self.repeated_bytes = self.repeated_bytes.saturating_add(aside.repeated_bytes);
        self.reader.spend(aside.read_bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use crate::filesystem::iso9660::writer::Disc;
    use crate::filesystem::{Image, Options, Scope};
    use crate::sector::{Lba, SectorCount, SectorSource, SourceError};

    /// An image that can be read in two places.
    #[derive(Clone)]
    struct Shared(Arc<Vec<u8>>);

    impl SectorSource for Shared {
        fn sector_count(&self) -> SectorCount {
            self.0.as_slice().sector_count()
        }

        fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
            self.0.as_slice().read_sectors(start, buffer)
        }

        fn another(&self) -> Option<Box<dyn SectorSource + Send>> {
            Some(Box::new(self.clone()))
        }
    }

    fn rich() -> Vec<u8> {
        let mut disc = Disc { enhanced: true, ..Disc::with_all_names() };
        disc.symlink("SUB/link", "../A.BIN");
        disc.write().bytes
    }

    fn judged(source: &mut dyn SectorSource, length: usize) -> Image {
        let options = Options { scope: Scope::Judge, ..Options::default() };
        Image::read(source, length as u64, &options)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn two_threads_find_what_one_finds(
            flips in proptest::collection::vec((16 * 2048..50 * 2048_usize, any::<u8>()), 0..20),
            cut in prop::option::of(0..60 * 2048_usize),
        ) {
            let mut bytes = rich();
            for (at, value) in flips {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            bytes.truncate(cut.unwrap_or(usize::MAX));
            let alone = judged(&mut bytes.as_slice(), bytes.len());
            let length = bytes.len();
            let both = judged(&mut Shared(Arc::new(bytes)), length);
            prop_assert!(alone == both, "{:#?}\n{:#?}", alone, both);
        }
    }
}
