//! This module knows how to follow the System Use entries of one record, from area to area: IEEE P1281 (SUSP 1.12).

use super::attribute::ExtendedAttributes;
use super::compression::Compression;
use super::entry::{Entries, Entry};
use super::name::{self, Name};
use super::stamps::Stamps;
use super::symlink::{self, Link};
use super::{Attributes, PosixAttributes, number};
use crate::bytes::Cursor;
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;
use crate::filesystem::tree::Md5Array;

/// What stands in the entries of one record, as it is gathered.
pub(super) struct Reading<'s, 'i, 'p> {
    pub scan: &'s mut Scan<'i>,
    pub path: &'p dyn Fn() -> Vec<u8>,
    pub block_bytes: u32,
    pub place: Place,
    pub found: Attributes,
    pub announced: Announced,
    name: Name,
    /// Few records have any of it.
    link: Option<Link>,
    extended: Option<ExtendedAttributes>,
    continuation: Option<Continuation>,
}

/// Which record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The root's own, looked at for what it announces, in silence: it is read again for its attributes.
    Announcement,
    Root,
    Other,
}

/// What the root's own record announces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Announced {
    /// Rock Ridge, by name.
    pub names_rock_ridge: bool,
    /// By an entry that only Rock Ridge has.
    pub uses_rock_ridge: bool,
    pub md5_array: Option<Md5Array>,
}

/// Where the next area stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Continuation {
    block: u32,
    /// Within the block, in bytes.
    offset: u32,
    /// In bytes.
    length: u32,
    /// Of the entry that says so, in bytes from the start of the image.
    at: u64,
}

/// The names by which the editions of Rock Ridge go.
const ROCK_RIDGE: [&[u8]; 3] = [b"RRIP_1991A", b"IEEE_P1282", b"IEEE_1282"];

impl<'s, 'i, 'p> Reading<'s, 'i, 'p> {
    /// The name will be put into `spare`.
    pub fn new(
        scan: &'s mut Scan<'i>,
        path: &'p dyn Fn() -> Vec<u8>,
        block_bytes: u32,
        place: Place,
        spare: Vec<u8>,
    ) -> Self {
        Self {
            scan,
            path,
            block_bytes,
            place,
            found: Attributes::default(),
            announced: Announced::default(),
            name: Name::within(spare),
            link: None,
            extended: None,
            continuation: None,
        }
    }

    /// Reads the area that begins at byte `at`, and all in which it goes on: into `found`, and `announced`.
    pub fn run(&mut self, area: &[u8], at: u64) {
        self.area(area, at);
        let mut seen = Vec::new();
        let mut bytes = area.len();
        while let Some(next) = self.continuation.take() {
            if seen.is_empty() {
                seen.push(at);
            }
            let Some((area, at)) = self.follow(next, &mut seen, &mut bytes) else { break };
            self.area(&area, at);
        }
        self.finish(at);
    }

    fn tell(&mut self, rule: Rule, severity: Severity, at: u64, subject: &'static str, text: impl FnOnce() -> String) {
        if self.place == Place::Announcement {
            return;
        }
        // Only what will be told is worth reading for.
        let is_told = self.scan.findings.lists_another(rule, severity, subject);
        let origin = if is_told { self.scan.origin_at(at) } else { Origin::Unknown };
        self.tell_from(origin, rule, severity, at, subject, text);
    }

    fn tell_from(
        &mut self,
        origin: Origin,
        rule: Rule,
        severity: Severity,
        at: u64,
        subject: &'static str,
        text: impl FnOnce() -> String,
    ) {
        self.found.is_damaged |= severity == Severity::Error;
        if self.place != Place::Announcement {
            let draft = Draft { rule, severity, origin, at: Some(at), subject, path: Some(self.path) };
            self.scan.add(draft, text);
        }
    }

    fn area(&mut self, area: &[u8], start: u64) {
        let mut entries = Entries::new(area);
        while let Some(next) = entries.next() {
            match next {
                Ok(entry) => {
                    let at = start.saturating_add(entry.offset as u64);
                    match &entry.signature {
                        b"ST" => {
                            if entry.length != 4 {
                                self.tell(Rule::R13, Severity::Warning, at, "length", || {
                                    format!("the entry that ends an area has {} bytes instead of 4", entry.length)
                                });
                            }
                            return;
                        }
                        b"SL" => {
                            let most = self.scan.limits.symlink_bytes;
                            let link = self.link.get_or_insert_default();
                            let more = link.push(entry.length, entry.payload, entries.rest(), most);
                            entries.skip(more);
                        }
                        _ => self.entry(&entry, at),
                    }
                }
                Err(wrong) => {
                    let at = start.saturating_add(wrong.offset as u64);
                    return self.tell(Rule::R03, Severity::Error, at, "length", || {
                        format!(
                            "an entry says it has {} bytes; 4 to {} are possible",
                            wrong.length,
                            wrong.left.min(255)
                        )
                    });
                }
            }
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, at: u64) {
        let &Entry { signature, payload, .. } = entry;
        self.announced.uses_rock_ridge |=
            matches!(&signature, b"PX" | b"NM" | b"TF" | b"RR" | b"PN" | b"CL" | b"PL" | b"RE");
        match &signature {
            b"CE" => self.continues(payload, at),
            b"ER" => self.extension(entry, at),
            b"PX" => self.posix(entry, at),
            b"NM" => self.name.push(payload),
            b"TF" => {
                let stamps = Stamps::parse(payload);
                self.found.modified = stamps.modified.or(self.found.modified);
                if let Some(problem) = stamps.problem {
                    self.tell(Rule::R10, Severity::Warning, at, "stamps", || problem.to_string());
                }
            }
            b"CL" => self.found.child = self.block(entry, at, Rule::R09).or(self.found.child),
            b"PL" => self.found.parent = self.block(entry, at, Rule::R09).or(self.found.parent),
            b"RE" => self.found.is_relocated = true,
            b"PN" => {
                self.found.has_device = true;
                if !number::several::<2>(payload).is_ok_and(|(_, agrees)| agrees) {
                    self.tell(Rule::R06, Severity::Warning, at, "numbers", || {
                        "the numbers of a device are not whole, or not the same in both byte orders".to_owned()
                    });
                }
            }
            b"ZF" | b"Z2" => self.compression(payload, at),
            b"AL" if self.scan.judges() || self.place == Place::Announcement => {
                if self.extended.get_or_insert_default().push(payload).is_err() {
                    self.tell(Rule::R03, Severity::Warning, at, "attributes", || {
                        "an entry of extended attributes ends within one".to_owned()
                    });
                }
            }
            b"SF" => self.tell(Rule::R14, Severity::Info, at, "sparse", || {
                "a file is kept sparsely, which is not undone: its content is what is stored".to_owned()
            }),
            // Of SUSP and Rock Ridge without use here; AAIP's; Apple's; those of the Amiga and of CD-ROM XA.
            b"SP" | b"PD" | b"ES" | b"RR" | b"AL" | b"AA" | b"BA" | b"AS" | b"XA" => {}
            _ => {
                let [first, second] = signature;
                self.tell(Rule::R14, Severity::Info, at, "signature", || {
                    format!("an entry has the signature {first:02X}{second:02X}h, which is not known")
                });
            }
        }
    }

    /// RRIP 4.1.1. Serial numbers are younger than the rest.
    fn posix(&mut self, entry: &Entry<'_>, at: u64) {
        let length = entry.length;
        if length != 36 && length != 44 {
            self.tell(Rule::R05, Severity::Warning, at, "length", || {
                format!("the entry of POSIX attributes has {length} bytes instead of 36 or 44")
            });
        }
        let read = match entry.payload.len() {
            40.. => number::several(entry.payload)
                .map(|([mode, links, uid, gid, serial], agrees)| ([mode, links, uid, gid], Some(serial), agrees)),
            _ => number::several(entry.payload).map(|(numbers, agrees)| (numbers, None, agrees)),
        };
        let Ok(([mode, links, uid, gid], serial, agrees)) = read else { return };
        if !agrees {
            self.tell(Rule::R05, Severity::Warning, at, "byte orders", || {
                "a POSIX attribute is not the same in both byte orders; the little-endian one is taken".to_owned()
            });
        }
        self.found.posix = Some(PosixAttributes { mode, links, uid, gid, serial });
    }

    /// Of CL and PL.
    fn block(&mut self, entry: &Entry<'_>, at: u64, rule: Rule) -> Option<u32> {
        let Ok(([block], agrees)) = number::several(entry.payload) else {
            self.tell(rule, Severity::Error, at, "length", || {
                format!("an entry for a relocated directory has {} bytes instead of 12", entry.length)
            });
            return None;
        };
        if !agrees {
            self.tell(rule, Severity::Warning, at, "byte orders", || {
                format!("where a relocated directory is, block {block}, is another in big-endian order")
            });
        }
        Some(block)
    }

    fn compression(&mut self, payload: &[u8], at: u64) {
        match Compression::parse(payload) {
            Ok(Compression::Zisofs(zisofs, unpacked)) => self.found.zisofs = Some((zisofs, unpacked)),
            Ok(Compression::Unknown(_)) => self.tell(Rule::R11, Severity::Warning, at, "method", || {
                "a file is compressed by a method that is not known: its content is what is stored".to_owned()
            }),
            Ok(Compression::BlockSize(log2)) => self.tell(Rule::R11, Severity::Error, at, "block size", || {
                format!("a compressed file says that its blocks have 2 to the power of {log2} bytes, which cannot be")
            }),
            Err(_) => self.tell(Rule::R11, Severity::Error, at, "length", || {
                format!("the entry of a compressed file has {} bytes instead of 16", payload.len() + 4)
            }),
        }
    }

    /// SUSP 5.5: the lengths of three strings, a version, and the strings.
    fn extension(&mut self, entry: &Entry<'_>, at: u64) {
        if self.place == Place::Other {
            self.tell(Rule::R02, Severity::Warning, at, "place", || {
                "an extension names itself in a record that is not the root's own".to_owned()
            });
        }
        let mut b = Cursor::new(entry.payload, "ER");
        let Ok([id, description, source, _]) = b.array() else { return };
        let needed = usize::from(id) + usize::from(description) + usize::from(source);
        let left = b.rest().len();
        if needed > left {
            self.tell(Rule::R02, Severity::Warning, at, "length", || {
                format!("an extension has strings of {needed} bytes, and {left} left for them")
            });
        }
        let id = b.take(usize::from(id).min(left)).unwrap_or_default();
        self.announced.names_rock_ridge |= ROCK_RIDGE.contains(&id);
    }

    fn continues(&mut self, payload: &[u8], at: u64) {
        if self.continuation.is_some() {
            return self.tell(Rule::R04, Severity::Error, at, "second", || {
                "an area goes on in two places; the first is taken".to_owned()
            });
        }
        let Ok(([block, offset, length], agrees)) = number::several(payload) else {
            return self.tell(Rule::R04, Severity::Error, at, "length", || {
                format!("the entry for a continuation area has {} bytes instead of 28", payload.len() + 4)
            });
        };
        if !agrees {
            self.tell(Rule::R04, Severity::Warning, at, "byte orders", || {
                format!("where an area goes on, {length} bytes at block {block}, is another place in big-endian order")
            });
        }
        self.continuation = Some(Continuation { block, offset, length, at });
    }

    /// The bytes of the next area, and where they stand.
    fn follow(&mut self, to: Continuation, seen: &mut Vec<u64>, bytes: &mut usize) -> Option<(Vec<u8>, u64)> {
        const WHAT: &str = "a continuation area of Rock Ridge";
        let Continuation { block, offset, length, at } = to;
        if length == 0 {
            return None;
        }
        let start = u64::from(block) * u64::from(self.block_bytes) + u64::from(offset);
        let end = start.saturating_add(length.into());
        let image = self.scan.reader.length();
        if end > image {
            self.tell(Rule::R04, Severity::Error, at, "place", || {
                format!("an area goes on in {length} bytes at byte {start}, and the image ends at byte {image}")
            });
            return None;
        }
        if seen.contains(&start) {
            self.tell(Rule::R04, Severity::Error, at, "circle", || {
                format!("an area goes on at byte {start}, where it has been already")
            });
            return None;
        }
        if offset.saturating_add(length) > self.block_bytes {
            let block_bytes = self.block_bytes;
            self.tell(Rule::R04, Severity::Warning, at, "block", || {
                format!("an area of {length} bytes begins at byte {offset} of a block of {block_bytes} bytes")
            });
        }
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        *bytes = bytes.saturating_add(size);
        seen.push(start);
        let limits = self.scan.limits;
        if *bytes > limits.susp_bytes || seen.len() > limits.susp_hops as usize {
            self.found.is_damaged = true;
            self.scan.cut(WHAT, "one record has more of them, or larger ones, than any file needs");
            return None;
        }
        // Many records may share an area, and each reads it from the cache.
        self.scan.repeated_bytes = self.scan.repeated_bytes.saturating_add(length.into());
        if self.scan.repeated_bytes > limits.metadata_bytes {
            self.found.is_damaged = true;
            self.scan.cut(WHAT, "there is more of them than any disc needs");
            return None;
        }
        match self.scan.reader.bytes(start, size) {
            Ok(area) => {
                if self.scan.judges() {
                    self.scan.structures.add(StructureKind::ContinuationArea, start, length.into());
                }
                Some((area, start))
            }
            Err(error) => {
                self.found.is_damaged = true;
                if self.place != Place::Announcement {
                    self.scan.unread(error, start, WHAT);
                }
                None
            }
        }
    }

    /// `at` is where the first area begins.
    fn finish(&mut self, at: u64) {
        self.found.is_own_or_parent = self.name.is_special();
        if let Some(problem) = self.name.problem() {
            let severity = if problem == name::Problem::Impossible { Severity::Error } else { Severity::Warning };
            self.tell(Rule::R08, severity, at, "name", || problem.to_string());
        }
        self.found.name = std::mem::take(&mut self.name).finish();
        let (target, problem) = self.link.take().map_or((None, None), Link::finish);
        self.found.target = target;
        match problem {
            // All of it was found.
            Some(problem @ symlink::Problem::Wrapped { .. }) => {
                self.tell_from(Origin::Mastering, Rule::R07, Severity::Warning, at, "wrapped", || problem.to_string());
            }
            Some(problem) => self.tell(Rule::R07, Severity::Error, at, "link", || problem.to_string()),
            None => {}
        }
        if let Some(extended) = self.extended.take() {
            self.found.md5_index = extended.md5_index;
            self.announced.md5_array = extended.md5_array;
        }
    }
}
