//! This module knows the kernel's other side of SCSI: how a program is the drive behind `/dev/srN`.
//!
//! `target_core_user` hands each command to a process through `/dev/uioN`, and `tcm_loop` makes a SCSI host of that.

#[cfg(test)]
pub mod fake;
mod memory;
pub mod modules;
mod ring;
mod target;
mod uio;

pub use memory::{Mapping, OutOfBounds, SharedMemory};
pub use ring::{Delivery, LARGEST_TRANSFER, Request, Ring, RingError};
pub use target::{Target, TargetError};
pub use uio::{Doorbell, Uio};
