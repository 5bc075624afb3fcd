//! This module knows FORMAT UNIT: which format a disc takes, and what becomes of it.

use crate::mmc::command::{Answer, FormatDescriptor, FormatList, FormatUnit, format_type};
use crate::scsi::{Sense, SenseKey};
use crate::sector::SectorCount;
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{DiscKind, Recordable};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

/// A head of four bytes that says that one descriptor of eight follows.
const LIST_BYTES: u16 = 12;
const WRONG_MEDIUM: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x06);

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let FormatUnit { with_list, format_code, complete_list } = request.parsed()?;
    if !with_list || format_code != 1 || complete_list {
        return Err(Refusal::BAD_FIELD);
    }
    let sent = request.sent(LIST_BYTES)?;
    let list = FormatList::parse(sent).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    if sent.get(2..4) != Some(&[0, 8]) {
        return Err(Refusal::BAD_PARAMETER);
    }
    let disc = recordable(drive)?;
    match disc.stock().kind {
        DiscKind::DvdPlusRw => in_background(disc, list.descriptor)?,
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdR
        | DiscKind::DvdRDl
        | DiscKind::DvdRw
        | DiscKind::DvdRam
        | DiscKind::DvdPlusR
        | DiscKind::DvdPlusRDl
        | DiscKind::BdRom
        | DiscKind::BdR
        | DiscKind::BdRe => return Err(Refusal::because(WRONG_MEDIUM)),
    }
    drive.work(Task::Format, Patience::of(list.immediate), request.timeout)
}

/// DVD+RW: writable after a short while, the rest by itself. Whatever size is asked for, it is the whole disc.
fn in_background(disc: &mut Recordable, wanted: FormatDescriptor) -> Result<(), Refusal> {
    const AS_LARGE_AS_IT_IS: SectorCount = SectorCount(u32::MAX);
    let restart = wanted.parameter & 1 == 1;
    let whole = [disc.stock().sectors, AS_LARGE_AS_IT_IS];
    let size_fits = whole.contains(&wanted.blocks) || (restart && wanted.blocks.is_zero());
    if wanted.kind != format_type::DVD_PLUS_RW || wanted.sub_type != 0 || !size_fits {
        return Err(Refusal::BAD_PARAMETER);
    }
    Ok(disc.reformat(|record| record.start_background(restart))?)
}
