//! This module knows how much the kernel lets go over at once.

use std::fs::File;
use std::os::fd::AsFd;

use super::discover::DriveNodes;
use super::header;
use super::node::{NodeKind, number};

/// What every host adapter but the most crippled USB bridge takes; used where the kernel does not tell.
const COMMON: usize = 65536;
const PAGE: u64 = 4096;
const SECTOR: usize = 2048;

/// Bytes that one transfer through this node may have: whole sectors, one at least.
pub(super) fn max_transfer(node: &File, kind: NodeKind, nodes: &DriveNodes) -> usize {
    let told = match kind {
        NodeKind::Block => block_limit(nodes),
        NodeKind::Generic => header::generic_limit(node.as_fd()).ok(),
    };
    let bytes = told.filter(|&bytes| bytes >= SECTOR).unwrap_or(COMMON);
    bytes.saturating_sub(bytes.checked_rem(SECTOR).unwrap_or(0))
}

/// The hard limit, and the pages that may lie scattered in memory, each of which costs a segment.
fn block_limit(nodes: &DriveNodes) -> Option<usize> {
    let queue = nodes.block.as_ref()?.folder.join("queue");
    let hard = number(&queue, "max_hw_sectors_kb")?.checked_mul(1024)?;
    let scattered = number(&queue, "max_segments").filter(|&n| n > 0).and_then(|n| n.checked_mul(PAGE));
    usize::try_from(hard.min(scattered.unwrap_or(u64::MAX))).ok()
}
