//! This module knows MMC: commands to bytes, bytes to answers, both directions; pure, no state, no policy.

pub mod command;
pub mod command_name;
mod data_direction;
pub mod feature;
mod msf;
mod profile;
mod text;

pub use data_direction::{DataDirection, data_direction};
pub use msf::Msf;
pub use profile::Profile;
