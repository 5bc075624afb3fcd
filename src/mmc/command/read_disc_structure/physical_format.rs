//! This module knows DVD format 00h: the lead-in's words on layers, and on where the data lies.

use super::{Answer, Tail, answer, data};
use crate::bytes::{Composer, Truncated, bit, bits};

/// DVD format 00h, MMC-5 6.23. Sector numbers are physical, and have 24 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhysicalFormat {
    pub book_type: BookType,
    /// Of the book, 0 to 15.
    pub part_version: u8,
    /// 0 is 120 mm, 1 is 80 mm.
    pub disc_size: u8,
    /// 0 to 15.
    pub maximum_rate: u8,
    /// 1 or 2; the field has room for 4.
    pub layers: u8,
    pub track_path: TrackPath,
    /// Bit 0 embossed, bit 1 recordable, bit 2 rewritable.
    pub layer_type: u8,
    /// Linear in the upper four bits, of tracks in the lower.
    pub densities: u8,
    /// 030000h, on DVD-RAM 031000h.
    pub start: Option<u32>,
    /// The last sector of the data, on the last layer where the track path is opposite.
    pub end: Option<u32>,
    /// The last sector of layer 0 where the track path is opposite, else 0.
    pub layer_0_end: Option<u32>,
    /// A burst cutting area is there.
    pub bca: bool,
    /// What follows byte 16 of the data; of the medium's own book.
    pub rest: Vec<u8>,
}

/// How the layers follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrackPath {
    /// Both from the inside out: each layer has its own start and end.
    Parallel,
    /// Out on layer 0, back on layer 1.
    Opposite,
}

/// What kind of disc the lead-in says it is. DVD+R can be told to say DVD-ROM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BookType {
    DvdRom,
    DvdRam,
    DvdR,
    DvdRw,
    HdDvdRom,
    HdDvdRam,
    HdDvdR,
    DvdPlusRw,
    DvdPlusR,
    DvdPlusRwDl,
    DvdPlusRDl,
    /// 7, 8, 11, 12, 15.
    Reserved(u8),
}

impl BookType {
    fn from_number(number: u8) -> Self {
        match number {
            0 => BookType::DvdRom,
            1 => BookType::DvdRam,
            2 => BookType::DvdR,
            3 => BookType::DvdRw,
            4 => BookType::HdDvdRom,
            5 => BookType::HdDvdRam,
            6 => BookType::HdDvdR,
            9 => BookType::DvdPlusRw,
            10 => BookType::DvdPlusR,
            13 => BookType::DvdPlusRwDl,
            14 => BookType::DvdPlusRDl,
            other => BookType::Reserved(other),
        }
    }

    /// Four bits.
    pub fn number(self) -> u8 {
        match self {
            BookType::DvdRom => 0,
            BookType::DvdRam => 1,
            BookType::DvdR => 2,
            BookType::DvdRw => 3,
            BookType::HdDvdRom => 4,
            BookType::HdDvdRam => 5,
            BookType::HdDvdR => 6,
            BookType::DvdPlusRw => 9,
            BookType::DvdPlusR => 10,
            BookType::DvdPlusRwDl => 13,
            BookType::DvdPlusRDl => 14,
            BookType::Reserved(number) => bits(number, 3, 0),
        }
    }
}

impl std::fmt::Display for BookType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BookType::DvdRom => "DVD-ROM",
            BookType::DvdRam => "DVD-RAM",
            BookType::DvdR => "DVD-R",
            BookType::DvdRw => "DVD-RW",
            BookType::HdDvdRom => "HD DVD-ROM",
            BookType::HdDvdRam => "HD DVD-RAM",
            BookType::HdDvdR => "HD DVD-R",
            BookType::DvdPlusRw => "DVD+RW",
            BookType::DvdPlusR => "DVD+R",
            BookType::DvdPlusRwDl => "DVD+RW DL",
            BookType::DvdPlusRDl => "DVD+R DL",
            BookType::Reserved(number) => return write!(f, "book type {number:x}h"),
        })
    }
}

impl Answer for PhysicalFormat {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = data(bytes, "DVD physical format")?;
        let [book, size, layers, densities] = b.array()?;
        let mut tail = Tail::of(b);
        let (start, end, layer_0_end) = (tail.be_u32(), tail.be_u32(), tail.be_u32());
        let number = |field: Option<u32>| field.map(|field| field & 0x00FF_FFFF);
        Ok(Self {
            book_type: BookType::from_number(bits(book, 7, 4)),
            part_version: bits(book, 3, 0),
            disc_size: bits(size, 7, 4),
            maximum_rate: bits(size, 3, 0),
            layers: bits(layers, 6, 5).saturating_add(1),
            track_path: if bit(layers, 4) { TrackPath::Opposite } else { TrackPath::Parallel },
            layer_type: bits(layers, 3, 0),
            densities,
            start: number(start),
            end: number(end),
            layer_0_end: number(layer_0_end),
            bca: tail.u8().is_some_and(|flags| bit(flags, 7)),
            rest: tail.rest().to_vec(),
        })
    }

    /// At least the 17 bytes that are the same for all books.
    fn emit(&self) -> Vec<u8> {
        let path = match self.track_path {
            TrackPath::Parallel => 0,
            TrackPath::Opposite => 1,
        };
        let layers = bits(self.layers.saturating_sub(1), 1, 0) << 5 | path << 4 | bits(self.layer_type, 3, 0);
        let mut out = Composer::new();
        out.u8(self.book_type.number() << 4 | bits(self.part_version, 3, 0));
        out.u8(bits(self.disc_size, 3, 0) << 4 | bits(self.maximum_rate, 3, 0)).u8(layers).u8(self.densities);
        for number in [self.start, self.end, self.layer_0_end] {
            out.u8(0).be_u24(number.unwrap_or(0));
        }
        out.u8(u8::from(self.bca) << 7).bytes(&self.rest);
        answer(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    /// A pressed single-layer DVD-Video of 2 298 496 sectors.
    const GOLDEN: [u8; 21] =
        [0, 19, 0, 0, 0x01, 0x02, 0x01, 0x00, 0, 0x03, 0, 0, 0, 0x26, 0x12, 0x7F, 0, 0, 0, 0, 0x80];

    #[test]
    fn a_pressed_disc_tells_where_its_data_lies() {
        let format = PhysicalFormat::parse(&GOLDEN).unwrap();
        assert_eq!((format.book_type, format.part_version), (BookType::DvdRom, 1));
        assert_eq!((format.layers, format.track_path, format.layer_type), (1, TrackPath::Parallel, 1));
        assert_eq!((format.start, format.end, format.layer_0_end), (Some(0x03_0000), Some(0x26_127F), Some(0)));
        assert!(format.bca);
        assert_eq!(format.emit(), GOLDEN);
    }

    #[test]
    fn two_layers_with_opposite_path() {
        let golden = [0, 19, 0, 0, 0xE1, 0x0F, 0x32, 0x10, 0, 3, 0, 0, 0, 0xFC, 0xA1, 0xAE, 0, 0x1A, 0x34, 0xCF, 0];
        let format = PhysicalFormat::parse(&golden).unwrap();
        assert_eq!((format.book_type, format.layers), (BookType::DvdPlusRDl, 2));
        assert_eq!((format.track_path, format.end), (TrackPath::Opposite, Some(0xFC_A1AE)));
        assert_eq!(format.emit(), golden);
    }

    #[test]
    fn a_number_that_is_not_wholly_there_is_absent() {
        let cut = PhysicalFormat::parse(&GOLDEN[..15]).unwrap();
        assert_eq!((cut.start, cut.end, cut.layer_0_end, cut.bca), (Some(0x03_0000), None, None, false));
        assert!(PhysicalFormat::parse(&GOLDEN[..7]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let number = || (0..0x0100_0000_u32).prop_map(Some);
        let head = ((0..16_u8, 0..16_u8, 0..16_u8), (0..16_u8, 1..=4_u8, any::<bool>(), 0..16_u8, any::<u8>()));
        let tail = (number(), number(), number(), any::<bool>(), proptest::collection::vec(any::<u8>(), 0..50));
        answer_survives((head, tail).prop_map(|((book, form), (start, end, layer_0_end, bca, rest))| PhysicalFormat {
            book_type: BookType::from_number(book.0),
            part_version: book.1,
            disc_size: book.2,
            maximum_rate: form.0,
            layers: form.1,
            track_path: if form.2 { TrackPath::Opposite } else { TrackPath::Parallel },
            layer_type: form.3,
            densities: form.4,
            start,
            end,
            layer_0_end,
            bca,
            rest,
        }));
    }
}
