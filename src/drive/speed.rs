//! This module knows how fast a drive is told to read, and what it makes of that.

use super::exchange::{BUSY_AT_MOST, QUESTION, Reply};
use super::quirks::Quirk;
use super::{Drive, DriveError, MediumFamily};
use crate::mmc::command::{Capabilities, Command, ModePageData, ModePages, ModeSense10, Rotation, SetCdSpeed};

/// How fast to read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as drive and disc can.
    Best,
    /// In thousands of bytes a second, as the drive counts them: on a CD raw sectors.
    KbS(u32),
    /// Multiples of the medium's 1x.
    Times(f64),
}

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedOutcome {
    Set {
        /// `None` for the best.
        asked_kb_s: Option<u32>,
        /// What the drive says that it reads with now; `None` where it does not say, or is known to say it wrongly.
        told_kb_s: Option<u32>,
    },
    /// This user may not.
    NotAllowed,
    NotSupported,
}

impl MediumFamily {
    /// What 1x is to a drive, in thousands of bytes a second: on a CD raw sectors count. A DVD's for what is unknown.
    pub fn one_x_kb_s(self) -> f64 {
        match self {
            Self::Cd => 176.4,
            Self::Dvd | Self::Unknown => 1385.0,
            Self::Bd => 4495.5,
        }
    }
}

impl Speed {
    /// What the command is given; the largest value means the best speed, and so is no other.
    fn kb_s(self, family: MediumFamily) -> u16 {
        const MOST: u16 = SetCdSpeed::BEST - 1;
        let wanted = match self {
            Self::Best => return SetCdSpeed::BEST,
            Self::KbS(kb_s) => f64::from(kb_s),
            Self::Times(times) => times * family.one_x_kb_s(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let kb_s = wanted.round().clamp(1.0, f64::from(MOST)) as u16;
        kb_s
    }
}

impl Drive {
    /// Sets the speed of reading. Drives round it, forget it when the disc is changed, and some ignore it: what is
    /// told is the drive's own word, and only measuring shows the truth.
    ///
    /// # Errors
    /// Where the drive does not answer; that it knows no speeds is no error.
    pub fn set_speed(&mut self, speed: Speed) -> Result<SpeedOutcome, DriveError> {
        let kb_s = speed.kb_s(self.family());
        match self.send_speed(kb_s) {
            Ok(Reply::Good { .. } | Reply::Remarked { .. }) => {}
            Ok(Reply::Refused(_) | Reply::Busy | Reply::Reserved) => return Ok(SpeedOutcome::NotSupported),
            Err(DriveError::NotPermitted { .. }) => return Ok(SpeedOutcome::NotAllowed),
            Err(error) => return Err(error),
        }
        self.speed_kb_s = Some(kb_s).filter(|&kb_s| kb_s != SetCdSpeed::BEST);
        Ok(SpeedOutcome::Set { asked_kb_s: self.speed_kb_s.map(u32::from), told_kb_s: self.told_speed()? })
    }

    /// Sets again what a reset has undone.
    pub(super) fn set_speed_again(&mut self) -> Result<(), DriveError> {
        self.speed_kb_s.map_or(Ok(()), |kb_s| self.send_speed(kb_s).map(drop))
    }

    /// Leaves the drive as it was found.
    pub(super) fn restore_best_speed(&mut self) -> Result<(), DriveError> {
        self.speed_kb_s.take().map_or(Ok(()), |_| self.send_speed(SetCdSpeed::BEST).map(drop))
    }

    fn send_speed(&mut self, read_kb_s: u16) -> Result<Reply, DriveError> {
        let cdb = SetCdSpeed { rotation: Rotation::Clv, read_kb_s, write_kb_s: SetCdSpeed::BEST }.cdb();
        self.exchange_within(&cdb, &mut [], QUESTION, BUSY_AT_MOST)
    }

    fn told_speed(&mut self) -> Result<Option<u32>, DriveError> {
        if self.has_quirk(Quirk::TellsWrongSpeed) {
            return Ok(None);
        }
        /// The head, and the page as far as its current speed.
        const LENGTH: u16 = 60;
        let pages: Option<ModePages> = self.ask(&ModeSense10::current(Capabilities::CODE, LENGTH), LENGTH)?;
        let capabilities: Option<Capabilities> = pages.and_then(|pages| pages.read());
        Ok(capabilities.and_then(|c| c.read_kb_s).filter(|&kb_s| kb_s > 0).map(u32::from))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Identity;
    use super::super::script::{Outcome, Stage, sense};
    use super::*;
    use crate::mmc::command::{Answer, ModePage};
    use crate::scsi::{HostFault, TransportError};

    /// Mode page 2Ah with this current speed, behind its head.
    fn page(kb_s: u16) -> Outcome {
        let mut data = vec![0; 26];
        data[12..14].copy_from_slice(&kb_s.to_be_bytes());
        let page = ModePage { code: 0x2A, savable: false, subpage: None, data };
        let pages = ModePages { medium_type: 0, device_specific: 0, block_descriptors: vec![], pages: vec![page] };
        Outcome::Data(pages.emit())
    }

    #[test]
    fn a_multiple_is_of_the_medium() {
        assert_eq!(Speed::Times(8.0).kb_s(MediumFamily::Cd), 1411);
        assert_eq!(Speed::Times(8.0).kb_s(MediumFamily::Dvd), 11080);
        assert_eq!(Speed::Times(8.0).kb_s(MediumFamily::Bd), 35964);
        assert_eq!(Speed::KbS(706).kb_s(MediumFamily::Bd), 706);
        assert_eq!(Speed::Best.kb_s(MediumFamily::Cd), 0xFFFF);
        for absurd in [f64::INFINITY, 1e9] {
            assert_eq!(Speed::Times(absurd).kb_s(MediumFamily::Cd), 0xFFFE);
        }
        assert_eq!(Speed::Times(0.0).kb_s(MediumFamily::Cd), 1);
    }

    #[test]
    fn a_speed_is_set_and_the_drives_own_word_is_told() {
        let mut stage = Stage::strict(vec![("bb 00 15 a4 ff ff", Outcome::Good), ("5a 08 2a", page(11080))]);
        let outcome = stage.drive.set_speed(Speed::Times(4.0)).unwrap();
        assert_eq!(outcome, SpeedOutcome::Set { asked_kb_s: Some(5540), told_kb_s: Some(11080) });
    }

    #[test]
    fn a_drive_that_tells_no_speed_or_a_wrong_one_is_not_quoted() {
        for answer in [page(0), sense(5, 0x24, 0), Outcome::Data(vec![0, 6, 0, 0, 0, 0, 0, 0])] {
            let mut stage = Stage::strict(vec![("bb", Outcome::Good), ("5a", answer)]);
            assert_eq!(
                stage.drive.set_speed(Speed::Best).unwrap(),
                SpeedOutcome::Set { asked_kb_s: None, told_kb_s: None }
            );
        }
        let mut stage = Stage::strict(vec![("bb", Outcome::Good)]);
        let product = "BD-RW   BDR-203".to_owned();
        stage.drive.identity =
            Some(Identity { vendor: "PIONEER".into(), product, revision: String::new(), serial: None });
        assert_eq!(
            stage.drive.set_speed(Speed::Best).unwrap(),
            SpeedOutcome::Set { asked_kb_s: None, told_kb_s: None }
        );
    }

    #[test]
    fn a_drive_or_a_user_that_cannot_set_speeds_is_no_error() {
        let mut stage = Stage::strict(vec![("bb", sense(5, 0x20, 0))]);
        assert_eq!(stage.drive.set_speed(Speed::Best).unwrap(), SpeedOutcome::NotSupported);
        let refused = Outcome::Fault(TransportError::NotPermitted { opcode: 0xBB });
        let mut stage = Stage::strict(vec![("bb", refused)]);
        assert_eq!(stage.drive.set_speed(Speed::Best).unwrap(), SpeedOutcome::NotAllowed);
        let gone = Outcome::Fault(TransportError::Gone);
        let mut stage = Stage::strict(vec![("bb", gone)]);
        assert!(matches!(stage.drive.set_speed(Speed::Best), Err(DriveError::Gone)));
    }

    #[test]
    fn a_reset_loses_the_speed_and_ejecting_gives_it_back() {
        let mut stage = Stage::strict(vec![
            ("bb 00 02 c2", Outcome::Good),
            ("5a", sense(5, 0x24, 0)),
            ("28", Outcome::Fault(TransportError::Host { fault: HostFault::Reset, code: 8 })),
            ("00", Outcome::Good),
            ("bb 00 02 c2", Outcome::Good),
            ("28", Outcome::Sectors),
            ("bb 00 ff ff", Outcome::Good),
            ("1b 00 00 00 02", Outcome::Good),
        ]);
        stage.drive.set_speed(Speed::KbS(706)).unwrap();
        let mut sector = [0; 2048];
        stage.drive.read(crate::sector::Lba(0), &mut sector, &super::super::ReadHow::default()).unwrap();
        stage.drive.eject().unwrap();
        stage.assert_done();
    }
}
