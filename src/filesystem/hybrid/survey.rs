//! This module knows what a first look tells of partition tables and Macintosh volumes.

use super::super::probe::Probe;
use super::super::volume::{SizeClaim, SizeSource, Volume, sectors_for};
use super::gpt::Header;
use super::hfs::HEADER_AT;
use super::mbr::MasterBootRecord;
use super::{BLOCK, BLOCK_BYTES, PartitionTableKind, apple, hfs, volume};

/// What the first sectors tell.
#[derive(Debug, Default)]
pub(in crate::filesystem) struct Survey {
    pub tables: Vec<PartitionTableKind>,
    pub claims: Vec<SizeClaim>,
    pub volumes: Vec<Volume>,
}

impl Survey {
    fn found(&mut self, kind: PartitionTableKind, source: SizeSource, end: Option<u64>) {
        self.tables.push(kind);
        self.claims.extend(end.map(|end| SizeClaim { source, sectors: sectors_for(end) }));
    }
}

pub(in crate::filesystem) fn survey(probe: &mut Probe<'_>) -> Survey {
    let mut survey = Survey::default();
    let image = probe.sector_count().bytes();
    let mut read = |at: u64| probe.bytes::<BLOCK_BYTES>(at);
    let Some(first) = read(0) else { return survey };
    if let Some(record) = MasterBootRecord::parse(&first, image) {
        survey.found(PartitionTableKind::Mbr, SizeSource::MasterBootRecord, record.end());
    }
    if let Some(header) = read(BLOCK).and_then(|block| Header::parse(&block)) {
        let end = header.alternate.saturating_add(1).saturating_mul(BLOCK);
        let end = header.is_sound().then_some(end);
        survey.found(PartitionTableKind::Gpt, SizeSource::GuidPartitionTable, end);
    }
    let mut starts = vec![0];
    if let Some(map) = apple::Map::find(&mut read) {
        survey.found(PartitionTableKind::Apple, SizeSource::ApplePartitionMap, map.end());
        let named = map.partitions().filter(|partition| partition.kind.is_hfs());
        starts.extend(named.map(|partition| partition.start).filter(|start| *start > 0));
    }
    for start in starts {
        let header = read(start.saturating_add(HEADER_AT)).and_then(|block| hfs::Header::parse(&block));
        survey.volumes.extend(header.map(|header| volume(&header, start)));
    }
    survey
}
