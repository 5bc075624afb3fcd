//! This module knows what the rules for partition tables and Macintosh volumes (H) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::H01,
        Explanation {
            meaning: "Many images can be written to a USB stick as well. A PC then goes by the master boot record in \
                      the first sector, whose partitions say how far the image reaches. The files of the disc are \
                      found without it.",
            broken_by: "Cut images above all: what is missing may be an appended partition, or only padding. Damage \
                        to the first sector.",
            advice: "Compare the length of the image with that of its source, and copy or download it again.",
        },
    ),
    (
        Rule::H02,
        Explanation {
            meaning: "UEFI firmware goes by a GUID partition table, which is there twice, each with two sums: behind \
                      the first block of the image, and in its last. With one of them sound, everything is found.",
            broken_by: "Cut images lose the second one. An image that was made longer, or written to something \
                        larger, has it no longer at the end. Programs that change a finished image without making \
                        the sums anew.",
            advice: "If the image is cut, copy or download it again. A second header that is not the last block is \
                     harmless.",
        },
    ),
    (
        Rule::H03,
        Explanation {
            meaning: "Older Macintoshes go by Apple's partition map, which names the part of the disc that is theirs.",
            broken_by: "Cut images, and makers who count blocks of another size.",
            advice: "Nothing, unless an old Macintosh is to read it or boot from it.",
        },
    ),
    (
        Rule::H04,
        Explanation {
            meaning: "isohybrid puts boot code into the first sector that loads isolinux from a fixed place. Where \
                      isolinux is not in that place, the image starts from a disc, and not from a USB stick.",
            broken_by: "Programs that move files about in an image that was made a hybrid before. Cut images.",
            advice: "Run isohybrid on the image again, or get it from its source again.",
        },
    ),
    (
        Rule::H05,
        Explanation {
            meaning: "A Macintosh sees its own volume on some discs, with the same files or others. Its header is \
                      there again at its end, to be used when the first one is lost. The files on such a volume are \
                      not judged here.",
            broken_by: "Cut images, and makers that leave out the copy.",
            advice: "Nothing, unless a Macintosh is to read it.",
        },
    ),
];
