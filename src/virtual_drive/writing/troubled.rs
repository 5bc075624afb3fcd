//! This module knows what becomes of a write that meets something wrong on its way.

use std::time::Duration;

use super::{NO_SPARE, recordable};
use crate::scsi::{Sense, SenseKey};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::DiscKind;
use crate::virtual_drive::disc::recordable::Manner;
use crate::virtual_drive::dispatch::Refusal;
use crate::virtual_drive::fault::{Incident, Met, Report};

const LOSS_OF_STREAMING: Sense = Sense::new(SenseKey::MediumError, 0x0C, 0x09);
const INVALID_ADDRESS: Sense = Sense::new(SenseKey::IllegalRequest, 0x21, 0x02);

/// How a write ends.
#[derive(Default)]
struct Course {
    /// The first sector that is not recorded, and what the drive says.
    failed: Option<(Lba, Sense)>,
    /// Nothing of the command is recorded.
    happened: Option<Incident>,
    /// Sectors with other bytes than were sent.
    wrong: Vec<Lba>,
    /// Sectors without any, of which the drive says so in the next command.
    late: Option<Sense>,
    /// What it costs beyond its transfer.
    time: Duration,
}

/// Records `bytes` as far as it goes; how many of them went.
pub fn record(drive: &mut VirtualDrive, start: Lba, bytes: &[u8], manner: Manner) -> Result<usize, Refusal> {
    let count = SectorCount(u32::try_from(bytes.len() / SECTOR_BYTES).unwrap_or(u32::MAX));
    let range = SectorRange::with_count(start, count);
    if drive.streaming_lost {
        return Err(Refusal::because(INVALID_ADDRESS));
    }
    recordable(drive)?.admits(range, manner)?;
    let course = course(drive, range)?;
    if let Some(incident) = course.happened {
        return Err(drive.suffer(incident));
    }
    let granule = recordable(drive)?.overwritable().map_or(1, |(_, rules)| rules.granule);
    // What is only written whole stays as it was where a part of it fails.
    let end =
        course.failed.map_or(range.end(), |(at, _)| Lba(at.0.saturating_sub(at.0.checked_rem(granule).unwrap_or(0))));
    let good = usize::try_from(SectorRange::new(start, end).count().bytes()).unwrap_or(0);
    let disc = recordable(drive)?;
    let good = bytes.get(..good).unwrap_or(bytes);
    if !good.is_empty() {
        disc.write(start, good, manner)?;
    }
    for (lba, sector) in (start.0..).map(Lba).zip(good.chunks(SECTOR_BYTES)) {
        if course.wrong.contains(&lba) {
            disc.spoil(lba, &changed(sector))?;
        }
    }
    if let Some(sense) = course.late {
        drive.state.raise(Sense { deferred: true, ..sense });
    }
    if let Some((_, sense)) = course.failed {
        return Err(Refusal::because(sense));
    }
    if !course.time.is_zero() {
        drive.mechanics.delay(course.time);
    }
    Ok(good.len())
}

fn course(drive: &mut VirtualDrive, range: SectorRange) -> Result<Course, Refusal> {
    const LINKING: Duration = Duration::from_secs(1);
    let mut course = Course::default();
    for lba in (range.start().0..range.end().0).map(Lba) {
        match drive.faults.meets(lba) {
            None => {}
            Some(Met::Miswritten) => course.wrong.push(lba),
            Some(Met::Incident(Incident::Underrun)) if links(drive) => {
                course.time = course.time.saturating_add(LINKING);
            }
            Some(Met::Incident(incident)) => {
                return Ok(Course { happened: Some(incident), ..course });
            }
            Some(Met::Unwritable { sense, report }) => {
                let sense = sense.with_information(u64::from(lba.0));
                let reads_back = drive.reads_back;
                let replaced = reads_back.then(|| recordable(drive).map(|disc| disc.replace(lba))).transpose()?;
                match (replaced, report) {
                    (Some(Ok(())), _) => {}
                    (Some(Err(_)), _) => {
                        return Ok(Course {
                            failed: Some((lba, NO_SPARE.with_information(u64::from(lba.0)))),
                            ..course
                        });
                    }
                    (None, Report::AtOnce) => return Ok(Course { failed: Some((lba, sense)), ..course }),
                    (None, Report::Later) => {
                        course.wrong.push(lba);
                        course.late = Some(sense);
                    }
                }
            }
        }
    }
    Ok(course)
}

/// Whether a drive that has run out of data goes on later as if nothing had been.
pub fn links(drive: &VirtualDrive) -> bool {
    match drive.state.loaded().map(|disc| disc.kind()) {
        Some(DiscKind::CdR | DiscKind::CdRw | DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw) => {
            drive.write_parameters.underrun_free
        }
        Some(
            DiscKind::CdRom
            | DiscKind::DvdRom
            | DiscKind::DvdRam
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::DvdPlusRw
            | DiscKind::BdRom
            | DiscKind::BdR
            | DiscKind::BdRe,
        )
        | None => true,
    }
}

/// What an underrun comes to that nothing protects from.
pub fn lose_streaming(drive: &mut VirtualDrive) -> Refusal {
    drive.streaming_lost = true;
    Refusal::because(LOSS_OF_STREAMING)
}

/// A sector with some bytes of its middle turned over.
fn changed(sector: &[u8]) -> Vec<u8> {
    let mut sector = sector.to_vec();
    for byte in sector.iter_mut().skip(1024).take(64) {
        *byte = !*byte;
    }
    sector
}
