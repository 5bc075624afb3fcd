//! This module knows the account of a rip: the last lines that a person keeps, and the file beside the image.

use std::path::Path;

use serde::Serialize;

use crate::cli::describe::{
    ClaimsTold, comparison_rows, damage_lines, damage_rows, digest_map, digest_rows, disc_line, disc_words, drive_line,
    drive_words, finding_counts, finding_line, image_lines, length_line, matched_name, missing_at_end,
    no_raw_form_words, size_rows, sum_rows, sum_shapes, volume_lines,
};
use crate::cli::escape::escaped;
use crate::cli::json::{
    DamageLine, DiscLine, DriveLine, Facts, FindingLine, LengthLine, ResultLine, VolumeLine, rounded,
};
use crate::cli::listen::place;
use crate::cli::quantity::{bytes, counted, grouped, share, took};
use crate::cli::sheet::Sheet;
use crate::cli::target::{OpenedDrive, state_of};
use crate::cli::voice::Loudness;
use crate::filesystem::{Finding, Severity};
use crate::image::{Disk, Storage, naming};
use crate::linux::DriveNodes;
use crate::reading::Subject;
use crate::rip::{Order, Outcome, Report};

/// Places of damage that are listed; the map has all.
const MOST_PLACES: usize = 10;

/// What a person reads in the end.
pub fn sheet(report: &Report, drive: &OpenedDrive, claims: ClaimsTold) -> Sheet {
    let mut sheet = Sheet::default();
    let label = report.subject.look.label.as_ref().map(|label| format!(", \"{}\"", escaped(label)));
    sheet.row("disc", format!("{}{}", disc_words(&report.subject.medium), label.unwrap_or_default()));
    sheet.row("drive", format!("{} ({})", drive_words(&report.subject.drive), drive.name));
    size_rows(&report.subject.size, claims, &mut sheet);
    files(report, &mut sheet);
    sectors(report, &mut sheet);
    digest_rows(&report.digests, &mut sheet);
    sheet.row_if("raw form", no_raw_form_words(report.no_raw_form).filter(|_| !report.digests.image.is_empty()));
    let sums = report.sums.as_ref().filter(|sums| !sums.all.is_empty() || sums.files.is_some());
    if let Some(judgement) = &report.judgement {
        sum_rows(sums, judgement, &mut sheet);
    }
    for comparison in &report.comparisons {
        comparison_rows(comparison, &mut sheet);
    }
    let busy = report.drive_busy().map(|busy| format!(", drive busy {}", share(busy))).unwrap_or_default();
    sheet.row("time", format!("{}, reading {}{busy}", took(report.elapsed), took(report.reading)));
    sheet
}

fn files(report: &Report, sheet: &mut Sheet) {
    let Some(files) = &report.files else { return };
    match report.outcome {
        Outcome::Complete | Outcome::DamageAccepted => {
            sheet.row("image", files.output.display().to_string());
            for list in &files.lists {
                sheet.more(list.display().to_string());
            }
        }
        Outcome::Damaged | Outcome::PartOfDisc | Outcome::Interrupted | Outcome::GaveUp(_) | Outcome::Failed => {
            sheet.row("unfinished", files.unfinished.part.display().to_string());
            sheet.more(files.unfinished.map.display().to_string());
        }
    }
    sheet.row_if("same as", files.same_as.as_ref().map(|path| path.display().to_string()));
}

fn sectors(report: &Report, sheet: &mut Sheet) {
    let whole = format!("{} ({})", counted(report.sectors.0.into(), "sector"), bytes(report.sectors.bytes()));
    let bad = report.bad_count();
    if report.missing.is_zero() {
        sheet.row("read", format!("all of {whole}"));
    } else {
        sheet.row("read", format!("all but {} of {whole}", grouped(report.missing.0.into())));
    }
    if report.outcome == Outcome::PartOfDisc && report.order == Order::UsedOnly {
        sheet.more("what the filesystem does not use was left out");
    }
    if !report.resumed.is_zero() {
        sheet.more(format!("{} of them by an earlier call", counted(report.resumed.0.into(), "sector")));
    }
    if !report.recovered.is_zero() {
        sheet.more(format!(
            "the drive had to try again within reads of {}",
            counted(report.recovered.0.into(), "sector")
        ));
    }
    if !bad.is_zero() {
        sheet.row("bad", counted(bad.0.into(), "sector"));
        // Names say more than places, where there are names.
        if let Some(judgement) = report.judgement.as_ref().filter(|judgement| !judgement.damage.all.is_empty()) {
            damage_rows("", &judgement.damage, sheet);
            return;
        }
        for range in report.bad.iter().take(MOST_PLACES) {
            sheet.more(place(*range));
        }
        if let Some(more) = report.bad.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
            sheet.more(format!(
                "and at {}, which the map has",
                counted(more.try_into().unwrap_or(u64::MAX), "more place")
            ));
        }
    }
}

/// Errors and warnings; the rest for who asked for more. On a damaged disc the losses are told by name already.
pub fn findings_told(report: &Report, loudness: Loudness) -> impl Iterator<Item = &Finding> {
    let least = if loudness >= Loudness::Verbose { Severity::Info } else { Severity::Warning };
    report.findings.iter().filter(move |finding| finding.severity >= least)
}

/// What the `result` line has of it.
pub fn facts(report: &Report) -> Facts {
    let output = report.files.as_ref().map(|files| match report.outcome {
        Outcome::Complete | Outcome::DamageAccepted => &files.output,
        Outcome::Damaged | Outcome::PartOfDisc | Outcome::Interrupted | Outcome::GaveUp(_) | Outcome::Failed => {
            &files.unfinished.part
        }
    });
    let judged = report.judgement.as_ref();
    let at_end = judged.and_then(|judgement| missing_at_end(&judgement.image)).unwrap_or(0);
    Facts {
        output: output.map(|path| path.display().to_string()),
        sectors: Some(report.sectors.0),
        bytes: Some(report.sectors.bytes()),
        bad_sectors: Some(report.bad_count().0),
        missing_bytes: Some(report.missing.bytes().saturating_add(at_end)),
        digests: digest_map(&report.digests),
        matched: report.comparisons.iter().find_map(matched_name),
        sums: sum_shapes(report.sums.as_ref(), report.judgement.as_ref()),
        findings: report.judgement.as_ref().map(|_| finding_counts(&report.findings)),
        drive_busy: report.drive_busy().map(|busy| rounded(busy, 4)),
        seconds: Some(rounded(report.elapsed.as_secs_f64(), 3)),
        drive_seconds: Some(rounded(report.drive_time.as_secs_f64(), 3)),
        media_id: report.subject.medium.media_id.clone(),
        extracted: None,
        burnt: None,
    }
}

/// What drive and disc it is, as far as that is known before anything is read.
pub fn lines(subject: &Subject, nodes: Option<&DriveNodes>) -> (DriveLine, DiscLine, Vec<VolumeLine>) {
    let medium = &subject.medium;
    (
        drive_line(&subject.drive, nodes, Some(medium), Some(state_of(medium.status))),
        disc_line(medium, Some(&subject.size)),
        volume_lines(&subject.look),
    )
}

/// The file beside the image.
#[derive(Serialize)]
struct Account<'a> {
    /// Comes first, so that an account is known by it.
    discwright: &'static str,
    date: Option<String>,
    label: Option<&'a str>,
    /// In which sectors were read.
    order: String,
    drive: DriveLine,
    disc: DiscLine,
    volumes: Vec<VolumeLine>,
    length: Option<LengthLine>,
    damage: Vec<DamageLine>,
    findings: Vec<FindingLine<'a>>,
    result: &'a ResultLine,
}

const FIRST_WORD: &str = "{\n  \"discwright\":";

/// Writes the account; a file of that name that is none is left alone, and that is the sentence that comes back.
pub fn write(report: &Report, drive: &OpenedDrive, result: &ResultLine) -> Result<(), String> {
    let Some(files) = &report.files else { return Ok(()) };
    let path = naming::account(&files.output);
    if !is_ours_or_nothing(&path) {
        return Err(format!("{} exists and is no account: it is left as it is", path.display()));
    }
    let subject = &report.subject;
    let (drive_line, disc, first) = lines(subject, drive.nodes.as_ref());
    let volumes = report.judgement.as_ref().map_or(first, |judgement| image_lines(&subject.look, judgement));
    let account = Account {
        discwright: env!("CARGO_PKG_VERSION"),
        date: jiff::Timestamp::try_from(drive.clock.date()).ok().map(|t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        label: report.subject.look.label.as_deref(),
        order: report.order.to_string(),
        drive: drive_line,
        disc,
        volumes,
        length: report.judgement.as_ref().and_then(|judgement| length_line(&judgement.image)),
        damage: damage_lines(report.judgement.as_ref().map(|judgement| &judgement.damage), &report.bad),
        findings: report.findings.iter().map(finding_line).collect(),
        result,
    };
    let failed = |error: &dyn std::fmt::Display| format!("the account {} cannot be written: {error}", path.display());
    let mut text = serde_json::to_vec_pretty(&account).map_err(|e| failed(&e))?;
    text.push(b'\n');
    Disk.write_durably(&path, &text).map_err(|e| failed(&e))
}

fn is_ours_or_nothing(path: &Path) -> bool {
    use std::io::Read;
    let mut start = vec![0; FIRST_WORD.len()];
    match std::fs::File::open(path) {
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        Ok(mut file) => file.read_exact(&mut start).is_ok() && start == FIRST_WORD.as_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_account_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.iso.json");
        assert!(is_ours_or_nothing(&path));
        std::fs::write(&path, "{\n  \"discwright\": \"0.1.0\"\n}\n").unwrap();
        assert!(is_ours_or_nothing(&path));
        std::fs::write(&path, "{}").unwrap();
        assert!(!is_ours_or_nothing(&path));
    }
}
