//! This module knows where people keep the hashes of an image: beside it, under one of many names.

use std::path::{Path, PathBuf};

use super::{Against, AgainstError, Asked};

/// Endings put behind the image's whole name, or in place of its ending; the strongest first.
const BEHIND: [&str; 5] = ["sha256", "sha512", "sha1", "md5", "sha256sum"];
const INSTEAD: [&str; 4] = ["sha256", "sha1", "md5", "sfv"];
const FOR_A_FOLDER: [&str; 8] =
    ["SHA256SUMS", "SHA256SUMS.txt", "sha256sum.txt", "sha256sums.txt", "SHA512SUMS", "SHA1SUMS", "MD5SUMS", "MD5SUM"];

/// The first list beside `image` that names it; where none does, the first that was made for this image alone, which may
/// have it under an older name. `None` where there is none.
///
/// # Errors
/// Where a list made for this image alone is broken; a broken list for a whole folder is passed over.
pub fn list_beside(image: &Path) -> Result<Option<Against>, AgainstError> {
    let behind = BEHIND.iter().map(|ending| {
        let mut name = image.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    });
    let instead = INSTEAD.iter().map(|ending| image.with_extension(ending));
    let name = image.file_name().unwrap_or_default().as_encoded_bytes();
    let mut for_this_alone = None;
    for path in behind.chain(instead).filter(|path| path.is_file() && path != image) {
        let against = Against::load(&path, Asked::ByPlace)?;
        if against.names(name) {
            return Ok(Some(against));
        }
        for_this_alone.get_or_insert(against);
    }
    let in_folder = FOR_A_FOLDER.iter().map(|list| image.with_file_name(list)).filter(|path| path.is_file());
    let mut in_folder = in_folder.filter_map(|path| Against::load(&path, Asked::ByPlace).ok());
    Ok(in_folder.find(|against| against.names(name)).or(for_this_alone))
}
