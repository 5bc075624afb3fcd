//! This module knows what is true of DVD+R and DVD-R with two layers, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const PLUS: &str = "medium = \"dvd+r-dl\"\nstate = \"blank\"";
const MINUS: &str = "medium = \"dvd-r-dl\"\nstate = \"blank\"";
const READ_BOUNDARY: [u8; 12] = [0xAD, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0];
const SEND_BOUNDARY: [u8; 12] = [0xBF, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0];

fn boundary(sectors: u32) -> [u8; 12] {
    let [s0, s1, s2, s3] = sectors.to_be_bytes();
    [0, 10, 0, 0, 0, 0, 0, 0, s0, s1, s2, s3]
}

#[test]
fn a_blank_dvd_plus_r_dl_tells_of_two_layers() {
    let mut bench = bench(PLUS);
    assert_eq!(bench.disc_information(), "000101010100 00000000 003FB000");
    assert_eq!(bench.track_information(1), "0101 074101 0 0 4173824 4173824");
    // Book E1h, two layers on an opposite path; 030000h to 22D7FFh on layer 0, and back from DD2800h to FCFFFFh.
    let structure = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0, 0, 36, 0, 0]);
    assert_eq!(&structure[..42], "08020000E10F32100003000000FCFFFF0022D7FF00");
    assert_eq!(bench.hex(&READ_BOUNDARY), "000A000000000000001FD800");
    let list = bench.hex(&[0xAD, 0, 0, 0, 0, 0, 0, 0xFF, 1, 0, 0, 0]);
    assert!(list.contains("20C0000C"), "it reads and takes the boundary: {list}");
    let configuration = bench.configuration();
    assert_eq!(configuration.profile, Profile::DvdPlusRDl);
    assert!(configuration.feature(code::DVD_PLUS_R_DL).is_some());
    assert!(configuration.feature(code::DVD_PLUS_R).is_none());
}

#[test]
fn the_first_layer_ends_where_a_host_says_and_the_second_is_as_long() {
    let mut bench = bench(PLUS);
    for (what, sectors, said) in [
        ("none", 0, "05h/26h/00h"),
        ("a part of an ECC block", 1_000_008, "05h/26h/00h"),
        ("more than there is", 2_086_928, "05h/26h/00h"),
        ("a layer", 1_000_000, ""),
        ("once more", 1_000_000, "05h/2ch/00h"),
    ] {
        assert_eq!(bench.out(&SEND_BOUNDARY, &boundary(sectors)), said, "{what}");
    }
    assert_eq!(bench.hex(&READ_BOUNDARY), "000A0000800000000".to_owned() + "00F4240");
    assert_eq!(bench.track_information(1), "0101 074101 0 0 2000000 2000000");
    assert_eq!(bench.disc_information(), "000101010100 00000000 001E8480");
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.close(4, 0), "", "there is nothing open any more");
    assert_eq!(bench.close(5, 0), "");
    assert_eq!(bench.disc_information(), "0E0101010100 FFFFFFFF FFFFFFFF");
    bench.reads_the_truth(0, 16);
}

#[test]
fn once_something_is_written_the_layers_are_as_they_are() {
    let mut bench = bench(&format!("{PLUS}\ncapacity = 64"));
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(bench.out(&SEND_BOUNDARY, &boundary(16)), "05h/2ch/00h");
    assert_eq!(bench.hex(&READ_BOUNDARY), "000A00008000000000000020");
    assert_eq!(bench.write(16, 32), "", "over the break");
    bench.reads_the_truth(0, 48);
    let mut other = super::bench("medium = \"dvd+r\"\nstate = \"blank\"");
    assert_eq!(other.out(&SEND_BOUNDARY, &boundary(16)), "05h/24h/00h", "it has one layer");
    assert_eq!(other.hex(&READ_BOUNDARY), "05h/24h/00h");
}

#[test]
fn a_dvd_r_dl_has_one_border() {
    let mut bench = bench(MINUS);
    assert_eq!(bench.disc_information(), "000101010100 00000000 003FA7C0");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 4171712 4171712");
    assert_eq!(bench.hex(&READ_BOUNDARY), "000A000000000000001FD3E0");
    assert_eq!(bench.out(&SEND_BOUNDARY, &boundary(1_000_000)), "05h/24h/00h");
    assert_eq!(bench.configuration().profile, Profile::DvdRDlSequential);
    assert_eq!(bench.write_parameters(KEEP_OPEN), "", "and it is not kept open");
    assert_eq!(bench.write(0, 16), "");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "0E0101010100 FFFFFFFF FFFFFFFF");
    let mut bench = super::bench(MINUS);
    assert_eq!(bench.write_parameters(AT_ONCE), "");
    assert_eq!(bench.out(&[0x53, 0, 0, 0, 0, 0, 0, 0, 20, 0], &[]), "");
    assert_eq!(bench.write(0, 20), "");
    bench.synchronize();
    assert_eq!(bench.capacity(), 19);
}
