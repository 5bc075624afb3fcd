//! This module knows the partition maps of a logical volume: ECMA-167, 3/10.7, and OSTA UDF 2.2.8 to 2.2.10.

use crate::bytes::{Cursor, Truncated};

/// How one of a volume's partitions is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionMap {
    /// ECMA-167, 3/10.7.2
    Physical { number: u16 },
    /// UDF 2.2.8
    Virtual { number: u16 },
    /// UDF 2.2.9
    Sparable {
        number: u16,
        packet_blocks: u16,
        /// Bytes of each table.
        table_bytes: u32,
        /// Absolute blocks, in which tables begin.
        tables: Vec<u32>,
    },
    /// UDF 2.2.10
    Metadata { number: u16, files: MetadataFiles },
    /// Of a kind, or a length, that is not known.
    Unknown { kind: u8, length: u8 },
}

/// Where a metadata partition keeps itself: blocks of the partition around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataFiles {
    pub main: u32,
    pub mirror: u32,
    pub bitmap: Option<u32>,
    /// In blocks.
    pub allocation_unit: u32,
    pub alignment: u16,
    /// Whether the mirror has blocks of its own.
    pub is_duplicated: bool,
}

const NO_BITMAP: u32 = u32::MAX;
/// UDF 2.2.9.
const MOST_TABLES: u8 = 4;

impl PartitionMap {
    /// The number of the partition descriptor that it needs.
    pub fn number(&self) -> Option<u16> {
        match self {
            Self::Physical { number }
            | Self::Virtual { number }
            | Self::Sparable { number, .. }
            | Self::Metadata { number, .. } => Some(*number),
            Self::Unknown { .. } => None,
        }
    }

    /// The next map of a table.
    pub fn parse(table: &mut Cursor<'_>) -> Result<Self, Truncated> {
        let (kind, length) = (table.u8()?, table.u8()?);
        let mut b = table.sub(usize::from(length).saturating_sub(2))?;
        let map = match (kind, length) {
            (1, 6) => {
                b.skip(2)?;
                Some(Self::Physical { number: b.le_u16()? })
            }
            (2, 64) => Self::parse_named(&mut b)?,
            (_, _) => None,
        };
        Ok(map.unwrap_or(Self::Unknown { kind, length }))
    }

    /// Of type 2, from byte 2 on.
    fn parse_named(b: &mut Cursor<'_>) -> Result<Option<Self>, Truncated> {
        b.skip(3)?;
        let identifier: [u8; 23] = b.array()?;
        b.skip(8 + 2)?;
        let number = b.le_u16()?;
        if identifier.starts_with(b"*UDF Virtual Partition") {
            return Ok(Some(Self::Virtual { number }));
        }
        if identifier.starts_with(b"*UDF Sparable Partition") {
            let packet_blocks = b.le_u16()?;
            let count = b.u8()?;
            b.skip(1)?;
            let table_bytes = b.le_u32()?;
            let tables = (0..count.min(MOST_TABLES)).map(|_| b.le_u32()).collect::<Result<_, _>>()?;
            return Ok(Some(Self::Sparable { number, packet_blocks, table_bytes, tables }));
        }
        if identifier.starts_with(b"*UDF Metadata Partition") {
            let files = MetadataFiles {
                main: b.le_u32()?,
                mirror: b.le_u32()?,
                bitmap: Some(b.le_u32()?).filter(|&block| block != NO_BITMAP),
                allocation_unit: b.le_u32()?,
                alignment: b.le_u16()?,
                is_duplicated: b.u8()? & 1 == 1,
            };
            return Ok(Some(Self::Metadata { number, files }));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(identifier: &[u8], tail: &[u8]) -> Vec<u8> {
        let mut map = vec![2, 64, 0, 0, 0];
        map.extend_from_slice(identifier);
        map.resize(28, 0);
        map.extend([0x50, 0x02, 0, 0, 0, 0, 0, 0, 1, 0, 9, 0]);
        map.extend_from_slice(tail);
        map.resize(64, 0);
        map
    }

    fn parsed(map: &[u8]) -> Result<PartitionMap, Truncated> {
        PartitionMap::parse(&mut Cursor::new(map, "test"))
    }

    #[test]
    fn each_kind_of_map_is_told_by_its_name() {
        assert_eq!(parsed(&[1, 6, 1, 0, 0, 0x20]), Ok(PartitionMap::Physical { number: 0x2000 }));
        assert_eq!(parsed(&named(b"*UDF Virtual Partition", &[])), Ok(PartitionMap::Virtual { number: 9 }));
        let tail = [32, 0, 2, 0, 0, 8, 0, 0, 0x20, 1, 0, 0, 0x40, 1, 0, 0];
        let sparable =
            PartitionMap::Sparable { number: 9, packet_blocks: 32, table_bytes: 2048, tables: vec![0x120, 0x140] };
        assert_eq!(parsed(&named(b"*UDF Sparable Partition", &tail)), Ok(sparable));
        let tail = [5, 0, 0, 0, 6, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 32, 0, 0, 0, 1, 0, 1];
        let files =
            MetadataFiles { main: 5, mirror: 6, bitmap: None, allocation_unit: 32, alignment: 1, is_duplicated: true };
        assert_eq!(parsed(&named(b"*UDF Metadata Partition", &tail)), Ok(PartitionMap::Metadata { number: 9, files }));
        assert_eq!(parsed(&named(b"*Other", &[])), Ok(PartitionMap::Unknown { kind: 2, length: 64 }));
        assert_eq!(parsed(&[1, 7, 1, 0, 0, 0, 0]), Ok(PartitionMap::Unknown { kind: 1, length: 7 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_map_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = parsed(&bytes);
        }
    }
}
