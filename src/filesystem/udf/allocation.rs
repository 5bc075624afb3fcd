//! This module knows where the content of a file of UDF lies: allocation descriptors, ECMA-167, 4/12 and 4/14.14.

use super::block::{Block, LIST, PathOf};
use super::icb::{AllocationForm, FileEntry, LongAllocation, length_and_kind};
use super::space::{Piece, Space};
use super::volume::BlockAddress;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::extent::{Extent, ExtentKind};
use crate::filesystem::scan::Scan;
use crate::filesystem::structure::StructureKind;

/// Tag identifier of a list that does not stand in its file's entry, ECMA-167, 4/14.5.
const ALLOCATION_EXTENT: u16 = 258;

/// What the descriptors of a file come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allocated {
    /// Of the information length, in the order of the file's bytes.
    pub extents: Vec<Extent>,
    /// Where each row of the file's bytes begins, by byte of the file.
    pub rows: Vec<(u64, BlockAddress)>,
    /// Bytes that have an extent, those behind the information length included.
    pub bytes: u64,
    /// Blocks of extents that are recorded, and of those that are set aside.
    pub recorded_blocks: u64,
    pub unrecorded_blocks: u64,
    pub troubles: Vec<Trouble>,
    /// A list is not as it was written.
    pub is_suspect: bool,
    most: u64,
}

/// What is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Of so many bytes from a block on, so many lie inside the partition.
    Outside { at: BlockAddress, length: u64, inside: u64 },
    /// An extent before the last is no whole number of blocks long.
    Ragged { length: u32 },
    /// The list goes on where there is none.
    LostList,
    /// Lists lead to each other, or there are more than any file has.
    TooMany,
    /// A form that UDF does not have.
    Form(u16),
    /// Inline content that is longer or shorter than it says.
    InlineLength { has: u64 },
}

struct Descriptor {
    length: u32,
    kind: u8,
    at: BlockAddress,
}

fn parse(b: &mut Cursor<'_>, form: AllocationForm, reference: u16) -> Result<Descriptor, Truncated> {
    Ok(match form {
        AllocationForm::Long => {
            let long = LongAllocation::parse(b)?;
            Descriptor { length: long.length, kind: long.kind, at: long.at }
        }
        AllocationForm::Extended => {
            let (length, kind) = length_and_kind(b.le_u32()?);
            b.skip(8)?;
            let at = BlockAddress { block: b.le_u32()?, reference: b.le_u16()? };
            b.skip(2)?;
            Descriptor { length, kind, at }
        }
        AllocationForm::Short | AllocationForm::Inline | AllocationForm::Unknown(_) => {
            let (length, kind) = length_and_kind(b.le_u32()?);
            Descriptor { length, kind, at: BlockAddress { block: b.le_u32()?, reference } }
        }
    })
}

/// The extents of `entry`, which stands at byte `at`, in block `home`: `most` of them.
pub fn read(
    scan: &mut Scan<'_>,
    space: &Space,
    entry: &FileEntry<'_>,
    at: u64,
    home: BlockAddress,
    path: PathOf<'_>,
    most: u64,
) -> Allocated {
    let mut found = Allocated { most, ..Allocated::default() };
    match entry.form() {
        AllocationForm::Inline => {
            let has = entry.allocation.len() as u64;
            if has != entry.information_length {
                found.troubles.push(Trouble::InlineLength { has });
            }
            let length = has.min(entry.information_length);
            found.bytes = has;
            if length > 0 {
                found.extents.push(Extent::recorded(at.saturating_add(entry.allocation_offset as u64), length));
                found.rows.push((0, home));
            }
        }
        AllocationForm::Unknown(form) => found.troubles.push(Trouble::Form(form)),
        form @ (AllocationForm::Short | AllocationForm::Long | AllocationForm::Extended) => {
            found.follow(scan, space, entry, form, home, path);
        }
    }
    found
}

impl Allocated {
    fn follow(
        &mut self,
        scan: &mut Scan<'_>,
        space: &Space,
        entry: &FileEntry<'_>,
        form: AllocationForm,
        home: BlockAddress,
        path: PathOf<'_>,
    ) {
        let mut next = self.take(space, entry.allocation, form, home.reference, entry.information_length);
        for _ in 0..scan.limits.chain {
            let Some(address) = next else { return };
            let Some(block) = Block::read(scan, space, address, LIST, path) else {
                self.troubles.push(Trouble::LostList);
                return;
            };
            // Many names may lead to one file, each of which costs nothing to make.
            scan.repeated_bytes = scan.repeated_bytes.saturating_add(space.block_bytes.into());
            if scan.repeated_bytes > scan.limits.metadata_bytes {
                scan.cut(LIST, "there are more of them than any disc has");
                self.troubles.push(Trouble::LostList);
                return;
            }
            scan.structures.add(StructureKind::AllocationExtent, block.at, space.block_bytes.into());
            self.is_suspect |= block.is_suspect;
            let Some(list) = list_in(&block) else {
                self.troubles.push(Trouble::LostList);
                return;
            };
            next = self.take(space, list, form, address.reference, entry.information_length);
        }
        if next.is_some() || self.is_full() {
            self.troubles.push(Trouble::TooMany);
        }
    }

    /// Whether all lists were there.
    pub fn is_complete(&self) -> bool {
        !self.troubles.iter().any(|trouble| match trouble {
            Trouble::LostList | Trouble::TooMany | Trouble::Form(_) => true,
            Trouble::Outside { .. } | Trouble::Ragged { .. } | Trouble::InlineLength { .. } => false,
        })
    }

    fn is_full(&self) -> bool {
        self.extents.len() as u64 > self.most
    }

    /// The descriptors of one list; where the next one is.
    fn take(
        &mut self,
        space: &Space,
        list: &[u8],
        form: AllocationForm,
        reference: u16,
        size: u64,
    ) -> Option<BlockAddress> {
        let mut b = Cursor::new(list, "allocation descriptors");
        while let Ok(descriptor) = parse(&mut b, form, reference) {
            if descriptor.length == 0 || self.is_full() {
                return None;
            }
            if descriptor.kind == 3 {
                return Some(descriptor.at);
            }
            if self.bytes < size && !self.bytes.is_multiple_of(space.block_bytes.into()) {
                let length = u32::try_from(self.bytes % u64::from(space.block_bytes)).unwrap_or(0);
                if !self.troubles.iter().any(|trouble| matches!(trouble, Trouble::Ragged { .. })) {
                    self.troubles.push(Trouble::Ragged { length });
                }
            }
            self.extent(space, &descriptor, size);
        }
        None
    }

    fn extent(&mut self, space: &Space, descriptor: &Descriptor, size: u64) {
        let whole = u64::from(descriptor.length);
        // What lies behind the information length is the file's tail, and no content.
        let length = whole.min(size.saturating_sub(self.bytes));
        let blocks = whole.div_ceil(u64::from(space.block_bytes).max(1));
        let first = self.bytes;
        self.bytes = self.bytes.saturating_add(whole);
        let kind = match descriptor.kind {
            0 => ExtentKind::Recorded,
            1 => ExtentKind::Unrecorded,
            _ => ExtentKind::Hole,
        };
        match kind {
            ExtentKind::Recorded => self.recorded_blocks = self.recorded_blocks.saturating_add(blocks),
            ExtentKind::Unrecorded => self.unrecorded_blocks = self.unrecorded_blocks.saturating_add(blocks),
            ExtentKind::Hole => {}
        }
        if length == 0 {
            return;
        }
        if kind == ExtentKind::Hole {
            self.extents.push(Extent { start: 0, length, kind });
            return;
        }
        let BlockAddress { block, reference } = descriptor.at;
        self.rows.push((first, descriptor.at));
        let pieces = match space.pieces(reference, block, length) {
            Ok(pieces) => pieces,
            Err(inside) => {
                self.troubles.push(Trouble::Outside { at: descriptor.at, length, inside });
                let mut pieces = space.pieces(reference, block, inside).unwrap_or_default();
                pieces.push(Piece { start: space.beyond(reference, block, inside), length: length - inside });
                pieces
            }
        };
        self.extents.extend(pieces.iter().map(|piece| Extent { start: piece.start, length: piece.length, kind }));
    }
}

/// ECMA-167, 4/14.5: the descriptors in a further list.
fn list_in(block: &Block) -> Option<&[u8]> {
    let tagged = block.tagged().ok().filter(|tagged| tagged.tag.identifier == ALLOCATION_EXTENT)?;
    let mut b = Cursor::new(tagged.block, "allocation extent");
    b.skip(20).ok()?;
    let length = usize::try_from(b.le_u32().ok()?).ok()?;
    b.take(length.min(b.rest().len())).ok()
}
