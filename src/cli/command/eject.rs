//! This module knows the command `eject`.

use std::ffi::OsString;

/// Open the tray
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright eject
  discwright eject /dev/sr1")]
pub struct Args {
    /// The drive; default: the only one there is
    #[arg(value_name = "DRIVE")]
    pub drive: Option<OsString>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<std::path::PathBuf>,
}
