//! This module knows data type 010b: how often a BD-R can still be written over.

use super::super::Answer;
use crate::bytes::{Composer, Cursor, Truncated, bits};
use crate::mmc::command::length::u16_counted;

/// The answer with the resources for pseudo-overwrite, MMC-5 6.22. Numbers of ECC blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PseudoOverwriteResources {
    /// That can still be replaced.
    pub replacements: u32,
    /// Entries that the map of what was replaced has left.
    pub map_entries: u32,
    /// How often that map can be recorded anew.
    pub updates: u32,
}

impl PseudoOverwriteResources {
    const DATA_TYPE: u8 = 2;
}

impl Answer for PseudoOverwriteResources {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b: Cursor<'_> = u16_counted(bytes, "pseudo-overwrite resources")?;
        b.skip(2)?;
        Ok(Self { replacements: b.be_u32()?, map_entries: b.be_u32()?, updates: b.be_u32()? })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u16(14).u8(bits(Self::DATA_TYPE, 2, 0) << 5).u8(0);
        out.be_u32(self.replacements).be_u32(self.map_entries).be_u32(self.updates);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sixteen_bytes_tell_three_numbers() {
        let golden = [0, 14, 0x40, 0, 0, 0, 0x30, 0, 0, 0, 0x7F, 0xFF, 0, 0, 0, 9];
        let resources = PseudoOverwriteResources::parse(&golden).unwrap();
        assert_eq!((resources.replacements, resources.map_entries, resources.updates), (0x3000, 0x7FFF, 9));
        assert_eq!(resources.emit(), golden);
        assert!(PseudoOverwriteResources::parse(&golden[..15]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        answer_survives(any::<[u32; 3]>().prop_map(|[replacements, map_entries, updates]| PseudoOverwriteResources {
            replacements,
            map_entries,
            updates,
        }));
    }
}
