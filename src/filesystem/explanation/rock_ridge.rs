//! This module knows what the rules for System Use and Rock Ridge (R) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[
    (
        Rule::R01,
        Explanation {
            meaning: "The root directory's own record begins with an entry, SP, that says how the others are to be \
                      found. Without it most readers see no Rock Ridge at all: they show the short names of ISO 9660, \
                      without links and rights. Here the entries are read all the same where they are sound.",
            broken_by: "A damaged sector; some virtual machine additions have an SP that is malformed and nothing \
                        behind it; programs older than SUSP left it out.",
            advice: "Copy the files out with this program, which reads their names nevertheless. A mount will not \
                     show them.",
        },
    ),
    (
        Rule::R02,
        Explanation {
            meaning: "An entry ER in the root directory names the extension that is used, Rock Ridge by one of its \
                      three names. Readers go by what they find more than by what is named, so that little is lost \
                      without it.",
            broken_by: "Small mastering programs that leave it out, or repeat it in every directory. Mostly its text \
                        is in a continuation area, which may be damaged.",
            advice: "Nothing, as long as names and rights look right.",
        },
    ),
    (
        Rule::R03,
        Explanation {
            meaning: "Each entry says how long it is. If that is less than the four bytes of its head, or more than \
                      what is left, nothing behind it can be found: a name, a link or rights may be missing for this \
                      file.",
            broken_by: "Damage. In genisoimage's images it follows a symbolic link whose target is long (see R07).",
            advice: "The file itself is not touched, only what is known of it. Look for its ISO 9660 name with --tree \
                     iso9660.",
        },
    ),
    (
        Rule::R04,
        Explanation {
            meaning: "What does not fit into a directory record goes on in a continuation area, at a block, a place \
                      in it, and a length that the record gives. If that place is outside of the image, or one where \
                      the reader has been, the rest of the name or link is lost. Areas that cross the end of a block \
                      are read here, but not by every reader.",
            broken_by: "Cut images, damaged directories, and images that were made to keep readers busy.",
            advice: "If the image is cut, read the disc again. Else see whether the names are right in another tree, \
                     with --tree joliet.",
        },
    ),
    (
        Rule::R05,
        Explanation {
            meaning: "An entry PX has the type of a file, its rights, owner, group and number of links, each in two \
                      byte orders. The type must be that of the directory record: a file that says it is a directory \
                      cannot be trusted.",
            broken_by: "Damage. Some writers leave the number of links or the type empty, which is harmless.",
            advice: "Errors: read the disc again. Warnings: nothing.",
        },
    ),
    (
        Rule::R06,
        Explanation {
            meaning: "A device node has the two numbers of its device in an entry PN. Without them it is no device.",
            broken_by: "Writers that keep devices without being asked to.",
            advice: "Nothing: devices are not extracted in any case.",
        },
    ),
    (
        Rule::R07,
        Explanation {
            meaning: "The target of a symbolic link is kept in pieces, each with its length. The pieces must fit into \
                      their entry, and the last one must say that it is the last.",
            broken_by: "genisoimage writes one entry where a target needs two, so that its length is cut to eight \
                        bits: the Linux kernel then shows an empty link. Here such a link is put together in full, \
                        and told as a warning. Else damage.",
            advice: "Warnings: the link is right here, whatever a mount shows. Errors: the link is not whole.",
        },
    ),
    (
        Rule::R08,
        Explanation {
            meaning: "A name may be in several pieces, each of which but the last says that it goes on. Linux cannot \
                      have more than 255 bytes in a name, nor a slash or NUL; a name with a slash is an attempt to \
                      write outside of where one extracts to.",
            broken_by: "Hostile images, and damaged ones. No mastering program writes a slash.",
            advice: "An image with slashes in its names is not to be trusted. Extracting leaves those files out.",
        },
    ),
    (
        Rule::R09,
        Explanation {
            meaning: "ISO 9660 nests directories eight deep. Rock Ridge moves deeper ones elsewhere, leaves a note \
                      (CL) in their place, and marks them (RE), with a note back (PL). All three must agree, or a \
                      directory hangs in the wrong place, in two, or in none.",
            broken_by: "Damage, and images that were made to send readers in circles.",
            advice: "The directory's files are listed where it was found. Check its place before you rely on paths.",
        },
    ),
    (
        Rule::R10,
        Explanation {
            meaning: "An entry TF says which of seven time stamps it has, and has them in order. One of them is the \
                      time of the last change that is shown.",
            broken_by: "makefs writes one byte too few, Apple's programs too many. Stamps that are no dates come from \
                        uninitialised memory.",
            advice: "Nothing: only a time is missing or odd.",
        },
    ),
    (
        Rule::R11,
        Explanation {
            meaning: "A file may be compressed in blocks (zisofs). Its record says how large it really is, and so \
                      does the file's own header; a table says where each block is. What contradicts itself cannot be \
                      unpacked in full.",
            broken_by: "Damage. A file that was compressed by a method of some other system is shown as it is stored.",
            advice: "Read the disc again. Blocks that are sound are unpacked, whatever happened to others.",
        },
    ),
    (
        Rule::R12,
        Explanation {
            meaning: "Where Rock Ridge is used, each file has its rights and owner. One without has been written by \
                      another program, or has lost them.",
            broken_by: "Apple's programs leave them out here and there.",
            advice: "Nothing: such files get ordinary rights.",
        },
    ),
    (
        Rule::R13,
        Explanation {
            meaning: "An entry ST ends the entries of an area. It has nothing in it.",
            broken_by: "Damage, or a program of somebody's own.",
            advice: "Nothing, as long as names and rights look right.",
        },
    ),
    (
        Rule::R14,
        Explanation {
            meaning: "Entries have two letters that say what they are. Those that this program does not know are left \
                      out, as the standard wants it. A file that is kept sparsely (SF) is shown as it is stored; no \
                      writer of that is known.",
            broken_by: "Extensions of other systems: Amiga, Apple, makers of backup programs.",
            advice: "Nothing. What is lost are things that Linux has no use for.",
        },
    ),
    (
        Rule::R15,
        Explanation {
            meaning: "A disc with Rock Ridge and Joliet has the same files in both. A file that only one of them has \
                      is hidden from part of the world.",
            broken_by: "Options that hide files from one tree (-hide-joliet and the like), on purpose.",
            advice: "Look at both trees if something is missing: --tree joliet, --tree rock-ridge.",
        },
    ),
];
