//! This module knows how a drive in software becomes a real `/dev/sr*`, and what is left of it when its process dies.
//!
//! Whatever carries commands can be one: it is asked by way of `Transport`, as everybody else asks it.

mod clear;
mod host;
mod nobody;
mod register;
mod service;
mod watch;

pub use clear::{DetachError, Detached, detach};
pub use host::{AttachError, Audience, Ended, Plan, attach};
pub use register::{Listed, Liveness, Record, Register};
pub use service::{ServeError, Service, Wires};
pub use watch::Watch;
