//! This module knows how DVD+R, DVD+R DL and DVD+RW are written.

use std::time::Duration;

use super::{Afterwards, Complaint, Left, Mode, Recipe, Size, Step, Wishes, next_on, start_in_place};
use crate::drive::{
    BackgroundFormat, Certification, CloseFunction, DiscStatus, FormatDescriptor, FormatState, MediumKind, Writability,
    format_type,
};
use crate::sector::SectorCount;

const ECC_BLOCK: u32 = 16;
/// Sectors of the first layer of a DVD+R DL, where nobody says otherwise: no more than these.
const MOST_ON_LAYER_0: u32 = 2_086_912;

/// A fragment behind what is there, closed; then the session or the disc.
pub(super) fn sequential(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    only(Mode::Increments, wishes)?;
    let place = next_on(disc, size, ECC_BLOCK, wishes)?;
    let is_dual = disc.kind == MediumKind::DvdPlusRDl;
    let layer_break = if is_dual { layer_break(disc, size, wishes)? } else { None };
    let closing = if is_dual { 120 } else { 30 };
    let (end, left) = match wishes.afterwards {
        Afterwards::KeepOpen => (CloseFunction::Session, Left::Open),
        Afterwards::Close => (CloseFunction::FinalizeMinimal, Left::Closed),
    };
    Ok(Recipe {
        prepare: layer_break.map(Step::LayerBreak).into_iter().collect(),
        finish: vec![Step::Synchronise, Step::CloseTrack(place.track), Step::Close(end)],
        left,
        layer_break,
        resumes: place.resumes,
        closing: Duration::from_secs(closing),
        ..Recipe::new(Mode::Increments, place.start, place.room, ECC_BLOCK)
    })
}

/// Half of the image on each layer, so that nothing is left to be filled; on a blank disc alone.
fn layer_break(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Option<SectorCount>, Complaint> {
    if disc.status != DiscStatus::Empty {
        let why = "where its second layer begins was settled when the first sector was written";
        return match wishes.layer_break {
            Some(_) => Err(Complaint::NoSuchOption { option: "--layer-break", why }),
            None => Ok(None),
        };
    }
    let half = size.sectors().map(|all| all.0.div_ceil(2 * ECC_BLOCK).saturating_mul(ECC_BLOCK));
    let Some(wanted) = wishes.layer_break else {
        return Ok(half.filter(|half| *half <= MOST_ON_LAYER_0).map(SectorCount));
    };
    // The second layer is never longer than the first.
    let least = half.unwrap_or(ECC_BLOCK).max(ECC_BLOCK);
    let whole = wanted.0.checked_next_multiple_of(ECC_BLOCK).filter(|whole| (least..=MOST_ON_LAYER_0).contains(whole));
    match whole {
        Some(whole) => Ok(Some(SectorCount(whole))),
        // Told as what it is: an image that is too large.
        None if least > MOST_ON_LAYER_0 => Ok(None),
        None => Err(Complaint::LayerBreak { wanted, least: SectorCount(least), most: SectorCount(MOST_ON_LAYER_0) }),
    }
}

/// Anywhere, once the format has begun.
pub(super) fn rewritable(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    only(Mode::InPlace, wishes)?;
    let format = disc.format.as_ref().ok_or(Complaint::CannotFormat)?;
    let offer = format.offers.iter().find(|offer| offer.kind == format_type::DVD_PLUS_RW);
    let formatted = match format.state {
        FormatState::Formatted => format.blocks,
        FormatState::Unformatted | FormatState::Unknown | FormatState::Reserved => SectorCount(0),
    };
    let start = start_in_place(disc, disc.background != BackgroundFormat::None, wishes)?;
    let room = offer.map_or(formatted, |offer| offer.blocks.max(formatted));
    let room = SectorCount(room.0.saturating_sub(start.0));
    let with = |parameter| {
        let offer = offer.ok_or(Complaint::CannotFormat)?;
        let descriptor = FormatDescriptor { parameter, sub_type: 0, ..*offer };
        Ok(vec![Step::Format(descriptor, Certification::AsUsual), Step::Synchronise])
    };
    let fits = size.sectors().is_some_and(|image| image.0.saturating_add(start.0) <= formatted.0);
    const GO_ON: u32 = 1;
    let prepare = match disc.background {
        BackgroundFormat::None => with(0)?,
        BackgroundFormat::Interrupted if !fits => with(GO_ON)?,
        BackgroundFormat::Interrupted | BackgroundFormat::Running | BackgroundFormat::Complete => Vec::new(),
    };
    let runs = !prepare.is_empty() || disc.background == BackgroundFormat::Running;
    let mut finish = vec![Step::Synchronise];
    if runs {
        // Or it would go on for a quarter of an hour.
        finish.extend([Step::Close(CloseFunction::StopFormat), Step::Close(CloseFunction::Session)]);
    }
    Ok(Recipe {
        prepare,
        finish,
        left: Left::Rewritable,
        overwrites: disc.background != BackgroundFormat::None && !wishes.append,
        grows: wishes.append,
        closing: Duration::from_secs(if runs { 60 } else { 5 }),
        ..Recipe::new(Mode::InPlace, start, room, ECC_BLOCK)
    })
}

fn only(mode: Mode, wishes: &Wishes) -> Result<(), Complaint> {
    match wishes.mode {
        Some(other) if other != mode => Err(Complaint::ModeNotThere { mode: other }),
        Some(_) | None => Ok(()),
    }
}
