//! This module knows the commands `trace record` and `trace show`.

mod questions;
mod record;
mod show;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::failure::Outcome;
use crate::cli::run::Session;

/// Record what a drive answers, or read such a record
#[derive(Debug, clap::Subcommand)]
pub enum Args {
    Record(RecordArgs),
    Show(ShowArgs),
}

/// Ask a drive everything it can be asked, and write its answers to a file: what a bug report needs
///
/// Nothing is written to the disc. The serial number of the drive is masked, and of sectors only a digest is kept,
/// unless asked otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright trace record /dev/sr0 drive.trace
  discwright trace record demo demo.trace")]
pub struct RecordArgs {
    #[arg(value_name = "DRIVE")]
    pub drive: OsString,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Keep the bytes of sectors too
    #[arg(long)]
    pub whole: bool,
    /// Keep the serial number of the drive
    #[arg(long)]
    pub serial: bool,
    /// Overwrite FILE where it exists
    #[arg(short, long)]
    pub yes: bool,
}

/// Show a record: each command by its name, what came back, and what that means
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright trace show drive.trace
  discwright trace show drive.trace -v      with the bytes of the answers")]
pub struct ShowArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    match args {
        Args::Record(args) => record::run(args, session),
        Args::Show(args) => show::run(args, session),
    }
}
