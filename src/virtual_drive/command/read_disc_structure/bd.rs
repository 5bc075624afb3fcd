//! This module knows what lies in the lead-in of a BD: its layers, its maker, what it has to replace sectors with.

use crate::bytes::Composer;
use crate::mmc::command::{Answer as _, BdDiscInformation, BdMaker, BdUnit, DiscStructure};
use crate::scsi::{Sense, SenseKey};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::recordable::spares::Spares;
use crate::virtual_drive::disc::{Disc, DiscKind, Layers, Made, Recordable, Stock};
use crate::virtual_drive::dispatch::Refusal;

/// The first physical sector of the data zone.
const START: u32 = 0x10_0000;
/// A head, and a page of disc information.
const ANSWER_BYTES: usize = 4100;
const NOT_FORMATTED: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x10);

/// A unit a layer; the answer is as long on all discs, MMC-5 6.23.
pub fn information(disc: &dyn Disc, claim: Option<SectorCount>) -> Vec<u8> {
    let kind = disc.kind();
    let units = match kind.made() {
        Made::Pressed => pressed(disc, claim),
        Made::Recordable | Made::Rewritable => writable(disc),
    };
    let mut out = Composer::new();
    out.be_u16(u16::try_from(ANSWER_BYTES.saturating_sub(2)).unwrap_or(u16::MAX));
    out.bytes(BdDiscInformation { units }.emit().get(2..).unwrap_or_default()).pad_to(ANSWER_BYTES);
    out.finish()
}

fn pressed(disc: &dyn Disc, claim: Option<SectorCount>) -> Vec<BdUnit> {
    let told = claim.map_or(disc.layout().end, |claim| Lba(claim.0));
    let lengths = match disc.layers() {
        Layers::One => vec![told.0],
        Layers::Two { break_at, .. } => vec![break_at.0, told.0.saturating_sub(break_at.0)],
    };
    let count = u8::try_from(lengths.len()).unwrap_or(1);
    let mut start = START;
    let units = (0_u8..).zip(lengths).map(|(layer, length)| {
        let first = start;
        start = start.saturating_add(length);
        let last = start.saturating_sub(1);
        BdUnit { last_user_psn: Some(last), first_aun: Some(first), last_aun: Some(last), ..unit(layer, count) }
    });
    units.collect()
}

/// In address units of 8 sectors, of all that there is room for.
fn writable(disc: &dyn Disc) -> Vec<BdUnit> {
    let stock = disc.recordable().map(Recordable::stock);
    let sectors = stock.map_or(disc.kind().layer_capacity(), |stock| stock.sectors).0;
    let layers = layers(sectors);
    let room = sectors / u32::from(layers);
    let units = (0..layers).map(|layer| {
        let first = START.saturating_add(u32::from(layer).saturating_mul(room)) / 8;
        BdUnit {
            identifier: if disc.kind() == DiscKind::BdRe { BdUnit::REWRITABLE } else { BdUnit::RECORDABLE },
            used: 112,
            first_aun: Some(first),
            last_aun: Some(first.saturating_add(room / 8).saturating_sub(2)),
            maker: Some(stock.map_or(NOBODY, maker)),
            ..unit(layer, layers)
        }
    });
    units.collect()
}

/// How many layers a disc of so many sectors has, of the kinds that are made.
fn layers(sectors: u32) -> u8 {
    const ENDS: [u32; 3] = [12_219_392, 24_438_784, 48_878_592];
    let full = ENDS.into_iter().filter(|end| sectors > *end).count();
    u8::try_from(full).unwrap_or(3).saturating_add(1)
}

/// Of discs that cannot be written here.
const NOBODY: BdMaker = BdMaker { maker: *b"DWRGHT", media_type: *b"VR1", time_stamp: 0, revision: 0 };

fn maker(stock: &Stock) -> BdMaker {
    let (maker, media_type) = stock.maker_and_type();
    BdMaker { maker: filled(maker), media_type: filled(media_type), time_stamp: 0, revision: 0 }
}

fn filled<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    bytes
}

/// A unit of a pressed disc without its numbers.
fn unit(layer: u8, layers: u8) -> BdUnit {
    BdUnit {
        format: 1,
        layer,
        sequence: layer,
        used: 64,
        identifier: BdUnit::PRESSED,
        class: 1,
        layers,
        last_user_psn: Some(0),
        first_aun: None,
        last_aun: None,
        maker: None,
    }
}

/// Format 0Ah: how many sectors could still replace others, and of how many.
pub fn spare_area(disc: &dyn Disc) -> Result<DiscStructure, Refusal> {
    let recordable = disc.recordable().filter(|disc| Spares::of(disc.stock()).is_some()).ok_or(Refusal::BAD_FIELD)?;
    let (free, all) = spare_sectors(recordable).ok_or(Refusal::because(NOT_FORMATTED))?;
    let mut out = Composer::new();
    out.zeros(4).be_u32(free.0).be_u32(all.0);
    Ok(DiscStructure { data: out.finish() })
}

/// Those that are left, and all; `None` before the disc is formatted.
fn spare_sectors(disc: &Recordable) -> Option<(SectorCount, SectorCount)> {
    let ecc_block = disc.stock().kind.family().ecc_block();
    if let Some((record, _)) = disc.overwritable() {
        return (!record.is_unformatted()).then(|| (record.free_spare(ecc_block), SectorCount(record.spare)));
    }
    let (record, limits) = disc.sequential()?;
    let formatted = record.formatted?;
    let free = formatted.free_blocks(SectorCount(limits.sectors), ecc_block.0).saturating_mul(ecc_block.0);
    Some((SectorCount(free), SectorCount(limits.sectors.saturating_sub(formatted.sectors))))
}
