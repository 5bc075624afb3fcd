//! This module knows discs that can be written: what is on them, what may be added, and where it is kept.

mod absent;
pub mod cd;
mod formatting;
pub mod overwritable;
mod reading;
mod record;
pub mod rules;
pub mod sequential;
pub mod spares;
mod store;

pub use record::{Record, WrongState};
pub use store::{RecordingFiles, StoreError};

use super::{DiscState, Layout, Stock, WriteProtection};
use crate::sector::{Lba, SectorCount, SectorRange};
use cd::CdMethod;
use cd::cue::Cue;
use overwritable::Overwritable;
use rules::{OverwritableRules, Rules};
use sequential::{Limits, Method, NextSession, Padding, Sequential};
use store::Store;

/// A disc with its record, and with what keeps it.
#[derive(Debug)]
pub struct Recordable {
    stock: Stock,
    rules: Rules,
    record: Record,
    store: Store,
    layout: Layout,
    /// Bytes that the state file does not know of yet: what a drive would have in its buffer.
    unsaved: u64,
    /// Somebody has been told that formatting runs.
    told_running: bool,
    /// What the record would be, had the laser been on.
    simulated: Option<Record>,
    /// The session of a CD that is being written at once.
    cue: Option<Cue>,
}

/// How something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    pub method: Method,
    pub next_session: NextSession,
    pub laser: Laser,
}

/// Whether anything is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Laser {
    On,
    /// Test writing.
    Off,
}

/// Why something is not written, closed or formatted.
#[derive(Debug, thiserror::Error)]
pub enum WriteRefused {
    #[error("the disc is complete")]
    Complete,
    #[error("writing does not go on there")]
    NotNextWritable,
    #[error("that lies beyond the end")]
    BeyondEnd,
    #[error("that is more than was reserved")]
    BeyondTrack,
    #[error("that is no multiple of what is written at once")]
    NotAligned,
    #[error("the disc is not formatted")]
    NotFormatted,
    #[error("its last format was cut off")]
    BrokenFormat,
    #[error("nothing is left to replace a sector with")]
    NoSpare,
    #[error("the disc is protected")]
    Protected(WriteProtection),
    #[error("a track is not complete")]
    IncompleteTrack,
    #[error("there is nothing in the track")]
    EmptyTrack,
    #[error("there is no such track")]
    NoSuchTrack,
    #[error("the track is not written in this way")]
    WrongMode,
    #[error("such a disc is not formatted or blanked so")]
    CannotFormat,
    #[error("no layer can be of that size")]
    NoSuchLayer,
    #[error("something has to come before")]
    NotPrepared,
    /// Not for discs of this kind.
    #[error("that cannot be done with such a disc")]
    WrongKind,
    #[error("what keeps the disc failed")]
    Failed(#[from] std::io::Error),
}

/// What stands behind a disc file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {wrong}", path.display())]
    State { path: std::path::PathBuf, wrong: WrongState },
}

impl Recordable {
    /// A blank disc, which is gone when the program ends; `None` of a kind that cannot be written.
    pub fn blank(stock: Stock) -> Option<Self> {
        let rules = Rules::of(stock.kind)?;
        let record = Record::new(&stock, rules);
        Some(Self::with(stock, rules, record, Store::unnamed()))
    }

    /// The disc that these files keep, or a blank one where they are not there yet.
    ///
    /// # Errors
    /// Where the files cannot be used, or are of another disc.
    pub fn open(stock: Stock, files: RecordingFiles) -> Result<Option<Self>, RecordingError> {
        let Some(rules) = Rules::of(stock.kind) else { return Ok(None) };
        let path = files.state.clone();
        let (store, state) = Store::open(files)?;
        let record = match state {
            Some(text) => {
                let record = Record::read(&text, &stock, rules);
                record.map_err(|wrong| RecordingError::State { path, wrong })?.after_a_stop(&stock)
            }
            None => Record::new(&stock, rules),
        };
        Ok(Some(Self::with(stock, rules, record, store)))
    }

    fn with(stock: Stock, rules: Rules, record: Record, store: Store) -> Self {
        let layout = Layout { state: DiscState::Blank, tracks: Vec::new(), end: Lba(0) };
        let mut disc =
            Self { stock, rules, record, store, layout, unsaved: 0, told_running: false, simulated: None, cue: None };
        disc.layout = disc.laid_out();
        disc
    }

    pub fn stock(&self) -> &Stock {
        &self.stock
    }

    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What limits sequential recording; `None` on other discs.
    pub fn sequential(&self) -> Option<(&Sequential, Limits)> {
        match &self.record {
            Record::Sequential(record) => Some((record, Limits::of(record, self.rules.sequential?, &self.stock))),
            Record::Overwritable(_) | Record::Cd(_) => None,
        }
    }

    pub fn overwritable(&self) -> Option<(&Overwritable, OverwritableRules)> {
        match &self.record {
            Record::Overwritable(record) => Some((record, self.rules.overwritable?)),
            Record::Sequential(_) | Record::Cd(_) => None,
        }
    }

    /// Records whole sectors.
    ///
    /// # Errors
    /// Where they may not be written there, and nothing is.
    pub fn write(&mut self, start: Lba, bytes: &[u8], manner: Manner) -> Result<(), WriteRefused> {
        if manner.method == Method::Cd(CdMethod::SessionAtOnce) {
            return self.write_session(start, bytes, manner.laser);
        }
        let count = u64::try_from(bytes.len()).ok().and_then(SectorCount::whole_in).ok_or(WriteRefused::BeyondEnd)?;
        let end = start.checked_add(count).ok_or(WriteRefused::BeyondEnd)?;
        let range = SectorRange::new(start, end);
        self.unprotected()?;
        let Some((record, _)) = self.noted(range, manner)? else { return Ok(()) };
        self.store.write(start, bytes, || self.record.text(&self.stock))?;
        self.keep(record, count)
    }

    /// So many sectors of user data were kept, and this is recorded now. The files say so before more is unsaid than a
    /// drive has in its buffer.
    fn keep(&mut self, record: Record, count: SectorCount) -> Result<(), WriteRefused> {
        if record != self.record {
            self.unsaved = self.unsaved.saturating_add(count.bytes());
            self.record = record;
            self.layout = self.laid_out();
        }
        if self.unsaved > u64::from(self.stock.kind.family().buffer_bytes()) {
            self.store.save(&self.record.text(&self.stock))?;
            self.unsaved = 0;
        }
        Ok(())
    }

    /// Whether these sectors may be written.
    ///
    /// # Errors
    /// Where they may not.
    pub fn admits(&mut self, range: SectorRange, manner: Manner) -> Result<(), WriteRefused> {
        self.unprotected()?;
        if manner.method == Method::Cd(CdMethod::SessionAtOnce) {
            return self.admits_of_session(range);
        }
        let simulated = self.simulated.clone();
        let noted = self.noted(range, manner);
        self.simulated = simulated;
        noted.map(|_| ())
    }

    /// What will be known of the disc when these sectors are written; `None` where the laser is off.
    fn noted(&mut self, range: SectorRange, manner: Manner) -> Result<Option<(Record, Padding)>, WriteRefused> {
        let sectors = self.stock.sectors;
        if let Method::Cd(method) = manner.method {
            let method = method.of_a_track().ok_or(WriteRefused::WrongMode)?;
            return self.noted_on_cd(range, method, manner.laser);
        }
        self.changed(
            manner.laser,
            |record, limits| record.write(range, manner.method, limits).map(|()| Vec::new()),
            |record, rules| record.write(range, sectors, rules.granule),
        )
    }

    /// Something else is recorded than is known: whole sectors, which were written.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn spoil(&mut self, start: Lba, bytes: &[u8]) -> Result<(), WriteRefused> {
        Ok(self.store.write(start, bytes, || self.record.text(&self.stock))?)
    }

    /// Sectors that were written are zeros, and nothing is known of that.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn lose(&mut self, range: SectorRange) -> Result<(), WriteRefused> {
        Ok(self.store.zero(range, || self.record.text(&self.stock))?)
    }

    /// The ECC block with this sector is replaced by another.
    ///
    /// # Errors
    /// Where nothing can replace it.
    pub fn replace(&mut self, lba: Lba) -> Result<(), WriteRefused> {
        let ecc_block = self.stock.kind.family().ecc_block();
        match (&mut self.record, self.rules.sequential) {
            (Record::Overwritable(record), _) => record.replace(lba, ecc_block),
            (Record::Sequential(record), Some(rules)) => {
                let limits = Limits::of(record, rules, &self.stock);
                record.replace(limits)
            }
            (Record::Sequential(_), None) | (Record::Cd(_), _) => Err(WriteRefused::NoSpare),
        }
    }

    /// The power fails: the last sectors that were sent never came to the disc, and formatting is cut off.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn lose_power(&mut self, in_buffer: SectorCount, formatting: bool) -> Result<(), WriteRefused> {
        match &mut self.record {
            Record::Sequential(record) => record.forget_last(in_buffer, self.rules.sequential),
            Record::Cd(record) => record.forget_last(in_buffer),
            Record::Overwritable(record) if formatting => *record = Overwritable::broken(),
            Record::Overwritable(record) => {
                record.stop_background(self.stock.kind.family().ecc_block().0, self.stock.sectors)
            }
        }
        self.forget_underway();
        self.layout = self.laid_out();
        self.unsaved = 0;
        Ok(self.store.save(&self.record.text(&self.stock))?)
    }

    /// All that was written is on the disc, and the files say so. What is written at once ends here, where it is complete.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn synchronize(&mut self, manner: Manner) -> Result<(), WriteRefused> {
        if self.cd().is_some() {
            return self.synchronize_cd(manner);
        }
        self.change(manner.laser, |record, limits| Ok(record.synchronize(limits)), |_, _| Ok(()))
    }

    /// Room for a track of so many sectors.
    ///
    /// # Errors
    /// Where there is none, or discs of this kind have no tracks.
    pub fn reserve(&mut self, sectors: SectorCount, manner: Manner) -> Result<(), WriteRefused> {
        let Manner { method, laser, next_session: _ } = manner;
        self.change_sequential(laser, |record, limits| record.reserve(sectors, method, limits).map(|()| Vec::new()))
    }

    /// The first of two layers ends here.
    ///
    /// # Errors
    /// Where it is too late, or the layer has no such room.
    pub fn break_layers_at(&mut self, layer_0: SectorCount) -> Result<(), WriteRefused> {
        self.change_sequential(Laser::On, |record, limits| record.break_layers_at(layer_0, limits).map(|()| Vec::new()))
    }

    /// # Errors
    /// Where there is no such track, or nothing in it.
    pub fn close_track(&mut self, number: Option<u16>, manner: Manner) -> Result<(), WriteRefused> {
        if self.cd().is_some() {
            return self.close_cd_track(number, manner);
        }
        self.change_sequential(manner.laser, |record, limits| record.close_track(number, limits))
    }

    /// # Errors
    /// Where tracks have to be closed before, or discs of this kind have no sessions.
    pub fn close_session(&mut self, manner: Manner) -> Result<(), WriteRefused> {
        if self.cd().is_some() {
            return self.close_cd_session(manner);
        }
        self.change_sequential(manner.laser, |record, limits| record.close_session(limits, manner.next_session))
    }

    /// # Errors
    /// Where there is nothing on it, or discs of this kind are never complete.
    pub fn finalize(&mut self) -> Result<(), WriteRefused> {
        self.change_sequential(Laser::On, Sequential::finalize)
    }

    /// What was written with the laser off is over.
    pub fn end_simulation(&mut self) {
        self.simulated = None;
    }

    /// The drive has lost its power, or the disc its drive.
    pub fn forget_underway(&mut self) {
        (self.cue, self.simulated) = (None, None);
    }

    fn unprotected(&self) -> Result<(), WriteRefused> {
        match self.stock.protection {
            WriteProtection::None => Ok(()),
            protection => Err(WriteRefused::Protected(protection)),
        }
    }

    fn change_sequential(
        &mut self,
        laser: Laser,
        how: impl FnOnce(&mut Sequential, Limits) -> Result<Padding, WriteRefused>,
    ) -> Result<(), WriteRefused> {
        self.change(laser, how, |_, _| Err(WriteRefused::WrongKind))
    }

    fn change(
        &mut self,
        laser: Laser,
        sequential: impl FnOnce(&mut Sequential, Limits) -> Result<Padding, WriteRefused>,
        overwritable: impl FnOnce(&mut Overwritable, OverwritableRules) -> Result<(), WriteRefused>,
    ) -> Result<(), WriteRefused> {
        let changed = self.changed(laser, sequential, overwritable)?;
        changed.map_or(Ok(()), |(record, padding)| self.apply(record, padding))
    }

    /// What becomes of the record; `None` where the laser is off, and it stays as it is.
    fn changed(
        &mut self,
        laser: Laser,
        sequential: impl FnOnce(&mut Sequential, Limits) -> Result<Padding, WriteRefused>,
        overwritable: impl FnOnce(&mut Overwritable, OverwritableRules) -> Result<(), WriteRefused>,
    ) -> Result<Option<(Record, Padding)>, WriteRefused> {
        let mut draft = self.draft(laser);
        let padding = match &mut draft {
            Record::Sequential(record) => {
                let rules = self.rules.sequential.ok_or(WriteRefused::WrongKind)?;
                let limits = Limits::of(record, rules, &self.stock);
                sequential(record, limits)
            }
            Record::Overwritable(record) => {
                let rules = self.rules.overwritable.ok_or(WriteRefused::WrongKind)?;
                overwritable(record, rules).map(|()| Vec::new())
            }
            Record::Cd(_) => return Err(WriteRefused::WrongKind),
        };
        self.drafted(laser, draft, padding)
    }

    /// What a change begins with: what is recorded, or would be, had the laser been on.
    fn draft(&mut self, laser: Laser) -> Record {
        match (laser, self.simulated.take()) {
            (Laser::Off, Some(simulated)) => simulated,
            (Laser::On | Laser::Off, _) => self.record.clone(),
        }
    }

    fn drafted(
        &mut self,
        laser: Laser,
        draft: Record,
        padding: Result<Padding, WriteRefused>,
    ) -> Result<Option<(Record, Padding)>, WriteRefused> {
        match laser {
            Laser::On => padding.map(|padding| Some((draft, padding))),
            Laser::Off => {
                self.simulated = Some(draft);
                padding.map(|_| None)
            }
        }
    }

    /// Pads, changes the record, and has the files say so; in that order, so that they agree at any moment.
    fn apply(&mut self, record: Record, padding: Padding) -> Result<(), WriteRefused> {
        for range in padding {
            self.store.zero(range, || self.record.text(&self.stock))?;
        }
        if record != self.record || self.unsaved > 0 {
            self.record = record;
            self.layout = self.laid_out();
            self.store.settle(&self.record.text(&self.stock))?;
            self.unsaved = 0;
        }
        Ok(())
    }
}

/// What was written without being synchronised stays written where the program ends as it should.
impl Drop for Recordable {
    fn drop(&mut self) {
        if self.unsaved > 0 {
            let _ = self.store.save(&self.record.text(&self.stock));
        }
    }
}

#[cfg(test)]
mod tests;
