//! This module knows what sets one kind of disc apart from another, as a table.

use crate::sector::SectorCount;

/// Which generation of discs: what a drive needs to know before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Cd,
    Dvd,
    Bd,
}

/// The kinds of discs that the virtual drive has. How large one is, is told by its stock: a BD of two layers is a BD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscKind {
    CdRom,
    CdR,
    CdRw,
    DvdRom,
    DvdR,
    DvdRDl,
    /// Recorded in sequence or overwritten, as its record says.
    DvdRw,
    DvdRam,
    DvdPlusR,
    DvdPlusRDl,
    DvdPlusRw,
    BdRom,
    BdR,
    BdRe,
}

/// Who made the pits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    Pressed,
    /// Once.
    Recordable,
    /// As often as one likes.
    Rewritable,
}

impl DiscKind {
    pub const ALL: [DiscKind; 14] = [
        DiscKind::CdRom,
        DiscKind::CdR,
        DiscKind::CdRw,
        DiscKind::DvdRom,
        DiscKind::DvdR,
        DiscKind::DvdRDl,
        DiscKind::DvdRw,
        DiscKind::DvdRam,
        DiscKind::DvdPlusR,
        DiscKind::DvdPlusRDl,
        DiscKind::DvdPlusRw,
        DiscKind::BdRom,
        DiscKind::BdR,
        DiscKind::BdRe,
    ];

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            DiscKind::CdRom => "cd-rom",
            DiscKind::CdR => "cd-r",
            DiscKind::CdRw => "cd-rw",
            DiscKind::DvdRom => "dvd-rom",
            DiscKind::DvdR => "dvd-r",
            DiscKind::DvdRDl => "dvd-r-dl",
            DiscKind::DvdRw => "dvd-rw",
            DiscKind::DvdRam => "dvd-ram",
            DiscKind::DvdPlusR => "dvd+r",
            DiscKind::DvdPlusRDl => "dvd+r-dl",
            DiscKind::DvdPlusRw => "dvd+rw",
            DiscKind::BdRom => "bd-rom",
            DiscKind::BdR => "bd-r",
            DiscKind::BdRe => "bd-re",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub fn family(self) -> Family {
        match self {
            DiscKind::CdRom | DiscKind::CdR | DiscKind::CdRw => Family::Cd,
            DiscKind::DvdRom
            | DiscKind::DvdR
            | DiscKind::DvdRDl
            | DiscKind::DvdRw
            | DiscKind::DvdRam
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::DvdPlusRw => Family::Dvd,
            DiscKind::BdRom | DiscKind::BdR | DiscKind::BdRe => Family::Bd,
        }
    }

    pub fn made(self) -> Made {
        match self {
            DiscKind::CdRom | DiscKind::DvdRom | DiscKind::BdRom => Made::Pressed,
            DiscKind::CdR
            | DiscKind::DvdR
            | DiscKind::DvdRDl
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRDl
            | DiscKind::BdR => Made::Recordable,
            DiscKind::CdRw | DiscKind::DvdRw | DiscKind::DvdRam | DiscKind::DvdPlusRw | DiscKind::BdRe => {
                Made::Rewritable
            }
        }
    }

    /// What one layer holds.
    pub fn layer_capacity(self) -> SectorCount {
        SectorCount(match self {
            DiscKind::CdRom | DiscKind::CdR | DiscKind::CdRw => 359_849,
            DiscKind::DvdRom | DiscKind::DvdR | DiscKind::DvdRw => 2_298_496,
            DiscKind::DvdRDl => 2_085_856,
            DiscKind::DvdRam => 2_295_072,
            DiscKind::DvdPlusR | DiscKind::DvdPlusRw => 2_295_104,
            DiscKind::DvdPlusRDl => 2_086_912,
            DiscKind::BdRom | DiscKind::BdR | DiscKind::BdRe => 12_219_392,
        })
    }

    /// The most that any disc of this kind holds.
    pub fn largest(self) -> SectorCount {
        match self {
            DiscKind::CdRom | DiscKind::CdR | DiscKind::CdRw => SectorCount(449_850),
            DiscKind::DvdR | DiscKind::DvdRw | DiscKind::DvdRam | DiscKind::DvdPlusR | DiscKind::DvdPlusRw => {
                self.layer_capacity()
            }
            DiscKind::DvdRom | DiscKind::DvdRDl | DiscKind::DvdPlusRDl => SectorCount(4_173_824),
            DiscKind::BdRom | DiscKind::BdR | DiscKind::BdRe => SectorCount(62_500_864),
        }
    }
}

impl Family {
    /// Sectors that are corrected, and fail, together.
    pub fn ecc_block(self) -> SectorCount {
        SectorCount(match self {
            Family::Cd => 1,
            Family::Dvd => 16,
            Family::Bd => 32,
        })
    }

    /// Bytes of user data a second at 1x.
    pub fn one_x(self) -> f64 {
        match self {
            Family::Cd => 153_600.0,
            Family::Dvd => 1_385_000.0,
            Family::Bd => 4_495_500.0,
        }
    }

    /// 1x in the units in which drives tell speeds, kB/s: a CD's sector has 2352 bytes for them.
    pub fn one_x_kb_s(self) -> f64 {
        match self {
            Family::Cd => 176.4,
            Family::Dvd => 1385.0,
            Family::Bd => 4495.5,
        }
    }

    /// Where user data begins and where it must end, in millimetres from the centre.
    pub fn radii_mm(self) -> (f64, f64) {
        match self {
            Family::Cd => (25.0, 58.0),
            Family::Dvd | Family::Bd => (24.0, 58.0),
        }
    }

    /// Bytes that the drive reads ahead.
    pub fn buffer_bytes(self) -> u32 {
        match self {
            Family::Cd => 0x12_6800,
            Family::Dvd => 0x11_8000,
            Family::Bd => 0x18_0000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in DiscKind::ALL {
            assert_eq!(DiscKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(DiscKind::from_name("floppy"), None);
    }
}
