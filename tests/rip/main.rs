//! Whole rips of the virtual drive, on simulated time, to files in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

mod bench;
mod clean;
mod damage;
mod drive_trouble;
mod property;
mod resume;
mod scenes;
mod storage_trouble;
mod sums;
