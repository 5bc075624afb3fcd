//! This module knows transports that hold another transport: they stack in any order.

mod bad_link;
mod meter;
mod player;
mod recorder;
mod watcher;

pub use bad_link::{BadLink, Odds};
pub use meter::{Meter, MeterReading};
pub use player::{ImageReader, Player};
pub use recorder::Recorder;
pub use watcher::{Told, Watcher};
