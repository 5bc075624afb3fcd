//! This module knows what can be set and what is told of the mechanism.

use super::*;
use crate::mmc::command::*;
use crate::virtual_drive::disc::DiscKind;

const PAGE_01: ModeSense10 = ModeSense10::current(0x01, 256);
const PAGE_2A: ModeSense10 = ModeSense10::current(0x2A, 256);

impl Bench {
    fn select(&mut self, list: &[u8]) -> Completion {
        let length = u16::try_from(list.len()).unwrap();
        let command = ModeSelect10 { page_format: true, save: false, length };
        self.send(&command, Data::Out(list)).unwrap()
    }

    fn told(&mut self, command: &impl Command, sent: &[u8]) -> String {
        let completion = self.send(command, Data::Out(sent)).unwrap();
        completion.decoded_sense().map(|sense| sense.to_string()).unwrap_or_default()
    }
}

#[test]
fn the_retries_can_be_set_and_are_forgotten_with_a_reset() {
    let mut bench = bench(&format!("{CD}[[fault]]\nkind = \"unreadable\"\nsectors = [9]\nseconds = 20"));
    let mut pages: ModePages = bench.ask(&PAGE_01);
    let factory: ErrorRecovery = pages.read().unwrap();
    assert_eq!(factory.read_retries, 16);
    pages.pages = vec![ModePage::of(&ErrorRecovery { read_retries: 1, dcr: true, write_retries: 9, ..factory })];
    assert_eq!(bench.select(&pages.parameter_list()), Completion::good(0));
    let now: ErrorRecovery = bench.ask::<ModePages>(&PAGE_01).read().unwrap();
    assert_eq!((now.read_retries, now.dcr, now.write_retries), (1, true, 0));
    let mut buffer = vec![0; SECTOR_BYTES];
    assert!(bench.drive.execute(&read(9, 1).cdb(), Data::In(&mut buffer), Duration::from_secs(1)).is_err());
    assert_eq!(bench.refusal(&PAGE_01), "06h/29h/00h");
    assert_eq!(bench.ask::<ModePages>(&PAGE_01).read(), Some(factory));
}

#[test]
fn what_cannot_be_set_is_refused() {
    let mut bench = bench(CD);
    let capabilities: ModePages = bench.ask(&PAGE_2A);
    let refusal = |completion: Completion| completion.decoded_sense().unwrap().to_string();
    assert_eq!(refusal(bench.select(&capabilities.parameter_list())), "05h/26h/00h");
    assert_eq!(refusal(bench.select(&[0; 5])), "05h/1ah/00h");
    let select = ModeSelect10 { page_format: true, save: false, length: 20 };
    assert_eq!(bench.told(&select, &[0; 10]), "05h/1ah/00h");
    assert_eq!(bench.told(&ModeSelect10 { save: true, ..select }, &[0; 20]), "05h/24h/00h");
    assert_eq!(bench.refusal(&ModeSense10::current(0x08, 256)), "05h/24h/00h");
    assert_eq!(bench.refusal(&ModeSense10 { control: PageControl::Saved, ..PAGE_01 }), "05h/39h/00h");
    let changeable: ModePages = bench.ask(&ModeSense10 { control: PageControl::Changeable, ..PAGE_01 });
    assert_eq!(changeable.read::<ErrorRecovery>().unwrap().read_retries, 0xFF);
}

#[test]
fn page_2a_tells_speeds_and_the_lock_and_stays_short() {
    let mut bench = bench(&format!("speed = \"16x\"\n{DVD}"));
    bench.bytes(&PreventAllow { prevent: true, persistent: false });
    let capabilities: Capabilities = bench.ask::<ModePages>(&PAGE_2A).read().unwrap();
    assert!(capabilities.locked && capabilities.can_lock);
    assert_eq!((capabilities.maximum_read_kb_s, capabilities.read_kb_s), (Some(22_160), Some(22_160)));
    // More than 128 bytes, and Linux takes the drive for one of the last century.
    assert!(bench.bytes(&PAGE_2A).len() <= 128);
    assert_eq!(bench.ask::<ModePages>(&ModeSense10::current(0x3F, 256)).pages.len(), 3);
}

#[test]
fn the_short_forms_read_and_set_the_same_pages() {
    let mut bench = bench(DVD);
    let short = ModeSense6 {
        without_block_descriptors: false,
        control: PageControl::Current,
        page: 0x3F,
        subpage: 0,
        allocation: 255,
    };
    let pages = bench.ask::<ShortModePages>(&short).0;
    assert_eq!(pages, bench.ask::<ModePages>(&ModeSense10::current(0x3F, 256)));
    // As Linux asks when it finds a drive: head, code and length of the page, what is read, what is written.
    let asked = bench.bytes(&ModeSense6 { page: 0x2A, allocation: 128, ..short });
    assert_eq!(asked[..5], [u8::try_from(asked.len() - 1).unwrap(), 0, 0, 0, 0x2A]);
    assert_eq!(asked[6], 0x3F);
    assert_eq!(bench.refusal(&ModeSense6 { page: 8, ..short }), "05h/24h/00h");

    let recovery: ErrorRecovery = pages.read().unwrap();
    let wished = ModePage::of(&ErrorRecovery { read_retries: 3, ..recovery });
    let list = ShortModePages(ModePages { pages: vec![wished], ..pages }).parameter_list();
    let length = u8::try_from(list.len()).unwrap();
    let select = ModeSelect6 { page_format: true, save: false, length };
    assert_eq!(bench.told(&select, &list), "");
    assert_eq!(bench.ask::<ModePages>(&PAGE_01).read::<ErrorRecovery>().unwrap().read_retries, 3);
    assert_eq!(bench.told(&ModeSelect6 { save: true, ..select }, &list), "05h/24h/00h");
    assert_eq!(bench.told(&select, &list[..3]), "05h/1ah/00h");
}

#[test]
fn page_2a_has_a_bit_for_each_kind_that_can_be_written() {
    let capabilities: Capabilities = bench(DVD).ask::<ModePages>(&PAGE_2A).read().unwrap();
    let writable = |kind| disc::recordable::rules::Rules::of(kind).is_some();
    for (bit, kind) in [(0, DiscKind::CdR), (1, DiscKind::CdRw), (4, DiscKind::DvdR), (5, DiscKind::DvdRam)] {
        assert_eq!(capabilities.writes >> bit & 1 == 1, writable(kind), "bit {bit}");
    }
}

#[test]
fn a_speed_is_set_by_either_command() {
    let mut bench = bench(&format!("speed = \"16x\"\n{DVD}"));
    let speed = |bench: &mut Bench| bench.ask::<ModePages>(&PAGE_2A).read::<Capabilities>().unwrap().read_kb_s;
    let slow = SetCdSpeed { rotation: Rotation::Clv, read_kb_s: 5540, write_kb_s: 0xFFFF };
    bench.bytes(&slow);
    assert_eq!(speed(&mut bench), Some(5540));
    bench.bytes(&SetCdSpeed { read_kb_s: SetCdSpeed::BEST, ..slow });
    assert_eq!(speed(&mut bench), Some(22_160));
    let rate = Rate::kb_s(2770);
    let part = Streaming {
        rotation: 0,
        defaults: false,
        exact: false,
        random_access: false,
        start: Lba(0),
        end: Lba(999_999),
        read: rate,
        write: rate,
    };
    assert_eq!(bench.told(&SetStreaming::PERFORMANCE, &part.emit()), "");
    assert_eq!(speed(&mut bench), Some(2770));
    let never = Streaming { read: Rate { kb: 5, per_ms: 0 }, ..part };
    assert_eq!(bench.told(&SetStreaming::PERFORMANCE, &never.emit()), "05h/26h/00h");
    assert_eq!(bench.told(&SetStreaming::PERFORMANCE, &[0; 12]), "05h/1ah/00h");
    assert_eq!(bench.told(&SetStreaming::PERFORMANCE, &Streaming { defaults: true, ..part }.emit()), "");
    assert_eq!(speed(&mut bench), Some(22_160));
}

#[test]
fn performance_follows_the_radius_and_the_layers() {
    let ask = GetPerformance { data_type: GetPerformance::NOMINAL, start: Lba(0), descriptors: 10, kind: 0 };
    let one: Performance = bench(&format!("speed = \"16x\"\n{DVD}")).ask(&ask);
    assert_eq!(one.stretches.len(), 1);
    assert!((9_100..9_300).contains(&one.stretches[0].start_kb_s));
    assert!(one.stretches[0].end_kb_s > 15_000);
    assert_eq!(one.stretches[0].end, Lba(999_999));
    let two = "synthetic = { sectors = 4_000_000 }\nmedium = \"dvd-rom\"\nspeed = \"8x\"";
    let both: Performance = bench(two).ask(&ask);
    assert_eq!(both.stretches.len(), 2);
    assert_eq!(bench(two).bytes(&GetPerformance { descriptors: 0, ..ask }).len(), 8);
    assert_eq!(bench(two).refusal(&GetPerformance { kind: 9, ..ask }), "05h/24h/00h");
    assert!(bench(two).ask::<WriteSpeeds>(&GetPerformance { data_type: 0, kind: 3, ..ask }).speeds.is_empty());
}

#[test]
fn an_event_is_told_once_and_the_state_always() {
    let mut bench = bench(CD);
    let media = |bench: &mut Bench| match bench.ask::<EventStatus>(&GetEventStatus::media()).event {
        Some(ClassEvent::Media(status)) => (status.event, status.present, status.tray_open),
        other => panic!("{other:?}"),
    };
    assert_eq!(media(&mut bench), (MediaEvent::None, true, false));
    bench.bytes(&StartStopUnit { immediate: false, action: UnitAction::Eject });
    assert_eq!(bench.bytes(&GetEventStatus { allocation: 4, ..GetEventStatus::media() }).len(), 4);
    assert_eq!(media(&mut bench), (MediaEvent::Removal, false, true));
    assert_eq!(media(&mut bench), (MediaEvent::None, false, true));
    bench.bytes(&StartStopUnit { immediate: false, action: UnitAction::Load });
    assert_eq!(media(&mut bench), (MediaEvent::NewMedia, true, false));
    let other = GetEventStatus { classes: event_class::mask(event_class::POWER), ..GetEventStatus::media() };
    assert_eq!(bench.ask::<EventStatus>(&other), EventStatus { supported: 0x10, event: None });
    assert_eq!(bench.refusal(&GetEventStatus { polled: false, ..GetEventStatus::media() }), "05h/24h/00h");
}

#[test]
fn the_head_moves_where_it_is_sent() {
    let mut bench = bench(&format!("speed = \"8x\"\nspin_up = 0\n{DVD}"));
    let status = MechanismStatus { allocation: 8 };
    bench.bytes(&Seek10 { to: Lba(900_000) });
    assert!(bench.clock.now() > Duration::from_millis(50));
    assert_eq!(bench.ask::<crate::mmc::command::Mechanics>(&status).lba, 900_000);
    assert_eq!(bench.refusal(&Seek10 { to: Lba(1_000_000) }), "05h/21h/00h");
    bench.bytes(&StartStopUnit { immediate: false, action: UnitAction::Eject });
    assert!(bench.ask::<crate::mmc::command::Mechanics>(&status).door_open);
}

#[test]
fn the_buffer_is_told_in_bytes_or_blocks() {
    let ask = |in_blocks| ReadBufferCapacity { in_blocks, allocation: 12 };
    let mut bench = bench(DVD);
    assert_eq!(bench.ask::<BufferCapacity>(&ask(false)).length, 0x11_8000);
    assert_eq!(bench.ask::<BufferCapacity>(&ask(true)).free, Some(0x11_8000 / 2048));
}

#[test]
fn regions_are_told_and_keys_are_not() {
    let mut bench = bench(DVD);
    assert_eq!(bench.ask::<RegionState>(&ReportKey::region_state()).setting, RegionSetting::Set);
    assert_eq!(bench.ask::<AuthenticationSuccess>(&ReportKey::authentication_success()), AuthenticationSuccess(false));
    assert_eq!(bench.refusal(&ReportKey { format: 0, ..ReportKey::region_state() }), "05h/24h/00h");
    assert_eq!(bench.refusal(&ReportKey { class: 2, ..ReportKey::region_state() }), "05h/24h/00h");
}
