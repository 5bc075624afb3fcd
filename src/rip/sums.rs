//! This module knows what the sums that a disc carries within itself mean for a rip of it.

use super::image_writer::WriteError;
use super::to_file::Image;
use super::{Job, Report, RipError};
use crate::image::HoledImage;
use crate::verify::{EmbeddedSums, Summing};

impl Job<'_> {
    /// Whether there is any sum that has not been checked yet, since the image came in pieces.
    pub(super) fn carries_sums(&self, image: &Image, report: &Report) -> Result<bool, RipError> {
        let Some(judgement) = &report.judgement else { return Ok(false) };
        let failed = |source| WriteError::Image { path: image.files.unfinished.part.clone(), source };
        let missing: Vec<_> = image.map.missing().collect();
        let mut source = HoledImage::new(image.file.as_ref(), &missing).map_err(failed)?;
        Ok(!EmbeddedSums::announced(&mut source, judgement).all.is_empty())
    }

    /// Tells of all sums that `summing` saw; where one does not hold, which files are others is found in the image.
    pub(super) fn conclude_sums(&self, summing: Summing, image: &Image, report: &mut Report) -> Result<(), RipError> {
        let Some(judgement) = &report.judgement else { return Ok(()) };
        let mut sums = summing.finish(judgement);
        // An unfinished image is read again by its next call.
        if report.missing.is_zero() {
            let failed = |source| WriteError::Image { path: image.files.unfinished.part.clone(), source };
            let mut source = HoledImage::new(image.file.as_ref(), &[]).map_err(failed)?;
            sums.check_files(judgement, &mut source, self.stop, self.teller)?;
        }
        report.add_sums(sums);
        Ok(())
    }
}
