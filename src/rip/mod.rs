//! This module knows how a disc becomes an image.
