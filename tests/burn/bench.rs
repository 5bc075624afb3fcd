//! A bench for burns: a virtual drive on simulated time whose talk is written down, and which can be meddled with.

use std::io::Read;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discwright::burn::{BurnFailure, Options, Plan, Report, Source, burn};
use discwright::clock::SimulatedClock;
use discwright::drive::{Drive, ReadHow};
use discwright::event::Event;
use discwright::image::{Memory, Opening, Storage};
use discwright::scsi::{Cdb, Completion, Data, Sense, SenseKey, Transport, TransportError};
use discwright::sector::{Lba, SECTOR_BYTES};
use discwright::virtual_drive::Scene;

type Meddler = Box<dyn FnMut(&Cdb) -> Option<Completion> + Send>;
type Talk = Arc<Mutex<Vec<Cdb>>>;

/// Writes down each command, and answers some in the place of the drive.
struct Meddled {
    inner: Box<dyn Transport>,
    talk: Talk,
    meddler: Arc<Mutex<Option<Meddler>>>,
}

impl Transport for Meddled {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        self.talk.lock().unwrap().push(*cdb);
        let meddled = self.meddler.lock().unwrap().as_mut().and_then(|meddler| meddler(cdb));
        match meddled {
            Some(completion) => Ok(completion),
            None => self.inner.execute(cdb, data, timeout),
        }
    }

    fn max_transfer(&self) -> usize {
        self.inner.max_transfer()
    }
}

/// A drive with a disc in it that outlasts a burn.
pub struct Bench {
    pub drive: Drive,
    pub clock: SimulatedClock,
    talk: Talk,
    meddler: Arc<Mutex<Option<Meddler>>>,
    _folder: tempfile::TempDir,
}

/// What a burn came to, and what it told.
pub struct Burnt {
    pub result: Result<Report, BurnFailure>,
    pub events: Vec<Event>,
    pub plan: Option<Plan>,
}

impl Burnt {
    pub fn report(&self) -> &Report {
        self.result.as_ref().unwrap_or_else(|failure| panic!("the burn failed: {failure}: {:?}", failure.error))
    }

    pub fn failure(&self) -> &BurnFailure {
        self.result.as_ref().expect_err("the burn went well")
    }

    pub fn notices(&self) -> Vec<&str> {
        let text = self.events.iter().filter_map(|event| match event {
            Event::Notice { text, .. } => Some(text.as_str()),
            _ => None,
        });
        text.collect()
    }
}

impl Bench {
    /// With a disc file of these lines.
    pub fn with(disc: &str) -> Self {
        Self::of(&format!("{disc}\nrecording = \"data\"\nclock = \"simulated\"\n"))
    }

    /// The same, with a fault of these lines.
    pub fn with_faults(disc: &str, fault: &str) -> Self {
        Self::of(&format!("{disc}\nrecording = \"data\"\nclock = \"simulated\"\n[[fault]]\n{fault}\n"))
    }

    /// The same, of which the drive claims what these lines say.
    pub fn with_claims(disc: &str, claims: &str) -> Self {
        Self::of(&format!("{disc}\nrecording = \"data\"\nclock = \"simulated\"\n[claims]\n{claims}\n"))
    }

    fn of(scene: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disc.toml");
        std::fs::write(&path, scene).unwrap();
        let clock = SimulatedClock::new();
        let inner = Scene::load(&path).unwrap().build(Arc::new(clock.clone())).unwrap();
        let (talk, meddler): (Talk, _) = (Arc::default(), Arc::new(Mutex::new(None)));
        let meddled = Meddled { inner: Box::new(inner), talk: Arc::clone(&talk), meddler: Arc::clone(&meddler) };
        let drive = Drive::new(Box::new(meddled), Arc::new(clock.clone()));
        Self { drive, clock, talk, meddler, _folder: folder }
    }

    pub fn meddle(&mut self, meddler: impl FnMut(&Cdb) -> Option<Completion> + Send + 'static) {
        *self.meddler.lock().unwrap() = Some(Box::new(meddler));
    }

    pub fn forget_talk(&mut self) {
        self.talk.lock().unwrap().clear();
    }

    pub fn leave_alone(&mut self) {
        *self.meddler.lock().unwrap() = None;
    }

    pub fn burn(&mut self, source: Source, options: &Options) -> Burnt {
        self.burn_until(source, options, &AtomicBool::new(false))
    }

    pub fn burn_until(&mut self, source: Source, options: &Options, stop: &AtomicBool) -> Burnt {
        self.talk.lock().unwrap().clear();
        let (mut events, mut plan) = (Vec::new(), None);
        let result = burn(&mut self.drive, &self.clock, source, options, stop, &mut events, &mut |proposal| {
            plan = Some(proposal.plan.clone());
            true
        });
        Burnt { result, events, plan }
    }

    /// What was sent that changes something, and TEST UNIT READY left out, in hexadecimal; WRITE with its address and
    /// length alone, the middle ones of many left out.
    pub fn changes(&self) -> Vec<String> {
        const CHANGES: [u8; 14] = [0x04, 0x1B, 0x2A, 0x35, 0x53, 0x54, 0x55, 0x5B, 0x5D, 0xA1, 0xAA, 0xB6, 0xBB, 0xBF];
        let talk = self.talk.lock().unwrap();
        talk.iter().filter(|cdb| CHANGES.contains(&cdb.opcode())).map(Cdb::to_string).collect()
    }

    /// How often a command with this opcode was sent.
    pub fn count(&self, opcode: u8) -> usize {
        self.talk.lock().unwrap().iter().filter(|cdb| cdb.opcode() == opcode).count()
    }

    /// What is on the disc from a sector on.
    pub fn read(&mut self, start: u32, sectors: usize) -> Vec<u8> {
        let mut all = vec![0; sectors * SECTOR_BYTES];
        for (at, piece) in (start..).step_by(64).zip(all.chunks_mut(64 * SECTOR_BYTES)) {
            self.drive.read(Lba(at), piece, &ReadHow::default()).unwrap();
        }
        all
    }

    /// READ DISC INFORMATION, byte 2: erasable, last session, disc status.
    pub fn disc_state(&mut self) -> (discwright::drive::DiscStatus, u16) {
        self.drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {}).unwrap();
        let medium = self.drive.examine().unwrap();
        (medium.status, medium.sessions)
    }
}

/// Bytes that differ from each other, so that a misplaced sector is seen; no filesystem.
pub fn any_bytes(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let words = length.div_ceil(8);
    let all = (0..words).flat_map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    all.take(length).collect()
}

pub fn file(bytes: &[u8]) -> Source {
    let storage = Memory::new();
    let path = Path::new("/image.iso");
    storage.open(path, Opening::New).unwrap().write_at(0, bytes).unwrap();
    Source::open(&storage, path).unwrap()
}

pub fn stream(bytes: &[u8]) -> Source {
    let bytes: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(bytes.to_vec()));
    Source::Stream(bytes)
}

pub fn refuse(key: u8, asc: u8, ascq: u8) -> Completion {
    Completion::check_condition(&Sense::new(SenseKey::from_low_bits(key), asc, ascq))
}

/// The image of the disc that the program carries, which has a filesystem.
pub fn demo() -> Vec<u8> {
    let clock = Arc::new(SimulatedClock::new());
    let mut drive = Drive::new(Box::new(Scene::demo().build(clock.clone()).unwrap()), clock);
    drive.examine().unwrap();
    let mut bytes = vec![0; 3600 * SECTOR_BYTES];
    for (at, sectors) in (0..).step_by(400).zip(bytes.chunks_mut(400 * SECTOR_BYTES)) {
        drive.read(Lba(at), sectors, &ReadHow::default()).unwrap();
    }
    bytes
}
