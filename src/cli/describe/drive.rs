//! This module knows how a drive is told.

use crate::cli::escape::escaped;
use crate::cli::json::{DriveLine, DriveState};
use crate::drive::{Identity, Medium};
use crate::linux::{DriveNodes, holders};

/// `HL-DT-ST BD-RE BU40N 1.03`.
pub fn drive_words(identity: &Identity) -> String {
    let words = [&identity.vendor, &identity.product, &identity.revision];
    let words: Vec<_> = words.into_iter().filter(|w| !w.is_empty()).map(|w| escaped(w).into_owned()).collect();
    words.join(" ")
}

pub fn drive_line(
    identity: &Identity,
    nodes: Option<&DriveNodes>,
    medium: Option<&Medium>,
    state: Option<DriveState>,
) -> DriveLine {
    let path = |node: Option<&crate::linux::Node>| node.map(|n| n.path.display().to_string());
    DriveLine {
        device: nodes.and_then(|n| path(n.block.as_ref())),
        sg: nodes.and_then(|n| path(n.generic.as_ref())),
        vendor: identity.vendor.clone(),
        product: identity.product.clone(),
        revision: identity.revision.clone(),
        serial: identity.serial.clone(),
        medium: medium.map(|m| m.kind.to_string()),
        state,
        held_by: nodes.map(|n| holders(n).iter().map(ToString::to_string).collect()).unwrap_or_default(),
    }
}
