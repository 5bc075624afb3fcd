//! This module knows ISO 9660 (ECMA-119), and what grew on it: Joliet, Rock Ridge, El Torito.

pub mod descriptor;
pub mod el_torito;
mod survey;
mod susp;

pub(super) use survey::survey;
