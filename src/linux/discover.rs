//! This module knows which optical drives the kernel has, and which nodes belong to the same one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::node::{Node, NodeKind, NodeNumber, Roots, attribute, number};
use super::open::OpenError;
use crate::sector::SectorCount;

/// How a drive is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bus {
    /// Identifiers of the drive or of the bridge that it sits behind; megabits a second.
    Usb {
        vendor: String,
        product: String,
        speed_mbit_s: Option<u64>,
    },
    Ata,
    FireWire,
    Iscsi,
    Virtio,
    Other,
}

/// One drive as the kernel shows it, with one or both of its nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveNodes {
    /// `/dev/sr*`
    pub block: Option<Node>,
    /// `/dev/sg*`
    pub generic: Option<Node>,
    /// Strings of its INQUIRY answer, which can be read without permission to use the drive; empty where unknown.
    pub vendor: String,
    pub product: String,
    pub revision: String,
    pub bus: Bus,
    /// What the kernel thinks of the connection: `running`, `offline`, ..; empty where unknown.
    pub state: String,
}

impl DriveNodes {
    /// The node to use where the user named none.
    pub fn node(&self) -> Option<&Node> {
        self.block.as_ref().or(self.generic.as_ref())
    }

    /// The size that the kernel found when it last looked, in sectors; `None` where it could not tell.
    pub fn kernel_sectors(&self) -> Option<SectorCount> {
        /// What the kernel shows when the drive did not answer, in 512-byte units.
        const UNKNOWN: u64 = 0x1F_FFFF;
        let size = number(&self.block.as_ref()?.folder, "size")?;
        let sectors = u32::try_from(size / 4).ok()?;
        (size != 0 && size != UNKNOWN).then_some(SectorCount(sectors))
    }

    pub(super) fn has(&self, number: NodeNumber) -> bool {
        self.nodes().any(|node| node.number == number)
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.block.iter().chain(self.generic.iter())
    }
}

/// All optical drives, in the order of their numbers. Needs no permission.
pub fn drives() -> Vec<DriveNodes> {
    drives_in(&Roots::default())
}

pub(super) fn drives_in(roots: &Roots) -> Vec<DriveNodes> {
    let mut found: Vec<DriveNodes> = Vec::new();
    for (class, kind) in [("block", NodeKind::Block), ("scsi_generic", NodeKind::Generic)] {
        for folder in folders_in(&roots.sys.join("class").join(class)) {
            let Some(node) = Node::in_folder(&folder, kind, roots) else { continue };
            if is_optical(&node) == Some(true) && !found.iter().any(|drive| drive.has(node.number)) {
                found.push(around(node, roots));
            }
        }
    }
    found
}

/// The drive that a path leads to: either node, `/dev/cdrom`, a by-id link, a node of any other name.
pub fn find(path: &Path) -> Result<DriveNodes, OpenError> {
    find_in(&Roots::default(), path).map(|(nodes, _)| nodes)
}

pub(super) fn find_in(roots: &Roots, path: &Path) -> Result<(DriveNodes, NodeNumber), OpenError> {
    let path = path.to_owned();
    let number = match NodeNumber::of_path(&path) {
        Ok(Some(number)) => number,
        Ok(None) => {
            let instead = if path.is_dir() { "a folder" } else { "a file" };
            return Err(OpenError::NotAnOpticalDrive { path, instead });
        }
        Err(error) if is_absence(&error) => return Err(OpenError::NoSuchDevice { path }),
        Err(source) => return Err(OpenError::System { path, source }),
    };
    by_number(roots, number, &path).map(|nodes| (nodes, number))
}

pub(super) fn is_absence(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR | libc::ENXIO | libc::ENODEV))
}

/// Majors that the kernel gives to `sr` and `sg`, where sysfs cannot be asked.
const SR_MAJOR: u64 = 11;
const SG_MAJOR: u64 = 21;

fn by_number(roots: &Roots, number: NodeNumber, path: &Path) -> Result<DriveNodes, OpenError> {
    let not_optical = |instead| Err(OpenError::NotAnOpticalDrive { path: path.to_owned(), instead });
    let known = number.folder(roots).ok().and_then(|folder| Node::in_folder(&folder, number.kind, roots));
    let is_ours = match number.kind {
        NodeKind::Block => number.major == SR_MAJOR,
        NodeKind::Generic => number.major == SG_MAJOR,
    };
    let (node, optical) = match known {
        Some(node) => {
            let optical = is_optical(&node);
            (node, optical)
        }
        None => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (Node { path: path.to_owned(), name, number, folder: PathBuf::new() }, None)
        }
    };
    match (optical, number.kind) {
        (Some(true), _) => Ok(around(node, roots)),
        // The drive's own answer to INQUIRY will tell.
        (None, _) if is_ours => Ok(around(node, roots)),
        (Some(false), _) => not_optical("a SCSI or ATA device of another kind"),
        (None, NodeKind::Block) => not_optical("another block device"),
        (None, NodeKind::Generic) => not_optical("another character device"),
    }
}

/// By the peripheral device type: 5 is a CD, DVD or BD drive, 4 an old one that writes once. `None` where there is none.
fn is_optical(node: &Node) -> Option<bool> {
    // A disk has a `device` folder too, and a SCSI one a `type` in it.
    let kind = number(&node.folder, "device/type")?;
    let driven = node.number.kind == NodeKind::Generic || node.name.starts_with("sr");
    Some(driven && (kind == 5 || kind == 4))
}

/// The drive that a device of the SCSI layer is, once it has a node.
pub(super) fn of_device(roots: &Roots, device: &Path) -> Option<DriveNodes> {
    let node = |class: &str, kind| {
        let folder = folders_in(&device.join(class)).into_iter().next()?;
        Node::in_folder(&folder, kind, roots)
    };
    let node = node("block", NodeKind::Block).or_else(|| node("scsi_generic", NodeKind::Generic))?;
    Some(around(node, roots))
}

/// The drive that a node belongs to.
fn around(node: Node, roots: &Roots) -> DriveNodes {
    let device = node.folder.join("device");
    let sibling = |class: &str, kind| {
        let folder = folders_in(&device.join(class)).into_iter().next()?;
        Node::in_folder(&folder, kind, roots)
    };
    let (block, generic) = match node.number.kind {
        NodeKind::Block => {
            let generic = sibling("scsi_generic", NodeKind::Generic);
            (Some(node), generic)
        }
        NodeKind::Generic => (sibling("block", NodeKind::Block), Some(node)),
    };
    let text = |name| attribute(&device, name).unwrap_or_default();
    DriveNodes {
        block,
        generic,
        vendor: text("vendor"),
        product: text("model"),
        revision: text("rev"),
        bus: bus_of(&device),
        state: text("state"),
    }
}

fn bus_of(device: &Path) -> Bus {
    let Ok(device) = device.canonicalize() else { return Bus::Other };
    let has = |prefix: &str| {
        device
            .iter()
            .filter_map(|part| part.to_str())
            .any(|part| part.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
    };
    if has("usb") {
        let bridge = device.ancestors().find(|folder| folder.join("idVendor").exists()).unwrap_or(&device);
        let text = |name| attribute(bridge, name).unwrap_or_default();
        Bus::Usb { vendor: text("idVendor"), product: text("idProduct"), speed_mbit_s: number(bridge, "speed") }
    } else if has("ata") {
        Bus::Ata
    } else if has("fw") {
        Bus::FireWire
    } else if has("session") {
        Bus::Iscsi
    } else if has("virtio") {
        Bus::Virtio
    } else {
        Bus::Other
    }
}

/// More entries than any machine has drives and disks.
const MOST_ENTRIES: usize = 16_384;

/// What a folder holds, `sr2` before `sr10`; nothing where there is no such folder.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().take(MOST_ENTRIES);
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort_by_cached_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let digits = name.len().saturating_sub(letters.len());
        (letters, digits, name)
    });
    paths
}

#[cfg(test)]
mod tests {
    use super::super::fake_kernel::{FakeKernel, sg, sr};
    use super::*;

    const USB: &str = "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0";
    const ATA: &str = "pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0";

    fn names(drives: &[DriveNodes]) -> Vec<(Option<&str>, Option<&str>)> {
        let name =
            |node: &Option<Node>| -> Option<&'static str> { node.as_ref().map(|node| &*node.name.clone().leak()) };
        drives.iter().map(|drive| (name(&drive.block), name(&drive.generic))).collect()
    }

    #[test]
    fn each_drive_is_found_once_with_both_its_nodes() {
        let kernel = FakeKernel::new();
        let usb = kernel.device(USB, 5);
        kernel.write(usb.join("../../../../idVendor"), "0e8d\n");
        kernel.write(usb.join("../../../../idProduct"), "1887\n");
        kernel.write(usb.join("../../../../speed"), "480\n");
        kernel.node(&usb, "sr10", sr(10));
        kernel.node(&usb, "sg3", sg(3));
        let ata = kernel.device(ATA, 5);
        kernel.node(&ata, "sr2", sr(2));
        kernel.node(&ata, "sg1", sg(1));
        let disk = kernel.device("pci/ata1/host0/target0:0:0/0:0:0:0", 0);
        kernel.node(&disk, "sg0", sg(0));

        let drives = drives_in(&kernel.roots);
        assert_eq!(names(&drives), [(Some("sr2"), Some("sg1")), (Some("sr10"), Some("sg3"))]);
        let [ata, usb] = drives.as_slice() else { panic!("{drives:?}") };
        assert_eq!(ata.bus, Bus::Ata);
        let bridge = Bus::Usb { vendor: "0e8d".into(), product: "1887".into(), speed_mbit_s: Some(480) };
        assert_eq!(usb.bus, bridge);
        assert_eq!((&*usb.vendor, &*usb.product, &*usb.revision), ("HL-DT-ST", "BD-RE BU40N", "1.03"));
        assert_eq!(usb.node().map(|node| node.path.clone()), Some(kernel.roots.dev.join("sr10")));
    }

    #[test]
    fn one_kind_of_node_is_enough() {
        let kernel = FakeKernel::new();
        kernel.node(&kernel.device(USB, 5), "sg0", sg(0));
        kernel.node(&kernel.device(ATA, 4), "sr0", sr(0));
        assert_eq!(names(&drives_in(&kernel.roots)), [(Some("sr0"), None), (None, Some("sg0"))]);
    }

    #[test]
    fn a_machine_without_sysfs_has_no_drives() {
        let kernel = FakeKernel::new();
        assert_eq!(drives_in(&kernel.roots), []);
    }

    #[test]
    fn either_number_leads_to_the_pair() {
        let kernel = FakeKernel::new();
        let device = kernel.device(ATA, 5);
        kernel.node(&device, "sr0", sr(0));
        kernel.node(&device, "sg4", sg(4));
        let by = |number| by_number(&kernel.roots, number, Path::new("/dev/some-link")).unwrap();
        assert_eq!(by(sr(0)), by(sg(4)));
        assert_eq!(names(&[by(sg(4))]), [(Some("sr0"), Some("sg4"))]);
    }

    #[test]
    fn what_is_no_optical_drive_is_called_what_it_is() {
        let kernel = FakeKernel::new();
        let disk = kernel.device(ATA, 0);
        kernel.node(&disk, "sg0", sg(0));
        let of = |kind, major, minor| {
            let error = by_number(&kernel.roots, NodeNumber { kind, major, minor }, Path::new("/dev/it")).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            of(NodeKind::Generic, 21, 0),
            "/dev/it is not an optical drive but a SCSI or ATA device of another kind"
        );
        assert_eq!(of(NodeKind::Block, 7, 0), "/dev/it is not an optical drive but another block device");
        assert_eq!(of(NodeKind::Generic, 1, 3), "/dev/it is not an optical drive but another character device");
        let file = kernel.roots.dev.join("file");
        kernel.write(&file, "");
        assert!(matches!(find_in(&kernel.roots, &file), Err(OpenError::NotAnOpticalDrive { .. })));
        let missing = kernel.roots.dev.join("sr7");
        assert!(matches!(find_in(&kernel.roots, &missing), Err(OpenError::NoSuchDevice { .. })));
    }

    #[test]
    fn a_node_is_believed_where_sysfs_is_hidden() {
        let kernel = FakeKernel::new();
        let nodes = by_number(&kernel.roots, sr(1), Path::new("/dev/sr1")).unwrap();
        assert_eq!((nodes.node().map(|n| &*n.name), nodes.kernel_sectors()), (Some("sr1"), None));
    }

    #[test]
    fn the_kernels_size_is_a_claim_unless_it_is_its_guess() {
        let kernel = FakeKernel::new();
        let folder = kernel.node(&kernel.device(ATA, 5), "sr0", sr(0));
        for (size, sectors) in [("9193984\n", Some(SectorCount(2_298_496))), ("2097151\n", None), ("0\n", None)] {
            kernel.write(folder.join("size"), size);
            let nodes = by_number(&kernel.roots, sr(0), Path::new("/dev/sr0")).unwrap();
            assert_eq!(nodes.kernel_sectors(), sectors);
        }
    }
}
