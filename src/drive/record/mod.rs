//! This module knows how a disc is recorded, in verbs: what it takes, write, synchronise, close, format, blank.
//!
//! Nothing here decides what is to be done with a disc. What is done is done to its end, or fails with what the drive
//! said; a WRITE that failed is never sent again, since the drive may have gone on.

mod error;
mod finish;
mod long;
mod patience;
mod prepare;
mod speed;
mod trouble;
mod writability;
mod write;

pub use error::RecordError;
pub use finish::Certification;
pub use long::Stoppable;
pub use speed::WriteSpeedStep;
pub use trouble::WriteTrouble;
pub use writability::{Abilities, NextTrack, Writability, WriteProtector};
pub use write::{DriveBuffer, WriteHow};
