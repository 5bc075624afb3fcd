//! This module knows GET EVENT STATUS NOTIFICATION: what happened to tray and disc, and how they are now.

use super::{
    Answer, Command,
    length::{Tail, after_u16_length, u16_counted},
};
use crate::bytes::{Composer, Truncated, bit, bits};
use crate::scsi::Cdb;

/// GET EVENT STATUS NOTIFICATION (4Ah), MMC-5 6.7. Each consumes one event, of the lowest class that has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetEventStatus {
    /// Answer now instead of when something happens, which no drive supports.
    pub polled: bool,
    /// A bit a class, see [`event_class`].
    pub classes: u8,
    /// Bytes; 8 brings one event.
    pub allocation: u16,
}

/// The number of a class; in a mask its bit.
pub mod event_class {
    pub const OPERATIONAL_CHANGE: u8 = 1;
    pub const POWER: u8 = 2;
    pub const EXTERNAL: u8 = 3;
    pub const MEDIA: u8 = 4;
    pub const MULTI_HOST: u8 = 5;
    pub const DEVICE_BUSY: u8 = 6;

    pub const fn mask(class: u8) -> u8 {
        if class < 8 { 1 << class } else { 0 }
    }
}

impl GetEventStatus {
    /// How tray and disc are now.
    pub const fn media() -> Self {
        Self { polled: true, classes: event_class::mask(event_class::MEDIA), allocation: 8 }
    }
}

impl Command for GetEventStatus {
    const OPCODE: u8 = 0x4A;

    fn cdb(&self) -> Cdb {
        let [a0, a1] = self.allocation.to_be_bytes();
        Cdb::new([Self::OPCODE, u8::from(self.polled), 0, 0, self.classes, 0, 0, a0, a1, 0])
    }

    fn from_cdb(cdb: &Cdb) -> Option<Self> {
        let &[Self::OPCODE, polled, _, _, classes, _, _, a0, a1, _] = cdb.as_bytes() else { return None };
        Some(Self { polled: bit(polled, 0), classes, allocation: u16::from_be_bytes([a0, a1]) })
    }
}

/// The answer to GET EVENT STATUS NOTIFICATION, MMC-5 6.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventStatus {
    /// A bit a class that the drive knows.
    pub supported: u8,
    /// `None` where no class that was asked for is supported.
    pub event: Option<ClassEvent>,
}

/// One class answers, also with the event that there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassEvent {
    Media(MediaStatus),
    Other { class: u8, data: [u8; 4] },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaStatus {
    pub event: MediaEvent,
    /// True even where another host has eaten the event.
    pub present: bool,
    pub tray_open: bool,
    /// First and last slot that it concerns.
    pub slots: Option<[u8; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaEvent {
    None,
    /// The button was pressed while the tray is locked.
    EjectRequest,
    NewMedia,
    Removal,
    Changed,
    BackgroundFormatDone,
    BackgroundFormatRestarted,
    Reserved(u8),
}

impl MediaEvent {
    fn from_number(number: u8) -> Self {
        match number {
            0 => MediaEvent::None,
            1 => MediaEvent::EjectRequest,
            2 => MediaEvent::NewMedia,
            3 => MediaEvent::Removal,
            4 => MediaEvent::Changed,
            5 => MediaEvent::BackgroundFormatDone,
            6 => MediaEvent::BackgroundFormatRestarted,
            other => MediaEvent::Reserved(other),
        }
    }

    /// Four bits.
    fn number(self) -> u8 {
        match self {
            MediaEvent::None => 0,
            MediaEvent::EjectRequest => 1,
            MediaEvent::NewMedia => 2,
            MediaEvent::Removal => 3,
            MediaEvent::Changed => 4,
            MediaEvent::BackgroundFormatDone => 5,
            MediaEvent::BackgroundFormatRestarted => 6,
            MediaEvent::Reserved(number) => bits(number, 3, 0),
        }
    }
}

const NO_EVENT_AVAILABLE: u8 = 0x80;

impl Answer for EventStatus {
    fn parse(bytes: &[u8]) -> Result<Self, Truncated> {
        let mut b = u16_counted(bytes, "GET EVENT STATUS NOTIFICATION")?;
        let (class, supported) = (b.u8()?, b.u8()?);
        let none_available = class & NO_EVENT_AVAILABLE != 0;
        let class = bits(class, 2, 0);
        let mut tail = Tail::of(b);
        // Some drives do not count the head in the length, so that the last two bytes seem not to be there.
        let (first, last) = (tail.array(), tail.array());
        let event = first.filter(|_| !none_available).map(|[what, status]| match class {
            event_class::MEDIA => ClassEvent::Media(MediaStatus {
                event: MediaEvent::from_number(bits(what, 3, 0)),
                present: bit(status, 1),
                tray_open: bit(status, 0),
                slots: last,
            }),
            class => {
                let [third, fourth] = last.unwrap_or_default();
                ClassEvent::Other { class, data: [what, status, third, fourth] }
            }
        });
        Ok(Self { supported, event })
    }

    fn emit(&self) -> Vec<u8> {
        let mut out = Composer::new();
        match self.event {
            None => out.u8(NO_EVENT_AVAILABLE).u8(self.supported),
            Some(ClassEvent::Media(media)) => {
                let status = u8::from(media.present) << 1 | u8::from(media.tray_open);
                out.u8(event_class::MEDIA).u8(self.supported).u8(media.event.number()).u8(status);
                out.bytes(&media.slots.unwrap_or_default())
            }
            Some(ClassEvent::Other { class, data }) => out.u8(bits(class, 2, 0)).u8(self.supported).bytes(&data),
        };
        after_u16_length(&out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::super::both_ways::{answer_survives, command_survives};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_kernel_polls_for_the_disc() {
        assert_eq!(GetEventStatus::media().cdb().as_bytes(), [0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0]);
    }

    #[test]
    fn a_new_disc_is_an_event_and_a_state() {
        let golden = [0, 6, 4, 0x56, 2, 2, 0, 0];
        let media = MediaStatus { event: MediaEvent::NewMedia, present: true, tray_open: false, slots: Some([0, 0]) };
        let status = EventStatus { supported: 0x56, event: Some(ClassEvent::Media(media)) };
        assert_eq!(EventStatus::parse(&golden), Ok(status));
        assert_eq!(status.emit(), golden);
    }

    #[test]
    fn a_length_without_the_head_still_tells_the_state() {
        let status = EventStatus::parse(&[0, 4, 4, 0x10, 3, 1, 0, 0]).unwrap();
        let media = MediaStatus { event: MediaEvent::Removal, present: false, tray_open: true, slots: None };
        assert_eq!(status.event, Some(ClassEvent::Media(media)));
    }

    #[test]
    fn a_class_that_is_not_supported_has_no_event() {
        let golden = [0, 2, 0x80, 0x02];
        assert_eq!(EventStatus::parse(&golden), Ok(EventStatus { supported: 2, event: None }));
        assert_eq!(EventStatus { supported: 2, event: None }.emit(), golden);
        assert_eq!(EventStatus::parse(&[0, 6, 4, 0x56, 2]).unwrap().event, None);
        assert!(EventStatus::parse(&golden[..3]).is_err());
    }

    #[test]
    fn it_survives_the_wire() {
        command_survives(any::<(bool, u8, u16)>().prop_map(|(polled, classes, allocation)| GetEventStatus {
            polled,
            classes,
            allocation,
        }));
        let media = (0..16_u8, any::<[bool; 2]>(), any::<[u8; 2]>()).prop_map(|(event, flags, slots)| {
            ClassEvent::Media(MediaStatus {
                event: MediaEvent::from_number(event),
                present: flags[0],
                tray_open: flags[1],
                slots: Some(slots),
            })
        });
        let class = (0..8_u8).prop_filter("media has its own type", |&class| class != event_class::MEDIA);
        let other = (class, any::<[u8; 4]>()).prop_map(|(class, data)| ClassEvent::Other { class, data });
        let event = proptest::option::of(prop_oneof![media, other]);
        answer_survives((any::<u8>(), event).prop_map(|(supported, event)| EventStatus { supported, event }));
    }
}
