//! This module knows the keys of a disc file.

mod recordable;

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::entry::{self, FaultEntry, Sectors};
use super::{ClockKind, ContentPlan, DiscPlan, LayerPlan, Scene, SceneError, Speed};
use crate::sector::{Lba, SectorCount};
use crate::virtual_drive::disc::{DiscKind, Protection, Session, Tail, TrackMode, TrackPath, TrackPlan};
use crate::virtual_drive::mechanics::Rotation;
use crate::virtual_drive::{Claims, Fua, FullBuffer, Model, Progress, TooLarge, Tray};

/// The whole file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneFile {
    image: Option<Spanned<String>>,
    synthetic: Option<SyntheticEntry>,
    other_image: Option<String>,
    medium: Option<Spanned<String>>,
    mode: Option<SectorName>,
    state: Option<Spanned<Recorded>>,
    written: Option<Written>,
    recording: Option<Spanned<String>>,
    media_id: Option<Spanned<String>>,
    capacity: Option<Spanned<u32>>,
    write_speeds: Option<Spanned<Vec<SpeedEntry>>>,
    write_protection: Option<Spanned<WriteProtectionName>>,
    layer_break: Option<u32>,
    track_path: Option<PathName>,
    protection: Option<ProtectionName>,
    #[serde(default)]
    scrambled: Vec<Spanned<Sectors>>,
    tray: Option<TrayName>,
    speed: Option<Spanned<SpeedEntry>>,
    rotation: Option<RotationName>,
    spin_up: Option<Spanned<f64>>,
    seek: Option<Spanned<f64>>,
    layer_change: Option<Spanned<f64>>,
    clock: Option<Spanned<ClockEntry>>,
    max_transfer: Option<u32>,
    too_large: Option<TooLargeName>,
    fua: Option<FuaName>,
    full_buffer: Option<FullBufferName>,
    progress: Option<ProgressName>,
    drive: Option<DriveEntry>,
    claims: Option<ClaimsEntry>,
    #[serde(default)]
    track: Vec<TrackEntry>,
    #[serde(default)]
    fault: Vec<Spanned<FaultEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SyntheticEntry {
    sectors: u32,
    #[serde(default)]
    seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DriveEntry {
    vendor: Option<String>,
    product: Option<String>,
    revision: Option<String>,
    serial: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsEntry {
    capacity: Option<u32>,
    toc: Option<u32>,
    track: Option<u32>,
    structure: Option<u32>,
    buffer: Option<u32>,
    buffer_free: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrackEntry {
    mode: SectorName,
    sectors: u32,
    session: Option<SessionName>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum SpeedEntry {
    KbPerSecond(f64),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ClockEntry {
    Factor(f64),
    Text(String),
}

/// Words that a key can have as its value.
macro_rules! words {
    ($($name:ident { $($word:ident),* })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        enum $name { $($word),* }
    )*};
}

words! {
    Recorded { Blank, Formatted, Open, Complete }
    Written { TrackAtOnce, SessionAtOnce }
    PathName { Parallel, Opposite }
    ProtectionName { Css, Cprm, Aacs }
    WriteProtectionName { Cartridge, Persistent }
    TrayName { Closed, Open, Empty }
    RotationName { Cav, Clv }
    TooLargeName { Link, Drive }
    FuaName { Obeyed, Refused }
    FullBufferName { Waits, Refuses }
    ProgressName { Told, Absent }
    SessionName { Same, New }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum SectorName {
    #[serde(rename = "audio")]
    Audio,
    #[serde(rename = "mode1")]
    Mode1,
    #[serde(rename = "mode2-form1")]
    Mode2Form1,
}

impl From<SectorName> for TrackMode {
    fn from(mode: SectorName) -> Self {
        match mode {
            SectorName::Audio => TrackMode::Audio,
            SectorName::Mode1 => TrackMode::Mode1,
            SectorName::Mode2Form1 => TrackMode::Mode2Form1,
        }
    }
}

/// Reads the text of a disc file.
pub fn read(text: &str, folder: &Path) -> Result<Scene, SceneError> {
    let file: SceneFile = toml::from_str(text).map_err(|error| SceneError::from_toml(text, &error))?;
    let seconds = |entry: &Option<Spanned<f64>>| {
        let read = |entry: &Spanned<f64>| {
            entry::duration(*entry.get_ref()).map_err(|what| SceneError::at(text, entry.span(), what))
        };
        entry.as_ref().map(read).transpose()
    };
    let faults = file.fault.iter().map(|fault| fault.get_ref().clone().read(text, fault.span()));
    Ok(Scene {
        tray: match file.tray {
            Some(TrayName::Open) => Tray::Open,
            Some(TrayName::Closed | TrayName::Empty) | None => Tray::Closed,
        },
        speed: file.speed(text)?,
        spin_up: seconds(&file.spin_up)?,
        full_seek: seconds(&file.seek)?,
        layer_change: seconds(&file.layer_change)?,
        faults: faults.collect::<Result<_, _>>()?,
        claims: file.claims.as_ref().map(ClaimsEntry::claims).unwrap_or_default(),
        model: file.model(),
        clock: file.clock(text)?,
        other: file.other_image.as_ref().map(|image| DiscPlan::pressed(ContentPlan::Image(folder.join(image)))),
        disc: if file.tray == Some(TrayName::Empty) { None } else { Some(file.disc(text, folder)?) },
    })
}

impl ClaimsEntry {
    fn claims(&self) -> Claims {
        let sectors = |claim: Option<u32>| claim.map(SectorCount);
        Claims {
            capacity: sectors(self.capacity),
            toc: sectors(self.toc),
            track: sectors(self.track),
            structure: sectors(self.structure),
            buffer: self.buffer,
            buffer_free: self.buffer_free,
        }
    }
}

impl SceneFile {
    fn disc(&self, text: &str, folder: &Path) -> Result<DiscPlan, SceneError> {
        let kind = self.kind(text)?;
        let scrambled = self
            .scrambled
            .iter()
            .map(|entry| entry.get_ref().range().map_err(|what| SceneError::at(text, entry.span(), what)));
        Ok(DiscPlan {
            kind,
            content: self.content(text, folder, kind)?,
            mode: self.mode.map_or(TrackMode::Mode1, TrackMode::from),
            tracks: self.track.iter().map(TrackEntry::plan).collect(),
            tail: match (self.written, self.state.as_ref().map(Spanned::get_ref)) {
                (_, Some(Recorded::Open)) => Tail::Open,
                (Some(Written::TrackAtOnce), _) => Tail::RunOut,
                (Some(Written::SessionAtOnce) | None, _) => Tail::LeadOut,
            },
            layers: self.layers(),
            protection: match self.protection {
                Some(ProtectionName::Css) => Protection::Css,
                Some(ProtectionName::Cprm) => Protection::Cprm,
                Some(ProtectionName::Aacs) => Protection::Aacs,
                None if self.scrambled.is_empty() => Protection::None,
                None => Protection::Css,
            },
            scrambled: scrambled.collect::<Result<_, _>>()?,
        })
    }

    fn kind(&self, text: &str) -> Result<Option<DiscKind>, SceneError> {
        let Some(medium) = &self.medium else { return Ok(None) };
        let kind = DiscKind::from_name(medium.get_ref());
        let names = || DiscKind::ALL.map(DiscKind::name).join(", ");
        let unknown = || {
            SceneError::at(text, medium.span(), format!("there is no medium {:?}", medium.get_ref()))
                .hinting(format!("there are {}", names()))
        };
        kind.ok_or_else(unknown).map(Some)
    }

    fn content(&self, text: &str, folder: &Path, kind: Option<DiscKind>) -> Result<ContentPlan, SceneError> {
        if let Some(recordable) = recordable::content(self, text, folder, kind)? {
            return Ok(recordable);
        }
        match (&self.image, &self.synthetic) {
            (Some(image), None) => Ok(ContentPlan::Image(folder.join(image.get_ref()))),
            (None, Some(SyntheticEntry { sectors, seed })) => {
                Ok(ContentPlan::Synthetic { sectors: SectorCount(*sectors), seed: *seed })
            }
            (None, None) if !self.track.is_empty() => Ok(ContentPlan::Zeros),
            (Some(image), Some(_)) => {
                Err(SceneError::at(text, image.span(), "`image` and `synthetic` are two contents for one disc"))
            }
            (None, None) => Err(SceneError::at(text, 0..0, "nothing says what is on the disc")
                .hinting("image = \"FILE\", or synthetic = { sectors = N }, or tray = \"empty\"")),
        }
    }

    fn layers(&self) -> LayerPlan {
        let path = match self.track_path {
            Some(PathName::Parallel) => TrackPath::Parallel,
            Some(PathName::Opposite) | None => TrackPath::Opposite,
        };
        match self.layer_break {
            Some(break_at) => LayerPlan::Two { break_at: Lba(break_at), path },
            None => LayerPlan::AsNeeded(path),
        }
    }

    fn speed(&self, text: &str) -> Result<Speed, SceneError> {
        let Some(speed) = &self.speed else { return Ok(Speed::Unthrottled) };
        let rotation = |usual| match self.rotation {
            Some(RotationName::Cav) => Rotation::Cav,
            Some(RotationName::Clv) => Rotation::Clv,
            None => usual,
        };
        let sensible = |speed: &f64| speed.is_finite() && *speed > 0.0;
        let read = match speed.get_ref() {
            SpeedEntry::Text(text) if text == "unthrottled" => Some(Speed::Unthrottled),
            SpeedEntry::Text(text) => text
                .strip_suffix('x')
                .and_then(|times| times.parse().ok())
                .filter(sensible)
                .map(|times| Speed::Times(times, rotation(Rotation::Cav))),
            SpeedEntry::KbPerSecond(kb) => {
                Some(*kb).filter(sensible).map(|kb| Speed::BytesPerSecond(kb * 1000.0, rotation(Rotation::Clv)))
            }
        };
        read.ok_or_else(|| {
            SceneError::at(text, speed.span(), "this is no speed")
                .hinting("\"16x\", or a number of kB/s, or \"unthrottled\"")
        })
    }

    fn clock(&self, text: &str) -> Result<ClockKind, SceneError> {
        /// A day in a second.
        const FASTEST: f64 = 86_400.0;
        let Some(clock) = &self.clock else { return Ok(ClockKind::Real) };
        match clock.get_ref() {
            ClockEntry::Text(text) if text == "real" => Ok(ClockKind::Real),
            ClockEntry::Text(text) if text == "simulated" => Ok(ClockKind::Simulated),
            ClockEntry::Factor(0.0) => Ok(ClockKind::AtOnce),
            ClockEntry::Factor(factor) if (1.0..=FASTEST).contains(factor) => Ok(ClockKind::Fast(*factor)),
            ClockEntry::Text(_) | ClockEntry::Factor(_) => {
                Err(SceneError::at(text, clock.span(), "this is no way for time to pass")
                    .hinting("\"real\", \"simulated\", 0 for at once, or how many times as fast as the real one"))
            }
        }
    }

    fn model(&self) -> Model {
        let usual = Model::default();
        let named = |pick: fn(&DriveEntry) -> &Option<String>, usual: String| {
            self.drive.as_ref().and_then(|drive| pick(drive).clone()).unwrap_or(usual)
        };
        Model {
            vendor: named(|drive| &drive.vendor, usual.vendor),
            product: named(|drive| &drive.product, usual.product),
            revision: named(|drive| &drive.revision, usual.revision),
            serial: named(|drive| &drive.serial, usual.serial),
            max_transfer: self.max_transfer.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(usual.max_transfer),
            too_large: match self.too_large {
                Some(TooLargeName::Drive) => TooLarge::Drive,
                Some(TooLargeName::Link) | None => TooLarge::Link,
            },
            fua: match self.fua {
                Some(FuaName::Refused) => Fua::Refused,
                Some(FuaName::Obeyed) | None => Fua::Obeyed,
            },
            full_buffer: match self.full_buffer {
                Some(FullBufferName::Refuses) => FullBuffer::Refuses,
                Some(FullBufferName::Waits) | None => FullBuffer::Waits,
            },
            progress: match self.progress {
                Some(ProgressName::Absent) => Progress::Absent,
                Some(ProgressName::Told) | None => Progress::Told,
            },
        }
    }
}

impl TrackEntry {
    fn plan(&self) -> TrackPlan {
        TrackPlan {
            mode: self.mode.into(),
            sectors: SectorCount(self.sectors),
            session: match self.session {
                Some(SessionName::New) => Session::New,
                Some(SessionName::Same) | None => Session::Same,
            },
        }
    }
}
