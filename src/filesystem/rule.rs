//! This module knows the rules that a filesystem is judged by.
//!
//! The letters: V volume descriptors, P path tables, D directories and files, J Joliet, R Rock Ridge, T boot records,
//! U UDF, H partition tables and Macintosh volumes beside them, C sums that the image carries within itself, S how far
//! the reading got.

use super::finding::Severity;

macro_rules! rules {
    ($($id:ident $severity:ident $title:literal)*) => {
        /// A rule. Its variants are its ids, which scripts see: none is ever given to another rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $title] $id,)* }

        impl Rule {
            pub const ALL: &'static [Rule] = &[$(Rule::$id,)*];

            /// As scripts see it.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$id => stringify!($id),)* }
            }

            /// What holds on a sound disc, as a sentence without its full stop.
            pub fn title(self) -> &'static str {
                match self { $(Rule::$id => $title,)* }
            }

            /// How bad it is where nothing speaks for another verdict.
            pub fn severity(self) -> Severity {
                match self { $(Rule::$id => Severity::$severity,)* }
            }
        }
    };
}

rules! {
    V01 Error "The first descriptor, at sector 16, is that of the primary volume"
    V02 Error "The volume descriptors follow each other up to a terminator"
    V03 Info "A terminator has version 1, and else only zeros"
    V04 Warning "Copies of the primary descriptor are the same"
    V05 Warning "A number recorded in both byte orders is the same in both"
    V06 Warning "Version numbers of descriptors and of their file structure are those of their kind"
    V07 Error "The logical block is 512, 1024 or 2048 bytes long"
    V08 Info "Reserved fields of descriptors are zero"
    V09 Info "Identifiers of the volume have the characters that they may have, filled up with blanks"
    V10 Info "The dates of the volume are dates, or are left out"
    V11 Error "The image is as long as the volume says"
    V12 Info "Nothing stands behind the volume but padding"
    V13 Warning "The image consists of whole sectors"
    V14 Warning "The volume is one of the set that it says it belongs to"
    V15 Error "The root directory's record is that of a directory inside the volume"
    V16 Info "Files that the descriptor names exist"
    V17 Info "The application's part of the descriptor is known"
    V18 Info "A supplementary descriptor has a known character set"
    V19 Warning "A volume partition lies inside the image"
    V20 Info "Each session of the image has descriptors of its own"

    P01 Error "Both path tables lie inside the volume"
    P02 Error "Both path tables say the same"
    P03 Warning "The optional copies of the path tables are the same"
    P04 Warning "A path table begins with the root, and each directory follows its parent"
    P05 Error "The path table has the directories of the tree, no more and no less"
    P06 Warning "The records of a path table end where the table ends"
    P07 Info "A path table can number all directories"

    D01 Error "A directory begins with itself and its parent"
    D02 Error "Directory records are whole, and lie within a sector"
    D03 Warning "A number of a directory record is the same in both byte orders"
    D04 Error "The extent of a file lies inside the volume and the image"
    D05 Warning "The length of a directory is one of whole sectors"
    D06 Warning "The records of a directory are in order"
    D07 Warning "The flags of a directory record are possible together"
    D08 Error "A file of several extents has all of them, in a row"
    D09 Info "Names have the characters and the form of their level, and each is there once"
    D10 Warning "No file is interleaved"
    D11 Info "The date of a directory record is a date, or left out"
    D12 Error "No two files share a part of their sectors"
    D13 Error "Each directory is reached on one way only"
    D14 Info "Directories are nested eight deep at most"
    D15 Info "The records have the sequence number of their volume"
    D16 Error "A name is not empty, and has neither slash nor NUL in it"
    D17 Info "No file has an extended attribute record"

    J01 Error "Joliet's level is one of three"
    J02 Error "A Joliet name has whole characters, 64 at most"
    J03 Warning "A Joliet name has none of the characters that are forbidden in it"
    J04 Warning "Joliet's tree has the files of the primary one"
    J05 Error "Joliet's volume is as large as the primary one"
    J06 Info "A Joliet name needs no surrogate pairs"
    J07 Info "A Joliet directory has no System Use entries"
    J08 Info "A Joliet name ends without a version"

    R01 Error "System Use entries are announced in the root directory"
    R02 Warning "Rock Ridge names itself in the root directory, and nowhere else"
    R03 Error "System Use entries are whole"
    R04 Error "Continuation areas lie inside the volume, and do not go in circles"
    R05 Warning "POSIX attributes are whole, and agree with the directory record"
    R06 Warning "A device has its numbers"
    R07 Error "A symbolic link is whole"
    R08 Warning "A Rock Ridge name is whole, possible, and unique in its directory"
    R09 Error "A relocated directory is found where it says, and knows where it belongs"
    R10 Warning "Time stamps are as many as they say, and are dates"
    R11 Error "A compressed file says how, and its table of blocks is sound"
    R12 Warning "With Rock Ridge, each record has POSIX attributes"
    R13 Warning "The entry that ends a System Use area ends it"
    R14 Info "All System Use entries are known"
    R15 Info "Rock Ridge's files are those of Joliet"

    T01 Warning "The boot record has the form that El Torito gives it"
    T02 Error "The boot catalogue lies inside the image"
    T03 Error "The boot catalogue's first entry has its key bytes and its sum"
    T04 Warning "The initial entry is a possible one"
    T05 Warning "The sections of the boot catalogue are complete"
    T06 Error "A boot image lies inside the image"
    T07 Warning "The type of an emulated disk is that of its partition"
    T08 Error "A boot image has the sum that its table of boot information says"
    T09 Info "Boot catalogue and boot images are files, too"

    U01 Error "UDF announces itself in the volume recognition area"
    U02 Warning "Two anchors or more say the same"
    U03 Error "A descriptor has the tag, the sum and the place that it should have"
    U04 Error "The volume descriptors are complete, and their reserve copies the same"
    U05 Error "The logical volume is one of UDF, with blocks of the size found"
    U06 Error "Each partition map is known, and its partition exists"
    U07 Error "Each partition lies inside the image"
    U08 Warning "The volume was closed, and its counts are those of its files"
    U09 Error "A file's entry and extents are sound, and lie inside partition and image"
    U10 Error "A directory of UDF is sound"
    U11 Error "No two files share a part of their blocks"
    U12 Warning "Names of UDF are possible, and kept as they should be"
    U13 Error "The tables of spared packets are sound, and the same"
    U14 Warning "Extended attributes are whole"
    U15 Error "The virtual allocation table is found, and is sound"
    U16 Error "The metadata file and its mirror are sound, and the same"
    U17 Error "The file set is sound, and that of its volume"
    U18 Warning "The map of free space agrees with what is used"
    U19 Info "Unique ids are unique"
    U20 Error "A file is the same in both halves of a bridge"
    U21 Warning "Named streams are sound"

    H01 Error "The partitions of the master boot record lie inside the image"
    H02 Error "Both headers of a GUID partition table are sound, the same, and where they should be"
    H03 Warning "The partitions of an Apple partition map lie inside the image"
    H04 Warning "The boot code for hard disks finds isolinux"
    H05 Warning "A Macintosh volume lies inside the image, and has its header twice"

    C01 Error "The sum that implantisomd5 left is that of the image"
    C02 Error "The sums that libisofs recorded are those of their session"
    C03 Error "The content of a file has the sum that libisofs recorded"

    S01 Error "Every structure that is needed can be read"
    S02 Error "All of the filesystem was looked at"
    S03 Error "It is an image of an optical disc"
    S04 Error "Every sector is there"
}

impl Rule {
    /// The rule with that id, in capitals or not.
    pub fn with_id(id: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.id().eq_ignore_ascii_case(id))
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}
