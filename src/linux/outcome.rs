//! This module knows what the kernel's numbers say of a command: an answer of the drive, or trouble on the way.

use std::io;
use std::time::Duration;

use super::header::Answer;
use super::node::NodeKind;
use crate::scsi::{Completion, HostFault, Status, TransportError};

/// A refusal over the length of a transfer of one page or less would make no sense, so it is not one.
const SMALLEST_TOO_LARGE: usize = 4096;

/// The call itself failed: the command was not executed.
pub(super) fn of_errno(error: io::Error, opcode: u8, bytes: usize, kind: NodeKind) -> TransportError {
    match error.raw_os_error() {
        Some(libc::ENODEV | libc::ENXIO) => TransportError::Gone,
        Some(libc::EPERM) => TransportError::NotPermitted { opcode },
        Some(libc::EINVAL | libc::ENOMEM) if bytes > SMALLEST_TOO_LARGE => TransportError::TooLarge { bytes },
        // The block node alone says it so.
        Some(libc::EIO) if kind == NodeKind::Block && bytes > SMALLEST_TOO_LARGE => TransportError::TooLarge { bytes },
        None if error.kind() == io::ErrorKind::InvalidInput => TransportError::TooLarge { bytes },
        _ => TransportError::System(error),
    }
}

/// The call came back: `host_status` counts before `status`, and `driver_status` only where both are silent.
pub(super) fn of_answer(answer: Answer, bytes: usize, timeout: Duration) -> Result<Completion, TransportError> {
    let status = Status::from(answer.status);
    let said_no = status == Status::CheckCondition && !answer.sense.is_empty();
    if !(answer.host_status == DID_OK || said_no && KERNELS_OWN_VERDICTS.contains(&answer.host_status)) {
        let ran_out = Duration::from_millis(answer.duration_ms.into()) >= timeout;
        return Err(of_host(answer.host_status, ran_out, timeout));
    }
    match answer.driver_status & 0x0F {
        _ if status != Status::Good => {}
        DRIVER_OK | DRIVER_SENSE => {}
        DRIVER_TIMEOUT => return Err(TransportError::TimedOut { after: timeout }),
        _ => return Err(TransportError::Host { fault: HostFault::Transfer, code: answer.driver_status }),
    }
    // Some bridges count beyond both ends.
    let residual = usize::try_from(answer.residual).unwrap_or(0);
    Ok(Completion { status, sense: answer.sense, transferred: bytes.saturating_sub(residual) })
}

const DID_OK: u16 = 0x00;
/// What the kernel concluded from sense data that it hands over too (DID_TARGET_FAILURE to DID_MEDIUM_ERROR).
const KERNELS_OWN_VERDICTS: std::ops::RangeInclusive<u16> = 0x10..=0x13;
const DRIVER_OK: u16 = 0x0;
const DRIVER_TIMEOUT: u16 = 0x6;
const DRIVER_SENSE: u16 = 0x8;

/// The `DID_` numbers of `<scsi/scsi_status.h>`.
fn of_host(code: u16, ran_out: bool, timeout: Duration) -> TransportError {
    let fault = match code {
        // NO_CONNECT, BAD_TARGET
        0x01 | 0x04 => return TransportError::Gone,
        // TIME_OUT
        0x03 => return TransportError::TimedOut { after: timeout },
        // ABORT: how USB reports a timeout, and a reset by somebody else
        0x05 if ran_out => return TransportError::TimedOut { after: timeout },
        // ABORT, RESET
        0x05 | 0x08 => HostFault::Reset,
        // BUS_BUSY, PARITY, BAD_INTR, PASSTHROUGH, SOFT_ERROR, IMM_RETRY, REQUEUE, TRANSPORT_DISRUPTED, TRANSPORT_FAILFAST
        0x02 | 0x06 | 0x09..=0x0F => HostFault::Passing,
        // ERROR, and what later kernels add
        _ => HostFault::Transfer,
    };
    TransportError::Host { fault, code }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn told(answer: Answer) -> String {
        match of_answer(answer, 65536, MINUTE) {
            Ok(Completion { status, sense, transferred }) => {
                format!("{status:?}, {} of sense, {transferred}", sense.len())
            }
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn the_drives_own_word_is_an_answer() {
        assert_eq!(told(Answer::default()), "Good, 0 of sense, 65536");
        assert_eq!(told(Answer { residual: 2048, ..Answer::default() }), "Good, 0 of sense, 63488");
        let no = Answer { status: 2, driver_status: 8, sense: vec![0x70; 18], residual: 65536, ..Answer::default() };
        assert_eq!(told(no.clone()), "CheckCondition, 18 of sense, 0");
        assert_eq!(told(Answer { host_status: 0x13, ..no }), "CheckCondition, 18 of sense, 0");
        assert_eq!(told(Answer { status: 8, ..Answer::default() }), "Busy, 0 of sense, 65536");
        assert_eq!(told(Answer { status: 0x18, ..Answer::default() }), "ReservationConflict, 0 of sense, 65536");
    }

    #[test]
    fn a_residue_beyond_either_end_is_cut() {
        assert_eq!(told(Answer { residual: -5, ..Answer::default() }), "Good, 0 of sense, 65536");
        assert_eq!(told(Answer { residual: 70_000, ..Answer::default() }), "Good, 0 of sense, 0");
    }

    #[test]
    fn trouble_on_the_way_counts_before_the_drives_word() {
        let host = |host_status| told(Answer { host_status, status: 2, sense: vec![0x70; 18], ..Answer::default() });
        assert_eq!(host(0x01), "Gone");
        assert_eq!(host(0x03), "TimedOut { after: 60s }");
        assert_eq!(host(0x05), "Host { fault: Reset, code: 5 }");
        assert_eq!(host(0x07), "Host { fault: Transfer, code: 7 }");
        assert_eq!(host(0x08), "Host { fault: Reset, code: 8 }");
        assert_eq!(host(0x0B), "Host { fault: Passing, code: 11 }");
        assert_eq!(host(0x0E), "Host { fault: Passing, code: 14 }");
        let aborted = Answer { host_status: 5, duration_ms: 60_004, ..Answer::default() };
        assert_eq!(told(aborted), "TimedOut { after: 60s }");
    }

    #[test]
    fn the_driver_is_heard_only_where_all_others_are_silent() {
        assert_eq!(told(Answer { driver_status: 6, ..Answer::default() }), "TimedOut { after: 60s }");
        assert_eq!(told(Answer { driver_status: 7, ..Answer::default() }), "Host { fault: Transfer, code: 7 }");
        assert_eq!(told(Answer { driver_status: 8, ..Answer::default() }), "Good, 0 of sense, 65536");
        let no = Answer { driver_status: 6, status: 2, sense: vec![0x70; 18], ..Answer::default() };
        assert_eq!(told(no), "CheckCondition, 18 of sense, 65536");
    }

    #[test]
    fn a_call_that_failed_says_why() {
        let said = |errno, bytes, kind| {
            format!("{:?}", of_errno(io::Error::from_raw_os_error(errno), 0x28, bytes, kind))
                .split([' ', '('])
                .next()
                .map(str::to_owned)
                .unwrap()
        };
        assert_eq!(said(libc::ENODEV, 0, NodeKind::Block), "Gone");
        assert_eq!(said(libc::ENXIO, 0, NodeKind::Generic), "Gone");
        assert_eq!(said(libc::EPERM, 0, NodeKind::Block), "NotPermitted");
        assert_eq!(said(libc::EIO, 1 << 20, NodeKind::Block), "TooLarge");
        assert_eq!(said(libc::EIO, 1 << 20, NodeKind::Generic), "System");
        assert_eq!(said(libc::EIO, 2048, NodeKind::Block), "System");
        assert_eq!(said(libc::EINVAL, 1 << 20, NodeKind::Generic), "TooLarge");
        assert_eq!(said(libc::ENOMEM, 1 << 20, NodeKind::Block), "TooLarge");
        assert_eq!(said(libc::EINVAL, 8, NodeKind::Block), "System");
        assert_eq!(said(libc::ENOTTY, 96, NodeKind::Block), "System");
    }
}
