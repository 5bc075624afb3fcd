//! This module knows what the rules for how far the reading got (S) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::S01,
        Explanation {
            meaning: "Part of what a filesystem needs to find its files could not be read: the sectors are bad, \
                      missing by the map, or lie behind the end of the image. Whatever hangs below it is not listed.",
            broken_by: "Scratches, age and fingerprints; images that were copied only in part.",
            advice: "Clean the disc and rip it again, in another drive as well: the map keeps what was read, and each \
                     call reads only what is missing. If it is a directory of one tree, another tree of the same disc \
                     may still be whole: look with --tree.",
        },
    ),
    (
        Rule::S02,
        Explanation {
            meaning: "Reading was stopped by a limit before all was seen. Each limit is far above what any real disc \
                      has, so this is a disc that goes in circles, or one that was made to keep readers busy.",
            broken_by: "Damaged or hostile images. An image with millions of names can do it, too.",
            advice: "What was listed is right as far as it goes. Do not take it for all there is.",
        },
    ),
    (
        Rule::S03,
        Explanation {
            meaning: "Neither ISO 9660 nor UDF nor their forerunners are in it. By its first bytes it may be another kind of \
                 file, such as an archive or a raw CD image; or it has nothing but zeros in it.",
            broken_by: "Files with the wrong ending, copies of blank or unreadable discs, and discs of other worlds: games \
                 consoles, music, hard disks' filesystems.",
            advice: "Unpack or convert it first if it is an archive. If a disc should have been there, read it again.",
        },
    ),
    (
        Rule::S04,
        Explanation {
            meaning: "Sectors of the disc could not be read, or the map of the image says that they were never read. \
                      In the image there are zeros in their place. Where their filesystem could be read, each loss is \
                      told with its file and bytes.",
            broken_by: "Scratches, age and fingerprints; a rip that was interrupted, or read only a part.",
            advice: "Run the same rip again after cleaning the disc, or with another drive: only what is missing is \
                     read. Files that are not named are whole.",
        },
    ),
];
