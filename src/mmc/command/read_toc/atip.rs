//! This module knows format 4: what the groove of a recordable CD says about it.

use super::{
    Answer,
    length::{after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::mmc::Msf;

/// The answer in format 4, MMC-5 6.26.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atip {
    /// Indicative target writing power, 0 to 7.
    pub writing_power: u8,
    /// 0 to 7.
    pub reference_speed: u8,
    pub unrestricted_use: bool,
    /// CD-RW, not CD-R.
    pub rewritable: bool,
    /// 0 to 7.
    pub sub_type: u8,
    /// The start of the lead-in, which names the manufacturer; minutes are 97.
    pub lead_in: Msf,
    /// The last possible start of the lead-out: how much fits.
    pub last_lead_out: Option<Msf>,
    /// Additional information A1, A2, A3.
    pub additional: [Option<[u8; 3]>; 3],
}

impl Atip {
    /// The media identification, as in `97m26s66f`.
    pub fn media_id(&self) -> String {
        format!("{:02}m{:02}s{:02}f", self.lead_in.minute, self.lead_in.second, self.lead_in.frame)
    }
}

impl Answer for Atip {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "ATIP")?;
        b.skip(2)?;
        let ([power, usage, kind, _], lead_in) = (b.array()?, Msf::from_bytes(b.array()?));
        let mut padded = || b.array().map(|[_, field @ ..]: [u8; 4]| field).ok();
        let (last_lead_out, additional) = (padded(), [padded(), padded(), padded()]);
        let [a1, a2, a3] = additional;
        Ok(Self {
            writing_power: bits(power, 6, 4),
            reference_speed: bits(power, 2, 0),
            unrestricted_use: bit(usage, 6),
            rewritable: bit(kind, 6),
            sub_type: bits(kind, 5, 3),
            lead_in,
            last_lead_out: last_lead_out.map(Msf::from_bytes),
            additional: [a1.filter(|_| bit(kind, 2)), a2.filter(|_| bit(kind, 1)), a3.filter(|_| bit(kind, 0))],
        })
    }

    fn emit(&self) -> Vec<u8> {
        let [a1, a2, a3] = self.additional;
        let kind = 0x80
            | u8::from(self.rewritable) << 6
            | bits(self.sub_type, 2, 0) << 3
            | u8::from(a1.is_some()) << 2
            | u8::from(a2.is_some()) << 1
            | u8::from(a3.is_some());
        let mut out = Composer::new();
        out.be_u16(0).u8(0x80 | bits(self.writing_power, 2, 0) << 4 | bits(self.reference_speed, 2, 0));
        out.u8(u8::from(self.unrestricted_use) << 6).u8(kind).u8(0).bytes(&self.lead_in.bytes());
        out.u8(0).bytes(&self.last_lead_out.unwrap_or_default().bytes());
        for field in self.additional {
            out.u8(0).bytes(&field.unwrap_or_default());
        }
        out.u8(0);
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::both_ways::answer_survives;
    use super::*;
    use proptest::prelude::*;

    const GOLDEN: [u8; 28] = [
        0, 26, 0, 0, 0xD0, 0x40, 0x80, 0, 97, 26, 66, 0, 79, 59, 73, 0, // head, lead-in, lead-out
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // A1 to A3
    ];

    #[test]
    fn a_groove_names_its_maker_and_its_length() {
        let atip = Atip::parse(&GOLDEN).unwrap();
        assert_eq!((atip.writing_power, atip.unrestricted_use, atip.rewritable), (5, true, false));
        assert_eq!((atip.media_id().as_str(), atip.last_lead_out), ("97m26s66f", Some(Msf::new(79, 59, 73))));
        assert_eq!(atip.additional, [None; 3]);
        assert_eq!(atip.emit(), GOLDEN);
        assert_eq!(Atip::parse(&GOLDEN[..14]).unwrap().last_lead_out, None);
        assert!(Atip::parse(&GOLDEN[..10]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        let any_atip =
            (any::<[bool; 2]>(), (0..8_u8, 0..8_u8, 0..8_u8), any::<[[u8; 3]; 2]>(), any::<[Option<[u8; 3]>; 3]>());
        answer_survives(any_atip.prop_map(|(flags, (writing_power, reference_speed, sub_type), times, additional)| {
            Atip {
                writing_power,
                reference_speed,
                unrestricted_use: flags[0],
                rewritable: flags[1],
                sub_type,
                lead_in: Msf::from_bytes(times[0]),
                last_lead_out: Some(Msf::from_bytes(times[1])),
                additional,
            }
        }));
    }
}
