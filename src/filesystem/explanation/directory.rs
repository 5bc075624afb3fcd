//! This module knows what the rules for directories and files (D) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::D01,
        Explanation {
            meaning: "Each directory begins with a record of itself and one of its parent. Readers that follow them, and \
                 repair programs, rely on both.",
            broken_by: "genisoimage in directories that it emptied, and libisofs in all of Joliet's and 1999's trees, let \
                 the parent's record point at the directory itself: that is told as information. Everything else is \
                 damage.",
            advice: "If a directory has no records at all, read its sectors again, or use another tree.",
        },
    ),
    (
        Rule::D02,
        Explanation {
            meaning: "A record is as long as it says, ends within its sector, and nothing comes behind the last. A wrong \
                 length hides all that follows from most readers; this program searches for the next record.",
            broken_by: "Damage. A byte of padding that is not zero is an old bug of some programs, and harmless.",
            advice: "Read the sector again; names may be missing from the list.",
        },
    ),
    (
        Rule::D03,
        Explanation {
            meaning: "Position and length are recorded in both byte orders. Most readers use the first.",
            broken_by: "Damage; very old discs.",
            advice: "The one that is possible was used. Compare the file with another copy of it.",
        },
    ),
    (
        Rule::D04,
        Explanation {
            meaning: "A file lies between the descriptors and the end of the volume. Where the image ends before, the rest \
                 of the file is missing; where only the volume does, the file is whole.",
            broken_by: "An image that was cut. Appended partitions and hidden files lie behind the volume on purpose, which \
                 is a warning only.",
            advice: "Read the disc again, to its end.",
        },
    ),
    (
        Rule::D05,
        Explanation {
            meaning: "Directories fill whole sectors.",
            broken_by: "Images that were edited by hand.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::D06,
        Explanation {
            meaning: "Records are in the order of their names; readers that search may stop early.",
            broken_by: "Programs that keep the order of the names they were given.",
            advice: "Nothing need be done; all files are listed.",
        },
    ),
    (
        Rule::D07,
        Explanation {
            meaning: "Some flags exclude each other: a directory has one extent, and an associated file stands before the \
                 file to which it belongs.",
            broken_by: "Discs for the Macintosh; damage.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::D08,
        Explanation {
            meaning: "A file of 4 GiB or more has several records in a row, of one name. Where the last is missing, so is \
                 the end of the file.",
            broken_by: "Damage to a directory. No known program.",
            advice: "The file is not whole: read the directory's sectors again.",
        },
    ),
    (
        Rule::D09,
        Explanation {
            meaning: "Names have eight or thirty capitals and digits, one dot, and a version; but since Rock Ridge and \
                 Joliet, programs take it less strictly. Two files of one name cannot both be opened.",
            broken_by: "xorriso, grub, makefs, options such as -U and -relaxed-filenames, and most programs for Windows.",
            advice: "Nothing need be done, unless a name is there twice.",
        },
    ),
    (
        Rule::D10,
        Explanation {
            meaning: "An interleaved file lies in pieces with others between them. Most readers show its content wrongly.",
            broken_by: "CD-i and some Video CDs.",
            advice: "This program reads such files; copy them with it.",
        },
    ),
    (
        Rule::D11,
        Explanation {
            meaning: "Each file has a date, or zeros.",
            broken_by: "Programs that leave the bytes as they were.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::D12,
        Explanation {
            meaning: "A sector belongs to one file, or wholly to several, as links and files of equal content do. Two \
                 files that share a part cannot both be right.",
            broken_by: "A damaged record. Programs that store equal files once are told as information.",
            advice: "Compare both files with other copies.",
        },
    ),
    (
        Rule::D13,
        Explanation {
            meaning: "Each directory has one parent. A loop keeps simple readers busy for ever.",
            broken_by: "Hostile images; a damaged record.",
            advice: "The directory is listed where it was met first.",
        },
    ),
    (
        Rule::D14,
        Explanation {
            meaning: "The standard allows eight levels. Old systems cannot see deeper ones.",
            broken_by: "All programs that are told to, and xorriso always.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::D15,
        Explanation {
            meaning: "Each record says on which volume of a set the file is.",
            broken_by: "Programs that always write 1.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::D16,
        Explanation {
            meaning: "A name needs a character, and must have neither slash nor NUL in it, with which it could not be \
                 opened, or would lead elsewhere.",
            broken_by: "Hostile images; damage.",
            advice: "Such files are extracted under another name, or not at all.",
        },
    ),
    (
        Rule::D17,
        Explanation {
            meaning: "An extended attribute record stands before the content, with owner and rights; it is passed over.",
            broken_by: "VMS and some discs by Kodak.",
            advice: "Nothing need be done.",
        },
    ),
];
