//! This module knows the files of the machine.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use nix::errno::Errno;
use nix::sys::statfs::{self, statfs};
use nix::sys::statvfs::statvfs;
use nix::unistd::{AccessFlags, access};

use super::{Existing, ImageFile, Opening, Storage, folder_of};

/// FAT counts the bytes of a file in 32 bits.
const LARGEST_ON_FAT: u64 = u32::MAX as u64;

/// The real one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

#[cfg(target_env = "gnu")]
fn rename_to_a_free_name(from: &Path, to: &Path) -> nix::Result<()> {
    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE)
}

/// Other C libraries do not offer the call.
#[cfg(not(target_env = "gnu"))]
fn rename_to_a_free_name(_from: &Path, _to: &Path) -> nix::Result<()> {
    Err(Errno::ENOSYS)
}

impl ImageFile for File {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(buffer, offset)
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        File::set_len(self, bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }

    fn len(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn try_clone(&self) -> io::Result<Box<dyn ImageFile>> {
        File::try_clone(self).map(|file| Box::new(file) as Box<dyn ImageFile>)
    }
}

impl Storage for Disk {
    fn open(&self, path: &Path, opening: Opening) -> io::Result<Box<dyn ImageFile>> {
        let mut options = OpenOptions::new();
        match opening {
            Opening::Reading => options.read(true),
            Opening::Kept => options.read(true).write(true).create(true).truncate(false),
            Opening::New => options.read(true).write(true).create_new(true),
        };
        Ok(Box::new(options.open(path)?))
    }

    fn open_part(&self, path: &Path) -> io::Result<Box<dyn ImageFile>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            // Not every network filesystem can lock; that is no reason not to write there.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Whoever had the lock until now may have given the file its final name.
        let (ours, there) = (file.metadata()?, fs::metadata(path));
        if there.ok().is_none_or(|there| (there.dev(), there.ino()) != (ours.dev(), ours.ino())) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.sync_folder(folder_of(path))?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()> {
        match existing {
            Existing::Replaced => fs::rename(from, to),
            Existing::Kept => match rename_to_a_free_name(from, to) {
                // This filesystem, or this kernel, cannot do it in one step.
                Err(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP) => {
                    if self.exists(to)? {
                        return Err(io::ErrorKind::AlreadyExists.into());
                    }
                    fs::rename(from, to)
                }
                renamed => renamed.map_err(io::Error::from),
            },
        }
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all().map_err(|error| (error.raw_os_error().map(Errno::from_raw), error)) {
            // Some filesystems have nothing to sync there.
            Ok(()) | Err((Some(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP), _)) => Ok(()),
            Err((_, error)) => Err(error),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        match fs::symlink_metadata(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn read_file(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
            Ok(bytes)
        } else {
            Err(io::ErrorKind::FileTooLarge.into())
        }
    }

    fn free_space(&self, folder: &Path) -> io::Result<u64> {
        // Blocks are counted in fragments; the block size is what suits transfers.
        let found = statvfs(folder)?;
        Ok(found.fragment_size().saturating_mul(found.blocks_available()))
    }

    fn largest_file(&self, folder: &Path) -> io::Result<Option<u64>> {
        let is_fat = statfs(folder)?.filesystem_type() == statfs::MSDOS_SUPER_MAGIC;
        Ok(is_fat.then_some(LARGEST_ON_FAT))
    }

    fn check_folder(&self, folder: &Path) -> io::Result<()> {
        if !fs::metadata(folder)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        access(folder, AccessFlags::W_OK | AccessFlags::X_OK).map_err(io::Error::from)
    }
}
