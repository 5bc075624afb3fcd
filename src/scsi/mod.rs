//! This module knows how one command goes out and one answer comes back; it knows neither MMC nor Linux.

mod cdb;
mod sense;
mod sense_names;
pub mod trace;
mod transport;
pub mod wrap;

pub use cdb::Cdb;
pub use sense::{Sense, SenseKey};
pub use sense_names::sense_name;
pub use transport::{Completion, Data, HostFault, Status, Transport, TransportError};
