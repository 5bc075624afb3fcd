//! This module knows what certain drives do wrong: a row each, with where that was seen.

use super::{Drive, Identity};

/// Something that a drive does, and should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    /// The current speed in mode page 2Ah is not the speed it reads with.
    TellsWrongSpeed,
    /// Reads an unreadable sector "successfully" the second time, from its memory.
    RepeatsFromCache,
}

struct Row {
    vendor: &'static str,
    /// The beginning of the product's name.
    product: &'static str,
    quirk: Quirk,
}

const ROWS: &[Row] = &[
    // Its command book says that page 2Ah does not reflect the speed (Pioneer, 2009).
    Row { vendor: "PIONEER", product: "BD-RW   BDR-203", quirk: Quirk::TellsWrongSpeed },
    // aaru-dps/Aaru issue 732.
    Row { vendor: "ASUS", product: "BW-16D1HT", quirk: Quirk::RepeatsFromCache },
];

fn rows_for(identity: &Identity) -> impl Iterator<Item = Quirk> {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (vendor, product) = (squeezed(&identity.vendor), squeezed(&identity.product));
    ROWS.iter()
        .filter(move |row| vendor == row.vendor && product.starts_with(&squeezed(row.product)))
        .map(|row| row.quirk)
}

impl Drive {
    pub(super) fn has_quirk(&self, quirk: Quirk) -> bool {
        self.identity.as_ref().is_some_and(|identity| rows_for(identity).any(|q| q == quirk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(vendor: &str, product: &str) -> Identity {
        Identity { vendor: vendor.into(), product: product.into(), revision: "1.00".into(), serial: None }
    }

    #[test]
    fn a_row_is_found_by_vendor_and_the_beginning_of_the_product() {
        assert!(rows_for(&drive("PIONEER", "BD-RW  BDR-203")).eq([Quirk::TellsWrongSpeed]));
        assert!(rows_for(&drive("ASUS", "BW-16D1HT")).eq([Quirk::RepeatsFromCache]));
        assert_eq!(rows_for(&drive("PIONEER", "DVD-RW DVR-111")).count(), 0);
        assert_eq!(rows_for(&drive("ACME", "BW-16D1HT")).count(), 0);
    }
}
