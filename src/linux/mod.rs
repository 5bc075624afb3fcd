//! This module knows the kernel: every ioctl and every `unsafe` of the program.

pub mod beneath;
mod discover;
#[cfg(test)]
mod fake_kernel;
mod header;
mod holder;
pub mod input;
mod limits;
mod node;
mod open;
mod outcome;
pub mod process;
mod sg_io;
pub mod signals;
pub mod tcmu;
pub mod thread;

pub use discover::{Bus, DriveNodes, drives, find};
pub use holder::{Holder, holders};
pub use node::{Node, NodeKind, NodeNumber, Roots};
pub use open::{Access, Claim, NodeRights, OpenDrive, OpenError, Rights, open_drive};
pub use sg_io::SgIo;
