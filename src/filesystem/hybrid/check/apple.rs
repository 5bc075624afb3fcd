//! This module knows what a sound Apple partition map is: rule H03.

use super::super::apple::Map;
use super::beyond;
use crate::filesystem::rule::Rule;
use crate::filesystem::scan::Scan;

/// H03.
pub fn apple(scan: &mut Scan<'_>, map: &Map) {
    let image = scan.reader.length();
    for slot in &map.slots {
        let partition = slot.partition;
        if !slot.is_signed {
            // Fedora's discs leave blank slots without a signature.
            if partition.bytes != 0 {
                scan.find(Rule::H03, slot.at, "signature", || {
                    "an entry of the Apple partition map has no signature".to_owned()
                });
            }
            continue;
        }
        if partition.end() > image {
            beyond(scan, Rule::H03, slot.at, "end", "a partition of the Apple partition map", partition.end());
        }
    }
}
