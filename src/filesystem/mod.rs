//! This module knows what the bytes of a disc mean, over any `SectorSource`.
#![forbid(unsafe_code)]

mod boot;
mod bridge;
pub mod content;
#[cfg(test)]
mod differential;
mod explanation;
mod extent;
mod finding;
mod first_look;
mod foreign;
pub(crate) mod hybrid;
mod image;
mod in_order;
pub mod iso9660;
mod length;
mod limits;
mod metadata_look;
mod overlap;
mod owner;
mod probe;
mod reader;
mod rule;
mod scan;
mod spot;
mod structure;
pub mod sums;
mod timestamp;
mod tree;
pub mod udf;
mod unique_names;
mod volume;

pub use boot::{BootCatalogue, BootEntry, Emulation};
pub use explanation::Explanation;
pub use extent::{Extent, ExtentKind};
pub use finding::{Finding, Origin, Severity};
pub use first_look::{Content, DescriptorSector, FirstLook, first_look, first_look_at_file};
pub use foreign::{CueTracks, ForeignKind, RawSectors, RawTrack};
pub use hybrid::{Partition, PartitionKind, PartitionTable, PartitionTableKind};
pub use image::{Image, Options, Session};
pub use iso9660::el_torito::{Boot, Platform};
pub use length::{LengthState, LengthVerdict, TailKind, TailPart};
pub use limits::Limits;
pub use metadata_look::looks_like_metadata;
pub use owner::{Damage, Damages, Owner, Owners};
pub use probe::{Problem, ProblemKind};
pub use reader::{ReadError, Reader};
pub use rule::Rule;
pub use scan::{Scan, Scope};
pub use structure::{Structure, StructureKind, Structures};
pub use timestamp::{Calendar, Timestamp};
pub use tree::{Encoding, Entry, Md5Array, Node, NodeId, NodeKind, Posix, Tree, TreeKind, Zisofs};
pub use volume::{SizeClaim, SizeSource, Volume, VolumeKind};
