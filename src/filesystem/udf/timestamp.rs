//! This module knows UDF's timestamps: ECMA-167, 1/7.3, as UDF 2.1.4 narrows them.

use crate::bytes::{Cursor, Truncated};
use crate::filesystem::timestamp::{Calendar, Timestamp};

/// No zone was recorded.
const NO_ZONE: i32 = -2047;

/// The twelve bytes at `b`; `None` where they are no moment, as where they are all zero.
pub fn parse(b: &mut Cursor<'_>) -> Result<Option<Timestamp>, Truncated> {
    let mut b = b.sub(12)?;
    let kind_and_zone = b.le_u16()?;
    let zone = i32::from(kind_and_zone & 0x0FFF);
    let zone = if zone >= 0x800 { zone - 0x1000 } else { zone };
    let year = b.le_u16()?.cast_signed();
    let (month, day, hour, minute, second) = (b.u8()?, b.u8()?, b.u8()?, b.u8()?, b.u8()?);
    let (hundredths, hundred_micros, micros) = (b.u8()?, b.u8()?, b.u8()?);
    let fraction = u32::from(hundredths) * 10_000 + u32::from(hundred_micros) * 100 + u32::from(micros);
    let calendar = Calendar {
        year: year.into(),
        month,
        day,
        hour,
        minute,
        second,
        // A fraction that is none does not make the rest wrong.
        nanosecond: if fraction < 1_000_000 { fraction * 1000 } else { 0 },
        offset_minutes: if zone == NO_ZONE || zone.abs() > 1440 { 0 } else { zone },
    };
    Ok(calendar.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_zone_and_its_fraction() {
        // 2001-02-03 04:05:06.070809, an hour east of Greenwich.
        let bytes = [0x3C, 0x10, 0xD1, 0x07, 2, 3, 4, 5, 6, 7, 8, 9];
        let moment = parse(&mut Cursor::new(&bytes, "test")).unwrap().unwrap();
        assert_eq!((moment.to_string().as_str(), moment.nanoseconds), ("2001-02-03T03:05:06Z", 70_809_000));
        let west = [0xC4, 0x1F, 0xD1, 0x07, 2, 3, 4, 5, 6, 0, 0, 0];
        assert_eq!(parse(&mut Cursor::new(&west, "test")).unwrap().unwrap().to_string(), "2001-02-03T05:05:06Z");
        let nowhere = [0x01, 0x18, 0xD1, 0x07, 2, 3, 4, 5, 6, 200, 0, 0];
        assert_eq!(parse(&mut Cursor::new(&nowhere, "test")).unwrap().unwrap().to_string(), "2001-02-03T04:05:06Z");
        assert_eq!(parse(&mut Cursor::new(&[0; 12], "test")), Ok(None));
        assert!(parse(&mut Cursor::new(&[0; 11], "test")).is_err());
    }
}
