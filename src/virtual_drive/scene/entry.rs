//! This module knows how a fault is written in a disc file: which keys belong to which kind.

use std::ops::Range;
use std::time::Duration;

use serde::Deserialize;

use super::SceneError;
use crate::scsi::{Sense, SenseKey};
use crate::sector::{Lba, NotARange, SectorCount, SectorRange};
use crate::virtual_drive::fault::{
    BECOMING_READY, BUSY, Extent, Failure, Fault, Incident, Information, MEDIUM_CHANGED, NO_POWER, RECOVERED, Report,
    Retries, Trouble, UNREADABLE, UNWRITABLE, When, WriteTrouble,
};

/// `"100..112"`, or `5000` alone, with quotes or without.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Sectors {
    One(u32),
    Text(String),
}

impl Sectors {
    /// # Errors
    /// A sentence, where this is no range.
    pub fn range(&self) -> Result<SectorRange, String> {
        let one = |lba: u32| SectorRange::with_count(Lba(lba), SectorCount(1));
        match self {
            Sectors::One(lba) => Ok(one(*lba)),
            Sectors::Text(text) => text
                .parse()
                .or_else(|not_a_range| text.trim().parse().map(one).map_err(|_| not_a_range))
                .map_err(|error: NotARange| error.to_string()),
        }
    }
}

/// # Errors
/// A sentence, where this is no time.
pub fn duration(seconds: f64) -> Result<Duration, String> {
    const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|duration| *duration <= LONGEST);
    duration.ok_or_else(|| format!("{seconds} is no time in seconds"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Unreadable,
    Flaky,
    Recovered,
    Slow,
    Lying,
    NotReady,
    UnitAttention,
    TrayOpened,
    Gone,
    Mad,
    Swapped,
    Unwritable,
    Miswritten,
    Truncated,
    Unrecorded,
    Calibration,
    Underrun,
    Busy,
    PowerLoss,
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ExtentName {
    Sector,
    EccBlock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum InformationName {
    Sector,
    Absent,
    EccBlock,
    Command,
    Zero,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RetriesName {
    FromDisc,
    FromCache,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ReportName {
    AtOnce,
    Later,
}

/// A `[[fault]]`, whatever its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultEntry {
    kind: Kind,
    sectors: Option<Vec<Sectors>>,
    sense: Option<String>,
    seconds: Option<f64>,
    extent: Option<ExtentName>,
    information: Option<InformationName>,
    reach: Option<u32>,
    attempts: Option<u32>,
    retries: Option<RetriesName>,
    report: Option<ReportName>,
    count: Option<u32>,
    at: Option<u32>,
    after: Option<f64>,
    command: Option<u64>,
}

impl FaultEntry {
    /// The fault meant; `place` is where it begins in `text`.
    ///
    /// # Errors
    /// Where a key is missing, makes no sense, or belongs to another kind.
    pub fn read(mut self, text: &str, place: Range<usize>) -> Result<Fault, SceneError> {
        let wrong = |what: String| SceneError::at(text, place.clone(), what);
        let fault = match self.kind {
            Kind::Unreadable => {
                let reach = SectorCount(self.reach.take().unwrap_or(0));
                let trouble = Trouble::Unreadable(Failure { reach, ..self.failure(&wrong)? });
                Fault::Sectors { trouble, ranges: self.ranges(&wrong)? }
            }
            Kind::Flaky => Fault::Sectors {
                trouble: Trouble::Flaky {
                    failure: self.failure(&wrong)?,
                    attempts: self.attempts.take().unwrap_or(1),
                    retries: match self.retries.take() {
                        Some(RetriesName::FromCache) => Retries::FromCache,
                        Some(RetriesName::FromDisc) | None => Retries::FromDisc,
                    },
                },
                ranges: self.ranges(&wrong)?,
            },
            Kind::Recovered => Fault::Sectors {
                trouble: Trouble::Recovered { sense: self.sense(RECOVERED, &wrong)?, time: self.time(&wrong)? },
                ranges: self.ranges(&wrong)?,
            },
            Kind::Slow => Fault::Sectors {
                trouble: Trouble::Slow { time: self.needed_time(&wrong)? },
                ranges: self.ranges(&wrong)?,
            },
            Kind::Lying => Fault::Sectors {
                trouble: Trouble::Lying { attempts: self.attempts.take().unwrap_or(1) },
                ranges: self.ranges(&wrong)?,
            },
            Kind::NotReady => {
                Fault::NotReady { time: self.needed_time(&wrong)?, sense: self.sense(BECOMING_READY, &wrong)? }
            }
            Kind::UnitAttention => {
                let what = Incident::Attention(self.sense(MEDIUM_CHANGED, &wrong)?);
                Fault::Once { when: self.when(&wrong)?, what }
            }
            Kind::TrayOpened => Fault::Once { when: self.when(&wrong)?, what: Incident::TrayOpens },
            Kind::Swapped => Fault::Once { when: self.when(&wrong)?, what: Incident::Swapped },
            Kind::Gone => Fault::Once { when: self.when(&wrong)?, what: Incident::Gone },
            Kind::Unwritable => Fault::Recording {
                trouble: WriteTrouble::Unwritable {
                    sense: self.sense(UNWRITABLE, &wrong)?,
                    attempts: self.attempts.take(),
                    report: match self.report.take() {
                        Some(ReportName::AtOnce) | None => Report::AtOnce,
                        Some(ReportName::Later) => Report::Later,
                    },
                },
                ranges: self.ranges(&wrong)?,
            },
            Kind::Miswritten => Fault::Recording { trouble: WriteTrouble::Miswritten, ranges: self.ranges(&wrong)? },
            Kind::Truncated => {
                let count =
                    self.count.take().ok_or_else(|| wrong("how many sectors?".to_owned()).hinting("count = 16"))?;
                Fault::Truncated { sectors: SectorCount(count) }
            }
            Kind::Unrecorded => Fault::Unrecorded,
            Kind::Calibration => {
                Fault::Calibration { sense: self.sense(NO_POWER, &wrong)?, attempts: self.attempts.take() }
            }
            Kind::Underrun => Fault::Once { when: self.when(&wrong)?, what: Incident::Underrun },
            Kind::Reset => Fault::Once { when: self.when(&wrong)?, what: Incident::Reset },
            Kind::PowerLoss => {
                let what = Incident::PowerLoss { time: self.time(&wrong)? };
                Fault::Once { when: self.when(&wrong)?, what }
            }
            Kind::Busy => {
                let what = Incident::Busy { time: self.needed_time(&wrong)?, sense: self.sense(BUSY, &wrong)? };
                Fault::Once { when: self.when(&wrong)?, what }
            }
            Kind::Mad => {
                let what = Incident::Mad(self.failure(&wrong)?);
                Fault::Once { when: self.when(&wrong)?, what }
            }
        };
        match self.left_over() {
            Some(key) => Err(wrong(format!("`{key}` means nothing for a fault of this kind"))),
            None => Ok(fault),
        }
    }

    /// A key that nobody has taken.
    fn left_over(&self) -> Option<&'static str> {
        let keys = [
            ("sectors", self.sectors.is_some()),
            ("sense", self.sense.is_some()),
            ("seconds", self.seconds.is_some()),
            ("extent", self.extent.is_some()),
            ("information", self.information.is_some()),
            ("reach", self.reach.is_some()),
            ("attempts", self.attempts.is_some()),
            ("retries", self.retries.is_some()),
            ("report", self.report.is_some()),
            ("count", self.count.is_some()),
            ("at", self.at.is_some()),
            ("after", self.after.is_some()),
            ("command", self.command.is_some()),
        ];
        keys.into_iter().find_map(|(key, left)| left.then_some(key))
    }

    fn ranges(&mut self, wrong: &impl Fn(String) -> SceneError) -> Result<Vec<SectorRange>, SceneError> {
        let sectors = self.sectors.take().filter(|sectors| !sectors.is_empty());
        let sectors =
            sectors.ok_or_else(|| wrong("which sectors?".to_owned()).hinting("sectors = [\"100..112\", \"5000\"]"))?;
        sectors.iter().map(|sectors| sectors.range().map_err(wrong)).collect()
    }

    fn failure(&mut self, wrong: &impl Fn(String) -> SceneError) -> Result<Failure, SceneError> {
        Ok(Failure {
            sense: self.sense(UNREADABLE, wrong)?,
            information: match self.information.take() {
                Some(InformationName::Sector) | None => Information::Sector,
                Some(InformationName::Absent) => Information::Absent,
                Some(InformationName::EccBlock) => Information::EccBlock,
                Some(InformationName::Command) => Information::Command,
                Some(InformationName::Zero) => Information::Zero,
            },
            extent: match self.extent.take() {
                Some(ExtentName::Sector) | None => Extent::Sector,
                Some(ExtentName::EccBlock) => Extent::EccBlock,
            },
            time: self.time(wrong)?,
            ..Failure::default()
        })
    }

    fn sense(&mut self, usual: Sense, wrong: &impl Fn(String) -> SceneError) -> Result<Sense, SceneError> {
        let Some(text) = self.sense.take() else { return Ok(usual) };
        parse_sense(&text).ok_or_else(|| {
            wrong(format!("{text:?} is no sense")).hinting("key, code and qualifier in hexadecimal: \"3/11/05\"")
        })
    }

    fn time(&mut self, wrong: &impl Fn(String) -> SceneError) -> Result<Duration, SceneError> {
        match self.seconds.take() {
            Some(seconds) => duration(seconds).map_err(wrong),
            None => Ok(Duration::ZERO),
        }
    }

    fn needed_time(&mut self, wrong: &impl Fn(String) -> SceneError) -> Result<Duration, SceneError> {
        if self.seconds.is_none() {
            return Err(wrong("how long?".to_owned()).hinting("seconds = 12.0"));
        }
        self.time(wrong)
    }

    fn when(&mut self, wrong: &impl Fn(String) -> SceneError) -> Result<When, SceneError> {
        match (self.at.take(), self.after.take(), self.command.take()) {
            (Some(lba), None, None) => Ok(When::Sector(Lba(lba))),
            (None, Some(seconds), None) => duration(seconds).map(When::Elapsed).map_err(wrong),
            (None, None, Some(number)) => Ok(When::Command(number)),
            _ => Err(wrong("when?".to_owned()).hinting("one of at = SECTOR, after = SECONDS, command = N")),
        }
    }
}

/// `3/11/05`.
fn parse_sense(text: &str) -> Option<Sense> {
    let mut numbers = text.split('/').map(|number| u8::from_str_radix(number, 16).ok());
    let (key, asc, ascq) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (key < 16 && numbers.next().is_none()).then(|| Sense::new(SenseKey::from_low_bits(key), asc, ascq))
}
