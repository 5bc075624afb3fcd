//! This module knows START STOP UNIT: spindle and tray.

use super::Command;
use crate::bytes::{bit, bits};
use crate::scsi::Cdb;

/// START STOP UNIT (1Bh), MMC-5 6.40.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartStopUnit {
    /// The drive answers at once and goes on by itself.
    pub immediate: bool,
    pub action: UnitAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitAction {
    /// The spindle stops.
    Stop,
    /// The spindle turns, and the disc is looked at.
    Start,
    Eject,
    /// The tray closes.
    Load,
    /// A power condition, 1 to 15: 2 idle, 3 standby, 5 sleep.
    Power(u8),
}

impl Command for StartStopUnit {
    const OPCODE: u8 = 0x1B;

    fn cdb(&self) -> Cdb {
        let action = match self.action {
            UnitAction::Stop => 0,
            UnitAction::Start => 1,
            UnitAction::Eject => 2,
            UnitAction::Load => 3,
            UnitAction::Power(condition) => bits(condition, 3, 0) << 4,
        };
        Cdb::new([Self::OPCODE, u8::from(self.immediate), 0, 0, action, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, immediate, _, _, action, _] = cdb.as_bytes() else { return None };
        let action = match (bits(action, 7, 4), bit(action, 1), bit(action, 0)) {
            (0, false, false) => UnitAction::Stop,
            (0, false, true) => UnitAction::Start,
            (0, true, false) => UnitAction::Eject,
            (0, true, true) => UnitAction::Load,
            (condition, _, _) => UnitAction::Power(condition),
        };
        Some(Self { immediate: bit(immediate, 0), action })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tray_opens_and_closes() {
        let eject = StartStopUnit { immediate: false, action: UnitAction::Eject };
        assert_eq!(eject.cdb().as_bytes(), [0x1B, 0, 0, 0, 2, 0]);
        let load = StartStopUnit { immediate: true, action: UnitAction::Load };
        assert_eq!(StartStopUnit::from_cdb(&Cdb::new([0x1B, 1, 0, 0, 3, 0])), Some(load));
        let standby = StartStopUnit { immediate: false, action: UnitAction::Power(3) };
        assert_eq!(standby.cdb().as_bytes(), [0x1B, 0, 0, 0, 0x30, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        let action = prop_oneof![
            Just(UnitAction::Stop),
            Just(UnitAction::Start),
            Just(UnitAction::Eject),
            Just(UnitAction::Load),
            (1..16_u8).prop_map(UnitAction::Power)
        ];
        command_survives((any::<bool>(), action).prop_map(|(immediate, action)| StartStopUnit { immediate, action }));
    }
}
