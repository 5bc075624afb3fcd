//! This module knows which questions a disc is asked, in which order; a question that is refused is an absent fact.

use super::exchange::Reply;
use super::fingerprint::digest;
use super::{DiscFingerprint, Drive, DriveError, MediumFamily, MediumKind, Note, TrackMode};
use crate::mmc::Profile;
use crate::mmc::command::{
    Answer, Atip, BdDiscInformation, Capacity, Command, Configuration, Copyright, DiscInformation, DiscStructure,
    FullToc, GetConfiguration, MediaClass, PhysicalFormat, Read10, ReadCapacity, ReadDiscStructure, ReadToc,
    ReadTrackInformation, ReadableFormats, SessionState, Toc, TocAddressing, TocFormat, TrackInformation, TrackPath,
    TrackSelector, Which, structure_format,
};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};
use std::time::Duration;

/// Answers, as far as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    pub configuration: Option<Configuration>,
    pub information: Option<DiscInformation>,
    pub toc: Option<Toc>,
    pub full_toc: Option<FullToc>,
    pub atip: Option<Atip>,
    /// In order; those that are blank are left out.
    pub tracks: Vec<TrackInformation>,
    /// What can still be written behind the last track.
    pub free: Option<SectorCount>,
    /// Where writing goes on, as that track says.
    pub next_writable: Option<Lba>,
    pub capacity: Option<Capacity>,
    /// Of each layer, from 0 on.
    pub physical: Vec<PhysicalFormat>,
    pub copyright: Option<Copyright>,
    pub bd: Option<BdDiscInformation>,
    pub formats: Option<ReadableFormats>,
    /// What a recordable DVD says about its maker.
    pub maker: Option<Maker>,
    pub fingerprint: DiscFingerprint,
}

/// The lead-in of recordable DVDs, where the maker stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Maker {
    /// DVD+R and +RW.
    Adip(Vec<u8>),
    /// DVD-R and -RW.
    PreRecorded(Vec<u8>),
}

/// The most that is taken of an answer with a length of its own.
const LONG: u16 = 65_534;
/// First reads after loading wait for the spindle.
const FIRST_READ: Duration = Duration::from_secs(60);

impl Survey {
    pub(super) fn profile(&self) -> Option<Profile> {
        self.configuration.as_ref().map(|c| c.profile)
    }

    fn family(&self) -> MediumFamily {
        self.profile().map_or(MediumFamily::Unknown, |p| MediumKind::of_profile(p).family())
    }

    /// The last track that holds something.
    pub(super) fn last_track(&self) -> Option<&TrackInformation> {
        self.tracks.last()
    }

    /// The numbers of first and last track, empty ones at the end included.
    fn track_numbers(&self) -> (u16, u16) {
        /// As many as a CD can have; more are not listed.
        const MOST: u16 = 99;
        let first = self.information.as_ref().map(|i| u16::from(i.first_track)).filter(|&n| n > 0);
        let last = self.information.as_ref().map(|i| i.last_track_in_last_session).filter(|&n| n > 0);
        let in_toc = self.toc.as_ref().map(|t| (u16::from(t.first_track), u16::from(t.last_track)));
        let first = first.or(in_toc.map(|(first, _)| first)).unwrap_or(1).max(1);
        let last = last.or(in_toc.map(|(_, last)| last)).unwrap_or(first);
        (first, last.clamp(first, first.saturating_add(MOST - 1)))
    }
}

impl Drive {
    /// Asks all that can be asked without reading, in the order that drives are used to.
    pub(super) fn survey(&mut self) -> Result<Survey, DriveError> {
        let mut survey = Survey { configuration: self.configuration()?, ..Survey::default() };
        survey.information = self.disc_information()?;
        let toc = self.toc_bytes(TocFormat::Toc, 0)?;
        survey.toc = toc.as_deref().and_then(|bytes| Toc::parse(bytes).ok());
        survey.tracks = self.track_informations(&survey)?;
        let last = self.unfinished_track(&survey)?;
        survey.free = last.as_ref().and_then(|track| track.free).filter(|free| !free.is_zero());
        survey.next_writable = last.and_then(|track| track.next_writable);
        survey.capacity = self.ask(&ReadCapacity, 8)?;
        survey.fingerprint = DiscFingerprint::of_profile(survey.profile());
        survey.fingerprint.toc = toc.as_deref().map(digest);
        survey.fingerprint.sectors = survey.capacity.and_then(|c| c.sectors()).map(|s| s.0);
        match survey.family() {
            MediumFamily::Cd => self.survey_cd(&mut survey)?,
            MediumFamily::Dvd => self.survey_dvd(&mut survey)?,
            MediumFamily::Bd => self.survey_bd(&mut survey)?,
            MediumFamily::Unknown => {}
        }
        Ok(survey)
    }

    fn survey_cd(&mut self, survey: &mut Survey) -> Result<(), DriveError> {
        let atip = self.toc_bytes(TocFormat::Atip, 0)?;
        survey.atip = atip.and_then(|bytes| Atip::parse(&bytes).ok());
        let full = self.toc_bytes(TocFormat::Full, 1)?;
        survey.full_toc = full.and_then(|bytes| FullToc::parse(&bytes).ok());
        Ok(())
    }

    fn survey_dvd(&mut self, survey: &mut Survey) -> Result<(), DriveError> {
        let ask = |drive: &mut Self, layer, format| drive.structure_bytes(MediaClass::Dvd, layer, format);
        let physical = ask(self, 0, structure_format::PHYSICAL)?;
        survey.fingerprint.structure = physical.as_deref().map(digest);
        survey.physical = physical.as_deref().and_then(physical_format).into_iter().collect();
        if let Some(first) = survey.physical.first()
            && first.layers > 1
            && first.track_path == TrackPath::Parallel
        {
            for layer in 1..first.layers.min(4) {
                let Some(bytes) = ask(self, layer, structure_format::PHYSICAL)? else { break };
                let Some(format) = physical_format(&bytes) else { break };
                survey.physical.push(format);
            }
        }
        let copyright = ask(self, 0, structure_format::COPYRIGHT)?;
        survey.copyright = copyright.and_then(|bytes| Copyright::parse(&bytes).ok());
        let data = |bytes: Option<Vec<u8>>| bytes.and_then(|b| DiscStructure::parse(&b).ok()).map(|s| s.data);
        survey.maker = match survey.profile() {
            Some(Profile::DvdPlusR | Profile::DvdPlusRDl | Profile::DvdPlusRw | Profile::DvdPlusRwDl) => {
                data(ask(self, 0, structure_format::ADIP)?).map(Maker::Adip)
            }
            Some(
                Profile::DvdRSequential
                | Profile::DvdRDlSequential
                | Profile::DvdRDlLayerJump
                | Profile::DvdRwSequential
                | Profile::DvdRwRestrictedOverwrite
                | Profile::DvdRwDl,
            ) => data(ask(self, 0, structure_format::PRE_RECORDED)?).map(Maker::PreRecorded),
            _ => None,
        };
        Ok(())
    }

    fn survey_bd(&mut self, survey: &mut Survey) -> Result<(), DriveError> {
        let bytes = self.structure_bytes(MediaClass::Bd, 0, structure_format::DISC_INFORMATION)?;
        survey.fingerprint.structure = bytes.as_deref().map(digest);
        survey.bd = bytes.and_then(|bytes| BdDiscInformation::parse(&bytes).ok());
        let list = self.structure_bytes(MediaClass::Bd, 0, structure_format::LIST)?;
        survey.formats = list.and_then(|bytes| ReadableFormats::parse(&bytes).ok());
        Ok(())
    }

    fn configuration(&mut self) -> Result<Option<Configuration>, DriveError> {
        const HEAD: u16 = 8;
        let question = |allocation| GetConfiguration { which: Which::Current, from: 0, allocation };
        let head = self.ask_bytes(&question(HEAD), HEAD)?;
        let told = head.as_deref().and_then(Configuration::told_bytes).unwrap_or(0);
        let length = even(told);
        let whole = if length > HEAD { self.ask_bytes(&question(length), length)? } else { None };
        Ok(whole.or(head).and_then(|bytes| Configuration::parse(&bytes).ok()))
    }

    /// What each track says of itself; nothing where the drive does not know the question.
    fn track_informations(&mut self, survey: &Survey) -> Result<Vec<TrackInformation>, DriveError> {
        const LENGTH: u16 = 36;
        let mut found: Vec<TrackInformation> = Vec::new();
        if survey.information.as_ref().is_some_and(|i| i.status == super::DiscStatus::Empty) {
            return Ok(found);
        }
        let (first, last) = survey.track_numbers();
        for number in first..=last {
            let question =
                ReadTrackInformation { of: TrackSelector::Track(u32::from(number)), open: false, allocation: LENGTH };
            match self.ask::<TrackInformation>(&question, LENGTH)? {
                Some(track) => found.push(track),
                None => break,
            }
        }
        let appendable = survey.information.as_ref().is_some_and(|i| i.last_session != SessionState::Complete);
        while appendable && found.len() > 1 && found.last().is_some_and(|track| track.blank) {
            found.pop();
        }
        Ok(found)
    }

    /// Of a disc that is blank or was left open, its last track, in which there is room.
    fn unfinished_track(&mut self, survey: &Survey) -> Result<Option<TrackInformation>, DriveError> {
        const LENGTH: u16 = 36;
        let status = survey.information.as_ref().map(|i| i.status);
        if !matches!(status, Some(super::DiscStatus::Empty | super::DiscStatus::Incomplete)) {
            return Ok(None);
        }
        let (_, last) = survey.track_numbers();
        let of = TrackSelector::Track(u32::from(last));
        let question = ReadTrackInformation { of, open: false, allocation: LENGTH };
        self.ask(&question, LENGTH)
    }

    fn toc_bytes(&mut self, format: TocFormat, number: u8) -> Result<Option<Vec<u8>>, DriveError> {
        let addressing = match format {
            TocFormat::Toc | TocFormat::Sessions => TocAddressing::Lba,
            _ => TocAddressing::Msf,
        };
        self.ask_counted(|allocation| ReadToc { addressing, format, number, allocation }, 4)
    }

    fn structure_bytes(&mut self, media: MediaClass, layer: u8, format: u8) -> Result<Option<Vec<u8>>, DriveError> {
        let question = |allocation| ReadDiscStructure { media, address: 0, layer, format, allocation, agid: 0 };
        self.ask_counted(question, 4)
    }

    /// First the head, which tells the length, then all of it: some drives refuse to be asked for more than they
    /// have, others to be asked for less than a whole.
    fn ask_counted<C: Command>(
        &mut self,
        question: impl Fn(u16) -> C,
        head_bytes: u16,
    ) -> Result<Option<Vec<u8>>, DriveError> {
        const ENOUGH: u16 = 4096;
        let Some(head) = self.ask_bytes(&question(head_bytes), head_bytes)? else {
            return self.ask_bytes(&question(ENOUGH), ENOUGH);
        };
        let told = head.first_chunk().map_or(0, |&bytes| u64::from(u16::from_be_bytes(bytes)).saturating_add(2));
        let length = even(told);
        if length <= head_bytes {
            return Ok(Some(head));
        }
        Ok(self.ask_bytes(&question(length), length)?.or(Some(head)))
    }

    /// The first sector that filesystems use, read twice: the first read after a disc was put in can be wrong.
    pub(super) fn first_descriptor(&mut self, start: Lba) -> Result<Option<Vec<u8>>, DriveError> {
        const DESCRIPTOR: SectorCount = SectorCount(16);
        let mut last: Option<Vec<u8>> = None;
        for attempt in 0..3_u8 {
            let mut sector = vec![0; SECTOR_BYTES];
            let question = Read10 { start: start.saturating_add(DESCRIPTOR), count: 1, dpo: false, fua: false };
            let reply = self.exchange_within(&question.cdb(), &mut sector, FIRST_READ, super::exchange::BUSY_AT_MOST);
            let sector = match reply {
                Ok(Reply::Good { transferred: SECTOR_BYTES } | Reply::Remarked { transferred: SECTOR_BYTES, .. }) => {
                    Some(sector)
                }
                Ok(_) => None,
                Err(DriveError::Link(crate::scsi::TransportError::TimedOut { .. })) => return Ok(None),
                Err(error) => return Err(error),
            };
            if attempt > 0 && sector == last {
                return Ok(sector);
            }
            if attempt > 0 && last.is_some() {
                self.note(Note::FirstReadDiffered);
            }
            last = sector;
        }
        Ok(last)
    }

    /// What the sectors of a CD's data track are.
    pub(super) fn track_mode(&mut self, start: Lba) -> Result<Option<TrackMode>, DriveError> {
        Ok(match self.sector_mode(start)? {
            Some(mode) => Some(mode),
            None => self.sector_mode(start.saturating_add(SectorCount(16)))?,
        })
    }
}

/// The lead-in's words; without its numbers where they cannot stand where they should, as in drives in software that
/// leave a byte out.
fn physical_format(bytes: &[u8]) -> Option<PhysicalFormat> {
    const RESERVED: [usize; 3] = [8, 12, 16];
    const STARTS: [u32; 2] = [0x03_0000, 0x03_1000];
    let told = PhysicalFormat::parse(bytes).ok()?;
    let orderly = RESERVED.iter().all(|&at| bytes.get(at).is_none_or(|&byte| byte == 0))
        && told.start.is_some_and(|start| STARTS.contains(&start));
    Some(if orderly { told } else { PhysicalFormat { start: None, end: None, layer_0_end: None, ..told } })
}

/// The next even length that a command can ask for.
fn even(told: u64) -> u16 {
    u16::try_from(told.saturating_add(told % 2)).unwrap_or(LONG).min(LONG)
}

#[cfg(test)]
mod tests;
