//! This module knows what a file of UDF says of itself: file entries, plain and extended, ECMA-167, 4/14.9 and 4/14.17.

use super::tag::{TAG_BYTES, Tagged};
use super::timestamp;
use super::volume::BlockAddress;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::timestamp::Timestamp;
use crate::filesystem::tree::{NodeKind, Posix};

/// Tag identifiers.
pub const FILE_ENTRY: u16 = 261;
pub const EXTENDED_FILE_ENTRY: u16 = 266;
pub const INDIRECT_ENTRY: u16 = 259;

/// `long_ad`, ECMA-167, 4/14.14.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongAllocation {
    /// In bytes.
    pub length: u32,
    /// 0 recorded, 1 set aside, 2 nothing, 3 where the list goes on.
    pub kind: u8,
    pub at: BlockAddress,
    /// Of UDF: the lower half of the file's unique id, where this names a file.
    pub unique_id: u32,
}

impl LongAllocation {
    pub fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (length, kind) = length_and_kind(b.le_u32()?);
        let at = BlockAddress { block: b.le_u32()?, reference: b.le_u16()? };
        b.skip(2)?;
        Ok(Self { length, kind, at, unique_id: b.le_u32()? })
    }
}

/// The upper two bits of a length say what kind of extent it is.
pub fn length_and_kind(field: u32) -> (u32, u8) {
    (field & 0x3FFF_FFFF, u8::try_from(field >> 30).unwrap_or(0))
}

/// In which form allocation descriptors are; the lowest bits of an ICB's flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationForm {
    Short,
    Long,
    Extended,
    /// The content itself stands in their place.
    Inline,
    Unknown(u16),
}

/// The fields of an entry under the names of the standard, the form of the entry aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry<'a> {
    pub is_extended: bool,
    pub strategy: u16,
    pub file_type: u8,
    pub flags: u16,
    pub uid: u32,
    pub gid: u32,
    pub permissions: u32,
    pub links: u16,
    /// In bytes.
    pub information_length: u64,
    pub blocks_recorded: u64,
    pub modified: Option<Timestamp>,
    pub streams: Option<LongAllocation>,
    pub unique_id: u64,
    pub extended_attributes: &'a [u8],
    /// Where the allocation descriptors begin, from the start of the entry.
    pub allocation_offset: usize,
    /// All that of them is in the block.
    pub allocation: &'a [u8],
    /// Both areas end inside the block.
    pub fits: bool,
}

impl<'a> FileEntry<'a> {
    /// The entry in a block; `None` where the block holds another descriptor.
    pub fn parse(tagged: &Tagged<'a>) -> Result<Option<Self>, Truncated> {
        let is_extended = match tagged.tag.identifier {
            FILE_ENTRY => false,
            EXTENDED_FILE_ENTRY => true,
            _ => return Ok(None),
        };
        let mut b = Cursor::new(tagged.block, "file entry");
        b.skip(TAG_BYTES + 4)?;
        let strategy = b.le_u16()?;
        b.skip(5)?;
        let file_type = b.u8()?;
        b.skip(6)?;
        let flags = b.le_u16()?;
        let (uid, gid, permissions, links) = (b.le_u32()?, b.le_u32()?, b.le_u32()?, b.le_u16()?);
        b.skip(6)?;
        let information_length = b.le_u64()?;
        b.skip(if is_extended { 8 } else { 0 })?;
        let blocks_recorded = b.le_u64()?;
        b.skip(12)?;
        let modified = timestamp::parse(&mut b)?;
        // Creation, which only extended entries have, attribute change, checkpoint, and where further attributes are.
        b.skip(if is_extended { 12 + 12 + 4 + 4 + 16 } else { 12 + 4 + 16 })?;
        let streams = if is_extended { Some(LongAllocation::parse(&mut b)?) } else { None };
        b.skip(32)?;
        let unique_id = b.le_u64()?;
        let length = |field: u32| usize::try_from(field).unwrap_or(usize::MAX);
        let (attributes, allocation) = (length(b.le_u32()?), length(b.le_u32()?));
        let fits = attributes.checked_add(allocation).is_some_and(|both| both <= b.rest().len());
        let extended_attributes = b.take(attributes.min(b.rest().len()))?;
        let allocation_offset = b.position();
        let allocation = b.take(allocation.min(b.rest().len()))?;
        Ok(Some(Self {
            is_extended,
            strategy,
            file_type,
            flags,
            uid,
            gid,
            permissions,
            links,
            information_length,
            blocks_recorded,
            modified,
            streams: streams.filter(|streams| streams.length > 0),
            unique_id,
            extended_attributes,
            allocation_offset,
            allocation,
            fits,
        }))
    }

    pub fn form(&self) -> AllocationForm {
        match self.flags & 7 {
            0 => AllocationForm::Short,
            1 => AllocationForm::Long,
            2 => AllocationForm::Extended,
            3 => AllocationForm::Inline,
            other => AllocationForm::Unknown(other),
        }
    }

    /// ECMA-167, 4/14.6.6. Files of UDF's own, and types that nobody knows, are files.
    pub fn kind(&self) -> NodeKind {
        match self.file_type {
            4 | 13 => NodeKind::Directory,
            6 => NodeKind::BlockDevice,
            7 => NodeKind::CharacterDevice,
            9 => NodeKind::Fifo,
            10 => NodeKind::Socket,
            12 => NodeKind::Symlink,
            _ => NodeKind::File,
        }
    }

    /// ECMA-167, 4/14.9.5: five bits each for others, the group and the owner, of which the lowest three are those of
    /// POSIX.
    pub fn posix(&self) -> Posix {
        let triple = |shift: u32| self.permissions >> shift & 7;
        let special = [(6, 0o4000), (7, 0o2000), (8, 0o1000)];
        let special = special.iter().filter(|(bit, _)| self.flags >> bit & 1 == 1).map(|(_, mode)| mode).sum::<u32>();
        let mode = special | triple(10) << 6 | triple(5) << 3 | triple(0);
        let known = |id: u32| (id != u32::MAX).then_some(id);
        Posix {
            mode: u16::try_from(mode).unwrap_or(0),
            links: self.links.into(),
            uid: known(self.uid),
            gid: known(self.gid),
        }
    }
}

/// Of the ICB tag in any entry, ECMA-167, 4/14.6: how its entries follow each other.
pub fn strategy(tagged: &Tagged<'_>) -> Option<u16> {
    let mut b = Cursor::new(tagged.block, "ICB tag");
    b.skip(TAG_BYTES + 4).ok()?;
    b.le_u16().ok()
}

/// ECMA-167, 4/14.7: where the ICB goes on. `None` where it ends here, or the block holds something else.
pub fn indirect(tagged: &Tagged<'_>) -> Option<LongAllocation> {
    if tagged.tag.identifier != INDIRECT_ENTRY {
        return None;
    }
    let mut b = Cursor::new(tagged.block, "indirect entry");
    b.skip(36).ok()?;
    LongAllocation::parse(&mut b).ok().filter(|next| next.length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::udf::writer::emit::tagged;
    use proptest::prelude::*;

    fn entry(is_extended: bool) -> Vec<u8> {
        let mut body = vec![0; 4];
        body.extend([4, 0, 0, 0, 1, 0, 0, 5]);
        body.extend([0; 6]);
        // Content in place; set-user-id and sticky.
        body.extend((3_u16 | 1 << 6 | 1 << 8).to_le_bytes());
        body.extend(1000_u32.to_le_bytes());
        body.extend(u32::MAX.to_le_bytes());
        // Owner rwx, group r-x, others --x.
        body.extend((7_u32 << 10 | 5 << 5 | 1).to_le_bytes());
        body.extend(2_u16.to_le_bytes());
        body.extend([0; 6]);
        body.extend(3_u64.to_le_bytes());
        if is_extended {
            body.extend(3_u64.to_le_bytes());
        }
        body.extend(0_u64.to_le_bytes());
        body.extend([0; 12]);
        body.extend([0, 0x10, 0xD1, 0x07, 2, 3, 4, 5, 6, 0, 0, 0]);
        body.extend(vec![0; if is_extended { 12 + 12 + 8 + 16 + 16 } else { 12 + 4 + 16 }]);
        body.extend([0; 32]);
        body.extend(77_u64.to_le_bytes());
        body.extend(4_u32.to_le_bytes());
        body.extend(3_u32.to_le_bytes());
        body.extend(b"ATTRabc");
        tagged(if is_extended { EXTENDED_FILE_ENTRY } else { FILE_ENTRY }, 3, 9, &body)
    }

    #[test]
    fn both_forms_of_an_entry_say_the_same() {
        for is_extended in [false, true] {
            let bytes = entry(is_extended);
            let entry = FileEntry::parse(&Tagged::parse(&bytes, 9).unwrap()).unwrap().unwrap();
            assert_eq!(
                (entry.is_extended, entry.form(), entry.kind()),
                (is_extended, AllocationForm::Inline, NodeKind::File)
            );
            assert_eq!((entry.information_length, entry.unique_id, entry.fits), (3, 77, true));
            assert_eq!((entry.extended_attributes, entry.allocation), (b"ATTR".as_slice(), b"abc".as_slice()));
            assert_eq!(bytes[entry.allocation_offset..][..3], *b"abc");
            assert_eq!(entry.modified.unwrap().to_string(), "2001-02-03T04:05:06Z");
            let posix = Posix { mode: 0o5751, links: 2, uid: Some(1000), gid: None };
            assert_eq!((entry.posix(), entry.streams), (posix, None));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_reason_to_panic(body in proptest::collection::vec(any::<u8>(), 0..300), id in 259_u16..267) {
            let bytes = tagged(id, 3, 9, &body);
            let tagged = Tagged::parse(&bytes, 9).unwrap();
            let _ = FileEntry::parse(&tagged).map(|entry| entry.map(|entry| (entry.posix(), entry.kind())));
            let _ = indirect(&tagged);
        }
    }
}
