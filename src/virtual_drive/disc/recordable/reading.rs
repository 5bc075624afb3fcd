//! This module knows what a reader finds on a disc that was recorded.

use super::sequential::{Sequential, TrackRecord};
use super::{Record, Recordable, cd};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SourceError};
use crate::virtual_drive::disc::{
    Disc, DiscKind, DiscState, Layers, Layout, SectorKind, Stretch, Track, TrackMode, TrackPath,
};

impl Recordable {
    /// What a reader is told: the sessions that are closed, or all that is formatted.
    pub(super) fn laid_out(&self) -> Layout {
        match &self.record {
            Record::Sequential(record) => laid_out(record),
            Record::Cd(record) => cd::laid_out(record),
            Record::Overwritable(record) => {
                let sectors = SectorCount(record.formatted);
                let track = Track { number: 1, session: 1, start: Lba(0), sectors, mode: TrackMode::Mode1 };
                let tracks: Vec<Track> = (!sectors.is_zero()).then_some(track).into_iter().collect();
                let state = if tracks.is_empty() { DiscState::Blank } else { DiscState::Complete };
                Layout { state, tracks, end: Lba(sectors.0) }
            }
        }
    }
}

fn laid_out(record: &Sequential) -> Layout {
    // On a disc that can be written over, nobody closes sessions.
    let told = |session: u16, track: &TrackRecord| {
        session <= record.closed_sessions() || (record.is_pseudo_overwritten() && track.closed)
    };
    let byte = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    let tracks: Vec<Track> = record
        .tracks()
        .filter(|(_, session, track)| told(*session, track))
        .map(|(number, session, track)| Track {
            number: byte(number),
            session: byte(session),
            start: Lba(track.start),
            sectors: SectorCount(track.recorded),
            mode: TrackMode::Mode1,
        })
        .collect();
    let end = tracks.last().map_or(Lba(0), |track| track.range().end());
    let state = match tracks.is_empty() {
        true if record.is_blank() => DiscState::Blank,
        true => DiscState::Open,
        false => DiscState::Complete,
    };
    Layout { state, tracks, end }
}

impl Disc for Recordable {
    fn kind(&self) -> DiscKind {
        self.stock.kind
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn layers(&self) -> Layers {
        let count = self.stock.layers();
        if count < 2 {
            return Layers::One;
        }
        let layer_0 = self.sequential().and_then(|(record, _)| record.layer_0);
        let usual = self.stock.sectors.0 / count;
        Layers::Two { break_at: Lba(layer_0.unwrap_or(usual)), path: TrackPath::Opposite }
    }

    fn readable_end(&self) -> Lba {
        match &self.record {
            Record::Sequential(record) => record.recorded_end(),
            Record::Overwritable(record) => Lba(record.formatted),
            Record::Cd(record) => Lba(record.recorded_end()),
        }
    }

    fn stretch(&self, at: Lba) -> Option<Stretch> {
        match &self.record {
            Record::Cd(record) => cd::stretch(record, at),
            Record::Overwritable(record) => {
                (at.0 < record.formatted).then_some(Stretch { kind: SectorKind::Mode1, end: Lba(record.formatted) })
            }
            Record::Sequential(record) => {
                let mut written = record.tracks().map(|(_, _, track)| (track.start, track.recorded_end()));
                let (start, end) = written.find(|(_, end)| at.0 < *end)?;
                let inside = start <= at.0;
                let kind = if inside { SectorKind::Mode1 } else { SectorKind::Unwritten };
                Some(Stretch { kind, end: Lba(if inside { end } else { start }) })
            }
        }
    }

    fn read(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        debug_assert_eq!(buffer.len() % SECTOR_BYTES, 0, "drives read whole sectors");
        self.store.read(start, buffer).map_err(|source| SourceError::Failed { at: start, source: Box::new(source) })
    }

    fn recordable(&self) -> Option<&Recordable> {
        Some(self)
    }

    fn recordable_mut(&mut self) -> Option<&mut Recordable> {
        Some(self)
    }
}
