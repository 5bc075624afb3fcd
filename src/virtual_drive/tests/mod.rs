//! This module knows how the whole drive must answer, command by command and fault by fault.

mod faults;
mod gates;
mod media;
mod reading;
mod settings;
mod writing;

use std::path::Path;

use super::*;
use crate::clock::SimulatedClock;
use crate::mmc::command::{Answer, Command};
use crate::sector::{Lba, SECTOR_BYTES};

/// A drive as a disc file describes it, on a simulated clock.
struct Bench {
    drive: VirtualDrive,
    clock: SimulatedClock,
}

const PATIENCE: Duration = Duration::from_secs(60);

fn bench(scene: &str) -> Bench {
    let clock = SimulatedClock::new();
    let scene = Scene::parse(scene, Path::new("/nowhere")).unwrap();
    Bench { drive: scene.build(Arc::new(clock.clone())).unwrap(), clock }
}

impl Bench {
    fn send(&mut self, command: &impl Command, data: Data<'_>) -> Result<Completion, TransportError> {
        self.drive.execute(&command.cdb(), data, PATIENCE)
    }

    /// The answer, which must be one.
    fn ask<A: Answer>(&mut self, command: &impl Command) -> A {
        A::parse(&self.bytes(command)).unwrap()
    }

    fn bytes(&mut self, command: &impl Command) -> Vec<u8> {
        let mut buffer = vec![0xEE; 8192];
        let completion = self.send(command, Data::In(&mut buffer)).unwrap();
        assert_eq!(completion.status, crate::scsi::Status::Good, "{:?}", completion.decoded_sense());
        buffer.truncate(completion.transferred);
        buffer
    }

    /// The refusal, which must be one.
    fn sense(&mut self, command: &impl Command) -> Sense {
        let mut buffer = vec![0; 8192];
        let completion = self.send(command, Data::In(&mut buffer)).unwrap();
        completion.decoded_sense().expect("a refusal")
    }

    /// Key, code and qualifier of the refusal.
    fn refusal(&mut self, command: &impl Command) -> String {
        self.sense(command).to_string()
    }

    fn try_read(&mut self, start: u32, count: u16) -> (Completion, Vec<u8>) {
        let mut buffer = vec![0xEE; usize::from(count) * SECTOR_BYTES];
        let completion = self.send(&read(start, count), Data::In(&mut buffer)).unwrap();
        (completion, buffer)
    }

    /// Whether a read went well, or what the drive said.
    fn read(&mut self, start: u32, count: u16) -> Result<Vec<u8>, Sense> {
        let (completion, buffer) = self.try_read(start, count);
        match completion.decoded_sense() {
            Some(sense) => Err(sense),
            None => {
                assert_eq!(completion.transferred, buffer.len());
                Ok(buffer)
            }
        }
    }

    /// The sectors come, and are what they should be.
    fn reads_the_truth(&mut self, start: u32, count: u16) {
        assert!(self.read(start, count).unwrap() == truth(start, count), "{start}, {count} sectors");
    }

    fn read_fails(&mut self, start: u32, count: u16) -> String {
        self.read(start, count).unwrap_err().to_string()
    }
}

fn read(start: u32, count: u16) -> crate::mmc::command::Read10 {
    crate::mmc::command::Read10 { start: Lba(start), count, dpo: false, fua: false }
}

/// What the sectors of a synthetic disc with seed 0 hold.
fn truth(start: u32, count: u16) -> Vec<u8> {
    let mut buffer = vec![0; usize::from(count) * SECTOR_BYTES];
    for (lba, sector) in (start..).map(Lba).zip(buffer.chunks_mut(SECTOR_BYTES)) {
        disc::content::Synthetic::new(SectorCount(u32::MAX), 0).fill(lba, sector);
    }
    buffer
}

const CD: &str = "synthetic = { sectors = 10_000 }\nmedium = \"cd-rom\"\n";
const DVD: &str = "synthetic = { sectors = 1_000_000 }\nmedium = \"dvd-rom\"\n";
