//! This module knows READ TRACK INFORMATION: where a track lies, and where it could go on.

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::scsi::Cdb;
use crate::sector::{Lba, SectorCount};

/// READ TRACK INFORMATION (52h), MMC-5 6.27.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadTrackInformation {
    pub of: TrackSelector,
    /// Only a track that can still be written, at or behind the one named.
    pub open: bool,
    /// Bytes; 36 brings all that a reader wants.
    pub allocation: u16,
}

/// Which track is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrackSelector {
    /// The track in which this sector lies.
    At(Lba),
    /// By number; FFh is the invisible track, 0 the lead-in.
    Track(u32),
    /// The first of a session.
    FirstOfSession(u32),
    Reserved(u32),
}

impl Command for ReadTrackInformation {
    const OPCODE: u8 = 0x52;

    fn cdb(&self) -> Cdb {
        let (kind, number) = match self.of {
            TrackSelector::At(lba) => (0, lba.0),
            TrackSelector::Track(number) => (1, number),
            TrackSelector::FirstOfSession(number) => (2, number),
            TrackSelector::Reserved(number) => (3, number),
        };
        let ([n0, n1, n2, n3], [a0, a1]) = (number.to_be_bytes(), self.allocation.to_be_bytes());
        Cdb::new([Self::OPCODE, u8::from(self.open) << 2 | kind, n0, n1, n2, n3, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, kind, n0, n1, n2, n3, _, a0, a1, _] = cdb.as_bytes() else { return None };
        let number = u32::from_be_bytes([n0, n1, n2, n3]);
        let of = match bits(kind, 1, 0) {
            0 => TrackSelector::At(Lba(number)),
            1 => TrackSelector::Track(number),
            2 => TrackSelector::FirstOfSession(number),
            _ => TrackSelector::Reserved(number),
        };
        Some(Self { of, open: bit(kind, 2), allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to READ TRACK INFORMATION, MMC-5 6.27. What is optional is absent where the answer ended earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackInformation {
    pub track: u16,
    pub session: u16,
    /// How layer jumps are recorded, 0 to 3.
    pub layer_jump: u8,
    pub damaged: bool,
    pub copy: bool,
    /// The control field of a CD's TOC: 4 is data, 0 audio.
    pub track_mode: u8,
    pub reserved: bool,
    pub blank: bool,
    pub packet: bool,
    pub fixed_packet: bool,
    /// 1 or 2: the mode of its sectors; Fh unknown.
    pub data_mode: u8,
    pub start: Lba,
    /// Where writing would go on; absent also where the drive says that it does not hold.
    pub next_writable: Option<Lba>,
    pub free: Option<SectorCount>,
    /// Of a packet, or the blocking factor.
    pub packet_size: Option<SectorCount>,
    pub size: Option<SectorCount>,
    /// Absent also where the drive says that it does not hold.
    pub last_recorded: Option<Lba>,
    pub read_compatibility: Option<Lba>,
    pub next_layer_jump: Option<Lba>,
    pub last_layer_jump: Option<Lba>,
}

impl Answer for TrackInformation {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ TRACK INFORMATION")?;
        let (track, session, _, mode, data, valid) = (b.u8()?, b.u8()?, b.u8()?, b.u8()?, b.u8()?, b.u8()?);
        let start = Lba(b.be_u32()?);
        let mut tail = Tail::of(b);
        let (next_writable, free) = (tail.be_u32(), tail.be_u32());
        let (packet_size, size, last_recorded) = (tail.be_u32(), tail.be_u32(), tail.be_u32());
        // Drives from before DVD end here, and know no numbers above 255.
        let [track_high, session_high] = tail.array().unwrap_or_default();
        let _ = tail.be_u16();
        Ok(Self {
            track: u16::from_be_bytes([track_high, track]),
            session: u16::from_be_bytes([session_high, session]),
            layer_jump: bits(mode, 7, 6),
            damaged: bit(mode, 5),
            copy: bit(mode, 4),
            track_mode: bits(mode, 3, 0),
            reserved: bit(data, 7),
            blank: bit(data, 6),
            packet: bit(data, 5),
            fixed_packet: bit(data, 4),
            data_mode: bits(data, 3, 0),
            start,
            next_writable: next_writable.filter(|_| bit(valid, 0)).map(Lba),
            free: free.map(SectorCount),
            packet_size: packet_size.map(SectorCount),
            size: size.map(SectorCount),
            last_recorded: last_recorded.filter(|_| bit(valid, 1)).map(Lba),
            read_compatibility: tail.be_u32().map(Lba),
            next_layer_jump: tail.be_u32().map(Lba),
            last_layer_jump: tail.be_u32().map(Lba),
        })
    }

    /// Up to the last field that is there, and 36 bytes at least.
    fn emit(&self) -> Vec<u8> {
        let mode = bits(self.layer_jump, 1, 0) << 6
            | u8::from(self.damaged) << 5
            | u8::from(self.copy) << 4
            | bits(self.track_mode, 3, 0);
        let data = u8::from(self.reserved) << 7
            | u8::from(self.blank) << 6
            | u8::from(self.packet) << 5
            | u8::from(self.fixed_packet) << 4
            | bits(self.data_mode, 3, 0);
        let valid = u8::from(self.last_recorded.is_some()) << 1 | u8::from(self.next_writable.is_some());
        let ([track_high, track], [session_high, session]) = (self.track.to_be_bytes(), self.session.to_be_bytes());
        let lba = |field: Option<Lba>| field.unwrap_or_default().0;
        let count = |field: Option<SectorCount>| field.unwrap_or_default().0;
        let mut out = Composer::new();
        out.u8(track).u8(session).u8(0).u8(mode).u8(data).u8(valid).be_u32(self.start.0);
        out.be_u32(lba(self.next_writable)).be_u32(count(self.free)).be_u32(count(self.packet_size));
        out.be_u32(count(self.size)).be_u32(lba(self.last_recorded)).u8(track_high).u8(session_high).be_u16(0);
        let extension = [self.read_compatibility, self.next_layer_jump, self.last_layer_jump];
        let present = extension.iter().rposition(Option::is_some).map_or(0, |last| last.saturating_add(1));
        for field in extension.into_iter().take(present) {
            out.be_u32(lba(field));
        }
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests;
