//! This module knows files that exist only in a test, what of them is on stable storage, and how writing fails.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nix::errno::Errno;

use super::{Existing, ImageFile, Opening, Storage};

/// What a disk may have kept of that which was written and not synced.
const BLOCK: usize = 512;

/// What becomes of the step at which it strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// EIO, this once.
    Broken,
    /// ENOSPC, this once.
    Full,
    /// The process ends: this step and all after it do nothing and fail.
    Stop,
}

/// What a power cut leaves of that which was written and not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// All of it: the process was killed, the machine was not.
    Kept,
    /// Nothing.
    Lost,
    /// Some of it, different for each number.
    Mixed(u64),
}

/// Files in memory. Clones are the same storage. A step is one call that changes something; reading is none.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Clone, Default)]
struct State {
    files: Vec<Content>,
    folder: BTreeMap<PathBuf, usize>,
    /// The folder as it is on stable storage, then as it was after each change since.
    history: Vec<BTreeMap<PathBuf, usize>>,
    steps: u64,
    faults: BTreeMap<u64, Fault>,
    stopped: bool,
    capacity: Option<u64>,
    largest_file: Option<u64>,
}

#[derive(Debug, Clone, Default)]
struct Content {
    now: Vec<u8>,
    synced: Vec<u8>,
    /// Blocks in which the two may differ.
    dirty: BTreeSet<usize>,
}

struct Handle {
    storage: Memory,
    file: usize,
}

impl Memory {
    pub fn new() -> Self {
        Self::default()
    }

    /// As a disk with so many bytes in all: writing more fails with ENOSPC.
    #[must_use]
    pub fn with_capacity(self, bytes: u64) -> Self {
        self.lock().capacity = Some(bytes);
        self
    }

    /// As a filesystem whose files have at most so many bytes: writing more fails with EFBIG.
    #[must_use]
    pub fn with_largest_file(self, bytes: u64) -> Self {
        self.lock().largest_file = Some(bytes);
        self
    }

    /// The step with this number, counted from 0 at the start, goes wrong.
    pub fn fail_at(&self, step: u64, fault: Fault) {
        self.lock().faults.insert(step, fault);
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.lock().steps
    }

    /// The bytes of a file; `None` where it is not there.
    pub fn content(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.lock();
        state.files.get(*state.folder.get(path)?).map(|file| file.now.clone())
    }

    /// The names of all files, in order.
    pub fn names(&self) -> Vec<PathBuf> {
        self.lock().folder.keys().cloned().collect()
    }

    /// What is there when the machine starts again: a storage of its own, without faults, all of it synced.
    pub fn after_power_cut(&self, unsynced: Unsynced) -> Memory {
        let mut state = self.lock().clone();
        let mut chance = Chance(if let Unsynced::Mixed(seed) = unsynced { seed } else { 0 });
        state.folder = match unsynced {
            Unsynced::Kept => state.folder,
            Unsynced::Lost => state.history.first().cloned().unwrap_or(state.folder),
            Unsynced::Mixed(_) => {
                state.history.push(state.folder.clone());
                let at = chance.below(state.history.len());
                state.history.get(at).cloned().unwrap_or_default()
            }
        };
        for file in &mut state.files {
            match unsynced {
                Unsynced::Kept => {}
                Unsynced::Lost => file.now.clone_from(&file.synced),
                Unsynced::Mixed(_) => file.lose_some(&mut chance),
            }
            file.synced.clone_from(&file.now);
            file.dirty.clear();
        }
        (state.stopped, state.steps) = (false, 0);
        state.history.clear();
        state.faults.clear();
        Memory { state: Arc::new(Mutex::new(state)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, for a step that may be taken.
    fn step(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.lock();
        state.alive()?;
        let number = state.steps;
        state.steps = number.saturating_add(1);
        match state.faults.get(&number) {
            None => Ok(state),
            Some(Fault::Broken) => Err(Errno::EIO.into()),
            Some(Fault::Full) => Err(Errno::ENOSPC.into()),
            Some(Fault::Stop) => {
                state.stopped = true;
                state.alive()?;
                Ok(state)
            }
        }
    }
}

impl State {
    fn alive(&self) -> io::Result<()> {
        if self.stopped { Err(io::Error::other("the process has ended")) } else { Ok(()) }
    }

    /// To be called before each change of `folder`.
    fn remember_folder(&mut self) {
        self.history.push(self.folder.clone());
    }

    fn file(&mut self, index: usize) -> io::Result<&mut Content> {
        self.files.get_mut(index).ok_or_else(|| Errno::EBADF.into())
    }

    fn used(&self) -> u64 {
        let named: BTreeSet<_> = self.folder.values().collect();
        named
            .into_iter()
            .filter_map(|&file| self.files.get(file))
            .fold(0, |sum, file| sum.saturating_add(file.length()))
    }

    fn resize(&mut self, index: usize, length: u64) -> io::Result<()> {
        let (used, capacity, largest) = (self.used(), self.capacity, self.largest_file);
        let file = self.file(index)?;
        if largest.is_some_and(|largest| length > largest) {
            return Err(Errno::EFBIG.into());
        }
        let others = used.saturating_sub(file.length());
        if capacity.is_some_and(|capacity| length > capacity.saturating_sub(others)) {
            return Err(Errno::ENOSPC.into());
        }
        let length = usize::try_from(length).map_err(|_| Errno::EFBIG)?;
        let changed = file.now.len().min(length) / BLOCK..=file.now.len().max(length) / BLOCK;
        file.dirty.extend(changed);
        file.now.resize(length, 0);
        Ok(())
    }
}

impl Content {
    fn length(&self) -> u64 {
        u64::try_from(self.now.len()).unwrap_or(u64::MAX)
    }

    fn sync(&mut self) {
        self.synced.resize(self.now.len(), 0);
        for block in std::mem::take(&mut self.dirty) {
            self.copy_block(block, |content| (&content.now, &mut content.synced));
        }
    }

    fn lose_some(&mut self, chance: &mut Chance) {
        // The length is kept or lost with the first of what hangs on it.
        if chance.below(2) == 0 {
            self.now.resize(self.synced.len().max(self.now.len()), 0);
        } else {
            self.now.resize(self.synced.len(), 0);
        }
        let length = self.now.len();
        self.synced.resize(length, 0);
        for block in std::mem::take(&mut self.dirty) {
            if chance.below(2) == 0 {
                self.copy_block(block, |content| (&content.synced, &mut content.now));
            }
        }
    }

    fn copy_block(&mut self, block: usize, from_to: fn(&mut Self) -> (&Vec<u8>, &mut Vec<u8>)) {
        let (from, to) = from_to(self);
        let start = block.saturating_mul(BLOCK);
        let end = start.saturating_add(BLOCK).min(from.len()).min(to.len());
        if let (Some(from), Some(to)) = (from.get(start..end), to.get_mut(start..end)) {
            to.copy_from_slice(from);
        }
    }
}

/// Numbers that look random and are the same for each seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap_or(0)
    }
}

impl ImageFile for Handle {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.storage.step()?;
        let start = usize::try_from(offset).map_err(|_| Errno::EFBIG)?;
        let end = start.checked_add(bytes.len()).ok_or(Errno::EFBIG)?;
        if end > state.file(self.file)?.now.len() {
            state.resize(self.file, u64::try_from(end).map_err(|_| Errno::EFBIG)?)?;
        }
        let file = state.file(self.file)?;
        if let Some(place) = file.now.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        file.dirty.extend(start / BLOCK..=end / BLOCK);
        Ok(())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut state = self.storage.lock();
        state.alive()?;
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let end = start.checked_add(buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let found = state.file(self.file)?.now.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(found);
        Ok(())
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.storage.step()?.resize(self.file, bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        match self.storage.step() {
            Ok(mut state) => state.file(self.file)?.sync(),
            Err(error) => {
                // As Linux does: what could not be written counts as written, and the next sync says nothing of it.
                let mut state = self.storage.lock();
                if !state.stopped {
                    state.file(self.file)?.dirty.clear();
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        let mut state = self.storage.lock();
        state.alive()?;
        state.file(self.file).map(|file| file.length())
    }

    fn try_clone(&self) -> io::Result<Box<dyn ImageFile>> {
        Ok(Box::new(Handle { storage: self.storage.clone(), file: self.file }))
    }
}

impl Storage for Memory {
    fn open(&self, path: &Path, opening: Opening) -> io::Result<Box<dyn ImageFile>> {
        let found = self.lock().folder.get(path).copied();
        let file = match (opening, found) {
            (Opening::Reading, None) => return Err(io::ErrorKind::NotFound.into()),
            (Opening::New, Some(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
            (Opening::Reading | Opening::Kept, Some(file)) => {
                self.lock().alive()?;
                file
            }
            (Opening::Kept | Opening::New, None) => {
                let mut state = self.step()?;
                let file = state.files.len();
                state.files.push(Content::default());
                state.remember_folder();
                state.folder.insert(path.to_owned(), file);
                file
            }
        };
        Ok(Box::new(Handle { storage: self.clone(), file }))
    }

    fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()> {
        let mut state = self.step()?;
        let file = state.folder.get(from).copied().ok_or(io::ErrorKind::NotFound)?;
        if existing == Existing::Kept && state.folder.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.remember_folder();
        state.folder.remove(from);
        state.folder.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        self.step()?.history.clear();
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        if !state.folder.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.remember_folder();
        state.folder.remove(path);
        Ok(())
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        let state = self.lock();
        state.alive()?;
        Ok(state.folder.contains_key(path))
    }

    fn read_file(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        self.lock().alive()?;
        let bytes = self.content(path).ok_or(io::ErrorKind::NotFound)?;
        let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= most);
        if fits { Ok(bytes) } else { Err(io::ErrorKind::FileTooLarge.into()) }
    }

    fn free_space(&self, _folder: &Path) -> io::Result<u64> {
        let state = self.lock();
        Ok(state.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(state.used())))
    }

    fn largest_file(&self, _folder: &Path) -> io::Result<Option<u64>> {
        Ok(self.lock().largest_file)
    }

    fn check_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }
}
