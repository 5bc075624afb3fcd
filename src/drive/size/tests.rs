use super::super::script::{Outcome, Stage, sense};
use super::super::{Track, TrackMode};
use super::*;
use crate::mmc::Profile;

/// A complete disc of one track, of which these voices are heard.
fn disc(profile: Profile, claims: &[(ClaimSource, u32)]) -> Medium {
    let kind = MediumKind::of_profile(profile);
    let mode = TrackMode::Data;
    Medium {
        profile,
        kind,
        status: DiscStatus::Finalized,
        sessions: 1,
        tracks: vec![Track { number: 1, session: 1, start: Lba(0), sectors: SectorCount(claims[0].1), mode }],
        layers: None,
        layer_break: None,
        book_type: None,
        protection: None,
        free: None,
        next_session: None,
        media_id: None,
        claims: claims.iter().map(|&(source, n)| Claim { source, sectors: SectorCount(n) }).collect(),
        origin: kind.origin(),
    }
}

/// A drive in which sectors before `end` read, but for the `bad` ones.
fn readable_to(end: u32, bad: &'static [u32]) -> Stage {
    Stage::answering(move |cdb, _| {
        let lba = u32::from_be_bytes(cdb.as_bytes()[2..6].try_into().unwrap());
        match cdb.opcode() {
            0x28 if bad.contains(&lba) => sense(3, 0x11, 5),
            0x28 if lba < end => Outcome::Sectors,
            0x28 => sense(5, 0x21, 0),
            _ => sense(5, 0x20, 0),
        }
    })
}

fn untouched() -> Stage {
    Stage::strict(vec![])
}

fn settle(stage: &mut Stage, medium: &Medium, filesystem: Option<u32>) -> SizeVerdict {
    stage.drive.settle_size(medium, filesystem.map(SectorCount)).unwrap()
}

fn size_and_reason(stage: &mut Stage, medium: &Medium, filesystem: Option<u32>) -> (u32, SizeReason) {
    let verdict = settle(stage, medium, filesystem);
    (verdict.sectors.0, verdict.reason)
}

const TOC: ClaimSource = ClaimSource::TableOfContents;
const CAPACITY: ClaimSource = ClaimSource::ReadCapacity;
const STRUCTURE: ClaimSource = ClaimSource::Structure;

#[test]
fn a_blank_disc_has_no_capacity() {
    let medium = Medium { status: DiscStatus::Empty, tracks: vec![], ..disc(Profile::DvdPlusR, &[(CAPACITY, 1)]) };
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (0, SizeReason::Blank));
}

#[test]
fn a_pressed_cd_ends_at_its_lead_out() {
    let medium = disc(Profile::CdRom, &[(TOC, 1000), (CAPACITY, 1000)]);
    let mut stage = readable_to(1000, &[]);
    let verdict = settle(&mut stage, &medium, Some(1000));
    assert_eq!((verdict.sectors.0, verdict.reason), (1000, SizeReason::LeadOut));
    assert_eq!((verdict.run_out, verdict.singly, verdict.missing), (None, None, None));
    assert_eq!(stage.sent(), ["28 00 00 00 03 e6 00 00 01 00", "28 00 00 00 03 e7 00 00 01 00"]);
}

#[test]
fn run_out_that_the_drive_leaves_out_is_not_looked_for() {
    let medium = disc(Profile::CdR, &[(TOC, 1002), (CAPACITY, 1000)]);
    let verdict = settle(&mut untouched(), &medium, Some(1000));
    assert_eq!((verdict.sectors.0, verdict.reason), (1000, SizeReason::RunOutLeftOut));
    assert_eq!(verdict.singly, Some(SectorRange::new(Lba(968), Lba(1000))));
}

#[test]
fn run_out_that_does_not_read_is_no_damage() {
    let medium = disc(Profile::CdR, &[(TOC, 1002), (CAPACITY, 1002)]);
    for filesystem in [Some(1000), Some(850), None] {
        let verdict = settle(&mut readable_to(1000, &[]), &medium, filesystem);
        assert_eq!((verdict.sectors.0, verdict.reason), (1000, SizeReason::RunOutFound));
        assert_eq!(verdict.run_out, Some(SectorRange::new(Lba(1000), Lba(1002))));
        assert!(verdict.claims.contains(&Claim { source: ClaimSource::Trial, sectors: SectorCount(1000) }));
    }
}

#[test]
fn run_out_under_the_profile_of_a_pressed_disc_needs_a_filesystem_that_ends_before() {
    let medium = disc(Profile::CdRom, &[(TOC, 1002), (CAPACITY, 1002)]);
    let settled = |filesystem| size_and_reason(&mut readable_to(1000, &[]), &medium, filesystem);
    assert_eq!(settled(Some(1000)), (1000, SizeReason::RunOutFound));
    assert_eq!(settled(Some(1001)), (1002, SizeReason::TailDamaged));
    assert_eq!(settled(None), (1002, SizeReason::TailDamaged));
}

#[test]
fn run_out_that_reads_is_kept() {
    let medium = disc(Profile::CdR, &[(TOC, 1002), (CAPACITY, 1002)]);
    assert_eq!(size_and_reason(&mut readable_to(1002, &[]), &medium, Some(1000)), (1002, SizeReason::LeadOut));
}

#[test]
fn other_patterns_at_the_end_are_damage() {
    let medium = disc(Profile::CdR, &[(TOC, 1002), (CAPACITY, 1002)]);
    let patterns: [&[u32]; 3] = [&[1001], &[1000], &[999, 1000, 1001]];
    for bad in patterns {
        let settled = size_and_reason(&mut readable_to(1002, bad), &medium, Some(1000));
        assert_eq!(settled, (1002, SizeReason::TailDamaged), "{bad:?}");
    }
    let needed = size_and_reason(&mut readable_to(1000, &[]), &medium, Some(1001));
    assert_eq!(needed, (1002, SizeReason::TailDamaged));
}

#[test]
fn a_cd_without_a_table_of_contents_has_the_capacity_or_its_track() {
    let medium = disc(Profile::CdRom, &[(CAPACITY, 1000)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (1000, SizeReason::Capacity));
    let medium = disc(Profile::CdRom, &[(ClaimSource::Track, 900), (CAPACITY, 1)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (900, SizeReason::Track));
}

#[test]
fn an_open_cd_ends_where_its_track_was_recorded() {
    let medium = Medium {
        status: DiscStatus::Incomplete,
        ..disc(Profile::CdR, &[(ClaimSource::NextWritable, 700), (CAPACITY, 1)])
    };
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (700, SizeReason::NextWritable));
}

#[test]
fn a_dvd_whose_claims_agree_is_not_tried() {
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 2000)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, Some(1990)), (2000, SizeReason::Capacity));
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (2000, SizeReason::Capacity));
}

#[test]
fn where_a_dvds_claims_disagree_the_one_that_ends_the_disc_is_right() {
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 4000)]);
    let settled = |end| size_and_reason(&mut readable_to(end, &[]), &medium, None);
    assert_eq!(settled(2000), (2000, SizeReason::TrialCapacity));
    assert_eq!(settled(4000), (4000, SizeReason::TrialStructure));
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 4000), (STRUCTURE, 2000)]);
    let settled = |end| size_and_reason(&mut readable_to(end, &[]), &medium, None);
    assert_eq!(settled(2000), (2000, SizeReason::TrialStructure));
    assert_eq!(settled(4000), (4000, SizeReason::TrialCapacity));
}

#[test]
fn where_both_claims_read_the_filesystem_decides_and_else_the_smaller() {
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 2016)]);
    let settled = |filesystem| size_and_reason(&mut readable_to(9000, &[]), &medium, filesystem);
    assert_eq!(settled(None), (2000, SizeReason::Smaller));
    assert_eq!(settled(Some(1990)), (2000, SizeReason::Smaller));
    assert_eq!(settled(Some(2010)), (2016, SizeReason::NeededByFilesystem));
}

#[test]
fn where_no_claim_reads_the_size_is_uncertain() {
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 4000)]);
    assert_eq!(size_and_reason(&mut readable_to(1000, &[]), &medium, None), (2000, SizeReason::Uncertain));
}

#[test]
fn a_capacity_that_makes_no_sense_leaves_the_structure() {
    for capacity in [1, u32::MAX - 16_973_820, 5_000_000] {
        let medium = disc(Profile::DvdRom, &[(CAPACITY, capacity), (STRUCTURE, 4000)]);
        assert_eq!(size_and_reason(&mut untouched(), &medium, None), (4000, SizeReason::Structure), "{capacity}");
    }
}

#[test]
fn a_structure_that_makes_no_sense_is_not_heard() {
    let medium = disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 12_582_912)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (2000, SizeReason::Capacity));
    let one_layer = Medium { layers: Some(1), ..disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 3_000_000)]) };
    assert_eq!(size_and_reason(&mut untouched(), &one_layer, None), (2000, SizeReason::Capacity));
}

#[test]
fn a_disc_for_which_no_claim_can_be_true_has_no_size() {
    for profile in [Profile::CdRom, Profile::DvdRom, Profile::BdRom, Profile::BdRSequential, Profile::None] {
        let medium = disc(profile, &[(CAPACITY, 4_000_000_000)]);
        assert!(matches!(untouched().drive.settle_size(&medium, None), Err(DriveError::BadAnswer { .. })));
    }
}

#[test]
fn the_structure_of_a_recordable_dvd_is_a_zone_and_no_size() {
    for profile in [Profile::DvdRSequential, Profile::DvdPlusR, Profile::DvdPlusRDl] {
        let medium = disc(profile, &[(CAPACITY, 2000), (STRUCTURE, 2_295_104)]);
        assert_eq!(size_and_reason(&mut untouched(), &medium, None), (2000, SizeReason::Capacity));
    }
    let told_as_rom =
        Medium { origin: Origin::Recordable, ..disc(Profile::DvdRom, &[(CAPACITY, 2000), (STRUCTURE, 2_295_104)]) };
    assert_eq!(size_and_reason(&mut untouched(), &told_as_rom, None), (2000, SizeReason::Capacity));
}

#[test]
fn an_unclosed_disc_ends_where_its_last_track_does() {
    for profile in [Profile::DvdRSequential, Profile::DvdPlusR, Profile::BdRSequential] {
        let open = |claims| Medium { status: DiscStatus::Incomplete, ..disc(profile, claims) };
        let medium = open(&[(ClaimSource::LastRecorded, 800), (ClaimSource::NextWritable, 816), (CAPACITY, 1)]);
        assert_eq!(size_and_reason(&mut untouched(), &medium, None), (800, SizeReason::LastRecorded));
        let medium = open(&[(ClaimSource::NextWritable, 816), (CAPACITY, 1)]);
        assert_eq!(size_and_reason(&mut untouched(), &medium, None), (816, SizeReason::NextWritable));
        let medium = open(&[(ClaimSource::Track, 830), (CAPACITY, 1)]);
        assert_eq!(size_and_reason(&mut untouched(), &medium, None), (830, SizeReason::Track));
    }
}

#[test]
fn a_bd_r_whose_capacity_is_one_sector_has_the_size_of_its_track() {
    let medium = disc(Profile::BdRSequential, &[(ClaimSource::Track, 9000), (CAPACITY, 1)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (9000, SizeReason::Track));
}

#[test]
fn a_bd_r_whose_capacity_is_the_whole_zone_ends_where_it_was_recorded() {
    let claims = [(ClaimSource::LastRecorded, 9001), (CAPACITY, 12_219_392)];
    let medium = disc(Profile::BdRSequential, &claims);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (9001, SizeReason::LastRecorded));
    let medium = disc(Profile::BdRSequential, &[(ClaimSource::LastRecorded, 9001), (CAPACITY, 9024)]);
    assert_eq!(size_and_reason(&mut untouched(), &medium, None), (9024, SizeReason::Capacity));
}

#[test]
fn a_medium_that_reports_all_it_holds_is_whole_and_the_filesystems_end_is_suggested() {
    for profile in [Profile::DvdPlusRw, Profile::DvdRam, Profile::BdRe, Profile::DvdRwRestrictedOverwrite] {
        let medium = disc(profile, &[(CAPACITY, 2_295_104)]);
        let verdict = settle(&mut untouched(), &medium, Some(5000));
        assert_eq!((verdict.sectors.0, verdict.reason), (2_295_104, SizeReason::WholeMedium));
        assert_eq!(verdict.suggested, Some(SectorCount(5000)));
    }
}

#[test]
fn padding_behind_the_filesystem_is_kept() {
    let medium = disc(Profile::CdRom, &[(TOC, 1150), (CAPACITY, 1150)]);
    let verdict = settle(&mut readable_to(1150, &[]), &medium, Some(1000));
    assert_eq!((verdict.sectors.0, verdict.suggested), (1150, None));
}

#[test]
fn a_filesystem_that_needs_more_is_told_and_nothing_beyond_is_read_without_a_claim() {
    let medium = disc(Profile::BdRom, &[(CAPACITY, 2000)]);
    let verdict = settle(&mut untouched(), &medium, Some(6000));
    assert_eq!((verdict.sectors.0, verdict.missing), (2000, Some(SectorCount(4000))));
    assert_eq!(verdict.reason, SizeReason::Capacity);
}

#[test]
fn where_a_claim_says_that_there_is_more_and_it_reads_the_disc_is_larger() {
    let medium = disc(Profile::BdRom, &[(TOC, 5000), (CAPACITY, 2000)]);
    let verdict = settle(&mut readable_to(9000, &[]), &medium, Some(4000));
    assert_eq!((verdict.sectors.0, verdict.reason, verdict.missing), (4000, SizeReason::ReadOn, None));
    let verdict = settle(&mut readable_to(3456, &[]), &medium, Some(4000));
    assert_eq!((verdict.sectors.0, verdict.missing), (3456, Some(SectorCount(544))));
    let verdict = settle(&mut readable_to(2000, &[]), &medium, Some(4000));
    assert_eq!(
        (verdict.sectors.0, verdict.reason, verdict.missing),
        (2000, SizeReason::Capacity, Some(SectorCount(2000)))
    );
}

#[test]
fn a_filesystem_larger_than_any_disc_is_told_as_a_claim_only() {
    let medium = disc(Profile::CdRom, &[(TOC, 1000), (CAPACITY, 1000)]);
    let verdict = settle(&mut readable_to(1000, &[]), &medium, Some(4_000_000));
    assert_eq!((verdict.sectors.0, verdict.missing), (1000, None));
    assert!(verdict.claims.iter().any(|c| c.source == ClaimSource::Filesystem));
}

#[test]
fn claims_that_were_passed_in_are_told_again_once() {
    let mut medium = disc(Profile::BdRom, &[(CAPACITY, 2000)]);
    medium.add_claim(ClaimSource::Kernel, SectorCount(2000));
    medium.add_claim(ClaimSource::Filesystem, SectorCount(1900));
    let verdict = settle(&mut untouched(), &medium, Some(1900));
    assert_eq!(verdict.claims.len(), 3);
}

#[test]
fn a_drive_that_fails_while_sectors_are_tried_is_no_verdict() {
    let medium = disc(Profile::CdRom, &[(TOC, 1000), (CAPACITY, 1000)]);
    let mut stage = Stage::strict(vec![("28", Outcome::Fault(crate::scsi::TransportError::Gone))]);
    assert!(matches!(stage.drive.settle_size(&medium, None), Err(DriveError::Gone)));
}

#[test]
fn every_verdict_is_bounded_and_every_reason_a_sentence() {
    use proptest::prelude::*;
    let profiles = [
        Profile::CdRom,
        Profile::CdR,
        Profile::DvdRom,
        Profile::DvdPlusR,
        Profile::DvdPlusRw,
        Profile::BdRom,
        Profile::BdRSequential,
    ];
    let sources = [TOC, CAPACITY, STRUCTURE, ClaimSource::Track, ClaimSource::LastRecorded, ClaimSource::NextWritable];
    let strategy = (
        0..profiles.len(),
        proptest::collection::vec((0..sources.len(), any::<u32>()), 1..6),
        any::<Option<u32>>(),
        any::<u32>(),
    );
    proptest!(|((profile, claims, filesystem, end) in strategy)| {
        let claims: Vec<_> = claims.into_iter().map(|(source, n)| (sources[source], n)).collect();
        let mut stage = readable_to(end, &[]);
        if let Ok(verdict) = stage.drive.settle_size(&disc(profiles[profile], &claims), filesystem.map(SectorCount)) {
            prop_assert!(!verdict.reason.to_string().is_empty());
        }
        prop_assert!(stage.sent().len() < 60);
    });
}
