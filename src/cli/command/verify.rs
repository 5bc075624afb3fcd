//! This module knows the command `verify`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::arguments::values::Algorithms;
use crate::sector::SectorRange;

/// Check an image or a disc: its filesystem, and whatever it can be compared with
///
/// Without --against, a hash list beside an image (IMAGE.sha256, .sha1, .md5, .sfv) is used where there is one. With a
/// DAT catalogue the title is told; an image of a CD is also compared in the form that catalogues of CDs describe, its
/// raw sectors of 2352 bytes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright verify disc.iso --against disc.iso.sha256
  discwright verify disc.iso --against redump.dat
  discwright verify /dev/sr0 --against disc.iso
  discwright verify *.iso --hash md5 --json")]
pub struct Args {
    /// Images or drives
    #[arg(value_name = "SOURCE", required = true)]
    pub sources: Vec<OsString>,
    /// Digests to compute: sha256, sha1, md5, crc32 (all four by default), sha512, or none
    #[arg(long, value_name = "LIST")]
    pub hash: Option<Algorithms>,
    /// Compare with a hash list, an SFV file, a DAT catalogue or another image; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// Only sectors A to B, B not included; repeatable
    #[arg(long, value_name = "A..B")]
    pub range: Vec<SectorRange>,
    /// The map of the image, where it does not lie beside it
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}
