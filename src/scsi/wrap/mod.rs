//! This module knows transports that hold another transport: they stack in any order.

mod meter;

pub use meter::{Meter, MeterReading};
