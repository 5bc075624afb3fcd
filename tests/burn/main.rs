//! Whole burns onto discs in software, on simulated time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

mod bench;
mod calibration;
mod cd;
mod clean;
mod dash;
mod faults;
mod growing;
mod killed;
mod media;
mod rewritable;
mod told;
mod trouble;
mod upkeep;
