//! This module knows threads, buffers and waiting, for all jobs.

mod eta;

pub use eta::Eta;
