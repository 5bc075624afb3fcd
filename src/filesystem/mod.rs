//! This module knows what the bytes of a disc mean, over any `SectorSource`.
#![forbid(unsafe_code)]
