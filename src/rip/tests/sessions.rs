//! Discs of several sessions: one image of them all, with the files of the last.

use super::bench::*;
use crate::filesystem::iso9660::writer::{Disc, noise};
use crate::filesystem::{Finding, Image, Options as Reading, Severity, TailKind};
use crate::image::{BlockStatus, Memory};
use crate::rip::{Options, Outcome, Output, Status};
use crate::sector::{Lba, SECTOR_BYTES};
use crate::verify::{Options as Verifying, verify_disc};
use discwright::clock::SimulatedClock;
use discwright::drive::Drive;
use discwright::virtual_drive::disc::content::Memory as Content;
use discwright::virtual_drive::disc::{DiscKind, Pressed, Session, Tail, TrackMode, TrackPlan};
use discwright::virtual_drive::fault::Failure;
use discwright::virtual_drive::{Setup, VirtualDrive};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Behind the first session of a CD.
const BETWEEN: u32 = 11_400;
/// At the end of a track that was written by itself.
const RUN_OUT: u32 = 2;

/// A disc, its image as it should be, and where its first session ends and its second one begins.
struct Written {
    disc: Pressed,
    image: Vec<u8>,
    first_end: u32,
    second: u32,
}

/// Two sessions with a filesystem each; run-out is counted as part of the first track, and does not read.
fn two_sessions(run_out: u32) -> Written {
    let mut first = Disc::plain();
    first.file("OLD.BIN", noise(700, 3));
    let first = first.write();
    let second_start = first.sectors + run_out + BETWEEN;
    let mut second = Disc { start: second_start, ..Disc::plain() };
    second.file("OLD.BIN", noise(700, 3));
    second.file("NEW.BIN", noise(3000, 4));
    let second = second.write();
    let mut image = second.bytes.clone();
    image[..first.bytes.len()].copy_from_slice(&first.bytes);
    // What nobody may ask for.
    let mut content = image.clone();
    let between = first.bytes.len()..second_start as usize * SECTOR_BYTES;
    content[between].fill(0xEE);
    let track = |sectors, session| TrackPlan { mode: TrackMode::Mode1, sectors: count(sectors), session };
    let sectors = u32::try_from(second.bytes.len() / SECTOR_BYTES).unwrap() - second_start;
    let plan = [track(first.sectors + run_out, Session::Same), track(sectors, Session::New)];
    let disc = Pressed::with_tracks(DiscKind::CdRom, &plan, Box::new(Content::new(content)), Tail::LeadOut).unwrap();
    Written { disc, image, first_end: first.sectors, second: second_start }
}

fn setup(disc: Pressed, bad: &[(u32, u32)]) -> Setup {
    let mut setup = Setup::with(Some(Box::new(disc)));
    setup.faults = vec![unreadable(bad, Failure::default())];
    setup
}

fn worse_than_info(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.severity > Severity::Info).collect()
}

#[test]
fn all_sessions_are_one_image_with_the_files_of_the_last() {
    for run_out in [0, RUN_OUT] {
        let Written { disc, image, first_end, second } = two_sessions(run_out);
        let storage = Memory::new();
        let ripped = rip_to(&storage, setup(disc, &[(first_end, first_end + run_out)]), &Options::default());
        let report = ripped.report();
        assert_eq!((report.outcome, report.status(), report.missing), (Outcome::Complete, Status::Ok, count(0)));
        assert!(content(&storage, OUTPUT).unwrap() == image);
        assert_eq!(worse_than_info(&report.findings), Vec::<&Finding>::new());
        // The first look at a disc asks where an anchor would be.
        let behind_anchors = first_end + 600;
        let asked = (behind_anchors..second).filter(|&lba| ripped.counters.attempts(Lba(lba)) > 0).count();
        assert_eq!(asked, 0);
        let told = format!("sectors {first_end}..{second} lie between two sessions, where nothing is recorded");
        assert!(ripped.events.iter().any(|event| format!("{event:?}").contains(&told)), "{told}");
        // The image by itself tells the same.
        let read = Image::read(&mut image.as_slice(), image.len() as u64, &Reading::default());
        assert_eq!(read.sessions.iter().map(|session| session.start).collect::<Vec<_>>(), [Lba(0), Lba(second)]);
        assert_eq!(report.judgement.as_ref().unwrap().image.sessions, read.sessions);
        assert!(read.tree(None).unwrap().find(b"NEW.BIN").is_some());
    }
}

#[test]
fn a_stream_and_a_verification_have_the_same_bytes() {
    let expected = two_sessions(0).image;
    let sink = Sink::default();
    let output = Output::Stream(Box::new(sink.clone()));
    let ripped = rip_with(&Memory::new(), setup(two_sessions(0).disc, &[]), output, &Options::default());
    assert_eq!(ripped.report().status(), Status::Ok);
    assert!(*sink.0.lock().unwrap() == expected);
    let clock = SimulatedClock::new();
    let transport = VirtualDrive::new(setup(two_sessions(0).disc, &[]), Arc::new(clock.clone()));
    let mut drive = Drive::new(Box::new(transport), Arc::new(clock.clone()));
    let options = Verifying { algorithms: vec![crate::checksum::Algorithm::Sha256], ..Verifying::default() };
    let (storage, stop) = (Memory::new(), AtomicBool::new(false));
    let report =
        verify_disc(&mut drive, &storage, &options, 1, None, &clock, &stop, &mut Vec::new(), &mut |_| {}).unwrap();
    assert_eq!((report.bad.len(), report.judgement.image.sessions.len()), (0, 2));
    assert_eq!(report.digests.image, ripped_digests(&expected));
    assert_eq!(worse_than_info(&report.findings), Vec::<&Finding>::new());
}

fn ripped_digests(bytes: &[u8]) -> Vec<crate::checksum::Digest> {
    let mut digester = crate::checksum::Digester::new(crate::checksum::Algorithm::Sha256);
    digester.update(bytes);
    vec![digester.finish()]
}

#[test]
fn damage_in_front_of_what_is_not_recorded_is_damage() {
    let Written { disc, image, first_end, .. } = two_sessions(0);
    let storage = Memory::new();
    let bad = [(first_end - 4, first_end - 3)];
    let ripped = rip_to(&storage, setup(disc, &bad), &Options::default());
    assert_eq!((ripped.report().outcome, ripped.report().missing), (Outcome::Damaged, count(1)));
    let map = map_of(&storage);
    assert_eq!(map.ranges(BlockStatus::BadSector).collect::<Vec<_>>(), ranges_of(&bad));
    assert_eq!(content(&storage, "/images/disc.iso.part").unwrap().len(), image.len());
}

#[test]
fn an_earlier_session_is_what_stands_behind_no_end() {
    let Written { image, .. } = two_sessions(0);
    let reading = Reading { scope: crate::filesystem::Scope::Judge, session: Some(1), ..Reading::default() };
    let read = Image::read(&mut image.as_slice(), image.len() as u64, &reading);
    let tail = read.length_verdict.unwrap().tail;
    assert!(tail.iter().any(|part| part.kind == TailKind::Session), "{tail:?}");
}
