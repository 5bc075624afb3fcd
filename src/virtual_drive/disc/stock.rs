//! This module knows discs as they come out of their box: who made them, what they hold, how fast they can be written.

use super::{DiscKind, Family};
use crate::mmc::Msf;
use crate::sector::SectorCount;

/// A disc that nobody has written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    pub kind: DiscKind,
    /// What a writer can be told; formatting may take some of it.
    pub sectors: SectorCount,
    /// Maker and type, in the form that [`Stock::is_media_id`] wants.
    pub media_id: String,
    /// In kB/s as drives tell them, the fastest first.
    pub write_kb_s: Vec<u32>,
    pub factory: Factory,
    pub protection: WriteProtection,
}

/// Whether somebody formats a disc before it is sold. Only what can be overwritten is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factory {
    Blank,
    Formatted,
}

/// What keeps a DVD-RAM from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteProtection {
    None,
    /// The tab of its cartridge.
    Cartridge,
    /// A mark on the disc, which stays until it is taken away.
    Persistent,
}

impl WriteProtection {
    /// As formats 09h and C0h of READ DISC STRUCTURE have it, MMC-5 6.23.
    pub fn bits(self) -> u8 {
        match self {
            WriteProtection::None => 0,
            WriteProtection::Persistent => 1 << 1,
            WriteProtection::Cartridge => 1 << 2,
        }
    }
}

/// A DVD-RAM does not tell who made it.
const NAMELESS: &str = "";

impl Stock {
    /// A disc of a common brand; `None` for kinds that cannot be written here.
    pub fn usual(kind: DiscKind) -> Option<Self> {
        let (sectors, media_id, speeds): (_, _, &[f64]) = match kind {
            DiscKind::CdR => (359_849, "97m15s35f", &[48.0, 40.0, 32.0, 24.0, 16.0, 8.0, 4.0]),
            DiscKind::CdRw => (359_849, "97m27s00f", &[10.0, 4.0]),
            DiscKind::DvdR => (2_297_888, "TYG03", &[16.0, 12.0, 8.0, 6.0, 4.0, 2.0]),
            DiscKind::DvdRw => (2_297_888, "MCC 01RW4X", &[4.0, 2.0, 1.0]),
            DiscKind::DvdRDl => (4_171_712, "MKM 01RD30", &[8.0, 6.0, 4.0, 2.0]),
            DiscKind::DvdPlusRDl => (4_173_824, "MKM-003", &[8.0, 6.0, 4.0, 2.4]),
            DiscKind::DvdPlusR => (2_295_104, "YUDEN000-T03", &[16.0, 12.0, 8.0, 6.0, 4.0, 2.4]),
            DiscKind::DvdPlusRw => (2_295_104, "RICOHJPN-W21", &[4.0, 2.4]),
            DiscKind::DvdRam => (2_295_072, NAMELESS, &[5.0, 3.0, 2.0]),
            DiscKind::BdR => (12_219_392, "VERBAT-IMe", &[6.0, 4.0, 2.0]),
            DiscKind::BdRe => (12_219_392, "VERBAT-IM0", &[2.0, 1.0]),
            DiscKind::CdRom | DiscKind::DvdRom | DiscKind::BdRom => {
                return None;
            }
        };
        let factory = if kind == DiscKind::DvdRam { Factory::Formatted } else { Factory::Blank };
        let write_kb_s = speeds.iter().map(|times| kb_s(kind.family(), *times)).collect();
        Some(Self {
            kind,
            sectors: SectorCount(sectors),
            media_id: media_id.to_owned(),
            write_kb_s,
            factory,
            protection: WriteProtection::None,
        })
    }

    /// How many layers such a disc has.
    pub fn layers(&self) -> u32 {
        /// What BDs of one, two and three layers hold.
        const BD: [u32; 3] = [12_219_392, 24_438_784, 48_878_592];
        match self.kind {
            DiscKind::DvdRDl | DiscKind::DvdPlusRDl => 2,
            DiscKind::BdRom | DiscKind::BdR | DiscKind::BdRe => {
                let full = BD.into_iter().filter(|end| self.sectors.0 > *end).count();
                u32::try_from(full).unwrap_or(3).saturating_add(1)
            }
            DiscKind::CdRom
            | DiscKind::CdR
            | DiscKind::CdRw
            | DiscKind::DvdRom
            | DiscKind::DvdR
            | DiscKind::DvdRw
            | DiscKind::DvdRam
            | DiscKind::DvdPlusR
            | DiscKind::DvdPlusRw => 1,
        }
    }

    /// Whether a disc of this kind can say this of itself: `97m15s35f` on CD, `YUDEN000-T03` on DVD+, `MCC 03RG20` on
    /// DVD-R, `VERBAT-IMe` on BD.
    pub fn is_media_id(kind: DiscKind, text: &str) -> bool {
        let parts = |maker: usize, of_type: usize| {
            let Some((first, second)) = text.rsplit_once('-') else { return false };
            (1..=maker).contains(&first.len()) && (1..=of_type).contains(&second.len())
        };
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if kind == DiscKind::DvdRam {
            return text == NAMELESS;
        }
        printable
            && match kind {
                DiscKind::BdRom | DiscKind::BdR | DiscKind::BdRe => parts(6, 3),
                DiscKind::DvdR | DiscKind::DvdRDl | DiscKind::DvdRw => (1..=12).contains(&text.len()),
                DiscKind::DvdRom
                | DiscKind::DvdRam
                | DiscKind::DvdPlusR
                | DiscKind::DvdPlusRDl
                | DiscKind::DvdPlusRw => parts(8, 3),
                DiscKind::CdRom => false,
                DiscKind::CdR | DiscKind::CdRw => lead_in(text).is_some(),
            }
    }

    /// On a CD, where the groove has its lead-in begin, which names the maker.
    pub fn lead_in(&self) -> Option<Msf> {
        lead_in(&self.media_id)
    }

    /// On a CD, where the lead-out may begin at the latest; in minutes up to 99.
    pub fn last_lead_out(&self) -> Msf {
        let frames = self.sectors.0.saturating_add(150).min(449_999);
        let byte = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        Msf::new(byte(frames / 75 / 60), byte(frames / 75 % 60), byte(frames % 75))
    }

    /// What stands before and behind the last hyphen.
    pub fn maker_and_type(&self) -> (&str, &str) {
        self.media_id.rsplit_once('-').unwrap_or((&self.media_id, ""))
    }

    /// The fastest that is not faster than `wish`, or else the slowest; 0 where the disc has no speeds.
    pub fn speed_for(&self, wish_kb_s: u32) -> u32 {
        let fitting = self.write_kb_s.iter().copied().find(|kb_s| *kb_s <= wish_kb_s);
        fitting.or(self.write_kb_s.last().copied()).unwrap_or(0)
    }
}

/// As in `97m15s35f`.
fn lead_in(text: &str) -> Option<Msf> {
    let (minute, rest) = text.split_once('m')?;
    let (second, frame) = rest.strip_suffix('f')?.split_once('s')?;
    let two = |digits: &str, below: u8| {
        let number = digits.parse().ok().filter(|number| *number < below)?;
        (digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(number)
    };
    let lead_in = Msf::new(two(minute, 100)?, two(second, 60)?, two(frame, 75)?);
    (lead_in.minute >= 95).then_some(lead_in)
}

/// A multiple of 1x, in kB/s as drives tell it: never rounded up, but on CDs to the nearest.
pub fn kb_s(family: Family, times: f64) -> u32 {
    let kb_s = times * family.one_x_kb_s();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates")]
    let whole = if family == Family::Cd { kb_s.round() } else { kb_s.floor() } as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_those_that_drives_tell() {
        let disc = Stock::usual(DiscKind::DvdPlusR).unwrap();
        assert_eq!(disc.write_kb_s, [22_160, 16_620, 11_080, 8310, 5540, 3324]);
        assert_eq!((disc.speed_for(11_079), disc.speed_for(0xFFFF), disc.speed_for(1)), (8310, 22_160, 3324));
    }

    #[test]
    fn a_cd_tells_times() {
        let disc = Stock::usual(DiscKind::CdR).unwrap();
        assert_eq!((disc.lead_in(), disc.last_lead_out()), (Some(Msf::new(97, 15, 35)), Msf::new(79, 59, 74)));
        assert_eq!(disc.write_kb_s, [8467, 7056, 5645, 4234, 2822, 1411, 706]);
        // What hosts ask for is rounded up.
        assert_eq!(disc.speed_for(4 * 177), 706);
        let long = Stock { sectors: SectorCount(449_850), ..disc };
        assert_eq!(long.last_lead_out(), Msf::new(99, 59, 74));
    }

    #[test]
    fn every_usual_disc_names_its_maker() {
        for stock in DiscKind::ALL.into_iter().filter_map(Stock::usual) {
            assert!(Stock::is_media_id(stock.kind, &stock.media_id), "{stock:?}");
            assert!(stock.write_kb_s.is_sorted_by(|fast, slow| fast > slow), "{stock:?}");
        }
        assert!(!Stock::is_media_id(DiscKind::DvdPlusR, "no hyphen"));
        assert!(!Stock::is_media_id(DiscKind::DvdPlusR, "TOO-LONG-A-MAKER-T03"));
        assert!(!Stock::is_media_id(DiscKind::DvdPlusR, "M\n-T03"));
        for wrong in ["97m15s", "97m15s75f", "97m60s00f", "94m15s35f", "97m1s35f", "+7m15s35f", "YUDEN000-T03"] {
            assert!(!Stock::is_media_id(DiscKind::CdR, wrong), "{wrong}");
        }
    }
}
