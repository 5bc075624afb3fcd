//! This module knows the command `rip`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::cli::arguments::values::{Algorithms, SpeedWish, seconds};
use crate::sector::SectorRange;

/// Copy a disc into an image file
///
/// Every sector of user data of a single-track CD, DVD or Blu-ray disc goes into an image, in one pass, hashed while it
/// is read. What cannot be read is retried, counted, and told at the end; a rip that was interrupted goes on where it
/// stopped.
///
/// A finished image has its hash list (OUTPUT.sha256) and its account (OUTPUT.json) beside it. An unfinished one is
/// OUTPUT.part with OUTPUT.map, a map in ddrescue's format.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright rip                        the only drive with a disc, to LABEL.iso here
  discwright rip /dev/sr0 images/       to images/LABEL.iso
  discwright rip /dev/sr0 disc.iso --against redump.dat
  discwright rip /dev/sr0 - --hash none | ssh host 'cat > disc.iso'
  discwright rip demo                   with no drive at all")]
pub struct Args {
    /// The drive; default: the only one with a disc in it
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Image to write; a folder: LABEL.iso in it; -: to standard output; default: LABEL.iso here
    #[arg(value_name = "OUTPUT")]
    pub output: Option<PathBuf>,
    /// Digests to compute: sha256, sha1, md5, crc32 (all four by default), sha512, or none
    #[arg(long, value_name = "LIST")]
    pub hash: Option<Algorithms>,
    /// Compare with a hash list, an SFV file, a DAT catalogue or another image; repeatable
    #[arg(long, value_name = "FILE")]
    pub against: Vec<OsString>,
    /// Speed to read at, as a multiple (8x) or in kB/s; default: the drive's best
    #[arg(long, value_name = "N")]
    pub speed: Option<SpeedWish>,
    /// Tries for a sector that will not read
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub retries: u32,
    /// Begin no try once a sector has cost S seconds, and give up one under way then, which resets the drive
    /// (7 at least on a real drive)
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Stop when hopeless: so many bad sectors (200), such a share (1%), so much time lost (30m)
    #[arg(long, value_name = "WHEN")]
    pub give_up: Option<String>,
    /// Read only sectors A to B, B not included; repeatable
    #[arg(long, value_name = "A..B")]
    pub range: Vec<SectorRange>,
    /// End the image where the filesystem ends: rewritable discs report all that they can hold
    #[arg(long)]
    pub trim: bool,
    /// When to open the tray at the end
    #[arg(long, value_name = "WHEN", default_value = "never")]
    pub eject: EjectWhen,
    /// Give the image its final name although sectors are missing (zeros are in their place); the status is still 1
    #[arg(long)]
    pub accept_damage: bool,
    /// Go on with an unfinished rip; fail where there is none of this disc (to go on where there is one is the default)
    #[arg(long, conflicts_with = "restart")]
    pub resume: bool,
    /// Begin again, whatever an earlier rip left
    #[arg(long)]
    pub restart: bool,
    /// Write no account (OUTPUT.json)
    #[arg(long)]
    pub no_account: bool,
    /// Overwrite OUTPUT where it exists, without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// When a tray is opened at the end of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EjectWhen {
    Never,
    Success,
    Failure,
    Always,
}
