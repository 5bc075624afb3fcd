//! This module knows what has to be known of a disc before its first sector is read for good.

use std::sync::atomic::AtomicBool;

use crate::drive::{ClaimSource, Drive, DriveError, Identity, Medium, Protection, SizeVerdict, TrackMode};
use crate::event::{About, Teller, grouped};
use crate::filesystem::{FirstLook, first_look};
use crate::sector::{Lba, SectorCount, SectorRange};

/// No volume ends before its first descriptor; a "disc" of fewer sectors is a drive's mistake.
const FEWEST_SECTORS: SectorCount = SectorCount(17);

/// A disc of which no image can be made, for now or ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsuitable {
    #[error("the disc is blank")]
    Blank,
    #[error("this is an audio disc ({}, no data)", audio_tracks(*tracks))]
    Audio { tracks: usize },
    #[error("the disc has audio besides its data: {tracks} tracks, {audio} of them audio")]
    Mixed { tracks: usize, audio: usize },
    #[error("the disc has {tracks} tracks")]
    SeveralTracks { tracks: usize },
    #[error("the disc has {sessions} sessions, and the drive does not tell where each begins and ends")]
    SeveralSessions { sessions: u16 },
    #[error("the disc is protected by {0}: its sectors need keys that this program does not have")]
    Protected(Protection),
    #[error("the disc has {sectors} sectors, which is too few for any volume")]
    TooSmall { sectors: SectorCount },
}

fn audio_tracks(count: usize) -> String {
    format!("{count} audio track{}", if count == 1 { "" } else { "s" })
}

/// Why a disc cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Drive(#[from] DriveError),
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
}

/// A drive with a disc that can be read as one image.
#[derive(Debug)]
pub struct Subject {
    pub drive: Identity,
    pub medium: Medium,
    pub look: FirstLook,
    pub size: SizeVerdict,
    pub sessions: Sessions,
}

/// How a disc was written in several goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sessions {
    /// Where their data begins, in order.
    pub starts: Vec<Lba>,
    /// What lies between them, in order, and belongs to nobody: it is not asked for, and zeros stand for it.
    pub between: Vec<SectorRange>,
}

/// Waits for the drive and learns all that is to be known of its disc.
///
/// # Errors
/// Where there is no disc, or none of which an image can be made.
pub fn prepare(
    drive: &mut Drive,
    kernel_claim: Option<SectorCount>,
    teller: &Teller<'_>,
    stop: &AtomicBool,
) -> Result<Subject, PrepareError> {
    let identity = drive.identify()?;
    drive.wait_until_ready(stop, &mut |awaiting| {
        teller.notice(About::Waiting, format!("waiting for {awaiting}"));
    })?;
    let mut medium = drive.examine()?;
    if let Some(sectors) = kernel_claim {
        medium.add_claim(ClaimSource::Kernel, sectors);
    }
    check(&medium)?;
    let look = first_look(drive);
    let size = drive.settle_size(&medium, look.needed)?;
    tell_notes(drive, teller);
    tell_size(&size, teller);
    if size.sectors < FEWEST_SECTORS {
        return Err(Unsuitable::TooSmall { sectors: size.sectors }.into());
    }
    let sessions = sessions(drive, &medium, size.sectors)?;
    tell_between(&sessions.between, teller);
    Ok(Subject { drive: identity, medium, look, size, sessions })
}

/// Refuses what cannot become an image, with the reason.
fn check(medium: &Medium) -> Result<(), Unsuitable> {
    if medium.is_blank() {
        return Err(Unsuitable::Blank);
    }
    let tracks = medium.tracks.len();
    let audio = medium.tracks.iter().filter(|track| track.mode == TrackMode::Audio).count();
    if audio > 0 {
        return Err(if audio == tracks { Unsuitable::Audio { tracks } } else { Unsuitable::Mixed { tracks, audio } });
    }
    if medium.has_several_tracks() && !medium.has_several_sessions() {
        return Err(Unsuitable::SeveralTracks { tracks });
    }
    match medium.protection {
        Some(protection @ (Protection::Css | Protection::Aacs)) => Err(Unsuitable::Protected(protection)),
        // The sectors of a CPRM disc can be read as they are.
        Some(Protection::Cprm) | None => Ok(()),
    }
}

fn sessions(drive: &mut Drive, medium: &Medium, sectors: SectorCount) -> Result<Sessions, PrepareError> {
    if !medium.has_several_sessions() {
        return Ok(Sessions::default());
    }
    let Some(between) = drive.unrecorded(medium, sectors)? else {
        return Err(Unsuitable::SeveralSessions { sessions: medium.sessions }.into());
    };
    Ok(Sessions { starts: medium.session_starts(), between })
}

fn tell_between(between: &[SectorRange], teller: &Teller<'_>) {
    let text = match between {
        [] => return,
        [alone] => format!("sectors {alone} lie between two sessions"),
        [first, ..] => {
            let sectors = grouped(SectorRange::count_of(between).0.into());
            format!("{sectors} sectors lie between sessions, the first of them {first}")
        }
    };
    teller.notice(About::Size, format!("{text}, where nothing is recorded: they are zeros in the image"));
}

/// Tells what is not as one would expect of the size.
fn tell_size(size: &SizeVerdict, teller: &Teller<'_>) {
    let sectors = |count: SectorCount| grouped(count.0.into());
    let said: Vec<String> =
        size.claims.iter().map(|claim| format!("{} says {}", claim.source, sectors(claim.sectors))).collect();
    let agree =
        size.claims.iter().filter(|claim| claim.source != ClaimSource::Filesystem).all(|c| c.sectors == size.sectors);
    if !agree {
        let text = format!("{}; it has {} sectors: {}", said.join(", "), sectors(size.sectors), size.reason);
        teller.notice(About::Size, text);
    }
    if let Some(run_out) = size.run_out {
        let text = format!("sectors {run_out} are run-out of writing track at once, and belong to no image");
        teller.notice(About::Size, text);
    }
    if let Some(missing) = size.missing {
        let text = match missing.0 {
            1 => "the disc ends one sector before its filesystem does".to_owned(),
            _ => format!("the disc ends {} sectors before its filesystem does", sectors(missing)),
        };
        teller.notice(About::Size, text);
    }
}

/// Tells what the drive did on the way.
pub fn tell_notes(drive: &mut Drive, teller: &Teller<'_>) {
    for note in drive.take_notes() {
        teller.notice(About::Drive, note.to_string());
    }
}
