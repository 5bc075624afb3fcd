//! This module knows device nodes: their numbers, and the folder of sysfs that describes each.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use nix::sys::stat::{major, minor};

/// Where the kernel shows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    pub sys: PathBuf,
    pub proc: PathBuf,
    pub dev: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { sys: "/sys".into(), proc: "/proc".into(), dev: "/dev".into() }
    }
}

/// The two doors to a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// `/dev/sr*`: a block device, which can be mounted.
    Block,
    /// `/dev/sg*`: a character device that carries commands and nothing else.
    Generic,
}

/// What the kernel knows a node by, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeNumber {
    pub kind: NodeKind,
    pub major: u64,
    pub minor: u64,
}

impl NodeNumber {
    /// The number of the node that a path leads to, links followed; `None` where it is no device.
    pub(super) fn of_path(path: &Path) -> io::Result<Option<Self>> {
        let metadata = fs::metadata(path)?;
        let kind = match metadata.file_type() {
            t if t.is_block_device() => NodeKind::Block,
            t if t.is_char_device() => NodeKind::Generic,
            _ => return Ok(None),
        };
        Ok(Some(Self { kind, major: major(metadata.rdev()), minor: minor(metadata.rdev()) }))
    }

    /// The folder of sysfs that describes this node, links resolved.
    pub(super) fn folder(self, roots: &Roots) -> io::Result<PathBuf> {
        let kind = match self.kind {
            NodeKind::Block => "block",
            NodeKind::Generic => "char",
        };
        roots.sys.join("dev").join(kind).join(self.to_string()).canonicalize()
    }
}

/// `11:0`, as the kernel writes it.
impl std::fmt::Display for NodeNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.major, self.minor)
    }
}

/// A node of a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// `/dev/sr0`
    pub path: PathBuf,
    /// `sr0`
    pub name: String,
    pub number: NodeNumber,
    /// Its folder in sysfs; empty where sysfs does not know it.
    pub(super) folder: PathBuf,
}

impl Node {
    /// The node that a folder of sysfs describes.
    pub(super) fn in_folder(folder: &Path, kind: NodeKind, roots: &Roots) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        let name = folder.file_name()?.to_str()?.to_owned();
        let (major, minor) = attribute(&folder, "dev")?
            .split_once(':')
            .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))?;
        Some(Self { path: roots.dev.join(&name), name, number: NodeNumber { kind, major, minor }, folder })
    }
}

/// The longest attribute that is read: identities and numbers are far shorter.
const LONGEST_ATTRIBUTE: u64 = 4096;

/// The text of a file of sysfs, without the spaces around it; `None` where there is no such file.
pub(super) fn attribute(folder: &Path, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    fs::File::open(folder.join(name)).ok()?.take(LONGEST_ATTRIBUTE).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim_matches([' ', '\n', '\0']).to_owned())
}

/// The same as a number.
pub(super) fn number(folder: &Path, name: &str) -> Option<u64> {
    attribute(folder, name)?.parse().ok()
}
