//! This module knows what the rules for volume descriptors (V) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::V01,
        Explanation {
            meaning: "An ISO 9660 disc is known by the descriptor of its primary volume, which stands at sector 16 of each \
                 session. Readers that look there and find something else take the disc for blank or damaged; this \
                 program goes on with the other descriptors.",
            broken_by: "A damaged or overwritten first sector. The standard allows a boot record in front of it, but no disc \
                 is known that has one.",
            advice: "Read that sector again. If Joliet or UDF is there as well, all files can be had from it.",
        },
    ),
    (
        Rule::V02,
        Explanation {
            meaning: "The descriptors follow each other sector by sector, and the last one is a terminator. What stands \
                 behind a gap, some readers do not see.",
            broken_by: "Damage to one of the sectors. Hardly any program leaves the terminator out.",
            advice: "Read the sectors from 16 on again. Files are not affected.",
        },
    ),
    (
        Rule::V03,
        Explanation {
            meaning: "A terminator has version 1 and nothing but zeros behind it.",
            broken_by: "makeps3iso writes version 0.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V04,
        Explanation {
            meaning: "Some programs write the primary descriptor twice. Two that differ describe two states of the disc, \
                 of which readers use the first.",
            broken_by: "pycdlib on request, and some programs for CD-R.",
            advice: "If files are missing, look for another session or another image of the disc.",
        },
    ),
    (
        Rule::V05,
        Explanation {
            meaning: "Numbers are recorded twice, least and most significant byte first. Most readers look at the first \
                 only, so that a difference may pass unnoticed there, and break another machine.",
            broken_by: "Old programs that left one of the two empty; else damage.",
            advice: "If other findings point to damage, read the sector again; otherwise the image serves.",
        },
    ),
    (
        Rule::V06,
        Explanation {
            meaning: "The descriptor and the structure of its files have version 1, those of ISO 9660:1999 version 2. \
                 Strict readers refuse others.",
            broken_by: "Few programs; a flipped byte.",
            advice: "Nothing need be done as long as the files are there.",
        },
    ),
    (
        Rule::V07,
        Explanation {
            meaning: "All positions are counted in logical blocks, 2048 bytes nearly everywhere; 512 and 1024 are legal, \
                 and not every reader can do them.",
            broken_by: "Damage, or an image that was edited by hand.",
            advice: "2048 was used. Check whether the files have the content that they should have.",
        },
    ),
    (
        Rule::V08,
        Explanation {
            meaning: "Fields that the standard reserves are zero.",
            broken_by: "makefs puts blanks there, some programs for Windows the mark of Joliet, and many their own notes.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V09,
        Explanation {
            meaning: "The names of volume, publisher and so on have capitals, digits and some punctuation, and are filled \
                 up with blanks.",
            broken_by: "Nearly everyone: lower case, other alphabets, zeros instead of blanks.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V10,
        Explanation {
            meaning: "Four dates tell when the volume was made and until when it is good: sixteen digits each, or sixteen \
                 zeros.",
            broken_by: "Apple's and WinISO's programs leave zeros of another kind, makefs and MagicISO make smaller \
                 mistakes.",
            advice: "Nothing need be done; the date is shown as unknown.",
        },
    ),
    (
        Rule::V11,
        Explanation {
            meaning: "Descriptors, partition tables and the files themselves say how long the image should be, and it ends \
                 before that. The finding tells how many bytes are missing against the one that claims most, and how far \
                 into them files or structures reach; files that lose something are told by name. Where all \
                 files and structures end before the cut and no more is missing than programs pad with, it is information \
                 only.",
            broken_by: "A download or copy that was broken off, a drive that claims a size which is too small, and hand-made \
                 cuts.",
            advice: "Copy or download it again. If the disc itself claims to be shorter, try another drive.",
        },
    ),
    (
        Rule::V12,
        Explanation {
            meaning: "The image goes on behind the end of its filesystem. What stands there is looked at: zeros and UDF \
                 anchors are padding, a partition or a later session belongs there, and data that nothing claims is a \
                 warning. 8 MiB are looked at whole; of more, the beginning, the end, and samples between.",
            broken_by: "Most writers pad. Hybrid images have a partition there, rewritable discs report all that they can \
                 hold, and some copies are longer than their disc.",
            advice: "Nothing is lost. To leave such a tail out, rip with --trim.",
        },
    ),
    (
        Rule::V13,
        Explanation {
            meaning: "A disc consists of sectors of 2048 bytes; the bytes behind the last whole one cannot come from a disc.",
            broken_by: "A copy that was broken off, or a file that something was added to.",
            advice: "Compare with a known hash, or copy it again.",
        },
    ),
    (
        Rule::V14,
        Explanation {
            meaning: "A volume has a number in a set of so many; single discs are the first of one.",
            broken_by: "Images that were edited by hand.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V15,
        Explanation {
            meaning: "The descriptor has a copy of the root directory's record, from which all paths start.",
            broken_by: "Damage. A length other than 34 is a habit of some old programs.",
            advice: "If the tree is empty, read the descriptor's sector again, and try another tree.",
        },
    ),
    (
        Rule::V16,
        Explanation {
            meaning: "The descriptor can name files with copyright, abstract and bibliography, which then stand in the \
                 root directory.",
            broken_by: "Nero writes names of files that are not there.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V17,
        Explanation {
            meaning: "512 bytes are for the program that made the disc. Known are the sums of isomd5sum and the mark of \
                 CD-ROM XA.",
            broken_by: "Any program may write anything there.",
            advice: "Nothing need be done.",
        },
    ),
    (
        Rule::V18,
        Explanation {
            meaning: "A supplementary descriptor says in which character set its names are. Joliet and ISO 9660:1999 are \
                 known.",
            broken_by: "Rare discs from the nineties.",
            advice: "The files are in the primary tree, too.",
        },
    ),
    (
        Rule::V19,
        Explanation {
            meaning: "A volume partition is a part of the disc for some other system.",
            broken_by: "Rare; a cut image.",
            advice: "If the image was cut, read the disc again.",
        },
    ),
    (
        Rule::V20,
        Explanation {
            meaning: "What a drive calls a session should hold volume descriptors of its own.",
            broken_by: "Sessions of music, of data in another form, or that were never closed.",
            advice: "Use --session to read one of the others.",
        },
    ),
];
