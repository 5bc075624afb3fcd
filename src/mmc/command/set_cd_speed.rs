//! This module knows SET CD SPEED, which many drives take for DVD and BD too.

use super::Command;
use crate::bytes::bits;
use crate::scsi::Cdb;

/// SET CD SPEED (BBh), MMC-5 6.37. Drives may round, ignore, or forget it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetCdSpeed {
    pub rotation: Rotation,
    /// 1000 bytes a second, of the medium that is in: 1x is 176 on CD, 1385 on DVD, 4495 on BD.
    pub read_kb_s: u16,
    pub write_kb_s: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Constant linear velocity, and what the medium wants otherwise.
    Clv,
    /// Constant angular velocity.
    Cav,
    Reserved(u8),
}

impl SetCdSpeed {
    /// The best that the drive can do.
    pub const BEST: u16 = 0xFFFF;
}

impl Command for SetCdSpeed {
    const OPCODE: u8 = 0xBB;

    fn cdb(&self) -> Cdb {
        let rotation = match self.rotation {
            Rotation::Clv => 0,
            Rotation::Cav => 1,
            Rotation::Reserved(number) => bits(number, 1, 0),
        };
        let ([r0, r1], [w0, w1]) = (self.read_kb_s.to_be_bytes(), self.write_kb_s.to_be_bytes());
        Cdb::new([Self::OPCODE, rotation, r0, r1, w0, w1, 0, 0, 0, 0, 0, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, rotation, r0, r1, w0, w1, _, _, _, _, _, _] = cdb.as_bytes() else { return None };
        let rotation = match bits(rotation, 1, 0) {
            0 => Rotation::Clv,
            1 => Rotation::Cav,
            number => Rotation::Reserved(number),
        };
        Some(Self { rotation, read_kb_s: u16::from_be_bytes([r0, r1]), write_kb_s: u16::from_be_bytes([w0, w1]) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::command_survives;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eight_times_a_dvd_and_the_best_for_writing() {
        let speed = SetCdSpeed { rotation: Rotation::Clv, read_kb_s: 11_080, write_kb_s: SetCdSpeed::BEST };
        assert_eq!(speed.cdb().as_bytes(), [0xBB, 0, 0x2B, 0x48, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn it_survives_the_wire() {
        let rotation = prop_oneof![Just(Rotation::Clv), Just(Rotation::Cav), (2..4_u8).prop_map(Rotation::Reserved)];
        command_survives(
            (rotation, any::<u16>(), any::<u16>()).prop_map(|(rotation, read_kb_s, write_kb_s)| SetCdSpeed {
                rotation,
                read_kb_s,
                write_kb_s,
            }),
        );
    }
}
