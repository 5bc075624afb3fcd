//! This module knows what the bytes of a disc mean, over any `SectorSource`.
#![forbid(unsafe_code)]

mod first_look;
mod foreign;
pub mod iso9660;
mod partition_table;
mod probe;
mod size;
pub mod udf;
mod volume;

pub use first_look::{Content, DescriptorSector, FirstLook, first_look};
pub use foreign::ForeignKind;
pub use iso9660::el_torito::{Boot, Platform};
pub use partition_table::PartitionTable;
pub use probe::{Problem, ProblemKind};
pub use size::{SizeJudgement, judge_size};
pub use volume::{SizeClaim, SizeSource, Volume, VolumeKind};
