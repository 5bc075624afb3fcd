//! This module knows SEND DISC STRUCTURE: where the first layer of a DVD+R DL is to end.

use crate::mmc::command::{Answer, LayerBoundary, MediaClass, SendDiscStructure, structure_format};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::DiscKind;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SendDiscStructure { media, format, length } = request.parsed()?;
    let disc = recordable(drive)?;
    if disc.stock().kind != DiscKind::DvdPlusRDl
        || (media, format) != (MediaClass::Dvd, structure_format::LAYER_BOUNDARY)
    {
        return Err(Refusal::BAD_FIELD);
    }
    let boundary = LayerBoundary::parse(request.sent(length)?).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    disc.break_layers_at(boundary.layer_0)?;
    drive.work(Task::Calibrate, Patience::UntilDone, request.timeout)
}
