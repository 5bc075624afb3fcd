//! This module knows SET STREAMING: a speed, for the whole disc whatever part was named.

use crate::mmc::command::{Answer, SetStreaming, Streaming};
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
        return Ok(Reply::Done);
    }
    let kb_s = u64::from(streaming.read.kb).saturating_mul(1000).checked_div(streaming.read.per_ms.into());
    let kb_s = kb_s.ok_or(Refusal::BAD_PARAMETER)?;
    drive.mechanics.ask_speed(u16::try_from(kb_s).ok());
    Ok(Reply::Done)
}
