//! This module knows why a verification did not come to an answer.

use std::io;
use std::path::PathBuf;

use super::{AgainstError, FilePassError};
use crate::drive::{DriveError, Protection};
use crate::image::MapError;
use crate::reading::PrepareError;
use crate::sector::Lba;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("cannot read {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} is empty", path.display())]
    Empty { path: PathBuf },
    #[error("the map {} cannot be read", path.display())]
    Map { path: PathBuf, source: MapError },
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error("reading stopped at sector {at}")]
    Stopped { at: Lba, source: DriveError },
    #[error("the drive reads nothing any more, from sector {at} on not even what it read before")]
    DriveWentMad { at: Lba },
    #[error("sectors from {at} on are protected by {protection}")]
    ProtectedSectors { at: Lba, protection: Protection },
    #[error(transparent)]
    File(#[from] FilePassError),
    #[error(transparent)]
    Against(#[from] AgainstError),
}
