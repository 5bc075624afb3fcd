//! This module knows REPORT KEY as far as it tells of regions and of others' authentications; keys it leaves alone.

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::scsi::Cdb;

/// REPORT KEY (A4h), MMC-5 6.29.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportKey {
    /// 00h CSS and CPRM, 02h AACS.
    pub class: u8,
    /// See the constants; 0 to 63.
    pub format: u8,
    /// 0 to 3.
    pub agid: u8,
    /// Bytes; 8 for both that a reader asks.
    pub allocation: u16,
}

impl ReportKey {
    /// The answer is [`AuthenticationSuccess`].
    pub const AUTHENTICATION_SUCCESS: u8 = 0x05;
    /// The answer is [`RegionState`].
    pub const REGION_STATE: u8 = 0x08;

    /// What region the drive is set to.
    pub const fn region_state() -> Self {
        Self { class: 0, format: Self::REGION_STATE, agid: 0, allocation: 8 }
    }

    /// Whether some program has authenticated itself.
    pub const fn authentication_success() -> Self {
        Self { class: 0, format: Self::AUTHENTICATION_SUCCESS, agid: 0, allocation: 8 }
    }
}

impl Command for ReportKey {
    const OPCODE: u8 = 0xA4;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        let what = bits(self.agid, 1, 0) << 6 | bits(self.format, 5, 0);
        Cdb::new([Self::OPCODE, 0, 0, 0, 0, 0, 0, self.class, a0, a1, what, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, _, _, _, _, _, _, class, a0, a1, what, _] = cdb.as_bytes() else { return None };
        Some(Self { class, format: bits(what, 5, 0), agid: bits(what, 7, 6), allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// RPC state, MMC-5 6.29: the region of the drive, not of the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionState {
    pub setting: RegionSetting,
    /// 0 to 7: how often the maker may still reset the changes.
    pub vendor_resets: u8,
    /// 0 to 7: how often the user may still change it.
    pub user_changes: u8,
    /// A bit a region, clear where it may play; bit 0 is region 1.
    pub forbidden_regions: Option<u8>,
    /// 1 where the drive enforces regions (RPC-2).
    pub scheme: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegionSetting {
    NotSet,
    Set,
    /// One more change is possible.
    LastChance,
    Permanent,
}

impl RegionSetting {
    fn from_number(number: u8) -> Self {
        match number {
            0 => RegionSetting::NotSet,
            1 => RegionSetting::Set,
            2 => RegionSetting::LastChance,
            _ => RegionSetting::Permanent,
        }
    }
}

impl Answer for RegionState {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "RPC state")?;
        b.skip(2)?;
        let state = b.u8()?;
        let mut tail = Tail::of(b);
        Ok(Self {
            setting: RegionSetting::from_number(bits(state, 7, 6)),
            vendor_resets: bits(state, 5, 3),
            user_changes: bits(state, 2, 0),
            forbidden_regions: tail.u8(),
            scheme: tail.u8(),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.be_u16(0);
        out.u8((self.setting as u8) << 6 | bits(self.vendor_resets, 2, 0) << 3 | bits(self.user_changes, 2, 0));
        out.u8(self.forbidden_regions.unwrap_or(0)).u8(self.scheme.unwrap_or(0)).u8(0);
        after_u16_length(&out.finish())
    }
}

/// The authentication success flag, MMC-5 6.29: while it is set, scrambled sectors come with good status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationSuccess(pub bool);

impl Answer for AuthenticationSuccess {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "authentication success flag")?;
        b.skip(5)?;
        Ok(Self(bit(b.u8()?, 0)))
    }

    fn emit(&self) -> Vec<u8> {
        after_u16_length(&[0, 0, 0, 0, 0, u8::from(self.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_new_drive_has_no_region() {
        let golden = [0, 6, 0, 0, 0x25, 0xFF, 1, 0];
        let state = RegionState {
            setting: RegionSetting::NotSet,
            vendor_resets: 4,
            user_changes: 5,
            forbidden_regions: Some(0xFF),
            scheme: Some(1),
        };
        assert_eq!(RegionState::parse(&golden), Ok(state));
        assert_eq!(state.emit(), golden);
        assert_eq!(RegionState::parse(&golden[..5]).unwrap().forbidden_regions, None);
        assert!(RegionState::parse(&golden[..4]).is_err());
    }

    #[test]
    fn another_program_may_have_authenticated_itself() {
        let golden = [0, 6, 0, 0, 0, 0, 0, 1];
        assert_eq!(AuthenticationSuccess::parse(&golden), Ok(AuthenticationSuccess(true)));
        assert_eq!(AuthenticationSuccess(true).emit(), golden);
        assert!(AuthenticationSuccess::parse(&golden[..7]).is_err());
    }

    #[test]
    fn all_survive_the_wire() {
        let golden = [0xA4, 0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 0];
        assert_eq!(ReportKey::region_state().cdb().as_bytes(), golden);
        command_survives(
            (any::<u8>(), 0..64_u8, 0..4_u8, any::<u16>()).prop_map(|(class, format, agid, allocation)| ReportKey {
                class,
                format,
                agid,
                allocation,
            }),
        );
        let numbers = (0..4_u8, 0..8_u8, 0..8_u8, any::<u8>(), any::<u8>());
        answer_survives(numbers.prop_map(|(setting, vendor_resets, user_changes, regions, scheme)| RegionState {
            setting: RegionSetting::from_number(setting),
            vendor_resets,
            user_changes,
            forbidden_regions: Some(regions),
            scheme: Some(scheme),
        }));
        answer_survives(any::<bool>().prop_map(AuthenticationSuccess));
    }
}
