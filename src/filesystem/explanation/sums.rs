//! This module knows what the rules for sums that an image carries within itself (C) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::C01,
        Explanation {
            meaning: "implantisomd5 writes an MD5 of nearly all of the image into its primary descriptor; installers of \
                      Linux check it before they begin. If it is not that of the bytes, at least one byte is not what \
                      was published. Sums of parts tell in which twentieth of the image the first such byte is.",
            broken_by: "Bad copies and downloads, failing media, memory that flips bits. Programs that change a finished \
                        image, for instance to make it start from a USB stick, or to add a session.",
            advice: "Read the disc or fetch the image again, and compare the two with --against: the sectors that differ \
                     are told. If the image was changed on purpose, implant the sum anew.",
        },
    ),
    (
        Rule::C02,
        Explanation {
            meaning: "xorriso and whatever else uses libisofs can record an MD5 of all that a session has: of its \
                      descriptors, of those with the directories, and of the whole. The smallest that does not hold \
                      tells where the first wrong byte is; if the descriptors hold and the directories do not, it lies \
                      in the directories.",
            broken_by: "Damage that no drive noticed, on the way or in memory. Programs that change a finished image: \
                        isohybrid, and growisofs where it appends to a disc that can be overwritten.",
            advice: "Read the disc again, best in another drive, and compare. An image of xorriso has sums of its files, \
                     too: those that are not named under C03 are whole. `xorriso -check_media` is a second opinion.",
        },
    ),
    (
        Rule::C03,
        Explanation {
            meaning: "libisofs keeps an MD5 of each file's content. It is asked where the sum of the session does not \
                      hold, or cannot be checked because sectors are missing. Of a compressed file it is that of the \
                      compressed bytes.",
            broken_by: "Damage to the file, or to the list of sums, which has a sum of its own.",
            advice: "The file that is named is not what was recorded: get it from another copy. Another image of the \
                     same disc, with --against, tells where they differ.",
        },
    ),
];
