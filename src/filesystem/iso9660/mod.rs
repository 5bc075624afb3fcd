//! This module knows ISO 9660 (ECMA-119), and what grew on it: Joliet, Rock Ridge, El Torito.

mod check;
mod date;
pub mod descriptor;
mod descriptor_set;
pub mod el_torito;
mod name;
mod partition;
mod path_table;
mod recognition;
pub mod record;
pub mod rock_ridge;
mod session;
mod survey;
mod volume;
mod walk;
#[cfg(test)]
#[allow(dead_code, reason = "each test needs another part of it")]
pub(crate) mod writer;

pub use descriptor_set::{DescriptorSet, is_directory_at};
pub(super) use session::sessions;
pub(super) use survey::{directory_left_over, survey};
pub(super) use volume::read;

#[cfg(test)]
mod tests;
