//! This module knows how a SOURCE or DRIVE word becomes something to work with.

mod word;

pub use word::{NotASource, Word};
