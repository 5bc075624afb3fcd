//! This module knows what a DVD-RAM says of itself beside its data: defects, cartridge, what there is to replace with.

use crate::bytes::Composer;
use crate::mmc::command::DiscStructure;
use crate::virtual_drive::disc::recordable::spares::Spares;
use crate::virtual_drive::disc::{Disc, DiscKind, Recordable, WriteProtection};
use crate::virtual_drive::dispatch::Refusal;

/// Format 08h: the disc definition structure, 2048 bytes; what it begins with, ECMA-330.
pub fn definition(disc: &dyn Disc) -> Result<DiscStructure, Refusal> {
    const IDENTIFIER: u16 = 0x0A0A;
    const CERTIFIED: u8 = 1;
    const GROUPS: u16 = 1;
    const ZONES: u16 = 35;
    of(disc)?;
    let mut out = Composer::new();
    out.be_u16(IDENTIFIER).u8(0).u8(CERTIFIED).be_u32(0).be_u16(GROUPS).be_u16(ZONES).pad_to(2048);
    Ok(DiscStructure { data: out.finish() })
}

/// Format 09h: the cartridge, and what of the disc is protected.
pub fn medium_status(disc: &dyn Disc) -> Result<DiscStructure, Refusal> {
    const CARTRIDGE: u8 = 1 << 7;
    /// It may be written without a cartridge.
    const BARE: u8 = 0x10;
    let protection = of(disc)?.stock().protection;
    let cartridge = if protection == WriteProtection::Cartridge { CARTRIDGE } else { 0 };
    Ok(DiscStructure { data: vec![cartridge | protection.bits(), BARE, 0, 0] })
}

/// Format 0Ah: sectors in the primary and in the supplementary spare area, and how many the latter has.
pub fn spare_area(disc: &dyn Disc) -> Result<DiscStructure, Refusal> {
    let disc = of(disc)?;
    let (record, _) = disc.overwritable().ok_or(Refusal::BAD_FIELD)?;
    let primary = Spares::of(disc.stock()).map_or(0, |spares| spares.beyond.0).min(record.spare);
    let supplementary = record.spare.saturating_sub(primary);
    let used = record.spare.saturating_sub(record.free_spare(disc.stock().kind.family().ecc_block()).0);
    let mut out = Composer::new();
    out.be_u32(primary.saturating_sub(used));
    out.be_u32(supplementary.saturating_sub(used.saturating_sub(primary))).be_u32(supplementary);
    Ok(DiscStructure { data: out.finish() })
}

fn of(disc: &dyn Disc) -> Result<&Recordable, Refusal> {
    disc.recordable().filter(|_| disc.kind() == DiscKind::DvdRam).ok_or(Refusal::BAD_FIELD)
}
