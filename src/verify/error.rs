//! This module knows why a verification did not come to an answer.

use std::io;
use std::path::PathBuf;

use super::{AgainstError, FilePassError, JudgeError};
use crate::filesystem::{TreeKind, VolumeKind};
use crate::image::MapError;
use crate::reading::{OutOfRange, PrepareError, TripError};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error("cannot read {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("{} is empty", path.display())]
    Empty { path: PathBuf },
    #[error("the map {} cannot be read", path.display())]
    Map { path: PathBuf, source: MapError },
    #[error("there is no session {asked}: the last is {last}")]
    NoSession { asked: u32, last: u32 },
    #[error("there is no such tree of names")]
    NoTree {
        asked: TreeKind,
        /// What is there.
        volumes: Vec<VolumeKind>,
    },
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    #[error(transparent)]
    Trip(#[from] TripError),
    #[error(transparent)]
    File(#[from] FilePassError),
    #[error(transparent)]
    Against(#[from] AgainstError),
}

impl From<JudgeError> for VerifyError {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::File(error) => error.into(),
            JudgeError::Trip(error) => error.into(),
        }
    }
}
