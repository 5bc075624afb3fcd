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
    /// Blocks in a row, of which some packets lie elsewhere.
    Sparable { start: u32, length: u32, packet_blocks: u16, spared: Vec<Spared> },
    /// Blocks of a file: by the main file, and where the mirror has blocks of its own, by that.
    Metadata { main: Vec<Run>, mirror: Vec<Run> },
    /// Of a kind that is not known, or whose descriptor is missing.
    Unknown,
}

/// A packet that wore out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spared {
    /// Its first block, in the partition.
    pub original: u32,
    /// The first block of what replaces it: absolute.
    pub mapped: u32,
}

/// Blocks of a file in a row. Those of a file are sorted by `first`, and do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// In the file.
    pub first: u32,
    /// Absolute.
    pub start: u32,
    pub count: u32,
}

/// Bytes in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub start: u64,
    pub length: u64,
}

/// A byte that no image has.
pub const NOWHERE: u64 = 1 << 62;

/// A virtual partition lies in another one, and that in no other.
const MOST_STEPS: u32 = 2;

impl Space {
    /// The byte at which a block begins; `None` outside its partition.
    pub fn locate(&self, reference: u16, block: u32) -> Option<u64> {
        self.row(reference, block).map(|(absolute, _)| self.byte(absolute))
    }

    /// Where `length` bytes from the start of a block lie, in order. The error is the bytes that lie inside.
    pub fn pieces(&self, reference: u16, block: u32, length: u64) -> Result<Vec<Piece>, u64> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut block = block;
        let mut done = 0_u64;
        while done < length {
            let Some((absolute, count)) = self.row(reference, block) else { return Err(done) };
            let start = self.byte(absolute);
            let taken = u64::from(count).saturating_mul(self.block_bytes.into()).min(length - done);
            match pieces.last_mut().filter(|last| last.start.checked_add(last.length) == Some(start)) {
                Some(last) => last.length += taken,
                None => pieces.push(Piece { start, length: taken }),
            }
            done += taken;
            match block.checked_add(count) {
                Some(next) => block = next,
                None if done < length => return Err(done),
                None => {}
            }
        }
        Ok(pieces)
    }

    /// Where what lies outside its partition would lie if that went on: `inside` bytes behind the start of a block.
    /// Nowhere, if there is no telling.
    pub fn beyond(&self, reference: u16, block: u32, inside: u64) -> u64 {
        match self.partitions.get(usize::from(reference)) {
            Some(Partition::Physical { start, .. } | Partition::Sparable { start, .. }) => {
                self.byte(u64::from(*start).saturating_add(block.into())).saturating_add(inside)
            }
            Some(Partition::Virtual { .. } | Partition::Metadata { .. } | Partition::Unknown) | None => NOWHERE,
        }
    }

    /// The mirror's copy of a block of a metadata partition, where it has its own.
    pub fn mirrored(&self, reference: u16, block: u32) -> Option<u64> {
        let Partition::Metadata { mirror, .. } = self.partitions.get(usize::from(reference))? else { return None };
        in_runs(mirror, block).map(|(absolute, _)| self.byte(absolute))
    }

    /// How many blocks a partition has; of a metadata partition, its file.
    pub fn blocks(&self, reference: u16) -> u32 {
        match self.partitions.get(usize::from(reference)) {
            Some(Partition::Physical { length, .. } | Partition::Sparable { length, .. }) => *length,
            Some(Partition::Virtual { table, .. }) => u32::try_from(table.len()).unwrap_or(u32::MAX),
            Some(Partition::Metadata { main, .. }) => main.last().map_or(0, |run| run.first.saturating_add(run.count)),
            Some(Partition::Unknown) | None => 0,
        }
    }

    fn byte(&self, absolute: u64) -> u64 {
        absolute.saturating_mul(self.block_bytes.into())
    }

    /// The absolute block, and how many follow it in a row, itself counted: at least one.
    fn row(&self, reference: u16, block: u32) -> Option<(u64, u32)> {
        let (mut reference, mut block, mut most) = (reference, block, u32::MAX);
        for _ in 0..MOST_STEPS {
            let (absolute, count) = match self.partitions.get(usize::from(reference))? {
                Partition::Physical { start, length } => {
                    (u64::from(*start).saturating_add(block.into()), length.checked_sub(block)?)
                }
                Partition::Sparable { start, length, packet_blocks, spared } => {
                    let inside = length.checked_sub(block)?;
                    let packet = u32::from(*packet_blocks);
                    let offset = block.checked_rem(packet)?;
                    let original = block - offset;
                    match spared.binary_search_by_key(&original, |spared| spared.original) {
                        Ok(found) => {
                            let mapped = spared.get(found)?.mapped;
                            (u64::from(mapped).saturating_add(offset.into()), inside.min(packet - offset))
                        }
                        Err(next) => {
                            let until = spared.get(next).map_or(u32::MAX, |next| next.original - block);
                            (u64::from(*start).saturating_add(block.into()), inside.min(until))
                        }
                    }
                }
                Partition::Metadata { main, .. } => in_runs(main, block)?,
                Partition::Virtual { physical, table } => {
                    block = *table.get(usize::try_from(block).ok()?)?;
                    (reference, most) = (*physical, 1);
                    continue;
                }
                Partition::Unknown => return None,
            };
            return (count > 0).then_some((absolute, count.min(most)));
        }
        None
    }
}

fn in_runs(runs: &[Run], block: u32) -> Option<(u64, u32)> {
    let behind = runs.partition_point(|run| run.first <= block);
    let run = runs.get(behind.checked_sub(1)?)?;
    let offset = block.checked_sub(run.first)?;
    let count = run.count.checked_sub(offset).filter(|&count| count > 0)?;
    Some((u64::from(run.start).saturating_add(offset.into()), count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn space() -> Space {
        let run = |first, start, count| Run { first, start, count };
        let partitions = vec![
            Partition::Physical { start: 300, length: 100 },
            Partition::Virtual { physical: 0, table: vec![5, 6, 50, u32::MAX, 100] },
            Partition::Sparable {
                start: 300,
                length: 100,
                packet_blocks: 16,
                spared: vec![Spared { original: 32, mapped: 900 }, Spared { original: 64, mapped: 948 }],
            },
            Partition::Metadata { main: vec![run(0, 310, 4), run(4, 350, 2)], mirror: vec![run(0, 380, 6)] },
            Partition::Unknown,
        ];
        Space { block_bytes: 2048, partitions }
    }

    fn blocks(pieces: Result<Vec<Piece>, u64>) -> Result<Vec<(u64, u64)>, u64> {
        pieces.map(|all| all.iter().map(|piece| (piece.start / 2048, piece.length / 2048)).collect())
    }

    #[test]
    fn blocks_in_a_row_end_where_their_partition_ends() {
        let space = space();
        assert_eq!(space.locate(0, 99), Some(399 * 2048));
        assert_eq!(space.locate(0, 100), None);
        assert_eq!(blocks(space.pieces(0, 10, 4096)), Ok(vec![(310, 2)]));
        assert_eq!(space.pieces(0, 99, 2049), Err(2048));
        assert_eq!(space.pieces(0, 99, 5), Ok(vec![Piece { start: 399 * 2048, length: 5 }]));
        assert_eq!(space.pieces(0, 500, 0), Ok(Vec::new()));
    }

    #[test]
    fn virtual_blocks_lie_where_their_table_says() {
        let space = space();
        assert_eq!(blocks(space.pieces(1, 0, 3 * 2048)), Ok(vec![(305, 2), (350, 1)]));
        for nowhere in [3, 4, 5] {
            assert_eq!(space.locate(1, nowhere), None);
        }
        assert_eq!(space.pieces(1, 2, 4096), Err(2048));
    }

    #[test]
    fn worn_packets_lie_elsewhere() {
        let space = space();
        let pieces = vec![(330, 2), (900, 16), (348, 16), (948, 2)];
        assert_eq!(blocks(space.pieces(2, 30, 36 * 2048)), Ok(pieces));
        assert_eq!(space.locate(2, 47), Some(915 * 2048));
        assert_eq!(space.locate(2, 100), None);
    }

    #[test]
    fn metadata_lie_in_a_file_and_its_mirror() {
        let space = space();
        assert_eq!(blocks(space.pieces(3, 3, 3 * 2048)), Ok(vec![(313, 1), (350, 2)]));
        assert_eq!(space.pieces(3, 3, 4 * 2048), Err(3 * 2048));
        assert_eq!(space.mirrored(3, 5), Some(385 * 2048));
        assert_eq!((space.mirrored(3, 6), space.mirrored(0, 5), space.locate(4, 0)), (None, None, None));
    }

    proptest! {
        #[test]
        fn pieces_are_the_blocks_one_by_one(reference in 0_u16..6, block in 0_u32..110, count in 0_u32..110) {
            let space = space();
            let each: Vec<_> = (block..block + count).map_while(|block| space.locate(reference, block)).collect();
            match space.pieces(reference, block, u64::from(count) * 2048) {
                Ok(pieces) => {
                    let starts = |piece: &Piece| (piece.start..piece.start + piece.length).step_by(2048);
                    prop_assert_eq!(pieces.iter().flat_map(starts).collect::<Vec<_>>(), each);
                }
                Err(inside) => prop_assert_eq!(inside, each.len() as u64 * 2048),
            }
        }
    }
}
