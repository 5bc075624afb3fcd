//! This module knows READ BUFFER CAPACITY: what the kind of disc leaves of the buffer, and what waits in it.

use crate::mmc::command::{BufferCapacity, ReadBufferCapacity};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let ReadBufferCapacity { in_blocks, allocation } = request.parsed()?;
    let bytes = super::loaded(drive.state.loaded())?.kind().family().buffer_bytes();
    let free = bytes.saturating_sub(drive.buffer.level(drive.mechanics.now(), drive.write_rate()));
    let (bytes, free) = (drive.claims.buffer.unwrap_or(bytes), drive.claims.buffer_free.unwrap_or(free));
    let capacity = if in_blocks {
        BufferCapacity { in_blocks, length: 0, free: Some(free / 2048) }
    } else {
        BufferCapacity { in_blocks, length: bytes, free: Some(free) }
    };
    Ok(super::answer(&capacity, allocation))
}
