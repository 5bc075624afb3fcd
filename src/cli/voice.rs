//! This module knows where the program speaks: results, messages to people, JSON lines.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;
use serde::Serialize;

/// What results are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    /// One object a line, and nothing else on standard output.
    Json,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// Errors alone.
    Quiet,
    Normal,
    /// Also each lost sector, and the numbers behind a sentence.
    Verbose,
    /// Also each command and its answer.
    Chatty,
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const BOLD: Style = Style::new().bold();

type Stream = Mutex<Box<dyn Write + Send>>;

/// Standard output and standard error, shared by all that speak.
#[derive(Clone)]
pub struct Voice {
    form: Form,
    loudness: Loudness,
    out: Arc<Stream>,
    err: Arc<Stream>,
    /// The same as `out` for what is to arrive as it is.
    as_is: Arc<Stream>,
    nobody_reads: Arc<AtomicBool>,
    /// Why results did not get through, where that was not the reader's wish.
    lost: Arc<Mutex<Option<io::Error>>>,
    /// The progress line that messages must appear above.
    line: Arc<Mutex<Option<ProgressBar>>>,
}

impl Voice {
    pub fn new(form: Form, loudness: Loudness, out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        let out = Arc::new(Mutex::new(out));
        Self {
            form,
            loudness,
            as_is: Arc::clone(&out),
            out,
            err: Arc::new(Mutex::new(err)),
            nobody_reads: Arc::default(),
            lost: Arc::default(),
            line: Arc::default(),
        }
    }

    /// The streams of this process; colours as they and the environment allow.
    pub fn of_process(form: Form, loudness: Loudness) -> Self {
        let voice = Self::new(form, loudness, Box::new(anstream::stdout()), Box::new(anstream::stderr()));
        match io::stdout().as_fd().try_clone_to_owned() {
            Ok(stdout) => Self { as_is: Arc::new(Mutex::new(Box::new(File::from(stdout)))), ..voice },
            // Whatever is wrong with it, writing to it will tell.
            Err(_) => voice,
        }
    }

    /// The same with results on standard error, where standard output carries an image.
    pub fn with_results_on_standard_error(self) -> Self {
        Self { out: Arc::clone(&self.err), as_is: Arc::clone(&self.err), ..self }
    }

    pub fn form(&self) -> Form {
        self.form
    }

    pub fn loudness(&self) -> Loudness {
        self.loudness
    }

    /// A line of JSON, in one write; nothing where results are text.
    pub fn json(&self, line: &impl Serialize) {
        if self.form == Form::Json
            && let Ok(text) = serde_json::to_string(line)
        {
            self.write_out(&(text + "\n"));
        }
    }

    /// Lines of a result for people; nothing where results are JSON.
    pub fn print(&self, text: impl Display) {
        if self.form == Form::Text {
            self.write_out(&format!("{text}\n"));
        }
    }

    /// The same of a job, which whoever is quiet knows by its exit status.
    pub fn print_account(&self, text: impl Display) {
        if self.loudness > Loudness::Quiet {
            self.print(text);
        }
    }

    /// Something on the way, for people: not with `--quiet`.
    pub fn tell(&self, text: impl Display) {
        if self.loudness > Loudness::Quiet {
            self.write_err(&text.to_string());
        }
    }

    /// What somebody asked for just now, said even when quiet.
    pub fn insist(&self, text: impl Display) {
        self.write_err(&text.to_string());
    }

    /// For those who asked for more.
    pub fn detail(&self, text: impl Display) {
        if self.loudness >= Loudness::Verbose {
            self.write_err(&text.to_string());
        }
    }

    /// What went wrong, always said.
    pub fn complain(&self, message: &str, hints: &[String]) {
        let mut text = format!("{ERROR}error{ERROR:#}{BOLD}:{BOLD:#} {message}");
        for hint in hints {
            text.push_str(&format!("\n{HINT}hint{HINT:#}: {hint}"));
        }
        self.write_err(&text);
    }

    /// From now on messages appear above `line`; `None` ends that.
    pub fn speak_above(&self, line: Option<ProgressBar>) {
        *lock(&self.line) = line;
    }

    /// Bytes to standard output, whatever the form: a script, a page.
    pub fn write_raw(&self, bytes: &[u8]) -> io::Result<()> {
        Self::write_to(&self.out, bytes)
    }

    /// Many lines of a result at once, whole ones, with nothing in them for a terminal. False once nobody reads on.
    pub fn pour(&self, lines: &[u8]) -> bool {
        if !lines.is_empty() && !self.nobody_reads.load(Ordering::Relaxed) {
            self.note_end(Self::write_to(&self.as_is, lines));
        }
        !self.nobody_reads.load(Ordering::Relaxed)
    }

    /// Standard output for bytes that are the result, and that nobody is to touch.
    pub fn document(&self) -> impl Write + use<> {
        Document(Arc::clone(&self.as_is))
    }

    fn write_to(stream: &Stream, bytes: &[u8]) -> io::Result<()> {
        let mut out = lock(stream);
        out.write_all(bytes).and_then(|()| out.flush())
    }

    /// Who closed the pipe has read enough: that is no error, but there is no use in writing on.
    fn write_out(&self, text: &str) {
        if self.nobody_reads.load(Ordering::Relaxed) {
            return;
        }
        self.note_end(self.write_raw(text.as_bytes()));
    }

    fn note_end(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.nobody_reads.store(true, Ordering::Relaxed);
            if error.kind() != io::ErrorKind::BrokenPipe {
                *lock(&self.lost) = Some(error);
            }
        }
    }

    /// Why results did not get to standard output; a closed pipe is no reason.
    pub fn lost(&self) -> Option<io::Error> {
        lock(&self.lost).take()
    }

    fn write_err(&self, text: &str) {
        if let Some(line) = lock(&self.line).as_ref() {
            line.println(text);
            return;
        }
        let mut err = lock(&self.err);
        let _ = err.write_all(format!("{text}\n").as_bytes()).and_then(|()| err.flush());
    }
}

struct Document(Arc<Stream>);

impl Write for Document {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        lock(&self.0).flush()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What was written, to look at.
    #[derive(Clone, Default)]
    pub struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Paper {
        pub fn text(&self) -> String {
            String::from_utf8(lock(&self.0).clone()).unwrap()
        }
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A voice whose standard output and standard error can be read.
    pub fn on_paper(form: Form, loudness: Loudness) -> (Voice, Paper, Paper) {
        let (out, err) = (Paper::default(), Paper::default());
        (Voice::new(form, loudness, Box::new(out.clone()), Box::new(err.clone())), out, err)
    }

    #[test]
    fn json_leaves_no_room_for_text() {
        let (voice, out, err) = on_paper(Form::Json, Loudness::Normal);
        voice.print("an account");
        voice.json(&[1, 2]);
        voice.tell("on the way");
        assert_eq!(out.text(), "[1,2]\n");
        assert_eq!(err.text(), "on the way\n");
    }

    #[test]
    fn the_quiet_still_hear_of_errors() {
        let (voice, out, err) = on_paper(Form::Text, Loudness::Quiet);
        voice.tell("on the way");
        voice.complain("no disc", &["put one in".to_owned()]);
        assert_eq!(out.text(), "");
        assert_eq!(anstream::adapter::strip_str(&err.text()).to_string(), "error: no disc\nhint: put one in\n");
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_end() {
        struct Closed(Arc<Mutex<u32>>);
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                *lock(&self.0) += 1;
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let tries = Arc::default();
        let voice =
            Voice::new(Form::Text, Loudness::Normal, Box::new(Closed(Arc::clone(&tries))), Box::new(io::sink()));
        voice.print("one");
        voice.print("two");
        assert_eq!(*lock(&tries), 1);
        assert!(voice.lost().is_none());
    }

    #[test]
    fn results_that_find_no_room_are_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let voice = Voice::new(Form::Text, Loudness::Normal, Box::new(Full), Box::new(io::sink()));
        voice.print("one");
        assert_eq!(voice.lost().map(|e| e.kind()), Some(io::ErrorKind::StorageFull));
    }
}
