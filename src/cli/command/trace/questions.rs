//! This module knows all that a drive can be asked without changing anything.

use crate::drive::Medium;
use crate::mmc::command::{
    Command, DiscInformationKind, GetConfiguration, GetEventStatus, GetPerformance, Inquiry, MechanismStatus,
    MediaClass, ModeSense10, PageControl, ReadBufferCapacity, ReadCapacity, ReadDiscInformation, ReadDiscStructure,
    ReadToc, ReadTrackInformation, TocAddressing, TocFormat, TrackSelector, Which, event_class, structure_format,
};
use crate::scsi::Cdb;
use crate::sector::Lba;

/// A command, and the bytes that its answer may have.
pub struct Question {
    pub cdb: Cdb,
    pub bytes: u16,
}

fn question(command: &impl Command, bytes: u16) -> Question {
    Question { cdb: command.cdb(), bytes }
}

/// Of the drive, then of the disc in it.
pub fn questions(medium: Option<&Medium>) -> Vec<Question> {
    let mut all = of_the_drive();
    if let Some(medium) = medium {
        all.extend(of_the_disc(medium));
    }
    all
}

fn of_the_drive() -> Vec<Question> {
    let mut all = Vec::new();
    for page in [None, Some(0x00), Some(0x80), Some(0x83)] {
        all.push(question(&Inquiry { page, allocation: 255 }, 255));
    }
    let configuration = GetConfiguration { which: Which::All, from: 0, allocation: 8192 };
    all.push(question(&configuration, configuration.allocation));
    for control in [PageControl::Current, PageControl::Changeable, PageControl::Default] {
        for page in [0x01, 0x05, 0x08, 0x0D, 0x0E, 0x1A, 0x1C, 0x1D, 0x2A] {
            let sense = ModeSense10 { without_block_descriptors: false, control, page, subpage: 0, allocation: 512 };
            all.push(question(&sense, sense.allocation));
        }
    }
    for class in [event_class::OPERATIONAL_CHANGE, event_class::POWER, event_class::MEDIA, event_class::DEVICE_BUSY] {
        let status = GetEventStatus { polled: true, classes: event_class::mask(class), allocation: 8 };
        all.push(question(&status, status.allocation));
    }
    all.push(question(&MechanismStatus { allocation: 64 }, 64));
    all.push(question(&ReadBufferCapacity { in_blocks: false, allocation: 12 }, 12));
    all
}

fn of_the_disc(medium: &Medium) -> Vec<Question> {
    let mut all = vec![question(&ReadCapacity, 8)];
    for kind in [
        DiscInformationKind::Standard,
        DiscInformationKind::TrackResources,
        DiscInformationKind::PseudoOverwriteResources,
    ] {
        all.push(question(&ReadDiscInformation { kind, allocation: 512 }, 512));
    }
    let formats =
        [TocFormat::Toc, TocFormat::Sessions, TocFormat::Full, TocFormat::Pma, TocFormat::Atip, TocFormat::CdText];
    for format in formats {
        for addressing in [TocAddressing::Lba, TocAddressing::Msf] {
            all.push(question(&ReadToc { addressing, format, number: 0, allocation: 4096 }, 4096));
        }
    }
    // The last is the invisible track: what would be written next.
    for number in medium.tracks.iter().map(|track| u32::from(track.number)).chain([0xFF]) {
        let of = TrackSelector::Track(number);
        all.push(question(&ReadTrackInformation { of, open: false, allocation: 64 }, 64));
    }
    for (media, formats) in [
        (
            MediaClass::Dvd,
            [0x00, 0x01, 0x04, 0x05, 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x0E, 0x10, 0x11, 0x20, 0x30, 0xC0].as_slice(),
        ),
        (MediaClass::Bd, &[0x00, 0x08, 0x09, 0x0A, 0x12, 0x30, 0xC0]),
    ] {
        for &format in formats.iter().chain([&structure_format::LIST]) {
            for layer in [0, 1] {
                let structure = ReadDiscStructure { media, address: 0, layer, format, allocation: 4100, agid: 0 };
                all.push(question(&structure, structure.allocation));
            }
        }
    }
    for (data_type, kind) in [(GetPerformance::NOMINAL, 0), (GetPerformance::NOMINAL | 4, 0), (0, 3)] {
        let performance = GetPerformance { data_type, start: Lba(0), descriptors: 32, kind };
        all.push(question(&performance, 8 + 32 * 16));
    }
    all
}
