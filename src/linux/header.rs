//! This module knows `sg_io_hdr`, version 3: what the kernel is handed with a command, and hands back.
#![expect(unsafe_code, reason = "the only conversation with the kernel about commands")]

use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;
use std::time::Duration;

use nix::sys::signal::{SigSet, SigmaskHow};

use crate::scsi::{Cdb, Data};

const SG_IO: libc::Ioctl = 0x2285;
const BLKSECTGET: libc::Ioctl = 0x1267;
const INTERFACE: i32 = b'S' as i32;
const DIRECTION_NONE: i32 = -1;
const DIRECTION_TO_DRIVE: i32 = -2;
const DIRECTION_FROM_DRIVE: i32 = -3;

/// Room for sense; more than any drive gives.
pub(super) const SENSE_BYTES: u8 = 64;

/// `struct sg_io_hdr` of `<scsi/sg.h>`.
#[repr(C)]
struct Raw {
    interface_id: i32,
    dxfer_direction: i32,
    cmd_len: u8,
    mx_sb_len: u8,
    iovec_count: u16,
    dxfer_len: u32,
    dxferp: *mut libc::c_void,
    cmdp: *const u8,
    sbp: *mut u8,
    timeout: u32,
    flags: u32,
    pack_id: i32,
    usr_ptr: *mut libc::c_void,
    status: u8,
    masked_status: u8,
    msg_status: u8,
    sb_len_wr: u8,
    host_status: u16,
    driver_status: u16,
    resid: i32,
    duration: u32,
    info: u32,
}

/// What the kernel wrote into the header, and the sense.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    pub status: u8,
    pub host_status: u16,
    pub driver_status: u16,
    /// Bytes that did not go over, as the host adapter says.
    pub residual: i32,
    /// Milliseconds, waiting behind others included.
    pub duration_ms: u32,
    pub sense: Vec<u8>,
}

/// A header whose pointers lead into what it borrows.
struct Header<'a> {
    raw: Raw,
    borrowed: PhantomData<&'a mut [u8]>,
}

impl<'a> Header<'a> {
    /// `None` where the data is longer than the header can say.
    fn new(cdb: &'a Cdb, data: Data<'a>, sense: &'a mut [u8; SENSE_BYTES as usize], timeout_ms: u32) -> Option<Self> {
        let dxfer_len = u32::try_from(data.len()).ok()?;
        let (dxfer_direction, dxferp) = match data {
            Data::In(buffer) if !buffer.is_empty() => (DIRECTION_FROM_DRIVE, buffer.as_mut_ptr().cast()),
            Data::Out(bytes) if !bytes.is_empty() => (DIRECTION_TO_DRIVE, bytes.as_ptr().cast_mut().cast()),
            Data::None | Data::In(_) | Data::Out(_) => (DIRECTION_NONE, ptr::null_mut()),
        };
        let raw = Raw {
            interface_id: INTERFACE,
            dxfer_direction,
            cmd_len: u8::try_from(cdb.as_bytes().len()).ok()?,
            mx_sb_len: SENSE_BYTES,
            iovec_count: 0,
            dxfer_len,
            dxferp,
            cmdp: cdb.as_bytes().as_ptr(),
            sbp: sense.as_mut_ptr(),
            timeout: timeout_ms,
            flags: 0,
            pack_id: 0,
            usr_ptr: ptr::null_mut(),
            status: 0,
            masked_status: 0,
            msg_status: 0,
            sb_len_wr: 0,
            host_status: 0,
            driver_status: 0,
            resid: 0,
            duration: 0,
            info: 0,
        };
        Some(Self { raw, borrowed: PhantomData })
    }
}

/// Sends a command and waits for its end, which the kernel reports in an [`Answer`] also where the command failed.
/// An error means that it was not, or not provably, executed.
pub(super) fn send(fd: BorrowedFd<'_>, cdb: &Cdb, data: Data<'_>, timeout: Duration) -> io::Result<Answer> {
    // 0 would mean the kernel's own default.
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX).max(1);
    let mut sense = [0; SENSE_BYTES as usize];
    let mut header = Header::new(cdb, data, &mut sense, timeout_ms).ok_or(io::ErrorKind::InvalidInput)?;

    // A signal would end the wait on a /dev/sg* while the command runs on, and a restarted call would send it twice.
    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK)?;
    // SAFETY: each pointer and length in the header comes from a slice that `Header<'_>` borrows until after this call,
    // and the kernel writes only to `sense` and, with the direction "from the drive", to a slice that was borrowed mutably.
    let result = match unsafe { libc::ioctl(fd.as_raw_fd(), SG_IO, ptr::from_mut(&mut header.raw)) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    };
    before.thread_set_mask()?;
    result?;

    let Raw { status, sb_len_wr, host_status, driver_status, resid, duration, .. } = header.raw;
    let sense = sense.get(..usize::from(sb_len_wr)).unwrap_or(&sense).to_vec();
    Ok(Answer { status, host_status, driver_status, residual: resid, duration_ms: duration, sense })
}

/// The most bytes that a transfer through this `/dev/sg*` may have, as the kernel tells it.
pub(super) fn generic_limit(fd: BorrowedFd<'_>) -> io::Result<usize> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: on a /dev/sg* the kernel writes one int, and `bytes` is one.
    match unsafe { libc::ioctl(fd.as_raw_fd(), BLKSECTGET, ptr::from_mut(&mut bytes)) } {
        0 => usize::try_from(bytes).map_err(io::Error::other),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::{offset_of, size_of};
    use std::os::fd::AsFd;

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn the_header_lies_in_memory_as_the_kernel_expects() {
        assert_eq!(size_of::<Raw>(), 88);
        let offsets = [
            offset_of!(Raw, dxfer_direction),
            offset_of!(Raw, cmd_len),
            offset_of!(Raw, mx_sb_len),
            offset_of!(Raw, dxfer_len),
            offset_of!(Raw, dxferp),
            offset_of!(Raw, cmdp),
            offset_of!(Raw, sbp),
            offset_of!(Raw, timeout),
            offset_of!(Raw, usr_ptr),
            offset_of!(Raw, status),
            offset_of!(Raw, sb_len_wr),
            offset_of!(Raw, host_status),
            offset_of!(Raw, driver_status),
            offset_of!(Raw, resid),
            offset_of!(Raw, duration),
            offset_of!(Raw, info),
        ];
        assert_eq!(offsets, [4, 8, 9, 12, 16, 24, 32, 40, 56, 64, 67, 68, 70, 72, 76, 80]);
    }

    #[test]
    fn the_direction_is_that_of_the_data() {
        let (cdb, mut sense) = (Cdb::new([0x12, 0, 0, 0, 96, 0]), [0; 64]);
        let mut buffer = [0; 96];
        let mut asked = |data| {
            let raw = Header::new(&cdb, data, &mut sense, 30_000).unwrap().raw;
            (raw.dxfer_direction, raw.dxfer_len, raw.dxferp.is_null(), raw.cmd_len, raw.timeout)
        };
        assert_eq!(asked(Data::None), (-1, 0, true, 6, 30_000));
        assert_eq!(asked(Data::Out(&[1, 2])), (-2, 2, false, 6, 30_000));
        assert_eq!(asked(Data::In(&mut buffer)), (-3, 96, false, 6, 30_000));
        assert_eq!(asked(Data::In(&mut [])), (-1, 0, true, 6, 30_000), "a direction without data is refused by sr");
    }

    #[test]
    fn what_is_no_drive_takes_no_commands_and_leaves_signals_as_they_were() {
        let file = std::fs::File::open("/dev/null").unwrap();
        let before = SigSet::thread_get_mask().unwrap();
        let error = send(file.as_fd(), &Cdb::new([0; 6]), Data::None, Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOTTY));
        assert_eq!(SigSet::thread_get_mask().unwrap(), before);
    }
}
