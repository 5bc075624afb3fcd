//! This module knows the command `virtual attach`, in front and in the background.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::watch::Standby;
use super::word::Word;
use super::{AttachArgs, KernelArgs, ServeArgs};
use crate::attachment::{Audience, Ended, Plan, Record, Register, attach};
use crate::cli::exit::Exit;
use crate::cli::explain::attach_failure;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::json::AttachmentLine;
use crate::cli::run::Session;
use crate::cli::target::SoftwareDrive;
use crate::linux::process;

pub fn run(args: &AttachArgs, session: &Session) -> Outcome {
    let drive = SoftwareDrive::open(&args.disc)?;
    if args.foreground {
        let drive = drive.traced(args.trace.as_deref(), session)?;
        let mut tell = |record: &Record| {
            announce(record, session);
            Ok(())
        };
        return host(drive, &args.disc, (args.kernel, Audience::Person), &mut tell, session).map(|(report, _)| report);
    }
    let word = drive.word.clone();
    drop(drive);
    let record = in_background(&word, args)?;
    announce(&record, session);
    Ok(Report::ok(format!("attached as drive {}", record.number)))
}

fn announce(record: &Record, session: &Session) {
    session.voice.json(&AttachmentLine::served(record));
    let nodes = [&record.device, &record.sg].into_iter().flatten();
    let nodes: Vec<String> = nodes.map(|node| node.display().to_string()).collect();
    session.voice.print(nodes.join(" "));
    session.voice.tell(format!("`discwright virtual detach {}` takes it away again", record.number));
}

/// Starts this program once more, and waits for what it has to say.
fn in_background(word: &OsStr, args: &AttachArgs) -> Result<Record, Failure> {
    let failed = |e: io::Error| Failure::new(Exit::Failed, format!("cannot start a process in the background: {e}"));
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.args(["virtual", "serve", "--command-timeout", &args.kernel.command_timeout.to_string()]);
    if let Some(trace) = &args.trace {
        // It leaves the folder.
        command.arg("--trace").arg(std::path::absolute(trace).map_err(failed)?);
    }
    let mut child = command
        .arg("--")
        .arg(word)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        BufReader::new(output).read_line(&mut line).map_err(failed)?;
    }
    Word::understood(&line)
}

/// The process in the background.
pub fn serve(args: &ServeArgs, session: &Session) -> Outcome {
    process::leave_terminal()
        .map_err(|e| Failure::new(Exit::Failed, format!("cannot go into the background: {e}")))
        .and_then(|()| {
            let drive = SoftwareDrive::open(&args.disc)?.traced(args.trace.as_deref(), session)?;
            let mut log = None;
            let mut tell = |record: &Record| {
                log.clone_from(&record.log);
                log.as_deref().map_or(Ok(()), process::speak_to)?;
                session.voice.tell(told_to_the_log(record));
                session.voice.write_raw(Word::Attached(record.clone()).line().as_bytes())
            };
            let (report, ended) = host(drive, &args.disc, (args.kernel, Audience::Log), &mut tell, session)?;
            match (ended, log) {
                // Nothing is left of it.
                (Ended::Asked, Some(log)) => drop(fs::remove_file(log)),
                (Ended::Asked, None) => {}
                (Ended::Gone, _) => session.voice.tell(&report.message),
            }
            Ok(report)
        })
        .inspect_err(|failure| {
            let _nobody_hears = session.voice.write_raw(Word::failed(failure).line().as_bytes());
        })
}

/// The first line of a log.
fn told_to_the_log(record: &Record) -> String {
    let nodes = [&record.device, &record.sg].into_iter().flatten();
    let nodes: Vec<String> = nodes.map(|node| node.display().to_string()).collect();
    format!("drive {}, {}: {}, served by process {}", record.number, nodes.join(" "), record.disc, record.pid)
}

fn host(
    mut drive: SoftwareDrive,
    disc: &OsStr,
    (kernel, speaks_to): (KernelArgs, Audience),
    tell: &mut dyn FnMut(&Record) -> io::Result<()>,
    session: &Session,
) -> Result<(Report, Ended), Failure> {
    let disc = disc.to_string_lossy();
    let plan = Plan {
        disc: disc.strip_prefix("virtual:").unwrap_or(&disc).to_owned(),
        disc_file: drive.disc_file.take(),
        time_out: Duration::from_secs(kernel.command_timeout.into()),
        speaks_to,
        register: &Register::default(),
        clock: &*session.clock,
        stop: session.signals.stop(),
    };
    let mut standby = None;
    let mut tell = |record: &Record| {
        standby = Some(Standby::start(record.number));
        tell(record)
    };
    let ended = attach(&plan, &mut *drive.transport, &mut tell).map_err(|e| attach_failure(&e))?;
    let report = match (ended, session.signals.received()) {
        (Ended::Asked, Some(signal)) => {
            Report { exit: Exit::Interrupted(signal), ..Report::ok("detached, as a signal asked for") }
        }
        (Ended::Asked, None) => Report::ok("detached"),
        (Ended::Gone, _) => {
            Report { exit: Exit::Failed, ..Report::ok(format!("{}: the drive is gone", Path::new(&*disc).display())) }
        }
    };
    Ok((report, ended))
}
