//! This module knows how errors become sentences: what happened, to what, and what to do next.

mod attachment;
mod burn;
mod drive;
mod job;
mod open;
mod source;

pub use attachment::{attach_failure, detach_failure};
pub use burn::{burn_failure, remains_words};
pub use drive::{drive_failure, numbers};
pub use job::{About, against_failure, rip_failure, verify_failure};
pub use open::open_failure;
pub use source::{scene_failure, source_failure};

/// What a person can look up or report: each cause in turn.
fn causes(error: &dyn std::error::Error) -> Option<String> {
    let chain: Vec<String> =
        std::iter::successors(error.source(), |e| e.source()).map(|cause| format!("because: {cause}")).collect();
    (!chain.is_empty()).then(|| chain.join("\n"))
}
