//! This module knows the GUID partition table, which a disc has twice: behind its first block, and at its end.

mod copy;
mod header;
mod pair;

pub(super) use header::Header;
pub(super) use pair::Pair;
