//! This module knows the kernel's modules: which are there, and how one is asked for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What makes a drive of a process: [`Target`](super::Target) needs them all. In the order in which they can be unloaded.
pub const TARGET_MODULES: [&str; 3] = ["tcm_loop", "target_core_user", "target_core_mod"];

/// Loaded by `target_core_mod` on its own account, and in the way of unloading it.
const COMPANIONS: [&str; 3] = ["target_core_iblock", "target_core_file", "target_core_pscsi"];

#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    #[error("the kernel has no module {name}: {said}")]
    Missing { name: &'static str, said: String },
    #[error("modprobe cannot be run, which loads the module {name}")]
    NoModprobe { name: &'static str, source: io::Error },
}

/// Loads a module, unless it is there.
///
/// # Errors
/// Where the kernel that runs has no such module, or nobody may load one.
pub fn load(name: &'static str) -> Result<(), ModuleError> {
    if is_there(name) {
        return Ok(());
    }
    let output = Command::new(modprobe())
        .args(["--", name])
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ModuleError::NoModprobe { name, source })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default().trim();
    let said = said.strip_prefix("modprobe: FATAL: ").unwrap_or(said);
    Err(ModuleError::Missing { name, said: said.to_owned() })
}

/// Those modules of the target that are not there yet, with what they bring along.
pub fn absent() -> Vec<String> {
    let [first, second, last] = TARGET_MODULES;
    let all = [first, second].into_iter().chain(COMPANIONS).chain([last]);
    all.filter(|name| !is_there(name)).map(str::to_owned).collect()
}

/// Unloads modules in this order; those that somebody else uses by now stay.
pub fn unload(names: &[String]) {
    for name in names.iter().filter(|name| is_there(name)) {
        let _in_use = Command::new(modprobe()).args(["--quiet", "--remove", "--", name]).stdin(Stdio::null()).output();
    }
}

/// One that is built in and has no parameters does not show; asking for it does no harm.
fn is_there(name: &str) -> bool {
    Path::new("/sys/module").join(name).exists()
}

/// Where the kernel itself finds it.
fn modprobe() -> PathBuf {
    let path = fs::read_to_string("/proc/sys/kernel/modprobe").unwrap_or_default();
    let path = Path::new(path.trim());
    if path.is_file() { path.to_owned() } else { PathBuf::from("modprobe") }
}
