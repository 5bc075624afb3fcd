//! This module knows one drive, spoken to in verbs.

mod awaiting;
mod claim;
mod condition;
mod error;

pub use awaiting::Awaiting;
pub use claim::{Claim, ClaimSource};
pub use condition::{Act, Cause, Condition, DiscTrouble, Door, KeyTrouble, Work};
pub use error::DriveError;
