//! This module knows how any bytes are given to the readers of filesystems.

use super::Bytes;
use super::image::Sparse;
use crate::filesystem::content::zisofs::Unpacker;
use crate::filesystem::iso9660::descriptor::BootRecord;
use crate::filesystem::iso9660::el_torito;
use crate::filesystem::iso9660::rock_ridge::Susp;
use crate::filesystem::sums::Sums;
use crate::filesystem::{Image, Limits, Options, Owners, Reader, Scan, Scope, SizeSource, TreeKind, Zisofs, hybrid};
use crate::sector::{Lba, SECTOR_BYTES, SectorCount, SectorRange, SectorSource};

/// What a fuzzer can afford; each limit is met all the same.
const LIMITS: Limits = Limits {
    entries: 2000,
    depth: 64,
    path_bytes: 4096,
    directory_bytes: 1 << 20,
    susp_bytes: 8192,
    susp_hops: 16,
    symlink_bytes: 4096,
    volume_descriptors: 16,
    sequence_blocks: 32,
    partition_maps: 8,
    extents: 1000,
    chain: 16,
    metadata_bytes: 4 << 20,
};

/// The limit on bytes makes an end; what a reader reads ahead is not counted there.
const READS: usize = 1_000_000;

fn read(bytes: &[u8], scope: Scope, tree: Option<TreeKind>) -> Image {
    let mut source = Sparse::read(bytes, READS);
    let length = source.sector_count().bytes();
    Image::read(&mut source, length, &Options { scope, tree, limits: LIMITS, ..Options::default() })
}

/// What holds for every image: no tree is deeper than allowed, and no finding has text from the disc in it.
fn hold(image: &Image) {
    for tree in &image.trees {
        for id in tree.ids().take(200) {
            assert!(tree.depth(id) <= LIMITS.depth + 1, "deeper than the limit");
            assert!(tree.path(id).len() <= 2 * LIMITS.path_bytes, "longer than the limit");
        }
    }
    for finding in &image.findings {
        assert!(!finding.text.contains(char::is_control), "{finding:?}");
    }
}

/// The trees of an ISO 9660 volume, one by one.
pub fn iso(bytes: &[u8]) {
    let (which, image) = bytes.split_first().unwrap_or((&0, &[]));
    let kinds = [TreeKind::Iso9660, TreeKind::RockRidge, TreeKind::Joliet, TreeKind::Enhanced, TreeKind::HighSierra];
    let kind = kinds.get(usize::from(*which) % kinds.len()).copied();
    hold(&read(image, Scope::Names, kind));
}

/// The tree of a UDF volume.
pub fn udf(bytes: &[u8]) {
    hold(&read(bytes, Scope::Names, Some(TreeKind::Udf)));
}

/// All that can be said of an image, twice the same, and whose each sector is.
pub fn judged(bytes: &[u8]) {
    let image = read(bytes, Scope::Judge, None);
    hold(&image);
    let again = read(bytes, Scope::Judge, None);
    assert_eq!(image.findings, again.findings);
    assert_eq!((&image.claims, &image.sessions), (&again.claims, &again.sessions));
    let sectors = SectorCount::whole_in(image.length).unwrap_or(SectorCount(u32::MAX)).0;
    let all = SectorRange::new(Lba(0), Lba(sectors.min(4096)));
    if sectors > 0 {
        let damages = Owners::of(&image).of_sectors(&[all]);
        let _ = format!("{damages:?}");
    }
}

/// Sums that an image carries within itself, while its first sectors pass in pieces of any length.
pub fn sums(bytes: &[u8]) {
    let (piece, image) = bytes.split_first().unwrap_or((&0, &[]));
    let mut source = Sparse::read(image, READS);
    let sectors = source.sector_count().0.min(600);
    let found = |source: &mut Sparse<'_>, piece: u32| {
        let mut sums = Sums::default();
        for range in SectorRange::first(SectorCount(sectors)).pieces(SectorCount(piece)) {
            let mut buffer = vec![0; range.count().0 as usize * SECTOR_BYTES];
            match source.read_sectors(range.start(), &mut buffer) {
                Ok(()) => sums.take(range.start(), &buffer),
                Err(_) => sums.gap(range),
            }
        }
        sums.finish()
    };
    for sum in found(&mut source, u32::from(*piece) % 64 + 1) {
        assert!(sum.finding().is_none_or(|finding| !finding.text.contains(char::is_control)), "{sum:?}");
    }
    assert!(Sums::announced(&mut source, Lba(u32::from(*piece))).len() <= 2, "more than there are kinds");
}

/// A scan over an image that begins with these bytes at sector 0.
fn scan_of(bytes: &[u8], use_it: impl FnOnce(&mut Scan<'_>)) {
    let mut image = bytes.to_vec();
    image.resize(bytes.len().next_multiple_of(2048).max(2048), 0);
    let mut source = image.as_slice();
    let length = image.len() as u64;
    let never = || false;
    use_it(&mut Scan::new(Reader::new(&mut source, length, &LIMITS), Scope::Judge, LIMITS, &never));
}

/// A System Use area, whose continuations are in the same bytes.
pub fn system_use(bytes: &[u8]) {
    let (length, image) = bytes.split_first().unwrap_or((&0, &[]));
    let area = image.get(..usize::from(*length).min(image.len())).unwrap_or_default();
    scan_of(image, |scan| {
        let announced = Susp::announced(scan, area, 0, 2048);
        let susp = announced.unwrap_or(Susp { skip: 0, is_rock_ridge: true, block_bytes: 2048, md5_array: None });
        let attributes = susp.read(scan, area, 0, &Vec::new);
        let most = LIMITS.susp_bytes + LIMITS.symlink_bytes;
        assert!(attributes.name.is_none_or(|name| name.len() <= most), "a name without end");
        assert!(attributes.target.is_none_or(|target| target.len() <= 2 * most), "a target without end");
    });
}

/// A boot catalogue, and what it leads to.
pub fn boot(bytes: &[u8]) {
    scan_of(bytes, |scan| {
        let record = BootRecord { system: [b' '; 32], identifier: [0; 32], catalogue: 1 };
        let found = el_torito::read(scan, &record, 17 * 2048, Lba(0));
        assert!(found.is_none_or(|boot| boot.entries.len() <= 10_000), "entries without end");
    });
}

/// What stands beside the filesystems of discs: partition tables, and what a Macintosh sees. The first byte says in which
/// sector the disc's own filesystem ends, if it has any.
pub fn hybrid(bytes: &[u8]) {
    let (end, image) = bytes.split_first().unwrap_or((&0, &[]));
    let mut source = Sparse::read(image, READS);
    let length = source.sector_count().bytes();
    let of = |scope: Scope, source: &mut Sparse<'_>| {
        let never = || false;
        let mut scan = Scan::new(Reader::new(source, length, &LIMITS), scope, LIMITS, &never);
        if *end > 0 {
            scan.claims.push((SizeSource::Iso9660, u64::from(*end) * SECTOR_BYTES as u64));
        }
        let found = hybrid::read(&mut scan);
        let findings = std::mem::take(&mut scan.findings).into_sorted();
        (found, findings)
    };
    let (listed, _) = of(Scope::Names, &mut source);
    let (judged, findings) = of(Scope::Judge, &mut source);
    assert_eq!(listed.tables, judged.tables);
    for finding in &findings {
        assert!(!finding.text.contains(char::is_control), "{finding:?}");
    }
    assert!(judged.tables.len() <= 3 && judged.volumes.len() <= 20, "more than there is room for");
    let partitions = judged.tables.iter().map(|table| table.partitions.len()).sum::<usize>();
    assert!(partitions <= 10_000, "{partitions} partitions");
}

/// A file that is compressed block by block.
pub fn unpacked(bytes: &[u8]) {
    let mut head = Bytes(bytes);
    let (version, block_log2, size) = (head.u8() % 2 + 1, head.u8(), u64::from(head.u32()));
    let stored = head.0;
    let header = if version == 1 { 16 } else { 24 };
    let zisofs = Zisofs { version, header, block_log2: 15 + block_log2 % 6, stored: stored.len() as u64 };
    let mut read = |at: u64, buffer: &mut [u8]| -> Result<(), ()> {
        let start = usize::try_from(at).map_err(|_| ())?;
        let end = start.checked_add(buffer.len()).ok_or(())?;
        buffer.copy_from_slice(stored.get(start..end).ok_or(())?);
        Ok(())
    };
    let mut unpacker = Unpacker::new(zisofs, size);
    let _ = unpacker.check_header(&mut read);
    let mut out = Vec::new();
    for number in 0..unpacker.blocks().min(8) {
        let whole = unpacker.block(number, &mut out, &mut read).is_ok();
        assert!(out.len() as u64 <= unpacker.block_bytes(), "more than a block");
        assert!(!whole || !out.is_empty(), "a block of nothing");
    }
}
