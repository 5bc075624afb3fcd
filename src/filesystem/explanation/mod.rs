//! This module knows what each rule means to a person: what it is about, who breaks it, and what to do.

mod boot;
mod directory;
mod hybrid;
mod joliet;
mod path_table;
mod reading;
mod rock_ridge;
mod sums;
mod udf_file;
mod udf_volume;
mod volume;

use super::rule::Rule;

/// What there is to say of a rule; whole sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What the rule is about, and what a reader does that meets a disc which breaks it.
    pub meaning: &'static str,
    /// Which programs and which mishaps break it.
    pub broken_by: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

const FAMILIES: [&[(Rule, Explanation)]; 11] = [
    volume::EXPLAINED,
    path_table::EXPLAINED,
    directory::EXPLAINED,
    joliet::EXPLAINED,
    rock_ridge::EXPLAINED,
    boot::EXPLAINED,
    udf_volume::EXPLAINED,
    udf_file::EXPLAINED,
    hybrid::EXPLAINED,
    sums::EXPLAINED,
    reading::EXPLAINED,
];

impl Rule {
    pub fn explanation(self) -> Option<Explanation> {
        FAMILIES.iter().copied().flatten().find(|(rule, _)| *rule == self).map(|&(_, explanation)| explanation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_once() {
        for rule in Rule::ALL {
            let found = FAMILIES.iter().copied().flatten().filter(|(explained, _)| explained == rule).count();
            assert_eq!(found, 1, "{rule}");
        }
    }
}
