//! This module knows why there is no plan.

use std::fmt;

use super::Mode;
use crate::drive::{MediumKind, NextSession, WriteProtector};
use crate::event::grouped;
use crate::sector::{Lba, SectorCount};

/// Why an image is not written to the disc that is there. Nothing was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub kind: MediumKind,
    pub complaint: Complaint,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// Pressed, or of a kind that nobody knows.
    NotRecordable,
    /// Recordable, and never written by this program.
    NotSupported,
    /// There is a plan, which has never been carried out.
    Unproven {
        mode: Mode,
    },
    Complete,
    HasData,
    LeftOpen,
    /// It was to be written at once, and was not.
    LeftUnfinished,
    NothingToAppendTo,
    /// No ISO 9660 volume, on a disc that has no sessions.
    NothingToGrow,
    /// Something else than ISO 9660 was to be written behind it.
    GrowsByIsoAlone,
    /// Files may have the sectors that they would take.
    TooManyDescriptors {
        image: SectorCount,
        room: SectorCount,
    },
    /// The image was made to begin somewhere else, at `made` where that is known.
    MadeForElsewhere {
        place: NextSession,
        made: Option<Lba>,
    },
    NoNextWritable,
    /// The drive tells of nothing that it could write.
    DriveDoesNotWrite,
    CannotFormat,
    WriteProtected {
        by: WriteProtector,
    },
    /// Where the drive writes this disc only at once.
    SizeMustBeKnown,
    ModeNotThere {
        mode: Mode,
    },
    PseudoOverwrite,
    EmptyImage,
    NothingToClose,
    /// A CD that takes another session, and is closed for good only by the last one.
    SessionsClosed,
    /// It is written over, or formatted.
    NotErased,
    NotRewritable,
    NotFormatted,
    /// A BD-R without spare sectors, by its first write.
    FormatsItself,
    /// `enough` is a kind of disc that would do.
    TooLarge {
        image: SectorCount,
        room: SectorCount,
        enough: Option<&'static str>,
        /// It may fit all the same, where somebody wants that.
        overburn: bool,
    },
    /// Sectors of the first layer.
    LayerBreak {
        wanted: SectorCount,
        least: SectorCount,
        most: SectorCount,
    },
    NoSuchOption {
        option: &'static str,
        why: &'static str,
    },
}

impl Refusal {
    /// What a person can do about it.
    pub fn advice(&self) -> Option<String> {
        let text = match &self.complaint {
            Complaint::NotRecordable | Complaint::NotSupported => "put a recordable disc in",
            Complaint::Unproven { .. } => {
                "its plan has never been carried out, not even on a disc in software, and so is not tried on yours"
            }
            Complaint::Complete if matches!(self.kind, MediumKind::CdRw | MediumKind::DvdRwSequential) => {
                "`discwright blank` erases it; or put another disc in"
            }
            Complaint::Complete => "nothing can be added to it; put another disc in",
            Complaint::HasData => "--append writes behind what is there; `info` tells what that is",
            Complaint::LeftOpen if self.kind == MediumKind::CdRw => {
                "`discwright close` makes what is there readable, unless it was to be written at once; `discwright blank` erases it"
            }
            Complaint::LeftOpen if self.kind == MediumKind::CdR => {
                "`discwright close` makes what is there readable, unless it was to be written at once: then the disc is lost"
            }
            Complaint::LeftOpen => {
                "`discwright close` closes it as it is; where a part of a longer image is on it, `discwright burn` with that image goes on"
            }
            Complaint::LeftUnfinished if self.kind == MediumKind::DvdRwSequential => {
                "`discwright blank --full` erases it"
            }
            Complaint::LeftUnfinished => "nothing can be added to it, and it cannot be closed; put another disc in",
            Complaint::NothingToAppendTo => "leave --append out",
            Complaint::NothingToGrow => "leave --append out, which overwrites what is there",
            Complaint::GrowsByIsoAlone => {
                "make the image with mkisofs, and without UDF; or leave --append out, which overwrites what is there"
            }
            Complaint::TooManyDescriptors { .. } => {
                "make it with the options of the first one: without Joliet, or without a boot record"
            }
            Complaint::MadeForElsewhere { place, .. } if place.next == Lba(0) => {
                "--append writes it behind what is on the disc that it was made for"
            }
            Complaint::MadeForElsewhere { place, .. } => {
                return Some(format!("`mkisofs -C {place} -M DRIVE` makes one for there; `info` tells both numbers"));
            }
            Complaint::NoNextWritable => "`discwright close` may make the disc readable; use another one",
            Complaint::DriveDoesNotWrite => "use another drive",
            Complaint::WriteProtected { by: WriteProtector::Cartridge } => "slide its tab, or put another disc in",
            Complaint::WriteProtected { by: WriteProtector::Mark } => {
                "what has set the mark can take it away; or put another disc in"
            }
            Complaint::WriteProtected { by: WriteProtector::Drive } => {
                "take the disc out and put it in again, or use another"
            }
            Complaint::CannotFormat => "`discwright format` or `discwright blank --full` may help",
            Complaint::SizeMustBeKnown => "save the image to a file first; or `discwright blank --full` the disc",
            Complaint::ModeNotThere { .. } => "leave --write-mode out",
            Complaint::PseudoOverwrite => "use another disc, or the program that has formatted it",
            Complaint::EmptyImage | Complaint::NotRewritable => return None,
            Complaint::SessionsClosed => {
                "it reads as it is; burn the last session with --append, and without --keep-open"
            }
            Complaint::NothingToClose => "burn something first",
            Complaint::NotErased => "`burn` writes over what is there; `discwright format` formats it anew",
            Complaint::NotFormatted => "it needs no format; `burn` writes to it as it is",
            Complaint::FormatsItself => "`burn` writes to it as it is; only a blank one can get spare sectors",
            Complaint::TooLarge { enough: Some(kind), overburn: true, .. } => {
                return Some(format!("it would fit on {kind}; --overburn tries it on this one all the same"));
            }
            Complaint::TooLarge { enough, .. } => {
                return enough.map(|kind| format!("it would fit on {kind}"));
            }
            Complaint::LayerBreak { .. } => {
                "leave --layer-break out: half of the image on each layer leaves nothing to be filled"
            }
            Complaint::NoSuchOption { option, .. } => return Some(format!("leave {option} out")),
        };
        Some(text.to_owned())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind;
        match &self.complaint {
            Complaint::NotRecordable => write!(f, "the disc ({kind}) cannot be written"),
            Complaint::NotSupported => write!(f, "discs of this kind ({kind}) are not written"),
            Complaint::Unproven { mode } => write!(f, "a {kind} is not written {mode} yet"),
            Complaint::Complete => write!(f, "the disc ({kind}) is closed"),
            Complaint::HasData => write!(f, "there is something on the disc ({kind}) already"),
            Complaint::LeftUnfinished => {
                write!(f, "the disc ({kind}) was to be written at once, and that was not finished")
            }
            Complaint::LeftOpen => write!(f, "the disc ({kind}) was left in the middle of being written"),
            Complaint::NothingToAppendTo => write!(f, "there is nothing on the disc ({kind}) to append to"),
            Complaint::NothingToGrow => {
                write!(
                    f,
                    "no ISO 9660 filesystem is on the disc ({kind}), or UDF is beside it: nothing can be appended"
                )
            }
            Complaint::GrowsByIsoAlone => {
                write!(f, "a disc of this kind ({kind}) grows by an image of ISO 9660 alone, and this is none")
            }
            Complaint::TooManyDescriptors { image, room } => write!(
                f,
                "the image has {image} volume descriptors, and the disc ({kind}) has {room}: files may be where the others would go",
            ),
            Complaint::MadeForElsewhere { place, made } => {
                let made = made.map(|at| format!("for sector {}, and not ", grouped(at.0.into())));
                let made = made.unwrap_or_else(|| "not ".to_owned());
                let next = grouped(place.next.0.into());
                write!(f, "the image was made {made}for sector {next} of the disc ({kind}), where it would begin")
            }
            Complaint::NoNextWritable => write!(f, "the drive says that nothing can be added to the disc ({kind})"),
            Complaint::DriveDoesNotWrite => write!(f, "the drive does not write this disc ({kind})"),
            Complaint::WriteProtected { by } => {
                let by = match by {
                    WriteProtector::Cartridge => "the tab of its cartridge",
                    WriteProtector::Mark => "a mark on it",
                    WriteProtector::Drive => "the drive",
                };
                write!(f, "the disc ({kind}) is write-protected by {by}")
            }
            Complaint::CannotFormat => write!(f, "the drive offers no format that the disc ({kind}) needs"),
            Complaint::SizeMustBeKnown => {
                write!(f, "the drive writes this disc ({kind}) only at once, for which the size must be known")
            }
            Complaint::ModeNotThere { mode } => write!(f, "the drive does not write this disc ({kind}) {mode}"),
            Complaint::PseudoOverwrite => {
                write!(f, "the disc ({kind}) is formatted for pseudo-overwrite, which is not written")
            }
            Complaint::EmptyImage => f.write_str("the image is empty"),
            Complaint::NothingToClose => write!(f, "nothing is on the disc ({kind}) that could be closed"),
            Complaint::SessionsClosed => {
                write!(f, "the sessions on the disc ({kind}) are closed, and only another session closes it for good")
            }
            Complaint::NotErased => write!(f, "a {kind} is not erased"),
            Complaint::NotRewritable => write!(f, "the disc ({kind}) can be written once, or not at all"),
            Complaint::NotFormatted => write!(f, "a {kind} is not formatted"),
            Complaint::FormatsItself => write!(f, "this {kind} needs no format"),
            Complaint::TooLarge { image, room, enough: _, overburn: _ } => write!(
                f,
                "the image has {} sectors, and the disc ({kind}) has room for {}: {} too many",
                grouped(image.0.into()),
                grouped(room.0.into()),
                grouped(image.0.saturating_sub(room.0).into()),
            ),
            Complaint::LayerBreak { wanted, least, most } => write!(
                f,
                "the first layer of the disc ({kind}) cannot have {} sectors: with this image it has {} to {}",
                grouped(wanted.0.into()),
                grouped(least.0.into()),
                grouped(most.0.into()),
            ),
            Complaint::NoSuchOption { option, why } => write!(f, "{option} means nothing on a {kind}: {why}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// As in "written {mode}".
impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Mode::InPlace => "in place",
            Mode::Increments => "in increments",
            Mode::TrackAtOnce => "track at once",
            Mode::SessionAtOnce => "session at once",
            Mode::DiscAtOnce => "disc at once",
        })
    }
}
