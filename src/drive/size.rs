//! This module knows which of the claims of a disc's size is right, and why.

use std::fmt;

use super::read::ReadHow;
use super::{
    Claim, ClaimSource, DiscStatus, Drive, DriveError, Medium, MediumFamily, MediumKind, Origin, ReadFailure, TrackMode,
};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange};

/// How many sectors the disc has, and how that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeVerdict {
    pub sectors: SectorCount,
    pub reason: SizeReason,
    /// Sectors behind the end that belong to the writing, and not to what was written.
    pub run_out: Option<SectorRange>,
    /// Sectors at the end that are best asked for one by one: a drive that reads ahead into the run-out fails.
    pub singly: Option<SectorRange>,
    /// What the filesystem needs beyond the end of the disc.
    pub missing: Option<SectorCount>,
    /// Where the filesystem ends, on a disc that reports all it can hold.
    pub suggested: Option<SectorCount>,
    /// All voices, those of the filesystem and of trial reads included.
    pub claims: Vec<Claim>,
}

/// Why it is this size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SizeReason {
    Blank,
    /// The drive's capacity, which nothing contradicts.
    Capacity,
    LeadOut,
    /// The drive's capacity is two less than the lead-out: it leaves out the run-out.
    RunOutLeftOut,
    /// The last two sectors are run-out: they do not read, and nothing needs them.
    RunOutFound,
    /// The last sectors do not read, and they are no run-out.
    TailDamaged,
    LastRecorded,
    NextWritable,
    Track,
    /// All that the medium holds, written or not.
    WholeMedium,
    Structure,
    /// Capacity and description disagreed, and reading showed which is right.
    TrialCapacity,
    TrialStructure,
    /// Capacity and description disagreed, and both can be read.
    Smaller,
    NeededByFilesystem,
    Uncertain,
    /// Others claim more, the filesystem needs it, and it can be read.
    ReadOn,
}

impl fmt::Display for SizeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "the disc is blank",
            Self::Capacity => "the drive's capacity, which nothing contradicts",
            Self::LeadOut => "the disc's table of contents ends there",
            Self::RunOutLeftOut => "the drive leaves out the two run-out sectors before the lead-out",
            Self::RunOutFound => "the last two sectors are run-out of track-at-once writing, not damage",
            Self::TailDamaged => "the table of contents says so, but the last sectors do not read: that is damage",
            Self::LastRecorded => "the last track was recorded up to there, which the drive's capacity does not tell",
            Self::NextWritable => "the disc was not closed; writing would go on there",
            Self::Track => "the last track ends there",
            Self::WholeMedium => "all that the medium holds, written or not",
            Self::Structure => "the disc's own description, since the drive's capacity makes no sense",
            Self::TrialCapacity => "the drive's capacity; reading showed that the disc's description is wrong",
            Self::TrialStructure => "the disc's description; reading showed that the drive's capacity is wrong",
            Self::Smaller => "the smaller of two claims that both can be read",
            Self::NeededByFilesystem => "the larger of two claims, which the filesystem needs",
            Self::Uncertain => "the drive's capacity, although reading confirms no claim",
            Self::ReadOn => "the filesystem needs sectors beyond the drive's capacity, and they can be read",
        })
    }
}

/// The most sectors that a disc of the family can have, and a little more.
pub(super) fn largest(family: MediumFamily) -> SectorCount {
    let standard: u32 = match family {
        // 99:59:74.
        MediumFamily::Cd => 449_850,
        MediumFamily::Dvd => 4_173_824,
        MediumFamily::Bd | MediumFamily::Unknown => 62_500_864,
    };
    SectorCount(standard.saturating_add(standard / 50))
}

const DVD_SINGLE_LAYER: u32 = 2_298_496;
/// What track-at-once writing leaves behind the data of a CD.
pub(super) const RUN_OUT: u32 = 2;
const READ_SINGLY: u32 = 32;

/// One sector, tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trial {
    Good,
    Bad,
}

impl Drive {
    /// Decides how large the disc is. `filesystem` is what the filesystem on it needs. Reads a few sectors at the
    /// end, and beyond it only where a claim says that there are some.
    ///
    /// # Errors
    /// [`DriveError::BadAnswer`] where no claim can be true.
    pub fn settle_size(&mut self, medium: &Medium, filesystem: Option<SectorCount>) -> Result<SizeVerdict, DriveError> {
        let mut claims = medium.claims.clone();
        let already = claims.iter().any(|c| c.source == ClaimSource::Filesystem);
        let filesystem = filesystem.or(medium.claim(ClaimSource::Filesystem));
        if let (Some(sectors), false) = (filesystem, already) {
            claims.push(Claim { source: ClaimSource::Filesystem, sectors });
        }
        let filesystem = filesystem.filter(|&s| is_plausible(medium, s));
        let verdict = |sectors, reason| SizeVerdict {
            sectors,
            reason,
            run_out: None,
            singly: None,
            missing: None,
            suggested: None,
            claims: Vec::new(),
        };
        let mut verdict = match base(medium) {
            _ if medium.is_blank() => verdict(SectorCount(0), SizeReason::Blank),
            None => return Err(DriveError::BadAnswer { command: "READ CAPACITY" }),
            Some(Base::Settled(sectors, reason)) => verdict(sectors, reason),
            Some(Base::Disputed { capacity, structure }) => {
                let (sectors, reason) = self.settle_dispute(capacity, structure, filesystem)?;
                claims.push(Claim { source: ClaimSource::Trial, sectors });
                verdict(sectors, reason)
            }
        };
        verdict.claims = claims;
        if has_doubtful_tail(medium, verdict.sectors) {
            self.settle_tail(medium, filesystem, &mut verdict)?;
        }
        if let Some(needed) = filesystem.filter(|_| !medium.is_blank()) {
            self.settle_filesystem(medium, needed, &mut verdict)?;
        }
        if medium.family() == MediumFamily::Cd && medium.origin != Origin::Pressed {
            let from = Lba(verdict.sectors.0.saturating_sub(READ_SINGLY));
            verdict.singly = Some(SectorRange::new(from, Lba(verdict.sectors.0)));
        }
        if let Some(examined) = &mut self.examined {
            examined.sectors = verdict.sectors;
        }
        Ok(verdict)
    }

    /// A claim whose last sector reads, and whose next does not, is right.
    fn settle_dispute(
        &mut self,
        capacity: SectorCount,
        structure: SectorCount,
        filesystem: Option<SectorCount>,
    ) -> Result<(SectorCount, SizeReason), DriveError> {
        let (smaller, larger) = (capacity.min(structure), capacity.max(structure));
        let ends_at = |drive: &mut Self, end: SectorCount| -> Result<(bool, bool), DriveError> {
            let last = drive.try_sector(Lba(end.0.saturating_sub(1)))? == Trial::Good;
            let next = drive.try_sector(Lba(end.0))? == Trial::Good;
            Ok((last && !next, last))
        };
        let reason = |of: SectorCount| {
            if of == capacity { SizeReason::TrialCapacity } else { SizeReason::TrialStructure }
        };
        let (smaller_is_exact, smaller_reads) = ends_at(self, smaller)?;
        let (larger_is_exact, larger_reads) = ends_at(self, larger)?;
        Ok(match (smaller_is_exact, larger_is_exact) {
            (true, false) => (smaller, reason(smaller)),
            (false, true) => (larger, reason(larger)),
            (true, true) | (false, false) if smaller_reads && larger_reads => match filesystem {
                Some(needed) if needed > smaller && needed <= larger => (larger, SizeReason::NeededByFilesystem),
                Some(_) | None => (smaller, SizeReason::Smaller),
            },
            (true, true) | (false, false) => (capacity, SizeReason::Uncertain),
        })
    }

    /// The last sectors of a CD: run-out, damage, or data as any other.
    fn settle_tail(
        &mut self,
        medium: &Medium,
        filesystem: Option<SectorCount>,
        verdict: &mut SizeVerdict,
    ) -> Result<(), DriveError> {
        let Some(end) = verdict.sectors.0.checked_sub(RUN_OUT).filter(|&end| end > 1) else { return Ok(()) };
        let second_last = self.try_sector(Lba(end))?;
        let last = self.try_sector(Lba(end.saturating_add(1)))?;
        if (second_last, last) == (Trial::Good, Trial::Good) {
            return Ok(());
        }
        let before = self.try_sector(Lba(end.saturating_sub(1)))?;
        // Where nobody wrote, there is no run-out: then only a filesystem that ends before it is proof enough.
        let unneeded = match filesystem {
            Some(needed) => needed.0 <= end,
            None => medium.origin != Origin::Pressed,
        };
        if (second_last, last, before) == (Trial::Bad, Trial::Bad, Trial::Good) && unneeded {
            verdict.run_out = Some(SectorRange::with_count(Lba(end), SectorCount(RUN_OUT)));
            verdict.sectors = SectorCount(end);
            verdict.reason = SizeReason::RunOutFound;
            verdict.claims.push(Claim { source: ClaimSource::Trial, sectors: verdict.sectors });
        } else {
            verdict.reason = SizeReason::TailDamaged;
        }
        Ok(())
    }

    /// A filesystem that needs more than the disc has, or less.
    fn settle_filesystem(
        &mut self,
        medium: &Medium,
        needed: SectorCount,
        verdict: &mut SizeVerdict,
    ) -> Result<(), DriveError> {
        if medium.is_random_access() {
            verdict.suggested = Some(needed).filter(|&needed| needed < verdict.sectors);
        }
        if needed <= verdict.sectors {
            return Ok(());
        }
        let voices = verdict.claims.iter().filter(|c| {
            !matches!(c.source, ClaimSource::Filesystem | ClaimSource::Kernel | ClaimSource::Trial)
                && is_plausible(medium, c.sectors)
        });
        let claimed = voices.map(|c| c.sectors).max().unwrap_or_default().min(needed);
        if claimed > verdict.sectors {
            let readable = self.readable_until(verdict.sectors, claimed)?;
            if readable > verdict.sectors {
                verdict.sectors = readable;
                verdict.reason = SizeReason::ReadOn;
                verdict.run_out = None;
                verdict.claims.push(Claim { source: ClaimSource::Trial, sectors: readable });
            }
        }
        verdict.missing = needed.0.checked_sub(verdict.sectors.0).filter(|&m| m > 0).map(SectorCount);
        Ok(())
    }

    /// Where good sectors end, between `from` and `limit`.
    fn readable_until(&mut self, from: SectorCount, limit: SectorCount) -> Result<SectorCount, DriveError> {
        if self.try_sector(Lba(limit.0.saturating_sub(1)))? == Trial::Good {
            return Ok(limit);
        }
        let (mut good, mut bad) = (from.0, limit.0.saturating_sub(1));
        while good < bad {
            let middle = good.midpoint(bad);
            match self.try_sector(Lba(middle))? {
                Trial::Good => good = middle.saturating_add(1),
                Trial::Bad => bad = middle,
            }
        }
        Ok(SectorCount(good))
    }

    pub(super) fn try_sector(&mut self, lba: Lba) -> Result<Trial, DriveError> {
        let mut sector = [0; SECTOR_BYTES];
        match self.read(lba, &mut sector, &ReadHow::default()) {
            // A sector that wants a key is there.
            Ok(_) | Err(ReadFailure::Protected(_)) => Ok(Trial::Good),
            Err(ReadFailure::Stopped(DriveError::Refused { .. })) => Ok(Trial::Bad),
            Err(ReadFailure::Stopped(error)) => Err(error),
            Err(
                ReadFailure::Unreadable { .. }
                | ReadFailure::TimedOut { .. }
                | ReadFailure::Beyond
                | ReadFailure::WrongKind
                | ReadFailure::Blank
                | ReadFailure::TooLarge,
            ) => Ok(Trial::Bad),
        }
    }
}

/// The size before anything is tried, for who looks at the disc first; 0 where nothing plausible is claimed.
pub(super) fn first_guess(medium: &Medium) -> SectorCount {
    match base(medium) {
        _ if medium.is_blank() => SectorCount(0),
        Some(Base::Settled(sectors, _)) => sectors,
        Some(Base::Disputed { capacity, .. }) => capacity,
        None => SectorCount(0),
    }
}

/// The size before anything is tried.
enum Base {
    Settled(SectorCount, SizeReason),
    /// Of a pressed DVD; both are plausible.
    Disputed {
        capacity: SectorCount,
        structure: SectorCount,
    },
}

fn base(medium: &Medium) -> Option<Base> {
    let plausible = |source| medium.claim(source).filter(|&s| is_plausible(medium, s));
    let capacity = plausible(ClaimSource::ReadCapacity);
    let settled = |sectors: Option<SectorCount>, reason| sectors.map(|s| Base::Settled(s, reason));
    let track = || settled(plausible(ClaimSource::Track), SizeReason::Track);
    // What was recorded, on a disc that is still open: the capacity there is 0 or that of the sessions before.
    let recorded = || {
        settled(plausible(ClaimSource::LastRecorded), SizeReason::LastRecorded)
            .or_else(|| settled(plausible(ClaimSource::NextWritable), SizeReason::NextWritable))
    };
    let real_capacity = settled(capacity.filter(|c| c.0 > 1), SizeReason::Capacity);
    let is_open = medium.status == DiscStatus::Incomplete;
    match medium.kind {
        MediumKind::CdRom | MediumKind::CdR | MediumKind::CdRw => cd_base(medium, capacity)
            .filter(|_| !is_open)
            .or_else(|| if is_open { recorded() } else { None })
            .or_else(|| cd_base(medium, capacity))
            .or_else(track)
            .or(real_capacity),
        MediumKind::DvdRom if medium.origin == Origin::Pressed => {
            match (capacity.filter(|c| c.0 > 1), plausible(ClaimSource::Structure)) {
                (Some(capacity), Some(structure)) if capacity != structure => {
                    Some(Base::Disputed { capacity, structure })
                }
                (None, structure) => settled(structure, SizeReason::Structure).or_else(track),
                (Some(_), _) => real_capacity,
            }
        }
        MediumKind::DvdR
        | MediumKind::DvdRDl
        | MediumKind::DvdRwSequential
        | MediumKind::DvdPlusR
        | MediumKind::DvdPlusRDl
        | MediumKind::HdDvdR
        | MediumKind::DvdRom => match real_capacity {
            Some(base) if !is_open => Some(base),
            real_capacity => recorded().or(real_capacity).or_else(track),
        },
        MediumKind::BdR => bd_r_base(medium, capacity, is_open).or_else(recorded).or_else(track).or(real_capacity),
        MediumKind::DvdRw
        | MediumKind::DvdRwDl
        | MediumKind::DvdRam
        | MediumKind::DvdPlusRw
        | MediumKind::DvdPlusRwDl
        | MediumKind::BdRe
        | MediumKind::HdDvdRw
        | MediumKind::HdDvdRam => settled(capacity, SizeReason::WholeMedium).or_else(track),
        MediumKind::BdRom => {
            real_capacity.or_else(|| settled(plausible(ClaimSource::Structure), SizeReason::Structure)).or_else(track)
        }
        MediumKind::HdDvdRom | MediumKind::Unknown => {
            real_capacity.or_else(track).or_else(|| settled(capacity, SizeReason::Capacity))
        }
    }
}

fn cd_base(medium: &Medium, capacity: Option<SectorCount>) -> Option<Base> {
    let lead_out = medium.claim(ClaimSource::TableOfContents).filter(|&s| is_plausible(medium, s))?;
    Some(match capacity {
        Some(capacity) if capacity.0.checked_add(RUN_OUT) == Some(lead_out.0) => {
            Base::Settled(capacity, SizeReason::RunOutLeftOut)
        }
        Some(_) | None => Base::Settled(lead_out, SizeReason::LeadOut),
    })
}

/// The capacity of a BD-R may be that of the whole zone.
fn bd_r_base(medium: &Medium, capacity: Option<SectorCount>, is_open: bool) -> Option<Base> {
    const CLUSTER: u32 = 32;
    let capacity = capacity.filter(|c| c.0 > 1 && !is_open)?;
    match medium.claim(ClaimSource::LastRecorded).filter(|&s| is_plausible(medium, s)) {
        Some(recorded) if recorded.0.checked_next_multiple_of(CLUSTER).is_some_and(|end| capacity.0 > end) => {
            Some(Base::Settled(recorded, SizeReason::LastRecorded))
        }
        Some(_) | None => Some(Base::Settled(capacity, SizeReason::Capacity)),
    }
}

/// Whether a disc of this kind can be so large.
fn is_plausible(medium: &Medium, sectors: SectorCount) -> bool {
    let most = match (medium.family(), medium.layers) {
        (MediumFamily::Dvd, Some(1)) => SectorCount(DVD_SINGLE_LAYER + DVD_SINGLE_LAYER / 50),
        (family, _) => largest(family),
    };
    !sectors.is_zero() && sectors <= most
}

/// Whether the last two sectors may be run-out: not where the drive left them out already.
fn has_doubtful_tail(medium: &Medium, sectors: SectorCount) -> bool {
    let capacity = medium.claim(ClaimSource::ReadCapacity);
    medium.family() == MediumFamily::Cd
        && !medium.is_blank()
        && medium.tracks.last().is_none_or(|track| track.mode != TrackMode::Audio)
        && (medium.origin != Origin::Pressed || capacity == Some(sectors))
        && medium.claim(ClaimSource::TableOfContents) == Some(sectors)
}

#[cfg(test)]
mod tests;
