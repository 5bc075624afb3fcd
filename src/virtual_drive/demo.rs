//! This module knows the disc that the program carries: a small ISO 9660 volume, computed when it is asked for.

use super::disc::content::Synthetic;
use crate::bytes::Composer;
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorSource, SourceError};

/// What the volume is called.
pub const LABEL: &str = "DISCWRIGHT_DEMO";

const SECTORS: SectorCount = SectorCount(3600);
const PATH_TABLE_BYTES: u32 = 10;
const SEED: u64 = 0xD15C;

/// Where things lie.
mod place {
    pub const PATH_TABLE: u32 = 19;
    pub const JOLIET_PATH_TABLE: u32 = 21;
    pub const ROOT: u32 = 23;
    pub const JOLIET_ROOT: u32 = 24;
    pub const EXTENSIONS: u32 = 25;
    pub const README: u32 = 26;
    pub const NOISE: u32 = 28;
}

const README: &str = "This disc does not exist.

It is what `discwright rip demo` reads: a virtual drive with a small disc in it, so that everything can be tried
with no drive at all. The drive takes its time, as a CD drive does.

The other file here is noise: the same on every machine, so that the digests of the image are too.
";

/// The demo disc. Its head is in memory, the rest is computed as it is read.
#[derive(Debug, Clone)]
pub struct Demo {
    head: Vec<u8>,
    noise: Synthetic,
}

impl Demo {
    pub fn new() -> Self {
        Self { head: head(), noise: Synthetic::new(SECTORS, SEED) }
    }
}

impl Default for Demo {
    fn default() -> Self {
        Self::new()
    }
}

impl SectorSource for Demo {
    fn sector_count(&self) -> SectorCount {
        SECTORS
    }

    fn read_sectors(&mut self, start: Lba, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut head = self.head.as_slice();
        for (lba, sector) in (start.0..=u32::MAX).map(Lba).zip(buffer.chunks_mut(SECTOR_BYTES)) {
            if lba.0 < place::NOISE {
                head.read_sectors(lba, sector)?;
            } else if lba.0 < SECTORS.0 {
                self.noise.fill(lba, sector);
            } else {
                return Err(SourceError::Beyond { at: lba });
            }
        }
        Ok(())
    }
}

/// Everything before the noise.
fn head() -> Vec<u8> {
    let mut out = Composer::new();
    out.zeros(16 * SECTOR_BYTES);
    let mut sector = |content: Vec<u8>| {
        let end = out.len().saturating_add(content.len()).next_multiple_of(SECTOR_BYTES);
        out.bytes(&content).pad_to(end);
    };
    sector(volume_descriptor(&Names::Plain));
    sector(volume_descriptor(&Names::Joliet));
    sector(b"\xFFCD001\x01".to_vec());
    sector(path_table(&place::ROOT.to_le_bytes(), [1, 0]));
    sector(path_table(&place::ROOT.to_be_bytes(), [0, 1]));
    sector(path_table(&place::JOLIET_ROOT.to_le_bytes(), [1, 0]));
    sector(path_table(&place::JOLIET_ROOT.to_be_bytes(), [0, 1]));
    sector(root(&Names::Plain));
    sector(root(&Names::Joliet));
    sector(rock_ridge_notice());
    sector(README.as_bytes().to_vec());
    out.pad_to(usize::try_from(Lba(place::NOISE).byte_offset()).unwrap_or(0));
    out.finish()
}

/// Which tree: with names in capitals, and longer ones by Rock Ridge; or with names in UCS-2.
enum Names {
    Plain,
    Joliet,
}

impl Names {
    fn root(&self) -> u32 {
        match self {
            Names::Plain => place::ROOT,
            Names::Joliet => place::JOLIET_ROOT,
        }
    }

    fn path_table(&self) -> u32 {
        match self {
            Names::Plain => place::PATH_TABLE,
            Names::Joliet => place::JOLIET_PATH_TABLE,
        }
    }

    /// A text of exactly `length` bytes.
    fn text(&self, text: &str, length: usize) -> Vec<u8> {
        let filling = match self {
            Names::Plain => vec![b' '],
            Names::Joliet => vec![0, b' '],
        };
        let padded = self.name(text).into_iter().chain(filling.into_iter().cycle());
        padded.take(length).collect()
    }

    fn name(&self, name: &str) -> Vec<u8> {
        match self {
            Names::Plain => name.as_bytes().to_vec(),
            Names::Joliet => name.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

fn both_16(out: &mut Composer, value: u16) {
    out.le_u16(value).be_u16(value);
}

fn both_32(out: &mut Composer, value: u32) {
    out.le_u32(value).be_u32(value);
}

/// ECMA-119 8.4 and 8.5.
fn volume_descriptor(names: &Names) -> Vec<u8> {
    let mut out = Composer::new();
    let kind = match names {
        Names::Plain => 1,
        Names::Joliet => 2,
    };
    out.u8(kind).bytes(b"CD001").u8(1).u8(0);
    out.bytes(&names.text("", 32)).bytes(&names.text(LABEL, 32)).zeros(8);
    both_32(&mut out, SECTORS.0);
    if matches!(names, Names::Joliet) {
        out.bytes(b"%/E");
    }
    out.pad_to(120);
    both_16(&mut out, 1);
    both_16(&mut out, 1);
    both_16(&mut out, 2048);
    both_32(&mut out, PATH_TABLE_BYTES);
    let table = names.path_table();
    out.le_u32(table).le_u32(0).be_u32(table.saturating_add(1)).be_u32(0);
    out.bytes(&directory_record(names.root(), 2048, Kind::Folder, &[0], &[]));
    for (text, length) in [("", 128), ("", 128), ("", 128), ("DISCWRIGHT", 128), ("", 37), ("", 37), ("", 37)] {
        out.bytes(&names.text(text, length));
    }
    const MADE: &[u8; 17] = b"2026010100000000\0";
    const NEVER: &[u8; 17] = b"0000000000000000\0";
    out.bytes(MADE).bytes(MADE).bytes(NEVER).bytes(NEVER).u8(1);
    out.finish()
}

/// ECMA-119 9.4: the root alone, which is its own parent.
fn path_table(extent: &[u8; 4], one: [u8; 2]) -> Vec<u8> {
    let mut out = Composer::new();
    out.u8(1).u8(0).bytes(extent).bytes(&one).u8(0).u8(0);
    out.finish()
}

enum Kind {
    File,
    Folder,
}

/// ECMA-119 9.1.
fn directory_record(extent: u32, bytes: u32, kind: Kind, name: &[u8], system_use: &[u8]) -> Vec<u8> {
    let mut out = Composer::new();
    out.u8(0).u8(0);
    both_32(&mut out, extent);
    both_32(&mut out, bytes);
    out.bytes(&[126, 1, 1, 0, 0, 0, 0]);
    out.u8(match kind {
        Kind::File => 0,
        Kind::Folder => 2,
    });
    out.zeros(2);
    both_16(&mut out, 1);
    out.u8(u8::try_from(name.len()).unwrap_or(u8::MAX)).bytes(name);
    let even = out.len().next_multiple_of(2);
    out.pad_to(even).bytes(system_use);
    let even = out.len().next_multiple_of(2);
    out.pad_to(even);
    let length = u8::try_from(out.len()).unwrap_or(u8::MAX);
    out.overwrite(0, &[length]);
    out.finish()
}

fn root(names: &Names) -> Vec<u8> {
    let noise_bytes = SECTORS.0.saturating_sub(place::NOISE).saturating_mul(2048);
    let readme_bytes = u32::try_from(README.len()).unwrap_or(0);
    let folder = |name: u8, first: &[u8]| {
        let extension = match names {
            Names::Plain => [first, &posix_attributes(0o040_555, 2)].concat(),
            Names::Joliet => Vec::new(),
        };
        directory_record(names.root(), 2048, Kind::Folder, &[name], &extension)
    };
    let file = |extent, bytes, plain: &str, long: &str| {
        let (name, extension) = match names {
            Names::Plain => (plain, [alternate_name(long), posix_attributes(0o100_444, 1)].concat()),
            Names::Joliet => (long, Vec::new()),
        };
        directory_record(extent, bytes, Kind::File, &names.name(name), &extension)
    };
    let here = [[b'S', b'P', 7, 1, 0xBE, 0xEF, 0].as_slice(), &continuation()].concat();
    [
        folder(0, &here),
        folder(1, &[]),
        file(place::NOISE, noise_bytes, "NOISE.BIN;1", "Noise.bin"),
        file(place::README, readme_bytes, "README.TXT;1", "Read me.txt"),
    ]
    .concat()
}

/// RRIP 4.1.1: mode and links; nobody owns it.
fn posix_attributes(mode: u32, links: u32) -> Vec<u8> {
    let mut out = Composer::new();
    out.bytes(b"PX").u8(36).u8(1);
    for value in [mode, links, 0, 0] {
        both_32(&mut out, value);
    }
    out.finish()
}

/// RRIP 4.1.4.
fn alternate_name(name: &str) -> Vec<u8> {
    let mut out = Composer::new();
    out.bytes(b"NM").u8(u8::try_from(name.len().saturating_add(5)).unwrap_or(u8::MAX)).u8(1).u8(0);
    out.bytes(name.as_bytes());
    out.finish()
}

/// SUSP 5.1: where the notice lies, which is too long for a directory record.
fn continuation() -> Vec<u8> {
    let mut out = Composer::new();
    out.bytes(b"CE").u8(28).u8(1);
    for value in [place::EXTENSIONS, 0, u32::try_from(rock_ridge_notice().len()).unwrap_or(0)] {
        both_32(&mut out, value);
    }
    out.finish()
}

/// SUSP 5.5: that the extension in use is Rock Ridge.
fn rock_ridge_notice() -> Vec<u8> {
    const NAME: &[u8] = b"RRIP_1991A";
    const WHAT: &[u8] = b"THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";
    const WHERE: &[u8] = b"PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.";
    let length = |text: &[u8]| u8::try_from(text.len()).unwrap_or(u8::MAX);
    let whole = [NAME, WHAT, WHERE].concat();
    let mut out = Composer::new();
    out.bytes(b"ER").u8(length(&whole).saturating_add(8)).u8(1);
    out.u8(length(NAME)).u8(length(WHAT)).u8(length(WHERE)).u8(1).bytes(&whole);
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sectors(start: u32, count: usize) -> Vec<u8> {
        let mut buffer = vec![0; count * SECTOR_BYTES];
        Demo::new().read_sectors(Lba(start), &mut buffer).unwrap();
        buffer
    }

    #[test]
    fn the_volume_says_what_it_is() {
        let descriptors = sectors(16, 3);
        assert_eq!(descriptors[..7], *b"\x01CD001\x01");
        assert_eq!(descriptors[40..55], *LABEL.as_bytes());
        assert_eq!(descriptors[80..84], 3600_u32.to_le_bytes());
        assert_eq!(descriptors[156..158], [34, 0]);
        assert_eq!(descriptors[881], 1);
        assert_eq!(descriptors[2048..2055], *b"\x02CD001\x01");
        assert_eq!(descriptors[4096..4103], *b"\xFFCD001\x01");
    }

    #[test]
    fn the_last_address_there_is_lies_beyond_the_end() {
        let mut buffer = vec![0; 2 * SECTOR_BYTES];
        let read = Demo::new().read_sectors(Lba(u32::MAX), &mut buffer);
        assert!(matches!(read, Err(SourceError::Beyond { at: Lba(u32::MAX) })));
    }

    #[test]
    fn everything_lies_where_it_is_said_to_be() {
        assert_eq!(head().len() / SECTOR_BYTES, 28);
        assert!(README.len() <= 2 * SECTOR_BYTES);
        assert!(sectors(place::README, 1).starts_with(README.as_bytes()));
        let root = sectors(place::ROOT, 1);
        assert_eq!(root[2..6], place::ROOT.to_le_bytes());
        assert!(sectors(place::EXTENSIONS, 1).starts_with(b"ER"));
        assert_eq!(sectors(place::PATH_TABLE, 1)[..10], [1, 0, 23, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(sectors(place::JOLIET_PATH_TABLE + 1, 1)[..10], [1, 0, 0, 0, 0, 24, 0, 1, 0, 0]);
    }

    #[test]
    fn it_is_the_same_every_time_and_ends_where_it_says() {
        assert_eq!(sectors(20, 40), sectors(20, 40));
        assert_ne!(sectors(100, 1), sectors(101, 1));
        let mut buffer = vec![0; 2 * SECTOR_BYTES];
        assert!(matches!(Demo::new().read_sectors(Lba(3599), &mut buffer), Err(SourceError::Beyond { at: Lba(3600) })));
    }
}
