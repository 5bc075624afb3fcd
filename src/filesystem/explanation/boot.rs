//! This module knows what the rules for boot records (T) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::T01,
        Explanation {
            meaning: "A disc from which a machine can start has a boot record at sector 17 of its session, with a \
                      name and else zeros. Firmware looks in that place only.",
            broken_by: "Programs that put other descriptors in front; vendors who keep a text in the record.",
            advice: "If the disc does not start, this is why. Its files are not concerned.",
        },
    ),
    (
        Rule::T02,
        Explanation {
            meaning: "The boot record says where the boot catalogue is. Without a catalogue nothing starts.",
            broken_by: "Cut images, and damage to the record.",
            advice: "Read the disc again if the image is cut. Files can be read without it.",
        },
    ),
    (
        Rule::T03,
        Explanation {
            meaning: "The first entry of a boot catalogue has fixed bytes and a sum of its own. Firmware that checks \
                      them refuses the whole catalogue.",
            broken_by: "Damage to that sector.",
            advice: "Read the disc again. The files can be read without it.",
        },
    ),
    (
        Rule::T04,
        Explanation {
            meaning: "The initial entry is what a PC starts. It says whether it can be started, and whether a floppy \
                      or a hard disk is to be emulated.",
            broken_by: "Old BIOS tools had uses of their own for bits that the standard keeps free.",
            advice: "Nothing, unless the disc does not start.",
        },
    ),
    (
        Rule::T05,
        Explanation {
            meaning: "Behind the initial entry there may be sections, one for each platform, with a header that \
                      counts their entries and says whether another section follows.",
            broken_by: "Programs that leave out the header, or never say which section is the last. BSD's makefs \
                        leaves other bytes there.",
            advice: "Nothing: firmware looks for what it needs and no further.",
        },
    ),
    (
        Rule::T06,
        Explanation {
            meaning: "An entry says where its image begins and how much of it is to be loaded. An emulated floppy or \
                      disk must be there in full.",
            broken_by: "Cut images above all. A partition that was appended behind the volume is lost first.",
            advice: "Compare the length of the image with that of its source, and read the disc again.",
        },
    ),
    (
        Rule::T07,
        Explanation {
            meaning: "Where a hard disk is emulated, the entry names the type of its partition, which its own \
                      partition table names as well.",
            broken_by: "Disk images that were changed after they were made.",
            advice: "Nothing, unless the disc does not start.",
        },
    ),
    (
        Rule::T08,
        Explanation {
            meaning: "isolinux, GRUB and others find in themselves where they are, how long they are, and the sum of \
                      their bytes, as the mastering program entered it. A sum that does not hold means that the \
                      loader has other bytes than it had.",
            broken_by: "Damage to the loader. A program that changes a loader in a finished image without making the \
                        sum anew.",
            advice: "Read the disc again. If a fresh copy from elsewhere has the same fault, its maker patched it.",
        },
    ),
    (
        Rule::T09,
        Explanation {
            meaning: "Catalogue and boot images are mostly files of the disc as well. If they are not, nothing shows \
                      them, and copying all files leaves them behind.",
            broken_by: "Hidden catalogues and appended partitions, on purpose; Debian's memory test is made so.",
            advice: "Nothing. To keep the disc, keep the image, not the files.",
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::explanation::rock_ridge;

    #[test]
    fn every_rule_of_boot_records_and_rock_ridge_is_explained() {
        for rule in Rule::ALL.iter().filter(|rule| rule.id().starts_with(['R', 'T'])) {
            let found = EXPLAINED.iter().chain(rock_ridge::EXPLAINED).filter(|(known, _)| known == rule).count();
            assert_eq!(found, 1, "{rule}");
        }
    }
}
