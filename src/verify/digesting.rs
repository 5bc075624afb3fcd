//! This module knows how digests are computed side by side while sectors stream past.

use std::thread::available_parallelism;

use crate::checksum::{Algorithm, Digest, Digester, RawCd, share_out};
use crate::pipeline::{Consumer, Piece};
use crate::sector::{Lba, SECTOR_BYTES};

/// Zeros stand for what could not be read, a piece at a time.
static ZEROS: [u8; 32 * SECTOR_BYTES] = [0; 32 * SECTOR_BYTES];

/// Which digests of an image to compute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of the image itself.
    pub image: Vec<Algorithm>,
    /// Of the raw 2352-byte sectors that a mode 1 CD has around it.
    pub raw: Vec<Algorithm>,
}

impl Wanted {
    pub fn is_empty(&self) -> bool {
        self.image.is_empty() && self.raw.is_empty()
    }
}

/// The digests of one image, each algorithm once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digests {
    pub image: Vec<Digest>,
    /// Of the computed raw form; empty where that was not wanted or is not to be had.
    pub raw: Vec<Digest>,
}

impl Digests {
    pub fn of(&self, algorithm: Algorithm) -> Option<&Digest> {
        self.image.iter().find(|d| d.algorithm() == algorithm)
    }
}

/// All that computes digests in one pass; each worker is a consumer with a thread of its own.
pub struct Digesting {
    workers: Vec<Worker>,
}

struct Worker {
    digesters: Vec<Digester>,
    raw: Option<RawCd>,
}

impl Digesting {
    /// As many threads as there are processors, or one a digest where those are fewer.
    pub fn new(wanted: &Wanted) -> Self {
        let threads = available_parallelism().map_or(1, usize::from);
        let mut workers: Vec<Worker> = share_out(&wanted.image, threads)
            .into_iter()
            .map(|group| Worker { digesters: group.into_iter().map(Digester::new).collect(), raw: None })
            .collect();
        if !wanted.raw.is_empty() {
            workers.push(Worker { digesters: Vec::new(), raw: Some(RawCd::new(Lba(0), &wanted.raw)) });
        }
        Self { workers }
    }

    /// For [`crate::pipeline::fan_out`].
    pub fn consumers<E: Send + 'static>(&mut self) -> impl Iterator<Item = &mut dyn Consumer<E>> {
        self.workers.iter_mut().map(|worker| worker as &mut dyn Consumer<E>)
    }

    /// The digests, in the order of [`Algorithm`]: the strongest last.
    pub fn finish(self) -> Digests {
        let mut digests = Digests::default();
        for worker in self.workers {
            digests.image.extend(worker.digesters.into_iter().map(Digester::finish));
            if let Some(raw) = worker.raw {
                digests.raw = raw.finish().unwrap_or_default();
            }
        }
        digests.image.sort_by_key(|d| std::cmp::Reverse(d.algorithm()));
        digests.raw.sort_by_key(|d| std::cmp::Reverse(d.algorithm()));
        digests
    }
}

impl Worker {
    fn update(&mut self, bytes: &[u8]) {
        for digester in &mut self.digesters {
            digester.update(bytes);
        }
        if let Some(raw) = &mut self.raw {
            raw.update(bytes);
        }
    }
}

impl<E> Consumer<E> for Worker {
    fn take(&mut self, piece: &Piece) -> Result<(), E> {
        match piece {
            Piece::Data(block) => self.update(block.bytes()),
            Piece::Gap(range) => {
                let mut left = range.count().bytes();
                while left > 0 {
                    let length = usize::try_from(left).unwrap_or(usize::MAX).min(ZEROS.len());
                    self.update(ZEROS.get(..length).unwrap_or_default());
                    left = left.saturating_sub(length as u64);
                }
            }
        }
        Ok(())
    }
}
