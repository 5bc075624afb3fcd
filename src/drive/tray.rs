//! This module knows how discs come in and go out.

use super::exchange::{BUSY_AT_MOST, MOVEMENT, Reply, command_name};
use super::{Condition, Drive, DriveError};
use crate::mmc::command::{
    ClassEvent, Command, Configuration, EventStatus, GetConfiguration, GetEventStatus, MediaStatus, StartStopUnit,
    UnitAction, Which,
};
use crate::mmc::feature::{FeatureData, RemovableMedium};

impl Drive {
    /// Opens the tray.
    ///
    /// # Errors
    /// [`DriveError::Locked`] where another program keeps it locked.
    pub fn eject(&mut self) -> Result<(), DriveError> {
        // That a speed cannot be given back keeps no disc in the drive.
        let _ = self.restore_best_speed();
        self.unlock();
        match self.move_tray(UnitAction::Eject) {
            Err(DriveError::Refused { sense, .. }) if Condition::of(&sense) == Condition::RemovalPrevented => {
                // A lock of ours from an earlier life, perhaps.
                match self.prevent(false) {
                    Err(DriveError::NotPermitted { .. }) => return Err(DriveError::Locked),
                    allowed => allowed?,
                };
                match self.move_tray(UnitAction::Eject) {
                    Err(DriveError::Refused { sense, .. }) if Condition::of(&sense) == Condition::RemovalPrevented => {
                        Err(DriveError::Locked)
                    }
                    other => other,
                }
            }
            other => other,
        }?;
        self.forget_disc();
        self.loaded_at = None;
        Ok(())
    }

    /// Closes the tray. The drive is not ready yet then: see [`Drive::wait_until_ready`].
    ///
    /// # Errors
    /// [`DriveError::Refused`] where the drive cannot, as slots and laptops' trays.
    pub fn load(&mut self) -> Result<(), DriveError> {
        self.move_tray(UnitAction::Load)?;
        self.forget_disc();
        self.loaded_at = Some(self.clock.now());
        Ok(())
    }

    /// Stops the spindle and starts it again, so that the drive recognises the disc anew where its tray stays in. The
    /// drive is not ready yet then: see [`Drive::wait_until_ready`].
    ///
    /// # Errors
    /// Where the drive does not answer; that it does not stop is no error.
    pub fn spin_anew(&mut self) -> Result<(), DriveError> {
        for action in [UnitAction::Stop, UnitAction::Start] {
            let cdb = StartStopUnit { immediate: false, action }.cdb();
            self.exchange_within(&cdb, &mut [], MOVEMENT, BUSY_AT_MOST)?;
        }
        self.forget_disc();
        self.loaded_at = Some(self.clock.now());
        Ok(())
    }

    fn move_tray(&mut self, action: UnitAction) -> Result<(), DriveError> {
        let cdb = StartStopUnit { immediate: false, action }.cdb();
        match self.exchange_within(&cdb, &mut [], MOVEMENT, BUSY_AT_MOST)? {
            Reply::Good { .. } | Reply::Remarked { .. } => Ok(()),
            Reply::Refused(sense) => match Condition::of(&sense) {
                Condition::TrayFailed => Err(DriveError::NeedsHand(sense)),
                // The tray has moved; what is or is not in it is the next question.
                Condition::NoDisc(_) | Condition::TrayOpen | Condition::BecomingReady | Condition::NotReady => Ok(()),
                _ => Err(DriveError::Refused { command: command_name(cdb.opcode()), sense }),
            },
            Reply::Busy => Err(DriveError::NotReadyInTime(super::Awaiting::Idle)),
            Reply::Reserved => Err(DriveError::Reserved),
        }
    }
}

impl Drive {
    /// Whether the drive can close its tray by itself; where it does not say, no.
    ///
    /// # Errors
    /// Where the drive does not answer.
    pub fn can_load(&mut self) -> Result<bool, DriveError> {
        const LENGTH: u16 = 16;
        let question = GetConfiguration { which: Which::One, from: RemovableMedium::CODE, allocation: LENGTH };
        let answer: Option<Configuration> = self.ask(&question, LENGTH)?;
        Ok(answer.and_then(|a| a.read::<RemovableMedium>()).is_some_and(|tray| tray.can_load))
    }

    /// How tray and disc are, without the disc being read. The state is believed, and no event is waited for:
    /// others who ask may have taken it away.
    pub(super) fn media_status(&mut self) -> Result<Option<MediaStatus>, DriveError> {
        const LENGTH: u16 = 8;
        let answer: Option<EventStatus> = self.ask(&GetEventStatus::media(), LENGTH)?;
        Ok(match answer.and_then(|a| a.event) {
            Some(ClassEvent::Media(status)) => Some(status),
            Some(ClassEvent::Other { .. }) | None => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::{Outcome, Stage, sense};
    use super::super::{Awaiting, Lock, TrayState};
    use super::*;
    use crate::scsi::TransportError;
    use std::sync::atomic::AtomicBool;

    /// The answer to GET EVENT STATUS NOTIFICATION with this state of tray and disc.
    fn media(status: u8) -> Outcome {
        Outcome::Data(vec![0, 6, 4, 0x10, 0, status, 0, 0])
    }

    #[test]
    fn ejecting_gives_up_our_own_lock() {
        let mut stage = Stage::strict(vec![
            ("1e 00 00 00 01", Outcome::Good),
            ("1e 00 00 00 00", Outcome::Good),
            ("1b 00 00 00 02", Outcome::Good),
        ]);
        assert_eq!(stage.drive.lock().unwrap(), Lock::Locked);
        stage.drive.eject().unwrap();
        stage.assert_done();
    }

    #[test]
    fn a_tray_that_another_program_locks_stays_closed_and_that_is_told() {
        for key in [2, 5] {
            let mut stage = Stage::strict(vec![
                ("1b 00 00 00 02", sense(key, 0x53, 2)),
                ("1e 00 00 00 00", Outcome::Good),
                ("1b 00 00 00 02", sense(key, 0x53, 2)),
            ]);
            assert!(matches!(stage.drive.eject(), Err(DriveError::Locked)));
            stage.assert_done();
        }
    }

    #[test]
    fn a_lock_from_an_earlier_life_is_given_up() {
        let mut stage = Stage::strict(vec![
            ("1b", sense(5, 0x53, 2)),
            ("1e 00 00 00 00", Outcome::Fault(TransportError::NotPermitted { opcode: 0x1E })),
        ]);
        assert!(matches!(stage.drive.eject(), Err(DriveError::Locked)));
        let mut stage =
            Stage::strict(vec![("1b", sense(5, 0x53, 2)), ("1e 00 00 00 00", Outcome::Good), ("1b", Outcome::Good)]);
        stage.drive.eject().unwrap();
        stage.assert_done();
    }

    #[test]
    fn a_tray_that_does_not_move_needs_a_hand_and_one_without_a_motor_is_refused() {
        let mut stage = Stage::strict(vec![("1b 00 00 00 03", sense(4, 0x53, 0))]);
        assert!(matches!(stage.drive.load(), Err(DriveError::NeedsHand(_))));
        for (key, asc) in [(5, 0x24), (5, 0x53)] {
            let mut stage = Stage::strict(vec![("1b 00 00 00 03", sense(key, asc, if asc == 0x53 { 2 } else { 0 }))]);
            assert!(matches!(stage.drive.load(), Err(DriveError::Refused { command: "START STOP UNIT", .. })));
        }
        let mut stage = Stage::strict(vec![("1b 00 00 00 03", sense(2, 0x3A, 1))]);
        assert!(stage.drive.load().is_ok());
    }

    #[test]
    fn a_lock_ends_with_the_drive() {
        let sent;
        {
            let mut stage = Stage::answering(|_, _| Outcome::Good);
            stage.drive.lock().unwrap();
            sent = stage.record();
        }
        assert_eq!(sent.lock().unwrap().last().unwrap().cdb, "1e 00 00 00 00 00");
    }

    #[test]
    fn who_cannot_lock_is_told_so_and_does_not_unlock() {
        let refused = Outcome::Fault(TransportError::NotPermitted { opcode: 0x1E });
        let mut stage = Stage::strict(vec![("1e", refused), ("1e", sense(5, 0x20, 0))]);
        assert_eq!(stage.drive.lock().unwrap(), Lock::NotAllowed);
        assert_eq!(stage.drive.lock().unwrap(), Lock::NotSupported);
        stage.drive.unlock();
    }

    #[test]
    fn the_feature_tells_whether_a_tray_can_be_closed() {
        let feature = |flags| Outcome::Data(vec![0, 0, 0, 12, 0, 0, 0, 0, 0, 3, 4, 4, flags, 0, 0, 0]);
        for (answer, can) in [(feature(0x39), true), (feature(0x29), false), (sense(5, 0x20, 0), false)] {
            let mut stage = Stage::strict(vec![("46 02 00 03", answer)]);
            assert_eq!(stage.drive.can_load().unwrap(), can);
        }
    }

    #[test]
    fn a_drive_that_says_only_no_disc_is_asked_for_its_tray() {
        let looks = [(media(1), TrayState::Open), (media(0), TrayState::Empty), (sense(5, 0x20, 0), TrayState::Empty)];
        for (answer, state) in looks {
            let mut stage = Stage::strict(vec![("00", sense(2, 0x3A, 0)), ("4a 01 00 00 10", answer)]);
            assert_eq!(stage.drive.look().unwrap(), state);
        }
    }

    #[test]
    fn the_tray_decides_what_a_drive_without_a_reason_is_waited_for() {
        let mut stage = Stage::answering(|cdb, _| if cdb.opcode() == 0x4A { media(1) } else { sense(2, 4, 0) });
        let outcome = stage.drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {});
        assert!(matches!(outcome, Err(DriveError::TrayOpen)), "{outcome:?}");
        let mut stage = Stage::answering(|cdb, _| if cdb.opcode() == 0x4A { media(0) } else { sense(2, 4, 0) });
        let outcome = stage.drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {});
        assert!(matches!(outcome, Err(DriveError::NoDisc)), "{outcome:?}");
    }

    #[test]
    fn an_empty_tray_is_believed_sooner_where_the_drive_knows_it() {
        for (status, seconds, open) in [(0, 3.0, false), (1, 0.0, true), (2, 15.0, false)] {
            let mut stage =
                Stage::answering(move |cdb, _| if cdb.opcode() == 0x4A { media(status) } else { sense(2, 0x3A, 0) });
            let mut told = Vec::new();
            let outcome = stage.drive.wait_until_ready(&AtomicBool::new(false), &mut |a| told.push(a));
            assert_eq!(matches!(outcome, Err(DriveError::TrayOpen)), open, "{outcome:?}");
            assert!((seconds..seconds + 1.5).contains(&stage.seconds()), "{}", stage.seconds());
            assert_eq!(told.contains(&Awaiting::Disc), !open);
        }
    }
}
