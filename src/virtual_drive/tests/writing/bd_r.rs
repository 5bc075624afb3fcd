//! This module knows what is true of BD-R in each of its states, byte by byte.

use super::*;
use crate::mmc::Profile;
use crate::mmc::feature::code;

const BLANK: &str = "medium = \"bd-r\"\nstate = \"blank\"";
const FORMAT_CAPACITIES: [u8; 10] = [0x23, 0, 0, 0, 0, 0, 0, 0, 252, 0];
const SPARE_AREA: [u8; 12] = [0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 16, 0, 0];

fn format(bench: &mut Bench, blocks: u32, type_and_sub_type: u8) -> String {
    let [b0, b1, b2, b3] = blocks.to_be_bytes();
    let said = bench.out(&[0x04, 0x11, 0, 0, 0, 0], &[0, 2, 0, 8, b0, b1, b2, b3, type_and_sub_type, 0, 0, 0]);
    if said.is_empty() {
        bench.was_busy_with("02h/04h/04h");
    }
    said
}

#[test]
fn blank_it_tells_its_capacity_its_maker_and_its_formats() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.disc_information(), "000101010100 00000000 00BA7400");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 12219392 12219392");
    assert_eq!(bench.capacity(), 0);
    let information = bench.hex(&[0xAD, 1, 0, 0, 0, 0, 0, 0, 0, 116, 0, 0]);
    assert_eq!(&information[8..12], "4449");
    assert_eq!(&information[24..30], "424452", "BDR");
    assert_eq!(&information[208..226], "564552424154494D65", "VERBATIMe");
    assert_eq!(
        bench.hex(&FORMAT_CAPACITIES),
        "00000028".to_owned()
            + "00BA740001000800"
            + "00B4740000003000"
            + "00B47400C8000000"
            + "00587400C8000000"
            + "00B87400C8000000"
    );
    assert_eq!(bench.hex(&SPARE_AREA), "05h/30h/10h");
    let configuration = bench.configuration();
    assert_eq!(configuration.profile, Profile::BdRSequential);
    for (code, holds) in [
        (code::INCREMENTAL_STREAMING, true),
        (code::FORMATTABLE, true),
        (code::BD_WRITE, true),
        (code::DEFECT_MANAGEMENT, false),
        (code::BD_R_PSEUDO_OVERWRITE, false),
        (code::RANDOM_WRITABLE, false),
    ] {
        assert_eq!(configuration.feature(code).is_some(), holds, "{code:04x}");
    }
}

#[test]
fn unformatted_it_is_written_session_by_session_and_finalized() {
    let mut bench = bench(BLANK);
    assert_eq!(bench.write(0, 48), "");
    assert_eq!(bench.disc_information(), "050101010100 00000000 00BA7400");
    assert_eq!(bench.track_information(1), "0101 042103 0 48 12219344 12219392");
    bench.synchronize();
    assert_eq!(bench.track_information(1), "0101 042103 0 64 12219328 12219392");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.track_information(1), "0101 042102 0 0 0 64");
    assert_eq!(bench.close(2, 0), "");
    assert_eq!(bench.disc_information(), "010102020200 00000040 00BA7400");
    assert_eq!(bench.track_information(2), "0202 046101 64 64 12219328 12219328");
    assert_eq!(bench.capacity(), 63);
    assert_eq!(&bench.hex(&FORMAT_CAPACITIES)[..24], "0000001000BA740002000800");
    assert_eq!(bench.configuration().feature(code::FORMATTABLE).map(|f| f.code), None, "it is too late");
    assert_eq!(format(&mut bench, 11_826_176, 0xC9), "05h/30h/06h");
    assert_eq!(bench.write(64, 32), "");
    assert_eq!(bench.close(6, 0), "");
    assert_eq!(bench.disc_information(), "0E0102020200 FFFFFFFF FFFFFFFF");
    assert_eq!(bench.write(96, 32), "07h/27h/00h");
    bench.reads_the_truth(0, 48);
    bench.reads_the_truth(64, 32);
    for function in [0, 3, 4, 5, 7] {
        assert_eq!(bench.close(function, 0), "05h/24h/00h", "{function}");
    }
}

#[test]
fn formatted_it_keeps_some_of_itself_to_replace_others() {
    let mut bench = bench(BLANK);
    for (what, blocks, kind, said) in [
        ("random recording", 11_826_176, 0xCA, "05h/26h/00h"),
        ("less than the least", 12_219_360, 0xC9, "05h/26h/00h"),
        ("more than the most", 5_796_832, 0xC9, "05h/26h/00h"),
        ("a part of a cluster", 11_826_177, 0xC9, "05h/26h/00h"),
        ("a BD-RE", 11_826_176, 0xC0, "05h/26h/00h"),
        ("the least", 12_088_320, 0xC9, ""),
        ("once more", 12_088_320, 0xC9, "05h/30h/06h"),
    ] {
        assert_eq!(format(&mut bench, blocks, kind), said, "{what}");
    }
    assert_eq!(bench.disc_information(), "010101010100 00000000 00B87400", "something is on it, and nothing in it");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 12088320 12088320");
    assert_eq!(bench.capacity(), 0);
    assert_eq!(bench.hex(&SPARE_AREA), "000E0000000000000002000000020000");
    assert_eq!(&bench.hex(&FORMAT_CAPACITIES)[..24], "0000001000B8740002000800");
    let configuration = bench.configuration();
    assert!(configuration.feature(code::DEFECT_MANAGEMENT).is_some());
    assert!(configuration.feature(code::BD_R_PSEUDO_OVERWRITE).is_none());
    assert_eq!(bench.write(0, 32), "");
    assert_eq!(bench.write(0, 32), "05h/21h/02h", "not over what is there");
    assert_eq!(bench.hex(&[0x51, 2, 0, 0, 0, 0, 0, 0, 16, 0]), "05h/24h/00h");
}

#[test]
fn with_pseudo_overwrite_it_is_written_over_as_often_as_there_is_something_to_spare() {
    let mut bench = bench(&format!("{BLANK}\ncapacity = 256"));
    assert_eq!(format(&mut bench, 192, 0xC8), "");
    assert_eq!(bench.track_information(1), "0101 046101 0 0 192 192");
    let configuration = bench.configuration();
    assert!(configuration.feature(code::BD_R_PSEUDO_OVERWRITE).is_some());
    assert!(configuration.feature(code::RANDOM_WRITABLE).is_some());
    assert_eq!(bench.hex(&[0x51, 2, 0, 0, 0, 0, 0, 0, 16, 0]), "000E4000000000020000000200000002");
    assert_eq!(bench.write(0, 64), "");
    assert_eq!(bench.close(1, 1), "");
    assert_eq!(bench.capacity(), 63, "a session need not be closed");
    let zeros = vec![0; 16 * SECTOR_BYTES];
    assert_eq!(bench.out(&[0x2A, 0, 0, 0, 0, 16, 0, 0, 16, 0], &zeros), "");
    assert_eq!(bench.read(16, 16).unwrap(), zeros);
    assert_eq!(bench.hex(&SPARE_AREA), "000E0000000000000000002000000040");
    assert_eq!(bench.write(32, 64), "05h/21h/02h", "partly over, and partly not");
    assert_eq!(bench.write(0, 64), "03h/32h/00h", "two clusters, and there is one");
    assert_eq!(bench.write(16, 16), "");
    assert_eq!(bench.write(16, 16), "03h/32h/00h");
    bench.reads_the_truth(0, 64);
    assert_eq!(bench.write(64, 32), "", "new sectors still are");
}

#[test]
fn discs_of_more_layers_have_more_of_everything() {
    for (capacity, usual, units) in
        [(24_438_784, 23_652_352, 2), (48_878_592, 47_305_728, 3), (62_500_864, 60_534_784, 4)]
    {
        let mut bench = bench(&format!("{BLANK}\ncapacity = {capacity}\nmedia_id = \"VERBAT-IMk\""));
        let free = bench.track_information(1);
        assert_eq!(free, format!("0101 046101 0 0 {capacity} {capacity}"));
        let capacities: FormatCapacities = bench.ask(&ReadFormatCapacities { allocation: 252 });
        assert_eq!(capacities.offers[0].blocks, SectorCount(usual));
        let structure: BdDiscInformation = bench.ask(&ReadDiscStructure {
            media: MediaClass::Bd,
            address: 0,
            layer: 0,
            format: 0,
            allocation: 4100,
            agid: 0,
        });
        assert_eq!(structure.units.len(), units);
        assert_eq!(format(&mut bench, 0, 0x01), "");
        assert_eq!(bench.track_information(1), format!("0101 046101 0 0 {usual} {usual}"));
    }
}
