//! This module knows what the rules for UDF files (U09 to U12, U14, U17, U19 to U21) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::U09,
        Explanation {
            meaning: "Each file of UDF has an entry that says how long it is and where its content lies. Where that \
                      contradicts itself, or leads outside the partition or the image, content is lost or is not that of \
                      the file; a wrong count of blocks harms nobody but programs that write.",
            broken_by: "Damage, and images that were cut. Hardly any writer gets this wrong.",
            advice: "If the image ends too early, read the disc again to its end. Otherwise read it again at the byte that \
                     is told; what is there of the file can be extracted all the same.",
        },
    ),
    (
        Rule::U10,
        Explanation {
            meaning: "A directory of UDF is a row of names, of which the first leads back to its parent. Where bytes \
                      between them are no names, files may have been there that nobody finds; where a directory is \
                      reached twice, a careless reader never comes to an end.",
            broken_by: "Damage; volumes that were not closed. Counts of links are often wrong after a crash.",
            advice: "Read the disc again at that place. Names behind the broken part are found here all the same.",
        },
    ),
    (
        Rule::U11,
        Explanation {
            meaning: "Two files that share all of their blocks are two names of one content. Two that share only a part \
                      cannot both be right: one was written over the other, or an entry leads to a wrong place.",
            broken_by: "Sharing all of it is the way of genisoimage with hard links. Sharing a part comes of damage, or of \
                        writing to a volume whose map of free space was wrong.",
            advice: "Compare both files with other copies of them. If all is shared nothing needs to be done.",
        },
    ),
    (
        Rule::U12,
        Explanation {
            meaning: "Names are kept with one or two bytes a character, and say which. A slash or a NUL can be in no name \
                      that a system has, and may lead a careless program out of the directory it extracts to.",
            broken_by: "Damage, and images that were made to do harm. Mastering programs do not write such names.",
            advice: "Extract with this program, which stays inside its directory whatever names say.",
        },
    ),
    (
        Rule::U14,
        Explanation {
            meaning: "An entry can have extended attributes in front of its extents, such as the numbers of a device. \
                      Where their lengths are wrong, what they say is lost, and not the file.",
            broken_by: "Damage, and careless writers.",
            advice: "The content is not concerned. Nothing needs to be done unless other findings stand beside this one.",
        },
    ),
    (
        Rule::U17,
        Explanation {
            meaning: "The file set leads to the root directory. Without it no file can be found; where it names another \
                      volume or another revision than its own, readers do not mind.",
            broken_by: "Damage. Programs that rename a volume in one place alone break the lesser half of it.",
            advice: "If no file is listed, read the disc again at that place.",
        },
    ),
    (
        Rule::U19,
        Explanation {
            meaning: "From revision 2.00 on each file has a number of its own, which its name repeats, so that systems can \
                      tell files apart without names. Hardly any reader looks at it.",
            broken_by: "Many writers.",
            advice: "Nothing needs to be done.",
        },
    ),
    (
        Rule::U20,
        Explanation {
            meaning: "A bridge disc has its files twice, in ISO 9660 and in UDF, over the same bytes. Where a file lies \
                      elsewhere in one of them, old and new systems read different content from one disc.",
            broken_by: "Discs of Microsoft have a single file in the ISO 9660 half, which asks for UDF; programs that change \
                        one half alone break the rest.",
            advice: "Compare the file in both trees (--tree), and keep the one that is right.",
        },
    ),
    (
        Rule::U21,
        Explanation {
            meaning: "A file, or the volume itself, can have named streams besides its content: a Macintosh keeps resource \
                      forks there, others their lists of bad blocks. No path leads to them, and they are not extracted.",
            broken_by: "Damage; hardly any disc has streams.",
            advice: "The files themselves are not concerned.",
        },
    ),
];
