//! This module knows what `ls`, `cat` and `extract` have in common: from a SOURCE to the tree of files in it.

mod cat;
mod extract;
mod listing;
mod ls;
#[cfg(test)]
mod tests;
mod told;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use clap::ValueEnum;

pub use cat::{Args as CatArgs, run as cat};
pub use extract::{Args as ExtractArgs, run as extract};
pub use ls::{Args as LsArgs, run as ls};

use super::{no_map_of_a_drive, session_is_there};
use crate::cli::describe::path_words;
use crate::cli::exit::Exit;
use crate::cli::explain::drive_failure;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::run::Session;
use crate::cli::target::{How, OpenedDrive, OpenedImage, Source, open_source};
use crate::drive::{DriveError, Protection};
use crate::event::About;
use crate::filesystem::{
    self, Content, FirstLook, Image, NodeId, Scope, Tree, TreeKind, VolumeKind, first_look, first_look_at_file,
};
use crate::image::{Disk, HoledImage, Opening, Storage};
use crate::sector::{Lba, SectorSource};

/// Which files of a SOURCE are meant.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// The names to go by, where the disc has several; default: the best of them
    #[arg(long, value_name = "TREE")]
    tree: Option<TreeName>,
    /// The session, counted from 1; default: the last
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    session: Option<u32>,
    /// The map of an image, where it does not lie beside it: ddrescue's format, or a plain list of bad sectors
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Record every command to the drive and its answer in FILE
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TreeName {
    /// ISO 9660: short names, as every system can read them
    Iso,
    /// Rock Ridge: names and rights of Unix
    Rr,
    /// Joliet: names of Windows
    Joliet,
    /// UDF
    Udf,
}

impl TreeName {
    fn kind(self) -> TreeKind {
        match self {
            TreeName::Iso => TreeKind::Iso9660,
            TreeName::Rr => TreeKind::RockRidge,
            TreeName::Joliet => TreeKind::Joliet,
            TreeName::Udf => TreeKind::Udf,
        }
    }

    fn words(self) -> &'static str {
        match self {
            TreeName::Iso => "ISO 9660",
            TreeName::Rr => "Rock Ridge",
            TreeName::Joliet => "Joliet",
            TreeName::Udf => "UDF",
        }
    }
}

/// A SOURCE whose files are known.
struct Opened<'a> {
    image: Image,
    source: &'a mut dyn SectorSource,
    /// In bytes.
    length: u64,
}

/// The tree that is meant.
fn tree_of(image: &Image) -> Result<&Tree, Failure> {
    let none = || Failure::new(Exit::Damaged, "there are no files in it that could be listed");
    image.trees.first().ok_or_else(none)
}

/// Opens `word`, reads what files there are, and does `work` with them.
fn with_files(word: &OsStr, which: &Which, session: &Session, work: impl FnOnce(Opened<'_>) -> Outcome) -> Outcome {
    match open_source(Some(word), How::looking(which.trace.as_ref()), session)? {
        Source::Image(image) => of_image(&image, which, session, work),
        Source::Drive(mut drive) => {
            no_map_of_a_drive(which.map.as_deref(), &drive)?;
            of_drive(&mut drive, which, session, work)
        }
    }
}

fn of_image(
    opened: &OpenedImage,
    which: &Which,
    session: &Session,
    work: impl FnOnce(Opened<'_>) -> Outcome,
) -> Outcome {
    let missing = opened.map(which.map.as_deref(), session)?.map(|(_, note)| note.ranges()).unwrap_or_default();
    let name = opened.path.display().to_string();
    let failed = |error: std::io::Error| Failure::new(Exit::Failed, format!("cannot read {name}: {error}"));
    let file = Disk.open(&opened.path, Opening::Reading).map_err(failed)?;
    let mut source = HoledImage::new(file.as_ref(), &missing).map_err(failed)?;
    let length = source.length();
    let outcome = read(&mut source, length, &[], which, &name, session).and_then(work);
    match source.take_failure() {
        Some((at, error)) => Err(Failure::new(Exit::Failed, format!("{name} cannot be read at byte {at}: {error}"))
            .hint("this is the disk that the image is on, and not the disc")),
        None => outcome,
    }
}

fn of_drive(
    opened: &mut OpenedDrive,
    which: &Which,
    session: &Session,
    work: impl FnOnce(Opened<'_>) -> Outcome,
) -> Outcome {
    for (about, text) in &opened.notices {
        session.notice(*about, text);
    }
    let name = opened.name.clone();
    let kernel = opened.nodes.as_ref().and_then(|nodes| nodes.kernel_sectors());
    let drive = &mut opened.drive;
    let failure = |error: DriveError| drive_failure(&error, &name, session.signals.received());
    let mut told = |awaiting| session.notice(About::Waiting, &format!("waiting for {awaiting}"));
    drive.wait_until_ready(session.signals.stop(), &mut told).map_err(failure)?;
    let mut medium = drive.examine().map_err(failure)?;
    if let Some(sectors) = kernel {
        medium.add_claim(crate::drive::ClaimSource::Kernel, sectors);
    }
    let no_files = |what: &str| Err(Failure::new(Exit::Unavailable, format!("{name}: {what}")));
    if medium.is_blank() {
        return no_files("the disc is blank");
    }
    if medium.is_audio() {
        return no_files("this is an audio disc: it has tracks, and no files");
    }
    if matches!(medium.protection, Some(Protection::Css | Protection::Aacs)) {
        session.notice(About::Drive, "the disc is protected: its files can be listed, and not all of them read");
    }
    let look = first_look(drive);
    let size = drive.settle_size(&medium, look.needed).map_err(failure)?;
    for note in drive.take_notes() {
        session.notice(About::Drive, &note.to_string());
    }
    let opened = read(drive, size.sectors.bytes(), &medium.session_starts(), which, &name, session)?;
    work(opened)
}

fn read<'a>(
    source: &'a mut dyn SectorSource,
    length: u64,
    session_starts: &[Lba],
    which: &Which,
    name: &str,
    session: &Session,
) -> Result<Opened<'a>, Failure> {
    let stop = || session.signals.stop().load(std::sync::atomic::Ordering::Relaxed);
    let options = filesystem::Options {
        scope: Scope::Names,
        tree: which.tree.map(TreeName::kind),
        session: which.session,
        session_starts,
        stop: &stop,
        ..filesystem::Options::default()
    };
    let image = Image::read(source, length, &options);
    if let Some(signal) = session.signals.received() {
        return Err(Failure::new(Exit::Interrupted(signal), "interrupted"));
    }
    session_is_there(which.session, &image, name)?;
    if image.trees.is_empty() && image.findings.is_empty() {
        // A drive says where sessions begin.
        let look = if session_starts.is_empty() { first_look_at_file(source, length) } else { first_look(source) };
        return Err(without_files(&look, length, which, name, &image));
    }
    Ok(Opened { image, source, length })
}

fn without_files(look: &FirstLook, length: u64, which: &Which, name: &str, image: &Image) -> Failure {
    if let (Some(tree), false) = (which.tree, image.volumes.is_empty()) {
        if image.volumes.iter().any(|volume| tree.kind().is_of(volume.kind)) {
            return Failure::new(Exit::Damaged, format!("the {} tree of {name} cannot be read", tree.words()))
                .hint("`discwright verify` tells why");
        }
        let kinds: Vec<String> = image.volumes.iter().map(|volume| volume.kind.to_string()).collect();
        return Failure::new(Exit::Usage, format!("{name} has no {} tree", tree.words()))
            .hint(format!("it has {}; without --tree the best is taken", kinds.join(", ")));
    }
    let is_of_mac = |kind| matches!(kind, VolumeKind::Hfs | VolumeKind::HfsPlus);
    if let Some(volume) = look.volumes.iter().chain(&image.volumes).find(|volume| is_of_mac(volume.kind)) {
        let (kind, module) = match volume.kind {
            VolumeKind::HfsPlus => ("HFS+", "hfsplus"),
            _ => ("HFS", "hfs"),
        };
        let message = format!("{name} has the files of a Macintosh ({kind}), which this program does not list");
        return Failure::new(Exit::Damaged, message).hint(format!("`mount -t {module} -o ro,loop` shows them"));
    }
    let what = match look.content {
        Content::NotAnImage(kind) => format!("is no image: this is {kind}"),
        Content::AllZero => "has nothing but zeros in it".to_owned(),
        Content::LeftOver { directory } => {
            format!("has directories (the first at sector {directory}), and no volume descriptors that lead to them")
        }
        Content::Filesystem | Content::Unknown if length < crate::sector::SECTOR_BYTES as u64 => {
            "is no image: it has not one whole sector".to_owned()
        }
        Content::Filesystem | Content::Unknown => "has no filesystem that is known here".to_owned(),
    };
    Failure::new(Exit::Damaged, format!("{name} {what}"))
}

/// The file or directory that `path` names.
fn find(tree: &Tree, path: &OsStr) -> Result<NodeId, Failure> {
    tree.find(path.as_bytes()).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no {} in it", path_words(path.as_bytes())))
            .hint("`discwright ls -R SOURCE` lists all there is; large and small letters count")
    })
}
