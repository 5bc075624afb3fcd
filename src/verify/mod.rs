//! This module knows how an image or a disc is compared with what it should be.

mod against;
mod beside;
mod comparing;
mod digesting;
mod disc;
mod error;
mod file_pass;
mod image;
mod judging;
mod keeping;
mod raw_form;
mod summing;

pub use against::{Against, AgainstError, Answer, Asked, Compared, Comparison, Verdict};
pub use beside::list_beside;
pub use comparing::{Comparing, Likeness, Padding};
pub use digesting::{Digesting, Digests, Wanted};
pub use disc::{DiscReport, verify_disc};
pub use error::VerifyError;
pub use file_pass::{FilePass, FilePassError};
pub use image::{ImageReport, MapState, Options, verify_image};
pub use judging::{Counts, JudgeError, Judgement, Judging, SESSIONS_OF_AN_IMAGE, TreeCount, survey};
pub use keeping::Keeping;
pub use raw_form::{why_not_of_disc, why_not_of_image};
pub use summing::{EmbeddedSums, Summing};

use crate::checksum::Algorithm;

/// What catalogues list, of images and of the raw form of CDs.
pub const DIGESTS_OF_CATALOGUES: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Md5, Algorithm::Crc32];

/// The digests asked for, and those that the comparisons need.
pub fn with_needed(asked: &[Algorithm], against: &[Against]) -> Vec<Algorithm> {
    let mut all = asked.to_vec();
    for algorithm in against.iter().flat_map(Against::algorithms) {
        if !all.contains(&algorithm) {
            all.push(algorithm);
        }
    }
    all
}
