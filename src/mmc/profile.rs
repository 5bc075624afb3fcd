//! This module knows the profiles: MMC's numbers for kinds of media.

use std::fmt;

macro_rules! profiles {
    ($($variant:ident = $number:literal $name:literal,)*) => {
        /// What kind of medium a drive says it holds, MMC-5 5.4. A claim: firmware reports BD-R as BD-ROM, and
        /// DVD+R with a book type of DVD-ROM as such.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Profile {
            $($variant,)*
            /// A number without a name in the standard.
            Other(u16),
        }

        impl Profile {
            /// Those with a name, by number.
            pub const NAMED: &[Profile] = &[$(Profile::$variant,)*];

            pub const fn from_number(number: u16) -> Self {
                match number {
                    $($number => Profile::$variant,)*
                    other => Profile::Other(other),
                }
            }

            pub const fn number(self) -> u16 {
                match self {
                    $(Profile::$variant => $number,)*
                    Profile::Other(number) => number,
                }
            }

            /// The standard's name.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Profile::$variant => Some($name),)*
                    Profile::Other(_) => None,
                }
            }
        }
    };
}

profiles! {
    // Also a medium that the drive does not know.
    None = 0x0000 "no medium",
    NonRemovableDisk = 0x0001 "non-removable disk",
    RemovableDisk = 0x0002 "removable disk",
    MoErasable = 0x0003 "MO erasable",
    OpticalWriteOnce = 0x0004 "optical write once",
    AsMo = 0x0005 "AS-MO",
    CdRom = 0x0008 "CD-ROM",
    CdR = 0x0009 "CD-R",
    CdRw = 0x000A "CD-RW",
    DvdRom = 0x0010 "DVD-ROM",
    DvdRSequential = 0x0011 "DVD-R sequential",
    DvdRam = 0x0012 "DVD-RAM",
    DvdRwRestrictedOverwrite = 0x0013 "DVD-RW restricted overwrite",
    DvdRwSequential = 0x0014 "DVD-RW sequential",
    DvdRDlSequential = 0x0015 "DVD-R DL sequential",
    DvdRDlLayerJump = 0x0016 "DVD-R DL layer jump",
    DvdRwDl = 0x0017 "DVD-RW DL",
    DvdDownload = 0x0018 "DVD-Download",
    DvdPlusRw = 0x001A "DVD+RW",
    DvdPlusR = 0x001B "DVD+R",
    DdcdRom = 0x0020 "DDCD-ROM",
    DdcdR = 0x0021 "DDCD-R",
    DdcdRw = 0x0022 "DDCD-RW",
    DvdPlusRwDl = 0x002A "DVD+RW DL",
    DvdPlusRDl = 0x002B "DVD+R DL",
    BdRom = 0x0040 "BD-ROM",
    BdRSequential = 0x0041 "BD-R sequential",
    BdRRandom = 0x0042 "BD-R random",
    BdRe = 0x0043 "BD-RE",
    HdDvdRom = 0x0050 "HD DVD-ROM",
    HdDvdR = 0x0051 "HD DVD-R",
    HdDvdRam = 0x0052 "HD DVD-RAM",
    HdDvdRw = 0x0053 "HD DVD-RW",
    HdDvdRDl = 0x0058 "HD DVD-R DL",
    HdDvdRwDl = 0x005A "HD DVD-RW DL",
    NonStandard = 0xFFFF "non-standard medium",
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => name.fmt(f),
            None => write!(f, "profile {:04x}h", self.number()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn profiles_have_the_numbers_of_the_standard() {
        assert_eq!(Profile::from_number(0x0010), Profile::DvdRom);
        assert_eq!(Profile::from_number(0x002B), Profile::DvdPlusRDl);
        assert_eq!(Profile::BdRe.number(), 0x43);
        assert_eq!(Profile::DvdRDlLayerJump.to_string(), "DVD-R DL layer jump");
    }

    #[test]
    fn an_unknown_profile_keeps_its_number() {
        assert_eq!(Profile::from_number(0x0060), Profile::Other(0x60));
        assert_eq!(Profile::Other(0x60).to_string(), "profile 0060h");
    }

    proptest! {
        #[test]
        fn a_profile_survives_the_wire(number: u16) {
            prop_assert_eq!(Profile::from_number(number).number(), number);
        }
    }
}
