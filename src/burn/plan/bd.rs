//! This module knows how BD-R is written: one cluster after the other.

use std::time::Duration;

use super::{Afterwards, Complaint, DefectManagement, Left, Mode, Recipe, Size, Step, Wishes, next_on};
use crate::drive::{Certification, CloseFunction, DiscStatus, FormatDescriptor, FormatState, Writability, format_type};

const CLUSTER: u32 = 32;
/// Sequential, with spare clusters, and without pseudo-overwrite, which few programs read.
const SEQUENTIAL_WITH_SPARES: u8 = 1;

/// At once, with all of its room; or with spare clusters where somebody wants them, which costs room and speed.
pub(super) fn sequential(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    if let Some(mode) = wishes.mode.filter(|mode| *mode != Mode::Increments) {
        return Err(Complaint::ModeNotThere { mode });
    }
    if disc.abilities.pseudo_overwrite {
        return Err(Complaint::PseudoOverwrite);
    }
    let place = next_on(disc, size, CLUSTER, wishes)?;
    let wants_spares = wishes.defect_management == Some(DefectManagement::On);
    let has_spares = disc.format.as_ref().is_some_and(|format| format.state == FormatState::Formatted);
    let (prepare, room) = match (wants_spares, disc.status) {
        (true, DiscStatus::Empty) => {
            let offers = disc.format.as_ref().map(|format| format.offers.as_slice()).unwrap_or_default();
            let offer = offers.iter().find(|offer| offer.kind == format_type::BD_R_WITH_SPARES);
            let offer = offer.ok_or(Complaint::CannotFormat)?;
            let format = FormatDescriptor { sub_type: SEQUENTIAL_WITH_SPARES, ..*offer };
            (vec![Step::Format(format, Certification::AsUsual), Step::Synchronise], offer.blocks)
        }
        (true, _) if !has_spares => {
            let why = "only a blank one can be formatted";
            return Err(Complaint::NoSuchOption { option: "--defect-management", why });
        }
        (true | false, _) => (Vec::new(), place.room),
    };
    let (end, left) = match wishes.afterwards {
        Afterwards::KeepOpen => (CloseFunction::Session, Left::Open),
        Afterwards::Close => (CloseFunction::FinalizeDisc, Left::Closed),
    };
    Ok(Recipe {
        prepare,
        finish: vec![Step::Synchronise, Step::CloseTrack(place.track), Step::Close(end)],
        left,
        // With spares the drive is to see what it wrote.
        streaming: disc.abilities.streaming && !wants_spares && !has_spares,
        resumes: place.resumes,
        closing: Duration::from_secs(40),
        ..Recipe::new(Mode::Increments, place.start, room, CLUSTER)
    })
}
