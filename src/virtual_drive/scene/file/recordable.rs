//! This module knows the keys of discs that are written here.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{ContentPlan, Recorded, SceneError, SceneFile, SpeedEntry, WriteProtectionName};
use crate::sector::SectorCount;
use crate::virtual_drive::disc::recordable::rules::Rules;
use crate::virtual_drive::disc::{
    Blank, DiscKind, Factory, Family, Made, RecordingFiles, Stock, WriteProtection, kb_s,
};

/// `None` where the disc file does not describe such a disc.
pub fn content(
    file: &SceneFile,
    text: &str,
    folder: &Path,
    kind: Option<DiscKind>,
) -> Result<Option<ContentPlan>, SceneError> {
    let rewritable = kind.is_some_and(|kind| kind.made() == Made::Rewritable);
    let place = match (&file.recording, &file.state) {
        (Some(recording), _) => recording.span(),
        (None, Some(state)) if begins(*state.get_ref()) => state.span(),
        (None, _) if rewritable => file.medium.as_ref().map_or(0..0, toml::Spanned::span),
        (None, _) => return left_over(file, text).map_or(Ok(None), Err),
    };
    let wrong = |what: String| SceneError::at(text, place.clone(), what);
    if let Some(state) = &file.state
        && !begins(*state.get_ref())
    {
        let what = "what is recorded decides on the state of a disc that is written here";
        return Err(SceneError::at(text, state.span(), what).hinting("leave it out"));
    }
    for (key, at) in [("image", file.image.as_ref().map(toml::Spanned::span)), ("synthetic", None)] {
        if let Some(at) = at.or_else(|| (key == "synthetic" && file.synthetic.is_some()).then(|| place.clone())) {
            return Err(SceneError::at(text, at, format!("a disc that is written here begins blank, without `{key}`")));
        }
    }
    let kind = kind.filter(|kind| Blank::exists(*kind) || Stock::usual(*kind).is_some()).ok_or_else(|| {
        wrong("a blank disc is of a kind that can be written".to_owned()).hinting("medium = \"dvd+r\", for one")
    })?;
    let Some(usual) = Stock::usual(kind) else {
        return match (&file.recording, left_over(file, text)) {
            (Some(_), _) => Err(wrong(format!("a {} cannot be written yet", kind.name()))),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(Some(ContentPlan::Blank)),
        };
    };
    let files = file.recording.as_ref().map(|recording| files(&folder.join(recording.get_ref())));
    Ok(Some(ContentPlan::Recordable { stock: stock(file, text, usual)?, files }))
}

/// Whether a disc that is written here can begin so.
fn begins(state: Recorded) -> bool {
    match state {
        Recorded::Blank | Recorded::Formatted => true,
        Recorded::Open | Recorded::Complete => false,
    }
}

/// The state has the name of the data, with `.state` behind it.
fn files(data: &Path) -> RecordingFiles {
    let mut state = data.as_os_str().to_owned();
    state.push(".state");
    RecordingFiles { data: data.to_owned(), state: PathBuf::from(state) }
}

/// A key that says something of a disc that is written here, where there is none.
fn left_over(file: &SceneFile, text: &str) -> Option<SceneError> {
    let keys: [(&str, Option<Range<usize>>); 4] = [
        ("media_id", file.media_id.as_ref().map(toml::Spanned::span)),
        ("capacity", file.capacity.as_ref().map(toml::Spanned::span)),
        ("write_speeds", file.write_speeds.as_ref().map(toml::Spanned::span)),
        ("write_protection", file.write_protection.as_ref().map(toml::Spanned::span)),
    ];
    let (key, place) = keys.into_iter().find_map(|(key, place)| Some((key, place?)))?;
    let what = format!("`{key}` means nothing for a disc that is not written here");
    Some(SceneError::at(text, place, what).hinting("state = \"blank\""))
}

fn stock(file: &SceneFile, text: &str, usual: Stock) -> Result<Stock, SceneError> {
    let kind = usual.kind;
    // Both layers of a DVD are as large.
    let layers = if kind.family() == Family::Dvd { usual.layers() } else { 1 };
    let media_id = match &file.media_id {
        None => usual.media_id,
        Some(id) if Stock::is_media_id(kind, id.get_ref()) => id.get_ref().clone(),
        Some(id) => {
            return Err(SceneError::at(
                text,
                id.span(),
                format!("{:?} is no media id of a {}", id.get_ref(), kind.name()),
            )
            .hinting(if usual.media_id.is_empty() {
                "it has none".to_owned()
            } else {
                format!("as in {:?}", usual.media_id)
            }));
        }
    };
    let block = kind.family().ecc_block().0.saturating_mul(layers);
    let sectors = match &file.capacity {
        None => usual.sectors,
        Some(capacity) => {
            let sectors = *capacity.get_ref();
            if sectors == 0 || sectors > kind.largest().0 || !sectors.is_multiple_of(block) {
                let what = format!("no {} has a capacity of {sectors} sectors", kind.name());
                return Err(SceneError::at(text, capacity.span(), what).hinting(format!(
                    "a multiple of {block} up to {}; {} is usual",
                    kind.largest(),
                    usual.sectors
                )));
            }
            SectorCount(sectors)
        }
    };
    let write_kb_s = match &file.write_speeds {
        None => usual.write_kb_s,
        Some(speeds) => {
            let listed = speeds.get_ref().iter().map(|speed| write_speed(speed, kind)).collect::<Option<Vec<u32>>>();
            let mut listed = listed.filter(|listed| !listed.is_empty()).ok_or_else(|| {
                SceneError::at(text, speeds.span(), "these are no speeds of writing")
                    .hinting("[\"8x\", \"4x\"], or numbers of kB/s")
            })?;
            listed.sort_unstable_by(|one, other| other.cmp(one));
            listed.dedup();
            listed
        }
    };
    let factory = factory(file, text, kind, usual.factory)?;
    Ok(Stock { kind, sectors, media_id, write_kb_s, factory, protection: protection(file, text, kind)? })
}

fn factory(file: &SceneFile, text: &str, kind: DiscKind, usual: Factory) -> Result<Factory, SceneError> {
    match &file.state {
        Some(state) if *state.get_ref() == Recorded::Formatted => {
            let overwritten = Rules::of(kind).is_some_and(|rules| rules.overwritable.is_some());
            let what = || format!("a {} is not formatted", kind.name());
            if overwritten { Ok(Factory::Formatted) } else { Err(SceneError::at(text, state.span(), what())) }
        }
        Some(_) => Ok(Factory::Blank),
        None => Ok(usual),
    }
}

fn protection(file: &SceneFile, text: &str, kind: DiscKind) -> Result<WriteProtection, SceneError> {
    match &file.write_protection {
        None => Ok(WriteProtection::None),
        Some(name) if kind == DiscKind::DvdRam => Ok(match name.get_ref() {
            WriteProtectionName::Cartridge => WriteProtection::Cartridge,
            WriteProtectionName::Persistent => WriteProtection::Persistent,
        }),
        Some(name) => {
            let what = format!("a {} has nothing that could protect it", kind.name());
            Err(SceneError::at(text, name.span(), what).hinting("medium = \"dvd-ram\""))
        }
    }
}

fn write_speed(entry: &SpeedEntry, kind: DiscKind) -> Option<u32> {
    /// As much as page 2Ah can tell.
    const MOST: u32 = 65_534;
    let told = match entry {
        SpeedEntry::KbPerSecond(number) => kb_s(kind.family(), number / kind.family().one_x_kb_s()),
        SpeedEntry::Text(text) => kb_s(kind.family(), text.strip_suffix('x')?.parse().ok()?),
    };
    (1..=MOST).contains(&told).then_some(told)
}
