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

use std::ffi::OsString;
use std::path::Path;

use super::explain::against_failure;
use super::failure::Failure;
use crate::verify::{Against, Asked};

/// Everything that a person wants compared, read before the disc is.
fn load_against(paths: &[OsString]) -> Result<Vec<Against>, Failure> {
    let load = |path: &OsString| Against::load(Path::new(path), Asked::ByUser).map_err(|e| against_failure(&e));
    paths.iter().map(load).collect()
}
