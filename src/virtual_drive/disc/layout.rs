//! This module knows how a disc is divided: layers, sessions, tracks, and stretches of sectors that are alike.

use serde::{Deserialize, Serialize};

use crate::sector::{Lba, SectorCount, SectorRange};

/// How far recording has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscState {
    Blank,
    /// Something is written, and its session is not closed.
    Open,
    /// Nothing can be added.
    Complete,
}

/// What a track holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrackMode {
    Audio,
    /// Mode 1; on DVD and BD, where there are no modes, this too.
    Mode1,
    Mode2Form1,
}

/// One track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Track {
    /// From 1, over all sessions.
    pub number: u8,
    /// From 1.
    pub session: u8,
    pub start: Lba,
    pub sectors: SectorCount,
    pub mode: TrackMode,
}

impl Track {
    pub fn range(self) -> SectorRange {
        SectorRange::with_count(self.start, self.sectors)
    }
}

/// What is recorded where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub state: DiscState,
    /// In order; none on a blank disc.
    pub tracks: Vec<Track>,
    /// The first sector behind everything that can be addressed.
    pub end: Lba,
}

impl Layout {
    /// Sessions that hold something.
    pub fn sessions(&self) -> u8 {
        self.tracks.last().map_or(0, |track| track.session)
    }

    /// The tracks of one session, in order.
    pub fn tracks_of(&self, session: u8) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(move |track| track.session == session)
    }

    /// Where the lead-out of a session begins: behind its last track, run-out included.
    pub fn lead_out(&self, session: u8) -> Lba {
        if session >= self.sessions() {
            return self.end;
        }
        self.tracks_of(session).last().map_or(self.end, |track| track.range().end())
    }

    pub fn track_at(&self, lba: Lba) -> Option<&Track> {
        self.tracks.iter().rev().find(|track| track.start <= lba)
    }

    pub fn track(&self, number: u8) -> Option<&Track> {
        self.tracks.iter().find(|track| track.number == number)
    }
}

/// The direction in which the second layer of a DVD runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackPath {
    /// From inside to outside, like the first.
    Parallel,
    /// Back from where the first one ends.
    Opposite,
}

/// The layers, and where one ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layers {
    One,
    Two {
        /// The first sector of the second layer.
        break_at: Lba,
        path: TrackPath,
    },
}

/// What stands between a reader and the meaning of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    None,
    Css,
    Cprm,
    Aacs,
}

/// What a sector is to a command that wants to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectorKind {
    Mode1,
    Mode2Form1,
    Audio,
    /// Where the laser was switched off behind a track written at once, or between sessions: no data, no error either.
    RunOut,
    /// Encrypted; a drive gives it out only to who has authenticated.
    Scrambled,
    /// Never written.
    Unwritten,
}

/// Sectors of one kind, from where was asked up to `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub kind: SectorKind,
    pub end: Lba,
}
