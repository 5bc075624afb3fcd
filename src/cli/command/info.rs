//! This module knows the command `info`.

use std::ffi::OsString;

/// Tell all that is known of a drive and its disc, or of an image
///
/// Of a disc: kind, state, sessions and tracks, every voice on its size and the one that is believed, with the reason,
/// and the filesystems on it. Of an image: its size, its filesystems, and what the map beside it says.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright info                 the only drive with a disc in it
  discwright info /dev/sr1
  discwright info image.iso
  discwright info demo --json")]
pub struct Args {
    /// A drive or an image; default: the only drive with a disc in it
    #[arg(value_name = "SOURCE")]
    pub source: Option<OsString>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<std::path::PathBuf>,
}
