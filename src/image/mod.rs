//! This module knows image files and what stands beside them: `.part`, the map of what is missing, the hash list.

mod bad_list;
mod holed;
mod image_file;
mod missing;
pub mod naming;
pub mod rescue_map;
pub mod storage;

pub use bad_list::bad_sectors;
pub use holed::HoledImage;
pub use image_file::ImageSource;
pub use missing::{Beside, LARGEST_MAP, MissingNote};
pub use rescue_map::{Block, BlockStatus, MapError, Phase, RescueMap};
pub use storage::{Disk, Existing, ImageFile, Memory, Opening, Storage};
