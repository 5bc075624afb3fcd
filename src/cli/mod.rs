//! This module knows all that a person sees: arguments, sentences, progress, exit statuses.

pub mod escape;
pub mod exit;
pub mod json;
pub mod listen;
pub mod quantity;
pub mod voice;
