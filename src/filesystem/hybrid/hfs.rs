//! This module knows the headers of Macintosh volumes: HFS's master directory block, and HFS+'s volume header.

use crate::bytes::Cursor;
use crate::filesystem::volume::{VolumeKind, trimmed};

/// From the start of the volume, and in front of its end.
pub(super) const HEADER_AT: u64 = 1024;
pub(super) const HEADER_BYTES: u64 = 512;
pub(super) const BEHIND_ALTERNATE: u64 = 1024;
const LONGEST_LABEL: u8 = 27;

/// What both copies of a header must have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub kind: VolumeKind,
    pub label: Option<String>,
    /// Where the first allocation block lies in the volume, in bytes.
    first_block: u64,
    blocks: u32,
    /// Of an allocation block.
    block_bytes: u32,
}

impl Header {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut b = Cursor::new(bytes, "HFS header");
        match b.take(2).ok()? {
            b"BD" => {
                b.skip(16).ok()?;
                let (blocks, block_bytes) = (b.be_u16().ok()?.into(), b.be_u32().ok()?);
                b.skip(4).ok()?;
                let first_block = u64::from(b.be_u16().ok()?) * 512;
                b.skip(6).ok()?;
                let length = b.u8().ok()?;
                let label = b.take(length.min(LONGEST_LABEL).into()).ok()?;
                let is_possible =
                    block_bytes >= 512 && block_bytes.is_multiple_of(512) && blocks > 0 && length <= LONGEST_LABEL;
                let label =
                    label.iter().map(|&c| if c.is_ascii() { char::from(c) } else { char::REPLACEMENT_CHARACTER });
                let label = trimmed(&label.collect::<String>());
                is_possible.then_some(Self { kind: VolumeKind::Hfs, label, first_block, blocks, block_bytes })
            }
            signature @ (b"H+" | b"HX") => {
                let version = b.be_u16().ok()?;
                b.skip(36).ok()?;
                let (block_bytes, blocks) = (b.be_u32().ok()?, b.be_u32().ok()?);
                let is_version = version == if signature == b"H+" { 4 } else { 5 };
                let is_possible = is_version && block_bytes >= 512 && block_bytes.is_power_of_two() && blocks > 0;
                let kind = VolumeKind::HfsPlus;
                is_possible.then_some(Self { kind, label: None, first_block: 0, blocks, block_bytes })
            }
            _ => None,
        }
    }

    /// Of all allocation blocks, in bytes.
    pub fn bytes(&self) -> u64 {
        u64::from(self.blocks).saturating_mul(self.block_bytes.into())
    }

    /// The least that the volume must have.
    pub fn length(&self) -> u64 {
        self.first_block.saturating_add(self.bytes())
    }

    /// Where the copy may stand, the likeliest place first: of a volume that begins at byte `start`, in a partition that
    /// ends at `end`.
    pub fn alternates(&self, start: u64, end: Option<u64>) -> Vec<u64> {
        let own_end = start.saturating_add(self.length());
        // HFS has it behind the allocation blocks; genisoimage counts one too many of them, and has it in the last.
        let own = match self.kind == VolumeKind::Hfs {
            true => vec![own_end, start.saturating_add(self.bytes())],
            false => vec![own_end.saturating_sub(BEHIND_ALTERNATE)],
        };
        alternates_in(end).chain(own).collect()
    }
}

/// Where the copy stands in a partition that ends at `end`.
pub(super) fn alternates_in(end: Option<u64>) -> impl Iterator<Item = u64> {
    end.map(|end| end.saturating_sub(BEHIND_ALTERNATE)).into_iter()
}
