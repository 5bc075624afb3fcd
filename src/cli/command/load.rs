//! This module knows the command `load`.

use std::ffi::OsString;

/// Close the tray, and wait until the disc is ready
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright load
  discwright load /dev/sr1")]
pub struct Args {
    /// The drive; default: the only one there is
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<std::path::PathBuf>,
}
