//! This module knows how the files of a title are put together, whatever form the catalogue has.

use super::{Entry, Status, Track};
use crate::checksum::{Algorithm, Digest};
use std::sync::Arc;

/// Bytes of names kept until the end of a title is known. What has more is told without numbers of tracks.
const PENDING_BYTES: usize = 4 << 20;

/// Files that only describe others.
const DESCRIPTIONS: [&str; 9] = ["cue", "gdi", "ccd", "toc", "sub", "sbi", "m3u", "txt", "dvd"];

/// A title whose end has not come yet.
pub(super) struct Title {
    name: Arc<str>,
    files: Vec<File>,
    pending: usize,
}

/// What a catalogue says of one file, each word as it comes.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    name: String,
    size: Option<u64>,
    digests: Vec<Digest>,
    status: Status,
}

impl Title {
    pub fn new(name: String) -> Self {
        Self { name: name.into(), files: Vec::new(), pending: 0 }
    }

    /// ClrMamePro's text allows the name to come late.
    pub fn rename(&mut self, name: String) {
        self.name = name.into();
    }

    pub fn add(&mut self, file: File, visitor: &mut dyn FnMut(Entry)) {
        self.pending = self.pending.saturating_add(file.name.len()).saturating_add(size_of::<File>());
        self.files.push(file);
        if self.pending > PENDING_BYTES {
            let name = &self.name;
            self.files.drain(..).for_each(|file| visitor(file.entry(name, None)));
            self.pending = 0;
        }
    }

    pub fn finish(self, visitor: &mut dyn FnMut(Entry)) {
        let of = self.files.iter().filter(|file| !file.describes()).count();
        let mut number: usize = 0;
        for file in self.files {
            let counted = !file.describes();
            number = number.saturating_add(usize::from(counted));
            let track = (counted && of > 1).then_some(Track { number, of });
            visitor(file.entry(&self.name, track));
        }
    }
}

impl File {
    /// Words that mean nothing here are skipped, and so are digests of a wrong length: many catalogues have `-` or
    /// nothing where they know none.
    pub fn set(&mut self, word: &str, value: &str) {
        match word {
            "name" => self.name = value.to_owned(),
            "size" => self.size = value.trim().parse().ok(),
            "crc" | "crc32" => self.set_digest(Algorithm::Crc32, value),
            "md5" => self.set_digest(Algorithm::Md5, value),
            "sha1" => self.set_digest(Algorithm::Sha1, value),
            "sha256" => self.set_digest(Algorithm::Sha256, value),
            "status" | "flags" => {
                self.status = match value {
                    "verified" => Status::Verified,
                    "baddump" => Status::BadDump,
                    "nodump" => Status::NoDump,
                    _ => Status::Good,
                }
            }
            _ => {}
        }
    }

    fn set_digest(&mut self, algorithm: Algorithm, hex: &str) {
        if let Ok(digest) = Digest::from_hex(algorithm, hex.trim()) {
            self.digests.retain(|other| other.algorithm() != algorithm);
            self.digests.push(digest);
        }
    }

    fn describes(&self) -> bool {
        self.name.rsplit_once('.').is_some_and(|(_, end)| DESCRIPTIONS.iter().any(|d| end.eq_ignore_ascii_case(d)))
    }

    fn entry(self, title: &Arc<str>, track: Option<Track>) -> Entry {
        let digests = if self.status == Status::NoDump { Vec::new() } else { self.digests };
        Entry { title: title.clone(), rom: self.name, size: self.size, digests, status: self.status, track }
    }
}
