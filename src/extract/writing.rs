//! This module knows how files are written on a thread of their own, while the next ones are read.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::thread;

use super::exchange::{Exchange, Gone};
use crate::filesystem::content::LEAST_BUFFER;
use crate::linux::beneath::{Modified, finish_file};
use crate::pipeline::Buffer;

/// So many there are. All of them together fit into a processor's cache, where the other thread finds the bytes.
const BATCHES: usize = 8;
const BATCH_BYTES: usize = 512 << 10;
/// Files of one batch: each is a handle, and a process has not many of them. There can be twice as many as all batches
/// have, those included whose outcome was not asked for yet.
const MOST_FILES: usize = 32;
/// Each piece begins at a page: a drive's data can go there without a copy.
const PAGE_BYTES: usize = 4096;

/// How a file ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// In bytes, where that is more than was written.
    pub length: Option<u64>,
    pub mode: Option<u16>,
    pub modified: Option<Modified>,
}

/// What became of a file that was ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// All of it is in the file, which has no name yet.
    Done(File),
    Failed(io::Error),
    /// The disk was full before.
    NotTried,
}

enum Step {
    Begin(File),
    /// These bytes of the buffer, to that place in the file.
    Bytes {
        from: usize,
        count: usize,
        at: u64,
    },
    End(End),
    /// Nobody wants it any more.
    Abandon,
}

/// Pieces of a few files that lie one behind the other.
struct Batch {
    buffer: Buffer,
    filled: usize,
    files: usize,
    steps: Vec<Step>,
}

/// Where the reading side puts what is to be written.
pub(super) struct Writing<'a> {
    /// That is being filled.
    batch: Batch,
    exchange: &'a Exchange<Batch, Outcome>,
}

/// Does `work`, while another thread writes what it puts.
pub(super) fn writing<R>(work: impl FnOnce(&mut Writing<'_>) -> R) -> R {
    let exchange = Exchange::new((1..BATCHES).map(|_| Batch::new()).collect());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = Writer::default();
            exchange.empty_all(|batch, outcomes| writer.take(batch, outcomes));
        });
        work(&mut Writing { batch: Batch::new(), exchange: &exchange })
    })
}

impl Writing<'_> {
    /// What is put from now on belongs to `file`, which is empty.
    pub(super) fn begin(&mut self, file: File) -> Result<(), Gone> {
        if self.batch.files >= MOST_FILES {
            self.hand_on()?;
        }
        self.batch.files += 1;
        self.batch.steps.push(Step::Begin(file));
        Ok(())
    }

    /// Space for bytes of which there are `wanted` still to come; less where those are many, but never too little for
    /// a piece of content.
    pub(super) fn room(&mut self, wanted: u64) -> Result<&mut [u8], Gone> {
        let needed = usize::try_from(wanted).unwrap_or(usize::MAX).saturating_add(LEAST_BUFFER).min(BATCH_BYTES / 2);
        if self.batch.buffer.len().saturating_sub(self.batch.filled) < needed {
            self.hand_on()?;
        }
        Ok(self.batch.buffer.get_mut(self.batch.filled..).unwrap_or_default())
    }

    /// The first `count` bytes of the room belong at byte `at` of the file.
    pub(super) fn put(&mut self, count: usize, at: u64) {
        self.batch.steps.push(Step::Bytes { from: self.batch.filled, count, at });
        let end = self.batch.filled.saturating_add(count).next_multiple_of(PAGE_BYTES);
        self.batch.filled = end.min(self.batch.buffer.len());
    }

    /// That is all of the file. An outcome will follow.
    pub(super) fn end(&mut self, end: End) {
        self.batch.steps.push(Step::End(end));
    }

    /// No more will come of the file, and no outcome.
    pub(super) fn abandon(&mut self) {
        self.batch.steps.push(Step::Abandon);
    }

    /// What has become known since this was asked last, in the order in which files were ended.
    pub(super) fn outcomes(&mut self) -> Vec<Outcome> {
        self.exchange.results()
    }

    /// Waits until all is written that was put.
    pub(super) fn settle(&mut self) -> Result<(), Gone> {
        self.hand_on()?;
        self.exchange.settle()
    }

    fn hand_on(&mut self) -> Result<(), Gone> {
        let next = self.exchange.take()?;
        self.exchange.fill(std::mem::replace(&mut self.batch, next));
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.exchange.end();
    }
}

impl Batch {
    fn new() -> Self {
        Self { buffer: Buffer::new(BATCH_BYTES), filled: 0, files: 0, steps: Vec::new() }
    }
}

/// The writing side.
#[derive(Default)]
struct Writer {
    file: Option<File>,
    trouble: Option<io::Error>,
    is_full: bool,
}

impl Writer {
    fn take(&mut self, batch: &mut Batch, outcomes: &mut Vec<Outcome>) {
        let (mut steps, buffer) = (std::mem::take(&mut batch.steps), &batch.buffer);
        for step in steps.drain(..) {
            match step {
                Step::Begin(file) => (self.file, self.trouble) = (Some(file), None),
                Step::Bytes { from, count, at } => {
                    let bytes = buffer.get(from..from.saturating_add(count)).unwrap_or_default();
                    self.unless_in_trouble(|file| file.write_all_at(bytes, at));
                }
                Step::End(end) => {
                    self.unless_in_trouble(|file| {
                        if let Some(length) = end.length {
                            file.set_len(length)?;
                        }
                        finish_file(file, end.mode, end.modified)
                    });
                    let outcome = match (self.trouble.take(), self.file.take()) {
                        (Some(error), _) => Outcome::Failed(error),
                        (None, Some(file)) if !self.is_full => Outcome::Done(file),
                        (None, _) => Outcome::NotTried,
                    };
                    self.is_full |= matches!(&outcome, Outcome::Failed(error) if is_final(error));
                    outcomes.push(outcome);
                }
                Step::Abandon => self.file = None,
            }
        }
        (batch.steps, batch.filled, batch.files) = (steps, 0, 0);
    }

    fn unless_in_trouble(&mut self, work: impl FnOnce(&File) -> io::Result<()>) {
        if let (Some(file), None, false) = (&self.file, &self.trouble, self.is_full) {
            self.trouble = work(file).err();
        }
    }
}

/// A disk that is full takes no other file either.
pub(super) fn is_final(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const PLAIN: End = End { length: None, mode: None, modified: None };

    fn put(writing: &mut Writing<'_>, bytes: &[u8], at: u64) {
        let room = writing.room(bytes.len() as u64).unwrap();
        room[..bytes.len()].copy_from_slice(bytes);
        writing.put(bytes.len(), at);
    }

    fn words(outcomes: &[Outcome]) -> Vec<String> {
        let word = |outcome: &Outcome| match outcome {
            Outcome::Done(_) => "done".to_owned(),
            Outcome::Failed(error) => format!("{:?}", error.kind()),
            Outcome::NotTried => "not tried".to_owned(),
        };
        outcomes.iter().map(word).collect()
    }

    #[test]
    fn every_file_gets_its_own_bytes_however_many_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let content = |number: usize| vec![u8::try_from(number % 251).unwrap(); number * 7];
        writing(|writing| {
            for number in 0..1000 {
                let file = File::create(folder.path().join(number.to_string())).unwrap();
                writing.begin(file).unwrap();
                put(writing, &content(number), 3);
                writing.end(End { length: Some(9000), ..PLAIN });
            }
            writing.settle().unwrap();
            assert_eq!(words(&writing.outcomes()), vec!["done"; 1000]);
        });
        for number in 0..1000 {
            let found = fs::read(folder.path().join(number.to_string())).unwrap();
            let expected = [vec![0; 3], content(number), vec![0; 9000 - 3 - number * 7]].concat();
            assert!(found == expected, "{number}");
        }
    }

    #[test]
    fn a_large_file_goes_through_in_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| (number / 1000 % 256).try_into().unwrap()).collect();
        writing(|writing| {
            writing.begin(File::create(&path).unwrap()).unwrap();
            let mut at = 0;
            while at < bytes.len() {
                let left = &bytes[at..];
                let room = writing.room(left.len() as u64).unwrap();
                let count = left.len().min(room.len());
                assert!(count == left.len() || count >= LEAST_BUFFER);
                room[..count].copy_from_slice(&left[..count]);
                writing.put(count, at as u64);
                at += count;
            }
            writing.end(PLAIN);
            writing.settle().unwrap();
            assert_eq!(words(&writing.outcomes()), ["done"]);
        });
        assert!(fs::read(&path).unwrap() == bytes);
    }

    #[test]
    fn one_that_cannot_be_written_does_not_hold_up_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let file = File::create(&path).unwrap();
        let outcomes = writing(|writing| {
            for file in [File::open(&path).unwrap(), file] {
                writing.begin(file).unwrap();
                put(writing, b"x", 0);
                put(writing, b"y", 1);
                writing.end(PLAIN);
            }
            writing.begin(File::open(&path).unwrap()).unwrap();
            put(writing, b"z", 0);
            writing.abandon();
            writing.settle().unwrap();
            writing.outcomes()
        });
        assert_eq!(outcomes.len(), 2);
        assert!(matches!(outcomes.as_slice(), [Outcome::Failed(_), Outcome::Done(_)]), "{outcomes:?}");
        assert_eq!(fs::read(&path).unwrap(), b"xy");
    }

    #[test]
    fn after_a_full_disk_nothing_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let outcomes = writing(|writing| {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            for file in [full, File::create(&path).unwrap()] {
                writing.begin(file).unwrap();
                put(writing, b"x", 0);
                writing.end(PLAIN);
            }
            writing.settle().unwrap();
            writing.outcomes()
        });
        assert_eq!(words(&outcomes), ["StorageFull", "not tried"]);
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
