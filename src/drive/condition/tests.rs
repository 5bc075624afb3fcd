use super::*;
use proptest::prelude::*;

fn of(key: u8, asc: u8, ascq: u8) -> Condition {
    Condition::of(&Sense::new(SenseKey::from_low_bits(key), asc, ascq))
}

fn unreadable(cause: Cause) -> Condition {
    Condition::Unreadable { at: None, cause }
}

#[test]
fn answers_that_report_nothing_are_told_from_audio_status_and_the_end() {
    assert_eq!(of(0, 0, 0), Condition::NothingReported);
    assert_eq!(of(0, 0, 0).act(), Act::Split);
    for ascq in 0x11..=0x15 {
        assert_eq!(of(0, 0, ascq), Condition::AudioStatus);
        assert_eq!(of(5, 0, ascq), Condition::AudioStatus);
    }
    assert_eq!(of(0, 0x63, 0), Condition::EndOfArea);
}

#[test]
fn recovered_data_is_good_data() {
    for (asc, ascq) in [(0x11, 0), (0x17, 9), (0x18, 8), (0x02, 0), (0x09, 0), (0x15, 0)] {
        assert_eq!(of(1, asc, ascq), Condition::Recovered);
    }
    assert_eq!(of(1, 0x0B, 1), Condition::RecoveredHot);
    assert_eq!(of(1, 0x5D, 0xFF), Condition::FailurePredicted);
    for asc in 0..=0xFF {
        assert_eq!(of(1, asc, 0).act(), Act::GoOn, "{asc:02x}h");
    }
}

#[test]
fn each_state_of_a_drive_that_is_not_ready_has_its_name() {
    let rows = [
        (0x04, 0x00, Condition::NotReady, Act::Poll),
        (0x04, 0x01, Condition::BecomingReady, Act::Poll),
        (0x04, 0x02, Condition::NeedsStart, Act::Fallback),
        (0x04, 0x03, Condition::NeedsHand, Act::Ask),
        (0x04, 0x04, Condition::Formatting, Act::Poll),
        (0x04, 0x07, Condition::Busy(Work::Operation), Act::Poll),
        (0x04, 0x08, Condition::Busy(Work::LongWrite), Act::Poll),
        (0x04, 0x09, Condition::Busy(Work::SelfTest), Act::Poll),
        (0x04, 0xF0, Condition::NotReady, Act::Poll),
        (0x05, 0x00, Condition::NotResponding, Act::Stop),
        (0x06, 0x00, Condition::DiscUnreadable(DiscTrouble::NoReferencePosition), Act::Ask),
        (0x30, 0x00, Condition::DiscUnreadable(DiscTrouble::Incompatible), Act::Ask),
        (0x3A, 0x00, Condition::NoDisc(Door::Unknown), Act::Ask),
        (0x3A, 0x01, Condition::NoDisc(Door::Closed), Act::Ask),
        (0x3A, 0x02, Condition::TrayOpen, Act::Ask),
        (0x3E, 0x00, Condition::NotConfigured, Act::Poll),
        (0x53, 0x02, Condition::RemovalPrevented, Act::Fallback),
        (0x57, 0x00, Condition::DiscUnreadable(DiscTrouble::NoTableOfContents), Act::Ask),
        (0x85, 0x00, Condition::NotReady, Act::Poll),
    ];
    for (asc, ascq, condition, act) in rows {
        assert_eq!(of(2, asc, ascq), condition);
        assert_eq!(condition.act(), act, "{condition:?}");
    }
}

#[test]
fn a_refusal_that_wears_the_key_of_readiness_is_a_refusal() {
    for asc in [0x1A, 0x20, 0x21, 0x24, 0x25, 0x26, 0x2C, 0x39, 0x63, 0x64, 0x6F] {
        assert_eq!(of(2, asc, 0), of(5, asc, 0), "{asc:02x}h");
    }
    assert_eq!(of(2, 0x24, 0), Condition::Unsupported);
}

#[test]
fn a_medium_error_tells_its_cause_and_its_sector() {
    let rows = [
        (0x02, 0x00, Cause::Seek),
        (0x09, 0x00, Cause::Tracking),
        (0x09, 0x01, Cause::Tracking),
        (0x09, 0x02, Cause::Focus),
        (0x09, 0x03, Cause::Spindle),
        (0x10, 0x00, Cause::SectorId),
        (0x11, 0x00, Cause::Correction),
        (0x11, 0x01, Cause::Correction),
        (0x11, 0x05, Cause::Correction),
        (0x11, 0x06, Cause::Correction),
        (0x12, 0x00, Cause::NotFound),
        (0x14, 0x01, Cause::NotFound),
        (0x15, 0x02, Cause::Positioning),
        (0x16, 0x00, Cause::Synchronisation),
        (0x99, 0x00, Cause::Other),
    ];
    for (asc, ascq, cause) in rows {
        assert_eq!(of(3, asc, ascq), unreadable(cause));
        assert_eq!(of(3, asc, ascq).act(), Act::Split);
    }
    let sense = Sense::new(SenseKey::MediumError, 0x11, 5).with_information(18462);
    assert_eq!(Condition::of(&sense), Condition::Unreadable { at: Some(Lba(18462)), cause: Cause::Correction });
    let absurd = Sense::new(SenseKey::MediumError, 0x11, 5).with_information(u64::MAX);
    assert_eq!(Condition::of(&absurd), unreadable(Cause::Correction));
}

#[test]
fn a_medium_error_can_be_of_the_whole_disc_or_no_error_at_all() {
    assert_eq!(of(3, 0x06, 0), Condition::DiscUnreadable(DiscTrouble::NoReferencePosition));
    assert_eq!(of(3, 0x30, 1), Condition::DiscUnreadable(DiscTrouble::Incompatible));
    assert_eq!(of(3, 0x30, 2), Condition::DiscUnreadable(DiscTrouble::Incompatible));
    assert_eq!(of(3, 0x31, 0), Condition::DiscUnreadable(DiscTrouble::FormatDamaged));
    assert_eq!(of(3, 0x57, 0), Condition::DiscUnreadable(DiscTrouble::NoTableOfContents));
    assert_eq!(of(3, 0x11, 0x0F).act(), Act::GoOn);
    assert_eq!(of(3, 0x11, 0x10).act(), Act::GoOn);
    assert_eq!(of(3, 0x11, 0x11), Condition::StreamLost);
    assert_eq!(of(0x0B, 0x11, 0x11), Condition::StreamLost);
    assert!(matches!(of(3, 0x0C, 0), Condition::Unexplained(_)));
}

#[test]
fn a_failing_drive_is_told_from_a_bad_place_and_from_a_bad_cable() {
    let rows = [
        (0x00, 0x17, Condition::CleaningRequested, Act::Again),
        (0x08, 0x03, Condition::LinkTrouble, Act::Again),
        (0x1B, 0x00, Condition::LinkTrouble, Act::Again),
        (0x47, 0x00, Condition::LinkTrouble, Act::Again),
        (0x09, 0x01, unreadable(Cause::Tracking), Act::Split),
        (0x15, 0x01, unreadable(Cause::Positioning), Act::Split),
        (0x3E, 0x01, Condition::UnitFailure, Act::Again),
        (0x3E, 0x02, Condition::GaveUp, Act::Split),
        (0x3E, 0x03, Condition::DriveFailed, Act::Stop),
        (0x40, 0x80, Condition::DriveFailed, Act::Stop),
        (0x44, 0x00, Condition::InternalFailure, Act::Again),
        (0x53, 0x00, Condition::TrayFailed, Act::Ask),
        (0x90, 0x00, Condition::InternalFailure, Act::Again),
    ];
    for (asc, ascq, condition, act) in rows {
        assert_eq!(of(4, asc, ascq), condition);
        assert_eq!(condition.act(), act, "{condition:?}");
    }
}

#[test]
fn a_refused_command_tells_what_to_do_instead() {
    let rows = [
        (0x1A, 0x00, Condition::Unsupported, Act::Fallback),
        (0x20, 0x00, Condition::Unsupported, Act::Fallback),
        (0x21, 0x00, Condition::Beyond, Act::End),
        (0x24, 0x00, Condition::Unsupported, Act::Fallback),
        (0x25, 0x00, Condition::NoSuchUnit, Act::Stop),
        (0x26, 0x02, Condition::Unsupported, Act::Fallback),
        (0x39, 0x00, Condition::Unsupported, Act::Fallback),
        (0x2C, 0x00, Condition::OutOfOrder, Act::Poll),
        (0x2C, 0x03, Condition::Unsupported, Act::Fallback),
        (0x30, 0x05, Condition::NotWithThisDisc, Act::Fallback),
        (0x53, 0x02, Condition::RemovalPrevented, Act::Fallback),
        (0x63, 0x00, Condition::EndOfArea, Act::End),
        (0x64, 0x00, Condition::WrongKind, Act::Fallback),
        (0x81, 0x00, Condition::Unsupported, Act::Fallback),
    ];
    for (asc, ascq, condition, act) in rows {
        assert_eq!(of(5, asc, ascq), condition);
        assert_eq!(condition.act(), act, "{condition:?}");
    }
}

#[test]
fn protection_is_seen_under_either_key_and_is_never_damage() {
    let rows = [
        (0x00, KeyTrouble::AuthenticationFailed),
        (0x01, KeyTrouble::NoKey),
        (0x02, KeyTrouble::NotEstablished),
        (0x03, KeyTrouble::Scrambled),
        (0x04, KeyTrouble::OtherRegion),
        (0x05, KeyTrouble::RegionNotSet),
        (0x08, KeyTrouble::Other),
    ];
    for (ascq, trouble) in rows {
        for key in [5, 7] {
            assert_eq!(of(key, 0x6F, ascq), Condition::Protected(trouble));
            assert_eq!(of(key, 0x6F, ascq).act(), Act::StopProtected);
        }
    }
    assert_eq!(of(7, 0x27, 0), Condition::WriteProtected);
}

#[test]
fn news_of_the_drive_is_followed_by_the_same_command() {
    let rows = [
        (0x28, 0x00, Condition::Changed),
        (0x28, 0x02, Condition::ParametersChanged),
        (0x29, 0x00, Condition::Reset),
        (0x29, 0x04, Condition::Reset),
        (0x2A, 0x01, Condition::ParametersChanged),
        (0x2E, 0x00, Condition::ParametersChanged),
        (0x2F, 0x00, Condition::ParametersChanged),
        (0x3F, 0x01, Condition::FirmwareChanged),
        (0x5A, 0x01, Condition::EjectPressed),
    ];
    for (asc, ascq, condition) in rows {
        assert_eq!(of(6, asc, ascq), condition);
        assert_eq!(condition.act(), Act::Again, "{condition:?}");
    }
    assert_eq!(of(6, 0x3B, 0x11).act(), Act::Ask);
}

#[test]
fn blank_and_overflowing_reads_are_an_end() {
    assert_eq!(of(8, 0, 0), Condition::Blank);
    assert_eq!(of(8, 0x11, 0).act(), Act::End);
    assert_eq!(of(0x0D, 0, 0).act(), Act::End);
}

#[test]
fn an_aborted_command_is_sent_again() {
    assert_eq!(of(0x0B, 0x00, 0x06), Condition::Aborted);
    for asc in [0x08, 0x45, 0x48, 0x49, 0x4B, 0x4E] {
        assert_eq!(of(0x0B, asc, 0), Condition::LinkTrouble);
    }
    assert_eq!(of(0x0B, 0x99, 0).act(), Act::Again);
}

#[test]
fn what_is_not_listed_keeps_its_numbers() {
    assert_eq!(of(9, 0x12, 0x34).to_string(), "the drive answered 09h/12h/34h");
    let acts = [(0, Act::Split), (2, Act::Poll), (5, Act::Fallback), (7, Act::StopProtected), (9, Act::Split)];
    for (key, act) in acts {
        let condition = of(key, 0x7E, 0x01);
        assert!(matches!(condition, Condition::Unexplained(_)), "{condition:?}");
        assert_eq!(condition.act(), act);
    }
}

proptest! {
    #[test]
    fn every_sense_is_a_sentence(key in 0..16_u8, asc in any::<u8>(), ascq in any::<u8>()) {
        let condition = of(key, asc, ascq);
        let sentence = condition.to_string();
        prop_assert!(sentence.starts_with("the ") || sentence.starts_with("that ") || sentence.starts_with("there ")
            || sentence.starts_with("nothing ") || sentence.starts_with("a "), "{}", sentence);
        prop_assert!(!sentence.ends_with('.'));
        if let Some(advice) = condition.advice() {
            prop_assert!(advice.ends_with('.'), "{}", advice);
        }
        let _ = condition.act();
    }
}
