//! This module knows how an image finds its place behind what is on a disc: whether it was made for there, and how a disc
//! that has no sessions shows the new one.

use std::sync::atomic::Ordering;

use super::plan::{Complaint, Plan, Refusal};
use super::source::Head;
use super::{BurnError, Job, Source};
use crate::drive::{DiscStatus, Medium, NextSession, ReadHow, Writability, WriteHow};
use crate::event::About;
use crate::filesystem::iso9660::{DescriptorSet, is_directory_at};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// The volume on a disc behind which an image is to be written.
#[derive(Debug)]
pub(super) struct VolumeThere {
    set: DescriptorSet,
    /// All that stands where descriptors can.
    area: Vec<u8>,
}

/// What the disc gets once the image is on it.
#[derive(Debug)]
pub(super) struct NewDescriptors {
    image: DescriptorSet,
    /// What is there now.
    area: Vec<u8>,
}

impl Job<'_> {
    /// Looks at what is on a disc that can be written over, where something is to be added.
    pub(super) fn look_at_volume(&mut self, medium: &Medium, disc: &mut Writability) -> Option<VolumeThere> {
        let wanted = self.options.wishes.append && medium.is_random_access() && disc.status != DiscStatus::Empty;
        if !wanted {
            return None;
        }
        let area = self.descriptor_area()?;
        // UDF beside ISO 9660 would go on to show what was there before.
        let set = DescriptorSet::read(&area).filter(|set| !set.is_bridge())?;
        disc.volume = Some(set.space());
        Some(VolumeThere { set, area })
    }

    /// What the disc has where descriptors are; `None` where it does not read.
    fn descriptor_area(&mut self) -> Option<Vec<u8>> {
        let bytes = usize::try_from(DescriptorSet::AREA.bytes()).ok()?;
        let mut area = vec![0; bytes];
        self.drive.read(DescriptorSet::AT, &mut area, &ReadHow::default()).ok()?;
        Some(area)
    }

    /// Refuses an image that was made for another place than the one where it would begin. `there` is the volume that it
    /// grows, if it does.
    pub(super) fn settle_place(
        &mut self,
        source: &mut Source,
        plan: &Plan,
        medium: &Medium,
        there: Option<VolumeThere>,
    ) -> Result<Option<NewDescriptors>, BurnError> {
        if plan.start == Lba(0) && source.file().is_none() {
            return Ok(None);
        }
        let refused = |complaint| BurnError::Refused(Refusal { kind: plan.kind, complaint });
        let head = match source.head() {
            // A stream that was asked to stop is cut.
            Err(_) if self.stop.load(Ordering::Relaxed) => return Err(BurnError::Interrupted),
            head => head?,
        };
        let Some(image) =
            head.sectors_up_to(DescriptorSet::AT, DescriptorSet::AREA).and_then(|a| DescriptorSet::read(&a))
        else {
            if plan.grows {
                return Err(refused(Complaint::GrowsByIsoAlone));
            }
            if plan.start == Lba(0) {
                return Ok(None);
            }
            let text = format!("nobody can see whether the image was made for sector {}", plan.start);
            self.teller.notice(About::Size, text);
            return Ok(None);
        };
        let made = if is_for(plan.start, &head, &image) { Some(plan.start) } else { made_for(&head, &image) };
        match made {
            Some(made) if made == plan.start => {}
            // The image is damaged, which is told by who judges it.
            None if plan.start == Lba(0) => return Ok(None),
            Some(_) | None => {
                let last = medium.next_session.map_or(Lba(0), |session| session.last);
                let place = NextSession { last, next: plan.start };
                return Err(refused(Complaint::MadeForElsewhere { place, made }));
            }
        }
        let Some(VolumeThere { set, area }) = there.filter(|_| plan.grows) else { return Ok(None) };
        if image.is_bridge() {
            return Err(refused(Complaint::GrowsByIsoAlone));
        }
        if !has_room(&set, image.count()) {
            return Err(refused(Complaint::TooManyDescriptors { image: image.count(), room: set.count() }));
        }
        Ok(Some(NewDescriptors { image, area }))
    }

    /// Lets the disc show the image that was written to it; what it got is given back.
    pub(super) fn show_on_disc(
        &mut self,
        new: NewDescriptors,
        plan: &Plan,
        image_bytes: u64,
    ) -> Result<Vec<u8>, BurnError> {
        let failed = |source| BurnError::Write { at: DescriptorSet::AT, source };
        // What is shown is there before it is.
        self.drive.synchronise(plan.kind, &mut |_| {}).map_err(failed)?;
        let sectors = u32::try_from(image_bytes.div_ceil(SECTOR_BYTES as u64)).unwrap_or(u32::MAX);
        let space = SectorCount(plan.start.0.saturating_add(sectors));
        let NewDescriptors { image, mut area } = new;
        let descriptors = image.with_space(space);
        if let Some(place) = area.get_mut(..descriptors.len()) {
            place.copy_from_slice(&descriptors);
        }
        self.drive.write(DescriptorSet::AT, &area, WriteHow { streaming: false }).map_err(failed)?;
        Ok(area)
    }

    /// Whether the descriptors that were written are there.
    pub(super) fn shows(&mut self, written: &[u8]) -> bool {
        self.descriptor_area().is_some_and(|area| area == written)
    }
}

/// Whether the root directory is where it is said to be, where the image begins at `start` of a disc.
fn is_for(start: Lba, head: &Head<'_>, image: &DescriptorSet) -> bool {
    let at = image.root().0.checked_sub(start.0).map(Lba);
    let sector = at.and_then(|at| head.sectors(at, SectorCount(1)));
    sector.is_some_and(|sector| is_directory_at(&sector, image.root()))
}

/// For which sector of a disc an image was made, by where its root directory is. It is looked for where programs put it.
fn made_for(head: &Head<'_>, image: &DescriptorSet) -> Option<Lba> {
    const FIRST: Lba = Lba(17);
    const MOST: SectorCount = SectorCount(1024);
    let sectors = head.sectors_up_to(FIRST, MOST)?;
    let found = sectors.chunks(SECTOR_BYTES).zip(FIRST.0..).find(|(sector, _)| is_directory_at(sector, image.root()));
    found.and_then(|(_, at)| image.root().0.checked_sub(at)).map(Lba)
}

/// Whether so many descriptors overwrite nothing that files may have. The old ones go, and what lies between them and the
/// first path table of the first image is nobody's; of a disc that has grown before, nobody knows where that ends.
fn has_room(there: &DescriptorSet, count: SectorCount) -> bool {
    let end = DescriptorSet::AT.saturating_add(count);
    let behind = DescriptorSet::AT.saturating_add(DescriptorSet::AREA);
    count <= there.count() || end <= there.first_needed() && there.first_needed() < behind
}
