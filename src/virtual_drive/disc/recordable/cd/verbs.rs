//! This module knows what a drive does with a CD that it records.

use super::cue::Cue;
use super::{CdBlanking, CdRecord, TrackMethod};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use crate::virtual_drive::disc::TrackMode;
use crate::virtual_drive::disc::recordable::sequential::{NextSession, Padding};
use crate::virtual_drive::disc::recordable::{Laser, Record, Recordable, WriteRefused};

/// How a host wants its sectors recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CdManner {
    pub method: CdMethod,
    pub next_session: NextSession,
    pub laser: Laser,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CdMethod {
    TrackAtOnce(TrackMode),
    /// Of so many sectors each.
    Packets(u32),
    SessionAtOnce,
}

impl CdMethod {
    /// `None` for a session at once.
    fn of_a_track(self) -> Option<TrackMethod> {
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

fn before_sector_0(start: Lba) -> Result<(), WriteRefused> {
    if signed(start) < 0 { Err(WriteRefused::NotNextWritable) } else { Ok(()) }
}

/// What a drive has in mind between two commands, and forgets with its power.
#[derive(Debug, Default)]
pub struct Underway {
    /// The session that is to be written at once.
    cue: Option<Cue>,
    /// What the record would be, had the laser been on.
    simulated: Option<CdRecord>,
}

impl Recordable {
    /// What is recorded on a CD; `None` on other discs.
    pub fn cd(&self) -> Option<&CdRecord> {
        match &self.record {
            Record::Cd(record) => Some(record),
            Record::Sequential(_) | Record::Overwritable(_) => None,
        }
    }

    /// The drive has lost its power, or the disc its drive.
    pub fn forget_underway(&mut self) {
        self.underway = Underway::default();
    }

    /// The session of a CD that is being written at once.
    pub fn cue(&self) -> Option<&Cue> {
        self.underway.cue.as_ref()
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
                self.underway = Underway { cue: Some(cue), simulated: None };
                Ok(())
            }
        }
    }

    /// Records whole sectors on a CD; those before sector 0 are the pre-gap of a session at once.
    ///
    /// # Errors
    /// Where they may not be written there, and nothing is.
    pub(in super::super) fn write_cd(
        &mut self,
        start: Lba,
        bytes: &[u8],
        manner: CdManner,
    ) -> Result<(), WriteRefused> {
        let Some(method) = manner.method.of_a_track() else {
            return self.write_session(signed(start), bytes, manner.laser);
        };
        before_sector_0(start)?;
        let count = u64::try_from(bytes.len()).ok().and_then(SectorCount::whole_in).ok_or(WriteRefused::BeyondEnd)?;
        let range = SectorRange::new(start, start.checked_add(count).ok_or(WriteRefused::BeyondEnd)?);
        let simulated = self.underway.simulated.take().filter(|_| manner.laser == Laser::Off);
        let before = self.cd().ok_or(WriteRefused::WrongKind)?;
        let mut record = simulated.unwrap_or_else(|| before.clone());
        let written = record.write(range, method, self.stock.sectors.0);
        if manner.laser == Laser::Off {
            self.underway.simulated = Some(record);
            return written;
        }
        written?;
        self.store.write(start, bytes, || self.record.text(&self.stock))?;
        self.keep(Record::Cd(record), count)
    }

    /// Whether these sectors may be written.
    pub(in super::super) fn admits_on_cd(&self, range: SectorRange, manner: CdManner) -> Result<(), WriteRefused> {
        let Some(method) = manner.method.of_a_track() else {
            let mut cue = self.underway.cue.clone().ok_or(WriteRefused::NotPrepared)?;
            return cue.take(signed(range.start()), range.count().0).map(|_| ());
        };
        before_sector_0(range.start())?;
        let simulated = self.underway.simulated.as_ref().filter(|_| manner.laser == Laser::Off);
        let mut record = simulated.or(self.cd()).cloned().ok_or(WriteRefused::WrongKind)?;
        record.write(range, method, self.stock.sectors.0)
    }

    fn write_session(&mut self, start: i64, bytes: &[u8], laser: Laser) -> Result<(), WriteRefused> {
        let mut cue = self.underway.cue.clone().ok_or(WriteRefused::NotPrepared)?;
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
        self.underway.cue = Some(cue);
        Ok(())
    }

    /// All that was written is on the disc, and the files say so: a track at once is closed, and so is a session at
    /// once that is complete.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn synchronize_cd(&mut self, manner: CdManner) -> Result<(), WriteRefused> {
        self.underway.simulated = None;
        let complete = self.underway.cue.take_if(|cue| cue.is_complete());
        match (manner.laser, complete) {
            (Laser::Off, _) => Ok(()),
            (Laser::On, Some(_)) => self.change_cd(|record, _| {
                record.sessions.iter_mut().for_each(|session| session.closed = true);
                record.finalized = manner.next_session == NextSession::Never;
                Ok(Padding::new())
            }),
            (Laser::On, None) => self.change_cd(|record, lead_out| Ok(record.synchronize(lead_out))),
        }
    }

    /// # Errors
    /// Where there is no such track, or nothing in it.
    pub fn close_cd_track(&mut self, number: Option<u16>, manner: CdManner) -> Result<(), WriteRefused> {
        self.synchronize_cd(manner)?;
        match manner.laser {
            Laser::Off => Ok(()),
            Laser::On => self.change_cd(|record, lead_out| record.close_track(number, lead_out)),
        }
    }

    /// # Errors
    /// Where it was to be written at once, and is not complete.
    pub fn close_cd_session(&mut self, manner: CdManner) -> Result<(), WriteRefused> {
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
        self.underway = Underway::default();
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
