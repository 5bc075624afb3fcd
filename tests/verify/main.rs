//! Images and discs compared with what they should be.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

#[path = "../rip/bench.rs"]
#[allow(dead_code, reason = "these tests need less of the bench than rips do")]
mod bench;
mod catalogues;
mod discs;
mod images;
mod length;
mod lists;
mod plain;
mod sums;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use discwright::checksum::{Algorithm, Digest, Digester};
use discwright::clock::SimulatedClock;
use discwright::image::Disk;
use discwright::verify::{Against, Asked, ImageReport, Options, VerifyError, verify_image};

/// An image in a folder of its own, with whatever stands beside it.
pub struct Place {
    folder: tempfile::TempDir,
    pub bytes: Vec<u8>,
}

impl Place {
    pub fn with(bytes: Vec<u8>) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap(), bytes };
        fs::write(place.path("listed.iso"), &place.bytes).unwrap();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub fn digest(&self, algorithm: Algorithm) -> Digest {
        digest(algorithm, &self.bytes)
    }

    /// Verifies `listed.iso` against a file of this content.
    pub fn against(&self, name: &str, content: impl AsRef<[u8]>) -> ImageReport {
        let path = self.write(name, content);
        self.verify(vec![Against::load(&path, Asked::ByUser).unwrap()]).unwrap()
    }

    pub fn verify(&self, against: Vec<Against>) -> Result<ImageReport, VerifyError> {
        verify(&self.path("listed.iso"), against)
    }
}

pub fn verify(image: &Path, against: Vec<Against>) -> Result<ImageReport, VerifyError> {
    let options = Options { algorithms: vec![Algorithm::Sha256], against, ..Options::default() };
    verify_with(image, &options)
}

pub fn verify_with(image: &Path, options: &Options) -> Result<ImageReport, VerifyError> {
    let stop = AtomicBool::new(false);
    verify_image(&Disk, image, options, &SimulatedClock::new(), &stop, &mut Vec::new())
}

pub fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    let mut digester = Digester::new(algorithm);
    digester.update(bytes);
    digester.finish()
}
