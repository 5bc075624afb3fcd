//! This module knows threads, buffers and waiting, for all jobs.
//!
//! One producer fills buffers from a ring; every consumer sees each of them, in order, on a thread of its own; the
//! last one to let go of a buffer gives it back. Nothing is allocated per byte, and memory does not grow.

mod buffer;
mod conveyor;
mod eta;
mod fan_out;
mod ring;

pub use buffer::Buffer;
pub use conveyor::convey;
pub use crossbeam_channel::Receiver;
pub use eta::Eta;
pub use fan_out::{Consumer, Feed, fan_out};
pub use ring::{Block, Closed, Piece, RingShape};
