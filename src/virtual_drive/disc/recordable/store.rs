//! This module knows where a recorded disc is kept: its sectors in a sparse file, its state in a small one beside it.
//!
//! Data goes to its file before the state says that it is there, and what a new state no longer names is dropped only
//! after that state was written: whenever the process is killed, the two agree. A machine that loses its power keeps
//! what was there at the last [`Store::settle`].

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::sector::{Lba, SectorCount, SectorRange};

/// The two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingFiles {
    pub data: PathBuf,
    pub state: PathBuf,
}

/// Why a recorded disc cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot use {}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} is in use: another virtual drive has this disc in it", path.display())]
    InUse { path: PathBuf },
    #[error("there is a file {}, and no {} that says what is recorded in it: it is not overwritten", data.display(), state.display())]
    NoState { data: PathBuf, state: PathBuf },
    #[error("{} tells of recorded sectors, but there is no {}", state.display(), data.display())]
    NoData { data: PathBuf, state: PathBuf },
}

/// Both, or an unnamed file that nobody finds again.
#[derive(Debug)]
pub struct Store {
    files: Option<RecordingFiles>,
    /// `None` while nothing was ever written.
    data: Option<File>,
    has_state: bool,
    #[cfg(test)]
    pub(super) strength: Option<u32>,
}

impl Store {
    /// What is kept here ends with the program.
    pub fn unnamed() -> Self {
        Self {
            files: None,
            data: None,
            has_state: false,
            #[cfg(test)]
            strength: None,
        }
    }

    /// Opens what there is, with the text of the state; nothing is made before something is recorded.
    ///
    /// # Errors
    /// Where files are in use, cannot be opened, or one is there without the other.
    pub fn open(files: RecordingFiles) -> Result<(Self, Option<String>), StoreError> {
        let there = |path: &Path| path.try_exists().map_err(|source| StoreError::Io { path: path.to_owned(), source });
        let (has_data, has_state) = (there(&files.data)?, there(&files.state)?);
        let RecordingFiles { data, state } = files.clone();
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Io { path, source }
        };
        match (has_data, has_state) {
            (false, true) => return Err(StoreError::NoData { data, state }),
            (false, false) => {
                let mut store = Self::unnamed();
                store.files = Some(files);
                return Ok((store, None));
            }
            (true, _) => {}
        }
        let file = OpenOptions::new().read(true).write(true).open(&data).map_err(failed(&data))?;
        locked(&file, &data)?;
        let text = if has_state {
            Some(std::fs::read_to_string(&state).map_err(failed(&state))?)
        } else if file.metadata().map_err(failed(&data))?.len() == 0 {
            // Made by who was killed before anything was written.
            None
        } else {
            return Err(StoreError::NoState { data, state });
        };
        let mut store = Self::unnamed();
        (store.files, store.data, store.has_state) = (Some(files), Some(file), has_state);
        Ok((store, text))
    }

    /// Keeps whole sectors. `state` is what stands in the state file until the next [`Store::save`].
    pub fn write(&mut self, at: Lba, bytes: &[u8], state: impl FnOnce() -> String) -> io::Result<()> {
        self.tire()?;
        self.file(state)?.write_all_at(bytes, at.byte_offset())
    }

    /// Makes these sectors zeros, without taking room for them where there is nothing yet.
    pub fn zero(&mut self, range: SectorRange, state: impl FnOnce() -> String) -> io::Result<()> {
        const PIECE: SectorCount = SectorCount(512);
        self.tire()?;
        let file = self.file(state)?;
        let length = file.metadata()?.len();
        let there = SectorRange::first(SectorCount::whole_in(length.next_multiple_of(2048)).unwrap_or_default());
        let zeros = vec![0; 512 * 2048];
        for piece in range.intersection(there).into_iter().flat_map(|part| part.pieces(PIECE)) {
            let bytes = usize::try_from(piece.count().bytes()).unwrap_or(0);
            file.write_all_at(zeros.get(..bytes).unwrap_or(&zeros), piece.start().byte_offset())?;
        }
        if range.end().byte_offset() > length { file.set_len(range.end().byte_offset()) } else { Ok(()) }
    }

    /// Fills `buffer`; what was never written is zeros.
    pub fn read(&self, at: Lba, buffer: &mut [u8]) -> io::Result<()> {
        let mut filled = 0_usize;
        while let (Some(file), Some(rest)) = (&self.data, buffer.get_mut(filled..).filter(|rest| !rest.is_empty())) {
            let offset = at.byte_offset().saturating_add(u64::try_from(filled).unwrap_or(u64::MAX));
            match file.read_at(rest, offset) {
                Ok(0) => break,
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        buffer.iter_mut().skip(filled).for_each(|byte| *byte = 0);
        Ok(())
    }

    /// From now on this is the state.
    pub fn save(&mut self, state: &str) -> io::Result<()> {
        self.tire()?;
        if self.files.is_some() {
            // A disc that is only formatted has no sectors, and yet a file for them: one is not there without the other.
            self.file(|| state.to_owned())?;
        }
        if let Some(files) = &self.files {
            replace(&files.state, state)?;
            self.has_state = true;
        }
        Ok(())
    }

    /// The same, and it is so after the machine lost its power, too.
    pub fn settle(&mut self, state: &str) -> io::Result<()> {
        if let (Some(_), Some(data)) = (&self.files, &self.data) {
            data.sync_data()?;
        }
        self.save(state)?;
        if let Some(files) = &self.files {
            File::open(&files.state)?.sync_all()?;
            if let Some(folder) = files.state.parent() {
                File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
            }
        }
        Ok(())
    }

    /// The sectors are given back to the system. Only once the state says that nothing is recorded.
    pub fn forget(&mut self) -> io::Result<()> {
        self.tire()?;
        self.data.as_ref().map_or(Ok(()), |data| data.set_len(0))
    }

    fn file(&mut self, state: impl FnOnce() -> String) -> io::Result<&File> {
        let file = match (self.data.take(), &self.files) {
            (Some(file), _) => file,
            (None, None) => tempfile::tempfile()?,
            (None, Some(files)) => {
                // Somebody else's file is not taken for ours.
                let file = OpenOptions::new().read(true).write(true).create_new(true).open(&files.data)?;
                file.try_lock().map_err(io::Error::from)?;
                file
            }
        };
        let file = self.data.insert(file);
        if let (Some(files), false) = (&self.files, self.has_state) {
            replace(&files.state, &state())?;
            self.has_state = true;
        }
        Ok(file)
    }

    /// In tests, a store can be made to fail from some step on, as if killed there.
    #[cfg_attr(not(test), expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "tests make it fail"))]
    fn tire(&mut self) -> io::Result<()> {
        #[cfg(test)]
        if let Some(strength) = &mut self.strength {
            *strength = strength.checked_sub(1).ok_or_else(|| io::Error::other("killed"))?;
        }
        Ok(())
    }
}

fn locked(file: &File, path: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        // A filesystem without locks: then there are none.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(source)) => Err(StoreError::Io { path: path.to_owned(), source }),
    }
}

/// The old text or the new one, never a part of either.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> RecordingFiles {
        RecordingFiles { data: folder.join("disc.iso"), state: folder.join("disc.iso.state") }
    }

    #[test]
    fn nothing_is_made_before_something_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, state) = Store::open(files(folder.path())).unwrap();
        assert_eq!(state, None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        store.write(Lba(3), &[7; 2048], || "first".to_owned()).unwrap();
        drop(store);
        let (store, state) = Store::open(files(folder.path())).unwrap();
        assert_eq!(state.as_deref(), Some("first"));
        let mut buffer = [1; 4096];
        store.read(Lba(3), &mut buffer).unwrap();
        assert_eq!((buffer[0], buffer[2047], buffer[2048], buffer[4095]), (7, 7, 0, 0));
    }

    #[test]
    fn a_state_without_sectors_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, _) = Store::open(files(folder.path())).unwrap();
        store.settle("formatted").unwrap();
        drop(store);
        let (store, state) = Store::open(files(folder.path())).unwrap();
        assert_eq!(state.as_deref(), Some("formatted"));
        let mut buffer = [1; 2048];
        store.read(Lba(5), &mut buffer).unwrap();
        assert_eq!(buffer, [0; 2048]);
    }

    #[test]
    fn a_disc_is_in_one_drive_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(files(folder.path())).unwrap().0;
        store.write(Lba(0), &[1; 2048], String::new).unwrap();
        assert!(matches!(Store::open(files(folder.path())), Err(StoreError::InUse { .. })));
        drop(store);
        assert!(Store::open(files(folder.path())).is_ok());
    }

    #[test]
    fn somebody_elses_file_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let mut late = Store::open(files(folder.path())).unwrap().0;
        std::fs::write(folder.path().join("disc.iso"), b"precious").unwrap();
        assert!(matches!(Store::open(files(folder.path())), Err(StoreError::NoState { .. })));
        assert!(late.write(Lba(0), &[0; 2048], String::new).is_err());
        assert_eq!(std::fs::read(folder.path().join("disc.iso")).unwrap(), b"precious");
    }

    #[test]
    fn zeros_take_no_room_where_nothing_was() {
        let mut store = Store::unnamed();
        store.write(Lba(0), &[9; 4 * 2048], String::new).unwrap();
        store.zero(SectorRange::new(Lba(2), Lba(2_000_000)), String::new).unwrap();
        let mut buffer = [1; 4 * 2048];
        store.read(Lba(0), &mut buffer).unwrap();
        assert!(buffer[..4096].iter().all(|byte| *byte == 9) && buffer[4096..].iter().all(|byte| *byte == 0));
        let length = store.data.as_ref().unwrap().metadata().unwrap().len();
        assert_eq!(length, 2_000_000 * 2048);
    }
}
