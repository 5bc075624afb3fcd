//! This module knows what the rules for UDF volumes (U01 to U08, U13, U15, U16, U18) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::U01,
        Explanation {
            meaning: "From byte 32768 on a few sectors with names such as NSR03 say that a disc has UDF, and which \
                      edition of the standard. Where they are missing, systems do not even try to mount it as UDF.",
            broken_by: "Bad sectors at the very beginning; programs that write an ISO 9660 volume over an old UDF disc.",
            advice: "The files can be read here all the same. Read the first sectors again, with another drive.",
        },
    ),
    (
        Rule::U02,
        Explanation {
            meaning: "Anchors are the way into a UDF volume. They stand at block 256, in the last block, and 256 blocks \
                      in front of that; two of the three are enough. With one left, one more bad sector loses the disc.",
            broken_by: "Cut images, which have lost the one at the end; consoles and some authoring programs, which \
                        write one alone.",
            advice: "If the image may be cut, compare its length with the claims. If not, nothing needs to be done.",
        },
    ),
    (
        Rule::U03,
        Explanation {
            meaning: "Each descriptor of UDF has a tag with a checksum, a CRC over its bytes, and its own place. Where one \
                      of them is wrong the bytes are not those that were written, or do not stand where they were.",
            broken_by: "Damage. Hardly any mastering program gets these wrong; Linux before 5.12 wrote wrong places into \
                        lists of extents.",
            advice: "Read the disc again at that place. Where there is a copy it was used, and the finding says so.",
        },
    ),
    (
        Rule::U04,
        Explanation {
            meaning: "The volume is described by a sequence of descriptors, and by a reserve sequence in case the first one \
                      is lost. Many systems use the second one only if all of the first is gone.",
            broken_by: "Damage; writers of small images that leave the reserve out; programs that change one copy only.",
            advice: "An error means that other systems may refuse the disc. What is missing in one sequence was taken from \
                     the other.",
        },
    ),
    (
        Rule::U05,
        Explanation {
            meaning: "The logical volume says how long a block is, and that it follows UDF's rules for names. All places on \
                      the disc are counted in blocks, so that a wrong length makes every one of them wrong.",
            broken_by: "Images of disks written to discs with other sectors; authors of other domains than OSTA's.",
            advice: "A volume whose blocks are shorter than 2048 bytes will not mount from a disc: write it to a disk or a stick.",
        },
    ),
    (
        Rule::U06,
        Explanation {
            meaning: "Partition maps lead from the numbers in file entries to stretches of the disc. A map of an unknown \
                      kind, or without its partition, leaves everything behind it unreachable.",
            broken_by: "Damage, and forged images.",
            advice: "Read the volume descriptors again, main and reserve.",
        },
    ),
    (
        Rule::U07,
        Explanation {
            meaning: "The partition holds all files. Where it ends behind the end of the image, the image is cut, even if \
                      no file happens to lie in the missing part.",
            broken_by: "Rips that ended early. On write-once discs that are not full, the partition is as long as the \
                        medium: that is only information.",
            advice: "Rip the disc again. Which files are hit is said in the findings on length.",
        },
    ),
    (
        Rule::U08,
        Explanation {
            meaning: "While a program writes to a volume it is marked open; closing it updates the numbers of files, \
                      directories and free blocks. An open volume was pulled out, or the machine stopped.",
            broken_by: "Discs taken out too early. Linux counts a file with two names once, others twice; both are accepted.",
            advice: "Copy the files away and check them: the last ones written may not be whole.",
        },
    ),
    (
        Rule::U13,
        Explanation {
            meaning: "On rewritable discs, packets that wear out are replaced by others, and a table says which. There are \
                      two or more tables, in different places. Without one, old bytes are read in place of newer ones.",
            broken_by: "Damage, and power lost while a table was written.",
            advice: "With one good table all files are right. With none, do not trust the content of files: compare it with \
                     another copy.",
        },
    ),
    (
        Rule::U15,
        Explanation {
            meaning: "A write-once disc cannot change what it has. So each writing ends with a new table that says where \
                      every file entry is now, in the last block. An image that lost its end shows an older state of the \
                      disc, or none.",
            broken_by: "Rips that ended early; discs taken out while they were written.",
            advice: "Rip the disc again, to its very end. Files that the newer table knew are not shown by the older one.",
        },
    ),
    (
        Rule::U16,
        Explanation {
            meaning: "From UDF 2.50 on, directories and file entries lie in a file of their own, which has a mirror. What is \
                      bad in one was read from the other.",
            broken_by: "Damage; writers that do not update the mirror.",
            advice: "As long as one of the two is good, all files can be found. Make a copy before the other one goes, too.",
        },
    ),
    (
        Rule::U18,
        Explanation {
            meaning: "On discs that can be written again, a map has a bit for each block that is free. A used block that is \
                      marked free will be overwritten by the next program that writes.",
            broken_by: "Discs taken out too early, and errors in drivers.",
            advice: "Reading is safe. Do not write to the disc; copy the files away instead.",
        },
    ),
];
