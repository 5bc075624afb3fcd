//! This module knows how the content of one file is written: holes as holes, and what is lost as zeros.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::report::Loss;
use crate::filesystem::content::{Content, Lost, Part, Sectors};
use crate::sector::SourceError;

/// How it ended badly.
pub(super) enum Trouble {
    Interrupted,
    Read(SourceError),
    Write(io::Error),
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Without holes.
    pub bytes: u64,
    pub losses: Vec<Loss>,
}

/// A file that is lost here and there and everywhere is told in so many pieces; the last one then says too much.
const MOST_LOSSES: usize = 1000;

/// Writes all of `content` that can be had. Where the image ends too early the file ends there too; other bytes that
/// cannot be had are zeros. `advance` hears of bytes that are done.
pub(super) fn write(
    content: &mut Content<'_>,
    file: &File,
    from: &mut Sectors<'_>,
    buffer: &mut [u8],
    stop: &AtomicBool,
    advance: &mut dyn FnMut(u64),
) -> Result<Written, Trouble> {
    let mut written = Written::default();
    let (mut at, mut end) = (0_u64, 0_u64);
    while let Some(part) = content.part_at(at, from, buffer).map_err(Trouble::Read)? {
        if stop.load(Ordering::Relaxed) {
            return Err(Trouble::Interrupted);
        }
        let next = at.saturating_add(part.length());
        match part {
            Part::Bytes(count) => {
                file.write_all_at(buffer.get(..count).unwrap_or_default(), at).map_err(Trouble::Write)?;
                written.bytes = written.bytes.saturating_add(count as u64);
                end = next;
            }
            Part::Zeros(_) => {}
            Part::Lost { length, why } => {
                add(&mut written.losses, Loss { offset: at, length, at: content.place_of(at), why });
            }
        }
        advance(part.length());
        at = next;
    }
    let whole = content.size();
    let is_cut = |loss: &&Loss| matches!(loss.why, Lost::BeyondEnd | Lost::Nowhere | Lost::NotUnpacked);
    let length = match written.losses.last().filter(is_cut) {
        Some(loss) if loss.offset.saturating_add(loss.length) == whole => loss.offset,
        Some(_) | None => whole,
    };
    if length > end {
        file.set_len(length).map_err(Trouble::Write)?;
    }
    Ok(written)
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
