//! This module knows discs on which any sector can be written at any time: how they are formatted, and what was replaced.

use serde::{Deserialize, Serialize};

use super::WriteRefused;
use super::absent::is_zero;
use crate::sector::{Lba, SectorCount, SectorRange};

/// What is known of such a disc.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overwritable {
    /// Sectors that can be read: formatted, or written while formatting went on. 0 before there was any format.
    pub formatted: u32,
    pub format: FormatState,
    /// Sectors that are kept to replace others.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spare: u32,
    /// The first sectors of the ECC blocks that were replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<u32>,
}

/// How far formatting has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormatState {
    /// There was none.
    #[default]
    Never,
    /// It was cut off, and nothing can be read or written before another one.
    Broken,
    /// The end is open: it moves on as sectors are written behind it, until it is closed.
    Intermediate,
    /// In the background; it was stopped, and can go on.
    Stopped,
    /// In the background, while the disc is used.
    Running,
    /// It went on in the background, and is done.
    CompleteBehind,
    /// It was done before anything else was.
    Complete,
}

impl Overwritable {
    /// As it is after a format that was done before anything else.
    pub fn formatted(sectors: SectorCount, spare: SectorCount) -> Self {
        Self { formatted: sectors.0, format: FormatState::Complete, spare: spare.0, replaced: Vec::new() }
    }

    /// Of which the last format was cut off.
    pub fn broken() -> Self {
        Self { format: FormatState::Broken, ..Self::default() }
    }

    /// It wants to be formatted before it can be used.
    pub fn is_unformatted(&self) -> bool {
        matches!(self.format, FormatState::Never | FormatState::Broken)
    }

    /// Whether these sectors may be written, of a disc with so many; what can be read then grows with them.
    ///
    /// # Errors
    /// Where they may not.
    pub fn write(&mut self, range: SectorRange, sectors: SectorCount, granule: u32) -> Result<(), WriteRefused> {
        let end = match self.format {
            FormatState::Never => return Err(WriteRefused::NotFormatted),
            FormatState::Broken => return Err(WriteRefused::BrokenFormat),
            FormatState::Stopped | FormatState::Complete | FormatState::CompleteBehind => self.formatted,
            FormatState::Running | FormatState::Intermediate => sectors.0,
        };
        if range.end().0 > end {
            return Err(WriteRefused::BeyondEnd);
        }
        let aligned = |lba: Lba| lba.0.is_multiple_of(granule);
        if !aligned(range.start()) || !aligned(range.end()) {
            return Err(WriteRefused::NotAligned);
        }
        if self.format == FormatState::Intermediate && range.start().0 > self.formatted {
            return Err(WriteRefused::NotNextWritable);
        }
        self.formatted = self.formatted.max(range.end().0);
        Ok(())
    }

    /// An open end is no longer open.
    ///
    /// # Errors
    /// Where nothing was written before it.
    pub fn close(&mut self) -> Result<(), WriteRefused> {
        match self.format {
            FormatState::Intermediate if self.formatted == 0 => return Err(WriteRefused::EmptyTrack),
            FormatState::Intermediate => self.format = FormatState::Complete,
            FormatState::Never
            | FormatState::Broken
            | FormatState::Stopped
            | FormatState::Running
            | FormatState::CompleteBehind
            | FormatState::Complete => {}
        }
        Ok(())
    }

    /// A format in the background begins, or goes on with what there is.
    pub fn start_background(&mut self) {
        self.format = FormatState::Running;
    }

    /// The background format has come so far.
    pub fn reach(&mut self, formatted: SectorCount, sectors: SectorCount) {
        if self.format == FormatState::Running {
            self.formatted = self.formatted.max(formatted.0.min(sectors.0));
            if self.formatted == sectors.0 && formatted.0 >= sectors.0 {
                self.format = FormatState::CompleteBehind;
            }
        }
    }

    /// The background format stops; what is then there ends with an ECC block.
    pub fn stop_background(&mut self, ecc_block: u32, sectors: SectorCount) {
        if self.format == FormatState::Running {
            let whole = self.formatted.checked_next_multiple_of(ecc_block).unwrap_or(self.formatted);
            self.formatted = whole.min(sectors.0);
            self.format = if self.formatted == sectors.0 { FormatState::CompleteBehind } else { FormatState::Stopped };
        }
    }

    /// Sectors that could still replace others.
    pub fn free_spare(&self, ecc_block: SectorCount) -> SectorCount {
        let replaced = u32::try_from(self.replaced.len()).unwrap_or(u32::MAX);
        SectorCount(self.spare.saturating_sub(replaced.saturating_mul(ecc_block.0)))
    }

    /// Another block takes the place of the ECC block with this sector, for good.
    ///
    /// # Errors
    /// Where none is left that could.
    pub fn replace(&mut self, lba: Lba, ecc_block: SectorCount) -> Result<(), WriteRefused> {
        let block = lba.0.saturating_sub(lba.0.checked_rem(ecc_block.0).unwrap_or(0));
        if self.replaced.contains(&block) {
            return Ok(());
        }
        if self.free_spare(ecc_block) < ecc_block {
            return Err(WriteRefused::NoSpare);
        }
        self.replaced.push(block);
        Ok(())
    }

    /// Whether the numbers are such as formatting makes them, of a disc with so many sectors and spare ones.
    pub fn is_sound(&self, sectors: SectorCount, ecc_block: SectorCount) -> bool {
        let replaced = u32::try_from(self.replaced.len()).unwrap_or(u32::MAX).saturating_mul(ecc_block.0);
        u64::from(self.formatted).saturating_add(self.spare.into()) <= sectors.0.into()
            && replaced <= self.spare
            && (!self.is_unformatted() || self.formatted == 0)
    }
}
