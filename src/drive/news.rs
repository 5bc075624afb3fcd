//! This module knows what is to be done when a drive was reset or its disc may have been changed.

use super::exchange::{BUSY_AT_MOST, QUESTION, Reply};
use super::{DiscFingerprint, Drive, DriveError, MediumFamily, MediumKind, Note, read::ReadHabits};
use crate::mmc::command::{Command, TestUnitReady};
use crate::sector::{Lba, SectorCount};

/// Which disc is in the drive, as far as it has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inserted {
    AsBefore,
    /// Not the one that was examined.
    Another,
}

impl Drive {
    /// Makes good what the news took away: waits, sets lock and speed again, and looks whether the disc is the same.
    ///
    /// # Errors
    /// [`DriveError::OtherDisc`] where it is not.
    pub(super) fn settle_news(&mut self) -> Result<(), DriveError> {
        const ROUNDS: u8 = 3;
        for _ in 0..ROUNDS {
            let news = std::mem::take(&mut self.news);
            if news == super::exchange::News::default() {
                return Ok(());
            }
            if news.changed {
                self.wait_until_ready_again()?;
                if let Some(known) = self.examined.as_ref().map(|e| e.fingerprint) {
                    let now = self.fingerprint(&known)?;
                    if !known.is_same_disc(&now) {
                        self.inserted = Inserted::Another;
                        return Err(DriveError::OtherDisc);
                    }
                    self.note(Note::SameDiscBack);
                }
            }
            self.lock_again()?;
            self.set_speed_again()?;
        }
        Ok(())
    }

    /// Whether the disc in the drive may be another than the one that was last examined: the drive has told so since, or it is
    /// not ready with it. Two that look the same need not be.
    ///
    /// # Errors
    /// Where the drive does not answer.
    pub fn may_have_another_disc(&mut self) -> Result<bool, DriveError> {
        let reply = self.exchange_within(&TestUnitReady.cdb(), &mut [], QUESTION, BUSY_AT_MOST)?;
        Ok(self.news.changed || !matches!(reply, Reply::Good { .. } | Reply::Remarked { .. }))
    }

    /// What the disc in the drive looks like now, as far as was known of the one before.
    fn fingerprint(&mut self, known: &DiscFingerprint) -> Result<DiscFingerprint, DriveError> {
        let survey = self.survey()?;
        let mut now = survey.fingerprint;
        if known.descriptor.is_some() {
            let start = survey.toc.as_ref().and_then(|t| t.tracks().find(|e| e.is_data())).map_or(Lba(0), |e| e.lba());
            now.descriptor = self.first_descriptor(start)?.as_deref().map(super::fingerprint::digest);
        }
        Ok(now)
    }

    /// Nothing of the disc is known any more; what was learnt of the drive stays.
    pub(super) fn forget_disc(&mut self) {
        self.examined = None;
        self.inserted = Inserted::AsBefore;
        self.habits = ReadHabits::new();
        self.news = super::exchange::News::default();
        self.noted.clear();
    }

    pub(super) fn family(&self) -> MediumFamily {
        self.examined.as_ref().map_or(MediumKind::Unknown.family(), |e| e.family)
    }

    /// The size as far as it is known.
    pub(super) fn size_so_far(&self) -> SectorCount {
        self.examined.as_ref().map(|e| e.sectors).unwrap_or_default()
    }
}
