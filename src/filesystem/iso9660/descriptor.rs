//! This module knows the volume descriptors of ECMA-119, clause 8, and of the High Sierra draft before it.

use super::record::Format;
use crate::bytes::{Cursor, Truncated};
use crate::filesystem::volume::trimmed;

/// A number that is recorded in both byte orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BothEndian<T> {
    pub little: T,
    pub big: T,
}

impl<T: Copy + PartialEq + Default> BothEndian<T> {
    pub fn agrees(self) -> bool {
        self.little == self.big
    }

    /// Readers take the little-endian half; some writers leave one half empty.
    pub fn value(self) -> T {
        if self.little == T::default() { self.big } else { self.little }
    }
}

#[inline]
pub(super) fn both_u16(b: &mut Cursor<'_>) -> Result<BothEndian<u16>, Truncated> {
    Ok(BothEndian { little: b.le_u16()?, big: b.be_u16()? })
}

#[inline]
pub(super) fn both_u32(b: &mut Cursor<'_>) -> Result<BothEndian<u32>, Truncated> {
    Ok(BothEndian { little: b.le_u32()?, big: b.be_u32()? })
}

/// What a sector of the volume recognition area is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognized {
    /// ECMA-119, 8.2. El Torito is one of them.
    Boot(BootRecord),
    /// Of ISO 9660, type 1.
    Primary(VolumeDescriptor),
    /// Of ISO 9660, type 2: Joliet, or version 2: the enhanced one of 1999.
    Supplementary(VolumeDescriptor),
    HighSierra(VolumeDescriptor),
    /// Type 3, and those that no edition has.
    Other,
    Terminator,
    /// A structure of ECMA-167, part 2: `BEA01`, `NSR02`, `NSR03`, `BOOT2`, `TEA01`, `CDW02`.
    Extended([u8; 5]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootRecord {
    pub system: [u8; 32],
    pub identifier: [u8; 32],
    /// Of El Torito: where the catalogue is.
    pub catalogue: u32,
}

/// The fields of a primary or supplementary descriptor that a first look needs, under the names of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeDescriptor {
    pub version: u8,
    pub volume_identifier: [u8; 32],
    /// In logical blocks.
    pub volume_space_size: BothEndian<u32>,
    pub escape_sequences: [u8; 32],
    pub set_size: BothEndian<u16>,
    pub sequence_number: BothEndian<u16>,
    /// In bytes.
    pub logical_block_size: BothEndian<u16>,
    /// In bytes.
    pub path_table_size: BothEndian<u32>,
    pub path_tables: PathTables,
    /// The directory record of the root, as it stands there.
    pub root: [u8; 34],
    /// In logical blocks.
    pub root_extent: BothEndian<u32>,
    /// In bytes.
    pub root_length: BothEndian<u32>,
}

/// Where the path tables are, in logical blocks; 0 is nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PathTables {
    /// Little-endian, the type L.
    pub little: u32,
    pub little_copy: u32,
    /// Big-endian, the type M.
    pub big: u32,
    pub big_copy: u32,
}

impl PathTables {
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        Ok(Self { little: b.le_u32()?, little_copy: b.le_u32()?, big: b.be_u32()?, big_copy: b.be_u32()? })
    }

    /// The draft has three copies of each; the second and third are not looked at.
    fn parse_high_sierra(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (little, little_copy) = (b.le_u32()?, b.le_u32()?);
        b.skip(8)?;
        let (big, big_copy) = (b.be_u32()?, b.be_u32()?);
        b.skip(8)?;
        Ok(Self { little, little_copy, big, big_copy })
    }
}

impl Recognized {
    /// `None` where the sector has no standard identifier that is known.
    pub fn parse(sector: &[u8]) -> Result<Option<Self>, Truncated> {
        let mut b = Cursor::new(sector, "volume descriptor");
        let kind = b.u8()?;
        let id: [u8; 5] = b.array()?;
        let found = match &id {
            b"CD001" => match kind {
                0 => Self::Boot(BootRecord::parse(&mut b)?),
                1 => Self::Primary(VolumeDescriptor::parse(&mut b, Format::Iso9660)?),
                2 => Self::Supplementary(VolumeDescriptor::parse(&mut b, Format::Iso9660)?),
                255 => Self::Terminator,
                _ => Self::Other,
            },
            b"BEA01" | b"NSR02" | b"NSR03" | b"BOOT2" | b"TEA01" | b"CDW02" => Self::Extended(id),
            _ => return Self::parse_high_sierra(sector),
        };
        Ok(Some(found))
    }

    /// The descriptors of the draft have their own address in front, and are else alike.
    fn parse_high_sierra(sector: &[u8]) -> Result<Option<Self>, Truncated> {
        let mut b = Cursor::new(sector, "High Sierra volume descriptor");
        b.skip(8)?;
        let kind = b.u8()?;
        if b.take(5)? != b"CDROM" {
            return Ok(None);
        }
        Ok(Some(match kind {
            1 => Self::HighSierra(VolumeDescriptor::parse(&mut b, Format::HighSierra)?),
            255 => Self::Terminator,
            _ => Self::Other,
        }))
    }
}

impl BootRecord {
    fn parse(b: &mut Cursor<'_>) -> Result<Self, Truncated> {
        b.skip(1)?;
        Ok(Self { system: b.array()?, identifier: b.array()?, catalogue: b.le_u32()? })
    }

    /// How the system of El Torito is called; zeros follow.
    pub const EL_TORITO: &[u8] = b"EL TORITO SPECIFICATION";

    pub fn is_el_torito(&self) -> bool {
        self.system.starts_with(Self::EL_TORITO)
    }
}

impl VolumeDescriptor {
    /// From behind the standard identifier on.
    fn parse(b: &mut Cursor<'_>, format: Format) -> Result<Self, Truncated> {
        let version = b.u8()?;
        b.skip(33)?;
        let volume_identifier = b.array()?;
        b.skip(8)?;
        let volume_space_size = both_u32(b)?;
        let escape_sequences = b.array()?;
        let set_size = both_u16(b)?;
        let sequence_number = both_u16(b)?;
        let logical_block_size = both_u16(b)?;
        let path_table_size = both_u32(b)?;
        let path_tables = match format {
            Format::Iso9660 => PathTables::parse(b)?,
            Format::HighSierra => PathTables::parse_high_sierra(b)?,
        };
        let root: [u8; 34] = b.array()?;
        let mut record = Cursor::new(&root, "root directory record");
        record.skip(2)?;
        let (root_extent, root_length) = (both_u32(&mut record)?, both_u32(&mut record)?);
        Ok(Self {
            version,
            volume_identifier,
            volume_space_size,
            escape_sequences,
            set_size,
            sequence_number,
            logical_block_size,
            path_table_size,
            path_tables,
            root,
            root_extent,
            root_length,
        })
    }

    /// Whether every number that is recorded twice is the same twice.
    pub fn agrees(&self) -> bool {
        self.volume_space_size.agrees() && self.logical_block_size.agrees() && self.set_size.agrees()
    }

    /// Bytes in a logical block; 2048 where it says nothing possible.
    pub fn block_bytes(&self) -> u32 {
        let bytes = self.logical_block_size.value();
        if bytes.is_power_of_two() && (512..=2048).contains(&bytes) { bytes.into() } else { 2048 }
    }

    /// What the volume space occupies, in bytes.
    pub fn space_bytes(&self) -> u64 {
        u64::from(self.volume_space_size.value()).saturating_mul(self.block_bytes().into())
    }

    /// The level of Joliet, 1 to 3, that the escape sequences announce.
    pub fn joliet_level(&self) -> Option<u8> {
        match self.escape_sequences.first_chunk()? {
            b"%/@" => Some(1),
            b"%/C" => Some(2),
            b"%/E" => Some(3),
            _ => None,
        }
    }

    /// The volume identifier; bytes that are neither ASCII nor UTF-8 become U+FFFD.
    pub fn label(&self) -> Option<String> {
        trimmed(&String::from_utf8_lossy(&self.volume_identifier))
    }

    /// The volume identifier of a Joliet volume: UCS-2, in practice UTF-16.
    pub fn joliet_label(&self) -> Option<String> {
        let (units, _) = self.volume_identifier.as_chunks::<2>();
        let units = units.iter().map(|&unit| u16::from_be_bytes(unit));
        let label = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        trimmed(&label.collect::<String>())
    }
}
