use std::collections::HashMap;

use super::super::script::{Outcome, Stage, byte_of, sense};
use super::super::{ClaimSource, DiscStatus, Medium, MediumKind, Origin, Protection};
use super::*;

/// A drive that knows the answers to some questions: by the beginning of the command, whatever was asked for.
fn knows(answers: &[(&'static str, Vec<u8>)]) -> Stage {
    let answers: HashMap<_, _> = answers.iter().cloned().collect();
    Stage::answering(move |cdb, _| {
        let text = cdb.to_string();
        match answers.iter().filter(|(question, _)| text.starts_with(**question)).max_by_key(|(q, _)| q.len()) {
            Some((_, answer)) => Outcome::Data(answer.clone()),
            None if cdb.opcode() == 0x28 => Outcome::Sectors,
            None if cdb.opcode() == 0x00 => Outcome::Good,
            None => sense(2, 0x24, 0),
        }
    })
}

fn examined(answers: &[(&'static str, Vec<u8>)]) -> (Stage, Medium) {
    let mut stage = knows(answers);
    let medium = stage.drive.examine().unwrap();
    (stage, medium)
}

fn profile(number: u16) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    vec![0, 0, 0, 4, 0, 0, high, low]
}

fn capacity(sectors: u32) -> Vec<u8> {
    [sectors.wrapping_sub(1).to_be_bytes(), 2048_u32.to_be_bytes()].concat()
}

/// READ DISC INFORMATION with this state, so many sessions and this last track.
fn information(state: u8, sessions: u8, last_track: u8) -> Vec<u8> {
    let mut answer = vec![0; 34];
    answer[1] = 32;
    answer[2..7].copy_from_slice(&[state, 1, sessions, 1, last_track]);
    answer
}

/// DVD format 00h of one layer.
fn physical(book: u8, layer_type: u8, start: u32, end: u32) -> Vec<u8> {
    let mut answer = vec![0; 2052];
    answer[..2].copy_from_slice(&2050_u16.to_be_bytes());
    answer[4] = book << 4;
    answer[6] = layer_type;
    answer[8..12].copy_from_slice(&start.to_be_bytes());
    answer[12..16].copy_from_slice(&end.to_be_bytes());
    answer
}

#[test]
fn what_a_drive_does_not_know_is_absent_and_no_error() {
    let (_, medium) = examined(&[]);
    assert_eq!((medium.kind, medium.claims.len(), medium.tracks.len()), (MediumKind::Unknown, 0, 1));
    assert_eq!(medium.protection, None);
}

#[test]
fn a_drive_from_before_profiles_is_understood_by_size() {
    for (sectors, kind) in
        [(300_000, MediumKind::CdRom), (2_000_000, MediumKind::DvdRom), (9_000_000, MediumKind::BdRom)]
    {
        let (_, medium) = examined(&[("25", capacity(sectors))]);
        assert_eq!(medium.kind, kind);
        assert_eq!(medium.claim(ClaimSource::ReadCapacity), Some(SectorCount(sectors)));
    }
}

#[test]
fn lengths_that_tell_more_than_came_are_not_believed() {
    // Twenty bytes of TOC are told, eighteen come, without the lower half of the lead-out's address.
    let mut toc = vec![0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0x00, 0x23];
    assert_eq!(toc.len(), 18);
    let (_, medium) = examined(&[("46", profile(0x10)), ("25", capacity(2_298_496)), ("43", toc.clone())]);
    assert_eq!(medium.claim(ClaimSource::TableOfContents), None);
    toc.extend([0x12, 0x80]);
    let (_, medium) = examined(&[("46", profile(0x10)), ("25", capacity(2_298_496)), ("43", toc)]);
    assert_eq!(medium.claim(ClaimSource::TableOfContents), Some(SectorCount(2_298_496)));
}

#[test]
fn numbers_of_a_lead_in_that_stand_in_the_wrong_place_are_no_claim() {
    let told = |answer: Vec<u8>| {
        let (_, medium) =
            examined(&[("46", profile(0x10)), ("25", capacity(1000)), ("ad 00 00 00 00 00 00 00", answer)]);
        medium.claim(ClaimSource::Structure)
    };
    let sound = physical(0, 1, 0x03_0000, 0x03_0000 + 999);
    assert_eq!(told(sound.clone()), Some(SectorCount(1000)));
    let mut shifted = sound.clone();
    shifted.remove(12);
    shifted.push(0);
    assert_eq!(told(shifted), None);
    assert_eq!(told(physical(0, 1, 0, 999)), None);
    assert_eq!(told(physical(0, 1, 0x03_0000, 0x02_0000)), None);
}

#[test]
fn a_disc_that_a_person_wrote_is_known_whatever_its_book_type_says() {
    let origin = |book, layer_type| {
        let answer = physical(book, layer_type, 0x03_0000, 0x26_053F);
        let (_, medium) =
            examined(&[("46", profile(0x10)), ("25", capacity(1000)), ("ad 00 00 00 00 00 00 00", answer)]);
        (medium.kind, medium.origin)
    };
    assert_eq!(origin(0, 1), (MediumKind::DvdRom, Origin::Pressed));
    assert_eq!(origin(0, 2), (MediumKind::DvdRom, Origin::Recordable));
    assert_eq!(origin(2, 2), (MediumKind::DvdR, Origin::Recordable));
    assert_eq!(origin(10, 2), (MediumKind::DvdPlusR, Origin::Recordable));
    assert_eq!(origin(9, 4), (MediumKind::DvdPlusRw, Origin::Rewritable));
}

#[test]
fn a_recordable_cd_under_the_profile_of_a_pressed_one_has_an_atip() {
    let mut atip = vec![0; 28];
    atip[1] = 26;
    atip[8..11].copy_from_slice(&[97, 26, 66]);
    let (_, medium) = examined(&[("46", profile(8)), ("25", capacity(1000)), ("43 02 04", atip.clone())]);
    assert_eq!((medium.kind, medium.origin), (MediumKind::CdR, Origin::Recordable));
    assert_eq!(medium.media_id.as_deref(), Some("97m26s66f"));
    atip[6] = 0x40;
    let (_, medium) = examined(&[("46", profile(8)), ("25", capacity(1000)), ("43 02 04", atip)]);
    assert_eq!(medium.kind, MediumKind::CdRw);
}

/// BD format 00h with one unit.
fn disc_information(identifier: &[u8; 3], first: u32, last: u32) -> Vec<u8> {
    let mut unit = vec![0; 112];
    unit[..2].copy_from_slice(b"DI");
    unit[8..11].copy_from_slice(identifier);
    unit[12] = 0x10;
    unit[24..28].copy_from_slice(&first.to_be_bytes());
    unit[28..32].copy_from_slice(&last.to_be_bytes());
    unit[100..109].copy_from_slice(b"VERBATIMe");
    let length = u16::try_from(unit.len() + 2).unwrap().to_be_bytes();
    [length.to_vec(), vec![0, 0], unit].concat()
}

#[test]
fn a_bd_r_under_the_profile_of_a_pressed_disc_is_known_by_its_own_words() {
    let (_, medium) = examined(&[
        ("46", profile(0x40)),
        ("25", capacity(1000)),
        ("ad 01", disc_information(b"BDR", 131_072, 1_658_494)),
    ]);
    assert_eq!((medium.kind, medium.origin, medium.layers), (MediumKind::BdR, Origin::Recordable, Some(1)));
    assert_eq!(medium.media_id.as_deref(), Some("VERBAT-IMe"));
    assert_eq!(medium.claim(ClaimSource::Structure), Some(SectorCount(12_219_392)));
    let (_, medium) =
        examined(&[("46", profile(0x40)), ("25", capacity(1000)), ("ad 01", disc_information(b"BDW", 9, 2))]);
    assert_eq!((medium.kind, medium.claim(ClaimSource::Structure)), (MediumKind::BdRe, None));
}

#[test]
fn aacs_is_told_by_the_list_of_structures_and_without_one_by_the_feature() {
    let list = |format: u8| vec![0, 6, 0, 0, format, 0x40, 0, 0];
    let feature = |current: u8| vec![0, 0, 0, 12, 0, 0, 0, 0x40, 1, 0x0D, current, 4, 0, 0, 1, 1];
    let protection = |identifier, configuration, list: Option<Vec<u8>>| {
        let mut answers = vec![
            ("46", configuration),
            ("25", capacity(1000)),
            ("ad 01 00 00 00 00 00 00", disc_information(identifier, 0, 999)),
        ];
        answers.extend(list.map(|list| ("ad 01 00 00 00 00 00 ff", list)));
        examined(&answers).1.protection
    };
    assert_eq!(protection(b"BDO", feature(0), Some(list(0x82))), Some(Protection::Aacs));
    assert_eq!(protection(b"BDO", feature(1), Some(list(0x03))), None);
    assert_eq!(protection(b"BDO", feature(1), None), Some(Protection::Aacs));
    assert_eq!(protection(b"BDO", feature(0), None), None);
    assert_eq!(protection(b"BDR", feature(1), Some(list(0x82))), None);
}

#[test]
fn the_empty_session_behind_an_appendable_disc_is_not_counted() {
    let track = |number: u8, flags: u8| {
        let mut answer = vec![0; 36];
        answer[1] = 34;
        answer[2..8].copy_from_slice(&[number, number, 0, 4, flags | 1, 0]);
        answer[27] = 200;
        answer
    };
    let (_, medium) = examined(&[
        ("46", profile(0x1B)),
        ("51", information(0x01, 2, 2)),
        ("52 01 00 00 00 01", track(1, 0)),
        ("52 01 00 00 00 02", track(2, 0x40)),
        ("25", capacity(200)),
    ]);
    assert_eq!((medium.sessions, medium.tracks.len(), medium.status), (1, 1, DiscStatus::Incomplete));
    assert_eq!(medium.claim(ClaimSource::Track), Some(SectorCount(200)));
}

#[test]
fn a_blank_disc_makes_no_claims_although_its_capacity_is_one_sector() {
    let (stage, medium) = examined(&[("46", profile(0x1B)), ("51", information(0, 1, 1)), ("25", capacity(1))]);
    assert!(medium.is_blank() && medium.claims.is_empty() && medium.tracks.is_empty());
    assert_eq!(stage.count("28"), 0);
}

#[test]
fn a_first_read_that_was_wrong_is_done_again() {
    let mut reads = 0;
    let mut stage = Stage::answering(move |cdb, _| match cdb.opcode() {
        0x28 => {
            reads += 1;
            if reads == 1 { Outcome::Data(vec![9; 2048]) } else { Outcome::Sectors }
        }
        0x25 => Outcome::Data(capacity(1000)),
        _ => sense(5, 0x20, 0),
    });
    stage.drive.examine().unwrap();
    assert_eq!(stage.drive.recognise().descriptor, Some(digest(&[byte_of(16); 2048])));
    assert_eq!(stage.drive.take_notes(), [Note::FirstReadDiffered]);
    assert_eq!(stage.count("28"), 3);
}

#[test]
fn a_disc_that_is_changed_while_it_is_examined_is_examined_again() {
    let mut told = false;
    let mut stage = Stage::answering(move |cdb, _| match cdb.opcode() {
        0x25 if !std::mem::replace(&mut told, true) => sense(6, 0x28, 0),
        0x25 => Outcome::Data(capacity(1000)),
        0x28 => Outcome::Sectors,
        0x00 => Outcome::Good,
        _ => sense(5, 0x20, 0),
    });
    let medium = stage.drive.examine().unwrap();
    assert_eq!(medium.claim(ClaimSource::ReadCapacity), Some(SectorCount(1000)));
    assert_eq!(stage.count("25"), 3);
    let mut stage = Stage::answering(|cdb, _| match cdb.opcode() {
        0x25 => sense(6, 0x28, 0),
        0x00 => Outcome::Good,
        _ => sense(5, 0x20, 0),
    });
    assert!(matches!(stage.drive.examine(), Err(DriveError::OtherDisc)));
}

#[test]
fn any_answers_at_all_are_no_panic_and_end() {
    use proptest::prelude::*;
    let answers = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..12);
    proptest!(|(answers in answers, kind in 0..7_u16)| {
        let profiles = [8, 9, 0x10, 0x1B, 0x40, 0x41, 0];
        let mut turn = 0;
        let mut stage = Stage::answering(move |cdb, _| {
            turn += 1;
            match cdb.opcode() {
                0x46 => Outcome::Data(profile(profiles[usize::from(kind)])),
                0x00 => Outcome::Good,
                _ => Outcome::Data(answers[turn % answers.len()].clone()),
            }
        });
        if let Ok(medium) = stage.drive.examine() {
            let _ = stage.drive.settle_size(&medium, Some(SectorCount(5)));
        }
        prop_assert!(stage.sent().len() < 400);
    });
}
