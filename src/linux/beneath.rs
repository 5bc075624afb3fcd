//! This module knows how files are made beneath one directory and nowhere else, whatever their names and links say.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, OpenHow, ResolveFlag, openat, openat2};
use nix::sys::stat::{Mode, UtimensatFlags, fchmod, fstat, fstatat, futimens, mkdirat, utimensat};
use nix::sys::time::TimeSpec;
use nix::unistd::{UnlinkatFlags, linkat, symlinkat, unlinkat};

/// The kernel takes no longer path in one call.
const LONGEST_PATH: usize = 4000;
const WALK: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// A directory that nothing here leaves.
#[derive(Debug)]
pub struct Beneath {
    root: OwnedFd,
    /// Kernels before 5.6, and the sandboxes that know no newer one, have no `openat2(2)`.
    has_openat2: AtomicBool,
}

/// A directory at the root or below it.
#[derive(Debug)]
pub struct Directory(OwnedFd);

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
        Ok(Self { root, has_openat2: AtomicBool::new(true) })
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
                    Ok(found) if behind.is_empty() => return Ok(Directory(found)),
                    Ok(found) => (at, rest) = (Some(found), behind),
                    Err(Errno::ENOSYS | Errno::EPERM) => self.has_openat2.store(false, Ordering::Relaxed),
                    Err(error) => return Err(error.into()),
                }
                continue;
            }
            let (step, behind) = rest.split_first().map_or((b".".as_slice(), rest), |(step, behind)| (*step, behind));
            let found = openat(from, step, WALK, Mode::empty())?;
            if behind.is_empty() {
                return Ok(Directory(found));
            }
            (at, rest) = (Some(found), behind);
        }
    }

    #[cfg(test)]
    fn without_openat2(self) -> Self {
        self.has_openat2.store(false, Ordering::Relaxed);
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
        Ok(File::from(openat(&self.0, name, flags, bits(mode))?))
    }

    /// Makes a directory that was not there. `mode` is narrowed by the process's mask.
    pub fn create_directory(&self, name: &[u8], mode: u16) -> io::Result<()> {
        check(name)?;
        Ok(mkdirat(&self.0, name, bits(mode))?)
    }

    /// Makes a symbolic link with any target at all: nothing here follows it.
    pub fn create_symlink(&self, name: &[u8], target: &[u8]) -> io::Result<()> {
        check(name)?;
        Ok(symlinkat(target, &self.0, name)?)
    }

    /// Makes another name of the file that is called `other` in `of`.
    pub fn create_link(&self, name: &[u8], of: &Directory, other: &[u8]) -> io::Result<()> {
        check(name)?;
        check(other)?;
        Ok(linkat(&of.0, other, &self.0, name, AtFlags::empty())?)
    }

    /// Removes a name that is no directory's; of a link the link.
    pub fn remove_file(&self, name: &[u8]) -> io::Result<()> {
        check(name)?;
        Ok(unlinkat(&self.0, name, UnlinkatFlags::NoRemoveDir)?)
    }

    /// What has this name, no link followed.
    pub fn identity(&self, name: &[u8]) -> io::Result<Identity> {
        check(name)?;
        let stat = fstatat(&self.0, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        Ok(Identity { device: stat.st_dev, inode: stat.st_ino })
    }

    /// Whether a directory has this name, and no link to one.
    pub fn has_directory(&self, name: &[u8]) -> bool {
        check(name).is_ok() && openat(&self.0, name, WALK, Mode::empty()).is_ok()
    }

    /// Of a link, its own time.
    pub fn set_modified(&self, name: &[u8], modified: Modified) -> io::Result<()> {
        check(name)?;
        let time = time_spec(modified);
        Ok(utimensat(&self.0, name, &TimeSpec::UTIME_OMIT, &time, UtimensatFlags::NoFollowSymlink)?)
    }

    /// Of this directory: permissions and time, each where it is known.
    pub fn finish(&self, mode: Option<u16>, modified: Option<Modified>) -> io::Result<()> {
        finish(&self.0, mode, modified)
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
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::{MetadataExt, symlink};

    /// Both ways of the kernel, in a folder that has another beside it.
    fn both(test: impl Fn(&Path, Beneath)) {
        for is_old in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let inside = folder.path().join("inside");
            fs::create_dir(&inside).unwrap();
            let beneath = Beneath::open(&inside).unwrap();
            test(&inside, if is_old { beneath.without_openat2() } else { beneath });
        }
    }

    #[test]
    fn a_file_is_made_where_its_steps_lead() {
        both(|inside, beneath| {
            let root = beneath.directory(&[]).unwrap();
            root.create_directory(b"a", 0o700).unwrap();
            beneath.directory(&[b"a"]).unwrap().create_directory(b"b", 0o700).unwrap();
            let deep = beneath.directory(&[b"a", b"b"]).unwrap();
            let mut file = deep.create_file(b"c", 0o644).unwrap();
            file.write_all(b"x").unwrap();
            finish_file(&file, Some(0o4751), Some((86_400, 5))).unwrap();
            deep.finish(Some(0o555), Some((-5, 0))).unwrap();
            let made = fs::metadata(inside.join("a/b/c")).unwrap();
            assert_eq!((made.mode() & 0o7777, made.mtime(), made.mtime_nsec()), (0o751, 86_400, 5));
            assert_eq!(fs::metadata(inside.join("a/b")).unwrap().mtime(), -5);
            deep.finish(Some(0o700), None).unwrap();
        });
    }

    #[test]
    fn no_link_is_followed_out_or_anywhere() {
        both(|inside, beneath| {
            fs::create_dir(inside.join("real")).unwrap();
            symlink("..", inside.join("out")).unwrap();
            symlink("real", inside.join("near")).unwrap();
            symlink("/tmp/nowhere", inside.join("file")).unwrap();
            assert!(beneath.directory(&[b"out"]).is_err());
            assert!(beneath.directory(&[b"near"]).is_err());
            assert!(beneath.directory(&[b"near", b"x"]).is_err());
            let root = beneath.directory(&[]).unwrap();
            assert!(!root.has_directory(b"near") && root.has_directory(b"real"));
            let error = root.create_file(b"file", 0o644).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
            root.set_modified(b"out", (7, 0)).unwrap();
            assert_eq!(fs::symlink_metadata(inside.join("out")).unwrap().mtime(), 7);
        });
    }

    #[test]
    fn what_is_no_name_is_refused() {
        both(|inside, beneath| {
            let root = beneath.directory(&[]).unwrap();
            for name in [b"".as_slice(), b".", b"..", b"a/b", b"/etc", b"../x", b"a\0b"] {
                assert!(root.create_file(name, 0o644).is_err(), "{name:?}");
                assert!(root.create_directory(name, 0o755).is_err(), "{name:?}");
                assert!(root.create_symlink(name, b"x").is_err(), "{name:?}");
                assert!(beneath.directory(&[name]).is_err(), "{name:?}");
            }
            assert!(root.create_file(&[b'a'; 256], 0o644).is_err());
            assert_eq!(fs::read_dir(inside).unwrap().count(), 0);
            assert_eq!(fs::read_dir(inside.parent().unwrap()).unwrap().count(), 1);
        });
    }

    #[test]
    fn a_path_longer_than_the_kernel_takes_is_walked_in_pieces() {
        both(|_, beneath| {
            let name = [b'd'; 200];
            let mut steps: Vec<&[u8]> = Vec::new();
            for _ in 0..50 {
                beneath.directory(&steps).unwrap().create_directory(&name, 0o700).unwrap();
                steps.push(&name);
            }
            assert!(beneath.directory(&steps).is_ok());
        });
    }

    #[test]
    fn two_names_of_a_file_are_one_file() {
        both(|_, beneath| {
            let root = beneath.directory(&[]).unwrap();
            let file = root.create_file(b"a", 0o644).unwrap();
            root.create_link(b"b", &root, b"a").unwrap();
            assert_eq!(root.identity(b"b").unwrap(), identity_of(&file).unwrap());
            root.remove_file(b"a").unwrap();
            assert!(root.identity(b"a").is_err());
        });
    }
}
