//! This module knows where in an image the blocks of a UDF volume lie.

/// Where a volume's partitions are, by the number under which its maps have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// 512 to 4096.
    pub block_bytes: u32,
    pub partitions: Vec<Partition>,
}

/// What one partition map leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partition {
    /// Blocks in a row.
    Physical { start: u32, length: u32 },
    /// Through a virtual allocation table, of single blocks in the partition at `physical`, an index into `partitions`.
    Virtual { physical: u16, table: Vec<u32> },
    /// Blocks in a row, of which some packets lie elsewhere: by number of the packet, sorted, its absolute block.
    Sparable { start: u32, length: u32, packet_blocks: u16, spared: Vec<(u32, u32)> },
    /// Blocks of a file, by extents in absolute blocks: main file and mirror.
    Metadata { main: Vec<Run>, mirror: Vec<Run> },
    /// Of a kind that is not known, or whose descriptor is missing.
    Unknown,
}

/// Blocks in a row: absolute block and count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub start: u32,
    pub count: u32,
}

/// Bytes in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub start: u64,
    pub length: u64,
}

impl Space {
    /// The byte at which a block begins; `None` outside its partition.
    pub fn locate(&self, reference: u16, block: u32) -> Option<u64> {
        self.pieces(reference, block, self.block_bytes.into()).ok()?.first().map(|piece| piece.start)
    }

    /// Where `length` bytes from the start of a block lie, in order. The error is the bytes that lie inside.
    pub fn pieces(&self, reference: u16, block: u32, length: u64) -> Result<Vec<Piece>, u64> {
        let block_bytes = u64::from(self.block_bytes);
        match self.partitions.get(usize::from(reference)) {
            Some(Partition::Physical { start, length: count }) => {
                let inside = u64::from(count.saturating_sub(block)) * block_bytes;
                if length > inside {
                    return Err(inside);
                }
                let start = (u64::from(*start) + u64::from(block)) * block_bytes;
                Ok(vec![Piece { start, length }])
            }
            _ => Err(0),
        }
    }

    /// The mirror's copy of a block of a metadata partition, where it has its own.
    pub fn mirrored(&self, _reference: u16, _block: u32) -> Option<u64> {
        None
    }
}
