//! This module knows which drives are attached: a file each, which the process that serves the drive holds locked.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A record is some hundred bytes.
const LONGEST_RECORD: u64 = 64 << 10;
/// More drives than anybody attaches.
const MOST: u32 = 1000;

/// What is kept of an attached drive.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    pub number: u32,
    /// The process that serves it; 0 where nobody knows.
    pub pid: u32,
    /// What is in it, as a person would say it.
    pub disc: String,
    /// The file that describes the disc, where there is one.
    pub disc_file: Option<PathBuf>,
    /// `/dev/srN`, once there is one.
    pub device: Option<PathBuf>,
    /// `/dev/sgN`
    pub sg: Option<PathBuf>,
    /// Where its process says what it has to say, where that is a file.
    #[serde(default)]
    pub log: Option<PathBuf>,
}

/// Whether anybody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liveness {
    Served,
    /// The process ended without taking its drive away.
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub record: Record,
    pub liveness: Liveness,
}

/// The folder of all records.
#[derive(Debug, Clone)]
pub struct Register {
    folder: PathBuf,
}

/// Nobody else adds or removes drives as long as this is there.
#[derive(Debug)]
pub struct Guard {
    _lock: File,
}

/// A drive's place in the register, for as long as its process lives.
#[derive(Debug)]
pub struct Enrolment {
    file: File,
    path: PathBuf,
    record: Record,
}

impl Default for Register {
    fn default() -> Self {
        Self::in_folder(Path::new("/run/discwright"))
    }
}

impl Register {
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until nobody else changes anything. Makes the folder where there is none.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn guard(&self) -> io::Result<Guard> {
        fs::create_dir_all(&self.folder)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join("lock"))?;
        lock.lock()?;
        Ok(Guard { _lock: lock })
    }

    /// All that are here, by number. `known` are drives that the kernel has, with a record or without.
    pub fn list(&self, known: &[u32]) -> Vec<Listed> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut numbers: Vec<u32> = names.filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        numbers.extend(known);
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.look_up(number, known)).collect()
    }

    fn look_up(&self, number: u32, known: &[u32]) -> Option<Listed> {
        let unknown = Record { number, ..Record::default() };
        match File::open(self.path(number)) {
            Ok(file) => {
                let liveness = match file.try_lock_shared() {
                    Err(TryLockError::WouldBlock) => Liveness::Served,
                    Ok(()) | Err(TryLockError::Error(_)) => Liveness::Dead,
                };
                let mut text = String::new();
                let _ = file.take(LONGEST_RECORD).read_to_string(&mut text);
                let record = serde_json::from_str(&text).unwrap_or(unknown);
                Some(Listed { record: Record { number, ..record }, liveness })
            }
            // Taken away since its name was read.
            Err(_) if !known.contains(&number) => None,
            Err(_) => Some(Listed { record: unknown, liveness: Liveness::Dead }),
        }
    }

    /// Takes the lowest number that is free, for as long as the process lives.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn enrol(&self, _guard: &Guard, known: &[u32], record: Record) -> io::Result<Enrolment> {
        let taken = self.list(known);
        let is_free = |number: &u32| taken.iter().all(|listed| listed.record.number != *number);
        let number = (0..MOST).find(is_free).ok_or_else(|| io::Error::other("too many drives are attached"))?;
        let path = self.path(number);
        let file = OpenOptions::new().create_new(true).read(true).write(true).open(&path)?;
        file.lock()?;
        let mut enrolment = Enrolment { file, path, record: Record { number, ..record } };
        enrolment.write()?;
        Ok(enrolment)
    }

    /// Forgets a drive whose process is dead.
    ///
    /// # Errors
    /// Where the record cannot be removed.
    pub fn forget(&self, _guard: &Guard, number: u32) -> io::Result<()> {
        let _there_was_none = fs::remove_file(self.log(number));
        match fs::remove_file(self.path(number)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// What the process of a drive says when nobody is there to hear it.
    pub fn log(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number}.log"))
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number}.json"))
    }
}

impl Enrolment {
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Writes down what is known by now.
    ///
    /// # Errors
    /// Where the record cannot be written.
    pub fn note(&mut self, device: Option<PathBuf>, sg: Option<PathBuf>, log: Option<PathBuf>) -> io::Result<()> {
        self.record = Record { device, sg, log, ..self.record.clone() };
        self.write()
    }

    /// The drive is gone.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    fn write(&mut self) -> io::Result<()> {
        let text = serde_json::to_vec(&self.record)?;
        self.file.rewind()?;
        self.file.write_all(&text)?;
        self.file.set_len(text.len().try_into().unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(listed: &[Listed]) -> Vec<(u32, Liveness)> {
        listed.iter().map(|listed| (listed.record.number, listed.liveness)).collect()
    }

    #[test]
    fn a_drive_is_listed_for_as_long_as_its_process_lives_and_as_dead_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register::in_folder(&folder.path().join("run"));
        assert_eq!(register.list(&[]), []);
        let guard = register.guard().unwrap();
        let record = Record { pid: 77, disc: "demo".to_owned(), ..Record::default() };
        let mut first = register.enrol(&guard, &[], record.clone()).unwrap();
        let second = register.enrol(&guard, &[], record.clone()).unwrap();
        first.note(Some("/dev/sr5".into()), Some("/dev/sg9".into()), None).unwrap();
        let listed = register.list(&[]);
        assert_eq!(numbers(&listed), [(0, Liveness::Served), (1, Liveness::Served)]);
        assert_eq!(listed[0].record, *first.record());
        assert_eq!(listed[0].record.device, Some("/dev/sr5".into()));

        // What the end of a process does.
        drop(first);
        assert_eq!(numbers(&register.list(&[])), [(0, Liveness::Dead), (1, Liveness::Served)]);
        second.remove().unwrap();
        let third = register.enrol(&guard, &[], record).unwrap();
        assert_eq!(third.record().number, 1);
        register.forget(&guard, 0).unwrap();
        register.forget(&guard, 0).unwrap();
        assert_eq!(numbers(&register.list(&[])), [(1, Liveness::Served)]);
    }

    #[test]
    fn what_only_the_kernel_knows_is_dead_and_its_number_taken() {
        let folder = tempfile::tempdir().unwrap();
        let register = Register::in_folder(folder.path());
        assert_eq!(numbers(&register.list(&[0, 3])), [(0, Liveness::Dead), (3, Liveness::Dead)]);
        let guard = register.guard().unwrap();
        assert_eq!(register.enrol(&guard, &[0, 3], Record::default()).unwrap().record().number, 1);
    }

    #[test]
    fn a_record_that_nobody_can_read_is_a_dead_drive_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("4.json"), "{").unwrap();
        fs::write(folder.path().join("notes.json"), "{}").unwrap();
        let listed = Register::in_folder(folder.path()).list(&[]);
        assert_eq!(listed, [Listed { record: Record { number: 4, ..Record::default() }, liveness: Liveness::Dead }]);
    }
}
