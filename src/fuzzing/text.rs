//! This module knows what holds for the files that people and other programs write.

use std::io::{self, Cursor};
use std::path::Path;
use std::sync::Arc;

use crate::checksum::{Catalogue, HashList, Reference, Wanted, list_line, visit_catalogue, zipped_catalogues};
use crate::clock::SimulatedClock;
use crate::image::rescue_map::{BlockStatus, RescueMap};
use crate::scsi::trace::{Direction, Trace};
use crate::scsi::wrap::{Player, Recorder};
use crate::virtual_drive::{Scene, SceneError};

/// More than this is played back by no fuzzer in time.
const PLAYED_BYTES: usize = 1 << 20;

/// A trace that was read is written so that it is read as the same, and can be played and recorded.
pub fn trace(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(trace) = Trace::parse(text) else { return };
    let written = trace.to_string();
    let again = Trace::parse(&written).expect("what is written can be read");
    assert_eq!(again.to_string(), written);
    let moved = trace.stanzas.iter().map(|stanza| match stanza.request.direction {
        Direction::None => 0,
        Direction::In(bytes) | Direction::Out(bytes) => bytes,
    });
    if moved.fold(0, usize::saturating_add) <= PLAYED_BYTES {
        let clock = SimulatedClock::new();
        let player = Player::open(text, None).expect("it was read before").at_the_pace_of(Arc::new(clock.clone()));
        let options = player.options();
        trace.replay(&mut Recorder::new(player, Arc::new(clock.clone()), Box::new(io::sink()), options), &clock);
    }
}

/// A map is written so that it is read as the same, and its blocks are all of it.
pub fn rescue_map(bytes: &[u8]) {
    let Ok(map) = RescueMap::parse(bytes) else { return };
    assert_eq!(RescueMap::parse(&map.emit()).as_ref(), Ok(&map));
    let counted = BlockStatus::ALL.into_iter().map(|status| u64::from(map.count(status).0)).sum::<u64>();
    assert_eq!(counted, u64::from(map.sectors().0));
}

/// The first line is the list's name. What has a name is found by it, and is written so that it is read as the same.
pub fn hash_list(bytes: &[u8]) {
    let (name, bytes) = bytes.split_at(bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let name = String::from_utf8_lossy(name);
    let _ = Reference::detect(&name, bytes);
    let Ok(list) = HashList::parse(&name, bytes) else { return };
    for entry in list.entries() {
        let Some(name) = &entry.name else { continue };
        assert!(list.for_name(name).contains(&entry), "{name:?} is not found");
        assert!(list.by_digest(&entry.digest).any(|found| found == entry));
        let line = list_line(&entry.digest, name);
        let again = HashList::parse("list", &line).expect("what is written can be read");
        let said: Vec<_> = again.entries().iter().map(|entry| (&entry.digest, entry.name.as_deref())).collect();
        let written = if name == b"-" { b"./-" } else { name.as_slice() };
        assert_eq!(said, [(&entry.digest, Some(written))]);
    }
}

/// Every entry of a catalogue that can be read is handed out, and those of one size are among them.
pub fn dat(bytes: &[u8]) {
    let mut visited: u64 = 0;
    let seen = visit_catalogue(bytes, &mut |_| visited = visited.saturating_add(1));
    let Ok(all) = Catalogue::parse(bytes, Wanted::All) else { return };
    assert_eq!(seen.ok().as_ref(), Some(&all.header));
    assert_eq!((visited, all.files), (all.files, all.entries.len() as u64));
    let sizes: Vec<u64> = all.entries.iter().filter_map(|entry| entry.size).take(1).collect();
    let some = Catalogue::parse(bytes, Wanted::Sizes(&sizes)).expect("it was read before");
    assert!(some.entries.len() <= all.entries.len() && some.files == all.files && some.titles == all.titles);
}

/// An archive may be anything.
pub fn dat_zip(bytes: &[u8]) {
    if let Ok(catalogues) = zipped_catalogues(Cursor::new(bytes), Wanted::All) {
        assert!(!catalogues.is_empty());
    }
}

/// A disc file is only read: what it names is not looked for. What is wrong with it, is wrong in a line it has.
pub fn disc_file(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let lines = text.bytes().filter(|byte| *byte == b'\n').count().saturating_add(1);
    match Scene::parse(text, Path::new("nowhere")) {
        Ok(_) => {}
        Err(SceneError::Line { line, .. }) => assert!((1..=lines).contains(&line), "line {line} of {lines}"),
        Err(other) => panic!("parsing alone cannot fail so: {other}"),
    }
}
