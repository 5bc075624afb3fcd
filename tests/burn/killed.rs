//! Burns that are killed after each of their commands, and started again.
//!
//! What must come of it: the same command ends with every byte of the image on the disc, or says truthfully why it does
//! not, and what is there can be had.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use discwright::burn::plan::Complaint;
use discwright::burn::upkeep::{Upkeep, UpkeepFailure, UpkeepReport, keep_up};
use discwright::burn::{BurnError, BurnFailure, Mode, Options, Report, Verdict, Wishes, burn};
use discwright::clock::{Clock, SimulatedClock};
use discwright::drive::{DiscStatus, Drive, DriveError, ReadHow};
use discwright::event::Event;
use discwright::scsi::{Cdb, Completion, Data, Transport, TransportError};
use discwright::sector::{Lba, SECTOR_BYTES};
use discwright::virtual_drive::{Scene, VirtualDrive};

use crate::bench::{any_bytes, file};

/// Carries so many commands, and then none: the program at this end is dead, whatever it would still say.
struct Wire {
    device: Arc<Mutex<VirtualDrive>>,
    talk: Arc<Mutex<Vec<Cdb>>>,
    left: Arc<AtomicUsize>,
}

impl Transport for Wire {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        let one_less = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err() {
            return Err(TransportError::Gone);
        }
        self.talk.lock().unwrap().push(*cdb);
        self.device.lock().unwrap().execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> usize {
        self.device.lock().unwrap().max_transfer()
    }
}

/// A drive with a disc in it, of which the files lie in a folder.
struct Shelf {
    folder: tempfile::TempDir,
    text: String,
    clock: SimulatedClock,
    device: Arc<Mutex<VirtualDrive>>,
    /// All that it was told.
    talk: Arc<Mutex<Vec<Cdb>>>,
}

impl Shelf {
    fn with(disc: &str) -> Self {
        Self::of(tempfile::tempdir().unwrap(), format!("{disc}\nrecording = \"data\"\nclock = \"simulated\"\n"))
    }

    fn of(folder: tempfile::TempDir, text: String) -> Self {
        let clock = SimulatedClock::new();
        let device = Scene::parse(&text, folder.path()).unwrap().build(Arc::new(clock.clone())).unwrap();
        Self { folder, text, clock, device: Arc::new(Mutex::new(device)), talk: Arc::default() }
    }

    /// The same disc after the power went away, and with it what the drive had in its buffer.
    fn after_a_power_cut(&self) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
        Self::of(copy, self.text.clone())
    }

    fn drive(&self, left: &Arc<AtomicUsize>) -> Drive {
        let wire = Wire { device: Arc::clone(&self.device), talk: Arc::clone(&self.talk), left: Arc::clone(left) };
        Drive::new(Box::new(wire), Arc::new(self.clock.clone()))
    }

    /// A run of the program that ends after so many commands.
    fn burn(&self, image: &[u8], options: &Options, commands: usize) -> Result<Report, BurnFailure> {
        let mut drive = self.drive(&Arc::new(AtomicUsize::new(commands)));
        let (clock, stop): (&dyn Clock, _) = (&self.clock, AtomicBool::new(false));
        let mut events: Vec<Event> = Vec::new();
        burn(&mut drive, clock, file(image), options, &stop, &mut events, &mut |_| true)
    }

    /// Somebody shuts the tray.
    fn load(&self) {
        let _ = self.drive(&Arc::new(AtomicUsize::new(usize::MAX))).load();
    }

    fn close(&self) -> Result<UpkeepReport, UpkeepFailure> {
        let mut drive = self.drive(&Arc::new(AtomicUsize::new(usize::MAX)));
        let (stop, mut events): (_, Vec<Event>) = (AtomicBool::new(false), Vec::new());
        keep_up(&mut drive, &self.clock, Upkeep::Close, &stop, &mut events, &mut |_| true)
    }

    /// How `info` calls the disc, and as many of its sectors as read.
    fn look(&self, most: usize) -> (DiscStatus, Vec<u8>) {
        let mut drive = self.drive(&Arc::new(AtomicUsize::new(usize::MAX)));
        drive.wait_until_ready(&AtomicBool::new(false), &mut |_| {}).unwrap();
        let status = drive.examine().unwrap().status;
        let mut all = Vec::new();
        let mut sector = [0; SECTOR_BYTES];
        for at in 0..u32::try_from(most).unwrap() {
            if drive.read(Lba(at), &mut sector, &ReadHow::default()).is_err() {
                break;
            }
            all.extend_from_slice(&sector);
        }
        (status, all)
    }
}

/// What the second run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    ToItsEnd,
    /// With what was there already.
    ToItsEndGoingOn,
    /// To nothing, since all of the image is on a disc that is closed.
    AllThere,
    /// To a part of the image on a disc that could only be closed.
    PartThere,
    /// To nothing, and the disc holds nothing.
    Lost,
}

fn again(shelf: &Shelf, image: &[u8], options: &Options, told: &str) -> Came {
    let mut result = shelf.burn(image, options, usize::MAX);
    if let Err(BurnFailure { error: BurnError::Drive(DriveError::TrayOpen), .. }) = result {
        shelf.load();
        result = shelf.burn(image, options, usize::MAX);
    }
    let all = image.len().div_ceil(SECTOR_BYTES);
    let holds_image = |read: &[u8]| read.len() >= image.len() && read[..image.len()] == *image;
    match result {
        Ok(report) => {
            assert_eq!(report.verdict, Verdict::Same, "{told}");
            assert!(holds_image(&shelf.look(all).1), "{told}");
            if report.plan.resumes.is_some() { Came::ToItsEndGoingOn } else { Came::ToItsEnd }
        }
        Err(BurnFailure { error: BurnError::Refused(refusal), .. }) => {
            if refusal.complaint == Complaint::LeftUnfinished {
                return Came::Lost;
            }
            if refusal.complaint != Complaint::Complete {
                match shelf.close() {
                    Ok(_) => {}
                    // Said before, with what `close` is good for.
                    Err(_) if options.wishes.mode == Some(Mode::SessionAtOnce) => return Came::Lost,
                    Err(failed) => panic!("{told}: {refusal}: {failed}"),
                }
            }
            let (status, read) = shelf.look(all);
            assert_eq!(status, DiscStatus::Finalized, "{told}: {refusal}");
            if holds_image(&read) {
                return Came::AllThere;
            }
            assert_ne!(refusal.complaint, Complaint::Complete, "{told}: what was closed is not all of it");
            // What a drive has to fill up it fills with zeros.
            let good = read.iter().zip(image).take_while(|(there, image)| there == image).count();
            assert!(read[good..].iter().all(|byte| *byte == 0), "{told}: {refusal}: something else from {good} on");
            if good == 0 { Came::Lost } else { Came::PartThere }
        }
        Err(other) => panic!("{told}: {other}: {:?}", other.error),
    }
}

/// What comes of a burn in all the places where it can be killed. After a mere question nothing is other than before it.
fn killed_everywhere(disc: &str, wishes: &Wishes) -> BTreeSet<Came> {
    const QUESTIONS: [u8; 12] = [0x00, 0x12, 0x23, 0x25, 0x28, 0x43, 0x46, 0x51, 0x52, 0x5A, 0xAC, 0xAD];
    let image = any_bytes(100 * SECTOR_BYTES + 77);
    let options = Options { wishes: *wishes, ..Options::default() };
    let whole = Shelf::with(disc);
    whole.burn(&image, &options, usize::MAX).unwrap();
    let talk = whole.talk.lock().unwrap().clone();
    let mut came = BTreeSet::new();
    for commands in 0..talk.len() {
        if commands > 0 && QUESTIONS.contains(&talk[commands - 1].opcode()) {
            continue;
        }
        let shelf = Shelf::with(disc);
        shelf.burn(&image, &options, commands).unwrap_err();
        let unplugged = shelf.after_a_power_cut();
        let place = format!(
            "{disc}: after {commands} commands, of which the last was {:?}",
            talk.get(commands.wrapping_sub(1))
        );
        came.insert(again(&unplugged, &image, &options, &format!("{place}, with a power cut")));
        came.insert(again(&shelf, &image, &options, &place));
    }
    came
}

fn medium(name: &str) -> String {
    format!("medium = \"{name}\"")
}

#[test]
fn a_burn_in_increments_that_is_killed_after_any_command_is_gone_on_with() {
    for name in ["dvd+r", "dvd+r-dl", "dvd-r", "dvd-r-dl", "dvd-rw", "bd-r"] {
        let came = killed_everywhere(&medium(name), &Wishes::default());
        assert_eq!(came, [Came::ToItsEnd, Came::ToItsEndGoingOn, Came::AllThere].into(), "{name}");
    }
}

#[test]
fn a_disc_that_can_be_written_over_is_burnt_again_wherever_it_was_killed() {
    for name in ["dvd+rw", "dvd-ram", "bd-re"] {
        assert_eq!(killed_everywhere(&medium(name), &Wishes::default()), [Came::ToItsEnd].into(), "{name}");
    }
}

#[test]
fn a_disc_at_once_that_is_killed_is_lost_and_said_to_be() {
    let at_once = Wishes { mode: Some(Mode::SessionAtOnce), ..Wishes::default() };
    let came = killed_everywhere(&medium("dvd-r"), &at_once);
    assert_eq!(came, [Came::ToItsEnd, Came::AllThere, Came::Lost].into());
    assert_eq!(killed_everywhere(&medium("cd-r"), &at_once), [Came::ToItsEnd, Came::AllThere, Came::Lost].into());
}

#[test]
fn a_track_at_once_that_is_killed_is_closed_with_what_it_has() {
    let track = Wishes { mode: Some(Mode::TrackAtOnce), ..Wishes::default() };
    let came = killed_everywhere(&medium("cd-r"), &track);
    assert_eq!(came, [Came::ToItsEnd, Came::AllThere, Came::PartThere].into());
}
