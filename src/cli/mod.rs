//! This module knows all that a person sees: arguments, sentences, progress, exit statuses.

pub mod arguments;
pub mod ask;
pub mod command;
pub mod describe;
pub mod escape;
pub mod examination;
pub mod exit;
pub mod explain;
pub mod failure;
pub mod json;
pub mod listen;
pub mod quantity;
pub mod run;
pub mod sheet;
pub mod target;
pub mod voice;
