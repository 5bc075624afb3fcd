//! This module knows the process that stands by while another serves a drive, and answers in its place if that is killed.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};

use super::WatchArgs;
use crate::attachment::{Register, Watch};
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::run::Session;
use crate::linux::process;

pub fn run(args: &WatchArgs, session: &Session) -> Outcome {
    let failed = |e: io::Error| Failure::new(Exit::Failed, format!("cannot watch over drive {}: {e}", args.number));
    process::leave_terminal().map_err(failed)?;
    let watch = Watch::begin(&Register::default(), args.number).map_err(failed)?;
    wait_for_the_end_of_the_other();
    watch.stand_in(&*session.clock);
    Ok(Report::ok("nothing is left to watch over"))
}

/// Nothing comes through the pipe before it breaks; a signal ends nothing.
fn wait_for_the_end_of_the_other() {
    let mut byte = [0];
    loop {
        match io::stdin().read(&mut byte) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

/// The other end: as long as it is there, nobody needs to stand in.
pub struct Standby(Option<Child>);

impl Standby {
    /// Starts the process. Without one a drive is served all the same.
    pub fn start(number: u32) -> Self {
        let start = || {
            Command::new(std::env::current_exe()?)
                .args(["virtual", "watch", &number.to_string()])
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        };
        Self(start().ok())
    }
}

impl Drop for Standby {
    /// It ends with this process, and before it: nothing is left.
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            drop(child.stdin.take());
            let _ended = child.wait();
        }
    }
}
