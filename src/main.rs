//! The command-line program.

use std::process::ExitCode;

fn main() -> ExitCode {
    discwright::cli::run::run(std::env::args_os().collect()).into()
}
