//! This module knows how an image gets onto a disc, decided before anything is written: a value. The same disc, image and
//! wishes make the same plan.

mod bd;
mod capacity;
mod cd;
mod dash;
mod overwritable;
mod parameters;
mod plus;
mod proven;
mod refusal;
mod step;
mod wishes;

use std::time::Duration;

pub use parameters::{increments_to_close, track_at_once_to_close};
pub use refusal::{Complaint, Refusal};
pub use step::Step;
pub use wishes::{Afterwards, DefectManagement, Size, Wishes};

use crate::drive::{
    DiscStatus, MediumFamily, MediumKind, NextSession, Speed, Writability, WriteParameters, WriteSpeedStep,
};
use crate::sector::{Lba, SectorCount};

/// How sectors follow each other on the disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Anywhere, over what was there.
    InPlace,
    /// One after the other, with a border behind: the size need not be known.
    Increments,
    /// CD: a track, with two sectors of run-out behind it.
    TrackAtOnce,
    /// CD: lead-in, data and lead-out in one go. The size is known.
    SessionAtOnce,
    /// DVD-R and DVD-RW: the same.
    DiscAtOnce,
}

/// In what state the disc is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing can be added; it reads everywhere.
    Closed,
    /// Another session can follow.
    Open,
    /// As before: it can be written over at any time.
    Rewritable,
}

/// Writing without the laser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Simulation {
    No,
    /// The drive does all but that.
    LaserOff,
    /// There is no such thing on this disc: the plan is all.
    PlanAlone,
}

/// What will be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub kind: MediumKind,
    pub media_id: Option<String>,
    pub mode: Mode,
    /// Where the image begins on the disc.
    pub start: Lba,
    /// So many sectors of it are there from an earlier burn, which this one goes on with.
    pub resumes: Option<SectorCount>,
    /// Bytes of the image; `None` where it ends when it ends.
    pub image_bytes: Option<u64>,
    /// What is written, with its padding; `None` where that is not known.
    pub sectors: Option<SectorCount>,
    /// Zeros behind the image, in bytes.
    pub padding_bytes: Option<u64>,
    /// Where this much was written, the disc is full.
    pub room: SectorCount,
    /// The last write is padded to a multiple.
    pub granule: SectorCount,
    /// Fewer than these make no track.
    pub least: SectorCount,
    /// In each WRITE.
    pub transfer: SectorCount,
    /// WRITE (12) that streams.
    pub streaming: bool,
    /// `None` where the drive offers none.
    pub speed: Option<WriteSpeedStep>,
    /// The next one below, for a drive that cannot calibrate its laser at `speed`.
    pub slower: Option<WriteSpeedStep>,
    pub layer_break: Option<SectorCount>,
    pub prepare: Vec<Step>,
    pub finish: Vec<Step>,
    pub left: Left,
    pub simulation: Simulation,
    /// Sectors before the image that the host writes as well: the pre-gap of a CD at once.
    pub pre_gap: SectorCount,
    /// Sectors behind the image that count as the track's, and that no drive reads: of a CD's track at once.
    pub run_out: SectorCount,
    /// What is on the disc now is lost.
    pub overwrites: bool,
    /// On a disc without sessions: the image goes behind the volume that is there, and its descriptors take the place of
    /// that one's.
    pub grows: bool,
    /// To write and to close, as far as the speeds hold; `None` where there is nothing to reckon with.
    pub time: Option<Duration>,
}

/// What a medium asks for: a row of the table that the files beside this one are.
#[derive(Debug, Clone, PartialEq)]
struct Recipe {
    mode: Mode,
    start: Lba,
    resumes: Option<SectorCount>,
    /// From `start` on.
    room: SectorCount,
    granule: u32,
    least: u32,
    pre_gap: u32,
    run_out: u32,
    prepare: Vec<Step>,
    finish: Vec<Step>,
    left: Left,
    simulates: bool,
    overwrites: bool,
    grows: bool,
    streaming: bool,
    layer_break: Option<SectorCount>,
    /// What closing takes.
    closing: Duration,
}

impl Recipe {
    /// For discs of `granule` sectors that are written from `start` on, and have `room`.
    fn new(mode: Mode, start: Lba, room: SectorCount, granule: u32) -> Self {
        Self {
            mode,
            start,
            resumes: None,
            room,
            granule,
            least: 0,
            pre_gap: 0,
            run_out: 0,
            prepare: Vec::new(),
            finish: vec![Step::Synchronise],
            left: Left::Closed,
            simulates: false,
            overwrites: false,
            grows: false,
            streaming: false,
            layer_break: None,
            closing: Duration::from_secs(30),
        }
    }
}

/// The disc's word on what fits is not the last one: a CD at once takes more, where somebody wants that. One of 99
/// minutes, which the groove cannot tell, has a quarter more than it says; none has more than that.
const MOST_BEYOND: u32 = 4;

/// What to do to have an image of `size` on the disc that `disc` tells of.
///
/// # Errors
/// Why it cannot be there; nothing was touched.
pub fn plan(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Plan, Refusal> {
    let refused = |complaint| Refusal { kind: disc.kind, complaint };
    if size == Size::Known(0) {
        return Err(refused(Complaint::EmptyImage));
    }
    if let Some(by) = disc.protected_by {
        return Err(refused(Complaint::WriteProtected { by }));
    }
    let recipe = recipe(disc, size, wishes).map_err(refused)?;
    wishes::check(disc.kind, recipe.mode, wishes).map_err(refused)?;
    let needed = size.sectors();
    if let Some(image) = needed.filter(|image| *image > recipe.room) {
        let room = recipe.room;
        let may_fit = recipe.mode == Mode::SessionAtOnce && image.0 <= room.0.saturating_add(room.0 / MOST_BEYOND);
        if !may_fit || !wishes.overburn {
            let enough = capacity::enough_for(image);
            return Err(refused(Complaint::TooLarge { image, room, enough, overburn: may_fit }));
        }
    }
    if !proven::has_run(disc.kind, recipe.mode) {
        return Err(refused(Complaint::Unproven { mode: recipe.mode }));
    }
    Ok(assembled(disc, size, wishes, recipe))
}

fn recipe(disc: &Writability, size: Size, wishes: &Wishes) -> Result<Recipe, Complaint> {
    match disc.kind {
        MediumKind::DvdPlusR | MediumKind::DvdPlusRDl => plus::sequential(disc, size, wishes),
        MediumKind::DvdPlusRw => plus::rewritable(disc, size, wishes),
        MediumKind::DvdR | MediumKind::DvdRDl | MediumKind::DvdRwSequential => dash::sequential(disc, size, wishes),
        MediumKind::DvdRw => dash::restricted(disc, size, wishes),
        MediumKind::DvdRam => overwritable::dvd_ram(disc, wishes),
        MediumKind::BdR => bd::sequential(disc, size, wishes),
        MediumKind::BdRe => overwritable::bd_re(disc, wishes),
        MediumKind::CdR | MediumKind::CdRw => cd::track(disc, size, wishes),
        MediumKind::CdRom | MediumKind::DvdRom | MediumKind::BdRom | MediumKind::HdDvdRom | MediumKind::Unknown => {
            Err(Complaint::NotRecordable)
        }
        MediumKind::DvdRwDl
        | MediumKind::DvdPlusRwDl
        | MediumKind::HdDvdR
        | MediumKind::HdDvdRw
        | MediumKind::HdDvdRam => Err(Complaint::NotSupported),
    }
}

fn assembled(disc: &Writability, size: Size, wishes: &Wishes, recipe: Recipe) -> Plan {
    let speed = chosen_speed(disc, wishes.speed);
    let sectors = size.sectors().map(|image| {
        let whole = image.0.max(recipe.least).checked_next_multiple_of(recipe.granule.max(1));
        SectorCount(whole.unwrap_or(image.0))
    });
    let image_bytes = size.bytes();
    let padding_bytes = sectors.zip(image_bytes).map(|(sectors, bytes)| sectors.bytes().saturating_sub(bytes));
    let simulation = match (wishes.simulate, recipe.simulates) {
        (false, _) => Simulation::No,
        (true, true) => Simulation::LaserOff,
        (true, false) => Simulation::PlanAlone,
    };
    let mut prepare = Vec::new();
    let (parameters, others): (Vec<Step>, Vec<Step>) =
        recipe.prepare.into_iter().partition(|step| matches!(step, Step::WriteParameters(_)));
    prepare.extend(parameters);
    // Always set: a speed that somebody else has set outlasts the disc that it was for.
    prepare.extend(speed.map(Step::Speed));
    prepare.extend(others);
    let left = sectors.map(|sectors| SectorCount(sectors.0.saturating_sub(recipe.resumes.unwrap_or_default().0)));
    let time = speed.zip(left).map(|(speed, sectors)| {
        // What it does not stream, a drive that could reads back by itself.
        let passes = if disc.abilities.streaming && !recipe.streaming { 2 } else { 1 };
        let writing = seconds_for(sectors, speed.write_kb_s, disc.kind.family()).saturating_mul(passes);
        writing.saturating_add(recipe.closing)
    });
    Plan {
        kind: disc.kind,
        media_id: disc.media_id.clone(),
        mode: recipe.mode,
        start: recipe.start,
        resumes: recipe.resumes,
        image_bytes,
        sectors,
        padding_bytes,
        room: recipe.room,
        granule: SectorCount(recipe.granule),
        least: SectorCount(recipe.least),
        transfer: SectorCount(transfer(disc.kind.family())),
        streaming: recipe.streaming,
        speed,
        slower: speed.and_then(|speed| next_below(disc, speed)),
        layer_break: recipe.layer_break,
        finish: finish(recipe.finish, &prepare, simulation),
        prepare,
        left: recipe.left,
        simulation,
        pre_gap: SectorCount(recipe.pre_gap),
        run_out: SectorCount(recipe.run_out),
        overwrites: recipe.overwrites,
        grows: recipe.grows,
        time,
    }
}

/// Write parameters outlast the burn that they were for: where the laser was off, nobody else is to find it so.
fn finish(mut steps: Vec<Step>, prepare: &[Step], simulation: Simulation) -> Vec<Step> {
    if simulation == Simulation::LaserOff {
        for step in prepare {
            if let Step::WriteParameters(off) = step {
                steps.push(Step::WriteParameters(Box::new(WriteParameters { test_write: false, ..**off })));
            }
        }
    }
    steps
}

/// 64 KiB where that is whole ECC blocks; more than that not every kernel and bridge carries. CD writers are used to 32.
fn transfer(family: MediumFamily) -> u32 {
    match family {
        MediumFamily::Cd => 16,
        MediumFamily::Dvd | MediumFamily::Bd | MediumFamily::Unknown => 32,
    }
}

/// The fastest that is not above the wish; the slowest where all are.
fn chosen_speed(disc: &Writability, wish: Speed) -> Option<WriteSpeedStep> {
    let most = match wish {
        Speed::Best => f64::INFINITY,
        Speed::KbS(kb_s) => f64::from(kb_s),
        Speed::Times(times) => times * disc.kind.family().one_x_kb_s(),
    };
    // 2.4x is written as 3324 kB/s by some, and 3323 by others.
    let fits = |step: &&WriteSpeedStep| f64::from(step.write_kb_s) <= most * 1.01;
    disc.speeds.iter().find(fits).or(disc.speeds.last()).copied()
}

/// The next speed that is slower by more than rounding.
fn next_below(disc: &Writability, speed: WriteSpeedStep) -> Option<WriteSpeedStep> {
    let slower = |step: &&WriteSpeedStep| f64::from(step.write_kb_s) < f64::from(speed.write_kb_s) * 0.95;
    disc.speeds.iter().find(slower).copied()
}

/// How long so many sectors take; drives count raw sectors on a CD.
fn seconds_for(sectors: SectorCount, kb_s: u32, family: MediumFamily) -> Duration {
    let raw = match family {
        MediumFamily::Cd => 2352.0,
        MediumFamily::Dvd | MediumFamily::Bd | MediumFamily::Unknown => 2048.0,
    };
    let seconds = f64::from(sectors.0) * raw / (f64::from(kb_s.max(1)) * 1000.0);
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Where an image begins on a disc that can be written over: at its beginning, or behind the volume that is there.
fn start_in_place(disc: &Writability, has_format: bool, wishes: &Wishes) -> Result<Lba, Complaint> {
    if !wishes.append {
        return Ok(Lba(0));
    }
    if !has_format || disc.status == DiscStatus::Empty {
        return Err(Complaint::NothingToAppendTo);
    }
    let place = disc.volume.and_then(NextSession::behind).ok_or(Complaint::NothingToGrow)?;
    Ok(place.next)
}

/// Where a disc that is written one sector after the other goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    track: u16,
    start: Lba,
    resumes: Option<SectorCount>,
    /// From `start` on.
    room: SectorCount,
}

/// What such a disc has to say before anything is added to it. One that was left in the middle of a track is gone on with
/// where that is the beginning of an image as long as this one: whether it is this one is seen when it is read.
fn next_on(disc: &Writability, size: Size, granule: u32, wishes: &Wishes) -> Result<Place, Complaint> {
    use crate::drive::SessionState;
    match (disc.status, disc.last_session) {
        (DiscStatus::Finalized | DiscStatus::Other, _) => return Err(Complaint::Complete),
        (DiscStatus::Incomplete, SessionState::Incomplete | SessionState::Damaged) => {
            return left_open(disc, size, granule);
        }
        (DiscStatus::Incomplete, _) if !wishes.append && disc.sessions > 1 => return Err(Complaint::HasData),
        (DiscStatus::Empty, _) if wishes.append => return Err(Complaint::NothingToAppendTo),
        (DiscStatus::Incomplete | DiscStatus::Empty, _) => {}
    }
    let next = disc.next.filter(|next| !next.damaged).ok_or(Complaint::NoNextWritable)?;
    let start = next.next_writable.ok_or(Complaint::NoNextWritable)?;
    Ok(Place { track: next.number, start, resumes: None, room: next.free })
}

fn left_open(disc: &Writability, size: Size, granule: u32) -> Result<Place, Complaint> {
    // What a power cut has damaged can be gone on with where there is an address for it.
    let next = disc.next.ok_or(Complaint::NoNextWritable)?;
    if is_unfinished(disc) {
        return Err(Complaint::LeftUnfinished);
    }
    let at = next.next_writable.ok_or(Complaint::NoNextWritable)?;
    let there = SectorCount(at.0.saturating_sub(next.start.0));
    // All of it, padding and all, still has to be closed.
    let padded = size.sectors().and_then(|image| image.0.checked_next_multiple_of(granule.max(1)));
    let can_go_on = padded.is_some_and(|padded| padded >= there.0) && there.0.is_multiple_of(granule.max(1));
    if there.is_zero() || !can_go_on {
        return Err(Complaint::LeftOpen);
    }
    let room = SectorCount(there.0.saturating_add(next.free.0));
    Ok(Place { track: next.number, start: next.start, resumes: Some(there), room })
}

/// Whether the disc was to be written at once, which takes the whole of it first. On a DVD+R an open track counts as taken,
/// too, and goes on.
pub(in crate::burn) fn is_unfinished(disc: &Writability) -> bool {
    let at_once = matches!(disc.kind, MediumKind::DvdR | MediumKind::DvdRDl | MediumKind::DvdRwSequential);
    at_once && disc.status == DiscStatus::Incomplete && disc.next.is_some_and(|next| next.reserved || !next.incremental)
}

#[cfg(test)]
mod tests;
