//! This module knows GET CONFIGURATION: what the virtual drive can do, and what of it holds with this disc.

use crate::mmc::Profile;
use crate::mmc::command::{Configuration, GetConfiguration, Which};
use crate::mmc::feature::{
    Aacs, DvdCss, Feature, Mechanism, ProfileList, RandomReadable, RealTimeStreaming, RemovableMedium, SerialNumber,
    code,
};
use crate::virtual_drive::VirtualDrive;
use crate::virtual_drive::disc::{Disc, DiscKind, Family, Protection};
use crate::virtual_drive::dispatch::{Outcome, Refusal, Request};

pub fn answer(drive: &mut VirtualDrive, request: &mut Request<'_, '_>) -> Outcome {
    let GetConfiguration { which, from, allocation } = request.parsed()?;
    let disc = if drive.state.readiness().is_ok() { drive.state.loaded() } else { None };
    let wanted = |feature: &Feature| match which {
        Which::All => feature.code >= from,
        Which::Current => feature.code >= from && feature.current,
        Which::One => feature.code == from,
        Which::Reserved => false,
    };
    if which == Which::Reserved {
        return Err(Refusal::BAD_FIELD);
    }
    let configuration = Configuration {
        profile: disc.map_or(Profile::None, super::profile_of),
        features: features(disc, &drive.model.serial).into_iter().filter(wanted).collect(),
    };
    Ok(super::answer(&configuration, allocation))
}

fn features(disc: Option<&dyn Disc>, serial: &str) -> Vec<Feature> {
    let kind = disc.map(Disc::kind);
    let family = kind.map(DiscKind::family);
    let is = |wanted: Family| family == Some(wanted);
    let protection = disc.map_or(Protection::None, Disc::protection);
    let profile = disc.map(super::profile_of);
    let profiles = super::PROFILES.iter().map(|listed| (*listed, profile == Some(*listed)));
    let random = RandomReadable {
        block_bytes: 2048,
        blocking: family.map_or(1, |family| u16::try_from(family.ecc_block().0).unwrap_or(1)),
        error_recovery_page: true,
    };
    let removable = RemovableMedium {
        mechanism: Mechanism::Tray,
        can_load: true,
        can_eject: true,
        can_lock: true,
        prevent_jumper: false,
        dbml: false,
    };
    let streaming = RealTimeStreaming {
        buffer_capacity_in_blocks: false,
        set_cd_speed: true,
        mode_page_2a: true,
        write_speeds: true,
        stream_writing: true,
    };
    let aacs = Aacs {
        bus_encryption_capable: false,
        binding_nonce: false,
        binding_nonce_blocks: 0,
        agids: 1,
        aacs_version: 1,
    };
    let mut features = vec![
        always(Feature::of(&ProfileList(profiles.collect()))),
        // Version 2: SATA, and commands of INQUIRY as of today.
        always(plain(code::CORE, 2, &[0, 0, 0, 7, 1, 0, 0, 0])),
        always(plain(code::MORPHING, 1, &[0, 0, 0, 0])),
        always(Feature::of(&removable)),
        with(kind.is_some(), Feature::of(&random)),
        with(is(Family::Cd), plain(code::MULTI_READ, 0, &[])),
        with(is(Family::Cd), plain(code::CD_READ, 2, &[0, 0, 0, 0])),
        with(is(Family::Dvd), plain(code::DVD_READ, 1, &[1, 0, 0, 0])),
        with(is(Family::Bd), plain(code::BD_READ, 1, &bd_classes())),
        always(plain(code::POWER_MANAGEMENT, 0, &[])),
        always(plain(code::TIMEOUT, 1, &[0, 0, 0, 0])),
        with(protection == Protection::Css, Feature::of(&DvdCss { css_version: 1 })),
        with(kind.is_some(), Feature::of(&streaming)),
        always(Feature::of(&SerialNumber(serial.to_owned()))),
        with(protection == Protection::Aacs, Feature::of(&aacs)),
    ];
    features.extend(super::writing_features::features(disc));
    features.sort_by_key(|feature| feature.code);
    features
}

pub(super) fn plain(code: u16, version: u8, data: &[u8]) -> Feature {
    Feature { code, version, persistent: false, current: true, data: data.to_vec() }
}

/// Holds with any disc, and with none.
fn always(feature: Feature) -> Feature {
    Feature { persistent: true, current: true, ..feature }
}

pub(super) fn with(current: bool, feature: Feature) -> Feature {
    Feature { current, ..feature }
}

/// Versions of BD-RE, BD-R and BD-ROM discs that can be read, a bit each; the first four bytes are reserved.
fn bd_classes() -> [u8; 28] {
    let mut classes = [0; 28];
    for (index, byte) in classes.iter_mut().enumerate() {
        *byte = match index {
            5 => 0x07,
            13 => 0x03,
            21 => 0x03,
            _ => 0,
        };
    }
    classes
}
