//! This module knows format 1: where the last session begins.

use super::{
    Answer, TocEntry,
    length::{after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated};

/// The answer in format 1, MMC-5 6.26.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInformation {
    /// The first complete session.
    pub first_session: u8,
    /// The last complete session.
    pub last_session: u8,
    /// The first track of the last complete session.
    pub track: Option<TocEntry>,
}

impl Answer for SessionInformation {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ TOC, sessions")?;
        let (first_session, last_session) = (b.u8()?, b.u8()?);
        Ok(Self { first_session, last_session, track: TocEntry::parse(&mut b).ok() })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        out.u8(self.first_session).u8(self.last_session);
        if let Some(track) = &self.track {
            track.emit(&mut out);
        }
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use crate::sector::Lba;
    use proptest::prelude::*;

    #[test]
    fn the_last_session_begins_with_its_first_track() {
        let golden = [0, 10, 1, 2, 0, 0x14, 3, 0, 0, 0, 0x2D, 0x5A];
        let sessions = SessionInformation::parse(&golden).unwrap();
        assert_eq!((sessions.first_session, sessions.last_session), (1, 2));
        assert_eq!(sessions.track.map(|track| (track.track, track.lba())), Some((3, Lba(11_610))));
        assert_eq!(sessions.emit(), golden);
        assert_eq!(SessionInformation::parse(&golden[..11]).unwrap().track, None);
    }

    #[test]
    fn it_survives_the_wire() {
        let track = (0..16_u8, 0..16_u8, any::<u8>(), any::<[u8; 4]>())
            .prop_map(|(adr, control, track, address)| TocEntry { adr, control, track, address });
        answer_survives((any::<u8>(), any::<u8>(), proptest::option::of(track)).prop_map(
            |(first_session, last_session, track)| SessionInformation { first_session, last_session, track },
        ));
    }
}
