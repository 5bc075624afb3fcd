//! This module knows sense data in both formats: what a drive says when it says no.

use crate::bytes::{Composer, Cursor, Truncated, bits};

/// The coarse kind of a refusal, SPC-4 4.5.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenseKey {
    NoSense,
    RecoveredError,
    NotReady,
    MediumError,
    HardwareError,
    IllegalRequest,
    UnitAttention,
    DataProtect,
    BlankCheck,
    VendorSpecific,
    CopyAborted,
    AbortedCommand,
    Reserved,
    VolumeOverflow,
    Miscompare,
    Completed,
}

impl SenseKey {
    const ALL: [SenseKey; 16] = [
        SenseKey::NoSense,
        SenseKey::RecoveredError,
        SenseKey::NotReady,
        SenseKey::MediumError,
        SenseKey::HardwareError,
        SenseKey::IllegalRequest,
        SenseKey::UnitAttention,
        SenseKey::DataProtect,
        SenseKey::BlankCheck,
        SenseKey::VendorSpecific,
        SenseKey::CopyAborted,
        SenseKey::AbortedCommand,
        SenseKey::Reserved,
        SenseKey::VolumeOverflow,
        SenseKey::Miscompare,
        SenseKey::Completed,
    ];

    /// The key in the lower four bits of `byte`.
    pub fn from_low_bits(byte: u8) -> Self {
        Self::ALL.get(usize::from(byte & 0x0F)).copied().unwrap_or(SenseKey::NoSense)
    }

    pub fn number(self) -> u8 {
        self as u8
    }
}

/// Sense data, SPC-4 4.5: key, code and qualifier, and what came with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sense {
    pub key: SenseKey,
    pub asc: u8,
    pub ascq: u8,
    /// The INFORMATION field where the drive says that it holds something: for a read, an LBA.
    pub information: Option<u64>,
    /// Of an earlier command: the current one was not executed.
    pub deferred: bool,
    /// The sense-key specific bytes, where they hold something.
    pub specific: Option<[u8; 3]>,
}

impl Sense {
    /// Key, code and qualifier alone.
    pub const fn new(key: SenseKey, asc: u8, ascq: u8) -> Self {
        Self { key, asc, ascq, information: None, deferred: false, specific: None }
    }

    /// The same with an INFORMATION field.
    pub const fn with_information(self, information: u64) -> Self {
        Self { information: Some(information), ..self }
    }

    /// The same with progress, in parts of 65536.
    pub const fn with_progress(self, progress: u16) -> Self {
        let [high, low] = progress.to_be_bytes();
        Self { specific: Some([0x80, high, low]), ..self }
    }

    /// How far an operation is, 0 to 1, where the drive tells it (keys 0 and 2).
    pub fn progress(&self) -> Option<f64> {
        match (self.key, self.specific) {
            (SenseKey::NoSense | SenseKey::NotReady, Some([_, high, low])) => {
                Some(f64::from(u16::from_be_bytes([high, low])) / 65536.0)
            }
            _ => None,
        }
    }

    /// Reads either format; a field that did not come is absent, a code that did not come is 0.
    /// `None` where the bytes are no sense data at all.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes.first()? & 0x7F {
            0x70 | 0x71 => Self::parse_fixed(bytes).ok(),
            0x72 | 0x73 => Self::parse_descriptors(bytes).ok(),
            _ => None,
        }
    }

    fn parse_fixed(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "fixed-format sense");
        let response = b.u8()?;
        b.skip(1)?;
        let mut sense = Self::new(SenseKey::from_low_bits(b.u8()?), 0, 0);
        sense.deferred = response & 0x7F == 0x71;
        let Ok(information) = b.be_u32() else { return Ok(sense) };
        sense.information = (response & 0x80 != 0).then_some(u64::from(information));
        let mut rest = || -> Result<(), Truncated> {
            b.skip(5)?;
            sense.asc = b.u8()?;
            sense.ascq = b.u8()?;
            b.skip(1)?;
            sense.specific = Some(b.array()?).filter(|[flags, ..]: &[u8; 3]| flags & 0x80 != 0);
            Ok(())
        };
        // Sense may be cut anywhere; what came counts.
        let _ = rest();
        Ok(sense)
    }

    fn parse_descriptors(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = Cursor::new(bytes, "descriptor-format sense");
        let response = b.u8()?;
        let mut sense = Self::new(SenseKey::from_low_bits(b.u8()?), 0, 0);
        sense.deferred = response & 0x7F == 0x73;
        let mut rest = || -> Result<(), Truncated> {
            sense.asc = b.u8()?;
            sense.ascq = b.u8()?;
            b.skip(3)?;
            let length = usize::from(b.u8()?);
            let mut list = b.sub(length.min(b.rest().len()))?;
            while !list.is_empty() {
                let kind = list.u8()?;
                let length = usize::from(list.u8()?);
                let mut descriptor = list.sub(length)?;
                match kind {
                    0x00 => {
                        let valid = bits(descriptor.u8()?, 7, 7) == 1;
                        descriptor.skip(1)?;
                        sense.information = Some(descriptor.be_u64()?).filter(|_| valid);
                    }
                    0x02 => {
                        descriptor.skip(2)?;
                        sense.specific = Some(descriptor.array()?).filter(|[flags, ..]: &[u8; 3]| flags & 0x80 != 0);
                    }
                    _ => {}
                }
            }
            Ok(())
        };
        let _ = rest();
        Ok(sense)
    }

    /// 18 bytes of fixed format. An INFORMATION beyond 32 bits has no place there and is left out.
    pub fn emit_fixed(&self) -> Vec<u8> {
        let information = self.information.and_then(|i| u32::try_from(i).ok());
        let valid = if information.is_some() { 0x80 } else { 0 };
        let mut out = Composer::new();
        out.u8(valid | if self.deferred { 0x71 } else { 0x70 }).u8(0).u8(self.key.number());
        out.be_u32(information.unwrap_or(0)).u8(10).zeros(4).u8(self.asc).u8(self.ascq).u8(0);
        out.bytes(&self.specific.unwrap_or_default());
        out.finish()
    }
}

/// `03h/11h/05h`, for those who look it up.
impl std::fmt::Display for Sense {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02x}h/{:02x}h/{:02x}h", self.key.number(), self.asc, self.ascq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_medium_error_tells_its_sector() {
        let bytes = [0xF0, 0, 3, 0, 0, 0x48, 0x1E, 10, 0, 0, 0, 0, 0x11, 5, 0, 0, 0, 0];
        let sense = Sense::new(SenseKey::MediumError, 0x11, 5).with_information(18462);
        assert_eq!(Sense::parse(&bytes), Some(sense));
        assert_eq!(sense.emit_fixed(), bytes);
        assert_eq!(sense.to_string(), "03h/11h/05h");
    }

    #[test]
    fn a_sector_is_told_only_where_the_valid_bit_is_set() {
        let bytes = [0x70, 0, 3, 0, 0, 0x48, 0x1E, 10, 0, 0, 0, 0, 0x11, 5];
        assert_eq!(Sense::parse(&bytes), Some(Sense::new(SenseKey::MediumError, 0x11, 5)));
    }

    #[test]
    fn descriptors_tell_the_same() {
        let bytes = [0x72, 3, 0x11, 5, 0, 0, 0, 12, 0, 10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x1E];
        assert_eq!(Sense::parse(&bytes), Some(Sense::new(SenseKey::MediumError, 0x11, 5).with_information(18462)));
    }

    #[test]
    fn progress_comes_in_parts_of_65536() {
        let sense = Sense::new(SenseKey::NotReady, 4, 4).with_progress(0x8000);
        assert_eq!(Sense::parse(&sense.emit_fixed()).and_then(|s| s.progress()), Some(0.5));
    }

    #[test]
    fn what_did_not_come_is_absent() {
        assert_eq!(Sense::parse(&[]), None);
        assert_eq!(Sense::parse(&[0x00; 18]), None);
        assert_eq!(Sense::parse(&[0x70, 0, 2]), Some(Sense::new(SenseKey::NotReady, 0, 0)));
    }

    fn any_sense() -> impl Strategy<Value = Sense> {
        (0..16_u8, any::<u8>(), any::<u8>(), any::<Option<u32>>(), any::<bool>(), any::<Option<[u8; 3]>>()).prop_map(
            |(key, asc, ascq, information, deferred, specific)| Sense {
                key: SenseKey::from_low_bits(key),
                asc,
                ascq,
                information: information.map(u64::from),
                deferred,
                specific: specific.map(|[flags, a, b]| [flags | 0x80, a, b]),
            },
        )
    }

    proptest! {
        #[test]
        fn sense_survives_the_wire(sense in any_sense()) {
            prop_assert_eq!(Sense::parse(&sense.emit_fixed()), Some(sense));
        }

        #[test]
        fn any_bytes_are_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Sense::parse(&bytes);
        }
    }
}
