//! This module knows FORMAT UNIT: which formats a disc takes, medium by medium, and what becomes of it.

mod bd_r;
mod bd_re;
mod dvd_plus_rw;
mod dvd_ram;
mod dvd_rw;

use std::time::Duration;

use crate::mmc::command::{Answer, FormatDescriptor, FormatList, FormatUnit};
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::overwritable::Overwritable;
use crate::virtual_drive::disc::recordable::sequential::Formatted;
use crate::virtual_drive::disc::{DiscKind, Recordable, Stock};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};
use crate::virtual_drive::work::Task;
use crate::virtual_drive::writing::{Patience, recordable};

/// A head of four bytes that says that one descriptor of eight follows.
const LIST_BYTES: u16 = 12;
const WRONG_MEDIUM: Sense = Sense::new(SenseKey::IllegalRequest, 0x30, 0x06);

/// What a format comes to.
#[derive(Debug, PartialEq, Eq)]
struct Formatting {
    becomes: Becomes,
    /// Until something else can be done with the disc, as drives usually take.
    time: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum Becomes {
    /// A disc with nothing on it.
    New(Overwritable),
    /// What is on it stays.
    Another(Overwritable),
    /// One that is written in sequence.
    Sequential(Formatted),
}

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let FormatUnit { with_list, format_code, complete_list } = request.parsed()?;
    if !with_list || format_code != 1 {
        return Err(Refusal::BAD_FIELD);
    }
    let sent = request.sent(LIST_BYTES)?;
    let list = FormatList::parse(sent).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    if sent.get(2..4) != Some(&[0, 8]) {
        return Err(Refusal::BAD_PARAMETER);
    }
    let disc = recordable(drive)?;
    // Who brings a list of all defects needs no look at the disc; other discs know their defects themselves.
    if complete_list && !(disc.stock().kind == DiscKind::DvdRam && list.no_certification) {
        return Err(Refusal::BAD_FIELD);
    }
    let Formatting { becomes, time } = formatting(disc, &list)?;
    match becomes {
        Becomes::New(record) => disc.format(record)?,
        Becomes::Sequential(formatted) => disc.format_sequential(formatted)?,
        Becomes::Another(record) => disc.reformat(|before| *before = record)?,
    }
    drive.streaming_lost = false;
    drive.work_for(Task::Format, time, Patience::of(list.immediate), request.timeout)
}

fn formatting(disc: &Recordable, list: &FormatList) -> Result<Formatting, Refusal> {
    match disc.stock().kind {
        DiscKind::DvdPlusRw => dvd_plus_rw::formatting(disc, list.descriptor),
        DiscKind::DvdRw => dvd_rw::formatting(disc, list.descriptor),
        DiscKind::DvdRam => dvd_ram::formatting(disc, list),
        DiscKind::BdR => bd_r::formatting(disc.stock(), list.descriptor),
        DiscKind::BdRe => bd_re::formatting(disc.stock(), list.descriptor),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdR
        | DiscKind::DvdRDl
        | DiscKind::DvdPlusR
        | DiscKind::DvdPlusRDl
        | DiscKind::BdRom => Err(Refusal::because(WRONG_MEDIUM)),
    }
}

/// What READ FORMAT CAPACITIES tells that FORMAT UNIT would take.
pub fn offers(disc: &Recordable) -> Vec<FormatDescriptor> {
    match disc.stock().kind {
        DiscKind::DvdPlusRw => dvd_plus_rw::offers(disc.stock()),
        DiscKind::DvdRw => dvd_rw::offers(disc),
        DiscKind::DvdRam => dvd_ram::offers(disc),
        DiscKind::BdR => bd_r::offers(disc),
        DiscKind::BdRe => bd_re::offers(disc.stock()),
        DiscKind::CdRom
        | DiscKind::CdR
        | DiscKind::CdRw
        | DiscKind::DvdRom
        | DiscKind::DvdR
        | DiscKind::DvdRDl
        | DiscKind::DvdPlusR
        | DiscKind::DvdPlusRDl
        | DiscKind::BdRom => Vec::new(),
    }
}

/// To write the whole disc, and to read it once more.
fn certification(stock: &Stock) -> Duration {
    let bytes_per_second = u64::from(stock.write_kb_s.first().copied().unwrap_or(1).max(1)).saturating_mul(1000);
    Duration::from_secs(stock.sectors.bytes().saturating_mul(2) / bytes_per_second)
}
