//! This module knows how much of a hostile disc is enough.

/// Each stands against one way to keep a reader busy for ever. What is cut off by one is told as a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Names in a tree. The largest real discs have some hundred thousand.
    pub entries: u32,
    /// Directories in each other.
    pub depth: u32,
    /// A path, in bytes.
    pub path_bytes: usize,
    /// One directory.
    pub directory_bytes: u64,
    /// All System Use entries of one file, and the areas they are spread over.
    pub susp_bytes: usize,
    pub susp_hops: u32,
    pub symlink_bytes: usize,
    /// Sectors in the volume recognition area.
    pub volume_descriptors: u32,
    /// Blocks of a UDF volume descriptor sequence.
    pub sequence_blocks: u32,
    /// Partition maps of a UDF volume.
    pub partition_maps: u32,
    /// Pieces of one file.
    pub extents: u32,
    /// Links of any chain: allocation extents, indirect ICBs, integrity descriptors, older VATs.
    pub chain: u32,
    /// All that is read to parse, in bytes, re-reading included.
    pub metadata_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 4 << 20,
            depth: 1024,
            path_bytes: 64 << 10,
            directory_bytes: 64 << 20,
            susp_bytes: 1 << 20,
            susp_hops: 256,
            symlink_bytes: 64 << 10,
            volume_descriptors: 64,
            sequence_blocks: 256,
            partition_maps: 64,
            extents: 1 << 24,
            chain: 1000,
            metadata_bytes: 2 << 30,
        }
    }
}
