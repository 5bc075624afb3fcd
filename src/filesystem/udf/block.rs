//! This module knows how a descriptor inside a partition is fetched, and what is done where it is not sound.

use super::space::Space;
use super::tag::{Tag, TagError, Tagged};
use super::volume::BlockAddress;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::finding::{Draft, Origin, Severity};
use crate::filesystem::reader::ReadError;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// Tells the path of the file that a descriptor belongs to, if it belongs to one.
pub type PathOf<'p> = Option<&'p dyn Fn() -> Vec<u8>>;

/// A block that has a descriptor in it.
#[derive(Debug, Clone)]
pub struct Block {
    /// Where it stands, in bytes.
    pub at: u64,
    pub bytes: Vec<u8>,
    /// Its CRC or its place is wrong: the content is as it may be.
    pub is_suspect: bool,
}

impl Block {
    /// The descriptor, tag and all.
    pub fn tagged(&self) -> Result<Tagged<'_>, Truncated> {
        let tag = Tag::parse(&mut Cursor::new(&self.bytes, "descriptor tag"))?;
        Ok(Tagged { tag, block: &self.bytes })
    }

    /// The descriptor at an address; `None` where there is none, which is told: `path` names the file that needs it.
    pub fn read(
        scan: &mut Scan<'_>,
        space: &Space,
        address: BlockAddress,
        what: &'static str,
        path: PathOf<'_>,
    ) -> Option<Self> {
        let Some(at) = space.locate(address.reference, address.block) else {
            let BlockAddress { block, reference } = address;
            let draft = Draft {
                rule: Rule::U09,
                severity: Severity::Error,
                origin: Origin::Unknown,
                at: None,
                subject: what,
                path,
            };
            scan.add(draft, || {
                format!("{what} should stand at block {block} of partition {reference}, which has none")
            });
            return None;
        };
        match fetch(scan, space, at, address.block) {
            Ok(block) => {
                if let Ok(tagged) = block.tagged() {
                    judge_tag(scan, at, tagged.tag, what, path);
                }
                Some(block)
            }
            Err(trouble) => Self::instead(scan, space, address, at, what, trouble, path),
        }
    }

    /// The descriptor at an address, if a sound one is there; that of a place where there need be none.
    pub fn peek(scan: &mut Scan<'_>, space: &Space, address: BlockAddress) -> Option<Self> {
        let places = [space.locate(address.reference, address.block), space.mirrored(address.reference, address.block)];
        places.into_iter().flatten().find_map(|at| fetch(scan, space, at, address.block).ok())
    }

    /// From the mirror of a metadata partition where it has the block, or as it is where only its place or sum is wrong.
    fn instead(
        scan: &mut Scan<'_>,
        space: &Space,
        address: BlockAddress,
        at: u64,
        what: &'static str,
        trouble: Trouble,
        path: PathOf<'_>,
    ) -> Option<Self> {
        let mirror = space.mirrored(address.reference, address.block).filter(|mirror| *mirror != at);
        if let Some(Ok(block)) = mirror.map(|mirror| fetch(scan, space, mirror, address.block)) {
            scan.find_of(Rule::U16, Severity::Warning, at, what, path, || {
                format!(
                    "{what} is bad in the metadata file ({trouble}), and was read from its mirror at byte {}",
                    block.at
                )
            });
            return Some(block);
        }
        match trouble {
            Trouble::Unread(error) => {
                scan.unread_of(error, at, what, path);
                None
            }
            Trouble::Tag(error, bytes) => {
                // A list of extents that Linux wrote before 5.12 does not know where it is.
                let is_mild = matches!(error, TagError::Location(_)) && what == LIST;
                let severity = if is_mild { Severity::Warning } else { Severity::Error };
                scan.find_of(Rule::U03, severity, at, what, path, || format!("{what}: {error}"));
                match error {
                    // The head of the tag holds: better than nothing.
                    TagError::Location(_) | TagError::Crc => Some(Self { at, bytes, is_suspect: !is_mild }),
                    TagError::Truncated(_) | TagError::Unrecorded | TagError::Checksum => None,
                }
            }
        }
    }
}

/// What a further list of extents is called.
pub const LIST: &str = "a list of extents";

enum Trouble {
    Unread(ReadError),
    Tag(TagError, Vec<u8>),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Unread(error) => error.fmt(f),
            Trouble::Tag(error, _) => error.fmt(f),
        }
    }
}

/// ECMA-167, 3/7.2.2 and 3/7.2.4: what nobody reads by, and is wrong all the same.
pub fn judge_tag(scan: &mut Scan<'_>, at: u64, tag: Tag, what: &'static str, path: PathOf<'_>) {
    let Tag { version, reserved, .. } = tag;
    if !scan.judges() || (matches!(version, 2 | 3) && reserved == 0) {
        return;
    }
    scan.find_of(Rule::U03, Severity::Warning, at, what, path, || {
        format!("the tag of {what} has version {version} where 2 or 3 was expected, and {reserved} where 0 was")
    });
}

fn fetch(scan: &mut Scan<'_>, space: &Space, at: u64, number: u32) -> Result<Block, Trouble> {
    let length = usize::try_from(space.block_bytes).unwrap_or(usize::MAX);
    let bytes = scan.reader.bytes(at, length).map_err(Trouble::Unread)?;
    match Tagged::parse(&bytes, number).map(|_| ()) {
        Ok(()) => Ok(Block { at, bytes, is_suspect: false }),
        Err(error) => Err(Trouble::Tag(error, bytes)),
    }
}
