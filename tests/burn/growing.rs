//! Images that are made for a place behind what is on the disc.

use discwright::burn::plan::Complaint;
use discwright::burn::upkeep::{Upkeep, keep_up};
use discwright::burn::{Afterwards, BurnError, Options, Remains, Source, Verdict, Wishes};
use discwright::drive::NextSession;
use discwright::sector::{Lba, SECTOR_BYTES, SectorCount};

use crate::bench::{Bench, any_bytes, file, refuse, stream};

const DISCS: [&str; 4] = ["dvd+rw", "dvd-ram", "bd-re", "dvd-rw"];

/// Where path tables, root directory and file of an image are, counted from its beginning.
const TABLES: u32 = 19;
const ROOT: u32 = 23;
const FILE: u32 = 24;

fn both(value: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&value.to_le_bytes());
    bytes[4..].copy_from_slice(&value.to_be_bytes());
    bytes
}

fn record(name: &[u8], extent: u32, length: u32, flags: u8) -> Vec<u8> {
    let size = (33 + name.len() + 1) & !1;
    let mut record = vec![0; size];
    record[0] = u8::try_from(size).unwrap();
    record[2..10].copy_from_slice(&both(extent));
    record[10..18].copy_from_slice(&both(length));
    record[18..25].copy_from_slice(&[126, 11, 25, 0, 0, 0, 0]);
    (record[25], record[28], record[31]) = (flags, 1, 1);
    record[32] = u8::try_from(name.len()).unwrap();
    record[33..33 + name.len()].copy_from_slice(name);
    record
}

/// A file on the disc.
type Named = (&'static str, u32, Vec<u8>);

/// A session that begins at `start`, with a new file, and those of before.
fn session(start: u32, name: &'static str, content: &[u8], before: &[Named], supplementary: usize) -> Vec<u8> {
    let sectors = FILE as usize + content.len().div_ceil(SECTOR_BYTES);
    let mut image = vec![0; sectors * SECTOR_BYTES];
    // Behind the terminator.
    let tables = TABLES + u32::from(supplementary > 1);
    let at = |sector: u32| sector as usize * SECTOR_BYTES;
    let root = record(&[0], start + ROOT, 2048, 2);
    for descriptor in 0..=supplementary {
        let pvd = &mut image[at(16 + u32::try_from(descriptor).unwrap())..][..SECTOR_BYTES];
        pvd[0] = if descriptor == 0 { 1 } else { 2 };
        pvd[1..7].copy_from_slice(b"CD001\x01");
        pvd[8..72].fill(b' ');
        pvd[80..88].copy_from_slice(&both(start + u32::try_from(sectors).unwrap()));
        for field in [120, 124] {
            pvd[field..field + 4].copy_from_slice(&[1, 0, 0, 1]);
        }
        pvd[128..132].copy_from_slice(&[0, 8, 8, 0]);
        pvd[132..140].copy_from_slice(&both(10));
        pvd[140..144].copy_from_slice(&(start + tables).to_le_bytes());
        pvd[148..152].copy_from_slice(&(start + tables + 2).to_be_bytes());
        pvd[156..156 + root.len()].copy_from_slice(&root);
        pvd[190..813].fill(b' ');
        pvd[881] = 1;
    }
    let end = at(17 + u32::try_from(supplementary).unwrap());
    image[end..end + 7].copy_from_slice(b"\xFFCD001\x01");
    for (table, extent) in [(tables, (start + ROOT).to_le_bytes()), (tables + 2, (start + ROOT).to_be_bytes())] {
        let parent = if table == tables { [1, 0] } else { [0, 1] };
        let entry = [&[1, 0][..], &extent, &parent, &[0, 0]].concat();
        image[at(table)..at(table) + 10].copy_from_slice(&entry);
    }
    let mut files: Vec<Named> = before.to_vec();
    files.push((name, start + FILE, content.to_vec()));
    files.sort();
    let mut directory = [root, record(&[1], start + ROOT, 2048, 2)].concat();
    for (name, extent, content) in &files {
        directory.extend(record(name.as_bytes(), *extent, u32::try_from(content.len()).unwrap(), 0));
    }
    image[at(ROOT)..at(ROOT) + directory.len()].copy_from_slice(&directory);
    image[at(FILE)..at(FILE) + content.len()].copy_from_slice(content);
    image
}

fn append() -> Options {
    Options { wishes: Wishes { append: true, ..Wishes::default() }, ..Options::default() }
}

fn keep_open() -> Options {
    Options { wishes: Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() }, ..Options::default() }
}

fn bench_with(medium: &str) -> Bench {
    let mut bench = Bench::with(&format!("medium = \"{medium}\""));
    if medium == "dvd-rw" {
        let (clock, stop, mut events) = (bench.clock.clone(), false.into(), Vec::new());
        let format = Upkeep::Format { whole: false, defect_management: None };
        keep_up(&mut bench.drive, &clock, format, &stop, &mut events, &mut |_| true).unwrap();
    }
    bench
}

/// Every file that the root directory on the disc names, as the descriptors at sector 16 lead to it.
fn files(bench: &mut Bench) -> Vec<(String, Vec<u8>)> {
    let le = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let descriptor = bench.read(16, 1);
    let directory = bench.read(le(&descriptor, 158), 1);
    let (mut at, mut found) = (0, Vec::new());
    while directory[at] > 0 {
        let record = &directory[at..at + usize::from(directory[at])];
        let name = record[33..33 + usize::from(record[32])].to_vec();
        let length = le(record, 10) as usize;
        if record[25] == 0 {
            let mut content = bench.read(le(record, 2), length.div_ceil(SECTOR_BYTES));
            content.truncate(length);
            found.push((String::from_utf8(name).unwrap(), content));
        }
        at += record.len();
    }
    found
}

fn complaint(burnt: &crate::bench::Burnt) -> Complaint {
    match &burnt.failure().error {
        BurnError::Refused(refusal) => refusal.complaint.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_disc_without_sessions_grows_and_shows_the_files_of_all_images() {
    for medium in DISCS {
        for from_a_stream in [false, true] {
            let mut bench = bench_with(medium);
            let source = |image: &[u8]| -> Source { if from_a_stream { stream(image) } else { file(image) } };
            let contents = [any_bytes(300_000), any_bytes(70_001), any_bytes(2048 * 50)];
            let names = ["ONE.BIN;1", "THREE.BIN;1", "TWO.BIN;1"];
            let first = session(0, names[0], &contents[0], &[], 0);
            bench.burn(file(&first), &Options::default()).report();
            let mut before = vec![(names[0], FILE, contents[0].clone())];
            let mut start = (first.len() / SECTOR_BYTES).next_multiple_of(32);
            for (name, content) in names.iter().zip(&contents).skip(1) {
                let at = u32::try_from(start).unwrap();
                let image = session(at, name, content, &before, 0);
                let burnt = bench.burn(source(&image), &append());
                let plan = burnt.plan.as_ref().unwrap_or_else(|| panic!("{medium}: {}", burnt.failure()));
                assert_eq!((plan.start, plan.grows, plan.overwrites), (Lba(at), true, false), "{medium}");
                assert_eq!(burnt.report().verdict, Verdict::Same, "{medium}");
                assert_eq!(bench.read(at, image.len() / SECTOR_BYTES), image, "{medium}");
                before.push((name, at + FILE, content.clone()));
                start = (start + image.len() / SECTOR_BYTES).next_multiple_of(32);
            }
            let expected: Vec<_> = names.iter().map(|name| (*name).to_owned()).zip(contents).collect();
            assert_eq!(files(&mut bench), expected, "{medium}");
            let place = bench.drive.examine().unwrap().next_behind(Some(SectorCount(u32::try_from(start).unwrap())));
            assert_eq!(place.unwrap().next.0 as usize, start);
        }
    }
}

#[test]
fn an_image_that_was_made_for_another_place_is_refused() {
    let first = session(0, "A.BIN;1", &any_bytes(300_000), &[], 0);
    let next = u32::try_from((first.len() / SECTOR_BYTES).next_multiple_of(32)).unwrap();
    for medium in DISCS {
        let mut bench = bench_with(medium);
        bench.burn(file(&first), &Options::default()).report();
        for made_for in [0, next + 32, next - 1] {
            let burnt = bench.burn(file(&session(made_for, "B.BIN;1", &any_bytes(5000), &[], 0)), &append());
            let place = NextSession { last: Lba(0), next: Lba(next) };
            let made = Some(Lba(made_for));
            assert_eq!(complaint(&burnt), Complaint::MadeForElsewhere { place, made }, "{medium}");
            assert_eq!(bench.changes(), Vec::<String>::new());
        }
        // Forgotten --append: what is there is not lost for something that nobody could read.
        let burnt = bench.burn(file(&session(next, "B.BIN;1", &any_bytes(5000), &[], 0)), &Options::default());
        let (place, made) = (NextSession { last: Lba(0), next: Lba(0) }, Some(Lba(next)));
        assert_eq!(complaint(&burnt), Complaint::MadeForElsewhere { place, made }, "{medium}");
        assert_eq!(bench.changes(), Vec::<String>::new());
    }
    for medium in ["cd-r", "dvd-r", "dvd+r", "bd-r"] {
        let mut bench = bench_with(medium);
        bench.burn(file(&first), &keep_open()).report();
        let place = bench.drive.examine().unwrap().next_session.unwrap_or_else(|| panic!("{medium}"));
        assert_eq!(place.last, Lba(0));
        let wrong = session(0, "B.BIN;1", &any_bytes(5000), &[], 0);
        for source in [file(&wrong), stream(&wrong)] {
            let burnt = bench.burn(source, &append());
            assert_eq!(complaint(&burnt), Complaint::MadeForElsewhere { place, made: Some(Lba(0)) }, "{medium}");
        }
        let right = session(place.next.0, "B.BIN;1", &any_bytes(5000), &[], 0);
        let burnt = bench.burn(file(&right), &append());
        assert_eq!(burnt.report().verdict, Verdict::Same, "{medium}");
        assert_eq!((burnt.plan.unwrap().start, bench.drive.examine().unwrap().next_session), (place.next, None));
        assert_eq!(bench.read(place.next.0, right.len() / SECTOR_BYTES), right, "{medium}");
    }
}

#[test]
fn what_no_disc_without_sessions_grows_by_is_refused() {
    let mut bench = bench_with("dvd+rw");
    let first = session(0, "A.BIN;1", &any_bytes(300_000), &[], 0);
    let next = u32::try_from((first.len() / SECTOR_BYTES).next_multiple_of(32)).unwrap();
    bench.burn(file(&first), &Options::default()).report();
    let burnt = bench.burn(file(&any_bytes(100_000)), &append());
    assert_eq!(complaint(&burnt), Complaint::GrowsByIsoAlone);
    // The first path table is at sector 19: there is room for one descriptor more.
    let with = |supplementary| session(next, "B.BIN;1", &any_bytes(5000), &[], supplementary);
    let burnt = bench.burn(file(&with(2)), &append());
    let (image, room) = (SectorCount(4), SectorCount(2));
    assert_eq!(complaint(&burnt), Complaint::TooManyDescriptors { image, room });
    assert_eq!(bench.burn(file(&with(1)), &append()).report().verdict, Verdict::Same);
}

#[test]
fn what_was_there_is_there_as_before_where_appending_was_cut_off() {
    for medium in DISCS {
        let mut bench = bench_with(medium);
        let content = any_bytes(300_000);
        let first = session(0, "A.BIN;1", &content, &[], 0);
        let next = u32::try_from((first.len() / SECTOR_BYTES).next_multiple_of(32)).unwrap();
        bench.burn(file(&first), &Options::default()).report();
        let second = session(next, "B.BIN;1", &any_bytes(300_000), &[("A.BIN;1", FILE, content.clone())], 0);
        let mut left = 2;
        bench.meddle(move |cdb| {
            let is_write = matches!(cdb.opcode(), 0x2A | 0xAA);
            left -= i32::from(is_write);
            (is_write && left < 0).then(|| refuse(3, 0x0C, 0))
        });
        let burnt = bench.burn(file(&second), &append());
        assert_eq!(burnt.failure().report.as_ref().unwrap().remains, Some(Remains::AsBefore), "{medium}");
        bench.leave_alone();
        bench.disc_state();
        assert_eq!(files(&mut bench), [("A.BIN;1".to_owned(), content.clone())], "{medium}");
        let burnt = bench.burn(file(&second), &append());
        assert_eq!(burnt.report().verdict, Verdict::Same, "{medium}");
        assert_eq!(files(&mut bench).len(), 2, "{medium}");
    }
}

#[test]
fn descriptors_that_did_not_get_to_the_disc_are_found_out() {
    let mut bench = bench_with("dvd+rw");
    let first = session(0, "A.BIN;1", &any_bytes(300_000), &[], 0);
    let next = u32::try_from((first.len() / SECTOR_BYTES).next_multiple_of(32)).unwrap();
    bench.burn(file(&first), &Options::default()).report();
    let at_16 = |cdb: &discwright::scsi::Cdb| cdb.opcode() == 0x2A && cdb.as_bytes()[2..6] == [0, 0, 0, 16];
    bench.meddle(move |cdb| at_16(cdb).then(|| discwright::scsi::Completion::good(16 * SECTOR_BYTES)));
    let burnt = bench.burn(file(&session(next, "B.BIN;1", &any_bytes(5000), &[], 0)), &append());
    assert!(matches!(burnt.failure().error, BurnError::NotShown), "{:?}", burnt.failure());
}
