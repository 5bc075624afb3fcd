//! This module knows how bytes get onto stable storage: the only calls through which a rip touches files.

use std::io;
use std::path::{Path, PathBuf};

mod disk;
mod memory;
#[cfg(test)]
mod tests;

pub use disk::Disk;
pub use memory::{Fault, Memory, Unsynced};

/// What opening does about a file that is there, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It must be there; only read.
    Reading,
    /// To read and write; kept as it is where it is there, made where it is not.
    Kept,
    /// To read and write; it must not be there.
    New,
}

/// What renaming does to a file that already has the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and renaming fails with [`io::ErrorKind::AlreadyExists`].
    Kept,
    Replaced,
}

/// An open file. Clones are the same file: one thread may sync while another writes.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether an image is empty")]
pub trait ImageFile: Send + Sync {
    /// Writes all of `bytes`; what lies between the old end and `offset` becomes zeros.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Fills `buffer`, or fails with [`io::ErrorKind::UnexpectedEof`].
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    fn set_len(&self, bytes: u64) -> io::Result<()>;

    /// Returns when all that was written before is on stable storage.
    fn sync_data(&self) -> io::Result<()>;

    /// In bytes.
    fn len(&self) -> io::Result<u64>;

    fn try_clone(&self) -> io::Result<Box<dyn ImageFile>>;
}

/// Where files are kept. Its required methods are single steps, at each of which a test can fail or cut the power; the
/// provided ones put them together in the order that survives that.
pub trait Storage: Send + Sync {
    fn open(&self, path: &Path, opening: Opening) -> io::Result<Box<dyn ImageFile>>;

    /// In one step; nobody ever sees neither or half a file.
    fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()>;

    /// Returns when files made, renamed and removed in this folder are so on stable storage.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Fails with [`io::ErrorKind::NotFound`] where it is not there.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// A link that leads nowhere is there too.
    fn exists(&self, path: &Path) -> io::Result<bool>;

    /// A whole file of at most `most` bytes; [`io::ErrorKind::FileTooLarge`] where it has more.
    fn read_file(&self, path: &Path, most: u64) -> io::Result<Vec<u8>>;

    /// Bytes that may still be written there.
    fn free_space(&self, folder: &Path) -> io::Result<u64>;

    /// Bytes that a file may have at most there; `None` where no limit is known that an image could reach.
    fn largest_file(&self, folder: &Path) -> io::Result<Option<u64>>;

    /// Fails where `folder` is not there, is none, or does not take new files.
    fn check_folder(&self, folder: &Path) -> io::Result<()>;

    /// Opens the `.part` of a rip for this process alone, [`io::ErrorKind::WouldBlock`] where another has it; once this
    /// returns, the file is there also after a power cut.
    fn open_part(&self, path: &Path) -> io::Result<Box<dyn ImageFile>> {
        let file = self.open(path, Opening::Kept)?;
        self.sync_folder(folder_of(path))?;
        Ok(file)
    }

    /// Puts `bytes` under this name; whatever happens, the name stands for the old bytes or for the new ones, whole.
    fn write_durably(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let temporary = temporary_for(path);
        match self.remove(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let written = self.open(&temporary, Opening::New).and_then(|file| {
            file.write_at(0, bytes)?;
            file.sync_data()
        });
        let renamed = written.and_then(|()| self.rename(&temporary, path, Existing::Replaced));
        if let Err(error) = renamed {
            // What went wrong first is what to tell.
            let _ = self.remove(&temporary);
            return Err(error);
        }
        self.sync_folder(folder_of(path))
    }

    /// Once this returns, the file has its new name also after a power cut. Both names are in one folder.
    fn rename_durably(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()> {
        self.rename(from, to, existing)?;
        self.sync_folder(folder_of(to))
    }
}

/// The folder in which `path` is; the current one for a bare name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The same for each write, so that one that was killed leaves nothing that the next does not clear away.
fn temporary_for(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}
