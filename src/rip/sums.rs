//! This module knows what the sums that a disc carries within itself mean for a rip of it.

use super::image_writer::WriteError;
use super::to_file::Image;
use super::{Job, Report, RipError};
use crate::image::HoledImage;
use crate::verify::Summing;

impl Job<'_> {
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
