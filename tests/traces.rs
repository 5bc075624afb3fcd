//! Every trace in `tests/trace/`, played back and recorded again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use discwright::clock::{Clock, SimulatedClock};
use discwright::scsi::trace::Trace;
use discwright::scsi::wrap::{ImageReader, Player, Recorder};

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The discs in the traces whose name begins with `numbered`: each sector holds its own address, over and over.
fn numbered_disc(offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    for (sector, bytes) in (offset / 2048..).zip(buffer.chunks_mut(2048)) {
        let address = u32::try_from(sector).unwrap().to_be_bytes();
        bytes.iter_mut().zip(address.into_iter().cycle()).for_each(|(to, from)| *to = from);
    }
    Ok(())
}

fn traces() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/trace");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "trace"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// What people added has no place in what a recorder writes.
fn without_remarks(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_trace_is_played_back_byte_for_byte() {
    for path in traces() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let image: Option<ImageReader> = name.starts_with("numbered").then(|| Box::new(numbered_disc) as ImageReader);
        let clock = SimulatedClock::new();
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let player = Player::open(&text, image).expect(&name).at_the_pace_of(Arc::clone(&shared));
        let (paper, options) = (Paper::default(), player.options());
        let mut recorder = Recorder::new(player, shared, Box::new(paper.clone()), options);
        Trace::parse(&text).unwrap().replay(&mut recorder, &clock);
        let again = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        snapbox::assert_data_eq!(again, snapbox::Data::text(without_remarks(&text)).raw());
    }
}
