//! This module knows page 01h: how hard a drive tries before it gives a sector up.

use super::ModePageData;
use crate::bytes::{Composer, Cursor, Truncated, bit, bits};

/// Read/Write Error Recovery (01h), MMC-5 7. Many drives take it and do as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorRecovery {
    /// Automatic reallocation while writing.
    pub awre: bool,
    /// Automatic reallocation while reading.
    pub arre: bool,
    /// Transfer the data of a block that cannot be corrected.
    pub tb: bool,
    /// No delays for recovery; wrong data may come.
    pub rc: bool,
    /// Tell when data had to be recovered.
    pub per: bool,
    /// Stop at recovered errors; only with `per`.
    pub dte: bool,
    /// Do not correct.
    pub dcr: bool,
    pub read_retries: u8,
    /// 0 to 3: what is told of errors in error-checking on media that manage defects.
    pub emcdr: u8,
    pub write_retries: u8,
    /// Milliseconds; 0 is the drive's own.
    pub recovery_time_ms: u16,
}

impl ModePageData for ErrorRecovery {
    const CODE: u8 = 0x01;

    fn parse(data: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(data, "mode page 01h");
        let [flags, read_retries] = b.array()?;
        let [_, _, _, emcdr, write_retries, _] = b.array().unwrap_or_default();
        Ok(Self {
            awre: bit(flags, 7),
            arre: bit(flags, 6),
            tb: bit(flags, 5),
            rc: bit(flags, 4),
            per: bit(flags, 2),
            dte: bit(flags, 1),
            dcr: bit(flags, 0),
            read_retries,
            emcdr: bits(emcdr, 1, 0),
            write_retries,
            recovery_time_ms: if b.position() == 8 { b.be_u16().unwrap_or(0) } else { 0 },
        })
    }

    fn emit(&self) -> Vec<u8> {
        let flags = u8::from(self.awre) << 7
            | u8::from(self.arre) << 6
            | u8::from(self.tb) << 5
            | u8::from(self.rc) << 4
            | u8::from(self.per) << 2
            | u8::from(self.dte) << 1
            | u8::from(self.dcr);
        let mut out = Composer::new();
        out.u8(flags).u8(self.read_retries).zeros(3).u8(bits(self.emcdr, 1, 0)).u8(self.write_retries).u8(0);
        out.be_u16(self.recovery_time_ms);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ModePage;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retries_are_one_byte() {
        let golden = [0xC4, 0x20, 0, 0, 0, 1, 5, 0, 0, 100];
        let page = ErrorRecovery::parse(&golden).unwrap();
        assert_eq!((page.awre, page.arre, page.per, page.tb, page.dcr), (true, true, true, false, false));
        assert_eq!((page.read_retries, page.write_retries, page.recovery_time_ms), (32, 5, 100));
        assert_eq!(page.emit(), golden);
        assert_eq!(ErrorRecovery::parse(&golden[..2]).unwrap().read_retries, 32);
        assert_eq!(ErrorRecovery::parse(&golden[..4]).unwrap().recovery_time_ms, 0);
        assert!(ErrorRecovery::parse(&golden[..1]).is_err());
    }

    proptest! {
        #[test]
        fn it_survives_the_wire(flags: [bool; 7], retries: [u8; 2], emcdr in 0..4_u8, recovery_time_ms: u16) {
            let [awre, arre, tb, rc, per, dte, dcr] = flags;
            let [read_retries, write_retries] = retries;
            let page = ErrorRecovery {
                awre, arre, tb, rc, per, dte, dcr, read_retries, emcdr, write_retries, recovery_time_ms,
            };
            prop_assert_eq!(ModePage::of(&page).read(), Some(page));
        }

        #[test]
        fn any_data_is_no_panic(data in proptest::collection::vec(any::<u8>(), 0..20)) {
            let _ = ErrorRecovery::parse(&data);
        }
    }
}
