//! This module knows image files and what stands beside them: `.part`, the map of what is missing, the hash list.

mod image_file;
pub mod naming;
pub mod rescue_map;
pub mod storage;

pub use image_file::ImageSource;
pub use rescue_map::{Block, BlockStatus, MapError, Phase, RescueMap};
pub use storage::{Disk, Existing, ImageFile, Memory, Opening, Storage};
