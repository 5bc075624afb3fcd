//! This module knows the commands `virtual attach`, `virtual list` and `virtual detach`.

mod attach;
mod detach;
mod list;
mod watch;
mod word;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::failure::Outcome;
use crate::cli::run::Session;

/// A drive in software as a real /dev/sr*, for every program
#[derive(Debug, clap::Subcommand)]
pub enum Args {
    Attach(AttachArgs),
    List(ListArgs),
    Detach(DetachArgs),
    #[command(hide = true)]
    Serve(ServeArgs),
    #[command(hide = true)]
    Watch(WatchArgs),
}

/// Make a drive in software one of the kernel's: /dev/sr* and /dev/sg*, with a disc in it
///
/// Prints the names of its nodes, and serves it in the background until it is detached. Needs root, and a kernel with
/// the modules target_core_user and tcm_loop.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sudo discwright virtual attach demo
  sudo discwright virtual attach scratched.toml
  sudo discwright virtual attach disc.iso --foreground")]
pub struct AttachArgs {
    /// A disc file, an image, or demo
    #[arg(value_name = "DISC")]
    pub disc: OsString,
    /// Serve it here until interrupted, instead of in the background
    #[arg(long)]
    pub foreground: bool,
    /// Record every command that reaches it, whoever sent it, and its answer in FILE
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    #[command(flatten)]
    pub kernel: KernelArgs,
}

/// What the background is started with.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    #[arg(value_name = "DISC")]
    pub disc: OsString,
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    #[command(flatten)]
    pub kernel: KernelArgs,
}

/// Who stands by for a process that serves a drive.
#[derive(Debug, clap::Args)]
pub struct WatchArgs {
    #[arg(value_name = "N")]
    pub number: u32,
}

#[derive(Debug, Clone, Copy, clap::Args)]
pub struct KernelArgs {
    /// After how long the kernel gives up a command that the drive has not answered; 0: never
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(..=86_400))]
    pub command_timeout: u32,
}

/// List the drives in software that are attached
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright virtual list
  discwright virtual list --json | jq -r 'select(.event == \"attachment\") | .device'")]
pub struct ListArgs {}

/// Take attached drives away; nothing is left of them
///
/// Also of those whose process was killed, which `virtual list` calls dead.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sudo discwright virtual detach 0
  sudo discwright virtual detach --all")]
pub struct DetachArgs {
    /// Its number, as `virtual list` shows it, or one of its nodes
    #[arg(value_name = "N", required_unless_present = "all")]
    pub drive: Vec<OsString>,
    /// All there are
    #[arg(long, conflicts_with = "drive")]
    pub all: bool,
    /// Also while its disc is mounted: whoever reads from it gets errors
    #[arg(long)]
    pub force: bool,
}

impl Args {
    /// As it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Args::Attach(_) => "virtual attach",
            Args::List(_) => "virtual list",
            Args::Detach(_) => "virtual detach",
            Args::Serve(_) => "virtual serve",
            Args::Watch(_) => "virtual watch",
        }
    }

    pub fn disc(&self) -> Option<&OsString> {
        match self {
            Args::Attach(args) => Some(&args.disc),
            Args::Serve(args) => Some(&args.disc),
            Args::Detach(args) => args.drive.first().filter(|_| args.drive.len() == 1),
            Args::List(_) | Args::Watch(_) => None,
        }
    }
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    match args {
        Args::Attach(args) => attach::run(args, session),
        Args::List(_) => Ok(list::run(session)),
        Args::Detach(args) => detach::run(args, session),
        Args::Serve(args) => attach::serve(args, session),
        Args::Watch(args) => watch::run(args, session),
    }
}
