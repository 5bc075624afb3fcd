//! This module knows how a command goes through the kernel to a real drive.

use std::fs::File;
use std::os::fd::AsFd;
use std::time::Duration;

use super::node::NodeKind;
use super::{header, outcome};
use crate::scsi::{Cdb, Completion, Data, Transport, TransportError};

/// What a block node raises a shorter timeout to.
const BLOCK_FLOOR: Duration = Duration::from_secs(7);

/// A drive behind `/dev/sr*` or `/dev/sg*`.
///
/// Buffers that begin at a page and are a multiple of 512 bytes long are filled by the hardware without a copy (sr only).
#[derive(Debug)]
pub struct SgIo {
    node: File,
    kind: NodeKind,
    max_transfer: usize,
    /// The drive's other node, held so that nobody comes in by that door.
    _other_door: Option<File>,
}

impl SgIo {
    pub(super) fn new(node: File, kind: NodeKind, max_transfer: usize, other_door: Option<File>) -> Self {
        Self { node, kind, max_transfer, _other_door: other_door }
    }
}

impl Transport for SgIo {
    fn execute(&mut self, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> Result<Completion, TransportError> {
        let bytes = data.len();
        let timeout = timeout.max(self.shortest_timeout());
        match header::send(self.node.as_fd(), cdb, data, timeout) {
            Ok(answer) => outcome::of_answer(answer, bytes, timeout),
            Err(error) => Err(outcome::of_errno(error, cdb.opcode(), bytes, self.kind)),
        }
    }

    fn max_transfer(&self) -> usize {
        self.max_transfer
    }

    fn shortest_timeout(&self) -> Duration {
        match self.kind {
            NodeKind::Block => BLOCK_FLOOR,
            NodeKind::Generic => Duration::ZERO,
        }
    }
}
