//! This module knows the discs that can lie in the virtual tray.

mod blank;
pub mod content;
mod frame;
mod kind;
mod layout;
mod pressed;
pub mod recordable;
mod stock;

pub use blank::Blank;
pub use frame::{FRAME_BYTES, mode_1, mode_2_form_1};
pub use kind::{DiscKind, Family, Made};
pub use layout::{DiscState, Layers, Layout, Protection, SectorKind, Stretch, Track, TrackMode, TrackPath};
pub use pressed::{Pressed, Session, Tail, TrackPlan, WrongDisc};
pub use recordable::{Recordable, RecordingFiles};
pub use stock::{Factory, Stock, WriteProtection, kb_s};

use crate::sector::{Lba, SourceError};

/// A disc, as the drive's optics and electronics see it. What commands say of it is the handlers' business.
pub trait Disc: Send {
    fn kind(&self) -> DiscKind;

    /// What is recorded where; it changes only while something is written.
    fn layout(&self) -> &Layout;

    fn layers(&self) -> Layers {
        Layers::One
    }

    fn protection(&self) -> Protection {
        Protection::None
    }

    /// What the sectors from `at` on are, as far as they are all alike; `None` beyond the last that can be addressed.
    fn stretch(&self, at: Lba) -> Option<Stretch>;

    /// Fills `buffer` with the user data of whole sectors, whatever they are.
    ///
    /// # Errors
    /// Where the content cannot be had, as when an image's own disk fails.
    fn read(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError>;

    /// The first sector behind everything that can be read; more than the layout where a session is not closed.
    fn readable_end(&self) -> Lba {
        self.layout().end
    }

    /// The disc, where it can be written.
    fn recordable(&self) -> Option<&Recordable> {
        None
    }

    fn recordable_mut(&mut self) -> Option<&mut Recordable> {
        None
    }
}
