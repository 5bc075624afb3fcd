//! This module knows that a disc and what is known of it agree, wherever its process was killed.

use super::cd::CdBlanking;
use super::*;
use crate::sector::SECTOR_BYTES;
use crate::virtual_drive::disc::{Disc, DiscKind, TrackMode};

fn manner(kind: DiscKind) -> Manner {
    let cd = matches!(kind, DiscKind::CdR | DiscKind::CdRw);
    let method = if cd { Method::Cd(CdMethod::TrackAtOnce(TrackMode::Mode1)) } else { Method::Increments };
    Manner { method, next_session: NextSession::Allowed, laser: Laser::On }
}

/// Enough for more than the state can be silent about. Tracks of a CD that are written here are none of those that are padded.
const SECTORS: SectorCount = SectorCount(4096);
const WRITTEN: [DiscKind; 3] = [DiscKind::DvdRw, DiscKind::BdRe, DiscKind::CdRw];

fn content(start: u32, count: u32) -> Vec<u8> {
    (start..start + count).flat_map(|lba| lba.to_be_bytes().repeat(SECTOR_BYTES / 4)).collect()
}

/// Everything that can be done with some disc or other; what cannot be done with this one is refused. More is written than
/// the state can be silent about.
fn use_up(disc: &mut Recordable) -> Result<(), WriteRefused> {
    let manner = manner(disc.stock.kind);
    let go_on = |outcome: Result<(), WriteRefused>| match outcome {
        Err(WriteRefused::Failed(error)) => Err(WriteRefused::Failed(error)),
        Ok(()) | Err(_) => Ok(()),
    };
    if disc.rules.sequential.is_none() && !disc.rules.cd {
        go_on(disc.format(Overwritable::formatted(SectorCount(2048), SectorCount(0))))?;
    }
    for start in [0, 512, 1024] {
        go_on(disc.write(Lba(start), &content(start, 512), manner))?;
    }
    go_on(disc.synchronize(manner))?;
    go_on(disc.close_track(None, manner))?;
    go_on(disc.close_session(manner))?;
    go_on(disc.blank_cd(CdBlanking::Disc))?;
    go_on(disc.erase_if_it_can_be())?;
    go_on(disc.write(Lba(0), &content(0, 320), manner))?;
    if disc.rules.overwritable.is_some() {
        go_on(disc.format(Overwritable::formatted(SectorCount(1024), SectorCount(0))))?;
        go_on(disc.write(Lba(512), &content(512, 320), manner))?;
        go_on(disc.replace(Lba(512)))?;
    }
    go_on(disc.synchronize(manner))
}

impl Recordable {
    fn erase_if_it_can_be(&mut self) -> Result<(), WriteRefused> {
        if self.stock.kind == DiscKind::DvdRw { self.erase(false) } else { Ok(()) }
    }
}

/// What is said to be recorded is what was written; what is only formatted is that, or nothing. Of some sectors.
fn agrees(disc: &mut Recordable) {
    let (recorded, only_formatted): (Vec<(u32, u32)>, bool) = match disc.record() {
        Record::Sequential(record) => {
            (record.tracks().map(|(_, _, track)| (track.start, track.recorded_end())).collect(), false)
        }
        Record::Cd(record) => {
            (record.tracks().map(|(_, _, track)| (track.start, track.recorded_end())).collect(), false)
        }
        Record::Overwritable(record) => (vec![(0, record.formatted)], true),
    };
    for lba in recorded.into_iter().flat_map(|(start, end)| (start..end).step_by(61)) {
        let mut sector = vec![0xEE; SECTOR_BYTES];
        disc.read(Lba(lba), &mut sector).unwrap();
        let nothing = only_formatted && sector.iter().all(|byte| *byte == 0);
        assert!(nothing || sector == content(lba, 1), "{}, sector {lba}", disc.kind().name());
    }
}

#[test]
fn a_kill_at_any_step_leaves_a_disc_that_agrees_with_its_state() {
    for kind in WRITTEN {
        let stock = Stock { sectors: SECTORS, ..Stock::usual(kind).unwrap() };
        let mut steps = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let files =
                || RecordingFiles { data: folder.path().join("disc.iso"), state: folder.path().join("disc.iso.state") };
            let open = || Recordable::open(stock.clone(), files()).unwrap().unwrap();
            let mut disc = open();
            disc.store.strength = Some(steps);
            let done = use_up(&mut disc);
            drop(disc);
            let mut disc = open();
            agrees(&mut disc);
            if done.is_ok() {
                break;
            }
            // And it goes on from there.
            let next = match (disc.sequential(), disc.cd()) {
                (Some((record, limits)), _) => record.views(limits).iter().rev().find_map(|track| track.next_writable),
                (None, Some(record)) => {
                    record.views(SECTORS.0).iter().rev().find_map(|track| track.next_writable).map(Lba)
                }
                (None, None) => Some(Lba(0)),
            };
            if let Some(next) = next.filter(|_| !disc.overwritable().is_some_and(|(record, _)| record.is_unformatted()))
            {
                let manner = manner(kind);
                disc.write(next, &content(next.0, 320), manner).unwrap();
                disc.synchronize(manner).unwrap();
                drop(disc);
                agrees(&mut open());
            }
            steps += 1;
        }
        assert!(steps > 5, "{}: {steps} steps", kind.name());
    }
}
