//! A bench for whole rips: a virtual drive on simulated time, and files that exist only in memory.

use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discwright::clock::SimulatedClock;
use discwright::drive::Drive;
use discwright::event::Event;
use discwright::image::{Memory, RescueMap};
use discwright::rip::{Options, Output, Report, RipFailure, rip};
use discwright::scsi::Transport;
use discwright::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use discwright::virtual_drive::disc::{self as discs, DiscKind, Pressed, Tail, TrackMode};
use discwright::virtual_drive::fault::{Failure, Fault, Trouble};
use discwright::virtual_drive::{Counters, Setup, VirtualDrive};

/// Where the rips of these tests go.
pub const OUTPUT: &str = "/images/disc.iso";

/// What a rip came to, and what it told.
pub struct Ripped {
    pub result: Result<Report, RipFailure>,
    pub events: Vec<Event>,
    pub counters: Counters,
    pub time: Duration,
}

impl Ripped {
    pub fn report(&self) -> &Report {
        match &self.result {
            Ok(report) => report,
            Err(failure) => panic!("the rip failed: {failure}: {:?}", failure.error),
        }
    }

    pub fn failure(&self) -> &RipFailure {
        match &self.result {
            Ok(report) => panic!("the rip ended with {:?}", report.outcome),
            Err(failure) => failure,
        }
    }
}

/// Sectors that differ from each other, so that a misplaced one is seen; no filesystem.
pub fn any_bytes(sectors: u32) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let words = sectors as usize * SECTOR_BYTES / 8;
    (0..words)
        .flat_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        })
        .collect()
}

/// The image of the disc that the program carries, which has a filesystem.
pub fn demo() -> Vec<u8> {
    let clock = Arc::new(SimulatedClock::new());
    let drive = discwright::virtual_drive::Scene::demo().build(clock.clone()).unwrap();
    let mut drive = Drive::new(Box::new(drive), clock);
    drive.examine().unwrap();
    let mut bytes = vec![0; 3600 * 2048];
    for (at, sectors) in bytes.chunks_mut(400 * 2048).enumerate() {
        let start = Lba(u32::try_from(at).unwrap() * 400);
        drive.read(start, sectors, &discwright::drive::ReadHow::default()).unwrap();
    }
    bytes
}

/// The same, with the sum that implantisomd5 would leave in it: of all but the last 15 sectors.
pub fn implanted() -> Vec<u8> {
    let mut bytes = demo();
    let text = 16 * 2048 + 883..16 * 2048 + 1395;
    bytes[text.clone()].fill(b' ');
    let mut digester = discwright::checksum::Digester::new(discwright::checksum::Algorithm::Md5);
    digester.update(&bytes[..3585 * 2048]);
    let implant = format!("ISO MD5SUM = {};SKIPSECTORS = 15;", digester.finish());
    bytes[text.start..][..implant.len()].copy_from_slice(implant.as_bytes());
    bytes
}

pub fn dvd(bytes: &[u8]) -> Setup {
    disc(DiscKind::DvdRom, bytes, Tail::LeadOut)
}

pub fn disc(kind: DiscKind, bytes: &[u8], tail: Tail) -> Setup {
    let content = Box::new(discs::content::Memory::new(bytes.to_vec()));
    let pressed = Pressed::new(kind, TrackMode::Mode1, content, tail).unwrap();
    Setup::with(Some(Box::new(pressed)))
}

pub fn unreadable(ranges: &[(u32, u32)], failure: Failure) -> Fault {
    Fault::Sectors { ranges: ranges_of(ranges), trouble: Trouble::Unreadable(failure) }
}

pub fn ranges_of(ranges: &[(u32, u32)]) -> Vec<SectorRange> {
    ranges.iter().map(|&(start, end)| SectorRange::new(Lba(start), Lba(end))).collect()
}

/// A standard output that is kept.
#[derive(Clone, Default)]
pub struct Sink(pub Arc<Mutex<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Rips to [`OUTPUT`].
pub fn rip_to(storage: &Memory, setup: Setup, options: &Options) -> Ripped {
    rip_with(storage, setup, Output::File(OUTPUT.into()), options)
}

pub fn rip_with(storage: &Memory, setup: Setup, output: Output, options: &Options) -> Ripped {
    let clock = SimulatedClock::new();
    let mut virtual_drive = VirtualDrive::new(setup, Arc::new(clock.clone()));
    let counters = virtual_drive.counters();
    rip_from(Box::new(virtual_drive), counters, clock, storage, output, options)
}

/// From a drive that need not be the virtual one alone.
pub fn rip_from(
    transport: Box<dyn Transport>,
    counters: Counters,
    clock: SimulatedClock,
    storage: &Memory,
    output: Output,
    options: &Options,
) -> Ripped {
    let mut drive = Drive::new(transport, Arc::new(clock.clone()));
    let mut events = Vec::new();
    let result = rip(&mut drive, storage, &clock, output, options, &AtomicBool::new(false), &mut events);
    let time = discwright::clock::Clock::now(&clock);
    Ripped { result, events, counters, time }
}

pub fn content(storage: &Memory, path: &str) -> Option<Vec<u8>> {
    storage.content(Path::new(path))
}

pub fn map_of(storage: &Memory) -> RescueMap {
    RescueMap::parse(&content(storage, "/images/disc.iso.map").expect("there is a map")).unwrap()
}

/// What `bytes` has at those sectors.
pub fn sectors(bytes: &[u8], range: SectorRange) -> &[u8] {
    let at = |lba: Lba| usize::try_from(lba.byte_offset()).unwrap();
    &bytes[at(range.start())..at(range.end())]
}

pub const fn count(sectors: u32) -> SectorCount {
    SectorCount(sectors)
}
