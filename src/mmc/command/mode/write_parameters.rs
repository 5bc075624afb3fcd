//! This module knows page 05h: how what is written will be recorded.

use super::ModePageData;
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};

/// Write Parameters (05h), MMC-5 7.5. For CD, DVD-R and DVD-RW; elsewhere drives look at little of it, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteParameters {
    /// Buffer underruns do no harm.
    pub underrun_free: bool,
    /// `link_size` holds.
    pub link_size_valid: bool,
    /// Everything but the laser.
    pub test_write: bool,
    pub write_type: WriteType,
    pub multi_session: MultiSession,
    pub fixed_packet: bool,
    pub copy: bool,
    /// The control field of the track: 4 data, 5 data in increments, 0 audio.
    pub track_mode: u8,
    /// 0 to 15: 8 is mode 1, 10 mode 2 form 1, both with 2048 bytes; 0 raw.
    pub block_type: u8,
    /// Sectors: 7 on CD, 16 on DVD.
    pub link_size: u8,
    /// 00h CD-DA or CD-ROM, 10h CD-i, 20h CD-ROM XA.
    pub session_format: u8,
    /// Sectors; holds with `fixed_packet`.
    pub packet_size: u32,
    /// Sectors.
    pub audio_pause: u16,
    /// Catalogue number, ISRC and sub-header, as they stand.
    pub identifiers: [u8; 36],
}

/// What one WRITE after another makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WriteType {
    /// On DVD: increments.
    Packet,
    TrackAtOnce,
    /// On DVD: the disc at once.
    SessionAtOnce,
    Raw,
    LayerJump,
    /// 5 to 15.
    Reserved(u8),
}

/// What may follow the session that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MultiSession {
    /// Nothing: the disc is complete.
    Final,
    /// Nothing, and the lead-in says so with a time of FF:FF:FF.
    FinalWithPointer,
    Reserved,
    NextAllowed,
}

impl WriteType {
    pub fn from_number(number: u8) -> Self {
        match bits(number, 3, 0) {
            0 => WriteType::Packet,
            1 => WriteType::TrackAtOnce,
            2 => WriteType::SessionAtOnce,
            3 => WriteType::Raw,
            4 => WriteType::LayerJump,
            other => WriteType::Reserved(other),
        }
    }

    pub fn number(self) -> u8 {
        match self {
            WriteType::Packet => 0,
            WriteType::TrackAtOnce => 1,
            WriteType::SessionAtOnce => 2,
            WriteType::Raw => 3,
            WriteType::LayerJump => 4,
            WriteType::Reserved(number) => bits(number, 3, 0),
        }
    }
}

impl MultiSession {
    fn from_number(number: u8) -> Self {
        match bits(number, 1, 0) {
            0 => MultiSession::Final,
            1 => MultiSession::FinalWithPointer,
            2 => MultiSession::Reserved,
            _ => MultiSession::NextAllowed,
        }
    }
}

impl ModePageData for WriteParameters {
    const CODE: u8 = 0x05;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(data, "mode page 05h");
        let [how, track, block, link_size, _, _, session_format, _] = b.array()?;
        let (packet_size, audio_pause) = (b.be_u32()?, b.be_u16()?);
        let mut identifiers = [0; 36];
        for (to, from) in identifiers.iter_mut().zip(b.rest()) {
            *to = *from;
        }
        Ok(Self {
            underrun_free: bit(how, 6),
            link_size_valid: bit(how, 5),
            test_write: bit(how, 4),
            write_type: WriteType::from_number(how),
            multi_session: MultiSession::from_number(bits(track, 7, 6)),
            fixed_packet: bit(track, 5),
            copy: bit(track, 4),
            track_mode: bits(track, 3, 0),
            block_type: bits(block, 3, 0),
            link_size,
            session_format,
            packet_size,
            audio_pause,
            identifiers,
        })
    }

    fn emit(&self) -> Vec<u8> {
        let how = u8::from(self.underrun_free) << 6
            | u8::from(self.link_size_valid) << 5
            | u8::from(self.test_write) << 4
            | self.write_type.number();
        let track = (self.multi_session as u8) << 6
            | u8::from(self.fixed_packet) << 5
            | u8::from(self.copy) << 4
            | bits(self.track_mode, 3, 0);
        let mut out = Composer::new();
        out.u8(how).u8(track).u8(bits(self.block_type, 3, 0)).u8(self.link_size).zeros(2).u8(self.session_format).u8(0);
        out.be_u32(self.packet_size).be_u16(self.audio_pause).bytes(&self.identifiers);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ModePage;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn increments_of_a_dvd_r_are_fixed_packets() {
        let mut golden = vec![0x60, 0xE5, 0x08, 0x10, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0];
        golden.resize(50, 0);
        let page = WriteParameters::parse(&golden).unwrap();
        assert_eq!((page.underrun_free, page.link_size_valid, page.test_write), (true, true, false));
        assert_eq!((page.write_type, page.multi_session), (WriteType::Packet, MultiSession::NextAllowed));
        assert_eq!((page.fixed_packet, page.track_mode, page.block_type), (true, 5, 8));
        assert_eq!((page.link_size, page.packet_size), (16, 16));
        assert_eq!(page.emit(), golden);
        assert!(WriteParameters::parse(&golden[..13]).is_err());
    }

    proptest! {
        #[test]
        fn it_survives_the_wire(
            flags: [bool; 5], small in [0..16_u8, 0..4_u8, 0..16_u8, 0..16_u8], bytes: [u8; 2],
            packet_size: u32, audio_pause: u16, id: u8,
        ) {
            let [underrun_free, link_size_valid, test_write, fixed_packet, copy] = flags;
            let page = WriteParameters {
                underrun_free,
                link_size_valid,
                test_write,
                write_type: WriteType::from_number(small[0]),
                multi_session: MultiSession::from_number(small[1]),
                fixed_packet,
                copy,
                track_mode: small[2],
                block_type: small[3],
                link_size: bytes[0],
                session_format: bytes[1],
                packet_size,
                audio_pause,
                identifiers: [id; 36],
            };
            prop_assert_eq!(ModePage::of(&page).read(), Some(page));
        }

        #[test]
        fn any_data_is_no_panic(data in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = WriteParameters::parse(&data);
        }
    }
}
