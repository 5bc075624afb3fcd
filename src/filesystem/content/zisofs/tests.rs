use std::io::Write as _;

use super::*;
use proptest::prelude::*;

fn packed(content: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

/// What xorriso and mkzftree make of `content`.
fn stored(content: &[u8], version: u8, block_log2: u8) -> (Vec<u8>, Zisofs) {
    let size = content.len() as u64;
    let (mut header, width) = if version == 1 {
        let size = u32::try_from(size).unwrap().to_le_bytes();
        ([b"\x37\xE4\x53\x96\xC9\xDB\xD6\x07".as_slice(), &size, &[4, block_log2, 0, 0]].concat(), 4)
    } else {
        let magic = b"\xEF\x22\x55\xA1\xBC\x1B\x95\xA0\0\x06\x01";
        ([magic.as_slice(), &[block_log2], &size.to_le_bytes(), &[0; 4]].concat(), 8)
    };
    let zisofs = Zisofs { version, header: u16::try_from(header.len()).unwrap(), block_log2, stored: 0 };
    let blocks: Vec<&[u8]> = content.chunks(1 << block_log2).collect();
    let mut at = header.len() + (blocks.len() + 1) * width;
    let mut data = Vec::new();
    let mut pointer = |at: usize| header.extend(&(at as u64).to_le_bytes()[..width]);
    pointer(at);
    for block in blocks {
        if block.iter().any(|&byte| byte != 0) {
            data.extend(packed(block));
        }
        pointer(at + data.len());
    }
    at += data.len();
    header.extend(data);
    assert_eq!(at, header.len());
    (header, Zisofs { stored: at as u64, ..zisofs })
}

fn reader(bytes: &[u8]) -> impl FnMut(u64, &mut [u8]) -> Result<(), &'static str> {
    |at, buffer| {
        let at = usize::try_from(at).map_err(|_| "far")?;
        let found = at.checked_add(buffer.len()).and_then(|end| bytes.get(at..end)).ok_or("beyond")?;
        buffer.copy_from_slice(found);
        Ok(())
    }
}

fn unpacked(bytes: &[u8], zisofs: Zisofs, size: u64) -> Result<Vec<u8>, UnpackError<&'static str>> {
    let mut unpacker = Unpacker::new(zisofs, size);
    let (mut all, mut block) = (Vec::new(), Vec::new());
    for number in 0..unpacker.blocks() {
        unpacker.block(number, &mut block, &mut reader(bytes))?;
        all.extend(&block);
    }
    Ok(all)
}

/// Text, a block of zeros, text.
fn content() -> Vec<u8> {
    let text = |length| b"all that glitters ".iter().copied().cycle().take(length);
    text(40_000).chain(std::iter::repeat_n(0, 80_000)).chain(text(12_345)).collect()
}

#[test]
fn a_file_of_known_bytes_is_unpacked() {
    // Five times "A", packed by zlib as a stored block, by hand.
    let zlib = b"\x78\x01\x01\x05\0\xFA\xFFAAAAA\x03\xD4\x01\x46";
    let end = u8::try_from(24 + zlib.len()).unwrap();
    let bytes = [b"\x37\xE4\x53\x96\xC9\xDB\xD6\x07\x05\0\0\0\x04\x0F\0\0\x18\0\0\0".as_slice(), &[end, 0, 0, 0], zlib]
        .concat();
    let zisofs = Zisofs { version: 1, header: 16, block_log2: 15, stored: bytes.len() as u64 };
    assert_eq!(unpacked(&bytes, zisofs, 5), Ok(b"AAAAA".to_vec()));
    assert_eq!(Unpacker::new(zisofs, 5).check_header(&mut reader(&bytes)), Ok(()));
    assert_eq!(Unpacker::new(zisofs, 5).check_table(&mut reader(&bytes)), Ok(()));
}

#[test]
fn both_versions_come_back_whole() {
    for (version, block_log2) in [(1, 15), (1, 17), (2, 15), (2, 20)] {
        let (bytes, zisofs) = stored(&content(), version, block_log2);
        let size = content().len() as u64;
        assert_eq!(Unpacker::new(zisofs, size).check_header(&mut reader(&bytes)), Ok(()));
        assert!(unpacked(&bytes, zisofs, size).unwrap() == content());
    }
}

#[test]
fn an_empty_file_has_no_blocks() {
    let (bytes, zisofs) = stored(b"", 1, 15);
    assert_eq!(Unpacker::new(zisofs, 0).blocks(), 0);
    assert_eq!(unpacked(&bytes, zisofs, 0), Ok(Vec::new()));
    assert_eq!(Unpacker::new(zisofs, 0).check_table(&mut reader(&bytes)), Ok(()));
}

#[test]
fn a_header_that_differs_is_told() {
    let (bytes, zisofs) = stored(&content(), 2, 15);
    let size = content().len() as u64;
    let of = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        match Unpacker::new(zisofs, size).check_header(&mut reader(&bytes)) {
            Err(UnpackError::Packed(Fault::Header(fault))) => fault,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(of(3, 0), HeaderFault::Magic { version: 2 });
    assert_eq!(of(9, 5), HeaderFault::Header { found: 20, expected: 24 });
    assert_eq!(of(10, 7), HeaderFault::Method(7));
    assert_eq!(of(11, 16), HeaderFault::Block { found: 16, expected: 15 });
    assert_eq!(of(19, 1), HeaderFault::Size { found: (1 << 56) + size, expected: size });
}

#[test]
fn pointers_that_go_astray_are_told_and_other_blocks_are_had() {
    let (mut bytes, zisofs) = stored(&content(), 1, 15);
    let size = content().len() as u64;
    // The pointer to the second block.
    bytes[20..24].copy_from_slice(&[0xFF; 4]);
    let mut unpacker = Unpacker::new(zisofs, size);
    let mut block = Vec::new();
    let wrong = unpacker.block(0, &mut block, &mut reader(&bytes)).unwrap_err();
    assert!(matches!(wrong, UnpackError::Packed(Fault::Pointers { block: 0, end: 0xFFFF_FFFF, .. })), "{wrong:?}");
    assert!(unpacker.block(1, &mut block, &mut reader(&bytes)).is_err());
    assert_eq!(unpacker.block(3, &mut block, &mut reader(&bytes)), Ok(()));
    assert!(block == content()[3 << 15..4 << 15]);
    assert!(unpacker.check_table(&mut reader(&bytes)).is_err());
    assert!(unpacker.block(99, &mut block, &mut reader(&bytes)).is_err());
}

#[test]
fn a_flipped_byte_of_a_block_is_told() {
    let (mut bytes, zisofs) = stored(&content(), 1, 15);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let wrong = unpacked(&bytes, zisofs, content().len() as u64);
    assert_eq!(wrong, Err(UnpackError::Packed(Fault::Data { block: 4 })));
}

#[test]
fn a_block_that_is_larger_than_a_block_fills_no_memory() {
    let (_, zisofs) = stored(&[b'x'; 1000], 1, 15);
    let bomb = packed(&vec![b'x'; 50 << 20]);
    let start = 16 + 8;
    let end = u32::try_from(start + bomb.len()).unwrap().to_le_bytes();
    let bytes = [&[0; 16], [24, 0, 0, 0].as_slice(), &end, &bomb].concat();
    let zisofs = Zisofs { stored: bytes.len() as u64, ..zisofs };
    let mut block = Vec::new();
    // It is refused for its length, or cut off where a block ends.
    assert!(Unpacker::new(zisofs, 32768).block(0, &mut block, &mut reader(&bytes)).is_err());
    assert!(block.capacity() < 1 << 20);
}

proptest! {
    #[test]
    fn any_bytes_are_unpacked_or_not(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        version in 1..3_u8,
        header: u16,
        size in 0..200_000_u64,
        stored: u64,
    ) {
        let zisofs = Zisofs { version, header, block_log2: 15, stored };
        let _ = unpacked(&bytes, zisofs, size);
        let _ = Unpacker::new(zisofs, size).check_header(&mut reader(&bytes));
        let _ = Unpacker::new(zisofs, size).check_table(&mut reader(&bytes));
    }

    #[test]
    fn any_content_comes_back(content in proptest::collection::vec(any::<u8>(), 0..70_000), version in 1..3_u8) {
        let (bytes, zisofs) = stored(&content, version, 15);
        let found = unpacked(&bytes, zisofs, content.len() as u64);
        prop_assert!(found.as_deref() == Ok(content.as_slice()));
    }
}
