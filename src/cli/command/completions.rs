//! This module knows the command `completions`.

use crate::cli::arguments::definition;
use crate::cli::failure::{Outcome, Report};
use crate::cli::run::Session;

/// Write the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright completions bash > /usr/share/bash-completion/completions/discwright
  discwright completions zsh > _discwright")]
pub struct Args {
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

pub fn run(args: &Args, session: &Session) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "discwright", &mut script);
    session.write_document(&script)?;
    Ok(Report::ok("written"))
}
