//! This module knows what a verification holds against an image, as findings.

use crate::cli::json::{FindingCounts, FindingLine};
use crate::cli::quantity::{bytes, counted};
use crate::event::Grade;
use crate::filesystem::{Content, FirstLook, Problem, ProblemKind, SizeJudgement};
use crate::sector::{Lba, SectorCount, SectorRange};
use crate::verify::MapState;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    pub grade: Grade,
    pub origin: Origin,
    pub lba: Option<Lba>,
    pub text: String,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Damage,
    Mastering,
    Truncation,
    Unknown,
}

impl Origin {
    pub fn word(self) -> &'static str {
        match self {
            Origin::Damage => "damage",
            Origin::Mastering => "mastering",
            Origin::Truncation => "truncation",
            Origin::Unknown => "unknown",
        }
    }
}

pub fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::Info => "info",
        Grade::Warning => "warning",
        Grade::Error => "error",
    }
}

impl Finding {
    fn new(rule: &'static str, grade: Grade, origin: Origin, text: impl Into<String>) -> Self {
        Self { rule, grade, origin, lba: None, text: text.into() }
    }

    fn at(self, lba: Lba) -> Self {
        Self { lba: Some(lba), ..self }
    }

    pub fn line(&self) -> FindingLine<'_> {
        FindingLine {
            rule: self.rule,
            severity: self.grade,
            origin: self.origin.word(),
            lba: self.lba.map(|lba| lba.0),
            byte: None,
            path: None,
            text: &self.text,
        }
    }
}

pub fn count(findings: &[Finding]) -> FindingCounts {
    let of = |grade| u32::try_from(findings.iter().filter(|f| f.grade == grade).count()).unwrap_or(u32::MAX);
    FindingCounts { error: of(Grade::Error), warning: of(Grade::Warning), info: of(Grade::Info) }
}

/// Of what the filesystem says at first sight.
pub fn of_look(look: &FirstLook, sectors: SectorCount) -> Vec<Finding> {
    let mut findings: Vec<Finding> = look.problems.iter().map(of_problem).collect();
    findings.extend(match look.content {
        Content::Filesystem => None,
        Content::NotAnImage(kind) => {
            Some(Finding::new("not-an-image", Grade::Error, Origin::Unknown, format!("no image: this is {kind}")))
        }
        Content::AllZero => Some(Finding::new("all-zero", Grade::Error, Origin::Unknown, "nothing but zeros")),
        Content::Unknown if sectors.is_zero() => {
            Some(Finding::new("not-an-image", Grade::Error, Origin::Unknown, "no image: it has not one whole sector"))
        }
        Content::Unknown => {
            Some(Finding::new("no-filesystem", Grade::Warning, Origin::Unknown, "no filesystem that is known here"))
        }
    });
    findings
}

fn of_problem(problem: &Problem) -> Finding {
    let (rule, grade, origin) = match problem.kind {
        ProblemKind::Unreadable => ("unreadable", Grade::Error, Origin::Damage),
        ProblemKind::SourceFailed => ("unreadable", Grade::Error, Origin::Unknown),
        ProblemKind::LookedEnough => ("unreadable", Grade::Warning, Origin::Unknown),
        ProblemKind::Contradiction => ("V05", Grade::Warning, Origin::Mastering),
        ProblemKind::NoTerminator => ("V02", Grade::Error, Origin::Unknown),
        ProblemKind::BadTag => ("U03", Grade::Error, Origin::Unknown),
        ProblemKind::NoAnchor => ("U02", Grade::Error, Origin::Unknown),
        ProblemKind::NoVolumeDescriptors => ("U04", Grade::Error, Origin::Unknown),
    };
    Finding::new(rule, grade, origin, problem.kind.to_string()).at(problem.at)
}

/// Of how long it is, against how long it should be.
pub fn of_size(size: SizeJudgement, trailing_bytes: u64) -> Vec<Finding> {
    let sectors = |count: SectorCount| format!("{} ({})", counted(count.0.into(), "sector"), bytes(count.bytes()));
    let mut findings = Vec::new();
    findings.extend(match size {
        SizeJudgement::Unknown | SizeJudgement::Fits => None,
        SizeJudgement::Padding { sectors: padding } => Some(Finding::new(
            "V12",
            Grade::Info,
            Origin::Mastering,
            format!("{} of padding behind the filesystem", sectors(padding)),
        )),
        SizeJudgement::TrailingData { sectors: trailing } => Some(Finding::new(
            "V12",
            Grade::Warning,
            Origin::Unknown,
            format!("{} behind the end of the filesystem", sectors(trailing)),
        )),
        SizeJudgement::DiscTooSmall { missing } => Some(Finding::new(
            "V11",
            Grade::Error,
            Origin::Truncation,
            format!("{} are missing that the filesystem needs", sectors(missing)),
        )),
    });
    if trailing_bytes > 0 {
        let text = format!("{} after the last whole sector: no disc has that", counted(trailing_bytes, "byte"));
        findings.push(Finding::new("V13", Grade::Warning, Origin::Unknown, text));
    }
    findings
}

/// Of what a map says was never read.
pub fn of_map(map: &MapState) -> Option<Finding> {
    (!map.is_complete()).then(|| {
        let text = format!("missing: {}, says {}", counted(map.missing.0.into(), "sector"), map.path.display());
        let finding = Finding::new("map", Grade::Error, Origin::Damage, text);
        match map.ranges.first() {
            Some(first) => finding.at(first.start()),
            None => finding,
        }
    })
}

/// Of a place that could not be read.
pub fn of_bad(range: SectorRange) -> Finding {
    let text = format!("{} cannot be read", crate::cli::listen::place(range));
    Finding::new("unreadable", Grade::Error, Origin::Damage, text).at(range.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_image_is_an_error_and_a_padded_one_is_not() {
        let cut = of_size(SizeJudgement::DiscTooSmall { missing: SectorCount(147) }, 0);
        assert_eq!((cut[0].rule, cut[0].grade, cut[0].origin), ("V11", Grade::Error, Origin::Truncation));
        assert_eq!(cut[0].text, "147 sectors (301 kB) are missing that the filesystem needs");
        let padded = of_size(SizeJudgement::Padding { sectors: SectorCount(150) }, 0);
        assert_eq!(padded[0].grade, Grade::Info);
    }

    #[test]
    fn half_a_sector_is_a_warning() {
        let findings = of_size(SizeJudgement::Fits, 17);
        assert_eq!(findings[0].text, "17 bytes after the last whole sector: no disc has that");
        assert_eq!(count(&findings).warning, 1);
    }
}
