//! This module knows how the files of a disc become files here: beneath one directory, in the order of the disc, and
//! with an account of each that is not what it was.

mod error;
mod exchange;
mod file;
mod folders;
mod job;
mod link;
mod names;
mod report;
#[cfg(test)]
mod tests;
mod writing;

use std::sync::atomic::AtomicBool;

pub use error::ExtractError;
pub use names::WhyRenamed;
pub use report::{Loss, Report, Told, What};

use crate::event::Teller;
use crate::filesystem::content::Sectors;
use crate::filesystem::{NodeId, Tree};
use crate::linux::beneath::Beneath;

/// What is to be extracted, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// Files, and directories with all that is in them.
    pub what: Vec<NodeId>,
    pub existing: Existing,
    pub links: Links,
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays as it is.
    Kept,
    /// It is removed, and a new one made in its place. And files that come to much more than the image are made too.
    Replaced,
}

/// Which symbolic links are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// Those that lead to nothing outside of the directory that is extracted to.
    Inside,
    All,
    None,
}

/// Extracts files beneath a directory.
///
/// # Errors
/// Where nothing more can be done. What became of the files is in the report; see [`Report::is_whole`].
pub fn extract(
    tree: &Tree,
    sectors: &mut Sectors<'_>,
    beneath: &Beneath,
    options: &Options,
    teller: &Teller<'_>,
    stop: &AtomicBool,
) -> Result<Report, ExtractError> {
    job::Job::new(tree, sectors, beneath, options, teller, stop).run()
}
