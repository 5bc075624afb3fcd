//! This module knows how drives, discs and volumes are told: as rows to read, and as lines of JSON.

mod comparison;
mod digests;
mod disc;
mod drive;
mod judgement;
mod length;
mod path;
mod sums;
mod volume;

pub use comparison::{comparison_rows, comparison_words, matched_name};
pub use digests::{digest_map, digest_rows, no_raw_form_words};
pub use disc::{ClaimsTold, disc_line, disc_rows, disc_words, size_rows};
pub use drive::{drive_line, drive_words};
pub use judgement::{damage_lines, damage_rows, finding_counts, finding_line, finding_words, tree_name};
pub use length::{length_line, length_rows, missing_at_end};
pub use path::{path_fields, path_words};
pub use sums::{sum_rows, sum_shapes};
pub use volume::{count_row, image_line, image_lines, image_rows, volume_lines};
