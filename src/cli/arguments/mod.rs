//! This module knows the command line: options that every command has, and the list of commands.

pub mod values;

use std::ffi::OsString;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::command::{
    burn, completions, drives, eject, files, info, load, man, rip, trace, upkeep, verify, virtual_drive,
};
use super::voice::{Form, Loudness};

/// Read optical discs into images, burn images onto discs, and account for every sector
///
/// discwright talks to CD, DVD and Blu-ray drives as they understand it. It copies the user data of a disc into an
/// image, hashes it in the same pass, compares it with what it should be, and tells what became of every sector. It
/// burns an image onto a disc, and reads all of it back.
#[derive(Debug, Parser)]
#[command(
    name = "discwright",
    version,
    after_long_help = AFTER,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct CommandLine {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
What SOURCE and DRIVE can be:
  /dev/sr0, /dev/sg1     a drive
  image.iso              an image: 2048 bytes a sector
  demo                   a drive in software with a small disc in it
  virtual:DISC.toml      a drive in software with the disc that the file describes
  virtual:IMAGE          a drive in software with a pressed disc of that image
  trace:FILE             a recorded drive, played back
  -                      standard input or output, where a stream makes sense

Exit status:
  0  done, and all that was checked holds
  1  done, but the answer is no: sectors missing, a mismatch, not an image
  2  the command line makes no sense
  3  no such drive, no right to it, no disc, not ready, or the wrong disc for this
  4  something failed underneath: drive gone, disk full, I/O error
  5  refused: would overwrite, disc protected, drive held by another program
  129, 130, 143  ended by a signal, once the state was saved

Examples:
  discwright rip demo              try everything with no drive at all
  discwright drives                which drives there are, and what is in them
  discwright rip                   the disc in the only drive that has one, to LABEL.iso
  discwright verify LABEL.iso --against redump.dat
  discwright burn LABEL.iso        onto the blank disc in the only drive, and read back";

/// Options that every command has.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Write one JSON object a line on standard output, and nothing else there
    #[arg(long, global = true, display_order = 900)]
    pub json: bool,
    /// Say errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = 901)]
    pub quiet: bool,
    /// Say more; twice: also each command to the drive and its answer
    #[arg(short, long, global = true, action = clap::ArgAction::Count, display_order = 902)]
    pub verbose: u8,
    /// When to use colours; NO_COLOR is obeyed
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 903)]
    pub color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

impl Common {
    pub fn form(&self) -> Form {
        if self.json { Form::Json } else { Form::Text }
    }

    pub fn loudness(&self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (false, 0) => Loudness::Normal,
            (false, 1) => Loudness::Verbose,
            (false, _) => Loudness::Chatty,
        }
    }
}

impl From<Colour> for anstream::ColorChoice {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Auto => Self::Auto,
            Colour::Always => Self::Always,
            Colour::Never => Self::Never,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Drives(drives::Args),
    Info(info::Args),
    Rip(Box<rip::Args>),
    Burn(Box<burn::Args>),
    Blank(upkeep::BlankArgs),
    Format(upkeep::FormatArgs),
    Close(upkeep::CloseArgs),
    Verify(verify::Args),
    Ls(files::LsArgs),
    Cat(files::CatArgs),
    Extract(files::ExtractArgs),
    Eject(eject::Args),
    Load(load::Args),
    #[command(subcommand)]
    Virtual(virtual_drive::Args),
    #[command(subcommand)]
    Trace(trace::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// As it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Drives(_) => "drives",
            Command::Info(_) => "info",
            Command::Rip(_) => "rip",
            Command::Burn(_) => "burn",
            Command::Blank(_) => "blank",
            Command::Format(_) => "format",
            Command::Close(_) => "close",
            Command::Verify(_) => "verify",
            Command::Ls(_) => "ls",
            Command::Cat(_) => "cat",
            Command::Extract(_) => "extract",
            Command::Eject(_) => "eject",
            Command::Load(_) => "load",
            Command::Virtual(args) => args.name(),
            Command::Trace(trace::Args::Record(_)) => "trace record",
            Command::Trace(trace::Args::Show(_)) => "trace show",
            Command::Completions(_) => "completions",
            Command::Man(_) => "man",
        }
    }

    /// What it works on, where one thing was named.
    pub fn source(&self) -> Option<String> {
        let word = match self {
            Command::Info(args) => args.source.as_ref(),
            Command::Rip(args) => args.drive.as_ref(),
            Command::Burn(args) => Some(&args.image),
            Command::Blank(args) => args.drive.as_ref(),
            Command::Format(args) => args.drive.as_ref(),
            Command::Close(args) => args.drive.as_ref(),
            Command::Verify(args) => args.sources.first().filter(|_| args.sources.len() == 1),
            Command::Ls(args) => Some(&args.source),
            Command::Cat(args) => Some(&args.source),
            Command::Extract(args) => Some(&args.source),
            Command::Eject(args) => args.drive.as_ref(),
            Command::Load(args) => args.drive.as_ref(),
            Command::Virtual(args) => args.disc(),
            Command::Trace(trace::Args::Record(args)) => Some(&args.drive),
            Command::Trace(trace::Args::Show(args)) => return Some(args.file.to_string_lossy().into_owned()),
            Command::Drives(_) | Command::Completions(_) | Command::Man(_) => None,
        };
        word.map(|w| w.to_string_lossy().into_owned())
    }
}

/// The whole interface, for what is generated from it.
pub fn definition() -> clap::Command {
    CommandLine::command()
}

/// Whether `--json` was asked for on a command line that could not be understood otherwise.
pub fn mention_json(arguments: &[OsString]) -> bool {
    arguments.iter().take_while(|a| *a != "--").any(|a| a == "--json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        definition().debug_assert();
    }

    #[test]
    fn options_of_all_may_stand_anywhere() {
        for line in [["discwright", "--json", "drives"], ["discwright", "drives", "--json"]] {
            assert!(CommandLine::try_parse_from(line).unwrap().common.json);
        }
        let loud = CommandLine::try_parse_from(["discwright", "drives", "-vv"]).unwrap();
        assert_eq!(loud.common.loudness(), Loudness::Chatty);
    }

    #[test]
    fn json_counts_only_as_an_option() {
        let words = |line: &[&str]| line.iter().map(OsString::from).collect::<Vec<_>>();
        assert!(mention_json(&words(&["discwright", "--frobnicate", "--json"])));
        assert!(!mention_json(&words(&["discwright", "rip", "--", "--json"])));
    }
}
