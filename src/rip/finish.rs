//! This module knows the end of a rip: digests, comparisons, lists, and last of all the image's name.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::image_writer::{WriteError, save_map};
use super::target::{list_note, list_text};
use super::to_file::Image;
use super::{Existing, Job, Outcome, Plan, Report, RipError};
use crate::event::{About, Phase};
use crate::image::{self, ImageFile, Opening, naming};
use crate::verify::{
    AgainstError, Asked, Compared, Comparing, Comparison, Digesting, Digests, FilePass, Padding, Summing, Verdict,
};

impl Job<'_> {
    /// Gives the image its name, if it is to have it.
    pub(super) fn finish(
        &mut self,
        plan: &Plan,
        mut image: Image,
        namesakes: &[PathBuf],
        report: &mut Report,
    ) -> Result<Outcome, RipError> {
        let outcome = match self.is_to_be_named(plan, &image.map) {
            Ok(outcome) => outcome,
            Err(unfinished) => return Ok(unfinished),
        };
        let part = image.files.unfinished.part.clone();
        let failed = |source| WriteError::Image { path: part.clone(), source };
        self.sync_phase(|| {
            image.file.set_len(plan.sectors.bytes())?;
            image.file.sync_data()
        })
        .map_err(failed)?;
        report.digests = match image.digests.take() {
            Some(digests) => digests,
            None if plan.wanted.is_empty() && !self.carries_sums(&image, report)? => Default::default(),
            None => self.digests_of_file(plan, &image, report)?,
        };
        self.compare(plan, report)?;
        self.compare_with_images(plan, &image, report)?;
        image.files.same_as = namesakes.iter().find(|path| self.is_same(image.file.as_ref(), path)).cloned();
        self.write_lists(&mut image, report)?;
        let existing = match self.options.existing {
            Existing::Refuse => image::Existing::Kept,
            Existing::Overwrite => image::Existing::Replaced,
        };
        match self.storage.rename_durably(&part, &image.files.output, existing) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(RipError::OutputExists { path: image.files.output });
            }
            Err(source) => return Err(WriteError::Image { path: image.files.output, source }.into()),
        }
        report.outcome = outcome;
        if outcome == Outcome::Complete {
            let map = &image.files.unfinished.map;
            match self.storage.remove(map) {
                Err(source) if source.kind() != ErrorKind::NotFound => {
                    return Err(WriteError::Map { path: map.clone(), source }.into());
                }
                _ => {}
            }
        }
        if let Some(twin) = &image.files.same_as {
            self.teller.notice(About::Name, format!("{} has the same content", twin.display()));
        }
        report.files = Some(image.files);
        Ok(outcome)
    }

    /// Of an image that came in pieces, with the sums that it carries within itself.
    fn digests_of_file(&self, plan: &Plan, image: &Image, report: &mut Report) -> Result<Digests, RipError> {
        let missing: Vec<_> = image.map.missing().collect();
        let mut digesting = Digesting::new(&plan.wanted);
        let mut summing = Summing::without(&missing);
        let mut consumers: Vec<_> = digesting.consumers().collect();
        consumers.push(&mut summing);
        let whole = 0..plan.sectors.bytes();
        self.file_pass(Phase::Hash).run(image.file.as_ref(), std::slice::from_ref(&whole), consumers)?;
        self.conclude_sums(summing, image, report)?;
        Ok(digesting.finish())
    }

    /// Compares what was read with all that it was to be compared with.
    pub(super) fn compare(&self, plan: &Plan, report: &mut Report) -> Result<(), RipError> {
        let name = report.files.as_ref().and_then(|files| files.output.file_name()).unwrap_or_default();
        let compared = Compared {
            name: name.as_encoded_bytes(),
            bytes: plan.sectors.bytes(),
            digests: &report.digests,
            no_raw_form: plan.no_raw_form,
        };
        let mut comparisons = Vec::new();
        for against in &self.options.against {
            comparisons.extend(against.compare(&compared)?);
        }
        report.comparisons = comparisons;
        Ok(())
    }

    /// Compares the finished bytes with each other image that was named.
    fn compare_with_images(&self, plan: &Plan, image: &Image, report: &mut Report) -> Result<(), RipError> {
        for (path, mut comparing) in self.images_to_compare_with()? {
            let pass = self.file_pass(Phase::Compare);
            let whole = 0..plan.sectors.bytes();
            pass.run(image.file.as_ref(), std::slice::from_ref(&whole), vec![&mut comparing])?;
            report.comparisons.push(by_user(path, comparing));
        }
        Ok(())
    }

    /// The images that were named, each with what compares with it.
    pub(super) fn images_to_compare_with(&self) -> Result<Vec<(PathBuf, Comparing)>, RipError> {
        let images = self.options.against.iter().filter_map(|against| against.image());
        images
            .map(|path| {
                let open = |source| AgainstError::Open { path: path.to_owned(), source };
                let other = self.storage.open(path, Opening::Reading).map_err(open)?;
                Ok((path.to_owned(), Comparing::with(other, Padding::OfDisc).map_err(open)?))
            })
            .collect()
    }

    fn file_pass(&self, phase: Phase) -> FilePass<'_> {
        FilePass { clock: self.clock, teller: self.teller, stop: self.stop, phase }
    }

    fn write_lists(&self, image: &mut Image, report: &Report) -> Result<(), RipError> {
        // Who finds a list beside an unfinished rip can tell by this whose it is.
        let mut is_noted = true;
        for algorithm in &self.options.lists {
            let (Some(digest), key) = (report.digests.of(*algorithm), list_note(*algorithm)) else { continue };
            let digest = digest.to_string();
            is_noted &= image.map.note(&key) == Some(&digest);
            image.map.set_note(&key, &digest);
        }
        if !is_noted {
            save_map(self.storage, &image.files.unfinished.map, &image.map)?;
        }
        for algorithm in &self.options.lists {
            let Some(digest) = report.digests.of(*algorithm) else { continue };
            let path = naming::hash_list(&image.files.output, algorithm.name());
            let text = list_text(&image.files.output, *digest);
            self.storage
                .write_durably(&path, &text)
                .map_err(|source| WriteError::Image { path: path.clone(), source })?;
            image.files.lists.push(path);
        }
        Ok(())
    }

    /// Whether a file has just these bytes; one that cannot be read has not.
    fn is_same(&self, ours: &dyn ImageFile, path: &Path) -> bool {
        let Ok(theirs) = self.storage.open(path, Opening::Reading) else { return false };
        let (Ok(length), Ok(other)) = (ours.len(), theirs.len()) else { return false };
        if length != other {
            return false;
        }
        let (mut a, mut b) = (vec![0; 1 << 18], vec![0; 1 << 18]);
        let mut offset = 0;
        while offset < length {
            let count = usize::try_from(length.saturating_sub(offset)).unwrap_or(usize::MAX).min(a.len());
            let (Some(a), Some(b)) = (a.get_mut(..count), b.get_mut(..count)) else { return false };
            if self.stop.load(Ordering::Relaxed) {
                return false;
            }
            if ours.read_at(offset, a).is_err() || theirs.read_at(offset, b).is_err() || a != b {
                return false;
            }
            offset = offset.saturating_add(count as u64);
        }
        true
    }
}

/// What comparing with an image came to.
pub(super) fn by_user(path: PathBuf, comparing: Comparing) -> Comparison {
    Comparison { path, asked: Asked::ByUser, verdict: Verdict::Image(comparing.finish()) }
}
