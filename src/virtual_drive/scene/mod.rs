//! This module knows what a virtual drive can be described by: a disc file, an image alone, or nothing at all.

mod entry;
mod error;
mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use error::SceneError;

use super::demo::Demo;
use super::disc::content::{Content, ImageFile, Memory, Synthetic};
use super::disc::{
    Blank, Disc, DiscKind, Family, Pressed, Protection, Recordable, RecordingFiles, Stock, Tail, TrackMode, TrackPath,
    TrackPlan,
};
use super::fault::Fault;
use super::mechanics::{Pace, Rotation};
use super::{Claims, Model, Setup, Tray, VirtualDrive};
use crate::clock::{Clock, FastClock, RealClock, SimulatedClock};
use crate::sector::{Lba, SectorCount, SectorRange};

/// A virtual drive that is not built yet. It can be built as often as one likes.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    disc: Option<DiscPlan>,
    other: Option<DiscPlan>,
    tray: Tray,
    speed: Speed,
    /// `None` for what the kind of disc usually takes.
    spin_up: Option<Duration>,
    full_seek: Option<Duration>,
    layer_change: Option<Duration>,
    faults: Vec<Fault>,
    claims: Claims,
    model: Model,
    clock: ClockKind,
}

/// The disc to be.
#[derive(Debug, Clone, PartialEq)]
struct DiscPlan {
    /// `None` for a pressed one on which the content fits.
    kind: Option<DiscKind>,
    content: ContentPlan,
    mode: TrackMode,
    /// Empty for one track with all of the content.
    tracks: Vec<TrackPlan>,
    tail: Tail,
    layers: LayerPlan,
    protection: Protection,
    scrambled: Vec<SectorRange>,
}

#[derive(Debug, Clone, PartialEq)]
enum ContentPlan {
    Image(PathBuf),
    Synthetic {
        sectors: SectorCount,
        seed: u64,
    },
    Demo,
    /// A disc that cannot be written here, and never was elsewhere.
    Blank,
    /// A disc that is written here, and what keeps it; without files it is blank each time.
    Recordable {
        stock: Stock,
        files: Option<RecordingFiles>,
    },
    /// Zeros, as many as the tracks have.
    Zeros,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LayerPlan {
    /// Two where one does not suffice.
    AsNeeded(TrackPath),
    Two {
        break_at: Lba,
        path: TrackPath,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Speed {
    Unthrottled,
    /// Of what 1x is for the disc.
    Times(f64, Rotation),
    BytesPerSecond(f64, Rotation),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum ClockKind {
    Real,
    Simulated,
    /// So many times as fast as the real one.
    Fast(f64),
    /// The real one, and nothing that a sound drive does takes any of it.
    AtOnce,
}

impl Scene {
    /// Reads a disc file; what it names lies beside it.
    ///
    /// # Errors
    /// Where the file cannot be read, or says what cannot be; with the line.
    pub fn load(path: &Path) -> Result<Self, SceneError> {
        let text = std::fs::read_to_string(path).map_err(|source| SceneError::Io { path: path.to_owned(), source })?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
    }

    /// The same from a text; `folder` is where the files lie that it names.
    ///
    /// # Errors
    /// Where it says what cannot be; with the line.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, SceneError> {
        file::read(text, folder)
    }

    /// A sound drive, as fast as it can be, with a pressed disc of the kind on which the image fits.
    pub fn for_image(path: &Path) -> Self {
        Self::of(ContentPlan::Image(path.to_owned()))
    }

    /// The disc that the program carries, in a 48x CD drive.
    pub fn demo() -> Self {
        Self {
            speed: Speed::Times(48.0, Rotation::Cav),
            spin_up: Some(Duration::from_millis(200)),
            ..Self::of(ContentPlan::Demo)
        }
    }

    fn of(content: ContentPlan) -> Self {
        Self {
            disc: Some(DiscPlan::pressed(content)),
            other: None,
            tray: Tray::Closed,
            speed: Speed::Unthrottled,
            spin_up: None,
            full_seek: None,
            layer_change: None,
            faults: Vec::new(),
            claims: Claims::default(),
            model: Model::default(),
            clock: ClockKind::Real,
        }
    }

    /// The clock that the drive is to run on, and with it everybody who waits for it.
    pub fn clock(&self) -> Arc<dyn Clock> {
        match self.clock {
            ClockKind::Real | ClockKind::AtOnce => Arc::new(RealClock::new()),
            ClockKind::Fast(factor) => FastClock::new(factor)
                .map_or_else(|| Arc::new(RealClock::new()) as Arc<dyn Clock>, |clock| Arc::new(clock)),
            ClockKind::Simulated => Arc::new(SimulatedClock::new()),
        }
    }

    /// The drive, with the disc in it.
    ///
    /// # Errors
    /// Where the image cannot be read, or no such disc can exist.
    pub fn build(&self, clock: Arc<dyn Clock>) -> Result<VirtualDrive, SceneError> {
        let disc = self.disc.as_ref().map(DiscPlan::build).transpose()?;
        let family = disc.as_ref().map_or(Family::Cd, |disc| disc.kind().family());
        let setup = Setup {
            disc,
            other: self.other.as_ref().map(DiscPlan::build).transpose()?,
            tray: self.tray,
            pace: self.pace(family),
            spin_up: match (self.clock, self.spin_up, self.speed) {
                (ClockKind::AtOnce, _, _) => Duration::ZERO,
                (_, Some(spin_up), _) => spin_up,
                (_, None, Speed::Unthrottled | Speed::BytesPerSecond(..)) => Duration::ZERO,
                (_, None, Speed::Times(..)) => usual_spin_up(family),
            },
            faults: self.faults.clone(),
            claims: self.claims,
            model: self.model.clone(),
        };
        Ok(VirtualDrive::new(setup, clock))
    }

    fn pace(&self, family: Family) -> Pace {
        let throttled = |bytes_per_second, rotation| Pace::Throttled {
            bytes_per_second,
            rotation,
            full_seek: self.full_seek.unwrap_or(Duration::from_millis(250)),
            layer_change: self.layer_change.unwrap_or(Duration::from_millis(500)),
        };
        match self.speed {
            _ if self.clock == ClockKind::AtOnce => Pace::Unthrottled,
            Speed::Unthrottled => Pace::Unthrottled,
            Speed::Times(times, rotation) => throttled(times * family.one_x(), rotation),
            Speed::BytesPerSecond(bytes, rotation) => throttled(bytes, rotation),
        }
    }
}

fn usual_spin_up(family: Family) -> Duration {
    Duration::from_millis(match family {
        Family::Cd => 1500,
        Family::Dvd => 2500,
        Family::Bd => 3500,
    })
}

impl DiscPlan {
    fn pressed(content: ContentPlan) -> Self {
        Self {
            kind: None,
            content,
            mode: TrackMode::Mode1,
            tracks: Vec::new(),
            tail: Tail::LeadOut,
            layers: LayerPlan::AsNeeded(TrackPath::Opposite),
            protection: Protection::None,
            scrambled: Vec::new(),
        }
    }

    fn build(&self) -> Result<Box<dyn Disc>, SceneError> {
        let content: Content = match &self.content {
            ContentPlan::Recordable { stock, files } => return recordable(stock, files.as_ref()),
            ContentPlan::Blank => return Ok(Box::new(Blank::new(self.kind.unwrap_or(DiscKind::DvdPlusR)))),
            ContentPlan::Image(path) => Box::new(ImageFile::open(path)?),
            ContentPlan::Synthetic { sectors, seed } => Box::new(Synthetic::new(*sectors, *seed)),
            ContentPlan::Demo => Box::new(Demo::new()),
            ContentPlan::Zeros => Box::new(Memory::new(Vec::new())),
        };
        let sectors = content.sector_count();
        let kind = self.kind.unwrap_or_else(|| fitting(sectors));
        let disc = if self.tracks.is_empty() {
            Pressed::new(kind, self.mode, content, self.tail)?
        } else {
            Pressed::with_tracks(kind, &self.tracks, content, self.tail)?
        };
        let end = disc.layout().end;
        let disc = match self.layers {
            LayerPlan::Two { break_at, path } => disc.with_second_layer(break_at, path)?,
            LayerPlan::AsNeeded(path) if needs_two(kind, end) => {
                disc.with_second_layer(middle(end, kind.family()), path)?
            }
            LayerPlan::AsNeeded(_) => disc,
        };
        Ok(match self.protection {
            Protection::None => Box::new(disc),
            other => Box::new(disc.with_protection(other, &self.scrambled)),
        })
    }
}

fn recordable(stock: &Stock, files: Option<&RecordingFiles>) -> Result<Box<dyn Disc>, SceneError> {
    let disc = match files {
        Some(files) => Recordable::open(stock.clone(), files.clone())?,
        None => Recordable::blank(stock.clone()),
    };
    Ok(disc.map_or_else(|| Box::new(Blank::new(stock.kind)) as Box<dyn Disc>, |disc| Box::new(disc)))
}

/// The kind of pressed disc that has room for it.
fn fitting(sectors: SectorCount) -> DiscKind {
    let kinds = [DiscKind::CdRom, DiscKind::DvdRom];
    kinds.into_iter().find(|kind| sectors <= kind.largest()).unwrap_or(DiscKind::BdRom)
}

/// A CD has one layer, whatever it holds.
fn needs_two(kind: DiscKind, end: Lba) -> bool {
    kind.family() != Family::Cd && end.0 > kind.layer_capacity().0
}

/// The first layer ends with an ECC block, and is not shorter than the second.
fn middle(end: Lba, family: Family) -> Lba {
    let block = family.ecc_block().0.max(1);
    Lba(end.0.div_ceil(2).checked_next_multiple_of(block).unwrap_or(end.0))
}

#[cfg(test)]
mod tests;
