//! Whole burns onto discs in software, on simulated time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

mod bad_input;
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
mod traces;
mod trouble;
mod upkeep;
