//! This module knows what the rules for path tables (P) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::P01,
        Explanation {
            meaning: "Path tables list all directories, for readers that do not want to walk the tree: one with the least \
                 significant byte first, one with the most significant. Few readers need the second.",
            broken_by: "WinISO and its like leave the big-endian one out; else damage.",
            advice: "If directories can be listed, files are not affected; old DOS and Windows drivers may fail.",
        },
    ),
    (
        Rule::P02,
        Explanation {
            meaning: "Both path tables say the same, in two byte orders.",
            broken_by: "No known program; damage to one of them.",
            advice: "The finding says which one agrees with the tree. Read the sectors of the other again.",
        },
    ),
    (
        Rule::P03,
        Explanation {
            meaning: "There may be a second copy of each table.",
            broken_by: "Rare; damage.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::P04,
        Explanation {
            meaning: "The root comes first, and no directory before its parent; readers find a directory by searching in \
                 that order.",
            broken_by: "No known program; damage.",
            advice: "Directories are read from the tree, so that nothing is lost here; old drivers may not find all.",
        },
    ),
    (
        Rule::P05,
        Explanation {
            meaning: "The table has each directory of the tree, and no other.",
            broken_by: "No known program. An image that was edited by hand, or damage.",
            advice: "A directory that only the table has may be one that was lost from the tree: look at that block. Where a \
                     directory cannot be read, those in it that only the table has are listed, as a warning, by the short \
                     names that they have there.",
        },
    ),
    (
        Rule::P06,
        Explanation {
            meaning: "The last record ends where the table should end, and what fills up odd lengths is zero.",
            broken_by: "Damage.",
            advice: "Nothing need be done if the tree is whole.",
        },
    ),
    (
        Rule::P07,
        Explanation {
            meaning: "A parent is given by a number of 16 bits, so that at most 65,535 directories can be parents.",
            broken_by: "Very large collections.",
            advice: "Nothing need be done; old drivers may not find some directories.",
        },
    ),
];
