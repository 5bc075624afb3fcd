//! This module knows how drives, discs and volumes are told: as rows to read, and as lines of JSON.

mod comparison;
mod digests;
mod disc;
mod drive;
mod volume;

pub use comparison::{comparison_rows, comparison_words, matched_name};
pub use digests::{digest_map, digest_rows, no_raw_form_words};
pub use disc::{ClaimsTold, disc_line, disc_rows, disc_words, size_rows};
pub use drive::{drive_line, drive_words};
pub use volume::{volume_lines, volume_rows};
