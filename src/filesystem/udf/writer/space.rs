//! This module knows the partition that is being written: which of its blocks are taken, and what stands in them.

use super::{Layout, Place, Recipe, Role};

/// Blocks 0 to 256 of the image belong to the volume.
pub const PARTITION_START: u32 = 257;

/// A partition reference and a block in it.
pub type Address = (u16, u32);

/// A partition under construction.
pub struct Space<'r> {
    pub recipe: &'r Recipe,
    /// Of the physical partition, from its start.
    pub blocks: Vec<u8>,
    pub places: Vec<Place>,
    /// Of a virtual partition: where its blocks are.
    pub table: Vec<u32>,
    /// Of a metadata partition: its blocks, and what they are told to be.
    pub metadata: Vec<u8>,
    pub told: Vec<(String, Role, u32, usize)>,
}

impl<'r> Space<'r> {
    pub fn new(recipe: &'r Recipe) -> Self {
        let (blocks, places, table, metadata, told) = Default::default();
        Self { recipe, blocks, places, table, metadata, told }
    }

    pub fn block_bytes(&self) -> usize {
        self.recipe.block_bytes
    }

    /// 2 up to UDF 1.50, 3 from then on.
    pub fn version(&self) -> u16 {
        if self.recipe.revision >= 0x0200 { 3 } else { 2 }
    }

    /// Blocks in a row for content, which lies in the physical partition.
    pub fn content(&mut self, count: usize) -> Address {
        let first = self.used();
        self.blocks.resize(self.blocks.len() + count * self.block_bytes(), 0);
        (0, first)
    }

    /// One block for an ICB, or for what ICBs lead to.
    pub fn structure(&mut self) -> Address {
        self.structures(1)
    }

    /// The same, in a row.
    pub fn structures(&mut self, count: usize) -> Address {
        match self.recipe.layout {
            Layout::Physical | Layout::Sparable { .. } => self.content(count),
            Layout::Virtual { .. } => {
                let first = u32::try_from(self.table.len()).unwrap();
                for _ in 0..count {
                    let (_, block) = self.content(1);
                    self.table.push(block);
                }
                (1, first)
            }
            Layout::Metadata { .. } => {
                let first = self.metadata.len() / self.block_bytes();
                self.metadata.resize(self.metadata.len() + count * self.block_bytes(), 0);
                (1, u32::try_from(first).unwrap())
            }
        }
    }

    /// Blocks in a row for the content of a directory.
    pub fn directory(&mut self, count: usize) -> Address {
        match self.recipe.layout {
            Layout::Physical | Layout::Sparable { .. } | Layout::Virtual { .. } => self.content(count),
            Layout::Metadata { .. } => self.structures(count),
        }
    }

    /// Writes from the start of a block on, and tells what for.
    pub fn put(&mut self, at: Address, bytes: &[u8], of: &str, role: Role) {
        for (index, part) in bytes.chunks(self.block_bytes()).enumerate() {
            let block = at.1 + u32::try_from(index).unwrap();
            if at.0 == 1 && matches!(self.recipe.layout, Layout::Metadata { .. }) {
                let start = block as usize * self.block_bytes();
                self.metadata[start..start + part.len()].copy_from_slice(part);
                self.told.push((of.to_owned(), role, block, part.len()));
                continue;
            }
            let physical = if at.0 == 1 { self.table[block as usize] } else { block };
            let start = physical as usize * self.block_bytes();
            self.blocks[start..start + part.len()].copy_from_slice(part);
            self.tell(of, role, physical, part.len());
        }
    }

    /// That a block of the physical partition belongs to something.
    pub fn tell(&mut self, of: &str, role: Role, physical: u32, length: usize) {
        let start = (PARTITION_START + physical) as usize * self.block_bytes();
        if let Some(last) = self.places.last_mut()
            && (last.of.as_str(), last.role, last.start + last.length) == (of, role, start)
        {
            last.length += length;
            return;
        }
        self.places.push(Place { of: of.to_owned(), role, start, length });
    }

    /// Blocks of the physical partition that are taken.
    pub fn used(&self) -> u32 {
        u32::try_from(self.blocks.len() / self.block_bytes()).unwrap()
    }
}
