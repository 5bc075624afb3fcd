//! This module knows what a sound directory of ISO 9660 looks like.

mod dots;
mod identifier;
mod record;
mod siblings;

pub(super) use dots::{directory, link_back, own, parent};
pub(super) use record::{extent, likely, numbers, record};
pub(super) use siblings::Siblings;
