//! This module knows image files and what stands beside them: `.part`, the map of what is missing, the hash list.
