//! This module knows how a file gets its name once it is whole, and not before: who kills the process leaves no half
//! file that could be taken for a whole one.
//!
//! Until then it has no name at all, and is gone with the process. Where a filesystem has no such files, its name says
//! that it is not whole, and a lock that somebody is at it; the next call puts its own in the place of what it finds.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, openat, renameat};
use nix::sys::stat::Mode;
use nix::unistd::linkat;

use super::{Directory, bits, check};

/// Names that are tried where others have the first ones.
const MOST_NAMES: u32 = 100;

/// What is known of files without names.
#[derive(Debug)]
pub(super) struct Nameless {
    are_made: AtomicBool,
    /// Before Linux 6.10 a name can be given through `/proc` alone, but by root.
    by_proc: AtomicBool,
}

/// What a file is called that is not whole yet.
#[derive(Debug)]
pub struct Draft(Option<Vec<u8>>);

impl Nameless {
    pub(super) fn new() -> Self {
        let can_be_named = Path::new("/proc/self/fd").exists();
        Self { are_made: AtomicBool::new(can_be_named), by_proc: AtomicBool::new(false) }
    }

    pub(super) fn give_up(&self) {
        self.are_made.store(false, Ordering::Relaxed);
    }
}

impl Directory {
    /// Makes a file to be written that has its name later, by [`publish`](Self::publish). `mode` is narrowed by the
    /// process's mask. `number` is another one for each file, and the same one in the next call.
    pub fn create_draft(&self, number: usize, mode: u16) -> io::Result<(File, Draft)> {
        if self.nameless.are_made.load(Ordering::Relaxed) {
            let flags = OFlag::O_WRONLY | OFlag::O_TMPFILE | OFlag::O_CLOEXEC;
            match openat(&self.fd, ".", flags, bits(mode)) {
                Ok(fd) => return Ok((File::from(fd), Draft(None))),
                // A filesystem that has none, or a kernel before 3.11.
                Err(Errno::EOPNOTSUPP | Errno::EISDIR | Errno::EINVAL | Errno::ENOENT) => self.nameless.give_up(),
                Err(error) => return Err(error.into()),
            }
        }
        for attempt in 1..=MOST_NAMES {
            let name = format!(".discwright-{number}-{attempt}.part").into_bytes();
            if let Some(file) = self.create_locked(&name, mode | 0o600)? {
                return Ok((file, Draft(Some(name))));
            }
        }
        Err(Errno::EEXIST.into())
    }

    /// `None` where somebody else is at a file of that name.
    fn create_locked(&self, name: &[u8], mode: u16) -> io::Result<Option<File>> {
        let file = match self.create_file(name, mode) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let Some(_left) = self.left_over(name) else { return Ok(None) };
                match self.remove_file(name).and_then(|()| self.create_file(name, mode)) {
                    Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
                        return Ok(None);
                    }
                    result => result?,
                }
            }
            result => result?,
        };
        match file.try_lock() {
            // Another process found it before it was locked, and removes it.
            Err(TryLockError::WouldBlock) => Ok(None),
            // Not every filesystem has locks.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
        }
    }

    /// The file of that name, locked, where nobody writes it any more.
    fn left_over(&self, name: &[u8]) -> Option<File> {
        let flags = OFlag::O_RDWR | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let file = File::from(openat(&self.fd, name, flags, Mode::empty()).ok()?);
        let is_left = file.metadata().is_ok_and(|metadata| metadata.is_file()) && file.try_lock().is_ok();
        is_left.then_some(file)
    }

    /// Gives its name to `file`, which is whole now. Where something has that name, that is an error, and the file
    /// is a draft still.
    pub fn publish(&self, file: &File, draft: &Draft, name: &[u8]) -> io::Result<()> {
        check(name)?;
        let published = match &draft.0 {
            None => self.link_nameless(file, name),
            Some(part) => self.rename_to_free(part, name),
        };
        Ok(published?)
    }

    /// Nobody wants it any more.
    pub fn discard(&self, draft: &Draft) {
        if let Some(part) = &draft.0 {
            // The next call would do it.
            let _ = self.remove_file(part);
        }
    }

    fn link_nameless(&self, file: &File, name: &[u8]) -> nix::Result<()> {
        if !self.nameless.by_proc.load(Ordering::Relaxed) {
            match linkat(file, "", &self.fd, name, AtFlags::AT_EMPTY_PATH) {
                Err(Errno::ENOENT) => self.nameless.by_proc.store(true, Ordering::Relaxed),
                result => return result,
            }
        }
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        linkat(AT_FDCWD, path.as_str(), &self.fd, name, AtFlags::AT_SYMLINK_FOLLOW)
    }

    fn rename_to_free(&self, from: &[u8], to: &[u8]) -> nix::Result<()> {
        match self.rename_if_free(from, to) {
            // Network filesystems know no such flag.
            Err(Errno::EINVAL | Errno::ENOSYS) => {}
            result => return result,
        }
        match linkat(&self.fd, from, &self.fd, to, AtFlags::empty()) {
            Ok(()) => {
                let _ = self.remove_file(from);
                return Ok(());
            }
            Err(Errno::EEXIST) => return Err(Errno::EEXIST),
            // No hard links either.
            Err(_) => {}
        }
        if self.identity(to).is_ok() {
            return Err(Errno::EEXIST);
        }
        renameat(&self.fd, from, &self.fd, to)
    }

    #[cfg(target_env = "gnu")]
    fn rename_if_free(&self, from: &[u8], to: &[u8]) -> nix::Result<()> {
        use nix::fcntl::{RenameFlags, renameat2};
        renameat2(&self.fd, from, &self.fd, to, RenameFlags::RENAME_NOREPLACE)
    }

    /// Other C libraries do not offer the call.
    #[cfg(not(target_env = "gnu"))]
    fn rename_if_free(&self, _from: &[u8], _to: &[u8]) -> nix::Result<()> {
        Err(Errno::ENOSYS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linux::beneath::Beneath;
    use std::fs;
    use std::io::Write;

    /// With files that have no name, through `/proc` too, and without such.
    fn each(test: impl Fn(&Path, Directory)) {
        for way in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let beneath = Beneath::open(folder.path()).unwrap();
            match way {
                0 => {}
                1 => beneath.nameless.by_proc.store(true, Ordering::Relaxed),
                _ => beneath.nameless.give_up(),
            }
            test(folder.path(), beneath.directory(&[]).unwrap());
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_draft_has_no_name_that_is_not_its_own() {
        each(|folder, directory| {
            let (mut file, draft) = directory.create_draft(7, 0o640).unwrap();
            file.write_all(b"whole").unwrap();
            assert!(names(folder).iter().all(|name| name == ".discwright-7-1.part"));
            directory.publish(&file, &draft, b"a").unwrap();
            assert_eq!(names(folder), ["a"]);
            assert_eq!(fs::read(folder.join("a")).unwrap(), b"whole");
        });
    }

    #[test]
    fn what_has_the_name_stays_and_the_draft_can_have_another() {
        each(|folder, directory| {
            fs::write(folder.join("a"), "mine").unwrap();
            let (file, draft) = directory.create_draft(7, 0o640).unwrap();
            let error = directory.publish(&file, &draft, b"a").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::read(folder.join("a")).unwrap(), b"mine");
            assert!(directory.publish(&file, &draft, b"../a").is_err());
            directory.publish(&file, &draft, b"b").unwrap();
            assert_eq!(names(folder), ["a", "b"]);
        });
    }

    #[test]
    fn a_draft_that_nobody_wants_leaves_nothing() {
        each(|folder, directory| {
            let (file, draft) = directory.create_draft(7, 0o640).unwrap();
            drop(file);
            directory.discard(&draft);
            assert!(names(folder).is_empty());
        });
    }

    #[test]
    fn what_a_killed_process_left_is_replaced_and_what_another_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Beneath::open(folder.path()).unwrap().without_nameless_files().directory(&[]).unwrap();
        fs::write(folder.path().join(".discwright-7-1.part"), "half").unwrap();
        let (file, draft) = directory.create_draft(7, 0o444).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 0);
        let (other, other_draft) = directory.create_draft(7, 0o444).unwrap();
        assert_eq!(names(folder.path()), [".discwright-7-1.part", ".discwright-7-2.part"]);
        directory.publish(&file, &draft, b"a").unwrap();
        directory.publish(&other, &other_draft, b"b").unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn what_is_no_file_is_not_taken_for_a_left_one() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Beneath::open(folder.path()).unwrap().without_nameless_files().directory(&[]).unwrap();
        fs::write(folder.path().join("precious"), "").unwrap();
        std::os::unix::fs::symlink("precious", folder.path().join(".discwright-7-1.part")).unwrap();
        fs::create_dir(folder.path().join(".discwright-7-2.part")).unwrap();
        directory.create_draft(7, 0o444).unwrap();
        assert_eq!(
            names(folder.path()),
            [".discwright-7-1.part", ".discwright-7-2.part", ".discwright-7-3.part", "precious"]
        );
    }
}
