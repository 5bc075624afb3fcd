//! This module knows catalogues in zip archives, one or many in each.

use super::source::{FILE_BYTES, Source};
use super::{Catalogue, DatError, Wanted};
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;

/// What an archive may have in all once it is unpacked.
const ARCHIVE_BYTES: u64 = 2 << 30;
/// The fullest archives of catalogues have some hundreds.
const MEMBERS: usize = 10_000;

/// One of the catalogues in an archive.
#[derive(Debug)]
pub struct ZippedCatalogue {
    /// As the archive has it; never a path to open.
    pub name: String,
    /// A bad one does not spoil the others.
    pub catalogue: Result<Catalogue, DatError>,
}

/// Reads each `.dat` and `.xml` in an archive, in the archive's order.
pub fn zipped_catalogues(input: impl Read + Seek, wanted: Wanted<'_>) -> Result<Vec<ZippedCatalogue>, DatError> {
    unpacked(input, wanted, ARCHIVE_BYTES)
}

fn unpacked(mut input: impl Read + Seek, wanted: Wanted<'_>, limit: u64) -> Result<Vec<ZippedCatalogue>, DatError> {
    if input.seek(SeekFrom::End(0)).map_err(DatError::Io)? > FILE_BYTES {
        return Err(DatError::TooLarge { limit: FILE_BYTES });
    }
    let mut archive = ZipArchive::new(input).map_err(unusable)?;
    if archive.len() > MEMBERS {
        return Err(DatError::Zip(format!("more than {MEMBERS} files in it")));
    }
    let mut catalogues = Vec::new();
    let mut left = limit;
    for index in 0..archive.len() {
        let name = match archive.name_for_index(index) {
            Some(Ok(name)) => name.into_owned(),
            Some(Err(_)) | None => continue,
        };
        if !is_catalogue(&name) {
            continue;
        }
        let mut used: u64 = 0;
        let catalogue = archive.by_index(index).map_err(unusable).and_then(|member| {
            let counted = Counted { input: member, count: &mut used };
            Catalogue::from_source(Source::with_limit(counted, left.min(FILE_BYTES)), wanted)
        });
        left = left.saturating_sub(used);
        catalogues.push(ZippedCatalogue { name, catalogue });
    }
    match catalogues.is_empty() {
        true => Err(DatError::NothingZipped),
        false => Ok(catalogues),
    }
}

fn is_catalogue(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".dat") || name.ends_with(".xml")
}

fn unusable(error: zip::result::ZipError) -> DatError {
    DatError::Zip(error.to_string())
}

/// Counts what was unpacked, also where reading ended in an error.
struct Counted<'a, R> {
    input: R,
    count: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        *self.count = self.count.saturating_add(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const SMALL: &str = r#"<datafile><game name="a"><rom name="a.iso" size="7"/></game></datafile>"#;

    fn archive(members: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn every_catalogue_in_an_archive_is_read() {
        let text = b"clrmamepro ( name x ) game ( name b rom ( name b.iso size 7 ) )";
        let bytes =
            archive(&[("a.DAT", SMALL.as_bytes()), ("readme.txt", b"no"), ("../b.dat", text), ("c.xml", b"<html/>")]);
        let found = zipped_catalogues(bytes, Wanted::Sizes(&[7])).unwrap();
        assert_eq!(found.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a.DAT", "../b.dat", "c.xml"]);
        assert_eq!(found[0].catalogue.as_ref().unwrap().entries.len(), 1);
        assert_eq!(found[1].catalogue.as_ref().unwrap().entries[0].rom, "b.iso");
        assert!(matches!(&found[2].catalogue, Err(DatError::NotACatalogue { .. })));
    }

    #[test]
    fn a_bomb_is_not_unpacked_further_than_the_limit() {
        let padding = vec![b' '; 3 << 20];
        let bomb = [SMALL.as_bytes(), &padding].concat();
        let bytes = archive(&[("small.dat", SMALL.as_bytes()), ("bomb.dat", &bomb), ("late.dat", SMALL.as_bytes())]);
        assert!(bytes.get_ref().len() < 10_000);
        let found = unpacked(bytes, Wanted::All, 500_000).unwrap();
        assert!(found[0].catalogue.is_ok());
        assert!(matches!(found[1].catalogue, Err(DatError::TooLarge { .. })), "{:?}", found[1]);
        assert!(matches!(found[2].catalogue, Err(DatError::TooLarge { limit: 0 })), "{:?}", found[2]);
    }

    #[test]
    fn what_is_no_archive_or_has_no_catalogue_is_told() {
        assert!(matches!(zipped_catalogues(Cursor::new(b"PK\x03\x04"), Wanted::All), Err(DatError::Zip(_))));
        assert!(matches!(zipped_catalogues(archive(&[("a.txt", b"")]), Wanted::All), Err(DatError::NothingZipped)));
    }

    #[test]
    fn a_broken_archive_never_panics() {
        let whole = archive(&[("a.dat", SMALL.as_bytes())]).into_inner();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            let _ = zipped_catalogues(Cursor::new(bytes), Wanted::All);
            assert!(zipped_catalogues(Cursor::new(&whole[..at]), Wanted::All).is_err());
        }
    }
}
