//! This module knows SYNCHRONIZE CACHE: what was written goes to the disc, all of it.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;

/// SYNCHRONIZE CACHE (35h), MMC-5 6.41. Of a part alone no drive does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynchronizeCache {
    /// Good status once it has begun.
    pub immediate: bool,
}

impl Command for SynchronizeCache {
    const OPCODE: u8 = 0x35;

    fn cdb(&self) -> Cdb {
        Cdb::new([Self::OPCODE, u8::from(self.immediate) << 1, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, flags, _, _, _, _, _, _, _, _] = cdb.as_bytes() else { return None };
        Some(Self { immediate: bit(flags, 1) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_survives_the_wire() {
        assert_eq!(SynchronizeCache { immediate: true }.cdb().as_bytes(), [0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
        command_survives(any::<bool>().prop_map(|immediate| SynchronizeCache { immediate }));
    }
}
