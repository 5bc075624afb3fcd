//! This module knows how fast a disc can be written in this drive, and how that is set.

use crate::drive::exchange::{BUSY_AT_MOST, QUESTION, Reply};
use crate::drive::{Drive, DriveError, MediumFamily};
use crate::mmc::command::ModePageData;
use crate::mmc::command::{
    Answer, Capabilities, Command, GetPerformance, ModePages, ModeSense10, Rate, Rotation, SetCdSpeed, SetStreaming,
    Streaming, WriteSpeeds,
};
use crate::scsi::Data;
use crate::sector::Lba;

/// A speed that the drive offers for this disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteSpeedStep {
    /// 1000 bytes a second; on a CD raw sectors count.
    pub write_kb_s: u32,
    pub read_kb_s: u32,
}

impl Drive {
    /// The speeds that the drive offers for the disc in it, the fastest first; empty where it does not say.
    pub(super) fn write_speeds(&mut self, family: MediumFamily) -> Result<Vec<WriteSpeedStep>, DriveError> {
        const MOST: u16 = 32;
        const LENGTH: u16 = 8 + 16 * MOST;
        let question = GetPerformance { data_type: 0, start: Lba(0), descriptors: MOST, kind: 3 };
        let told: Option<WriteSpeeds> = self.ask(&question, LENGTH)?;
        let mut steps: Vec<WriteSpeedStep> = told
            .iter()
            .flat_map(|told| &told.speeds)
            .map(|speed| WriteSpeedStep { write_kb_s: speed.write_kb_s, read_kb_s: speed.read_kb_s })
            .collect();
        if steps.is_empty() {
            let listed = self.capabilities()?.map(|page| page.write_speeds).unwrap_or_default();
            let step = |kb_s: u16| WriteSpeedStep { write_kb_s: kb_s.into(), read_kb_s: kb_s.into() };
            steps = listed.iter().map(|speed| step(speed.write_kb_s)).collect();
        }
        // Zeros, and speeds of another family of discs, are seen in the field.
        steps.retain(|step| f64::from(step.write_kb_s) >= family.one_x_kb_s() * 0.9);
        steps.sort_by(|a, b| b.cmp(a));
        steps.dedup_by_key(|step| step.write_kb_s);
        Ok(steps)
    }

    fn capabilities(&mut self) -> Result<Option<Capabilities>, DriveError> {
        const LENGTH: u16 = 128;
        let pages: Option<ModePages> = self.ask(&ModeSense10::current(Capabilities::CODE, LENGTH), LENGTH)?;
        Ok(pages.and_then(|pages| pages.read()))
    }

    /// Sets the speed of writing up to the sector `end`. `None` where the drive does not let it be set; else what it
    /// says that it writes with now, where it says so.
    ///
    /// # Errors
    /// Where the drive does not answer.
    pub fn set_write_speed(
        &mut self,
        step: WriteSpeedStep,
        end: Lba,
        family: MediumFamily,
    ) -> Result<Option<u32>, DriveError> {
        let set = match family {
            MediumFamily::Cd => self.set_cd_write_speed(step)?,
            MediumFamily::Dvd | MediumFamily::Bd | MediumFamily::Unknown => {
                self.stream_at(step, end)? || self.set_cd_write_speed(step)?
            }
        };
        if !set {
            return Ok(None);
        }
        let told = self.capabilities()?.and_then(|page| page.write_kb_s).filter(|kb_s| *kb_s > 0);
        Ok(Some(told.map_or(step.write_kb_s, u32::from)))
    }

    fn stream_at(&mut self, step: WriteSpeedStep, end: Lba) -> Result<bool, DriveError> {
        let streaming = Streaming {
            rotation: 0,
            defaults: false,
            exact: false,
            random_access: false,
            start: Lba(0),
            end,
            read: Rate::kb_s(step.read_kb_s.max(step.write_kb_s)),
            write: Rate::kb_s(step.write_kb_s),
        };
        let cdb = SetStreaming::PERFORMANCE.cdb();
        for _ in 0..3_u8 {
            match self.attempt_with(&cdb, Data::Out(&streaming.emit()), QUESTION) {
                Ok(Reply::Good { .. } | Reply::Remarked { .. }) => return Ok(true),
                Ok(Reply::Refused(sense)) if self.is_harmless_news(&sense) => {}
                Ok(Reply::Refused(_) | Reply::Busy | Reply::Reserved) => return Ok(false),
                Err(crate::scsi::TransportError::Gone) => return Err(DriveError::Gone),
                Err(_) => return Ok(false),
            }
        }
        Ok(false)
    }

    fn set_cd_write_speed(&mut self, step: WriteSpeedStep) -> Result<bool, DriveError> {
        let write_kb_s = u16::try_from(step.write_kb_s).unwrap_or(SetCdSpeed::BEST);
        let cdb = SetCdSpeed { rotation: Rotation::Clv, read_kb_s: SetCdSpeed::BEST, write_kb_s }.cdb();
        let reply = self.exchange_within(&cdb, &mut [], QUESTION, BUSY_AT_MOST)?;
        Ok(matches!(reply, Reply::Good { .. } | Reply::Remarked { .. }))
    }
}
