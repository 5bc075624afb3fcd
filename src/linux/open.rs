//! This module knows how a drive is opened: with which rights, beside whom, and why it cannot be.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::unistd::{Gid, Group, Uid, User};

use super::discover::{DriveNodes, find_in, is_absence};
use super::holder::{Holder, holders_in, mounts};
use super::limits;
use super::node::{Node, NodeKind, NodeNumber, Roots};
use super::sg_io::SgIo;
use crate::clock::Clock;

/// What the drive is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A question or two, beside whoever else is there.
    Look,
    /// To read a whole disc: alone where that can be had; beside a mount otherwise; not beside another program.
    Rip,
    /// The same, to write to it.
    Record,
}

/// What the kernel will let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    ReadWrite,
    /// The node could be opened for reading only: the kernel refuses to lock the door, to set a speed, and to write.
    ReadOnly,
}

/// Who else may use the drive meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// No other program that asks for the drive properly, no mount, and the kernel does not poll.
    Sole,
    /// The disc is mounted there, and stays so.
    Mounted {
        at: Vec<PathBuf>,
    },
    Shared,
}

/// An open drive.
#[derive(Debug)]
pub struct OpenDrive {
    pub transport: SgIo,
    pub nodes: DriveNodes,
    pub rights: Rights,
    pub claim: Claim,
}

/// Whom a node belongs to, and who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRights {
    pub owner: String,
    pub group: String,
    /// Permission bits, as in 0660.
    pub mode: u32,
    pub callers_groups: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no {}", path.display())]
    NoSuchDevice { path: PathBuf },
    #[error("{} is not an optical drive but {instead}", path.display())]
    NotAnOpticalDrive { path: PathBuf, instead: &'static str },
    #[error("no right to open {} ({}:{} {:04o})", path.display(), rights.owner, rights.group, rights.mode)]
    NoPermission { path: PathBuf, rights: NodeRights },
    /// Not the node's mode but the system forbids it: what a container does.
    #[error("the system does not let this process open {}", path.display())]
    Forbidden { path: PathBuf },
    /// By somebody who asked for the drive alone; those found who may be it.
    #[error("{} is held by another program", path.display())]
    Held { path: PathBuf, by: Vec<Holder> },
    /// The kernel gave it up after errors that it could not mend.
    #[error("the kernel has taken {} offline", path.display())]
    Offline { path: PathBuf },
    #[error("cannot open {}", path.display())]
    System { path: PathBuf, source: io::Error },
}

/// Opens the drive behind either of its nodes, or behind any link to them.
pub fn open_drive(path: &Path, access: Access, clock: &dyn Clock) -> Result<OpenDrive, OpenError> {
    let roots = Roots::default();
    let (nodes, number) = find_in(&roots, path)?;
    let opener = Opener { roots: &roots, nodes: &nodes, clock, doors: &mut KernelDoors };
    let Opened { node, rights, claim, other_door } = opener.open(path, number, access)?;
    let max_transfer = limits::max_transfer(&node, number.kind, &nodes);
    Ok(OpenDrive { transport: SgIo::new(node, number.kind, max_transfer, other_door), nodes, rights, claim })
}

/// Whether others are kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Alone,
    WithOthers,
}

/// `open(2)`, so that a test can be the kernel.
trait Doors {
    fn open(&mut self, path: &Path, rights: Rights, sharing: Sharing) -> io::Result<File>;

    /// Whether the path of a node leads to that node: in a container it may lead nowhere.
    fn lead_to(&self, node: &Node) -> bool;
}

struct KernelDoors;

impl Doors for KernelDoors {
    /// Non-blocking: no wait for a disc, no tray that closes by itself. Close-on-exec is set by the standard library.
    fn open(&mut self, path: &Path, rights: Rights, sharing: Sharing) -> io::Result<File> {
        let alone = match sharing {
            Sharing::Alone => libc::O_EXCL,
            Sharing::WithOthers => 0,
        };
        OpenOptions::new()
            .read(true)
            .write(rights == Rights::ReadWrite)
            .custom_flags(libc::O_NONBLOCK | alone)
            .open(path)
    }

    fn lead_to(&self, node: &Node) -> bool {
        NodeNumber::of_path(&node.path).is_ok_and(|found| found == Some(node.number))
    }
}

/// udev's probe of a new disc holds the drive alone for a second or two.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(150);

struct Opener<'a> {
    roots: &'a Roots,
    nodes: &'a DriveNodes,
    clock: &'a dyn Clock,
    doors: &'a mut dyn Doors,
}

struct Opened {
    node: File,
    rights: Rights,
    claim: Claim,
    other_door: Option<File>,
}

/// How one node came open.
enum Door {
    Open { file: File, rights: Rights, claim: Claim },
    Held,
}

impl Opener<'_> {
    fn open(mut self, path: &Path, number: NodeNumber, access: Access) -> Result<Opened, OpenError> {
        let kind = number.kind;
        let failed = |error| failure(path, error, &self.nodes.state);
        if access == Access::Look {
            for tried in (0..TRIES).rev() {
                // Even a mere look is refused where another holds a /dev/sg* alone.
                match self.widest_rights(path, Sharing::WithOthers) {
                    Ok((node, rights)) => return Ok(Opened { node, rights, claim: Claim::Shared, other_door: None }),
                    Err(error) if is_busy(&error) && tried > 0 => self.clock.sleep(BETWEEN_TRIES),
                    Err(error) if is_busy(&error) => break,
                    Err(error) => return Err(failed(error)),
                }
            }
            return Err(self.held(path));
        }

        let Door::Open { file: node, rights, claim } = self.patiently(path, kind).map_err(failed)? else {
            return Err(self.held(path));
        };
        let other = match kind {
            NodeKind::Block => self.nodes.generic.clone(),
            NodeKind::Generic => self.nodes.block.clone(),
        };
        // That the other node cannot be opened for another reason is no hindrance.
        let other = other.filter(|other| self.doors.lead_to(other));
        let other = other.map(|other| self.patiently(&other.path, other.number.kind));
        let (claim, other_door) = match other {
            None | Some(Err(_)) => (claim, None),
            Some(Ok(Door::Held)) => return Err(self.held(path)),
            Some(Ok(Door::Open { claim: Claim::Sole, file, .. })) => (claim, Some(file)),
            Some(Ok(Door::Open { claim: Claim::Mounted { at }, .. })) => (Claim::Mounted { at }, None),
            // Somebody has a /dev/sg* open without a claim to it: a monitor, perhaps.
            Some(Ok(Door::Open { claim: Claim::Shared, .. })) => (claim, None),
        };
        Ok(Opened { node, rights, claim, other_door })
    }

    /// Tries for as long as a probe takes.
    fn patiently(&mut self, path: &Path, kind: NodeKind) -> io::Result<Door> {
        for _ in 1..TRIES {
            match self.alone_or_beside(path, kind)? {
                Door::Held => self.clock.sleep(BETWEEN_TRIES),
                open => return Ok(open),
            }
        }
        self.alone_or_beside(path, kind)
    }

    /// Alone; else beside a mount, or beside those who never claimed a /dev/sg* for themselves.
    fn alone_or_beside(&mut self, path: &Path, kind: NodeKind) -> io::Result<Door> {
        match self.widest_rights(path, Sharing::Alone) {
            Ok((file, rights)) => return Ok(Door::Open { file, rights, claim: Claim::Sole }),
            // The kernel grants a /dev/sg* alone only together with the right to write.
            Err(error) if kind == NodeKind::Generic && error.raw_os_error() == Some(libc::EPERM) => {}
            Err(error) if is_busy(&error) => {}
            Err(error) => return Err(error),
        }
        let claim = match (kind, mounts(self.roots, self.nodes)) {
            (NodeKind::Generic, _) => Claim::Shared,
            (NodeKind::Block, at) if at.is_empty() => return Ok(Door::Held),
            (NodeKind::Block, at) => Claim::Mounted { at },
        };
        match self.widest_rights(path, Sharing::WithOthers) {
            Ok((file, rights)) => Ok(Door::Open { file, rights, claim }),
            Err(error) if is_busy(&error) => Ok(Door::Held),
            Err(error) => Err(error),
        }
    }

    /// For reading alone where writing is not allowed; a kernel may forbid that for whatever is mounted, as busy.
    fn widest_rights(&mut self, path: &Path, sharing: Sharing) -> io::Result<(File, Rights)> {
        match self.doors.open(path, Rights::ReadWrite, sharing) {
            Ok(file) => Ok((file, Rights::ReadWrite)),
            Err(error) => {
                let forbidden = matches!(error.raw_os_error(), Some(libc::EACCES | libc::EROFS));
                if forbidden || is_busy(&error) && sharing == Sharing::WithOthers {
                    let file = self.doors.open(path, Rights::ReadOnly, sharing)?;
                    return Ok((file, Rights::ReadOnly));
                }
                Err(error)
            }
        }
    }

    fn held(&self, path: &Path) -> OpenError {
        OpenError::Held { path: path.to_owned(), by: holders_in(self.roots, self.nodes, std::process::id()) }
    }
}

fn is_busy(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EBUSY)
}

fn failure(path: &Path, error: io::Error, state: &str) -> OpenError {
    let path = path.to_owned();
    match error.raw_os_error() {
        Some(libc::ENXIO | libc::ENODEV) if state == "offline" => OpenError::Offline { path },
        _ if is_absence(&error) => OpenError::NoSuchDevice { path },
        Some(libc::EACCES) => match node_rights(&path) {
            Ok(rights) => OpenError::NoPermission { path, rights },
            Err(_) => OpenError::System { path, source: error },
        },
        Some(libc::EPERM) => OpenError::Forbidden { path },
        _ => OpenError::System { path, source: error },
    }
}

fn node_rights(path: &Path) -> io::Result<NodeRights> {
    let metadata = std::fs::metadata(path)?;
    let mut groups = nix::unistd::getgroups()?;
    groups.insert(0, nix::unistd::getegid());
    let mut callers_groups: Vec<String> = groups.into_iter().map(group_name).collect();
    let mut seen = std::collections::BTreeSet::new();
    callers_groups.retain(|name| seen.insert(name.clone()));
    Ok(NodeRights {
        owner: user_name(Uid::from_raw(metadata.uid())),
        group: group_name(Gid::from_raw(metadata.gid())),
        mode: metadata.mode() & 0o7777,
        callers_groups,
    })
}

/// The number where there is no name.
fn user_name(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}

fn group_name(gid: Gid) -> String {
    Group::from_gid(gid).ok().flatten().map_or_else(|| gid.to_string(), |group| group.name)
}

#[cfg(test)]
mod tests;
