//! This module knows SET STREAMING: speeds, for the whole disc whatever part was named.

use crate::mmc::command::{Answer, Rate, SetStreaming, Streaming};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::dispatch::{Outcome, Refusal, Reply, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let SetStreaming { kind, length } = request.parsed()?;
    if kind != 0 {
        return Err(Refusal::BAD_FIELD);
    }
    let streaming = Streaming::parse(request.sent(length)?).map_err(|_| Refusal::BAD_LIST_LENGTH)?;
    if streaming.defaults {
        drive.mechanics.ask_speed(None);
        drive.write_speed_wish = None;
        return Ok(Reply::Done);
    }
    let read_kb_s = kb_s(streaming.read).ok_or(Refusal::BAD_PARAMETER)?;
    let is_written = drive.state.loaded().is_some_and(|disc| disc.recordable().is_some());
    if is_written {
        drive.write_speed_wish = Some(kb_s(streaming.write).ok_or(Refusal::BAD_PARAMETER)?);
    }
    drive.mechanics.ask_speed(u16::try_from(read_kb_s).ok());
    Ok(Reply::Done)
}

/// `None` where it is so much in no time.
fn kb_s(rate: Rate) -> Option<u32> {
    let kb_s = u64::from(rate.kb).saturating_mul(1000).checked_div(rate.per_ms.into())?;
    Some(u32::try_from(kb_s).unwrap_or(u32::MAX))
}
