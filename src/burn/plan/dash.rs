//! This module knows how DVD-R, DVD-R DL and DVD-RW are written.

use std::time::Duration;

use super::{Afterwards, Complaint, Left, Mode, Recipe, Size, Step, Wishes, next_on, parameters, start_in_place};
use crate::drive::{
    Certification, CloseFunction, DiscStatus, FormatDescriptor, FormatState, MediumKind, Writability, format_type,
};
use crate::sector::SectorCount;

const ECC_BLOCK: u32 = 16;

/// In increments where the drive does that with this disc, which a minimally blanked DVD-RW prevents; else at once.
pub(super) fn sequential(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    let place = next_on(disc, size, ECC_BLOCK, wishes)?;
    let can_be_at_once = disc.abilities.disc_at_once && disc.status == DiscStatus::Empty;
    let mode = match (wishes.mode, disc.abilities.incremental, can_be_at_once) {
        (Some(Mode::Increments), true, _) | (None, true, _) => Mode::Increments,
        (Some(Mode::DiscAtOnce | Mode::SessionAtOnce), _, true) | (None, false, true) => Mode::DiscAtOnce,
        (Some(mode), _, _) => return Err(Complaint::ModeNotThere { mode }),
        (None, false, false) => return Err(Complaint::DriveDoesNotWrite),
    };
    if disc.kind == MediumKind::DvdRDl && wishes.afterwards == Afterwards::KeepOpen {
        return Err(Complaint::NoSuchOption { option: "--keep-open", why: "it has one session alone" });
    }
    let recipe = Recipe {
        simulates: disc.abilities.test_write,
        closing: Duration::from_secs(90),
        resumes: place.resumes,
        ..Recipe::new(mode, place.start, place.room, ECC_BLOCK)
    };
    if mode == Mode::DiscAtOnce {
        let sectors = size.sectors().ok_or(Complaint::SizeMustBeKnown)?;
        let whole = sectors.0.checked_next_multiple_of(ECC_BLOCK).map_or(sectors, SectorCount);
        return Ok(Recipe {
            prepare: vec![
                Step::WriteParameters(Box::new(parameters::disc_at_once(wishes.simulate))),
                Step::Calibrate,
                Step::Reserve(whole),
            ],
            ..recipe
        });
    }
    let mut finish = vec![Step::Synchronise];
    if !wishes.simulate {
        finish.extend([Step::CloseTrack(place.track), Step::Close(CloseFunction::Session)]);
    }
    Ok(Recipe {
        prepare: vec![
            Step::WriteParameters(Box::new(parameters::increments(wishes.afterwards, wishes.simulate))),
            Step::Calibrate,
        ],
        finish,
        left: match wishes.afterwards {
            Afterwards::KeepOpen => Left::Open,
            Afterwards::Close => Left::Closed,
        },
        ..recipe
    })
}

/// Over what is there, where the format has room; else the format grows first.
pub(super) fn restricted(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    if let Some(mode) = wishes.mode.filter(|mode| *mode != Mode::InPlace) {
        return Err(Complaint::ModeNotThere { mode });
    }
    let format = disc.format.as_ref().ok_or(Complaint::CannotFormat)?;
    let offer = |kind| format.offers.iter().find(|offer: &&FormatDescriptor| offer.kind == kind);
    let whole = offer(format_type::FULL).or(offer(format_type::FULL_RW)).map_or(format.blocks, |offer| offer.blocks);
    let grow = offer(format_type::QUICK_GROW).or(offer(format_type::GROW)).filter(|offer| !offer.blocks.is_zero());
    let formatted = if format.state == FormatState::Formatted { format.blocks } else { SectorCount(0) };
    let start = start_in_place(disc, !formatted.is_zero(), wishes)?;
    let fits = size.sectors().is_some_and(|image| image.0.saturating_add(start.0) <= formatted.0);
    let is_intermediate = format.state == FormatState::Unknown;
    let (prepare, closes, room) = match grow {
        _ if fits => (Vec::new(), false, formatted),
        _ if is_intermediate => (Vec::new(), true, whole),
        Some(offer) => (
            vec![Step::Format(FormatDescriptor { blocks: SectorCount(0), ..*offer }, Certification::AsUsual)],
            true,
            whole,
        ),
        None => (Vec::new(), false, formatted),
    };
    let mut finish = vec![Step::Synchronise];
    if closes {
        finish.push(Step::Close(CloseFunction::Session));
    }
    Ok(Recipe {
        prepare,
        finish,
        left: Left::Rewritable,
        overwrites: !wishes.append,
        grows: wishes.append,
        // Nothing can be left out while it grows.
        pre_gap: if closes { start.0.saturating_sub(formatted.0) } else { 0 },
        ..Recipe::new(Mode::InPlace, start, SectorCount(room.0.saturating_sub(start.0)), ECC_BLOCK)
    })
}
