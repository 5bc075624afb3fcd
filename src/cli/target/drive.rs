//! This module knows how each kind of drive is opened: of this machine, in software, or recorded.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::trace::{Existing, Tracing, wrapped};
use super::{How, OpenedDrive, Word};
use crate::cli::exit::Exit;
use crate::cli::explain::{open_failure, scene_failure, source_failure};
use crate::cli::failure::Failure;
use crate::cli::run::Session;
use crate::clock::{Clock, SimulatedClock};
use crate::drive::Drive;
use crate::event::About;
use crate::linux::{self, Access, Claim, DriveNodes, Rights};
use crate::scsi::Transport;
use crate::scsi::trace::TraceOptions;
use crate::scsi::wrap::{ImageReader, Player};
use crate::virtual_drive::{Scene, SceneError};

/// What carries commands, before anything is put around it.
struct Link {
    transport: Box<dyn Transport>,
    nodes: Option<DriveNodes>,
    notices: Vec<(About, String)>,
    clock: Arc<dyn Clock>,
}

pub(super) fn open(word: &Word, name: &OsStr, how: How<'_>, session: &Session) -> Result<OpenedDrive, Failure> {
    let tracing = how.trace.map(|path| Tracing { path, existing: Existing::Refuse, options: TraceOptions::default() });
    open_with(word, name, how, tracing, |transport| transport, session)
}

/// The same, with `around` put around all that carries commands.
pub(super) fn open_with(
    word: &Word,
    name: &OsStr,
    how: How<'_>,
    tracing: Option<Tracing<'_>>,
    around: impl FnOnce(Box<dyn Transport>) -> Box<dyn Transport>,
    session: &Session,
) -> Result<OpenedDrive, Failure> {
    let link = link(word, how, session)?;
    let transport = around(wrapped(link.transport, &link.clock, tracing, session)?);
    let mut drive = Drive::new(transport, Arc::clone(&link.clock));
    drive.heed(Arc::clone(session.signals.stop()));
    Ok(OpenedDrive {
        drive,
        name: name.to_string_lossy().into_owned(),
        nodes: link.nodes,
        notices: link.notices,
        clock: link.clock,
    })
}

fn link(word: &Word, how: How<'_>, session: &Session) -> Result<Link, Failure> {
    match word {
        Word::Device(path) => device(path, how, session),
        Word::Demo => in_software(Path::new("demo"), Ok(Scene::demo())),
        Word::DiscFile(path) => in_software(path, Scene::load(path)),
        Word::DiscOfImage(path) => in_software(path, Ok(Scene::for_image(path))),
        Word::Trace(path) => recorded(path),
        Word::Image(path) => Err(super::image::not_a_drive(path)),
        Word::Stream => Err(super::image::no_stream()),
    }
}

fn device(path: &Path, how: How<'_>, session: &Session) -> Result<Link, Failure> {
    let opened = linux::open_drive(path, how.access, &*session.clock).map_err(|e| open_failure(&e))?;
    let mut notices = Vec::new();
    match opened.claim {
        Claim::Mounted { at } => {
            let at: Vec<String> = at.iter().map(|at| at.display().to_string()).collect();
            if how.access == Access::Record {
                let message = format!("{}: the disc is mounted on {}", path.display(), at.join(" and "));
                return Err(Failure::new(Exit::Refused, message).hint(format!("umount {}", at.join(" "))));
            }
            let text = format!("the disc is mounted on {}: other programs may slow this down", at.join(" and "));
            notices.push((About::Mounted, text));
        }
        Claim::Sole | Claim::Shared => {}
    }
    match opened.rights {
        Rights::ReadOnly if how.access == Access::Record => {
            let message = format!("no right to write to {}", path.display());
            return Err(Failure::new(Exit::Unavailable, message)
                .hint("join the group of the drive's node, or run as its owner"));
        }
        Rights::ReadOnly => {
            let text = format!(
                "{} could be opened for reading only: the tray cannot be locked, and no speed be set",
                path.display()
            );
            notices.push((About::Lock, text));
        }
        Rights::ReadWrite => {}
    }
    Ok(Link {
        transport: Box::new(opened.transport),
        nodes: Some(opened.nodes),
        notices,
        clock: Arc::clone(&session.clock),
    })
}

/// A drive in software that somebody else than this program may ask.
pub struct SoftwareDrive {
    pub transport: Box<dyn Transport>,
    /// What makes it again, from anywhere.
    pub word: OsString,
    /// The file that describes its disc.
    pub disc_file: Option<PathBuf>,
}

impl SoftwareDrive {
    /// The drive that `word` stands for; a file alone is a disc file, or an image.
    pub fn open(word: &OsStr) -> Result<Self, Failure> {
        let of = |word: &OsStr| Word::of(word).map_err(|e| source_failure(&e));
        let found = match of(word)? {
            Word::Image(path) => of(&virtually(&path))?,
            other => other,
        };
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (path, scene, disc_file) = match &found {
            Word::Demo => (PathBuf::from("demo"), Ok(Scene::demo()), None),
            Word::DiscFile(path) => (whole(path), Scene::load(&whole(path)), Some(whole(path))),
            Word::DiscOfImage(path) => (whole(path), Ok(Scene::for_image(&whole(path))), None),
            Word::Device(_) | Word::Trace(_) | Word::Image(_) | Word::Stream => {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("{} is no disc for a drive in software", word.display()),
                )
                .hint("DISC is a disc file, an image, or demo"));
            }
        };
        let drive = scene.and_then(|scene| scene.build(scene.clock())).map_err(|e| scene_failure(&path, &e))?;
        let word = if found == Word::Demo { "demo".into() } else { virtually(&path) };
        Ok(Self { transport: Box::new(drive), word, disc_file })
    }

    /// Writes down what it is asked, where somebody wants that.
    pub fn traced(self, trace: Option<&Path>, session: &Session) -> Result<Self, Failure> {
        let tracing = trace.map(|path| Tracing { path, existing: Existing::Refuse, options: TraceOptions::default() });
        Ok(Self { transport: wrapped(self.transport, &session.clock, tracing, session)?, ..self })
    }
}

fn virtually(path: &Path) -> OsString {
    let mut word = OsString::from("virtual:");
    word.push(path);
    word
}

fn in_software(path: &Path, scene: Result<Scene, SceneError>) -> Result<Link, Failure> {
    let failure = |e: SceneError| scene_failure(path, &e);
    let scene = scene.map_err(failure)?;
    let clock = scene.clock();
    let drive = scene.build(Arc::clone(&clock)).map_err(failure)?;
    Ok(Link { transport: Box::new(drive), nodes: None, notices: Vec::new(), clock })
}

/// Takes no longer than the processor does; measured times are those of the record.
fn recorded(path: &Path) -> Result<Link, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::new(Exit::Failed, format!("cannot read {}: {e}", path.display())))?;
    let image = match image_beside(path) {
        Some(image) => Some(reader(&image)?),
        None => None,
    };
    let player = Player::open(&text, image).map_err(|e| {
        Failure::new(Exit::Usage, format!("{}: {e}", path.display()))
            .hint("`discwright trace record` writes such files")
    })?;
    let clock: Arc<dyn Clock> = Arc::new(SimulatedClock::new());
    let transport = Box::new(player.at_the_pace_of(Arc::clone(&clock)));
    Ok(Link { transport, nodes: None, notices: Vec::new(), clock })
}

/// Where the sectors are of which the record has digests.
fn image_beside(trace: &Path) -> Option<PathBuf> {
    ["iso", "img"].into_iter().map(|ending| trace.with_extension(ending)).find(|path| path.is_file())
}

fn reader(path: &Path) -> Result<ImageReader, Failure> {
    let file =
        File::open(path).map_err(|e| Failure::new(Exit::Failed, format!("cannot open {}: {e}", path.display())))?;
    Ok(Box::new(move |offset, buffer| file.read_exact_at(buffer, offset)))
}
