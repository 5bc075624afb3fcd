//! This module knows how an image or a disc is compared with what it should be.
