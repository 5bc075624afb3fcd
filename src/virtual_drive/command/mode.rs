//! This module knows MODE SENSE and MODE SELECT: what can be set, and what is told of abilities.

use crate::bytes::Truncated;
use crate::mmc::command::{
    Capabilities, ErrorRecovery, ModePage, ModePages, ModeSelect6, ModeSelect10, ModeSense6, ModeSense10, PageControl,
    RotationSpeed, ShortModePages, WriteParameters,
};
use crate::mmc::feature::Mechanism;
use crate::scsi::{Sense, SenseKey};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::recordable::rules::Rules;
use crate::virtual_drive::disc::{Disc, DiscKind, Family};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};
use crate::virtual_drive::state::Removal;

mod write_parameters;

pub use write_parameters::factory as factory_write_parameters;

const ALL_PAGES: u8 = 0x3F;
const NOT_SAVABLE: Refusal = Refusal::because(Sense::new(SenseKey::IllegalRequest, 0x39, 0x00));

/// As the drive leaves the factory.
pub const FACTORY: ErrorRecovery = ErrorRecovery {
    awre: false,
    arre: false,
    tb: false,
    rc: false,
    per: false,
    dte: false,
    dcr: false,
    read_retries: 16,
    emcdr: 0,
    write_retries: 0,
    recovery_time_ms: 0,
};

const CHANGEABLE: ErrorRecovery = ErrorRecovery {
    awre: false,
    arre: false,
    tb: true,
    rc: true,
    per: true,
    dte: true,
    dcr: true,
    read_retries: u8::MAX,
    emcdr: 0,
    write_retries: 0,
    recovery_time_ms: 0,
};

pub fn sense_ten(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ModeSense10 { without_block_descriptors: _, control, page, subpage, allocation } = request.parsed()?;
    Ok(super::answer(&pages(drive, control, page, subpage)?, allocation))
}

pub fn sense_six(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ModeSense6 { without_block_descriptors: _, control, page, subpage, allocation } = request.parsed()?;
    Ok(super::answer(&ShortModePages(pages(drive, control, page, subpage)?), allocation))
}

fn pages(drive: &VirtualDrive, control: PageControl, page: u8, subpage: u8) -> Result<ModePages, Refusal> {
    if !matches!(subpage, 0 | 0xFF) {
        return Err(Refusal::BAD_FIELD);
    }
    let capabilities = ModePage::of(&capabilities(drive));
    let family = drive.state.loaded().map_or(Family::Cd, |disc: &dyn Disc| disc.kind().family());
    let (recovery, writing, capabilities) = match control {
        PageControl::Current => (drive.recovery, ModePage::of(&drive.write_parameters), capabilities),
        PageControl::Default => (FACTORY, ModePage::of(&factory_write_parameters(family)), capabilities),
        PageControl::Changeable => {
            let unchangeable = vec![0; capabilities.data.len()];
            (CHANGEABLE, write_parameters::changeable(), ModePage { data: unchangeable, ..capabilities })
        }
        PageControl::Saved => return Err(NOT_SAVABLE),
    };
    let pages: Vec<ModePage> = [ModePage::of(&recovery), writing, capabilities]
        .into_iter()
        .filter(|known| page == ALL_PAGES || page == known.code)
        .collect();
    if pages.is_empty() {
        return Err(Refusal::BAD_FIELD);
    }
    Ok(ModePages { medium_type: 0, device_specific: 0, block_descriptors: Vec::new(), pages })
}

pub fn select_ten(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ModeSelect10 { page_format, save, length } = request.parsed()?;
    select(drive, request, page_format && !save, (8, length), ModePages::parse_parameter_list)
}

pub fn select_six(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ModeSelect6 { page_format, save, length } = request.parsed()?;
    let parse = |bytes: &[u8]| ShortModePages::parse_parameter_list(bytes).map(|ShortModePages(pages)| pages);
    select(drive, request, page_format && !save, (4, length.into()), parse)
}

/// Takes all pages, or none; of a list with a head of so many bytes.
fn select(
    drive: &mut VirtualDrive,
    request: &Request<'_, '_>,
    how_is_right: bool,
    (head, length): (usize, u16),
    parse: impl FnOnce(&[u8]) -> Result<ModePages, Truncated>,
) -> Outcome {
    if !how_is_right {
        return Err(Refusal::BAD_FIELD);
    }
    if length == 0 {
        return Ok(Reply::Done);
    }
    let sent = request.sent(length)?;
    let list = parse(sent).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    // What is left over is no page.
    if sent.len() != head.saturating_add(list.block_descriptors.len()).saturating_add(list.page_bytes()) {
        return Err(Refusal::BAD_LIST_LENGTH);
    }
    let (mut recovery, mut writing) = (drive.recovery, drive.write_parameters);
    for page in &list.pages {
        if let Some(settings) = page.read::<WriteParameters>() {
            writing = write_parameters::accepted(settings, drive.state.loaded()).ok_or(Refusal::BAD_PARAMETER)?;
        } else {
            recovery = accepted(page, recovery).ok_or(Refusal::BAD_PARAMETER)?;
        }
    }
    (drive.recovery, drive.write_parameters) = (recovery, writing);
    // Another job begins: what was written for a test is forgotten.
    if let Some(disc) = drive.state.loaded_mut().and_then(|disc| disc.recordable_mut()) {
        disc.end_simulation();
    }
    Ok(Reply::Done)
}

/// What page 01h comes to; `None` where it is no such page.
fn accepted(page: &ModePage, before: ErrorRecovery) -> Option<ErrorRecovery> {
    let settings: ErrorRecovery = page.read()?;
    (page.data.len() == ModePage::of(&FACTORY).data.len()).then_some(ErrorRecovery {
        tb: settings.tb,
        rc: settings.rc,
        per: settings.per,
        dte: settings.dte,
        dcr: settings.dcr,
        read_retries: settings.read_retries,
        ..before
    })
}

fn capabilities(drive: &VirtualDrive) -> Capabilities {
    let family = drive.state.loaded().map_or(Family::Cd, |disc: &dyn Disc| disc.kind().family());
    let speed = |kb_s: u32| u16::try_from(kb_s).unwrap_or(u16::MAX);
    let disc = drive.state.loaded().and_then(|disc| disc.recordable());
    let speeds: Vec<u32> = disc.map_or(Vec::new(), |disc| disc.stock().write_kb_s.clone());
    // More than 22 would make Linux take the drive for one without abilities.
    let listed = speeds.iter().take(22).map(|kb_s| RotationSpeed { rotation: 0, write_kb_s: speed(*kb_s) });
    Capabilities {
        // CD-R, CD-RW, method 2, DVD-ROM, DVD-R and DVD-RAM.
        reads: 0x3F,
        writes: writes(),
        // Buffer underruns do no harm; mode 2 form 1 and several sessions; commands for digital audio.
        others: [0xD0, 0x01, 0],
        mechanism: Mechanism::Tray,
        can_eject: true,
        prevent_jumper: false,
        locked: drive.state.removal() == Removal::Prevented,
        can_lock: true,
        maximum_read_kb_s: Some(drive.mechanics.top_speed_kb_s()),
        buffer_kib: u16::try_from(family.buffer_bytes() / 1024).ok(),
        read_kb_s: Some(drive.mechanics.speed_kb_s()),
        maximum_write_kb_s: Some(speed(speeds.first().copied().unwrap_or(0))),
        write_kb_s: Some(speed(drive.write_kb_s())),
        write_speeds: listed.collect(),
    }
}

/// What the drive can write at all, whatever is in it. DVD+R, DVD+RW and BD came after this page.
fn writes() -> u8 {
    const TEST: u8 = 1 << 2;
    let bit = |kind, bit: u8| if Rules::of(kind).is_some() { 1_u8 << bit } else { 0 };
    let simulated = bit(DiscKind::CdR, 0) | bit(DiscKind::CdRw, 1) | bit(DiscKind::DvdR, 4);
    let test = if simulated == 0 { 0 } else { TEST };
    simulated | test | bit(DiscKind::DvdRam, 5)
}
