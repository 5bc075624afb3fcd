#![allow(clippy::cast_possible_truncation, reason = "patterns of bytes repeat")]

use super::*;
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn digest(algorithm: Algorithm, bytes: &[u8]) -> String {
    let mut digester = Digester::new(algorithm);
    digester.update(bytes);
    digester.finish().to_string()
}

fn counting() -> [u8; SECTOR_BYTES] {
    std::array::from_fn(|i| (7 * i + 3) as u8)
}

/// `(user data, LBA, header, EDC, P begins, Q begins, CRC-32, SHA-1)`; the parities were compared with another encoder.
#[test]
fn two_known_sectors_are_encoded_as_known() {
    let known = [
        (
            [0; SECTOR_BYTES],
            Lba(0),
            "00020001",
            "c513682b",
            "00f700f500000000",
            "0041000000000000",
            "d12ad343",
            "d9ee3c3ce5f425e5adb786706f65f363fd785695",
        ),
        (
            counting(),
            Lba(16),
            "00021601",
            "4cf0861c",
            "296301530d6d074a",
            "daa85533462a66bc",
            "5f0351b9",
            "176edd306c1e79596233747440f83356b2bcb497",
        ),
    ];
    for (user_data, lba, header, edc, p, q, crc32, sha1) in known {
        let sector = raw_sector(lba, &user_data);
        assert_eq!(hex(&sector[12..16]), header);
        assert_eq!(sector[16..2064], user_data);
        assert_eq!(hex(&sector[2064..2068]), edc);
        assert_eq!(hex(&sector[2076..2084]), p);
        assert_eq!(hex(&sector[2248..2256]), q);
        assert_eq!(digest(Algorithm::Crc32, &sector), crc32);
        assert_eq!(digest(Algorithm::Sha1, &sector), sha1);
    }
}

#[test]
fn an_address_is_minute_second_and_frame() {
    assert_eq!(hex(&header(Lba(74 * 60 * 75 - 150))), "74000001");
    assert_eq!(hex(&header(Lba(449_849))), "99597401");
    assert_eq!(header(Lba(u32::MAX))[3], MODE_1);
}

#[test]
fn half_a_sector_has_no_raw_form() {
    let mut raw = RawCd::new(Lba(0), &[Algorithm::Crc32]);
    raw.update(&[0; SECTOR_BYTES + 1]);
    assert_eq!(raw.finish(), None);
    let nothing = RawCd::new(Lba(0), &[Algorithm::Crc32]).finish();
    assert_eq!(nothing, Some(vec![Digest::Crc32([0; 4])]));
}

#[test]
fn the_raw_form_is_a_seventh_longer() {
    assert_eq!(raw_bytes(SectorCount(317_440)), 746_618_880);
}

fn times(mut a: u8, b: u8) -> u8 {
    let mut product = 0;
    for bit in 0..8 {
        if b >> bit & 1 == 1 {
            product ^= a;
        }
        a = a << 1 ^ if a & 0x80 == 0 { 0 } else { 0x1D };
    }
    product
}

/// Both sums of the codeword at these offsets, the first symbol first.
fn syndromes(sector: &[u8], offsets: impl DoubleEndedIterator<Item = usize>) -> (u8, u8) {
    let mut power = 1;
    offsets.rev().fold((0, 0), |(plain, weighted), offset| {
        let sums = (plain ^ sector[offset], weighted ^ times(sector[offset], power));
        power = times(power, 2);
        sums
    })
}

fn any_user_data() -> impl Strategy<Value = [u8; SECTOR_BYTES]> {
    prop::collection::vec(any::<u8>(), SECTOR_BYTES).prop_map(|bytes| bytes.try_into().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_codeword_of_both_parities_adds_up_to_nothing(lba in 0..500_000_u32, user_data in any_user_data()) {
        let sector = raw_sector(Lba(lba), &user_data);
        for plane in 0..2 {
            for k in 0..43 {
                let column = (0..26).map(|r| 12 + 86 * r + 2 * k + plane);
                prop_assert_eq!(syndromes(&sector, column), (0, 0));
            }
            for q in 0..26 {
                let diagonal = (0..43).map(|m| 12 + plane + 2 * ((43 * q + 44 * m) % 1118));
                let parities = [2248 + 2 * q + plane, 2300 + 2 * q + plane];
                prop_assert_eq!(syndromes(&sector, diagonal.collect::<Vec<_>>().into_iter().chain(parities)), (0, 0));
            }
        }
    }

    #[test]
    fn pieces_of_any_length_make_the_same_raw_form(
        start in 0..400_000_u32,
        sectors in prop::collection::vec(any::<u8>(), 0..40),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let image: Vec<u8> = sectors.iter().flat_map(|seed| (0..2048).map(|i| (i as u8).wrapping_mul(*seed))).collect();
        let raw: Vec<u8> = image.as_chunks().0.iter().zip(start..).flat_map(|(s, lba)| raw_sector(Lba(lba), s)).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(image.len() + 1)).chain([0, image.len()]).collect();
        cuts.sort_unstable();
        let mut computed = RawCd::new(Lba(start), &[Algorithm::Sha1, Algorithm::Crc32]);
        cuts.windows(2).for_each(|cut| computed.update(&image[cut[0]..cut[1]]));
        let found: Vec<String> = computed.finish().unwrap().iter().map(Digest::to_string).collect();
        prop_assert_eq!(found, [digest(Algorithm::Sha1, &raw), digest(Algorithm::Crc32, &raw)]);
    }
}
