//! This module knows BLANK: no disc that this drive writes can be blanked.

use crate::mmc::command::Blank;
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

const WRONG_MEDIUM: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x06);

pub fn answer(_: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let Blank { immediate: _, what: _, start: _ } = request.parsed()?;
    Err(Refusal::because(WRONG_MEDIUM))
}
