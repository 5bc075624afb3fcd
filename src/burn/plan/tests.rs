//! Plans, medium by medium.

use super::*;
use crate::drive::{
    Abilities, BackgroundFormat, Certification, CloseFunction, FormatCapacities, FormatDescriptor, FormatState,
    NextTrack, Profile, SessionState, format_type,
};

const MB: u64 = 1_000_000;

fn step(write_kb_s: u32) -> WriteSpeedStep {
    WriteSpeedStep { write_kb_s, read_kb_s: write_kb_s }
}

/// A blank disc of `free` sectors.
fn blank(kind: MediumKind, free: u32) -> Writability {
    let next = NextTrack {
        number: 1,
        start: Lba(0),
        next_writable: Some(Lba(0)),
        free: SectorCount(free),
        size: SectorCount(free),
        blank: true,
        reserved: false,
        incremental: true,
        damaged: false,
    };
    Writability {
        profile: Profile::None,
        kind,
        status: DiscStatus::Empty,
        last_session: SessionState::Empty,
        sessions: 1,
        background: BackgroundFormat::None,
        next: Some(next),
        format: None,
        capacity: None,
        last_lead_out: None,
        volume: None,
        abilities: Abilities { writes: true, ..Abilities::default() },
        speeds: vec![step(11_080), step(5540), step(3324)],
        media_id: None,
        protected_by: None,
    }
}

fn dvd_plus_rw(background: BackgroundFormat, formatted: u32) -> Writability {
    let offer =
        FormatDescriptor { blocks: SectorCount(2_295_104), kind: format_type::DVD_PLUS_RW, sub_type: 0, parameter: 0 };
    let (state, blocks) = match formatted {
        0 => (FormatState::Unformatted, 2_295_104),
        formatted => (FormatState::Formatted, formatted),
    };
    Writability {
        background,
        format: Some(FormatCapacities { state, blocks: SectorCount(blocks), block_bytes: 2048, offers: vec![offer] }),
        ..blank(MediumKind::DvdPlusRw, 2_295_104)
    }
}

/// The recipe, also of what is not offered yet.
fn made(disc: &Writability, size: Size, wishes: &Wishes) -> Plan {
    let recipe = recipe(disc, size, wishes).unwrap();
    assembled(disc, size, wishes, recipe)
}

fn complaint(disc: &Writability, size: Size, wishes: &Wishes) -> Complaint {
    plan(disc, size, wishes).unwrap_err().complaint
}

#[test]
fn a_dvd_plus_r_is_closed_unless_somebody_wants_it_open() {
    let disc = blank(MediumKind::DvdPlusR, 2_295_104);
    let closed = plan(&disc, Size::Known(700 * MB), &Wishes::default()).unwrap();
    assert_eq!(closed.prepare, [Step::Speed(step(11_080))]);
    assert_eq!(closed.finish, [Step::Synchronise, Step::CloseTrack(1), Step::Close(CloseFunction::FinalizeMinimal)]);
    assert_eq!((closed.start, closed.left, closed.overwrites), (Lba(0), Left::Closed, false));
    assert_eq!(closed.sectors, Some(SectorCount(341_808)), "341,796.9 sectors, in ECC blocks of 16");
    assert_eq!(closed.padding_bytes, Some(341_808 * 2048 - 700 * MB));
    assert_eq!(closed.time.unwrap().as_secs(), 63 + 30);
    let open = Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() };
    let open = plan(&disc, Size::Known(700 * MB), &open).unwrap();
    assert_eq!(open.finish.last(), Some(&Step::Close(CloseFunction::Session)));
    assert_eq!(open.left, Left::Open);
    let stream = plan(&disc, Size::Unknown, &Wishes::default()).unwrap();
    assert_eq!((stream.sectors, stream.time), (None, None));
    assert_eq!(stream.finish, closed.finish);
}

#[test]
fn one_sector_too_many_is_refused_with_the_numbers() {
    let disc = blank(MediumKind::DvdPlusR, 2_295_104);
    assert!(plan(&disc, Size::Known(2_295_104 * 2048), &Wishes::default()).is_ok());
    let refusal = plan(&disc, Size::Known(2_295_104 * 2048 + 1), &Wishes::default()).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the image has 2,295,105 sectors, and the disc (dvd+r) has room for 2,295,104: 1 too many"
    );
    assert_eq!(refusal.advice().unwrap(), "it would fit on a dual-layer DVD");
    assert_eq!(complaint(&disc, Size::Known(0), &Wishes::default()), Complaint::EmptyImage);
}

#[test]
fn the_fastest_speed_that_was_asked_for_is_taken() {
    let disc = blank(MediumKind::DvdPlusR, 2_295_104);
    let speed = |wish| {
        let wishes = Wishes { speed: wish, ..Wishes::default() };
        plan(&disc, Size::Known(MB), &wishes).unwrap().speed.unwrap().write_kb_s
    };
    assert_eq!(speed(Speed::Best), 11_080);
    assert_eq!(speed(Speed::Times(4.0)), 5540);
    assert_eq!(speed(Speed::Times(2.4)), 3324);
    assert_eq!(speed(Speed::KbS(6000)), 5540);
    assert_eq!(speed(Speed::Times(1.0)), 3324, "slower than all that there are");
    let silent = Writability { speeds: Vec::new(), ..disc };
    assert_eq!(plan(&silent, Size::Known(MB), &Wishes::default()).unwrap().speed, None);
}

#[test]
fn each_state_of_a_dvd_plus_r_has_its_answer() {
    let known = Size::Known(MB);
    let appendable = Writability {
        status: DiscStatus::Incomplete,
        sessions: 2,
        next: blank(MediumKind::DvdPlusR, 0).next.map(|next| NextTrack {
            number: 2,
            start: Lba(2144),
            next_writable: Some(Lba(2144)),
            free: SectorCount(2_000_000),
            ..next
        }),
        ..blank(MediumKind::DvdPlusR, 0)
    };
    let append = Wishes { append: true, ..Wishes::default() };
    assert_eq!(complaint(&appendable, known, &Wishes::default()), Complaint::HasData);
    let further = plan(&appendable, known, &append).unwrap();
    assert_eq!((further.start, further.finish[1].clone()), (Lba(2144), Step::CloseTrack(2)));
    let open = Writability { last_session: SessionState::Incomplete, ..appendable.clone() };
    assert_eq!(complaint(&open, known, &append), Complaint::LeftOpen);
    let closed = Writability { status: DiscStatus::Finalized, last_session: SessionState::Complete, ..appendable };
    assert_eq!(complaint(&closed, known, &append), Complaint::Complete);
    assert_eq!(complaint(&blank(MediumKind::DvdPlusR, 100), known, &append), Complaint::NothingToAppendTo);
}

#[test]
fn a_dvd_plus_rw_is_formatted_as_far_as_it_must_be() {
    let small = Size::Known(10 * MB);
    let new = plan(&dvd_plus_rw(BackgroundFormat::None, 0), small, &Wishes::default()).unwrap();
    let format = |step: &Step| match step {
        Step::Format(format, _) => Some((format.blocks.0, format.parameter)),
        _ => None,
    };
    assert_eq!(new.prepare.iter().find_map(format), Some((2_295_104, 0)));
    let stop = [Step::Synchronise, Step::Close(CloseFunction::StopFormat), Step::Close(CloseFunction::Session)];
    assert_eq!((new.finish.as_slice(), new.overwrites), (stop.as_slice(), false));
    let fits = plan(&dvd_plus_rw(BackgroundFormat::Interrupted, 100_000), small, &Wishes::default()).unwrap();
    assert_eq!((fits.prepare.iter().find_map(format), fits.overwrites), (None, true));
    assert_eq!(fits.finish, [Step::Synchronise]);
    let grows = plan(&dvd_plus_rw(BackgroundFormat::Interrupted, 64), small, &Wishes::default()).unwrap();
    assert_eq!(grows.prepare.iter().find_map(format), Some((2_295_104, 1)));
    assert_eq!(grows.room, SectorCount(2_295_104));
    for state in [BackgroundFormat::Running, BackgroundFormat::Complete] {
        let plan = plan(&dvd_plus_rw(state, 2_295_104), small, &Wishes::default()).unwrap();
        assert_eq!(plan.prepare.iter().find_map(format), None);
    }
}

#[test]
fn what_a_disc_does_not_have_is_refused_by_the_name_of_the_option() {
    let (r, rw) = (blank(MediumKind::DvdPlusR, 1000), dvd_plus_rw(BackgroundFormat::Complete, 1000));
    let known = Size::Known(MB);
    let option = |disc: &Writability, wishes: Wishes| match complaint(disc, known, &wishes) {
        Complaint::NoSuchOption { option, .. } => option,
        other => panic!("{other:?}"),
    };
    let all = Wishes::default();
    assert_eq!(option(&r, Wishes { layer_break: Some(SectorCount(16)), ..all }), "--layer-break");
    assert_eq!(option(&r, Wishes { overburn: true, ..all }), "--overburn");
    assert_eq!(option(&r, Wishes { defect_management: Some(DefectManagement::On), ..all }), "--defect-management");
    assert_eq!(option(&rw, Wishes { afterwards: Afterwards::KeepOpen, ..all }), "--keep-open");
    let tao = Wishes { mode: Some(Mode::TrackAtOnce), ..all };
    assert_eq!(complaint(&r, known, &tao), Complaint::ModeNotThere { mode: Mode::TrackAtOnce });
}

#[test]
fn a_simulation_without_a_laser_to_turn_off_is_the_plan_alone() {
    let simulate = Wishes { simulate: true, ..Wishes::default() };
    let plus = plan(&blank(MediumKind::DvdPlusR, 1000), Size::Known(MB), &simulate).unwrap();
    assert_eq!(plus.simulation, Simulation::PlanAlone);
    let abilities = Abilities { incremental: true, test_write: true, ..Abilities::default() };
    let dash = Writability { abilities, ..blank(MediumKind::DvdR, 1000) };
    assert_eq!(made(&dash, Size::Known(MB), &simulate).simulation, Simulation::LaserOff);
}

#[test]
fn pressed_discs_are_refused_and_so_is_what_was_never_tried() {
    assert_eq!(
        complaint(&blank(MediumKind::DvdRom, 1000), Size::Known(MB), &Wishes::default()),
        Complaint::NotRecordable
    );
    assert_eq!(
        complaint(&blank(MediumKind::HdDvdR, 1000), Size::Known(MB), &Wishes::default()),
        Complaint::NotSupported
    );
}

/// Bytes 2 to 5 of mode page 05h, and its packet size.
fn page_05(plan: &Plan) -> (Vec<u8>, u32) {
    use crate::drive::ModePageData;
    match &plan.prepare[0] {
        Step::WriteParameters(parameters) => (parameters.emit()[..4].to_vec(), parameters.packet_size),
        other => panic!("{other:?}"),
    }
}

#[test]
fn dvd_r_is_written_in_increments_where_that_is_current_and_at_once_otherwise() {
    let abilities = Abilities { incremental: true, disc_at_once: true, test_write: true, ..Abilities::default() };
    let disc = Writability { abilities, ..blank(MediumKind::DvdR, 2_297_888) };
    let increments = made(&disc, Size::Known(MB), &Wishes::default());
    assert_eq!(page_05(&increments), (vec![0x60, 0x25, 0x08, 0x10], 16));
    assert_eq!(increments.finish, [Step::Synchronise, Step::CloseTrack(1), Step::Close(CloseFunction::Session)]);
    let open = made(&disc, Size::Known(MB), &Wishes { afterwards: Afterwards::KeepOpen, ..Wishes::default() });
    assert_eq!(page_05(&open), (vec![0x60, 0xE5, 0x08, 0x10], 16));
    let test = made(&disc, Size::Known(MB), &Wishes { simulate: true, ..Wishes::default() });
    assert_eq!(page_05(&test), (vec![0x70, 0x25, 0x08, 0x10], 16));
    let with_the_laser = increments.prepare.first().cloned().into_iter();
    let finish: Vec<_> = [Step::Synchronise].into_iter().chain(with_the_laser).collect();
    assert_eq!(test.finish, finish, "closing may fail where nothing was written");
    let blanked = Abilities { incremental: false, ..abilities };
    let fast = Writability { abilities: blanked, ..blank(MediumKind::DvdRwSequential, 2_297_888) };
    let at_once = made(&fast, Size::Known(MB), &Wishes::default());
    assert_eq!(at_once.mode, Mode::DiscAtOnce);
    assert_eq!(page_05(&at_once), (vec![0x42, 0x05, 0x08, 0x00], 0));
    assert_eq!(at_once.prepare.last(), Some(&Step::Reserve(SectorCount(496))));
    assert_eq!(at_once.finish, [Step::Synchronise]);
    assert_eq!(recipe(&fast, Size::Unknown, &Wishes::default()), Err(Complaint::SizeMustBeKnown));
}

#[test]
fn a_cd_is_written_at_once_where_the_size_is_known() {
    let abilities = Abilities { track_at_once: true, session_at_once: true, test_write: true, ..Abilities::default() };
    let disc = Writability { abilities, ..blank(MediumKind::CdR, 359_847) };
    let sao = made(&disc, Size::Known(MB), &Wishes::default());
    assert_eq!((sao.mode, sao.pre_gap, sao.least), (Mode::SessionAtOnce, SectorCount(150), SectorCount(300)));
    assert_eq!(page_05(&sao), (vec![0x42, 0x00, 0x00, 0x00], 0));
    assert_eq!(sao.prepare.last(), Some(&Step::CueSheet(SectorCount(489))));
    assert_eq!(sao.finish, [Step::Synchronise]);
    let tao = made(&disc, Size::Unknown, &Wishes::default());
    assert_eq!((tao.mode, tao.room), (Mode::TrackAtOnce, SectorCount(359_845)));
    assert_eq!(page_05(&tao), (vec![0x41, 0x04, 0x08, 0x00], 0));
    assert_eq!(tao.finish, [Step::Synchronise, Step::Close(CloseFunction::Session)]);
    let told = Writability { last_lead_out: Some(Lba(359_849)), ..disc.clone() };
    assert_eq!(
        made(&told, Size::Known(MB), &Wishes::default()).room,
        SectorCount(359_849),
        "all that the groove tells"
    );
    assert_eq!(made(&told, Size::Unknown, &Wishes::default()).room, SectorCount(359_847));
    let all = Size::Known(359_850 * 2048);
    let refusal = plan(&told, all, &Wishes::default()).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the image has 359,850 sectors, and the disc (cd-r) has room for 359,849: 1 too many"
    );
    assert_eq!(refusal.advice().unwrap(), "it would fit on a DVD; --overburn tries it on this one all the same");
    let over = Wishes { overburn: true, ..Wishes::default() };
    assert_eq!(plan(&told, all, &over).unwrap().prepare.last(), Some(&Step::CueSheet(SectorCount(359_850))));
    let short = made(&disc, Size::Known(2048), &Wishes::default());
    assert_eq!((short.sectors, short.padding_bytes), (Some(SectorCount(300)), Some(299 * 2048)));
}

#[test]
fn a_bd_r_is_written_whole_or_with_spares() {
    let offers = [(0_u8, 0_u8, 11_826_176), (format_type::BD_R_WITH_SPARES, 0, 11_826_176)]
        .map(|(kind, sub_type, blocks)| FormatDescriptor { blocks: SectorCount(blocks), kind, sub_type, parameter: 0 });
    let format = FormatCapacities {
        state: FormatState::Unformatted,
        blocks: SectorCount(12_219_392),
        block_bytes: 2048,
        offers: offers.to_vec(),
    };
    let abilities = Abilities { incremental: true, streaming: true, ..Abilities::default() };
    let disc = Writability { format: Some(format), abilities, ..blank(MediumKind::BdR, 12_219_392) };
    let whole = made(&disc, Size::Known(MB), &Wishes::default());
    assert_eq!((whole.room, whole.granule, whole.streaming), (SectorCount(12_219_392), SectorCount(32), true));
    assert_eq!(whole.finish, [Step::Synchronise, Step::CloseTrack(1), Step::Close(CloseFunction::FinalizeDisc)]);
    let spared = Wishes { defect_management: Some(DefectManagement::On), ..Wishes::default() };
    let spared = made(&disc, Size::Known(MB), &spared);
    assert_eq!((spared.room, spared.streaming), (SectorCount(11_826_176), false));
    assert!(spared.prepare.iter().any(|step| matches!(step, Step::Format(format, _) if format.sub_type == 1)));
    let formatted = disc.format.clone().map(|format| FormatCapacities { state: FormatState::Formatted, ..format });
    let formatted = Writability { format: formatted, ..disc.clone() };
    assert!(!made(&formatted, Size::Known(MB), &Wishes::default()).streaming);
    let pow = Writability { abilities: Abilities { pseudo_overwrite: true, ..abilities }, ..disc };
    assert_eq!(recipe(&pow, Size::Known(MB), &Wishes::default()), Err(Complaint::PseudoOverwrite));
}

#[test]
fn what_can_be_written_over_grows_behind_its_volume_as_far_as_there_is_room() {
    let append = Wishes { append: true, ..Wishes::default() };
    let known = Size::Known(MB);
    let used = Writability { status: DiscStatus::Finalized, ..dvd_plus_rw(BackgroundFormat::Interrupted, 4200) };
    assert_eq!(complaint(&used, known, &append), Complaint::NothingToGrow);
    let with_volume = Writability { volume: Some(SectorCount(3601)), ..used.clone() };
    let grown = plan(&with_volume, known, &append).unwrap();
    assert_eq!((grown.start, grown.grows, grown.overwrites), (Lba(3616), true, false));
    assert_eq!(grown.room, SectorCount(2_295_104 - 3616));
    let formats = |plan: &Plan| plan.prepare.iter().any(|step| matches!(step, Step::Format(..)));
    assert!(!formats(&grown), "489 sectors end before 4200");
    assert!(formats(&plan(&with_volume, Size::Known(2 * MB), &append).unwrap()));
    let over = plan(&with_volume, known, &Wishes::default()).unwrap();
    assert_eq!((over.start, over.grows, over.overwrites), (Lba(0), false, true));
    let blank = dvd_plus_rw(BackgroundFormat::None, 0);
    assert_eq!(complaint(&blank, known, &append), Complaint::NothingToAppendTo);
    let too_large = Size::Known((2_295_104 - 3616) * 2048 + 1);
    assert!(matches!(complaint(&with_volume, too_large, &append), Complaint::TooLarge { .. }));
}

#[test]
fn the_second_layer_begins_in_the_middle() {
    let disc = blank(MediumKind::DvdPlusRDl, 4_173_824);
    let of = |sectors: u64, wishes: Wishes| made(&disc, Size::Known(sectors * 2048), &wishes).layer_break;
    assert_eq!(of(4_000_000, Wishes::default()), Some(SectorCount(2_000_000)));
    assert_eq!(of(4_000_001, Wishes::default()), Some(SectorCount(2_000_016)));
    let wish = Wishes { layer_break: Some(SectorCount(2_080_000)), ..Wishes::default() };
    assert_eq!(of(4_000_000, wish), Some(SectorCount(2_080_000)));
    let with = |wanted| Wishes { layer_break: Some(SectorCount(wanted)), ..Wishes::default() };
    assert_eq!(of(4_000_000, with(1_999_985)), Some(SectorCount(2_000_000)), "whole ECC blocks");
    let known = Size::Known(4_000_000 * 2048);
    for wanted in [2_086_913, 4_000_000, u32::MAX, 1_999_984, 0] {
        let complaint = complaint(&disc, known, &with(wanted));
        let (least, most) = (SectorCount(2_000_000), SectorCount(2_086_912));
        assert_eq!(complaint, Complaint::LayerBreak { wanted: SectorCount(wanted), least, most });
    }
    let appendable = Writability { status: DiscStatus::Incomplete, ..disc };
    let append = Wishes { append: true, ..with(2_080_000) };
    match complaint(&appendable, known, &append) {
        Complaint::NoSuchOption { option, why } => {
            assert_eq!(option, "--layer-break");
            assert!(why.contains("was settled"), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bd_re_is_formatted_once() {
    let offer = |kind, blocks| FormatDescriptor { blocks: SectorCount(blocks), kind, sub_type: 0, parameter: 0 };
    let offers = vec![offer(format_type::FULL, 11_826_176), offer(format_type::BD_RE_WITHOUT_SPARES, 12_219_392)];
    let format = FormatCapacities {
        state: FormatState::Unformatted,
        blocks: SectorCount(12_219_392),
        block_bytes: 2048,
        offers,
    };
    let disc = Writability { format: Some(format.clone()), ..blank(MediumKind::BdRe, 0) };
    let new = made(&disc, Size::Known(MB), &Wishes::default());
    assert!(new.prepare.contains(&Step::Format(offer(format_type::FULL, 11_826_176), Certification::AsUsual)));
    let off =
        made(&disc, Size::Known(MB), &Wishes { defect_management: Some(DefectManagement::Off), ..Wishes::default() });
    assert_eq!(off.room, SectorCount(12_219_392));
    let formatted = FormatCapacities { state: FormatState::Formatted, blocks: SectorCount(11_826_176), ..format };
    let used = Writability { status: DiscStatus::Finalized, format: Some(formatted), ..disc };
    let over = made(&used, Size::Known(MB), &Wishes::default());
    assert_eq!((over.prepare.len(), over.overwrites, over.room), (1, true, SectorCount(11_826_176)));
    assert_eq!(over.finish, [Step::Synchronise]);

    // What is formatted with spare sectors uses them where that is wanted, at half the speed.
    let streams = Abilities { streaming: true, ..used.abilities };
    let used = Writability { abilities: streams, ..used };
    let on = Wishes { defect_management: Some(DefectManagement::On), ..Wishes::default() };
    let (fast, careful) = (made(&used, Size::Known(MB), &Wishes::default()), made(&used, Size::Known(MB), &on));
    assert_eq!((fast.streaming, careful.streaming), (true, false));
    assert!(careful.time > fast.time);
    let off = Wishes { defect_management: Some(DefectManagement::Off), ..Wishes::default() };
    assert!(matches!(complaint(&used, Size::Known(MB), &off), Complaint::NoSuchOption { .. }));
    let whole = used.format.clone().map(|format| FormatCapacities { blocks: SectorCount(12_219_392), ..format });
    let without = Writability { format: whole, ..used };
    assert!(matches!(complaint(&without, Size::Known(MB), &on), Complaint::NoSuchOption { .. }));
}
