//! This module knows how a CD counts time: minutes, seconds, and 75 frames in each of them.

use std::fmt;

use crate::sector::Lba;

const FRAMES_IN_A_SECOND: u32 = 75;
const SECONDS_IN_A_MINUTE: u32 = 60;
/// The two seconds before sector 0.
const FRAMES_BEFORE_SECTOR_0: u32 = 150;
/// From here on an address lies in the lead-in, before sector 0.
const FIRST_MINUTE_OF_THE_LEAD_IN: u8 = 90;
const FRAMES_IN_100_MINUTES: u32 = 450_000;

/// An address in time, MMC-5 4.2; binary, not BCD. Field ranges are not checked: drives send what they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Msf {
    pub minute: u8,
    pub second: u8,
    pub frame: u8,
}

impl Msf {
    pub const fn new(minute: u8, second: u8, frame: u8) -> Self {
        Self { minute, second, frame }
    }

    pub const fn from_bytes([minute, second, frame]: [u8; 3]) -> Self {
        Self { minute, second, frame }
    }

    pub const fn bytes(self) -> [u8; 3] {
        [self.minute, self.second, self.frame]
    }

    /// Frames since 00:00:00.
    fn frames(self) -> u32 {
        (u32::from(self.minute) * SECONDS_IN_A_MINUTE + u32::from(self.second)) * FRAMES_IN_A_SECOND
            + u32::from(self.frame)
    }

    /// The same as a sector; `None` for what lies before sector 0, which minutes from 90 on do.
    pub fn lba(self) -> Option<Lba> {
        if self.minute >= FIRST_MINUTE_OF_THE_LEAD_IN {
            return None;
        }
        self.frames().checked_sub(FRAMES_BEFORE_SECTOR_0).map(Lba)
    }

    /// The same as the signed number that drives use before sector 0.
    pub fn signed_lba(self) -> i32 {
        let before =
            if self.minute >= FIRST_MINUTE_OF_THE_LEAD_IN { FRAMES_IN_100_MINUTES } else { 0 } + FRAMES_BEFORE_SECTOR_0;
        i64::from(self.frames()).saturating_sub(i64::from(before)).try_into().unwrap_or(i32::MAX)
    }

    /// `None` past 89:59:74: what is written with 90 minutes and more lies in the lead-in.
    pub fn from_lba(lba: Lba) -> Option<Self> {
        let frames = lba.0.checked_add(FRAMES_BEFORE_SECTOR_0)?;
        let seconds = frames / FRAMES_IN_A_SECOND;
        let minute = u8::try_from(seconds / SECONDS_IN_A_MINUTE).ok()?;
        let second = u8::try_from(seconds % SECONDS_IN_A_MINUTE).ok()?;
        let frame = u8::try_from(frames % FRAMES_IN_A_SECOND).ok()?;
        (minute < FIRST_MINUTE_OF_THE_LEAD_IN).then_some(Self { minute, second, frame })
    }
}

impl fmt::Display for Msf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.minute, self.second, self.frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sector_0_lies_two_seconds_in() {
        assert_eq!(Msf::from_lba(Lba(0)), Some(Msf::new(0, 2, 0)));
        assert_eq!(Msf::new(0, 2, 16).lba(), Some(Lba(16)));
        assert_eq!(Msf::new(79, 59, 74).lba(), Some(Lba(359_849)));
        assert_eq!(Msf::new(4, 5, 6).to_string(), "04:05:06");
    }

    #[test]
    fn the_lead_in_has_no_sector_but_a_negative_number() {
        assert_eq!((Msf::new(0, 0, 0).lba(), Msf::new(0, 0, 0).signed_lba()), (None, -150));
        assert_eq!((Msf::new(99, 59, 74).lba(), Msf::new(99, 59, 74).signed_lba()), (None, -151));
        assert_eq!(Msf::new(90, 0, 0).signed_lba(), -45_150);
    }

    proptest! {
        #[test]
        fn a_sector_of_a_cd_survives_the_conversion(lba in 0..404_850_u32) {
            let msf = Msf::from_lba(Lba(lba));
            prop_assert_eq!(msf.and_then(Msf::lba), Some(Lba(lba)));
            prop_assert_eq!(msf.map(Msf::signed_lba), i32::try_from(lba).ok());
        }

        #[test]
        fn any_numbers_are_no_panic(bytes in any::<[u8; 3]>(), lba in 404_850_u32..) {
            let msf = Msf::from_bytes(bytes);
            let _ = (msf.lba(), msf.signed_lba());
            prop_assert_eq!(msf.bytes(), bytes);
            prop_assert_eq!(Msf::from_lba(Lba(lba)), None);
        }
    }
}
