//! The command-line program.

use std::process::ExitCode;

use discwright::cli::exit::Exit;
use discwright::linux::signals::die_of;

fn main() -> ExitCode {
    match discwright::cli::run::run(std::env::args_os().collect()) {
        Exit::Interrupted(signal) => die_of(signal),
        exit => exit.into(),
    }
}
