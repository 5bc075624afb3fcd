//! This module knows the subcommands, a file each.

pub mod burn;
pub mod completions;
pub mod drives;
pub mod eject;
pub mod files;
pub mod info;
pub mod load;
pub mod man;
pub mod rip;
pub mod trace;
pub mod upkeep;
pub mod verify;
pub mod virtual_drive;

use std::ffi::OsString;
use std::path::Path;

use super::exit::Exit;
use super::explain::against_failure;
use super::failure::Failure;
use super::quantity::counted;
use super::run::Session;
use super::target::OpenedDrive;
use crate::event::About;
use crate::filesystem::Image;
use crate::verify::{Against, Asked};

/// Everything that a person wants compared, read before the disc is.
fn load_against(paths: &[OsString]) -> Result<Vec<Against>, Failure> {
    let load = |path: &OsString| Against::load(Path::new(path), Asked::ByUser).map_err(|e| against_failure(&e));
    paths.iter().map(load).collect()
}

/// Of lists that are good for something all the same.
fn tell_bad_lines(against: &[Against], session: &Session) {
    for (path, list) in against.iter().filter_map(|against| Some((&against.path, against.list()?))) {
        let Some(first) = list.warnings().first() else { continue };
        let lines = counted(list.bad_lines().try_into().unwrap_or(u64::MAX), "line");
        let text = format!("{}: {first}; {lines} of it could not be read", path.display());
        session.notice(About::Catalogue, &text);
    }
}

/// A map is of an image: a drive tells by itself what does not read.
fn no_map_of_a_drive(map: Option<&Path>, drive: &OpenedDrive) -> Result<(), Failure> {
    let Some(map) = map else { return Ok(()) };
    let message = format!("{} would be the map of an image, and {} is a drive", map.display(), drive.name);
    Err(Failure::new(Exit::Usage, message).hint("leave --map out: what does not read is told anyway"))
}

/// Whether `image`, called `name`, has the session that was asked for.
fn session_is_there(asked: Option<u32>, image: &Image, name: &str) -> Result<(), Failure> {
    let (Some(number), None) = (asked, image.session) else { return Ok(()) };
    let all = counted(image.sessions.len() as u64, "session");
    Err(Failure::new(Exit::Usage, format!("{name} has {all}, and --session {number} is none of them")))
}
