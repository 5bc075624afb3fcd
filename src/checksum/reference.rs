//! This module knows what a file is that an image shall be compared with, from its name and its first bytes.

/// How many bytes of a file's beginning are worth looking at.
pub const DETECT_BYTES: usize = 4096;

/// What a file says of other files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    HashList,
    /// A list of CRC-32 alone; it is read as hash lists are.
    Sfv,
    Dat(DatForm),
    /// An archive, perhaps with catalogues in it.
    Zip,
    /// Nothing of these: then it is an image itself.
    NotAList,
}

/// In which form a catalogue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatForm {
    Xml,
    ClrMamePro,
}

const IMAGE_ENDINGS: [&str; 6] = [".iso", ".img", ".bin", ".raw", ".udf", ".part"];
const LIST_ENDINGS: [&str; 14] = [
    ".sha256",
    ".sha512",
    ".sha1",
    ".md5",
    ".sha256sum",
    ".sha512sum",
    ".sha1sum",
    ".md5sum",
    ".sha224",
    ".sha384",
    ".b2",
    ".b3",
    ".hashdeep",
    "checksum",
];
/// With or without `.txt` behind.
const LIST_NAMES: [&str; 11] = [
    "sha1sum",
    "sha1sums",
    "sha224sums",
    "sha256sum",
    "sha256sums",
    "sha384sums",
    "sha512sum",
    "sha512sums",
    "md5sum",
    "md5sums",
    "b3sums",
];
const HEAD_WORDS: [&[u8]; 5] = [b"clrmamepro", b"emulator", b"game", b"machine", b"resource"];

impl Reference {
    /// `start` are the first [`DETECT_BYTES`], or all where there are fewer.
    pub fn detect(file_name: &str, start: &[u8]) -> Self {
        let name = file_name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let called_a_list =
            ends(&LIST_ENDINGS) || LIST_NAMES.contains(&name.strip_suffix(".txt").unwrap_or(&name)) || ends(&[".sfv"]);
        let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        match text {
            _ if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") => Self::Zip,
            _ if !called_a_list && (ends(&IMAGE_ENDINGS) || text.is_empty() || !is_text(text)) => Self::NotAList,
            [b'<', ..] => Self::Dat(DatForm::Xml),
            _ if opens_a_list_of_words(text) => Self::Dat(DatForm::ClrMamePro),
            _ if ends(&[".sfv"]) => Self::Sfv,
            _ => Self::HashList,
        }
    }
}

/// A disc's first bytes, or any others, have control characters sooner or later.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b'\x1A' | b' '..=b'~' | 0x80..))
}

/// `word (`
fn opens_a_list_of_words(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next().is_some_and(|word| HEAD_WORDS.contains(&word)) && words.next() == Some(b"(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_catalogues_from_lists_and_images() {
        let cases: [(&str, &[u8], Reference); 15] = [
            ("any.dat", b"\xEF\xBB\xBF\n<?xml version=\"1.0\"?>", Reference::Dat(DatForm::Xml)),
            ("any", b"<datafile>", Reference::Dat(DatForm::Xml)),
            ("any.dat", b"clrmamepro (\n\tname x", Reference::Dat(DatForm::ClrMamePro)),
            ("any.dat", b"game ( name x", Reference::Dat(DatForm::ClrMamePro)),
            ("any.zip", b"PK\x03\x04\x14\0", Reference::Zip),
            ("SHA256SUMS", b"e3b0c44298fc1c14  x.iso\n", Reference::HashList),
            ("any", b"SHA256 (x.iso) = e3b0", Reference::HashList),
            ("x.SFV", b"; comment\r\nx.iso 352441C2\r\n", Reference::Sfv),
            ("notes.txt", b"prose is refused as a list, with its line", Reference::HashList),
            ("x.iso", b"text in an image", Reference::NotAList),
            ("x", &[0; 4096], Reference::NotAList),
            ("x", b"", Reference::NotAList),
            ("x.iso.sha256", b"", Reference::HashList),
            ("Fedora-43-CHECKSUM", b"-----BEGIN PGP SIGNED MESSAGE-----", Reference::HashList),
            ("md5sums.txt", b"\xFF\xFEa\0", Reference::HashList),
        ];
        for (name, start, expected) in cases {
            assert_eq!(Reference::detect(name, start), expected, "{name}");
        }
    }
}
