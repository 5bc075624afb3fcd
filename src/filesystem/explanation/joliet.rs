//! This module knows what the rules for Joliet (J) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::J01,
        Explanation {
            meaning: "Joliet announces one of three levels.",
            broken_by: "Damage.",
            advice: "The tree was not read. Use the primary one.",
        },
    ),
    (
        Rule::J02,
        Explanation {
            meaning: "Joliet's names have 16-bit characters, 64 at most.",
            broken_by: "genisoimage with -joliet-long, xorriso and libarchive have up to 103, which Windows accepts. An odd \
                 number of bytes is damage.",
            advice: "Nothing need be done about long names.",
        },
    ),
    (
        Rule::J03,
        Explanation {
            meaning: "Windows forbids some characters in names.",
            broken_by: "Programs on other systems that do not replace them.",
            advice: "Windows will not open such a file.",
        },
    ),
    (
        Rule::J04,
        Explanation {
            meaning: "Joliet's tree has the files of the primary one, by other names.",
            broken_by: "Options that hide files from one of the two; bridges by Microsoft, whose primary tree is a note to \
                 the reader.",
            advice: "If nothing was hidden on purpose, list both trees with --tree.",
        },
    ),
    (
        Rule::J05,
        Explanation {
            meaning: "Both trees are of one volume, and of one size.",
            broken_by: "xorriso, where it appends partitions and begins the first one behind sector 0: the primary volume alone \
                        reaches over them, which is information. Otherwise damage.",
            advice: "Read the descriptors again.",
        },
    ),
    (
        Rule::J06,
        Explanation {
            meaning: "Characters beyond the first 65,536 need two units, which Joliet does not foresee.",
            broken_by: "libarchive, xorriso.",
            advice: "Nothing need be done; old systems show two squares.",
        },
    ),
    (
        Rule::J07,
        Explanation {
            meaning: "A Joliet record ends behind the name.",
            broken_by: "Apple's programs write System Use entries here, too.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::J08,
        Explanation {
            meaning: "A version after the name is of no use in Joliet.",
            broken_by: "About one program in six writes it.",
            advice: "Nothing need be done; it is not shown.",
        },
    ),
];
