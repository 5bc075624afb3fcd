//! This module knows ISO 9660 (ECMA-119), and what grew on it: Joliet, Rock Ridge, El Torito.

mod date;
pub mod descriptor;
pub mod el_torito;
pub mod rock_ridge;
mod survey;
mod susp;
mod volume;
#[cfg(test)]
#[allow(dead_code, reason = "each test needs another part of it")]
pub(crate) mod writer;

pub(super) use survey::survey;
pub(super) use volume::{read, sessions};
