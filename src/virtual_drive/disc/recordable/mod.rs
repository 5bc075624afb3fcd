//! This module knows discs that can be written: what is on them, what may be added, and where it is kept.

pub mod cd;
pub mod overwritable;
mod record;
pub mod rules;
pub mod sequential;
pub mod spares;
mod store;

pub use record::{Record, WrongState};
pub use store::{RecordingFiles, StoreError};

use super::{
    Disc, DiscKind, DiscState, Layers, Layout, SectorKind, Stock, Stretch, Track, TrackMode, TrackPath, WriteProtection,
};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SourceError};
use cd::{CdManner, CdMethod, Underway};
use overwritable::{FormatState, Overwritable};
use rules::{OverwritableRules, Rules};
use sequential::{Formatted, Limits, Method, NextSession, Padding, SectorMode, Sequential, TrackRecord};
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
    underway: Underway,
}

/// How something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    pub method: Method,
    pub next_session: NextSession,
    pub laser: Laser,
    /// On a CD, instead of `method`.
    pub cd: Option<CdMethod>,
}

impl Manner {
    /// The same, of a CD.
    pub fn of_cd(self) -> Option<CdManner> {
        let Manner { method: _, next_session, laser, cd } = self;
        Some(CdManner { method: cd?, next_session, laser })
    }
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
        let mut disc = Self {
            stock,
            rules,
            record,
            store,
            layout,
            unsaved: 0,
            told_running: false,
            simulated: None,
            underway: Underway::default(),
        };
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
        if let (Record::Cd(_), Some(manner)) = (&self.record, manner.of_cd()) {
            return self.write_cd(start, bytes, manner);
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
        if let (Record::Cd(_), Some(manner)) = (&self.record, manner.of_cd()) {
            return self.admits_on_cd(range, manner);
        }
        let simulated = self.simulated.clone();
        let noted = self.noted(range, manner);
        self.simulated = simulated;
        noted.map(|_| ())
    }

    /// What will be known of the disc when these sectors are written; `None` where the laser is off.
    fn noted(&mut self, range: SectorRange, manner: Manner) -> Result<Option<(Record, Padding)>, WriteRefused> {
        let sectors = self.stock.sectors;
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
        match &mut self.record {
            Record::Overwritable(record) => record.replace(lba, ecc_block),
            Record::Sequential(_) | Record::Cd(_) => Err(WriteRefused::NoSpare),
        }
    }

    /// The power fails: the last sectors that were sent never came to the disc, and formatting is cut off.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn lose_power(&mut self, in_buffer: SectorCount, formatting: bool) -> Result<(), WriteRefused> {
        match &mut self.record {
            Record::Sequential(record) => {
                record.forget_last(in_buffer, self.rules.sequential.map_or(1, |rules| rules.granule))
            }
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

    /// All that was written is on the disc, and the files say so.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn synchronize(&mut self, laser: Laser) -> Result<(), WriteRefused> {
        self.change(laser, |record, limits| Ok(record.synchronize(limits)), |_, _| Ok(()))
    }

    /// Room for a track of so many sectors.
    ///
    /// # Errors
    /// Where there is none, or discs of this kind have no tracks.
    pub fn reserve(&mut self, sectors: SectorCount, manner: Manner) -> Result<(), WriteRefused> {
        let Manner { method, laser, next_session: _, cd: _ } = manner;
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
    pub fn close_track(&mut self, number: Option<u16>, laser: Laser) -> Result<(), WriteRefused> {
        self.change_sequential(laser, |record, limits| record.close_track(number, limits))
    }

    /// # Errors
    /// Where tracks have to be closed before, or discs of this kind have no sessions.
    pub fn close_session(&mut self, manner: Manner) -> Result<(), WriteRefused> {
        self.change_sequential(manner.laser, |record, limits| record.close_session(limits, manner.next_session))
    }

    /// # Errors
    /// Where there is nothing on it, or discs of this kind are never complete.
    pub fn finalize(&mut self) -> Result<(), WriteRefused> {
        self.change_sequential(Laser::On, Sequential::finalize)
    }

    /// Some of the disc is kept to replace others; only before anything is written, and once.
    ///
    /// # Errors
    /// Where it is too late.
    pub fn format_sequential(&mut self, formatted: Formatted) -> Result<(), WriteRefused> {
        self.change_sequential(Laser::On, |record, _| {
            if !record.is_blank() || record.formatted.is_some() {
                return Err(WriteRefused::CannotFormat);
            }
            record.formatted = Some(formatted);
            Ok(Vec::new())
        })
    }

    /// The disc is as if nothing had been written to it; where that was done in a hurry, it can be written only at once.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn erase(&mut self, at_once_only: bool) -> Result<(), WriteRefused> {
        self.simulated = None;
        let record = Record::Sequential(Sequential { at_once_only, ..Sequential::default() });
        self.apply(record, Vec::new())?;
        // Only now: whoever is stopped in between has a blank disc, of which no sector can be read.
        Ok(self.store.forget()?)
    }

    /// What was written with the laser off is over.
    pub fn end_simulation(&mut self) {
        self.simulated = None;
    }

    /// Changes what is known of an overwritable disc.
    ///
    /// # Errors
    /// Where it is none.
    pub fn reformat(&mut self, how: impl FnOnce(&mut Overwritable)) -> Result<(), WriteRefused> {
        self.unprotected()?;
        self.change(
            Laser::On,
            |_, _| Err(WriteRefused::WrongKind),
            |overwritable, _| {
                how(overwritable);
                Ok(())
            },
        )?;
        if matches!(&self.record, Record::Overwritable(record) if record.formatted == 0) {
            self.store.forget()?;
        }
        Ok(())
    }

    fn unprotected(&self) -> Result<(), WriteRefused> {
        match self.stock.protection {
            WriteProtection::None => Ok(()),
            protection => Err(WriteRefused::Protected(protection)),
        }
    }

    /// Formats the disc anew, and leaves nothing of what was on it. Who is stopped in between finds it broken.
    ///
    /// # Errors
    /// Where discs of this kind are not formatted, or the files cannot be written.
    pub fn format(&mut self, formatted: Overwritable) -> Result<(), WriteRefused> {
        self.unprotected()?;
        self.rules.overwritable.ok_or(WriteRefused::WrongKind)?;
        self.simulated = None;
        self.apply(Record::Overwritable(Overwritable::broken()), Vec::new())?;
        self.store.forget()?;
        self.apply(Record::Overwritable(formatted), Vec::new())
    }

    /// Closes the open end of a disc that is overwritten.
    ///
    /// # Errors
    /// Where nothing was written, or it is no such disc.
    pub fn close_overwritten(&mut self) -> Result<(), WriteRefused> {
        self.change(Laser::On, |_, _| Err(WriteRefused::WrongKind), |record, _| record.close())
    }

    /// A host has been told how far formatting in the background is. Where nothing takes time, it then is done.
    pub fn note_told(&mut self) {
        if let Record::Overwritable(Overwritable { format: FormatState::Running, .. }) = self.record {
            self.told_running = true;
        }
    }

    /// Formatting in the background goes on, where it was seen to run and nothing takes time.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn format_at_once(&mut self) -> Result<(), WriteRefused> {
        if std::mem::take(&mut self.told_running) {
            let sectors = self.stock.sectors;
            self.reformat(|record| record.reach(sectors, sectors))?;
        }
        Ok(())
    }

    /// Formatting goes on in the background.
    pub fn is_formatted_behind(&self) -> bool {
        matches!(&self.record, Record::Overwritable(record) if record.format == FormatState::Running)
    }

    /// It has come so much further. The files hear of that now and then.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn format_on(&mut self, sectors: SectorCount) -> Result<(), WriteRefused> {
        const NOW_AND_THEN: u64 = 64 << 20;
        let Record::Overwritable(record) = &mut self.record else { return Err(WriteRefused::WrongKind) };
        record.reach(SectorCount(record.formatted.saturating_add(sectors.0)), self.stock.sectors);
        let is_done = record.format != FormatState::Running;
        self.layout = self.laid_out();
        self.unsaved = self.unsaved.saturating_add(sectors.bytes());
        if is_done || self.unsaved > NOW_AND_THEN {
            self.store.save(&self.record.text(&self.stock))?;
            self.unsaved = 0;
        }
        Ok(())
    }

    /// It stands still from now on.
    ///
    /// # Errors
    /// Where the files cannot be written.
    pub fn stop_background(&mut self) -> Result<(), WriteRefused> {
        let (ecc_block, sectors) = (self.stock.kind.family().ecc_block().0, self.stock.sectors);
        if self.is_formatted_behind() {
            self.reformat(|record| record.stop_background(ecc_block, sectors))
        } else {
            Ok(())
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
        let simulated = self.simulated.take();
        let mut record = match (laser, simulated) {
            (Laser::Off, Some(simulated)) => simulated,
            (Laser::On | Laser::Off, _) => self.record.clone(),
        };
        let padding = match &mut record {
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
        match laser {
            Laser::On => padding.map(|padding| Some((record, padding))),
            Laser::Off => {
                self.simulated = Some(record);
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

    /// What a reader is told: the sessions that are closed, or all that is formatted.
    fn laid_out(&self) -> Layout {
        match &self.record {
            Record::Sequential(record) => laid_out(record),
            Record::Cd(record) => cd::laid_out(record),
            Record::Overwritable(record) => {
                let sectors = SectorCount(record.formatted);
                let track = Track { number: 1, session: 1, start: Lba(0), sectors, mode: TrackMode::Mode1 };
                let tracks: Vec<Track> = (!sectors.is_zero()).then_some(track).into_iter().collect();
                let state = if tracks.is_empty() { DiscState::Blank } else { DiscState::Complete };
                Layout { state, tracks, end: Lba(sectors.0) }
            }
        }
    }
}

fn laid_out(record: &Sequential) -> Layout {
    // On a disc that can be written over, nobody closes sessions.
    let told = |session: u16, track: &TrackRecord| {
        session <= record.closed_sessions() || (record.is_pseudo_overwritten() && track.closed)
    };
    let byte = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    let tracks: Vec<Track> = record
        .tracks()
        .filter(|(_, session, track)| told(*session, track))
        .map(|(number, session, track)| Track {
            number: byte(number),
            session: byte(session),
            start: Lba(track.start),
            sectors: SectorCount(track.recorded.saturating_add(track.run_out)),
            mode: match track.mode {
                SectorMode::Mode1 => TrackMode::Mode1,
                SectorMode::Mode2Form1 => TrackMode::Mode2Form1,
            },
        })
        .collect();
    let end = tracks.last().map_or(Lba(0), |track| track.range().end());
    let state = match tracks.is_empty() {
        true if record.is_blank() => DiscState::Blank,
        true => DiscState::Open,
        false => DiscState::Complete,
    };
    Layout { state, tracks, end }
}

impl Disc for Recordable {
    fn kind(&self) -> DiscKind {
        self.stock.kind
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn layers(&self) -> Layers {
        let count = self.stock.layers();
        if count < 2 {
            return Layers::One;
        }
        let layer_0 = self.sequential().and_then(|(record, _)| record.layer_0);
        let usual = self.stock.sectors.0 / count;
        Layers::Two { break_at: Lba(layer_0.unwrap_or(usual)), path: TrackPath::Opposite }
    }

    fn readable_end(&self) -> Lba {
        match &self.record {
            Record::Sequential(record) => record.recorded_end(),
            Record::Overwritable(record) => Lba(record.formatted),
            Record::Cd(record) => Lba(record.recorded_end()),
        }
    }

    fn stretch(&self, at: Lba) -> Option<Stretch> {
        match &self.record {
            Record::Cd(record) => cd::stretch(record, at),
            Record::Overwritable(record) => {
                (at.0 < record.formatted).then_some(Stretch { kind: SectorKind::Mode1, end: Lba(record.formatted) })
            }
            Record::Sequential(record) => {
                let mut written = record.tracks().map(|(_, _, track)| (track.start, track.recorded_end()));
                let (start, end) = written.find(|(_, end)| at.0 < *end)?;
                let inside = start <= at.0;
                let kind = if inside { SectorKind::Mode1 } else { SectorKind::Unwritten };
                Some(Stretch { kind, end: Lba(if inside { end } else { start }) })
            }
        }
    }

    fn read(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        debug_assert_eq!(buffer.len() % SECTOR_BYTES, 0, "drives read whole sectors");
        self.store.read(start, buffer).map_err(|source| SourceError::Failed { at: start, source: Box::new(source) })
    }

    fn recordable(&self) -> Option<&Recordable> {
        Some(self)
    }

    fn recordable_mut(&mut self) -> Option<&mut Recordable> {
        Some(self)
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
