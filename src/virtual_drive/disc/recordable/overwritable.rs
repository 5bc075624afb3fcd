//! This module knows discs on which any sector can be written at any time: formatted how far, and whether that goes on.

use serde::{Deserialize, Serialize};

use super::WriteRefused;
use crate::sector::{Lba, SectorCount, SectorRange};

/// What is known of such a disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overwritable {
    /// Sectors that can be read: formatted, or written while formatting went on. 0 before there was any format.
    pub formatted: u32,
    pub background: Background,
}

/// Formatting that goes on while the disc is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// There was none.
    #[default]
    None,
    /// It was stopped, and can go on.
    Stopped,
    Running,
    Complete,
}

impl Overwritable {
    pub fn is_blank(&self) -> bool {
        self.formatted == 0 && self.background == Background::None
    }

    /// Whether these sectors may be written, of a disc with so many; what can be read then grows with them.
    ///
    /// # Errors
    /// Where they may not.
    pub fn write(&mut self, range: SectorRange, sectors: SectorCount, granule: u32) -> Result<(), WriteRefused> {
        let end = match self.background {
            Background::None if self.formatted == 0 => return Err(WriteRefused::NotFormatted),
            Background::None | Background::Complete | Background::Stopped => self.formatted,
            Background::Running => sectors.0,
        };
        if range.end().0 > end {
            return Err(WriteRefused::BeyondEnd);
        }
        let aligned = |lba: Lba| lba.0.is_multiple_of(granule);
        if !aligned(range.start()) || !aligned(range.end()) {
            return Err(WriteRefused::NotAligned);
        }
        self.formatted = self.formatted.max(range.end().0);
        Ok(())
    }

    /// A format in the background begins, or goes on with what there is.
    pub fn start_background(&mut self, restart: bool) {
        if !restart {
            self.formatted = 0;
        }
        self.background = Background::Running;
    }

    /// The background format has come so far.
    pub fn reach(&mut self, formatted: SectorCount, sectors: SectorCount) {
        if self.background == Background::Running {
            self.formatted = self.formatted.max(formatted.0.min(sectors.0));
            if self.formatted == sectors.0 && formatted.0 >= sectors.0 {
                self.background = Background::Complete;
            }
        }
    }

    /// The background format stops; what is then there ends with an ECC block.
    pub fn stop_background(&mut self, ecc_block: u32, sectors: SectorCount) {
        if self.background == Background::Running {
            self.background = Background::Stopped;
            let whole = self.formatted.checked_next_multiple_of(ecc_block).unwrap_or(self.formatted);
            self.formatted = whole.min(sectors.0);
            if self.formatted == sectors.0 {
                self.background = Background::Complete;
            }
        }
    }

    /// Whether the numbers are such as formatting makes them.
    pub fn is_sound(&self, sectors: SectorCount) -> bool {
        self.formatted <= sectors.0
    }
}
