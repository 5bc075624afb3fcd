//! This module knows how a disc is told: what it is, what is on it, and who says how large it is.

use crate::cli::json::{ClaimShape, DiscLine, DriveState, NextSessionShape, TrackShape};
use crate::cli::quantity::{bytes, counted, grouped};
use crate::cli::sheet::Sheet;
use crate::cli::voice::Loudness;
use crate::drive::{Claim, DiscStatus, Medium, Protection, SizeVerdict, Track};

fn state_of(status: DiscStatus) -> DriveState {
    match status {
        DiscStatus::Empty => DriveState::Blank,
        DiscStatus::Incomplete => DriveState::Appendable,
        DiscStatus::Finalized | DiscStatus::Other => DriveState::Complete,
    }
}

/// `cd-rom, complete, 1 session, 1 track`.
pub fn disc_words(medium: &Medium) -> String {
    let mut words = vec![medium.kind.to_string(), state_of(medium.status).words().to_owned()];
    if !medium.is_blank() {
        words.push(counted(medium.sessions.into(), "session"));
        words.push(counted(medium.tracks.len().try_into().unwrap_or(u64::MAX), "track"));
    }
    if let Some(layers) = medium.layers.filter(|l| *l > 1) {
        words.push(counted(layers.into(), "layer"));
    }
    words.join(", ")
}

/// What a disc is, but for its size.
pub fn disc_rows(medium: &Medium, sheet: &mut Sheet) {
    sheet.row("disc", disc_words(medium));
    sheet.row_if("made of", medium.media_id.as_ref().map(|id| crate::cli::escape::escaped(id).into_owned()));
    sheet.row_if("book", medium.book_type.map(|b| b.to_string()));
    sheet.row_if(
        "free",
        medium.free.map(|free| format!("{}, {}", counted(free.0.into(), "sector"), bytes(free.bytes()))),
    );
    sheet.row_if("append", medium.next_session.map(|place| format!("mkisofs -C {place} makes what can be added")));
    sheet.row_if("layers", medium.layer_break.map(|at| format!("the second one begins at sector {at}")));
    sheet.row_if("protected", medium.protection.map(protection_words));
    for track in &medium.tracks {
        sheet.row(format!("track {}", track.number), track_words(track));
    }
}

fn protection_words(protection: Protection) -> String {
    match protection {
        Protection::Css | Protection::Aacs => format!("by {protection}: its sectors need keys, and are not read"),
        Protection::Cprm => format!("by {protection}: its files need keys, its sectors can be read"),
    }
}

fn track_words(track: &Track) -> String {
    format!(
        "session {}, from sector {}, {}, {}",
        track.session,
        track.start,
        counted(track.sectors.0.into(), "sector"),
        track.mode
    )
}

/// Which claims of a size are worth a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimsTold {
    All,
    /// None where all say the same: that is the size, which is told anyhow.
    WhereTheyDiffer,
}

impl ClaimsTold {
    /// In an account, which is to be short.
    pub fn in_account(loudness: Loudness) -> Self {
        if loudness >= Loudness::Verbose { Self::All } else { Self::WhereTheyDiffer }
    }
}

/// The size that is believed, why, and who says what.
pub fn size_rows(verdict: &SizeVerdict, told: ClaimsTold, sheet: &mut Sheet) {
    sheet.row(
        "size",
        format!(
            "{}, {}: {}",
            counted(verdict.sectors.0.into(), "sector"),
            bytes(verdict.sectors.bytes()),
            verdict.reason
        ),
    );
    let differ = verdict.claims.iter().any(|claim| claim.sectors != verdict.sectors);
    if differ || told == ClaimsTold::All {
        for claim in &verdict.claims {
            sheet.more(format!("{:>12}  {}", grouped(claim.sectors.0.into()), claim.source));
        }
    }
    if let Some(missing) = verdict.missing {
        let missing = counted(missing.0.into(), "sector");
        sheet.more(format!("the disc ends {missing} before its filesystem does"));
    }
    if let Some(suggested) = verdict.suggested {
        sheet.more(format!(
            "the filesystem ends after {}: --trim ends the image there",
            counted(suggested.0.into(), "sector")
        ));
    }
}

pub fn disc_line(medium: &Medium, verdict: Option<&SizeVerdict>) -> DiscLine {
    let claims = verdict.map_or(&medium.claims, |v| &v.claims);
    DiscLine {
        medium: medium.kind.to_string(),
        profile: format!("0x{:04x}", medium.profile.number()),
        state: Some(state_of(medium.status)),
        sectors: verdict.map(|v| v.sectors.0),
        size_reason: verdict.map(|v| v.reason.to_string()),
        layers: medium.layers,
        layer_break: medium.layer_break.map(|at| at.0),
        book_type: medium.book_type.map(|b| b.to_string()),
        sessions: medium.sessions,
        tracks: medium.tracks.iter().map(track_shape).collect(),
        claims: claims.iter().map(claim_shape).collect(),
        free_sectors: medium.free.map(|free| free.0),
        next_session: medium.next_session.map(|place| NextSessionShape { last: place.last.0, next: place.next.0 }),
        media_id: medium.media_id.clone(),
        protection: medium.protection.map(Protection::name),
    }
}

fn track_shape(track: &Track) -> TrackShape {
    TrackShape {
        number: track.number,
        session: track.session,
        start: track.start.0,
        sectors: track.sectors.0,
        mode: track.mode.to_string(),
    }
}

fn claim_shape(claim: &Claim) -> ClaimShape {
    ClaimShape { source: claim.source.name(), sectors: claim.sectors.0 }
}
