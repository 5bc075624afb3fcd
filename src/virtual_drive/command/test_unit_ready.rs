//! This module knows TEST UNIT READY: all the answer is in the gates before it.

use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Reply, Request};

pub fn answer(_: &mut VirtualDrive, _: &mut Request<'_, '_>) -> Outcome {
    Ok(Reply::Done)
}
