//! This module knows what sound descriptors and directories of ISO 9660 look like.

mod dots;
mod identifier;
mod record;
mod siblings;
mod volume;

pub(super) use dots::{directory, link_back, own, parent};
pub(super) use record::{extent, likely, numbers, record};
pub(super) use siblings::{Siblings, is_out_of_order};
pub(super) use volume::volume;
