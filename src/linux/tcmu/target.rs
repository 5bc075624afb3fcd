//! This module knows what is written to configfs for a process to be a drive, and how it is taken away again.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::mount::{MsFlags, mount};

use super::uio::device_called;
use crate::clock::Clock;
use crate::linux::discover::{self, DriveNodes};
use crate::linux::node::{Roots, attribute};

/// A number that nobody else is likely to give the folder that our backstores lie in.
const ADAPTER: u32 = 9660;
const PREFIX: &str = "discwright_";

/// What the kernel may use for data under way. More commands wait, as they do for a drive.
const DATA_AREA_MB: u32 = 16;

/// How long nodes take to appear, at the most.
const PATIENCE: Duration = Duration::from_secs(15);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("configfs cannot be mounted on {}", path.display())]
    NoConfigfs { path: PathBuf, source: io::Error },
    #[error("the kernel refuses {what} ({})", path.display())]
    Step { what: &'static str, path: PathBuf, source: io::Error },
    #[error("no {what} appears within {} s", PATIENCE.as_secs())]
    Absent { what: &'static str },
}

/// All that the kernel has of one attached drive. Making it and taking it away go step by step, and either way can be
/// begun wherever the other one stopped.
#[derive(Debug, Clone)]
pub struct Target {
    number: u32,
    config: PathBuf,
    roots: Roots,
}

impl Target {
    pub fn new(number: u32) -> Self {
        Self::in_roots(number, Path::new("/sys/kernel/config"), Roots::default())
    }

    fn in_roots(number: u32, config: &Path, roots: Roots) -> Self {
        Self { number, config: config.to_owned(), roots }
    }

    /// The numbers of those that the kernel has something of.
    pub fn existing() -> Vec<u32> {
        let adapter = Self::new(0).adapter();
        let entries = fs::read_dir(adapter).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut numbers: Vec<u32> = names.filter_map(|name| name.strip_prefix(PREFIX)?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Has configfs mounted where it is not, as it is on most machines.
    ///
    /// # Errors
    /// Where it cannot be, or the kernel shows no targets in it.
    pub fn mount_configfs() -> Result<(), TargetError> {
        let path = Self::new(0).config;
        if path.join("target").is_dir() {
            return Ok(());
        }
        mount(Some("configfs"), &path, Some("configfs"), MsFlags::empty(), None::<&str>)
            .map_err(|errno| TargetError::NoConfigfs { path, source: errno.into() })
    }

    /// Makes the device by which commands come, and tells which it is. The kernel gives up a command that is not
    /// answered within `time_out`.
    ///
    /// # Errors
    /// Where the kernel refuses a step; what was made until then stays.
    pub fn make_backstore(&self, time_out: Duration, clock: &dyn Clock) -> Result<PathBuf, TargetError> {
        let backstore = self.backstore();
        step("a backstore", &backstore, fs::create_dir_all)?;
        // Of no size that counts: the drive's own answers do. And nobody is to be asked over netlink.
        let control = format!(
            "dev_config={},dev_size=2048,hw_block_size=2048,hw_max_sectors=512,max_data_area_mb={DATA_AREA_MB},nl_reply_supported=-1",
            self.label()
        );
        step("its description", &backstore.join("control"), |path| fs::write(path, control))?;
        step("to enable it", &backstore.join("enable"), |path| fs::write(path, "1"))?;
        let seconds = time_out.as_secs().to_string();
        step("its time-out", &backstore.join("attrib/cmd_time_out"), |path| fs::write(path, seconds))?;
        // Older kernels say nothing of aborts.
        let _ = fs::write(backstore.join("attrib/tmr_notification"), "1");
        eventually(clock, "/dev/uio*", || self.uio())
    }

    /// The device by which commands come, where there is one.
    pub fn uio(&self) -> Option<PathBuf> {
        let name = format!("tcm-user/{ADAPTER}/{PREFIX}{}/{}", self.number, self.label());
        device_called(&self.roots, &name).filter(|path| path.exists())
    }

    /// Makes a drive of the backstore. The kernel asks it questions before this returns: somebody has to answer.
    ///
    /// # Errors
    /// Where the kernel refuses a step, or no drive appears; what was made until then stays.
    pub fn link(&self, clock: &dyn Clock) -> Result<DriveNodes, TargetError> {
        let group = self.group();
        step("a SCSI target", &self.lun(), fs::create_dir_all)?;
        step("its nexus", &group.join("nexus"), |path| fs::write(path, self.name()))?;
        step("its unit", &self.lun().join("drive"), |link| symlink(self.backstore(), link))?;
        let address = attribute(&group, "address").unwrap_or_default();
        let device = self.roots.sys.join("class/scsi_device").join(format!("{address}:0/device"));
        let has_generic = self.roots.sys.join("class/scsi_generic").is_dir();
        eventually(clock, "drive", || {
            let nodes = discover::of_device(&self.roots, &device)?;
            let complete = nodes.block.is_some() && (nodes.generic.is_some() || !has_generic);
            (complete && nodes.nodes().all(|node| node.path.exists())).then_some(nodes)
        })
    }

    /// Takes the drive away from the kernel, which asks it some last questions: somebody has to answer.
    ///
    /// # Errors
    /// Where the kernel refuses a step; the steps after that are not tried.
    pub fn unlink(&self) -> Result<(), TargetError> {
        let (group, lun) = (self.group(), self.lun());
        step("to take its unit away", &lun.join("drive"), |link| unless_absent(fs::remove_file(link)))?;
        take_away(&lun)?;
        take_away(&group)?;
        take_away(&self.target())
    }

    /// Takes away whatever there is of it, from the outside in. Nobody has to answer who unlinked it before.
    ///
    /// # Errors
    /// Where the kernel refuses a step; the steps after that are not tried.
    pub fn remove(&self) -> Result<(), TargetError> {
        self.unlink()?;
        take_away(&self.backstore())?;
        // Others may have something in these.
        for shared in [self.config.join("target/loopback"), self.adapter()] {
            let _ = fs::remove_dir(shared);
        }
        Ok(())
    }

    fn label(&self) -> String {
        format!("discwright/{}", self.number)
    }

    fn adapter(&self) -> PathBuf {
        self.config.join(format!("target/core/user_{ADAPTER}"))
    }

    fn backstore(&self) -> PathBuf {
        self.adapter().join(format!("{PREFIX}{}", self.number))
    }

    /// Sixteen digits, the first of which says that a vendor gave it.
    fn name(&self) -> String {
        format!("naa.5d15c{:011x}", self.number)
    }

    fn target(&self) -> PathBuf {
        self.config.join("target/loopback").join(self.name())
    }

    fn group(&self) -> PathBuf {
        self.target().join("tpgt_1")
    }

    fn lun(&self) -> PathBuf {
        self.group().join("lun/lun_0")
    }
}

fn step(what: &'static str, path: &Path, take: impl FnOnce(PathBuf) -> io::Result<()>) -> Result<(), TargetError> {
    take(path.to_owned()).map_err(|source| TargetError::Step { what, path: path.to_owned(), source })
}

fn take_away(folder: &Path) -> Result<(), TargetError> {
    step("to take it away", folder, |folder| unless_absent(fs::remove_dir(folder)))
}

fn unless_absent(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn eventually<T>(clock: &dyn Clock, what: &'static str, mut look: impl FnMut() -> Option<T>) -> Result<T, TargetError> {
    let end = clock.now().saturating_add(PATIENCE);
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if clock.now() > end {
            return Err(TargetError::Absent { what });
        }
        clock.sleep(BETWEEN_LOOKS);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fake_kernel::{FakeKernel, sg, sr};
    use super::*;
    use crate::clock::SimulatedClock;

    /// A folder in the place of configfs, which unlike it makes nothing by itself and keeps what is written.
    fn target(kernel: &FakeKernel, number: u32) -> Target {
        let config = kernel.roots.sys.join("kernel/config");
        fs::create_dir_all(config.join("target")).unwrap();
        Target::in_roots(number, &config, kernel.roots.clone())
    }

    #[test]
    fn the_kernel_is_told_step_by_step() {
        let (kernel, clock) = (FakeKernel::new(), SimulatedClock::new());
        let target = target(&kernel, 18);
        let uio = kernel.roots.sys.join("class/uio/uio4/name");
        kernel.write(&uio, "tcm-user/9660/discwright_18/discwright/18\n");
        kernel.write(kernel.roots.dev.join("uio4"), "");
        fs::create_dir_all(target.backstore().join("attrib")).unwrap();
        let found = target.make_backstore(Duration::from_secs(60), &clock).unwrap();
        assert_eq!(found, kernel.roots.dev.join("uio4"));
        let told = |name: &str| fs::read_to_string(target.backstore().join(name)).unwrap();
        assert!(told("control").starts_with("dev_config=discwright/18,dev_size=2048,"), "{}", told("control"));
        assert_eq!((&*told("enable"), &*told("attrib/cmd_time_out")), ("1", "60"));

        kernel.write(target.group().join("address"), "3:0:1\n");
        let device = kernel.device("virtual/host3/target3:0:1/3:0:1:0", 5);
        kernel.node(&device, "sr2", sr(2));
        kernel.node(&device, "sg7", sg(7));
        let class = kernel.roots.sys.join("class/scsi_device/3:0:1:0");
        fs::create_dir_all(&class).unwrap();
        symlink(&device, class.join("device")).unwrap();
        let nodes = target.link(&clock).unwrap();
        assert_eq!(nodes.block.map(|node| node.name).as_deref(), Some("sr2"));
        assert_eq!(nodes.generic.map(|node| node.name).as_deref(), Some("sg7"));
        assert_eq!(fs::read_to_string(target.group().join("nexus")).unwrap(), "naa.5d15c00000000012");
        assert_eq!(fs::read_link(target.lun().join("drive")).unwrap(), target.backstore());
    }

    #[test]
    fn a_drive_that_does_not_appear_is_waited_for_and_then_missed() {
        let (kernel, clock) = (FakeKernel::new(), SimulatedClock::new());
        let error = target(&kernel, 0).link(&clock).unwrap_err();
        assert_eq!(error.to_string(), "no drive appears within 15 s");
        assert!(clock.now() > PATIENCE);
    }

    #[test]
    fn where_the_kernel_refuses_a_step_it_is_named() {
        let kernel = FakeKernel::new();
        let error = target(&kernel, 0).make_backstore(Duration::ZERO, &SimulatedClock::new()).unwrap_err();
        // A folder that makes no attributes by itself.
        assert!(error.to_string().starts_with("the kernel refuses its time-out ("), "{error}");
    }

    #[test]
    fn whatever_was_made_is_taken_away_and_what_others_made_stays() {
        let kernel = FakeKernel::new();
        let (ours, other) = (target(&kernel, 1), target(&kernel, 2));
        // Nothing at all, a backstore alone, a target without its unit, everything.
        for depth in 0..4 {
            fs::create_dir_all(other.backstore()).unwrap();
            if depth > 0 {
                fs::create_dir_all(ours.backstore()).unwrap();
            }
            if depth > 1 {
                fs::create_dir_all(ours.lun()).unwrap();
            }
            if depth > 2 {
                symlink(ours.backstore(), ours.lun().join("drive")).unwrap();
            }
            // Configfs makes and removes this one by itself.
            let _ = fs::remove_dir(ours.group().join("lun"));
            match ours.remove() {
                Ok(()) => {}
                Err(TargetError::Step { path, .. }) if path == ours.group() => {
                    fs::remove_dir(ours.group().join("lun")).unwrap();
                    ours.remove().unwrap();
                }
                Err(error) => panic!("{depth}: {error}"),
            }
            assert!(!ours.backstore().exists() && !ours.target().exists() && other.backstore().exists(), "{depth}");
        }
        other.remove().unwrap();
        assert!(!other.adapter().exists());
    }
}
