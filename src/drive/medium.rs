//! This module knows what there is to know of the disc in the drive.

use std::fmt;

use super::{Claim, ClaimSource, NextSession};
use crate::mmc::Profile;
pub use crate::mmc::command::{BookType, DiscStatus};
use crate::sector::{Lba, SectorCount};

/// All that was learnt of a disc without reading its data.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Medium {
    /// What the drive says it is; [`Medium::kind`] is what we make of it.
    pub profile: Profile,
    pub kind: MediumKind,
    pub status: DiscStatus,
    pub sessions: u16,
    pub tracks: Vec<Track>,
    pub layers: Option<u8>,
    /// The first sector of layer 1.
    pub layer_break: Option<Lba>,
    pub book_type: Option<BookType>,
    pub protection: Option<Protection>,
    /// Who made a recordable disc, and which type it is.
    pub media_id: Option<String>,
    /// What can still be written, on a disc that is blank or was left open.
    pub free: Option<SectorCount>,
    /// Where another session begins, on a disc that takes one; not of discs that can be written over.
    pub next_session: Option<NextSession>,
    /// In the order in which they were asked for.
    pub claims: Vec<Claim>,
    /// A disc that a person wrote, whatever the profile says.
    pub origin: Origin,
}

/// Whether a disc came out of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    Pressed,
    Recordable,
    Rewritable,
}

/// What a disc is, to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediumKind {
    CdRom,
    CdR,
    CdRw,
    DvdRom,
    DvdR,
    DvdRDl,
    DvdRw,
    DvdRwSequential,
    DvdRwDl,
    DvdRam,
    DvdPlusR,
    DvdPlusRDl,
    DvdPlusRw,
    DvdPlusRwDl,
    BdRom,
    BdR,
    BdRe,
    HdDvdRom,
    HdDvdR,
    HdDvdRw,
    HdDvdRam,
    /// The drive does not say, or says something that this program has no name for.
    Unknown,
}

/// The branch of the family: what is the same for all discs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediumFamily {
    Cd,
    Dvd,
    Bd,
    Unknown,
}

/// A track: consecutive sectors of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Track {
    pub number: u16,
    pub session: u16,
    pub start: Lba,
    pub sectors: SectorCount,
    pub mode: TrackMode,
}

impl Track {
    /// The first sector behind it.
    pub fn end(&self) -> Lba {
        self.start.saturating_add(self.sectors)
    }
}

/// What the sectors of a track are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrackMode {
    Audio,
    /// CD data of 2048 bytes with the CD's own error correction: the raw form can be computed.
    Mode1,
    /// CD-ROM XA of 2048 bytes.
    Mode2Form1,
    /// CD-ROM XA of 2324 bytes, which no image of 2048-byte sectors holds.
    Mode2Form2,
    /// CD data of 2336 bytes, which no image of 2048-byte sectors holds.
    Mode2Formless,
    /// Data on a DVD or BD, or on a CD whose drive does not tell the mode.
    Data,
}

/// What keeps a disc from being read as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protection {
    Css,
    Cprm,
    Aacs,
}

impl Medium {
    pub fn family(&self) -> MediumFamily {
        self.kind.family()
    }

    pub fn is_blank(&self) -> bool {
        self.status == DiscStatus::Empty
    }

    /// Nothing but audio tracks.
    pub fn is_audio(&self) -> bool {
        !self.tracks.is_empty() && self.tracks.iter().all(|t| t.mode == TrackMode::Audio)
    }

    pub fn has_several_tracks(&self) -> bool {
        self.tracks.len() > 1
    }

    pub fn has_several_sessions(&self) -> bool {
        self.sessions > 1
    }

    /// Where the data of each session begins, of those that have any, in order.
    pub fn session_starts(&self) -> Vec<Lba> {
        let mut data = self.tracks.iter().filter(|track| track.mode != TrackMode::Audio).collect::<Vec<_>>();
        data.dedup_by_key(|track| track.session);
        data.into_iter().map(|track| track.start).collect()
    }

    /// What the sectors of the first data track are; `None` where there is no such track.
    pub fn data_mode(&self) -> Option<TrackMode> {
        self.tracks.iter().map(|t| t.mode).find(|&m| m != TrackMode::Audio)
    }

    /// Another voice on the size, as the filesystem's or the kernel's.
    pub fn add_claim(&mut self, source: ClaimSource, sectors: SectorCount) {
        self.claims.push(Claim { source, sectors });
    }

    /// What the first voice of that kind says.
    pub fn claim(&self, source: ClaimSource) -> Option<SectorCount> {
        self.claims.iter().find(|c| c.source == source).map(|c| c.sectors)
    }

    /// Bytes of user data a second at 1x; a DVD's for what is unknown.
    pub fn one_x_bytes_per_second(&self) -> f64 {
        match self.family() {
            MediumFamily::Cd => 153_600.0,
            MediumFamily::Dvd | MediumFamily::Unknown => 1_385_000.0,
            MediumFamily::Bd => 4_495_500.0,
        }
    }

    /// The sectors that are corrected, and fail, together.
    pub fn ecc_block(&self) -> SectorCount {
        SectorCount(match self.family() {
            MediumFamily::Cd | MediumFamily::Unknown => 1,
            MediumFamily::Dvd => 16,
            MediumFamily::Bd => 32,
        })
    }

    /// Reports all that it can hold as its size, however little was written.
    pub fn is_random_access(&self) -> bool {
        matches!(
            self.kind,
            MediumKind::DvdRw
                | MediumKind::DvdRam
                | MediumKind::DvdPlusRw
                | MediumKind::DvdPlusRwDl
                | MediumKind::BdRe
                | MediumKind::HdDvdRw
                | MediumKind::HdDvdRam
        )
    }
}

impl MediumKind {
    pub fn family(self) -> MediumFamily {
        match self {
            Self::CdRom | Self::CdR | Self::CdRw => MediumFamily::Cd,
            Self::DvdRom
            | Self::DvdR
            | Self::DvdRDl
            | Self::DvdRw
            | Self::DvdRwSequential
            | Self::DvdRwDl
            | Self::DvdRam
            | Self::DvdPlusR
            | Self::DvdPlusRDl
            | Self::DvdPlusRw
            | Self::DvdPlusRwDl => MediumFamily::Dvd,
            Self::BdRom | Self::BdR | Self::BdRe => MediumFamily::Bd,
            Self::HdDvdRom | Self::HdDvdR | Self::HdDvdRw | Self::HdDvdRam | Self::Unknown => MediumFamily::Unknown,
        }
    }

    /// What a profile says the disc is.
    pub fn of_profile(profile: Profile) -> Self {
        match profile {
            Profile::CdRom => Self::CdRom,
            Profile::CdR => Self::CdR,
            Profile::CdRw => Self::CdRw,
            Profile::DvdRom | Profile::DvdDownload => Self::DvdRom,
            Profile::DvdRSequential => Self::DvdR,
            Profile::DvdRam => Self::DvdRam,
            Profile::DvdRwRestrictedOverwrite => Self::DvdRw,
            Profile::DvdRwSequential => Self::DvdRwSequential,
            Profile::DvdRDlSequential | Profile::DvdRDlLayerJump => Self::DvdRDl,
            Profile::DvdRwDl => Self::DvdRwDl,
            Profile::DvdPlusRw => Self::DvdPlusRw,
            Profile::DvdPlusR => Self::DvdPlusR,
            Profile::DvdPlusRwDl => Self::DvdPlusRwDl,
            Profile::DvdPlusRDl => Self::DvdPlusRDl,
            Profile::BdRom => Self::BdRom,
            Profile::BdRSequential | Profile::BdRRandom => Self::BdR,
            Profile::BdRe => Self::BdRe,
            Profile::HdDvdRom => Self::HdDvdRom,
            Profile::HdDvdR | Profile::HdDvdRDl => Self::HdDvdR,
            Profile::HdDvdRw | Profile::HdDvdRwDl => Self::HdDvdRw,
            Profile::HdDvdRam => Self::HdDvdRam,
            Profile::None
            | Profile::NonRemovableDisk
            | Profile::RemovableDisk
            | Profile::MoErasable
            | Profile::OpticalWriteOnce
            | Profile::AsMo
            | Profile::DdcdRom
            | Profile::DdcdR
            | Profile::DdcdRw
            | Profile::NonStandard
            | Profile::Other(_) => Self::Unknown,
        }
    }

    /// Where discs of this kind come from.
    pub fn origin(self) -> Origin {
        match self {
            Self::CdRom | Self::DvdRom | Self::BdRom | Self::HdDvdRom | Self::Unknown => Origin::Pressed,
            Self::CdR | Self::DvdR | Self::DvdRDl | Self::DvdPlusR | Self::DvdPlusRDl | Self::BdR | Self::HdDvdR => {
                Origin::Recordable
            }
            Self::CdRw
            | Self::DvdRw
            | Self::DvdRwSequential
            | Self::DvdRwDl
            | Self::DvdRam
            | Self::DvdPlusRw
            | Self::DvdPlusRwDl
            | Self::BdRe
            | Self::HdDvdRw
            | Self::HdDvdRam => Origin::Rewritable,
        }
    }
}

/// The word of the command line and of the JSON output.
impl fmt::Display for MediumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CdRom => "cd-rom",
            Self::CdR => "cd-r",
            Self::CdRw => "cd-rw",
            Self::DvdRom => "dvd-rom",
            Self::DvdR => "dvd-r",
            Self::DvdRDl => "dvd-r-dl",
            Self::DvdRw => "dvd-rw",
            Self::DvdRwSequential => "dvd-rw-seq",
            Self::DvdRwDl => "dvd-rw-dl",
            Self::DvdRam => "dvd-ram",
            Self::DvdPlusR => "dvd+r",
            Self::DvdPlusRDl => "dvd+r-dl",
            Self::DvdPlusRw => "dvd+rw",
            Self::DvdPlusRwDl => "dvd+rw-dl",
            Self::BdRom => "bd-rom",
            Self::BdR => "bd-r",
            Self::BdRe => "bd-re",
            Self::HdDvdRom => "hd-dvd-rom",
            Self::HdDvdR => "hd-dvd-r",
            Self::HdDvdRw => "hd-dvd-rw",
            Self::HdDvdRam => "hd-dvd-ram",
            Self::Unknown => "unknown",
        })
    }
}

impl fmt::Display for TrackMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Audio => "audio",
            Self::Mode1 => "mode1",
            Self::Mode2Form1 => "mode2-form1",
            Self::Mode2Form2 => "mode2-form2",
            Self::Mode2Formless => "mode2-formless",
            Self::Data => "data",
        })
    }
}

impl Protection {
    /// The word of the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Css => "css",
            Self::Cprm => "cprm",
            Self::Aacs => "aacs",
        }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Css => "CSS",
            Self::Cprm => "CPRM",
            Self::Aacs => "AACS",
        })
    }
}
