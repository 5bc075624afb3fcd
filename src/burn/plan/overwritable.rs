//! This module knows how DVD-RAM and BD-RE are written: formatted once, and then anywhere.

use std::time::Duration;

use super::{Complaint, DefectManagement, Left, Mode, Recipe, Step, Wishes, start_in_place};
use crate::drive::{Certification, DiscStatus, FormatDescriptor, FormatState, MediumKind, Writability, format_type};
use crate::sector::SectorCount;

pub(super) fn dvd_ram(disc: &Writability, wishes: &Wishes) -> Result<Recipe, Complaint> {
    const ECC_BLOCK: u32 = 16;
    in_place(disc, wishes, ECC_BLOCK, |offers| offers.iter().find(|offer| offer.kind == format_type::FULL).copied())
}

pub(super) fn bd_re(disc: &Writability, wishes: &Wishes) -> Result<Recipe, Complaint> {
    const CLUSTER: u32 = 32;
    let wanted = match wishes.defect_management {
        Some(DefectManagement::Off) => format_type::BD_RE_WITHOUT_SPARES,
        Some(DefectManagement::On) | None => format_type::FULL,
    };
    let no = |why| Err(Complaint::NoSuchOption { option: "--defect-management", why });
    match wishes.defect_management.filter(|_| is_formatted(disc)) {
        Some(DefectManagement::Off) => return no("it is formatted already; `discwright format` does it anew"),
        Some(DefectManagement::On) if !has_spares(disc) => {
            return no("it is formatted without spare sectors; `discwright format` does it anew");
        }
        Some(DefectManagement::On) | None => {}
    }
    in_place(disc, wishes, CLUSTER, |offers| offers.iter().find(|offer| offer.kind == wanted).copied())
}

fn is_formatted(disc: &Writability) -> bool {
    disc.status != DiscStatus::Empty && disc.format.as_ref().is_none_or(|format| format.state == FormatState::Formatted)
}

/// Whether less of a formatted BD-RE is to be written than it could be.
fn has_spares(disc: &Writability) -> bool {
    let Some(format) = &disc.format else { return true };
    let mut offers = format.offers.iter();
    let whole = offers.find(|offer| offer.kind == format_type::BD_RE_WITHOUT_SPARES);
    whole.is_none_or(|whole| format.blocks < whole.blocks)
}

fn in_place(
    disc: &Writability,
    wishes: &Wishes,
    granule: u32,
    choose: impl FnOnce(&[FormatDescriptor]) -> Option<FormatDescriptor>,
) -> Result<Recipe, Complaint> {
    if let Some(mode) = wishes.mode.filter(|mode| *mode != Mode::InPlace) {
        return Err(Complaint::ModeNotThere { mode });
    }
    if !disc.abilities.writes {
        return Err(Complaint::DriveDoesNotWrite);
    }
    let formatted = is_formatted(disc);
    let start = start_in_place(disc, formatted, wishes)?;
    let (prepare, room) = if formatted {
        let told = disc.format.as_ref().filter(|format| format.state == FormatState::Formatted);
        (Vec::new(), told.map(|format| format.blocks).or(disc.capacity).unwrap_or(SectorCount(0)))
    } else {
        let offers = disc.format.as_ref().map(|format| format.offers.as_slice()).unwrap_or_default();
        let offer = choose(offers).ok_or(Complaint::CannotFormat)?;
        // Nobody who burns wants to wait for an hour first; what is written is read back.
        let is_ram = disc.kind == MediumKind::DvdRam;
        let certification = if is_ram { Certification::LeftOut } else { Certification::AsUsual };
        (vec![Step::Format(offer, certification), Step::Synchronise], offer.blocks)
    };
    Ok(Recipe {
        prepare,
        left: Left::Rewritable,
        overwrites: formatted && !wishes.append,
        grows: wishes.append,
        // The drive sees what it wrote, and replaces what is bad, where somebody wants that: it takes twice as long.
        streaming: disc.abilities.streaming && wishes.defect_management != Some(DefectManagement::On),
        closing: Duration::from_secs(5),
        ..Recipe::new(Mode::InPlace, start, SectorCount(room.0.saturating_sub(start.0)), granule)
    })
}
