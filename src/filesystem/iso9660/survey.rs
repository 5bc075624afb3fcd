//! This module knows how to walk the volume recognition area, which ISO 9660 and UDF share.

use super::descriptor::{Recognized, VolumeDescriptor};
use super::el_torito::Boot;
use super::record::{Format, Record};
use super::rock_ridge::{Glance, glance, is_rock_ridge};
use crate::filesystem::probe::{Probe, ProblemKind, cursor_at};
use crate::filesystem::volume::{SizeClaim, SizeSource, Volume, VolumeKind, sectors_for};
use crate::sector::{Lba, SectorCount};

const FIRST_DESCRIPTOR: Lba = Lba(16);
/// Real discs have a dozen at most.
const MOST_DESCRIPTORS: u32 = 64;
/// Between the terminator and the structures of UDF some writers leave a sector or two.
const LARGEST_GAP: u32 = 2;

/// Programs put the first directories here, or not far behind.
const DIRECTORIES: std::ops::Range<u32> = 16..112;

/// What the area holds.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub volumes: Vec<Volume>,
    pub claims: Vec<SizeClaim>,
    pub boot: Option<Boot>,
    pub announces_udf: bool,
    /// Where the descriptors stand.
    pub descriptors: Vec<Lba>,
}

pub(crate) fn survey(probe: &mut Probe<'_>) -> Survey {
    let mut survey = Survey::default();
    let mut primary = None;
    let mut is_terminated = false;
    let mut gap = 0;
    for at in (0..MOST_DESCRIPTORS).map(|number| FIRST_DESCRIPTOR.saturating_add(SectorCount(number))) {
        let found = probe.sector(at).and_then(|sector| Recognized::parse(sector.as_slice()).ok().flatten());
        let Some(found) = found else {
            gap += 1;
            if gap > LARGEST_GAP {
                break;
            }
            continue;
        };
        gap = 0;
        survey.descriptors.push(at);
        match found {
            Recognized::Primary(descriptor) => {
                // Copies may follow; the first one counts.
                if primary.is_none() {
                    survey.take_primary(probe, at, &descriptor);
                    primary = Some(descriptor);
                }
            }
            Recognized::Supplementary(descriptor) => survey.take_supplementary(probe, at, &descriptor),
            Recognized::HighSierra(descriptor) => {
                survey.take(probe, at, &descriptor, VolumeKind::HighSierra, SizeSource::HighSierra);
            }
            Recognized::Boot(record) => {
                if record.is_el_torito() && survey.boot.is_none() {
                    let catalogue = Lba(record.catalogue);
                    let sector = probe.sector(catalogue);
                    survey.boot = Some(Boot::new(catalogue, sector.as_deref().map(<[u8; 2048]>::as_slice)));
                }
            }
            Recognized::Extended(id) => survey.announces_udf |= id.starts_with(b"NSR"),
            Recognized::Terminator => is_terminated = true,
            Recognized::Other => {}
        }
    }
    if !survey.volumes.is_empty() && !is_terminated {
        probe.problem(FIRST_DESCRIPTOR, ProblemKind::NoTerminator);
    }
    if primary.is_some_and(|descriptor| has_rock_ridge(probe, &descriptor)) {
        survey.volumes.push(Volume { kind: VolumeKind::RockRidge, label: None, sectors: None });
    }
    survey
}

/// A directory of ISO 9660, which says where it stands, on a disc whose descriptors do not lead to it.
pub(crate) fn directory_left_over(probe: &mut Probe<'_>) -> Option<Lba> {
    DIRECTORIES.map(Lba).find(|&at| {
        let Some(sector) = probe.sector(at) else { return false };
        Record::parse(sector.as_slice(), Format::Iso9660)
            .is_ok_and(|record| record.is_own() && record.agrees() && record.extent.value() == at.0)
    })
}

impl Survey {
    fn take_primary(&mut self, probe: &mut Probe<'_>, at: Lba, descriptor: &VolumeDescriptor) {
        let (set_size, sequence) = (descriptor.set_size.value(), descriptor.sequence_number.value());
        self.take(probe, at, descriptor, VolumeKind::Iso9660 { set_size, sequence }, SizeSource::Iso9660);
    }

    fn take_supplementary(&mut self, probe: &mut Probe<'_>, at: Lba, descriptor: &VolumeDescriptor) {
        let kind = match (descriptor.version, descriptor.joliet_level()) {
            (2, None) => VolumeKind::Enhanced,
            (_, Some(level)) => VolumeKind::Joliet { level },
            // Another character set; nobody reads those.
            (_, None) => return,
        };
        self.take(probe, at, descriptor, kind, SizeSource::Supplementary);
    }

    fn take(
        &mut self,
        probe: &mut Probe<'_>,
        at: Lba,
        descriptor: &VolumeDescriptor,
        kind: VolumeKind,
        source: SizeSource,
    ) {
        if self.volumes.iter().any(|known| known.kind == kind) {
            return;
        }
        if !descriptor.agrees() {
            probe.problem(at, ProblemKind::Contradiction);
        }
        let sectors = Some(sectors_for(descriptor.space_bytes())).filter(|sectors| !sectors.is_zero());
        let label =
            if matches!(kind, VolumeKind::Joliet { .. }) { descriptor.joliet_label() } else { descriptor.label() };
        self.claims.extend(sectors.map(|sectors| SizeClaim { source, sectors }));
        self.volumes.push(Volume { kind, label, sectors });
    }
}

fn has_rock_ridge(probe: &mut Probe<'_>, primary: &VolumeDescriptor) -> bool {
    let mut block = |number: u32, offset: u32| {
        let byte = u64::from(number).checked_mul(primary.block_bytes().into())?.checked_add(offset.into())?;
        let sector = probe.sector(Lba(SectorCount::whole_in(byte)?.0))?;
        Some((sector, usize::try_from(byte % 2048).ok()?))
    };
    let Some((root, offset)) = block(primary.root_extent.value(), 0) else { return false };
    match glance(root.get(offset..).unwrap_or_default()) {
        Glance::Nothing => false,
        Glance::RockRidge => true,
        Glance::Continued { block: number, offset, length } => {
            let Some((sector, offset)) = block(number, offset) else { return false };
            let mut b = cursor_at(sector.as_slice(), offset, "continuation area");
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(b.rest().len());
            b.take(length).is_ok_and(is_rock_ridge)
        }
    }
}
