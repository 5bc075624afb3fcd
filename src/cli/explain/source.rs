//! This module knows what to say of a SOURCE word that stands for nothing, and of a disc file that describes nothing.

use std::error::Error;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::target::NotASource;
use crate::virtual_drive::SceneError;

pub fn source_failure(error: &NotASource) -> Failure {
    match error {
        NotASource::Missing { path } if path.as_os_str().is_empty() => {
            Failure::new(Exit::Usage, "SOURCE is an empty word").hint("in a script, look at the variable")
        }
        NotASource::Missing { path } if path.starts_with("/dev") => {
            Failure::new(Exit::Unavailable, error.to_string()).hint("`discwright drives` lists the drives here")
        }
        NotASource::Missing { .. } => Failure::new(Exit::Unavailable, error.to_string())
            .hint("SOURCE is a drive (/dev/sr0), an image, demo, virtual:FILE or trace:FILE"),
        NotASource::Folder { .. } | NotASource::Neither { .. } => {
            Failure::new(Exit::Unavailable, format!("{error}: it is neither a drive nor an image"))
        }
        NotASource::NoFile { prefix } => {
            Failure::new(Exit::Usage, error.to_string()).hint(format!("write {prefix}FILE"))
        }
        NotASource::Unreadable { .. } => Failure::new(Exit::Unavailable, error.to_string()),
    }
}

pub fn scene_failure(path: &Path, error: &SceneError) -> Failure {
    match error {
        SceneError::Line { .. } => Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
            .hint("docs/disc-file.md says what a disc file can have"),
        SceneError::Io { source, .. } => Failure::new(Exit::Unavailable, format!("{error}: {source}")),
        SceneError::Content(_) | SceneError::Disc(_) | SceneError::Recording(_) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Failure::new(Exit::Unavailable, format!("{}: {error}{cause}", path.display()))
        }
    }
}
