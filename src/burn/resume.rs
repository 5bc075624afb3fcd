//! This module knows whether what an earlier burn left on a disc is the beginning of an image.

use super::{BurnError, Job, Plan, Source};
use crate::drive::{ReadFailure, ReadHow};
use crate::event::{About, grouped};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount};

/// So many blocks at the end are compared; the beginning says whose it is, and the read-back proves the rest.
const BLOCKS_AT_THE_END: u32 = 4;
const BLOCK: u32 = 32;

impl Job<'_> {
    /// Reads the beginning and the end of what is `there`, and compares it with the image.
    pub(super) fn is_beginning_of(
        &mut self,
        source: &Source,
        plan: &Plan,
        there: SectorCount,
    ) -> Result<(), BurnError> {
        let text = format!("going on with a burn that was cut off: {} sectors are there", grouped(there.0.into()));
        self.teller.notice(About::Resume, text);
        let Some(file) = source.file() else { return Err(BurnError::OtherImage) };
        let from_end = there.0.saturating_sub(BLOCK.saturating_mul(BLOCKS_AT_THE_END));
        for (from, most) in [(0, BLOCK), (from_end, there.0.saturating_sub(from_end))] {
            let mut at = from;
            let end = from.saturating_add(most).min(there.0);
            while at < end {
                let count = BLOCK.min(end.saturating_sub(at)).min(self.drive.max_read().0.max(1));
                let bytes = usize::try_from(SectorCount(count).bytes()).unwrap_or(SECTOR_BYTES);
                // Behind the image's last byte there are zeros.
                let (mut disc, mut image) = (vec![0; bytes], vec![0; bytes]);
                let lba = plan.start.saturating_add(SectorCount(at));
                match self.drive.read(lba, &mut disc, &ReadHow::default()) {
                    Ok(_) => {}
                    Err(ReadFailure::Stopped(error)) => return Err(error.into()),
                    Err(_) => return Err(BurnError::CannotCompare),
                }
                let offset = Lba(at).byte_offset();
                let left = plan.image_bytes.unwrap_or_default().saturating_sub(offset);
                let left = usize::try_from(left).unwrap_or(usize::MAX).min(bytes);
                let part = image.get_mut(..left).unwrap_or_default();
                file.read_at(offset, part).map_err(|source| super::source::SourceError { at: offset, source })?;
                if disc != image {
                    return Err(BurnError::OtherImage);
                }
                at = at.saturating_add(count);
            }
        }
        Ok(())
    }
}
