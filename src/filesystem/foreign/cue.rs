//! This module knows what a cue sheet says of a disc.

/// The tracks that a cue sheet lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CueTracks {
    pub data: u32,
    pub audio: u32,
}

impl CueTracks {
    pub fn read(sheet: &[u8]) -> Self {
        let mut found = Self::default();
        for line in sheet.split(|&byte| byte == b'\n') {
            let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            let is_track = words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"track"));
            // TRACK 01 MODE1/2352
            let Some(kind) = words.nth(1).filter(|_| is_track) else { continue };
            let count = if kind.eq_ignore_ascii_case(b"audio") { &mut found.audio } else { &mut found.data };
            *count = count.saturating_add(1);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_are_counted_by_what_they_are() {
        let sheet = b"FILE \"TRACK 09 AUDIO.bin\" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n\ttrack 02 audio\r\n\
                      TRACK 03 AUDIO\nTRACK\nTRACK 04";
        assert_eq!(CueTracks::read(sheet), CueTracks { data: 1, audio: 2 });
        assert_eq!(CueTracks::read(b""), CueTracks::default());
    }
}
