//! This module knows page 2Ah: what the drive said it can do before there were features.

use super::ModePageData;
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};
use crate::mmc::command::length::Tail;
use crate::mmc::feature::Mechanism;

/// MM Capabilities and Mechanical Status (2Ah), MMC-3 6.3.11. Its speeds do not reflect reality on all drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Bit 0 CD-R, 1 CD-RW, 2 method 2, 3 DVD-ROM, 4 DVD-R, 5 DVD-RAM.
    pub reads: u8,
    /// Bit 0 CD-R, 1 CD-RW, 2 test writing, 4 DVD-R, 5 DVD-RAM.
    pub writes: u8,
    /// Bytes 4, 5 and 7, which are of audio mostly. Byte 4: bit 4 mode 2 form 1, 5 form 2, 6 several sessions.
    /// Byte 5: bit 0 CD-DA commands, 4 C2 error flags.
    pub others: [u8; 3],
    pub mechanism: Mechanism,
    pub can_eject: bool,
    pub prevent_jumper: bool,
    /// The tray is locked now.
    pub locked: bool,
    pub can_lock: bool,
    /// 1000 bytes a second.
    pub maximum_read_kb_s: Option<u16>,
    /// Kibibytes.
    pub buffer_kib: Option<u16>,
    pub read_kb_s: Option<u16>,
    pub maximum_write_kb_s: Option<u16>,
    pub write_kb_s: Option<u16>,
    /// As far as the page goes.
    pub write_speeds: Vec<RotationSpeed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationSpeed {
    /// 0 to 3: 0 CLV, 1 CAV.
    pub rotation: u8,
    pub write_kb_s: u16,
}

impl ModePageData for Capabilities {
    const CODE: u8 = 0x2A;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(data, "mode page 2Ah");
        let [reads, writes, audio, cd_da, tray, volume] = b.array()?;
        let mut tail = Tail::of(b);
        let (maximum_read_kb_s, _, buffer_kib, read_kb_s) =
            (tail.be_u16(), tail.be_u16(), tail.be_u16(), tail.be_u16());
        let (_, maximum_write_kb_s, _, _) = (tail.be_u16(), tail.be_u16(), tail.be_u16(), tail.be_u32());
        let (_, write_kb_s) = (tail.be_u16(), tail.be_u16());
        let count = tail.be_u16().unwrap_or(0);
        let speeds = std::iter::from_fn(|| {
            let [_, rotation, high, low] = tail.array()?;
            Some(RotationSpeed { rotation: bits(rotation, 1, 0), write_kb_s: u16::from_be_bytes([high, low]) })
        });
        Ok(Self {
            reads,
            writes,
            others: [audio, cd_da, volume],
            mechanism: Mechanism::from_number(bits(tray, 7, 5)),
            can_eject: bit(tray, 3),
            prevent_jumper: bit(tray, 2),
            locked: bit(tray, 1),
            can_lock: bit(tray, 0),
            maximum_read_kb_s,
            buffer_kib,
            read_kb_s,
            maximum_write_kb_s,
            write_kb_s,
            write_speeds: speeds.take(usize::from(count)).collect(),
        })
    }

    fn emit(&self) -> Vec<u8> {
        let [audio, cd_da, volume] = self.others;
        let tray = self.mechanism.number() << 5
            | u8::from(self.can_eject) << 3
            | u8::from(self.prevent_jumper) << 2
            | u8::from(self.locked) << 1
            | u8::from(self.can_lock);
        let speed = |field: Option<u16>| field.unwrap_or(0);
        let mut out = Composer::new();
        out.u8(self.reads).u8(self.writes).u8(audio).u8(cd_da).u8(tray).u8(volume);
        out.be_u16(speed(self.maximum_read_kb_s)).be_u16(0).be_u16(speed(self.buffer_kib));
        out.be_u16(speed(self.read_kb_s)).be_u16(0).be_u16(speed(self.maximum_write_kb_s));
        // The writing speed stands twice: where old hosts and where new ones look for it.
        out.be_u16(speed(self.write_kb_s)).zeros(6).be_u16(speed(self.write_kb_s));
        out.be_u16(u16::try_from(self.write_speeds.len()).unwrap_or(u16::MAX));
        for listed in &self.write_speeds {
            out.u8(0).u8(bits(listed.rotation, 1, 0)).be_u16(listed.write_kb_s);
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ModePage;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_locked_tray_drive_reads_at_22160() {
        let golden = [
            0x3F, 0x37, 0xF1, 0x77, 0x2B, 0x23, 0x56, 0x90, 1, 0, 0x0F, 0xA0, 0x56, 0x90, 0, 0, // bytes 2 to 17
            0x21, 0x13, 0x15, 0xA4, 0, 0, 0, 0, 0, 1, 0x15, 0xA4, 0, 1, 0, 1, 0x15, 0xA4, // bytes 18 to 35
        ];
        let page = Capabilities::parse(&golden).unwrap();
        assert_eq!((page.mechanism, page.can_eject, page.can_lock, page.locked), (Mechanism::Tray, true, true, true));
        assert_eq!((page.maximum_read_kb_s, page.read_kb_s), (Some(22_160), Some(22_160)));
        assert_eq!((page.buffer_kib, page.maximum_write_kb_s), (Some(4000), Some(8467)));
        assert_eq!(page.write_speeds, [RotationSpeed { rotation: 1, write_kb_s: 5540 }]);
        let again = Capabilities::parse(&page.emit()).unwrap();
        assert_eq!((page.emit().len(), again), (golden.len(), page));
    }

    #[test]
    fn an_old_drive_ends_early() {
        let page = Capabilities::parse(&[0x3F, 0, 0, 0, 0x29, 0, 0x56, 0x90, 0]).unwrap();
        assert_eq!((page.maximum_read_kb_s, page.buffer_kib, page.read_kb_s), (Some(22_160), None, None));
        assert!(Capabilities::parse(&[0; 5]).is_err());
    }

    proptest! {
        #[test]
        fn it_survives_the_wire(
            bytes: [u8; 5], mechanism in 0..8_u8, flags: [bool; 4], speeds: [u16; 5],
            listed in proptest::collection::vec((0..4_u8, any::<u16>()), 0..20),
        ) {
            let page = Capabilities {
                reads: bytes[0],
                writes: bytes[1],
                others: [bytes[2], bytes[3], bytes[4]],
                mechanism: Mechanism::from_number(mechanism),
                can_eject: flags[0],
                prevent_jumper: flags[1],
                locked: flags[2],
                can_lock: flags[3],
                maximum_read_kb_s: Some(speeds[0]),
                buffer_kib: Some(speeds[1]),
                read_kb_s: Some(speeds[2]),
                maximum_write_kb_s: Some(speeds[3]),
                write_kb_s: Some(speeds[4]),
                write_speeds: listed.into_iter().map(|(rotation, write_kb_s)| RotationSpeed { rotation, write_kb_s }).collect(),
            };
            prop_assert_eq!(ModePage::of(&page).read(), Some(page));
        }

        #[test]
        fn any_data_is_no_panic(data in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Capabilities::parse(&data);
        }
    }
}
