//! This module knows how one call of the program goes: understand, do, tell how it ended.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::sync::Arc;

use clap::Parser;
use clap::error::ErrorKind as Misunderstanding;

use super::arguments::{self, Command, CommandLine};
use super::command;
use super::exit::Exit;
use super::failure::{Failure, Outcome};
use super::json::{Facts, Notice, ResultLine, Start};
use super::voice::{Form, Loudness, Voice};
use crate::clock::{Clock, RealClock};
use crate::event::About;
use crate::linux::signals::Signals;

/// What every command needs.
pub struct Session {
    pub voice: Voice,
    /// Of this machine; a drive in software may have its own.
    pub clock: Arc<dyn Clock>,
    pub signals: Signals,
}

impl Session {
    /// The same with results on standard error, where standard output carries an image.
    pub fn with_results_on_standard_error(&self) -> Self {
        Self {
            voice: self.voice.clone().with_results_on_standard_error(),
            clock: Arc::clone(&self.clock),
            signals: self.signals.clone(),
        }
    }

    /// What a person should know on the way.
    pub fn notice(&self, about: About, text: &str) {
        self.notice_in_json(about, text);
        if self.voice.form() == Form::Text {
            self.voice.tell(text);
        }
    }

    /// What people read in the result, and programs here.
    pub fn notice_in_json(&self, about: About, text: &str) {
        self.voice.json(&Notice::new(about, text));
    }

    /// Bytes that are the result themselves: a script, a page.
    pub fn write_document(&self, bytes: &[u8]) -> Result<(), Failure> {
        if self.voice.form() == Form::Json {
            return Err(Failure::new(Exit::Usage, "--json has no use here: the result is a document"));
        }
        match self.voice.write_raw(bytes) {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::new(Exit::Failed, format!("cannot write to standard output: {e}")))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Runs the program with `arguments`, the first of which is its name.
pub fn run(arguments: Vec<OsString>) -> Exit {
    let line = match CommandLine::try_parse_from(&arguments) {
        Ok(line) => line,
        Err(error) => return misunderstood(&error, &arguments),
    };
    anstream::ColorChoice::from(line.common.color).write_global();
    let voice = Voice::of_process(line.common.form(), line.common.loudness());
    let signals = match Signals::install() {
        Ok(signals) => signals,
        Err(error) => {
            return conclude(Err(Failure::new(Exit::Failed, format!("signals cannot be heard: {error}"))), &voice);
        }
    };
    let session = Session { voice, clock: Arc::new(RealClock::new()), signals };
    session.voice.json(&Start {
        command: line.command.name(),
        version: env!("CARGO_PKG_VERSION"),
        source: line.command.source().as_deref(),
    });
    let outcome = dispatch(line.command, &session);
    let exit = conclude(outcome, &session.voice);
    match session.voice.lost() {
        Some(error) if exit == Exit::Ok => {
            session.voice.complain(&format!("cannot write to standard output: {error}"), &[]);
            Exit::Failed
        }
        Some(_) | None => exit,
    }
}

fn dispatch(command: Command, session: &Session) -> Outcome {
    match command {
        Command::Completions(args) => command::completions::run(&args, session),
        Command::Man(args) => command::man::run(&args, session),
        Command::Drives(_) => command::drives::run(session),
        Command::Info(args) => command::info::run(&args, session),
        Command::Eject(args) => command::eject::run(&args, session),
        Command::Load(args) => command::load::run(&args, session),
        Command::Virtual(args) => command::virtual_drive::run(&args, session),
        Command::Trace(args) => command::trace::run(&args, session),
        Command::Rip(args) => command::rip::run(&args, session),
        Command::Burn(args) => command::burn::run(&args, session),
        Command::Blank(args) => command::upkeep::blank(&args, session),
        Command::Format(args) => command::upkeep::format(&args, session),
        Command::Close(args) => command::upkeep::close(&args, session),
        Command::Ls(args) => command::files::ls(&args, session),
        Command::Cat(args) => command::files::cat(&args, session),
        Command::Extract(args) => command::files::extract(&args, session),
        Command::Verify(args) => command::verify::run(&args, session),
    }
}

/// The last words.
fn conclude(outcome: Outcome, voice: &Voice) -> Exit {
    match outcome {
        Ok(report) => {
            voice.json(&ResultLine::new(report.exit, report.message, report.facts));
            report.exit
        }
        Err(failure) => {
            voice.complain(&failure.message, &failure.hints);
            if let Some(detail) = &failure.detail {
                voice.detail(detail);
            }
            voice.json(&ResultLine::new(failure.exit, failure.message, *failure.facts));
            failure.exit
        }
    }
}

/// What stands before the first empty line, on one line.
fn first_sentence(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
}

/// A command line that makes no sense, or that asks for help alone.
fn misunderstood(error: &clap::Error, arguments: &[OsString]) -> Exit {
    let _ = error.print();
    if matches!(error.kind(), Misunderstanding::DisplayHelp | Misunderstanding::DisplayVersion) {
        return Exit::Ok;
    }
    if arguments::mention_json(arguments) {
        let message = first_sentence(&error.render().to_string());
        let voice = Voice::of_process(Form::Json, Loudness::Normal);
        voice.json(&ResultLine::new(Exit::Usage, message, Facts::default()));
    }
    Exit::Usage
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::cli::voice::tests::on_paper;

    /// What became of a call.
    #[derive(Debug)]
    pub struct Said {
        pub exit: Exit,
        /// Standard output.
        pub out: String,
        /// Standard error, without colours.
        pub err: String,
    }

    /// Runs the program within this process; the first of `words` is the command.
    pub fn said(words: &[&str]) -> Said {
        let line = CommandLine::try_parse_from([&["discwright"], words].concat()).unwrap();
        let (voice, out, err) = on_paper(line.common.form(), line.common.loudness());
        let session = Session { voice, clock: Arc::new(RealClock::new()), signals: Signals::unheard() };
        let exit = conclude(dispatch(line.command, &session), &session.voice);
        Said { exit, out: out.text(), err: anstream::adapter::strip_str(&err.text()).to_string() }
    }

    #[test]
    fn what_is_missing_belongs_to_the_sentence() {
        let error = CommandLine::try_parse_from(["discwright", "verify"]).unwrap_err();
        let sentence = first_sentence(&error.render().to_string());
        assert_eq!(sentence, "the following required arguments were not provided: <SOURCE>...");
    }
}
