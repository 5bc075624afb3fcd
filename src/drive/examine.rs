//! This module knows what the answers of a drive say about its disc.

use super::survey::{Maker, Survey};
use super::{
    BookType, Claim, ClaimSource, DiscStatus, Drive, DriveError, Medium, MediumFamily, MediumKind, NextSession, Origin,
    Protection, Track, TrackMode,
};
use crate::mmc::Profile;
use crate::mmc::command::{
    BdUnit, CopyrightSystem, FullTocEntry, PhysicalFormat, SessionState, TrackInformation, TrackPath,
};
use crate::mmc::feature;
use crate::sector::{Lba, SectorCount};

/// The layer type of recordable layers, and of rewritable ones: bits of DVD format 00h.
const RECORDABLE_LAYER: u8 = 0x02;
const REWRITABLE_LAYER: u8 = 0x04;
/// Between the sessions of a CD: lead-out, lead-in and pregap.
const SESSION_GAP: u32 = 11_400;
/// Tracks whose sectors are looked at, so that a disc full of short ones costs no minutes.
const TRACKS_LOOKED_AT: usize = 8;

/// What stays of an examined disc in the drive.
#[derive(Debug, Clone)]
pub(super) struct Examined {
    pub family: MediumFamily,
    pub protection: Option<Protection>,
    pub fingerprint: super::DiscFingerprint,
    /// As far as is known.
    pub sectors: SectorCount,
}

impl Drive {
    /// Asks for all there is to know of the disc. Every claim of its size is taken before anything is read, since a
    /// read beyond the end makes some drives change theirs. The drive has to be ready.
    ///
    /// # Errors
    /// Where the disc is changed again and again, or the drive does not answer at all.
    pub fn examine(&mut self) -> Result<Medium, DriveError> {
        const TIMES: u8 = 3;
        for _ in 0..TIMES {
            self.forget_disc();
            let survey = self.survey()?;
            let mut medium = conclude(&survey);
            self.examined = Some(Examined {
                family: medium.family(),
                protection: medium.protection,
                fingerprint: survey.fingerprint,
                sectors: super::size::first_guess(&medium),
            });
            self.look_at_tracks(&mut medium)?;
            let data = medium.tracks.iter().find(|t| t.mode != TrackMode::Audio).map(|t| t.start);
            if let (Some(start), false) = (data, medium.is_blank()) {
                let descriptor = self.first_descriptor(start)?;
                if let Some(examined) = &mut self.examined {
                    examined.fingerprint.descriptor = descriptor.as_deref().map(super::fingerprint::digest);
                }
            }
            if !self.news.changed {
                self.settle_news()?;
                return Ok(medium);
            }
            self.examined = None;
            self.settle_news()?;
            self.wait_until_ready_again()?;
        }
        Err(DriveError::OtherDisc)
    }

    /// The modes of a CD's data tracks, out of their own headers where the drive shows them.
    fn look_at_tracks(&mut self, medium: &mut Medium) -> Result<(), DriveError> {
        if medium.family() != MediumFamily::Cd || medium.is_blank() {
            return Ok(());
        }
        for track in medium.tracks.iter_mut().filter(|t| t.mode != TrackMode::Audio).take(TRACKS_LOOKED_AT) {
            if let Some(mode) = self.track_mode(track.start)? {
                track.mode = mode;
            }
        }
        Ok(())
    }
}

/// What the answers say.
fn conclude(survey: &Survey) -> Medium {
    let profile = survey.profile().unwrap_or(Profile::None);
    let kind = kind(survey, profile);
    let family = kind.family();
    let origin = origin(survey, kind);
    let status = status(survey, kind, origin);
    let tracks = if status == DiscStatus::Empty { Vec::new() } else { tracks(survey, family) };
    let physical = survey.physical.first().filter(|p| plausible_layers(p));
    Medium {
        profile,
        kind,
        status,
        sessions: sessions(survey, &tracks),
        layers: layers(survey),
        layer_break: physical.and_then(PhysicalFormat::layer_break),
        book_type: survey.physical.first().map(|p| p.book_type),
        protection: protection(survey, family),
        media_id: media_id(survey),
        free: survey.free,
        next_session: next_session(survey, status, &tracks),
        claims: claims(survey, family, status),
        tracks,
        origin,
    }
}

/// The profile's word, unless the disc itself knows better.
fn kind(survey: &Survey, profile: Profile) -> MediumKind {
    let told = MediumKind::of_profile(profile);
    let by_unit = survey.bd.as_ref().and_then(|bd| bd.units.first()).map(|unit| unit.identifier);
    let book = survey.physical.first().map(|p| p.book_type);
    match told {
        MediumKind::BdRom if by_unit == Some(BdUnit::RECORDABLE) => MediumKind::BdR,
        MediumKind::BdRom if by_unit == Some(BdUnit::REWRITABLE) => MediumKind::BdRe,
        MediumKind::CdRom => match &survey.atip {
            Some(atip) if atip.rewritable => MediumKind::CdRw,
            Some(_) => MediumKind::CdR,
            None => told,
        },
        MediumKind::DvdRom => match book {
            Some(BookType::DvdR) => MediumKind::DvdR,
            Some(BookType::DvdRw) => MediumKind::DvdRw,
            Some(BookType::DvdRam) => MediumKind::DvdRam,
            Some(BookType::DvdPlusR) => MediumKind::DvdPlusR,
            Some(BookType::DvdPlusRDl) => MediumKind::DvdPlusRDl,
            Some(BookType::DvdPlusRw) => MediumKind::DvdPlusRw,
            Some(BookType::DvdPlusRwDl) => MediumKind::DvdPlusRwDl,
            Some(_) | None => told,
        },
        // Drives from before profiles, and firmware that does not know the disc.
        MediumKind::Unknown if matches!(profile, Profile::None | Profile::NonStandard) => by_size(survey),
        other => other,
    }
}

/// The kind that discs of this size have.
fn by_size(survey: &Survey) -> MediumKind {
    match survey.capacity.and_then(|c| c.sectors()) {
        None => MediumKind::Unknown,
        Some(sectors) if sectors <= super::size::largest(MediumFamily::Cd) => MediumKind::CdRom,
        Some(sectors) if sectors <= super::size::largest(MediumFamily::Dvd) => MediumKind::DvdRom,
        Some(_) => MediumKind::BdRom,
    }
}

fn origin(survey: &Survey, kind: MediumKind) -> Origin {
    let layer_type = survey.physical.first().map_or(0, |p| p.layer_type);
    match kind.origin() {
        // A DVD+R whose book type says ROM still has layers that were written.
        Origin::Pressed if layer_type & REWRITABLE_LAYER != 0 => Origin::Rewritable,
        Origin::Pressed if layer_type & RECORDABLE_LAYER != 0 => Origin::Recordable,
        origin => origin,
    }
}

/// Pressed discs are complete whatever the drive says.
fn status(survey: &Survey, kind: MediumKind, origin: Origin) -> DiscStatus {
    match (&survey.information, origin) {
        (_, Origin::Pressed) if kind != MediumKind::Unknown => DiscStatus::Finalized,
        (Some(information), _) => information.status,
        (None, _) => DiscStatus::Finalized,
    }
}

/// Where another session begins, once the last one is closed.
fn next_session(survey: &Survey, status: DiscStatus, tracks: &[Track]) -> Option<NextSession> {
    let is_closed = survey.information.as_ref().is_some_and(|i| i.last_session == SessionState::Empty);
    let takes_more = status == DiscStatus::Incomplete && is_closed;
    survey.next_writable.filter(|_| takes_more).and_then(|next| NextSession::after(tracks, next))
}

/// Those that hold something: an appendable disc also counts the empty one behind them.
fn sessions(survey: &Survey, tracks: &[Track]) -> u16 {
    let by_tracks = tracks.iter().map(|t| t.session).max().unwrap_or(0);
    match &survey.information {
        Some(information) if !tracks.is_empty() => {
            let empty = u16::from(information.last_session == SessionState::Empty);
            information.sessions.saturating_sub(empty).max(1)
        }
        Some(_) => 0,
        None => by_tracks,
    }
}

fn tracks(survey: &Survey, family: MediumFamily) -> Vec<Track> {
    let listed: Vec<_> = survey.toc.iter().flat_map(|t| t.tracks()).collect();
    if family == MediumFamily::Cd && !listed.is_empty() {
        return cd_tracks(survey);
    }
    if !survey.tracks.is_empty() {
        return survey.tracks.iter().map(|t| track_of(t, survey, family)).collect();
    }
    let mode = if listed.iter().all(|entry| entry.is_data()) { TrackMode::Data } else { TrackMode::Audio };
    let sectors = survey.capacity.and_then(|c| c.sectors()).unwrap_or_default();
    vec![Track { number: 1, session: 1, start: Lba(0), sectors, mode }]
}

/// A track as READ TRACK INFORMATION tells it.
fn track_of(told: &TrackInformation, survey: &Survey, family: MediumFamily) -> Track {
    const DATA: u8 = 0x04;
    let to_the_end = || {
        let end = survey.capacity.and_then(|c| c.sectors()).unwrap_or_default();
        SectorCount(end.0.saturating_sub(told.start.0))
    };
    let recorded = told.last_recorded.and_then(|last| last.0.checked_sub(told.start.0)?.checked_add(1));
    let sectors = recorded.map(SectorCount).or(told.size).unwrap_or_else(to_the_end);
    Track {
        number: told.track,
        session: told.session,
        start: told.start,
        sectors,
        mode: mode_of(told, family, family != MediumFamily::Cd || told.track_mode & DATA != 0),
    }
}

/// Tracks as a CD's table of contents tells them, with sessions where the drive tells those.
fn cd_tracks(survey: &Survey) -> Vec<Track> {
    let Some(toc) = &survey.toc else { return Vec::new() };
    let lead_out = toc.lead_out().map(|e| e.lba()).or(survey.capacity.and_then(|c| c.sectors()).map(|s| Lba(s.0)));
    let told = |number: u8| survey.tracks.iter().find(|t| t.track == u16::from(number));
    let session_of = |number: u8| {
        let in_lead_in = survey.full_toc.iter().flat_map(|t| &t.entries);
        let entry = in_lead_in.filter(|e| e.is_track()).find(|e| e.point == number).map(|e| u16::from(e.session));
        entry.or(told(number).map(|t| t.session)).unwrap_or(1)
    };
    let mut tracks: Vec<Track> = Vec::new();
    let mut entries: Vec<_> = toc.tracks().collect();
    entries.sort_by_key(|entry| entry.track);
    let mut rest = entries.iter().peekable();
    while let Some(entry) = rest.next() {
        let (start, session) = (entry.lba(), session_of(entry.track));
        let next = rest.peek().map(|next| (next.lba(), session_of(next.track)));
        let end = match next {
            Some((next, its_session)) if its_session != session => {
                lead_out_of(survey, session).unwrap_or(Lba(next.0.saturating_sub(SESSION_GAP)))
            }
            Some((next, _)) => next,
            None => lead_out.unwrap_or(start),
        };
        let by_control = if entry.is_data() { TrackMode::Data } else { TrackMode::Audio };
        let mode = told(entry.track).map_or(by_control, |t| mode_of(t, MediumFamily::Cd, entry.is_data()));
        let sectors = SectorCount(end.0.saturating_sub(start.0));
        tracks.push(Track { number: u16::from(entry.track), session, start, sectors, mode });
    }
    tracks
}

/// Where the lead-out of one session starts.
fn lead_out_of(survey: &Survey, session: u16) -> Option<Lba> {
    let mut entries = survey.full_toc.iter().flat_map(|t| &t.entries);
    let entry = entries.find(|e| u16::from(e.session) == session && e.point == FullTocEntry::LEAD_OUT)?;
    entry.pmsf.lba()
}

/// What the drive says; a CD's own headers may say it better.
fn mode_of(told: &TrackInformation, family: MediumFamily, is_data: bool) -> TrackMode {
    match (family, is_data, told.data_mode) {
        (_, false, _) => TrackMode::Audio,
        (MediumFamily::Cd, true, 1) => TrackMode::Mode1,
        (_, true, _) => TrackMode::Data,
    }
}

fn layers(survey: &Survey) -> Option<u8> {
    let bd = survey.bd.as_ref().and_then(|bd| bd.units.first()).map(|unit| unit.layers);
    let dvd = survey.physical.first().map(|p| p.layers);
    bd.or(dvd).filter(|&layers| layers > 0)
}

/// A disc of which some numbers make no sense tells nothing by the others.
fn plausible_layers(physical: &PhysicalFormat) -> bool {
    physical.sectors().is_some()
}

fn protection(survey: &Survey, family: MediumFamily) -> Option<Protection> {
    match (family, survey.copyright.map(|c| c.system)) {
        (MediumFamily::Dvd, Some(CopyrightSystem::Css)) => Some(Protection::Css),
        (MediumFamily::Dvd, Some(CopyrightSystem::Cprm)) => Some(Protection::Cprm),
        (_, Some(CopyrightSystem::Aacs)) => Some(Protection::Aacs),
        (MediumFamily::Bd, _) if has_aacs(survey) => Some(Protection::Aacs),
        _ => None,
    }
}

/// A pressed BD for which the drive could hand out keys.
fn has_aacs(survey: &Survey) -> bool {
    const KEYS: std::ops::RangeInclusive<u8> = 0x80..=0x84;
    let pressed = survey.bd.as_ref().and_then(|bd| bd.units.first()).is_some_and(|unit| !unit.is_recordable());
    let listed = survey.formats.as_ref().map(|list| KEYS.into_iter().any(|format| list.can_read(format)));
    let current = || {
        let configuration = survey.configuration.as_ref();
        configuration.and_then(|c| c.feature(feature::code::AACS)).is_some_and(|f| f.current)
    };
    pressed && listed.unwrap_or_else(current)
}

fn media_id(survey: &Survey) -> Option<String> {
    let bd = || survey.bd.as_ref()?.units.first()?.media_id();
    let cd = || survey.atip.as_ref().map(|atip| atip.media_id());
    let dvd = || survey.maker.as_ref().and_then(Maker::media_id);
    bd().or_else(cd).or_else(dvd)
}

impl Maker {
    /// Maker and type as people look them up.
    fn media_id(&self) -> Option<String> {
        let text = |bytes: &[u8]| super::identity::printable(bytes);
        let id = match self {
            Self::Adip(data) => {
                let (maker, kind) = (data.get(19..27)?, data.get(27..30)?);
                format!("{}-{}", text(maker), text(kind))
            }
            // Fields of eight bytes, the first of which tells what is in them: 3 and 4 hold the maker's text.
            Self::PreRecorded(data) => {
                let fields = data.chunks_exact(8).filter_map(|field| field.split_first());
                fields
                    .filter(|(kind, _)| matches!(kind, 3 | 4))
                    .map(|(_, rest)| text(rest.get(..6).unwrap_or(rest)))
                    .collect()
            }
        };
        Some(id).filter(|id| id.chars().any(char::is_alphanumeric))
    }
}

/// Every voice on the size, in the order in which they were asked.
fn claims(survey: &Survey, family: MediumFamily, status: DiscStatus) -> Vec<Claim> {
    if status == DiscStatus::Empty {
        return Vec::new();
    }
    let lead_out = survey.toc.as_ref().and_then(|t| t.lead_out()).map(|e| SectorCount(e.lba().0));
    let track = survey.last_track();
    let behind = |start: Lba, size: SectorCount| start.0.checked_add(size.0).map(SectorCount);
    let track_end = track.and_then(|t| behind(t.start, t.size?));
    let last_recorded = track.and_then(|t| behind(t.last_recorded?, SectorCount(1)));
    let next_writable = track.and_then(|t| t.next_writable).map(|lba| SectorCount(lba.0));
    let structure = match family {
        MediumFamily::Bd => bd_sectors(survey),
        MediumFamily::Cd | MediumFamily::Dvd | MediumFamily::Unknown => dvd_sectors(survey),
    };
    let all = [
        (ClaimSource::TableOfContents, lead_out),
        (ClaimSource::Track, track_end),
        (ClaimSource::LastRecorded, last_recorded),
        (ClaimSource::NextWritable, next_writable),
        (ClaimSource::ReadCapacity, survey.capacity.and_then(|c| c.sectors())),
        (ClaimSource::Structure, structure),
    ];
    let told = all.into_iter().filter_map(|(source, sectors)| Some(Claim { source, sectors: sectors? }));
    told.filter(|claim| !claim.sectors.is_zero()).collect()
}

fn dvd_sectors(survey: &Survey) -> Option<SectorCount> {
    let first = survey.physical.first()?;
    if first.layers > 1 && first.track_path == TrackPath::Parallel {
        let complete = survey.physical.len() == usize::from(first.layers);
        return if complete { PhysicalFormat::sectors_of_parallel(&survey.physical) } else { None };
    }
    first.sectors()
}

/// The sum over layers. On recordable discs an address unit is eight sectors, and the last is told by its first half.
fn bd_sectors(survey: &Survey) -> Option<SectorCount> {
    let units = &survey.bd.as_ref()?.units;
    let layers = units.first()?.layers.max(1);
    let sum = (0..layers).try_fold(0_u32, |sum, layer| {
        let unit = units.iter().find(|unit| unit.layer == layer)?;
        let span = unit.last_aun?.checked_sub(unit.first_aun?)?;
        let sectors = if unit.is_recordable() { span.checked_add(2)?.checked_mul(8)? } else { span.checked_add(1)? };
        sum.checked_add(sectors)
    })?;
    Some(SectorCount(sum)).filter(|&s| !s.is_zero() && s <= super::size::largest(MediumFamily::Bd))
}
