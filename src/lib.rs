//! Reads optical discs into images, and accounts for every sector.
//!
//! The folders are layers; `docs/architecture.md` draws them, `tests/layers.rs` holds them to it.

pub mod attachment;
pub mod burn;
pub mod bytes;
pub mod checksum;
pub mod cli;
pub mod clock;
pub mod drive;
pub mod event;
pub mod extract;
pub mod filesystem;
#[doc(hidden)]
pub mod fuzzing;
pub mod image;
pub mod linux;
pub mod mmc;
pub mod pipeline;
pub mod reading;
pub mod rip;
pub mod scsi;
pub mod sector;
pub mod verify;
pub mod virtual_drive;

/// What tests of other crates use, tests in here can use as well.
#[cfg(test)]
extern crate self as discwright;
