//! This module knows how a disc becomes another one: formatted, in the background too, or blank again.

use super::overwritable::{FormatState, Overwritable};
use super::sequential::{Formatted, Sequential};
use super::{Laser, Record, Recordable, WriteRefused};
use crate::sector::SectorCount;

impl Recordable {
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
}
