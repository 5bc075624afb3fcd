//! This module knows how to build trees that look like sysfs and procfs, for tests.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::node::{NodeKind, NodeNumber, Roots};

pub(super) struct FakeKernel {
    _folder: tempfile::TempDir,
    pub roots: Roots,
}

pub(super) fn sr(minor: u64) -> NodeNumber {
    NodeNumber { kind: NodeKind::Block, major: 11, minor }
}

pub(super) fn sg(minor: u64) -> NodeNumber {
    NodeNumber { kind: NodeKind::Generic, major: 21, minor }
}

impl FakeKernel {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = |name| {
            let path = folder.path().canonicalize().unwrap().join(name);
            fs::create_dir(&path).unwrap();
            path
        };
        let roots = Roots { sys: root("sys"), proc: root("proc"), dev: root("dev") };
        Self { _folder: folder, roots }
    }

    pub fn write(&self, path: impl AsRef<Path>, text: &str) {
        fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: PathBuf, target: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// A device of this type at `bus/address`, with no nodes yet.
    pub fn device(&self, at: &str, kind: u8) -> PathBuf {
        let device = self.roots.sys.join("devices").join(at);
        self.write(device.join("type"), &format!("{kind}\n"));
        self.write(device.join("vendor"), "HL-DT-ST\n");
        self.write(device.join("model"), "BD-RE BU40N    \n");
        self.write(device.join("rev"), "1.03\n");
        self.write(device.join("state"), "running\n");
        device
    }

    /// A node of it, and its folder.
    pub fn node(&self, device: &Path, name: &str, number: NodeNumber) -> PathBuf {
        let (class, numbers) = match number.kind {
            NodeKind::Block => ("block", "block"),
            NodeKind::Generic => ("scsi_generic", "char"),
        };
        let folder = device.join(class).join(name);
        self.write(folder.join("dev"), &format!("{number}\n"));
        self.link(folder.join("device"), device);
        self.link(self.roots.sys.join("class").join(class).join(name), &folder);
        self.link(self.roots.sys.join("dev").join(numbers).join(number.to_string()), &folder);
        self.write(self.roots.dev.join(name), "");
        folder
    }

    pub fn program(&self, pid: u32, name: &str, open: &[&Path]) {
        let folder = self.roots.proc.join(pid.to_string());
        self.write(folder.join("comm"), &format!("{name}\n"));
        for (descriptor, target) in open.iter().enumerate() {
            self.link(folder.join("fd").join(descriptor.to_string()), target);
        }
    }

    pub fn mountinfo(&self, text: &str) {
        self.write(self.roots.proc.join("self/mountinfo"), text);
    }
}
