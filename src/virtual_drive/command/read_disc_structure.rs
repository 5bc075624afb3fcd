//! This module knows READ DISC STRUCTURE: what lies in the lead-in of a DVD or BD.

mod bd;
mod dvd_minus;
mod dvd_ram;

use crate::bytes::Composer;
use crate::mmc::command::{
    BookType, Copyright, CopyrightSystem, DiscStructure, LayerBoundary, MediaClass, PhysicalFormat, ReadDiscStructure,
    ReadableFormat, ReadableFormats, TrackPath, structure_format,
};
use crate::sector::SectorCount;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{self, Disc, DiscKind, Family, Layers, Made, Protection, WriteProtection};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};

/// The first physical sector of the data zone of a DVD.
const DVD_START: u32 = 0x03_0000;
const DVD_RAM_START: u32 = 0x03_1000;
const AACS_FORMATS: std::ops::RangeInclusive<u8> = 0x80..=0x84;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let command: ReadDiscStructure = request.parsed()?;
    let disc = super::loaded(drive.state.loaded())?;
    let allocation = command.allocation;
    let fits = match (disc.kind().family(), command.media) {
        (Family::Cd, _) => return Err(Refusal::WRONG_MEDIUM),
        (Family::Dvd, MediaClass::Dvd) | (Family::Bd, MediaClass::Bd) => true,
        (Family::Dvd | Family::Bd, MediaClass::Dvd | MediaClass::Bd | MediaClass::Reserved(_)) => false,
    };
    // The list is of the disc that is in, whatever was asked for.
    if command.format == structure_format::LIST {
        return Ok(super::answer(&list(disc), allocation));
    }
    if !fits {
        return Err(Refusal::BAD_FIELD);
    }
    let claim = drive.claims.structure;
    Ok(match (disc.kind().family(), command.format) {
        (Family::Dvd, structure_format::PHYSICAL) => super::answer(&physical(disc, command.layer, claim)?, allocation),
        (Family::Dvd, structure_format::ADIP) => super::answer(&adip(disc, claim)?, allocation),
        (Family::Dvd, structure_format::LAYER_BOUNDARY) => {
            super::answer(&layer_boundary(disc).ok_or(Refusal::BAD_FIELD)?, allocation)
        }
        (Family::Dvd, structure_format::PRE_RECORDED) => {
            super::answer(&dvd_minus::pre_recorded(dvd_minus::stock(disc).ok_or(Refusal::BAD_FIELD)?), allocation)
        }
        (Family::Dvd, structure_format::CONTROL_DATA) => {
            let stock = dvd_minus::stock(disc).ok_or(Refusal::BAD_FIELD)?;
            let room = SectorCount(dvd_minus::control_data_sectors(stock));
            super::answer(&physical(disc, command.layer, Some(claim.unwrap_or(room)))?, allocation)
        }
        (Family::Dvd | Family::Bd, structure_format::WRITE_PROTECTION) if disc.recordable().is_some() => {
            super::answer(&write_protection(disc), allocation)
        }
        (Family::Dvd, structure_format::DISC_DEFINITION) => super::answer(&dvd_ram::definition(disc)?, allocation),
        (Family::Dvd, structure_format::MEDIUM_STATUS) => super::answer(&dvd_ram::medium_status(disc)?, allocation),
        (Family::Dvd, structure_format::SPARE_AREA) => super::answer(&dvd_ram::spare_area(disc)?, allocation),
        (Family::Dvd, structure_format::COPYRIGHT) => super::answer(&copyright(disc), allocation),
        (Family::Dvd, structure_format::MANUFACTURER) => {
            super::answer(&DiscStructure { data: vec![0; 2048] }, allocation)
        }
        (Family::Bd, structure_format::DISC_INFORMATION) => {
            Reply::Answer { bytes: bd::information(disc, claim), allocation: allocation.into() }
        }
        (Family::Bd, structure_format::SPARE_AREA) => super::answer(&bd::spare_area(disc)?, allocation),
        _ => return Err(Refusal::BAD_FIELD),
    })
}

fn list(disc: &dyn Disc) -> ReadableFormats {
    let readable = |format, length| ReadableFormat { format, sendable: false, readable: true, length };
    let mut formats = match disc.kind().family() {
        Family::Cd => Vec::new(),
        Family::Dvd => vec![
            readable(structure_format::PHYSICAL, 2052),
            readable(structure_format::COPYRIGHT, 8),
            readable(structure_format::MANUFACTURER, 2052),
        ],
        Family::Bd => vec![readable(structure_format::DISC_INFORMATION, 4100)],
    };
    if adip(disc, None).is_ok() {
        formats.push(readable(structure_format::ADIP, 260));
    }
    if dvd_minus::stock(disc).is_some() {
        formats.extend([readable(structure_format::PRE_RECORDED, 44), readable(structure_format::CONTROL_DATA, 2052)]);
    }
    if dvd_ram::spare_area(disc).is_ok() {
        formats.push(readable(structure_format::DISC_DEFINITION, 2052));
        formats.push(readable(structure_format::MEDIUM_STATUS, 8));
    }
    if dvd_ram::spare_area(disc).is_ok() || bd::spare_area(disc).is_ok() {
        formats.push(readable(structure_format::SPARE_AREA, 16));
    }
    if layer_boundary(disc).is_some() {
        let sendable = disc.kind() == DiscKind::DvdPlusRDl;
        formats.push(ReadableFormat { sendable, ..readable(structure_format::LAYER_BOUNDARY, 12) });
    }
    if disc.recordable().is_some() && disc.kind().family() != Family::Cd {
        formats.push(readable(structure_format::WRITE_PROTECTION, 8));
    }
    if disc.protection() == Protection::Aacs {
        formats.extend(AACS_FORMATS.map(|format| readable(format, 36)));
    }
    ReadableFormats(formats)
}

fn write_protection(disc: &dyn Disc) -> DiscStructure {
    let protection = disc.recordable().map_or(WriteProtection::None, |disc| disc.stock().protection);
    DiscStructure { data: vec![protection.bits(), 0, 0, 0] }
}

fn physical(disc: &dyn Disc, layer: u8, claim: Option<SectorCount>) -> Result<PhysicalFormat, Refusal> {
    let kind = disc.kind();
    let told = claim.map_or_else(|| recorded_or_room(disc), |claim| claim.0);
    let first = if kind == DiscKind::DvdRam { DVD_RAM_START } else { DVD_START };
    let last = |sectors: u32| first.saturating_add(sectors).saturating_sub(1);
    let (layers, track_path, end, layer_0_end) = match disc.layers() {
        Layers::One => (1, TrackPath::Parallel, last(told), 0),
        Layers::Two { break_at, path: disc::TrackPath::Parallel } => {
            let sectors = if layer == 0 { break_at.0 } else { told.saturating_sub(break_at.0) };
            (2, TrackPath::Parallel, last(sectors), 0)
        }
        Layers::Two { break_at, path: disc::TrackPath::Opposite } => {
            let layer_0_end = last(break_at.0);
            // Layer 1 begins at the complement of where layer 0 ends, and counts on from there.
            let end = (!layer_0_end).wrapping_add(told.saturating_sub(break_at.0)).wrapping_sub(1);
            (2, TrackPath::Opposite, end & 0x00FF_FFFF, layer_0_end)
        }
    };
    if layer >= layers {
        return Err(Refusal::BAD_FIELD);
    }
    let (book_type, part_version, layer_type) = match kind {
        DiscKind::DvdR => (BookType::DvdR, 5, 2),
        DiscKind::DvdRDl => (BookType::DvdR, 6, 2),
        DiscKind::DvdRw => (BookType::DvdRw, 2, 4),
        DiscKind::DvdRam => (BookType::DvdRam, 2, 4),
        DiscKind::DvdPlusR => (BookType::DvdPlusR, 1, 2),
        DiscKind::DvdPlusRDl => (BookType::DvdPlusRDl, 1, 2),
        DiscKind::DvdPlusRw => (BookType::DvdPlusRw, 2, 4),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::BdRom
        | DiscKind::BdR
        | DiscKind::BdRe => (BookType::DvdRom, 1, 1),
    };
    Ok(PhysicalFormat {
        book_type,
        part_version,
        disc_size: 0,
        maximum_rate: if kind == DiscKind::DvdRom { 2 } else { 0x0F },
        layers,
        track_path,
        layer_type,
        densities: if layers > 1 { 0x10 } else { 0 },
        start: Some(first),
        end: Some(end),
        layer_0_end: Some(layer_0_end),
        bca: false,
        rest: rest(disc, 2048 - 17),
    })
}

/// What follows byte 16: on DVD+R and +RW who made the disc, as the groove tells it.
fn rest(disc: &dyn Disc, length: usize) -> Vec<u8> {
    let mut out = Composer::new();
    if let (DiscKind::DvdPlusR | DiscKind::DvdPlusRDl | DiscKind::DvdPlusRw, Some(recordable)) =
        (disc.kind(), disc.recordable())
    {
        let (maker, of_type) = recordable.stock().maker_and_type();
        out.zeros(2).bytes(maker.as_bytes()).pad_to(10).bytes(of_type.as_bytes()).pad_to(13).u8(0);
    }
    out.pad_to(length);
    out.finish()
}

/// The same once more, from the groove itself.
fn adip(disc: &dyn Disc, claim: Option<SectorCount>) -> Result<PhysicalFormat, Refusal> {
    match (disc.kind(), disc.recordable()) {
        (DiscKind::DvdPlusR | DiscKind::DvdPlusRDl | DiscKind::DvdPlusRw, Some(_)) => {
            Ok(PhysicalFormat { rest: rest(disc, 256 - 17), ..physical(disc, 0, claim)? })
        }
        _ => Err(Refusal::BAD_FIELD),
    }
}

/// Of a recordable disc with two layers.
fn layer_boundary(disc: &dyn Disc) -> Option<LayerBoundary> {
    let Layers::Two { break_at, .. } = disc.layers() else { return None };
    let (record, _) = disc.recordable()?.sequential()?;
    Some(LayerBoundary { settled: record.layer_0.is_some() || !record.is_blank(), layer_0: SectorCount(break_at.0) })
}

/// Lead-ins of recordable discs tell how much there is room for.
fn recorded_or_room(disc: &dyn Disc) -> u32 {
    match disc.kind().made() {
        Made::Pressed => disc.layout().end.0,
        Made::Recordable | Made::Rewritable => {
            let recordable = disc.recordable();
            let limited = recordable.and_then(|disc| disc.sequential()).map(|(_, limits)| limits.end);
            let stock = recordable.map_or(disc.kind().layer_capacity(), |disc| disc.stock().sectors);
            limited.unwrap_or(stock.0)
        }
    }
}

fn copyright(disc: &dyn Disc) -> Copyright {
    let system = match disc.protection() {
        Protection::None => CopyrightSystem::None,
        Protection::Css => CopyrightSystem::Css,
        Protection::Cprm => CopyrightSystem::Cprm,
        Protection::Aacs => CopyrightSystem::Aacs,
    };
    Copyright { system, forbidden_regions: Some(0) }
}
