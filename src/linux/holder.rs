//! This module knows who else uses a drive, as far as the kernel shows it to this user.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::discover::DriveNodes;
use super::node::{Node, NodeNumber, Roots, attribute};

/// Something that uses a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Mount {
        at: PathBuf,
    },
    /// A program that has a node of the drive open, exclusively or not: the kernel does not say which.
    Program {
        pid: u32,
        name: String,
    },
    /// Another device of the kernel that stands upon this one: `dm-0`, `pktcdvd0`.
    Device {
        name: String,
    },
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Holder::Mount { at } => write!(f, "mounted on {}", at.display()),
            Holder::Program { pid, name } => write!(f, "{name} (process {pid})"),
            Holder::Device { name } => write!(f, "the kernel's {name}"),
        }
    }
}

/// Everybody but this process who uses the drive. Other users' programs are seen by root alone.
pub fn holders(nodes: &DriveNodes) -> Vec<Holder> {
    holders_in(&Roots::default(), nodes, std::process::id())
}

pub(super) fn holders_in(roots: &Roots, nodes: &DriveNodes, own_pid: u32) -> Vec<Holder> {
    let mut found: Vec<Holder> = mounts(roots, nodes).into_iter().map(|at| Holder::Mount { at }).collect();
    found.extend(nodes.block.iter().flat_map(|block| devices_upon(roots, block)));
    found.extend(programs(roots, nodes, own_pid));
    found
}

/// Where the disc in the drive is mounted, as this process sees the tree of files.
pub(super) fn mounts(roots: &Roots, nodes: &DriveNodes) -> Vec<PathBuf> {
    let (Some(block), Ok(file)) = (&nodes.block, fs::File::open(roots.proc.join("self/mountinfo"))) else {
        return Vec::new();
    };
    const LONGEST_TABLE: u64 = 16 << 20;
    let number = block.number.to_string();
    let lines = BufReader::new(file.take(LONGEST_TABLE)).split(b'\n').map_while(Result::ok);
    lines.filter_map(|line| mount_point(&line, &number)).collect()
}

/// The fifth field of a line whose third is `number`: `proc_pid_mountinfo(5)`.
fn mount_point(line: &[u8], number: &str) -> Option<PathBuf> {
    let mut fields = line.split(|&byte| byte == b' ').skip(2);
    let device = fields.next()?;
    let point = fields.nth(1)?;
    (device == number.as_bytes()).then(|| PathBuf::from(OsString::from_vec(unescaped(point))))
}

/// Space, tab, newline and backslash are written as a backslash and three octal digits.
fn unescaped(mut field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    while let Some((&byte, rest)) = field.split_first() {
        let escape = rest.split_first_chunk().filter(|_| byte == b'\\').and_then(|(digits, rest)| {
            let digits: &[u8; 3] = digits;
            let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
            Some((u8::from_str_radix(digits, 8).ok()?, rest))
        });
        let (byte, rest) = escape.unwrap_or((byte, rest));
        out.push(byte);
        field = rest;
    }
    out
}

fn devices_upon(roots: &Roots, block: &Node) -> Vec<Holder> {
    let entries = fs::read_dir(block.folder.join("holders")).into_iter().flatten().take(64);
    let upon = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let packet = attribute(&roots.sys.join("class/pktcdvd"), "device_map").unwrap_or_default();
    let number = block.number.to_string();
    // `pktcdvd0 254:0 11:0`
    let packet = packet.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let name = fields.next()?;
        (fields.nth(1)? == number).then(|| name.to_owned())
    });
    let mut found: Vec<Holder> = upon.chain(packet).map(|name| Holder::Device { name }).collect();
    found.dedup();
    found
}

/// A machine has a few thousand processes, and a process a few hundred files.
const MOST_PROCESSES: usize = 65_536;
const MOST_FILES: usize = 4_096;

fn programs(roots: &Roots, nodes: &DriveNodes, own_pid: u32) -> Vec<Holder> {
    let entries = fs::read_dir(&roots.proc).into_iter().flatten().take(MOST_PROCESSES);
    let mut found: Vec<(u32, String)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let pid = entry.file_name().to_str()?.parse().ok().filter(|&pid| pid != own_pid)?;
            let folder = entry.path();
            has_open(&folder, roots, nodes).then(|| (pid, attribute(&folder, "comm").unwrap_or_default()))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(pid, name)| Holder::Program { pid, name }).collect()
}

fn has_open(process: &Path, roots: &Roots, nodes: &DriveNodes) -> bool {
    let files = fs::read_dir(process.join("fd")).into_iter().flatten().take(MOST_FILES);
    files.filter_map(Result::ok).any(|file| {
        let Ok(target) = fs::read_link(file.path()) else { return false };
        // Asking a file for its number may wait for a server; a device does not.
        nodes.nodes().any(|node| node.path == target)
            || target.starts_with(&roots.dev)
                && NodeNumber::of_path(&file.path()).is_ok_and(|number| number.is_some_and(|number| nodes.has(number)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::discover::drives_in;
    use super::super::fake_kernel::{FakeKernel, sg, sr};
    use super::*;

    const DEVICE: &str = "pci/ata3/host2/target2:0:0/2:0:0:0";

    fn drive(kernel: &FakeKernel) -> DriveNodes {
        let device = kernel.device(DEVICE, 5);
        kernel.node(&device, "sr0", sr(0));
        kernel.node(&device, "sg1", sg(1));
        drives_in(&kernel.roots).remove(0)
    }

    #[test]
    fn a_drive_nobody_uses_has_no_holders() {
        let kernel = FakeKernel::new();
        let nodes = drive(&kernel);
        assert_eq!(holders_in(&kernel.roots, &nodes, 1), []);
    }

    #[test]
    fn mounts_programs_and_devices_upon_it_are_found() {
        let kernel = FakeKernel::new();
        let nodes = drive(&kernel);
        kernel.mountinfo(
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
             36 22 11:0 / /media/me/MY\\040DISC\\134 ro,nosuid shared:2 - iso9660 /dev/sr0 ro\n\
             37 22 11:01 / /elsewhere ro - iso9660 /dev/sr1 ro\n",
        );
        let block = nodes.block.clone().unwrap();
        kernel.write(block.folder.join("holders/dm-0"), "");
        kernel.write(kernel.roots.sys.join("class/pktcdvd/device_map"), "pktcdvd0 254:0 11:0\npktcdvd1 254:1 11:1\n");
        let generic = kernel.roots.dev.join("sg1");
        kernel.program(77, "brasero", &[Path::new("/dev/null"), &generic]);
        kernel.program(9, "vlc", &[&block.path]);
        kernel.program(5, "sh", &[Path::new("/dev/null")]);
        kernel.program(4, "discwright", &[&block.path]);

        let found: Vec<String> = holders_in(&kernel.roots, &nodes, 4).iter().map(ToString::to_string).collect();
        let expected = [
            "mounted on /media/me/MY DISC\\",
            "the kernel's dm-0",
            "the kernel's pktcdvd0",
            "vlc (process 9)",
            "brasero (process 77)",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_escape_stays() {
        assert_eq!(unescaped(br"a\040b\9\0\777\134"), br"a b\9\0\777\");
    }
}
