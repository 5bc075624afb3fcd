//! This module knows the account of a burn: the plan before, the last lines behind, and the file that is kept.

use std::path::PathBuf;

use serde::Serialize;

use super::Args;
use crate::burn::{Left, Plan, Proposal, Remains, Report, Simulation, Verdict, Verification};
use crate::cli::describe::{
    damage_lines, damage_rows, digest_map, digest_rows, disc_line, disc_words, drive_line, drive_words,
};
use crate::cli::escape::escaped;
use crate::cli::explain::remains_words;
use crate::cli::json::{BurnFacts, DamageLine, DiscLine, DriveLine, Facts, PlanLine, ResultLine, rounded};
use crate::cli::quantity::{bytes, counted, grouped, rate, share, times, took};
use crate::cli::sheet::Sheet;
use crate::cli::target::{OpenedDrive, state_of};
use crate::image::{Disk, Storage, naming};
use crate::sector::SectorRange;

/// What a person reads before anything is written.
pub fn plan_sheet(proposal: &Proposal<'_>, name: &str, verification: Verification) -> Sheet {
    let plan = proposal.plan;
    let mut sheet = Sheet::default();
    let made = plan.media_id.as_ref().map(|id| format!(", {}", escaped(id))).unwrap_or_default();
    sheet.row("disc", format!("{}{made}", disc_words(proposal.medium)));
    sheet.row("drive", format!("{} ({name})", drive_words(proposal.drive)));
    sheet.row("plan", format!("written {}{}", plan.mode, at_speed(plan)));
    sheet.more(match plan.sectors {
        Some(sectors) => {
            let padding = match plan.padding_bytes {
                None | Some(0) => String::new(),
                Some(padding) => format!(", {} of padding in them", counted(padding, "byte")),
            };
            let of = counted(sectors.0.into(), "sector");
            format!("{of} ({}) from sector {}{padding}", bytes(sectors.bytes()), plan.start)
        }
        None => format!("from sector {}, as much as comes: {} at most", plan.start, bytes(plan.room.bytes())),
    });
    if let Some(there) = plan.resumes {
        sheet.more(format!("{} of it are there from a burn that was cut off", counted(there.0.into(), "sector")));
    }
    if let Some(at) = plan.layer_break {
        sheet.more(format!("the second layer begins after {}", counted(at.0.into(), "sector")));
    }
    if !plan.run_out.is_zero() {
        let count = counted(plan.run_out.0.into(), "sector");
        sheet.more(format!("{count} of run-out behind it, which count as the disc's and do not read"));
    }
    sheet.more(match plan.left {
        Left::Closed => "closed behind it, so that it reads everywhere",
        Left::Open => "left open for another session",
        Left::Rewritable => "it can be written over at any time",
    });
    if plan.grows {
        sheet.more("the descriptors at sector 16 are replaced by its own, so that the disc shows it");
    }
    if plan.overwrites {
        sheet.more("what is on the disc now will be lost");
    }
    match plan.simulation {
        Simulation::No => {}
        Simulation::LaserOff => {
            sheet.more("simulated: the laser stays off");
        }
        Simulation::PlanAlone => {
            sheet.more("such a disc cannot be simulated: this plan is all");
        }
    }
    let is_read_back = verification == Verification::ReadBack && plan.simulation == Simulation::No;
    let again = if is_read_back { ", and as long again to read it back" } else { "" };
    sheet.row_if("time", plan.time.map(|time| format!("about {}{again}", roughly(time))));
    sheet
}

fn at_speed(plan: &Plan) -> String {
    let Some(speed) = plan.speed else { return String::new() };
    let multiple = f64::from(speed.write_kb_s) / plan.kind.family().one_x_kb_s();
    format!(" at {} ({} kB/s)", times(multiple).trim(), grouped(speed.write_kb_s.into()))
}

/// Whole minutes, unless it is quicker.
fn roughly(time: std::time::Duration) -> String {
    match time.as_secs() {
        seconds @ 0..90 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

/// What a person reads in the end.
pub fn sheet(report: &Report, args: &Args, opened: &OpenedDrive) -> Sheet {
    let mut sheet = Sheet::default();
    if report.verdict == Verdict::PlanAlone {
        return sheet_of_nothing(report);
    }
    sheet.row("image", escaped(&args.image.to_string_lossy()));
    sheet.row("onto", format!("{} in {} ({})", report.plan.kind, drive_words(&report.drive), opened.name));
    let padding = report.written.bytes().saturating_sub(report.image_bytes);
    let padded = if padding == 0 { String::new() } else { format!(", and {} of padding", counted(padding, "byte")) };
    let what = if report.verdict == Verdict::Simulated { "sent" } else { "written" };
    sheet.row(what, format!("{} ({}){padded}", counted(report.image_bytes, "byte"), bytes(report.image_bytes)));
    if report.finished && !report.plan.run_out.is_zero() && report.plan.simulation == Simulation::No {
        sheet.more(format!("with {} of run-out behind it", counted(report.plan.run_out.0.into(), "sector")));
    }
    if let Some(speed) = report.bytes_per_second() {
        let one_x = report.medium.one_x_bytes_per_second();
        let least = report.pace.least_fill.map(|fill| match fill {
            0.005.. => format!(", its buffer never below {}", share(fill.into())),
            _ => ", its buffer ran empty".to_owned(),
        });
        let busy = report.drive_busy().map(|busy| format!(", drive busy {}", share(busy))).unwrap_or_default();
        let speed = format!("{} ({})", times(speed / one_x).trim(), rate(speed).trim());
        sheet.row("speed", format!("{speed}{busy}{}", least.unwrap_or_default()));
    }
    if report.pace.starved.as_secs() > 0 {
        sheet.more(format!("the drive waited {} for the image", took(report.pace.starved)));
    }
    digest_rows(&report.digests, &mut sheet);
    match (&report.verdict, &report.read_back) {
        (Verdict::Same, _) => {
            sheet.row("read back", "every byte is the image's");
        }
        (Verdict::Differs, Some(found)) => {
            let bad: u64 = found.bad.iter().map(|range| u64::from(range.count().0)).sum();
            let (differing, bad) = (counted(found.differing_count.0.into(), "sector"), counted(bad, "sector"));
            sheet.row("read back", format!("{differing} differing, {bad} unreadable"));
            damage_rows("", &found.damage, &mut sheet);
        }
        (Verdict::Simulated, _) => {
            sheet.row("simulated", "the laser was off");
        }
        (Verdict::NotVerified | Verdict::Differs | Verdict::PlanAlone, _) => {
            sheet.row("read back", "not asked for");
        }
    }
    let reading = report.read_back.as_ref().map(|found| format!(", reading back {}", took(found.elapsed)));
    let writing = took(report.pace.lap.elapsed);
    sheet.row("time", format!("{}, writing {writing}{}", took(report.elapsed), reading.unwrap_or_default()));
    sheet
}

fn sheet_of_nothing(report: &Report) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.row("written", format!("nothing: a {} cannot be simulated", report.plan.kind));
    sheet
}

/// What the `result` line has of it.
pub fn facts(report: &Report) -> Facts {
    let found = report.read_back.as_ref();
    Facts {
        sectors: Some(u32::try_from(report.image_bytes.div_ceil(2048)).unwrap_or(u32::MAX)),
        bytes: Some(report.image_bytes),
        bad_sectors: found.map(|found| found.bad.iter().map(|range| range.count().0).fold(0, u32::saturating_add)),
        digests: digest_map(&report.digests),
        drive_busy: report.drive_busy().map(|busy| rounded(busy, 4)),
        seconds: Some(rounded(report.elapsed.as_secs_f64(), 3)),
        drive_seconds: Some(rounded(report.pace.lap.drive_time.as_secs_f64(), 3)),
        media_id: report.medium.media_id.clone(),
        burnt: Some(BurnFacts {
            verified: match report.verdict {
                Verdict::Same => Some(true),
                Verdict::Differs => Some(false),
                Verdict::NotVerified | Verdict::Simulated | Verdict::PlanAlone => None,
            },
            lba: report.plan.start.0,
            written: report.written.0,
            padding_bytes: report.finished.then(|| report.written.bytes().saturating_sub(report.image_bytes)),
            bytes_per_second: report.bytes_per_second().map(|speed| rounded(speed, 0)),
            buffer_least: report.pace.least_fill.map(|fill| rounded(fill.into(), 4)),
            starved_seconds: rounded(report.pace.starved.as_secs_f64(), 3),
            differing_sectors: found.map(|found| found.differing_count.0),
            remains: report.remains.map(remains_name),
        }),
        ..Facts::default()
    }
}

fn remains_name(remains: Remains) -> &'static str {
    match remains {
        Remains::Blank => "blank",
        Remains::Untouched => "untouched",
        Remains::AtWork => "at-work",
        Remains::Full => "full",
        Remains::Open { .. } => "open",
        Remains::Torn { .. } => "torn",
        Remains::Track { .. } => "track",
        Remains::Unfinished => "unfinished",
        Remains::Appendable => "appendable",
        Remains::Closed => "closed",
        Remains::AsBefore => "as-before",
        Remains::PartlyOverwritten => "partly-overwritten",
        Remains::Unwritten => "unwritten",
        Remains::Unknown => "unknown",
    }
}

/// The file that is kept.
#[derive(Serialize)]
struct Account<'a> {
    /// Comes first, so that an account is known by it.
    discwright: &'static str,
    date: Option<String>,
    image: String,
    drive: DriveLine,
    disc: DiscLine,
    plan: PlanLine,
    damage: Vec<DamageLine>,
    remains: Option<String>,
    result: &'a ResultLine,
}

/// Writes the account, and tells where it is; where that cannot be, the sentence that comes back says why.
pub fn keep(report: &Report, result: &ResultLine, args: &Args, opened: &OpenedDrive) -> Result<PathBuf, String> {
    let folder = state_folder().ok_or("no account is kept: neither XDG_STATE_HOME nor HOME is set")?;
    let now = jiff::Timestamp::try_from(opened.clock.date()).ok();
    let stamp = now.map_or_else(|| "undated".to_owned(), |now| now.strftime("%Y%m%dT%H%M%SZ").to_string());
    let path = folder.join(format!("burn-{stamp}.json"));
    let failed = |error: &dyn std::fmt::Display| format!("the account {} cannot be written: {error}", path.display());
    std::fs::create_dir_all(&folder).map_err(|e| failed(&e))?;
    let free = naming::first_free(&path, |path| path.exists()).unwrap_or_else(|| path.clone());
    let lost = report.read_back.as_ref().map(|found| {
        let all = SectorRange::joined(found.differing.iter().chain(&found.bad).copied().collect());
        if all.is_empty() { Vec::new() } else { damage_lines(Some(&found.damage), &all) }
    });
    let medium = &report.medium;
    let account = Account {
        discwright: env!("CARGO_PKG_VERSION"),
        date: now.map(|now| now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        image: args.image.to_string_lossy().into_owned(),
        drive: drive_line(&report.drive, opened.nodes.as_ref(), Some(medium), Some(state_of(medium.status))),
        disc: disc_line(medium, None),
        plan: PlanLine::from(&report.plan),
        damage: lost.unwrap_or_default(),
        remains: report.remains.map(remains_words),
        result,
    };
    let mut text = serde_json::to_vec_pretty(&account).map_err(|e| failed(&e))?;
    text.push(b'\n');
    Disk.write_durably(&free, &text).map_err(|e| failed(&e))?;
    Ok(free)
}

/// `$XDG_STATE_HOME/discwright`, or what stands for it.
fn state_folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").filter(|path| path.is_absolute());
    state.or_else(|| Some(set("HOME")?.join(".local/state"))).map(|state| state.join("discwright"))
}
