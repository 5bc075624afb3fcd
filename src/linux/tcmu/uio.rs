//! This module knows `/dev/uioN`: how the kernel says that commands wait, and is told that they were answered.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::memory::Mapping;
use crate::linux::node::{Roots, attribute};

/// How the two sides of a ring wake each other.
pub trait Doorbell {
    /// Tells the kernel that commands were answered.
    fn ring(&mut self) -> io::Result<()>;

    /// Returns once commands may be there, after `patience` at the latest, and also where a signal came.
    fn wait(&mut self, patience: Duration) -> io::Result<()>;
}

/// An open `/dev/uioN`.
#[derive(Debug)]
pub struct Uio {
    file: File,
}

impl Uio {
    /// Opens the device and maps the memory behind it.
    pub fn open(path: &Path) -> io::Result<(Self, Mapping)> {
        Self::open_in(&Roots::default(), path)
    }

    fn open_in(roots: &Roots, path: &Path) -> io::Result<(Self, Mapping)> {
        let name = path.file_name().unwrap_or_default();
        let folder = roots.sys.join("class/uio").join(name).join("maps/map0");
        let size = attribute(&folder, "size").unwrap_or_default();
        let size = size.strip_prefix("0x").and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let size = size.and_then(NonZeroUsize::new).ok_or_else(|| io::Error::other("it has no memory to map"))?;
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mapping = Mapping::of(&file, size)?;
        Ok((Self { file }, mapping))
    }
}

impl Doorbell for Uio {
    fn ring(&mut self) -> io::Result<()> {
        self.file.write_all(&0_u32.to_ne_bytes())
    }

    fn wait(&mut self, patience: Duration) -> io::Result<()> {
        let patience = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(self.file.as_fd(), PollFlags::POLLIN)], patience) {
            Ok(0) | Err(Errno::EINTR) => Ok(()),
            // The count of events, which the next wait is for a change of.
            Ok(_) => self.file.read_exact(&mut [0; 4]),
            Err(error) => Err(error.into()),
        }
    }
}

/// The device whose name in sysfs is `name`.
pub(super) fn device_called(roots: &Roots, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(roots.sys.join("class/uio")).ok()?;
    let mut folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let folder = folders.find(|folder| attribute(folder, "name").as_deref() == Some(name))?;
    Some(roots.dev.join(folder.file_name()?))
}

#[cfg(test)]
mod tests {
    use super::super::super::fake_kernel::FakeKernel;
    use super::*;

    #[test]
    fn a_device_is_found_by_its_name() {
        let kernel = FakeKernel::new();
        for (number, name) in [("uio0", "tcm-user/0/other/x"), ("uio3", "tcm-user/9/mine/x")] {
            kernel.write(kernel.roots.sys.join("class/uio").join(number).join("name"), &format!("{name}\n"));
        }
        assert_eq!(device_called(&kernel.roots, "tcm-user/9/mine/x"), Some(kernel.roots.dev.join("uio3")));
        assert_eq!(device_called(&kernel.roots, "tcm-user/9/mine"), None);
    }

    #[test]
    fn the_memory_is_as_large_as_sysfs_says() {
        let kernel = FakeKernel::new();
        let (map, node) = (kernel.roots.sys.join("class/uio/uio0/maps/map0/size"), kernel.roots.dev.join("uio0"));
        kernel.write(&node, &"x".repeat(8192));
        assert!(Uio::open_in(&kernel.roots, &node).is_err());
        kernel.write(&map, "0x0000000000002000\n");
        let (_, memory) = Uio::open_in(&kernel.roots, &node).unwrap();
        assert_eq!(super::super::SharedMemory::bytes(&memory), 8192);
    }
}
