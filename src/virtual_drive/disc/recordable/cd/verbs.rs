//! This module knows what a drive does with a CD that it records.

use super::cue::Cue;
use super::{CdBlanking, CdRecord, TrackMethod};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use crate::virtual_drive::disc::TrackMode;
use crate::virtual_drive::disc::recordable::sequential::{NextSession, Padding};
use crate::virtual_drive::disc::recordable::{Laser, Manner, Record, Recordable, WriteRefused};

/// How a host wants the sectors of a CD recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CdMethod {
    TrackAtOnce(TrackMode),
    /// Of so many sectors each.
    Packets(u32),
    SessionAtOnce,
}

impl CdMethod {
    /// `None` for a session at once.
    pub(in super::super) fn of_a_track(self) -> Option<TrackMethod> {
        match self {
            CdMethod::SessionAtOnce => None,
            CdMethod::TrackAtOnce(mode) => Some(TrackMethod { mode, packet: None }),
            CdMethod::Packets(sectors) => Some(TrackMethod { mode: TrackMode::Mode1, packet: Some(sectors) }),
        }
    }
}

/// Before sector 0 addresses are negative, and there is the pre-gap of a session at once.
fn signed(lba: Lba) -> i64 {
    i32::from_be_bytes(lba.0.to_be_bytes()).into()
}

impl Recordable {
    /// What is recorded on a CD; `None` on other discs.
    pub fn cd(&self) -> Option<&CdRecord> {
        match &self.record {
            Record::Cd(record) => Some(record),
            Record::Sequential(_) | Record::Overwritable(_) => None,
        }
    }

    /// The session of a CD that is being written at once.
    pub fn cue(&self) -> Option<&Cue> {
        self.cue.as_ref()
    }

    /// A session is to be written at once.
    ///
    /// # Errors
    /// Where that can no longer be.
    pub fn begin_session(&mut self, cue: Cue) -> Result<(), WriteRefused> {
        let record = self.cd().ok_or(WriteRefused::WrongKind)?;
        match record {
            _ if record.finalized => Err(WriteRefused::Complete),
            _ if !record.is_blank() => Err(WriteRefused::WrongKind),
            _ if cue.lead_out > self.stock.sectors.0 => Err(WriteRefused::BeyondEnd),
            _ => {
                (self.cue, self.simulated) = (Some(cue), None);
                Ok(())
            }
        }
    }

    /// What will be known of a CD when these sectors are written, outside of a session at once; `None` where the laser is
    /// off.
    pub(in super::super) fn noted_on_cd(
        &mut self,
        range: SectorRange,
        method: TrackMethod,
        laser: Laser,
    ) -> Result<Option<(Record, Padding)>, WriteRefused> {
        if signed(range.start()) < 0 {
            return Err(WriteRefused::NotNextWritable);
        }
        let mut draft = self.draft(laser);
        let Record::Cd(record) = &mut draft else { return Err(WriteRefused::WrongKind) };
        let written = record.write(range, method, self.stock.sectors.0);
        let noted = self.drafted(laser, draft, written.map(|()| Padding::new()))?;
        // A session of which nothing but the pre-gap was written is none any more.
        if laser == Laser::On {
            self.cue = None;
        }
        Ok(noted)
    }

    fn cue_to_follow(&self) -> Result<Cue, WriteRefused> {
        let finalized = self.cd().is_some_and(|record| record.finalized);
        let missing = if finalized { WriteRefused::Complete } else { WriteRefused::NotPrepared };
        self.cue.clone().ok_or(missing)
    }

    /// Whether these sectors of a session at once may be written.
    pub(in super::super) fn admits_of_session(&self, range: SectorRange) -> Result<(), WriteRefused> {
        let mut cue = self.cue_to_follow()?;
        cue.take(signed(range.start()), range.count().0).map(|_| ())
    }

    /// Records whole sectors of a session at once; those before sector 0 are its pre-gap.
    pub(in super::super) fn write_session(
        &mut self,
        start: Lba,
        bytes: &[u8],
        laser: Laser,
    ) -> Result<(), WriteRefused> {
        let start = signed(start);
        let mut cue = self.cue_to_follow()?;
        let count = u32::try_from(bytes.len() / SECTOR_BYTES).unwrap_or(u32::MAX);
        let padding = cue.take(start, count)?;
        if laser == Laser::On {
            let gap = usize::try_from(start.saturating_neg().max(0)).unwrap_or(usize::MAX).saturating_mul(SECTOR_BYTES);
            let (first, data) = (u32::try_from(start.max(0)).unwrap_or(0), bytes.get(gap..).unwrap_or_default());
            if !data.is_empty() {
                self.store.write(Lba(first), data, || self.record.text(&self.stock))?;
            }
            for range in padding {
                self.store.zero(range, || self.record.text(&self.stock))?;
            }
            self.keep(Record::Cd(cue.record()), SectorCount(count))?;
        }
        self.cue = Some(cue);
        Ok(())
    }

    /// A track at once is closed, and so is a session at once that is complete.
    pub(in super::super) fn synchronize_cd(&mut self, manner: Manner) -> Result<(), WriteRefused> {
        self.simulated = None;
        let complete = self.cue.take_if(|cue| cue.is_complete());
        match (manner.laser, complete) {
            (Laser::Off, _) => Ok(()),
            // What was written with the laser off is not on the disc.
            (Laser::On, Some(cue)) if self.cd() != Some(&cue.record()) => Ok(()),
            (Laser::On, Some(_)) => self.change_cd(|record, _| {
                record.sessions.iter_mut().for_each(|session| session.closed = true);
                record.finalized = manner.next_session == NextSession::Never;
                Ok(Padding::new())
            }),
            (Laser::On, None) => self.change_cd(|record, lead_out| Ok(record.synchronize(lead_out))),
        }
    }

    pub(in super::super) fn close_cd_track(&mut self, number: Option<u16>, manner: Manner) -> Result<(), WriteRefused> {
        self.synchronize_cd(manner)?;
        match manner.laser {
            Laser::Off => Ok(()),
            Laser::On => self.change_cd(|record, lead_out| record.close_track(number, lead_out)),
        }
    }

    pub(in super::super) fn close_cd_session(&mut self, manner: Manner) -> Result<(), WriteRefused> {
        self.synchronize_cd(manner)?;
        let finally = manner.next_session == NextSession::Never;
        match manner.laser {
            Laser::Off => Ok(()),
            Laser::On => self.change_cd(|record, lead_out| record.close_session(finally, lead_out)),
        }
    }

    /// # Errors
    /// Where the disc has no such part.
    pub fn blank_cd(&mut self, what: CdBlanking) -> Result<(), WriteRefused> {
        self.change_cd(|record, _| record.blanked(what).map(|()| Padding::new()))?;
        (self.cue, self.simulated) = (None, None);
        // Only now: whoever is killed in between has a new state, and old sectors that nobody can read.
        if self.record.is_blank() { Ok(self.store.forget()?) } else { Ok(()) }
    }

    fn change_cd(
        &mut self,
        how: impl FnOnce(&mut CdRecord, u32) -> Result<Padding, WriteRefused>,
    ) -> Result<(), WriteRefused> {
        let mut record = self.cd().cloned().ok_or(WriteRefused::WrongKind)?;
        let padding = how(&mut record, self.stock.sectors.0)?;
        self.apply(Record::Cd(record), padding)
    }
}
