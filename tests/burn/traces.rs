//! Burns that were recorded by way of a real kernel, played back: the same commands have to come in the same order, and
//! whatever the drive said is understood as it was.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discwright::burn::{Options, Verdict, burn};
use discwright::clock::SimulatedClock;
use discwright::drive::Drive;
use discwright::event::Event;
use discwright::scsi::wrap::Player;
use discwright::scsi::{Cdb, Completion, Data, Transport, TransportError};
use discwright::sector::SECTOR_BYTES;

use crate::bench::file;

/// The image that was burnt: each sector has its own address, over and over.
fn numbered() -> Vec<u8> {
    (0..100_u32).flat_map(|at| at.to_be_bytes().repeat(SECTOR_BYTES / 4)).collect()
}

struct Shared(Arc<Mutex<Player>>);

impl Transport for Shared {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.0.lock().unwrap().execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> usize {
        self.0.lock().unwrap().max_transfer()
    }

    fn shortest_timeout(&self) -> Duration {
        self.0.lock().unwrap().shortest_timeout()
    }
}

#[test]
fn every_burn_that_was_recorded_is_played_back() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/burn/trace");
    let mut played = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (image, clock) = (numbered(), SimulatedClock::new());
        let disc = numbered();
        let read = move |offset: u64, buffer: &mut [u8]| {
            let from = usize::try_from(offset).unwrap();
            let there = disc.get(from..).unwrap_or_default();
            let count = there.len().min(buffer.len());
            // Behind the image there is padding.
            buffer.fill(0);
            buffer[..count].copy_from_slice(&there[..count]);
            io::Result::Ok(())
        };
        let player = Player::open(&text, Some(Box::new(read))).unwrap().at_the_pace_of(Arc::new(clock.clone()));
        let player = Arc::new(Mutex::new(player));
        let mut drive = Drive::new(Box::new(Shared(Arc::clone(&player))), Arc::new(clock.clone()));
        let (stop, mut events): (_, Vec<Event>) = (AtomicBool::new(false), Vec::new());
        let burnt = burn(&mut drive, &clock, file(&image), &Options::default(), &stop, &mut events, &mut |_| true);
        let report = burnt.unwrap_or_else(|failure| panic!("{}: {failure}: {:?}", path.display(), failure.error));
        assert_eq!(report.verdict, Verdict::Same, "{}", path.display());
        assert_eq!(player.lock().unwrap().left(), 0, "{}", path.display());
        played += 1;
    }
    assert!(played > 1);
}
