//! This module knows what a SOURCE word means, by looking at what is there.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// What a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A device node, or what looks like the name of one.
    Device(PathBuf),
    Image(PathBuf),
    Demo,
    /// The virtual drive, with what the file describes.
    DiscFile(PathBuf),
    /// The virtual drive, with a pressed disc of that image.
    DiscOfImage(PathBuf),
    Trace(PathBuf),
    /// Standard input or output.
    Stream,
}

/// Why a word stands for nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotASource {
    #[error("there is no {}", path.display())]
    Missing { path: PathBuf },
    #[error("{} is a folder", path.display())]
    Folder { path: PathBuf },
    #[error("{} is neither a drive nor a file", path.display())]
    Neither { path: PathBuf },
    #[error("no file is named after {prefix}")]
    NoFile { prefix: &'static str },
    #[error("cannot look at {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

impl Word {
    pub fn of(word: &OsStr) -> Result<Self, NotASource> {
        if word == "-" {
            return Ok(Word::Stream);
        }
        if word == "demo" {
            return Ok(Word::Demo);
        }
        if let Some(path) = after(word, "virtual:") {
            let path = named(path, "virtual:")?;
            return Ok(if describes_a_disc(&path)? { Word::DiscFile(path) } else { Word::DiscOfImage(path) });
        }
        if let Some(path) = after(word, "trace:") {
            return named(path, "trace:").map(Word::Trace);
        }
        let path = PathBuf::from(word);
        let kind = metadata(&path)?.file_type();
        if kind.is_block_device() || kind.is_char_device() {
            Ok(Word::Device(path))
        } else if kind.is_file() {
            Ok(Word::Image(path))
        } else if kind.is_dir() {
            Err(NotASource::Folder { path })
        } else {
            Err(NotASource::Neither { path })
        }
    }
}

fn after<'a>(word: &'a OsStr, prefix: &str) -> Option<&'a Path> {
    word.as_bytes().strip_prefix(prefix.as_bytes()).map(|rest| Path::new(OsStr::from_bytes(rest)))
}

fn named(path: &Path, prefix: &'static str) -> Result<PathBuf, NotASource> {
    if path.as_os_str().is_empty() {
        return Err(NotASource::NoFile { prefix });
    }
    if metadata(path)?.is_dir() {
        return Err(NotASource::Folder { path: path.to_owned() });
    }
    Ok(path.to_owned())
}

fn metadata(path: &Path) -> Result<fs::Metadata, NotASource> {
    fs::metadata(path).map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: io::Error) -> NotASource {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => NotASource::Missing { path },
        _ => NotASource::Unreadable { path, source },
    }
}

/// A disc file is text from its first byte; an image begins with a system area, which no text editor makes.
fn describes_a_disc(path: &Path) -> Result<bool, NotASource> {
    const LOOK: u64 = 4096;
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LOOK).read_to_end(&mut head))
        .map_err(|source| unreadable(path, source))?;
    let text = match std::str::from_utf8(&head) {
        Ok(text) => text,
        // A character that the look cut in two.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(head.get(..error.valid_up_to()).unwrap_or(&[])).unwrap_or_default()
        }
        Err(_) => return Ok(false),
    };
    Ok(!text.contains(|c: char| c.is_control() && !c.is_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: impl AsRef<OsStr>) -> Result<Word, NotASource> {
        Word::of(text.as_ref())
    }

    #[test]
    fn words_of_the_language_stand_for_no_files() {
        assert_eq!(word("demo").unwrap(), Word::Demo);
        assert_eq!(word("-").unwrap(), Word::Stream);
    }

    #[test]
    fn what_a_file_is_is_seen_from_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let (disc, image) = (folder.path().join("a.iso"), folder.path().join("b.toml"));
        fs::write(&disc, "# a disc\nkind = \"cd-rom\" # ä\n").unwrap();
        fs::write(&image, [0; 4096]).unwrap();
        let virtually = |path: &Path| word(format!("virtual:{}", path.display())).unwrap();
        assert_eq!(virtually(&disc), Word::DiscFile(disc.clone()));
        assert_eq!(virtually(&image), Word::DiscOfImage(image.clone()));
        assert_eq!(word(&image).unwrap(), Word::Image(image));
    }

    #[test]
    fn a_text_may_be_cut_within_a_letter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disc");
        fs::write(&path, format!("{}ä", "x".repeat(4095))).unwrap();
        assert!(describes_a_disc(&path).unwrap());
    }

    #[test]
    fn nodes_are_devices_and_the_rest_is_neither() {
        assert_eq!(word("/dev/null").unwrap(), Word::Device(PathBuf::from("/dev/null")));
        assert!(matches!(word("/"), Err(NotASource::Folder { .. })));
        assert!(matches!(word("/nowhere/sr0"), Err(NotASource::Missing { .. })));
        assert!(matches!(word("virtual:"), Err(NotASource::NoFile { .. })));
        assert!(matches!(word("trace:/nowhere"), Err(NotASource::Missing { .. })));
    }
}
