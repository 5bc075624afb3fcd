//! This module knows how the content of a file is had from what is stored of it.

pub mod zisofs;
