//! This module knows how drives, discs and volumes are told: as rows to read, and as lines of JSON.

mod disc;
mod drive;
mod volume;

pub use disc::{disc_line, disc_rows, disc_words, size_rows};
pub use drive::{drive_line, drive_words};
pub use volume::{volume_lines, volume_rows};
