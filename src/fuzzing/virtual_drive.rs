//! This module knows a drive that any bytes are said to.

use std::time::Duration;

use super::{Bytes, scene::scene};
use crate::clock::{Clock, SimulatedClock};
use crate::scsi::{Cdb, Data, Status, Transport};

const COMMANDS: usize = 64;

/// The first byte says which disc is in the drive. Then commands: one byte says how long, which way data goes and how
/// patient the host is; then the block; then two bytes, how much data there may be, and what goes out.
pub fn virtual_drive(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let clock = SimulatedClock::new();
    let mut drive = scene(bytes.u8(), &clock);
    for _ in 0..COMMANDS {
        if bytes.0.is_empty() {
            return;
        }
        let how = bytes.u8();
        let length = [6, 10, 12, 16].get(usize::from(how & 3)).copied().unwrap_or(6);
        let mut block = bytes.take(length).to_vec();
        block.resize(length, 0);
        let Some(cdb) = Cdb::from_slice(&block) else { return };
        let mut buffer = Vec::new();
        let data = match how >> 2 & 3 {
            0 => Data::None,
            1 => {
                let length = usize::from(bytes.u16());
                Data::Out(bytes.take(length))
            }
            _ => {
                buffer.resize(usize::from(bytes.u16()), 0);
                Data::In(&mut buffer)
            }
        };
        let (most, started) = (data.len(), clock.now());
        let timeout = if how & 0x10 == 0 { Duration::from_secs(60) } else { Duration::from_millis(1) };
        if let Ok(completion) = drive.execute(&cdb, data, timeout) {
            assert!(completion.transferred <= most, "{cdb}: {} of {most} bytes", completion.transferred);
            let explained = completion.decoded_sense().is_some();
            assert_eq!(explained, completion.status == Status::CheckCondition, "{cdb}: {completion:?}");
        }
        assert!(clock.now().saturating_sub(started) <= timeout.max(Duration::from_secs(1)), "{cdb}: too long");
    }
}
