//! This module knows how files are made beneath one directory and nowhere else, whatever their names and links say.

mod draft;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use draft::Draft;

use draft::Nameless;

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, OpenHow, ResolveFlag, openat, openat2};
use nix::sys::stat::{Mode, UtimensatFlags, fchmod, fstat, fstatat, futimens, mkdirat, utimensat};
use nix::sys::time::TimeSpec;
use nix::unistd::{UnlinkatFlags, geteuid, linkat, symlinkat, unlinkat};

/// The kernel takes no longer path in one call.
const LONGEST_PATH: usize = 4000;
const WALK: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// A directory that nothing here leaves.
#[derive(Debug)]
pub struct Beneath {
    root: OwnedFd,
    /// Kernels before 5.6, and the sandboxes that know no newer one, have no `openat2(2)`.
    has_openat2: AtomicBool,
    nameless: Arc<Nameless>,
}

/// A directory at the root or below it.
#[derive(Debug)]
pub struct Directory {
    fd: OwnedFd,
    nameless: Arc<Nameless>,
}

/// What a directory is like that was there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// With the bits beyond permissions.
    pub mode: u16,
    pub modified: Modified,
    /// Whether its permissions are this process's to change.
    pub is_own: bool,
}

/// When something was changed last: seconds since 1970, and nanoseconds.
pub type Modified = (i64, u32);

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Beneath {
    /// The directory at `path`, which may itself be reached by links.
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = nix::fcntl::open(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC, Mode::empty())?;
        Ok(Self { root, has_openat2: AtomicBool::new(true), nameless: Arc::new(Nameless::new()) })
    }

    /// The directory that `steps` lead to, each a name in the one before; the root where there are none. A link on the
    /// way is an error, wherever it leads.
    pub fn directory(&self, steps: &[&[u8]]) -> io::Result<Directory> {
        for step in steps {
            check(step)?;
        }
        let mut at: Option<OwnedFd> = None;
        let mut rest = steps;
        loop {
            let from = at.as_ref().unwrap_or(&self.root);
            if self.has_openat2.load(Ordering::Relaxed) {
                let (path, behind) = first_path(rest);
                match openat2(from, path.as_slice(), how()) {
                    Ok(found) if behind.is_empty() => return Ok(self.found(found)),
                    Ok(found) => (at, rest) = (Some(found), behind),
                    Err(Errno::ENOSYS | Errno::EPERM) => self.has_openat2.store(false, Ordering::Relaxed),
                    Err(error) => return Err(error.into()),
                }
                continue;
            }
            let (step, behind) = rest.split_first().map_or((b".".as_slice(), rest), |(step, behind)| (*step, behind));
            let found = openat(from, step, WALK, Mode::empty())?;
            if behind.is_empty() {
                return Ok(self.found(found));
            }
            (at, rest) = (Some(found), behind);
        }
    }

    fn found(&self, fd: OwnedFd) -> Directory {
        Directory { fd, nameless: Arc::clone(&self.nameless) }
    }

    #[cfg(test)]
    fn without_openat2(self) -> Self {
        self.has_openat2.store(false, Ordering::Relaxed);
        self
    }

    /// As on FAT, or over a network.
    #[cfg(test)]
    pub(crate) fn without_nameless_files(self) -> Self {
        self.nameless.give_up();
        self
    }
}

fn how() -> OpenHow {
    let resolve = ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_NO_MAGICLINKS;
    OpenHow::new().flags(WALK).resolve(resolve)
}

/// As many steps as the kernel takes at once, as a path, and those behind them.
fn first_path<'s, 'n>(steps: &'s [&'n [u8]]) -> (Vec<u8>, &'s [&'n [u8]]) {
    let mut path = b".".to_vec();
    let mut rest = steps;
    while let Some((step, behind)) = rest.split_first() {
        if path.len() + step.len() >= LONGEST_PATH {
            break;
        }
        path.push(b'/');
        path.extend_from_slice(step);
        rest = behind;
    }
    (path, rest)
}

/// Whoever made the name should have seen to it; here it is made sure.
fn check(name: &[u8]) -> io::Result<()> {
    let is_step = !matches!(name, b"" | b"." | b"..") && !name.contains(&b'/') && !name.contains(&0);
    // The kernel's own answer: a longer one would not fit into a path either.
    if name.len() > 255 {
        return Err(Errno::ENAMETOOLONG.into());
    }
    if is_step { Ok(()) } else { Err(io::Error::new(ErrorKind::InvalidInput, "no name of a file")) }
}

impl Directory {
    /// Makes a file that was not there, to be written. `mode` is narrowed by the process's mask.
    pub fn create_file(&self, name: &[u8], mode: u16) -> io::Result<File> {
        check(name)?;
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        Ok(File::from(openat(&self.fd, name, flags, bits(mode))?))
    }

    /// Makes a directory that was not there. `mode` is narrowed by the process's mask, and may have the sticky bit.
    pub fn create_directory(&self, name: &[u8], mode: u16) -> io::Result<()> {
        check(name)?;
        Ok(mkdirat(&self.fd, name, Mode::from_bits_truncate(u32::from(mode & 0o1777)))?)
    }

    /// Makes a symbolic link with any target at all: nothing here follows it.
    pub fn create_symlink(&self, name: &[u8], target: &[u8]) -> io::Result<()> {
        check(name)?;
        Ok(symlinkat(target, &self.fd, name)?)
    }

    /// Makes another name of the file that is called `other` in `of`.
    pub fn create_link(&self, name: &[u8], of: &Directory, other: &[u8]) -> io::Result<()> {
        check(name)?;
        check(other)?;
        Ok(linkat(&of.fd, other, &self.fd, name, AtFlags::empty())?)
    }

    /// Removes a name that is no directory's; of a link the link.
    pub fn remove_file(&self, name: &[u8]) -> io::Result<()> {
        check(name)?;
        Ok(unlinkat(&self.fd, name, UnlinkatFlags::NoRemoveDir)?)
    }

    /// What has this name, no link followed.
    pub fn identity(&self, name: &[u8]) -> io::Result<Identity> {
        check(name)?;
        let stat = fstatat(&self.fd, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        Ok(Identity { device: stat.st_dev, inode: stat.st_ino })
    }

    /// Whether a directory has this name, and no link to one.
    pub fn has_directory(&self, name: &[u8]) -> bool {
        check(name).is_ok() && openat(&self.fd, name, WALK, Mode::empty()).is_ok()
    }

    /// Of a link, its own time.
    pub fn set_modified(&self, name: &[u8], modified: Modified) -> io::Result<()> {
        check(name)?;
        let time = time_spec(modified);
        Ok(utimensat(&self.fd, name, &TimeSpec::UTIME_OMIT, &time, UtimensatFlags::NoFollowSymlink)?)
    }

    /// Of this directory: permissions and time, each where it is known.
    pub fn finish(&self, mode: Option<u16>, modified: Option<Modified>) -> io::Result<()> {
        finish(&self.fd, mode, modified)
    }

    /// What this directory is like now.
    pub fn status(&self) -> io::Result<Status> {
        let stat = fstat(&self.fd)?;
        let mode = u16::try_from(stat.st_mode & 0o7777).unwrap_or(0);
        let nanoseconds = u32::try_from(stat.st_mtime_nsec).unwrap_or(0);
        Ok(Status { mode, modified: (stat.st_mtime, nanoseconds), is_own: stat.st_uid == geteuid().as_raw() })
    }

    /// Lets the owner make files in this directory, which is like `status`.
    pub fn open_up(&self, status: Status) -> io::Result<()> {
        Ok(fchmod(&self.fd, Mode::from_bits_truncate(u32::from(status.mode | 0o300)))?)
    }

    /// Makes this directory like `status` again.
    pub fn restore(&self, status: Status) -> io::Result<()> {
        fchmod(&self.fd, Mode::from_bits_truncate(u32::from(status.mode)))?;
        finish(&self.fd, None, Some(status.modified))
    }
}

/// Of a file that was written: permissions, whatever the process's mask says, and time, each where it is known.
pub fn finish_file(file: &File, mode: Option<u16>, modified: Option<Modified>) -> io::Result<()> {
    finish(file, mode, modified)
}

/// Which file this is.
pub fn identity_of(file: &File) -> io::Result<Identity> {
    let stat = fstat(file)?;
    Ok(Identity { device: stat.st_dev, inode: stat.st_ino })
}

fn finish(fd: impl std::os::fd::AsFd, mode: Option<u16>, modified: Option<Modified>) -> io::Result<()> {
    if let Some(mode) = mode {
        fchmod(&fd, bits(mode))?;
    }
    if let Some(modified) = modified {
        futimens(&fd, &TimeSpec::UTIME_OMIT, &time_spec(modified))?;
    }
    Ok(())
}

/// Nothing but what reads, writes and executes: no file from a disc acts in another's name.
fn bits(mode: u16) -> Mode {
    Mode::from_bits_truncate(u32::from(mode & 0o777))
}

fn time_spec((seconds, nanoseconds): Modified) -> TimeSpec {
    TimeSpec::new(seconds, i64::from(nanoseconds.min(999_999_999)))
}

#[cfg(test)]
mod tests;
