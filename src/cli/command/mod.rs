//! This module knows the subcommands, a file each.

pub mod completions;
pub mod drives;
pub mod eject;
pub mod info;
pub mod load;
pub mod man;
pub mod rip;
pub mod trace;
pub mod verify;
