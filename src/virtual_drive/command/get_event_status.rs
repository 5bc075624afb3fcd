//! This module knows GET EVENT STATUS NOTIFICATION: of the media alone.

use crate::mmc::command::{ClassEvent, EventStatus, GetEventStatus, MediaEvent, MediaStatus, event_class};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::state::{Happened, Tray};

/// Who asks for no more than the head does not hear of the event, which stays.
const HEAD_BYTES: u16 = 4;

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let GetEventStatus { polled, classes, allocation } = request.parsed()?;
    if !polled {
        return Err(Refusal::BAD_FIELD);
    }
    let supported = event_class::mask(event_class::MEDIA);
    let event = (classes & supported != 0).then(|| {
        let happened = if allocation > HEAD_BYTES { drive.state.take_happened() } else { None };
        ClassEvent::Media(MediaStatus {
            event: match happened {
                None => MediaEvent::None,
                Some(Happened::NewDisc) => MediaEvent::NewMedia,
                Some(Happened::Removed) => MediaEvent::Removal,
            },
            present: drive.state.loaded().is_some(),
            tray_open: drive.state.tray() == Tray::Open,
            slots: None,
        })
    });
    Ok(super::answer(&EventStatus { supported, event }, allocation))
}
