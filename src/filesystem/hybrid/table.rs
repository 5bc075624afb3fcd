//! This module knows what all partition tables come to: stretches of a disc, each with a type.

use std::fmt;

/// A partition table beside the filesystems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionTable {
    pub kind: PartitionTableKind,
    /// Those that are in use, in the order of the table.
    pub partitions: Vec<Partition>,
}

/// Whose table it is. `Display` is its name in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionTableKind {
    /// The master boot record of PCs.
    Mbr,
    /// The GUID partition table of UEFI.
    Gpt,
    Apple,
}

impl fmt::Display for PartitionTableKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PartitionTableKind::Mbr => "mbr",
            PartitionTableKind::Gpt => "gpt",
            PartitionTableKind::Apple => "apple",
        })
    }
}

/// A stretch that a partition table names. It may overlap others, and need not lie inside the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// In bytes from the start of the image.
    pub start: u64,
    pub bytes: u64,
    pub kind: PartitionKind,
}

impl Partition {
    /// The first byte behind it.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.bytes)
    }
}

/// What a partition is said to hold. `Display` is the type as people write it; an Apple one is any text from the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartitionKind {
    Mbr(u8),
    /// As it is stored: the first three fields in little-endian order.
    Gpt([u8; 16]),
    /// Filled up with NULs.
    Apple([u8; 32]),
}

const MBR_HFS: u8 = 0xAF;
/// 48465300-0000-11AA-AA11-00306543ECAC.
const GPT_HFS: [u8; 16] = *b"\x00SFH\0\0\xAA\x11\xAA\x11\x00\x30\x65\x43\xEC\xAC";
const APPLE_HFS: &[u8] = b"Apple_HFS";

impl PartitionKind {
    /// Whether a volume of HFS or HFS+ may be in it. Boot images for Macs are called so whatever is in them.
    pub(super) fn is_hfs(self) -> bool {
        match self {
            PartitionKind::Mbr(kind) => kind == MBR_HFS,
            PartitionKind::Gpt(kind) => kind == GPT_HFS,
            PartitionKind::Apple(kind) => kind.starts_with(APPLE_HFS),
        }
    }
}

impl fmt::Display for PartitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartitionKind::Mbr(kind) => write!(f, "{kind:02x}"),
            PartitionKind::Gpt([a, b, c, d, e, g, h, i, rest @ ..]) => {
                let first = u32::from_le_bytes([*a, *b, *c, *d]);
                let (second, third) = (u16::from_le_bytes([*e, *g]), u16::from_le_bytes([*h, *i]));
                let [j, k, node @ ..] = rest;
                write!(f, "{first:08x}-{second:04x}-{third:04x}-{j:02x}{k:02x}-")?;
                node.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            PartitionKind::Apple(kind) => {
                let text = kind.split(|&byte| byte == 0).next().unwrap_or_default();
                f.write_str(&String::from_utf8_lossy(text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_people_know_them() {
        assert_eq!(PartitionKind::Mbr(0xEF).to_string(), "ef");
        assert_eq!(PartitionKind::Gpt(GPT_HFS).to_string(), "48465300-0000-11aa-aa11-00306543ecac");
        let mut apple = [0; 32];
        apple[..9].copy_from_slice(APPLE_HFS);
        assert_eq!(PartitionKind::Apple(apple).to_string(), "Apple_HFS");
    }
}
