//! This module knows READ DISC INFORMATION: whether the disc is finished, and how many sessions and tracks it has.

mod pseudo_overwrite;

pub use pseudo_overwrite::PseudoOverwriteResources;

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::scsi::Cdb;

/// READ DISC INFORMATION (51h), MMC-5 6.22.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDiscInformation {
    pub kind: DiscInformationKind,
    /// Bytes; 34 is what comes without power calibrations.
    pub allocation: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscInformationKind {
    /// The answer is [`DiscInformation`].
    Standard,
    TrackResources,
    /// The answer is [`PseudoOverwriteResources`].
    PseudoOverwriteResources,
    Reserved(u8),
}

impl Command for ReadDiscInformation {
    const OPCODE: u8 = 0x51;

    fn cdb(&self) -> Cdb {
        let kind = match self.kind {
            DiscInformationKind::Standard => 0,
            DiscInformationKind::TrackResources => 1,
            DiscInformationKind::PseudoOverwriteResources => 2,
            DiscInformationKind::Reserved(number) => bits(number, 2, 0),
        };
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, kind, 0, 0, 0, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, kind, _, _, _, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        let kind = match bits(kind, 2, 0) {
            0 => DiscInformationKind::Standard,
            1 => DiscInformationKind::TrackResources,
            2 => DiscInformationKind::PseudoOverwriteResources,
            number => DiscInformationKind::Reserved(number),
        };
        Some(Self { kind, allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// Whether anything can be written behind what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiscStatus {
    /// Blank.
    Empty,
    /// Appendable.
    Incomplete,
    /// Closed for good.
    Finalized,
    /// Written anywhere, in any order: sessions mean nothing there.
    Other,
}

impl DiscStatus {
    fn from_number(number: u8) -> Self {
        match number {
            0 => DiscStatus::Empty,
            1 => DiscStatus::Incomplete,
            2 => DiscStatus::Finalized,
            _ => DiscStatus::Other,
        }
    }
}

/// The state of the last session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionState {
    Empty,
    Incomplete,
    /// Or reserved, depending on the medium.
    Damaged,
    Complete,
}

impl SessionState {
    fn from_number(number: u8) -> Self {
        match number {
            0 => SessionState::Empty,
            1 => SessionState::Incomplete,
            2 => SessionState::Damaged,
            _ => SessionState::Complete,
        }
    }
}

/// How far formatting in the background is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BackgroundFormat {
    /// Not formatted in the background.
    None,
    /// Begun, and not running.
    Interrupted,
    Running,
    Complete,
}

impl BackgroundFormat {
    fn from_number(number: u8) -> Self {
        match number {
            0 => BackgroundFormat::None,
            1 => BackgroundFormat::Interrupted,
            2 => BackgroundFormat::Running,
            _ => BackgroundFormat::Complete,
        }
    }
}

/// The standard answer to READ DISC INFORMATION, MMC-5 6.22. What is optional is absent where the answer ended
/// earlier, or where the drive says that the field does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscInformation {
    pub erasable: bool,
    pub last_session: SessionState,
    pub status: DiscStatus,
    pub first_track: u8,
    pub sessions: u16,
    pub first_track_in_last_session: u16,
    pub last_track_in_last_session: u16,
    /// May be used without restriction.
    pub unrestricted_use: bool,
    /// An MRW disc that was not put away properly.
    pub dirty: bool,
    pub background_format: BackgroundFormat,
    /// 00h CD-DA or CD-ROM, 10h CD-i, 20h CD-ROM XA, FFh not defined.
    pub disc_type: u8,
    pub disc_id: Option<u32>,
    /// CD: 0, M, S, F; others: an LBA.
    pub last_session_lead_in: Option<[u8; 4]>,
    /// CD: 0, M, S, F; others: an LBA. FFFFFFFFh on a complete disc.
    pub last_possible_lead_out: Option<[u8; 4]>,
    pub bar_code: Option<[u8; 8]>,
    /// The application code.
    pub application: Option<u8>,
    /// Power calibrations, eight bytes each: two of speed, six as the vendor likes.
    pub power_calibrations: Vec<[u8; 8]>,
}

impl Answer for DiscInformation {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "READ DISC INFORMATION")?;
        let (state, first_track) = (b.u8()?, b.u8()?);
        let (sessions, first, last) = (b.u8()?, b.u8()?, b.u8()?);
        let (flags, disc_type) = (b.u8()?, b.u8()?);
        // Reserved, and so 0, before there were more than 255 of anything.
        let mut tail = Tail::of(b);
        let [sessions_high, first_high, last_high] = tail.array().unwrap_or_default();
        let disc_id = tail.be_u32();
        let (lead_in, lead_out, bar_code) = (tail.array(), tail.array(), tail.array());
        let application = tail.u8();
        let calibrations = tail.u8().unwrap_or(0);
        Ok(Self {
            erasable: bit(state, 4),
            last_session: SessionState::from_number(bits(state, 3, 2)),
            status: DiscStatus::from_number(bits(state, 1, 0)),
            first_track,
            sessions: u16::from_be_bytes([sessions_high, sessions]),
            first_track_in_last_session: u16::from_be_bytes([first_high, first]),
            last_track_in_last_session: u16::from_be_bytes([last_high, last]),
            unrestricted_use: bit(flags, 5),
            dirty: bit(flags, 2),
            background_format: BackgroundFormat::from_number(bits(flags, 1, 0)),
            disc_type,
            disc_id: disc_id.filter(|_| bit(flags, 7)),
            last_session_lead_in: lead_in,
            last_possible_lead_out: lead_out,
            bar_code: bar_code.filter(|_| bit(flags, 6)),
            application: application.filter(|_| bit(flags, 4)),
            power_calibrations: std::iter::from_fn(|| tail.array()).take(usize::from(calibrations)).collect(),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let state = u8::from(self.erasable) << 4 | (self.last_session as u8) << 2 | bits(self.status as u8, 1, 0);
        let flags = u8::from(self.disc_id.is_some()) << 7
            | u8::from(self.bar_code.is_some()) << 6
            | u8::from(self.unrestricted_use) << 5
            | u8::from(self.application.is_some()) << 4
            | u8::from(self.dirty) << 2
            | self.background_format as u8;
        let [sessions_high, sessions] = self.sessions.to_be_bytes();
        let [first_high, first] = self.first_track_in_last_session.to_be_bytes();
        let [last_high, last] = self.last_track_in_last_session.to_be_bytes();
        let calibrations = self.power_calibrations.get(..usize::from(u8::MAX)).unwrap_or(&self.power_calibrations);
        let mut out = Composer::new();
        out.u8(state).u8(self.first_track).u8(sessions).u8(first).u8(last).u8(flags).u8(self.disc_type);
        out.u8(sessions_high).u8(first_high).u8(last_high).be_u32(self.disc_id.unwrap_or(0));
        out.bytes(&self.last_session_lead_in.unwrap_or_default());
        out.bytes(&self.last_possible_lead_out.unwrap_or_default());
        out.bytes(&self.bar_code.unwrap_or_default()).u8(self.application.unwrap_or(0));
        out.u8(u8::try_from(calibrations.len()).unwrap_or(u8::MAX));
        for calibration in calibrations {
            out.bytes(calibration);
        }
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests;
