//! This module knows how the content of one file is copied: holes as holes, and what is lost as zeros.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exchange::Gone;
use super::report::Loss;
use super::writing::Writing;
use crate::filesystem::content::{Content, Lost, Part, Sectors};
use crate::sector::SourceError;

/// How it ended badly.
pub(super) enum Trouble {
    Interrupted,
    Read(SourceError),
    Gone(Gone),
}

/// What there was to be copied.
#[derive(Debug, Default)]
pub(super) struct Copied {
    /// Without holes.
    pub bytes: u64,
    /// That the file is to have, where it ends with bytes that are not written.
    pub length: Option<u64>,
    pub losses: Vec<Loss>,
}

/// A file that is lost here and there and everywhere is told in so many pieces; the last one then says too much.
const MOST_LOSSES: usize = 1000;

/// Hands on all of `content` that can be had. Where the image ends too early the file ends there too; other bytes that
/// cannot be had are zeros. `advance` hears of bytes that are done.
pub(super) fn copy(
    content: &mut Content<'_>,
    from: &mut Sectors<'_>,
    to: &mut Writing<'_>,
    stop: &AtomicBool,
    advance: &mut dyn FnMut(u64),
) -> Result<Copied, Trouble> {
    let mut copied = Copied::default();
    let (mut at, mut end) = (0_u64, 0_u64);
    let whole = content.size();
    while at < whole {
        let room = to.room(whole.saturating_sub(at)).map_err(Trouble::Gone)?;
        let Some(part) = content.part_at(at, from, room).map_err(Trouble::Read)? else { break };
        if stop.load(Ordering::Relaxed) {
            return Err(Trouble::Interrupted);
        }
        let next = at.saturating_add(part.length());
        match part {
            Part::Bytes(count) => {
                to.put(count, at);
                copied.bytes = copied.bytes.saturating_add(count as u64);
                end = next;
            }
            Part::Zeros(_) => {}
            Part::Lost { length, why } => {
                add(&mut copied.losses, Loss { offset: at, length, at: content.place_of(at), why });
            }
        }
        advance(part.length());
        at = next;
    }
    let is_cut = |loss: &&Loss| matches!(loss.why, Lost::BeyondEnd | Lost::Nowhere | Lost::NotUnpacked);
    let length = match copied.losses.last().filter(is_cut) {
        Some(loss) if loss.offset.saturating_add(loss.length) == whole => loss.offset,
        Some(_) | None => whole,
    };
    copied.length = (length > end).then_some(length);
    Ok(copied)
}

/// Neighbours are one.
fn add(losses: &mut Vec<Loss>, loss: Loss) {
    let is_full = losses.len() >= MOST_LOSSES;
    match losses.last_mut() {
        Some(last) if is_full || last.offset.saturating_add(last.length) == loss.offset && last.why == loss.why => {
            last.length = loss.offset.saturating_add(loss.length).saturating_sub(last.offset);
        }
        Some(_) | None => losses.push(loss),
    }
}
