//! This module knows PREVENT ALLOW MEDIUM REMOVAL: the lock of the tray.

use super::Command;
use crate::bytes::bit;
use crate::scsi::Cdb;

/// PREVENT ALLOW MEDIUM REMOVAL (1Eh), MMC-5 6.14.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreventAllow {
    pub prevent: bool,
    /// Pressing the button then raises a media event instead of being ignored.
    pub persistent: bool,
}

impl Command for PreventAllow {
    const OPCODE: u8 = 0x1E;

    fn cdb(&self) -> Cdb {
        let how = u8::from(self.persistent) << 1 | u8::from(self.prevent);
        Cdb::new([Self::OPCODE, 0, 0, 0, how, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, how, _] = cdb.as_bytes() else { return None };
        Some(Self { prevent: bit(how, 0), persistent: bit(how, 1) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lock_is_one_bit() {
        let lock = PreventAllow { prevent: true, persistent: false };
        assert_eq!(lock.cdb().as_bytes(), [0x1E, 0, 0, 0, 1, 0]);
        let persistent = Cdb::new([0x1E, 0, 0, 0, 3, 0]);
        assert_eq!(PreventAllow::from_cdb(&persistent), Some(PreventAllow { prevent: true, persistent: true }));
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<(bool, bool)>().prop_map(|(prevent, persistent)| PreventAllow { prevent, persistent }));
    }
}
