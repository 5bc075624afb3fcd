//! This module knows what is recorded on a disc, and how that is written down.

use serde::{Deserialize, Serialize};

use super::cd::CdRecord;
use super::overwritable::Overwritable;
use super::rules::Rules;
use super::sequential::{Limits, Sequential};
use super::spares::Spares;
use crate::sector::SectorCount;
use crate::virtual_drive::disc::{Factory, Stock};

/// The version of the state file that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Everything that a disc has gained since it came out of its box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    Sequential(Sequential),
    Overwritable(Overwritable),
    Cd(CdRecord),
}

/// Why the text of a state file is not the state of a disc.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongState {
    #[error("this is no state of a disc: {0}")]
    Unreadable(String),
    #[error("it has version {found}; this program knows version {VERSION}")]
    Version { found: u32 },
    #[error("it is of a {found}, and the disc file says {wanted}")]
    OtherDisc { found: String, wanted: String },
    #[error("what it tells cannot be on such a disc")]
    Unsound,
}

/// The state file, as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateFile {
    version: u32,
    medium: String,
    media_id: String,
    sectors: u32,
    recorded: Record,
}

/// The version alone: other versions may have any other keys.
#[derive(Debug, Deserialize)]
struct Version {
    version: u32,
}

impl Record {
    /// Of a disc to which nothing was written.
    pub fn new(stock: &Stock, rules: Rules) -> Self {
        match (stock.factory, rules.sequential) {
            (Factory::Formatted, _) => {
                let spares = Spares::of(stock);
                let (sectors, spare) = spares
                    .map_or((stock.sectors, SectorCount(0)), |spares| (spares.left(stock, spares.usual), spares.usual));
                Record::Overwritable(Overwritable::formatted(sectors, spare))
            }
            _ if rules.cd => Record::Cd(CdRecord::default()),
            (Factory::Blank, Some(_)) => Record::Sequential(Sequential::default()),
            (Factory::Blank, None) => Record::Overwritable(Overwritable::default()),
        }
    }

    pub fn is_blank(&self) -> bool {
        match self {
            Record::Sequential(record) => record.is_blank(),
            Record::Overwritable(record) => record.is_unformatted(),
            Record::Cd(record) => record.is_blank(),
        }
    }

    /// The same, if whoever used the disc was stopped: nothing goes on with it.
    pub fn after_a_stop(mut self, stock: &Stock) -> Self {
        if let Record::Overwritable(record) = &mut self {
            record.stop_background(stock.kind.family().ecc_block().0, stock.sectors);
        }
        self
    }

    pub fn text(&self, stock: &Stock) -> String {
        let file = StateFile {
            version: VERSION,
            medium: stock.kind.name().to_owned(),
            media_id: stock.media_id.clone(),
            sectors: stock.sectors.0,
            recorded: self.clone(),
        };
        // Numbers and names of ours: there is nothing in it that TOML could not hold.
        toml::to_string(&file).unwrap_or_default()
    }

    /// # Errors
    /// Where this is not the state of a disc of this stock.
    pub fn read(text: &str, stock: &Stock, rules: Rules) -> Result<Self, WrongState> {
        let unreadable =
            |error: toml::de::Error| WrongState::Unreadable(error.message().lines().next().unwrap_or("").to_owned());
        let Version { version: found } = toml::from_str(text).map_err(unreadable)?;
        if found != VERSION {
            return Err(WrongState::Version { found });
        }
        let file: StateFile = toml::from_str(text).map_err(unreadable)?;
        let told = |medium: &str, sectors: u32, id: &str| format!("{medium} {id} of {sectors} sectors");
        let found = told(&file.medium, file.sectors, &file.media_id);
        let wanted = told(stock.kind.name(), stock.sectors.0, &stock.media_id);
        if found != wanted {
            return Err(WrongState::OtherDisc { found, wanted });
        }
        let sound = match &file.recorded {
            Record::Sequential(record) => {
                rules.sequential.is_some_and(|rules| record.is_sound(Limits::of(record, rules, stock)))
            }
            Record::Overwritable(record) => {
                let (room, ecc_block) = (Spares::room(stock), stock.kind.family().ecc_block());
                rules.overwritable.is_some() && record.is_sound(room, ecc_block)
            }
            Record::Cd(record) => rules.cd && record.is_sound(stock.sectors.0),
        };
        if sound { Ok(file.recorded) } else { Err(WrongState::Unsound) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::virtual_drive::disc::DiscKind;
    use crate::virtual_drive::disc::recordable::overwritable::FormatState;
    use crate::virtual_drive::disc::recordable::sequential::{Method, Session, TrackRecord};

    const DVD_PLUS_R: &str = "version = 1
medium = \"dvd+r\"
media_id = \"YUDEN000-T03\"
sectors = 2295104

[recorded.sequential]
finalized = false

[[recorded.sequential.session]]
closed = true

[[recorded.sequential.session.track]]
start = 0
recorded = 736
reserved = 736
closed = true
";

    fn stock(kind: DiscKind) -> (Stock, Rules) {
        (Stock::usual(kind).unwrap(), Rules::of(kind).unwrap())
    }

    #[test]
    fn a_state_is_a_text_that_people_can_read() {
        let (stock, rules) = stock(DiscKind::DvdPlusR);
        let track =
            TrackRecord { recorded: 736, reserved: Some(736), closed: true, ..TrackRecord::new(0, Method::Increments) };
        let sessions = vec![Session { closed: true, tracks: vec![track] }];
        let record = Record::Sequential(Sequential { sessions, ..Sequential::default() });
        assert_eq!(record.text(&stock), DVD_PLUS_R);
        assert_eq!(Record::read(DVD_PLUS_R, &stock, rules), Ok(record));
        let (stock, rules) = super::tests::stock(DiscKind::DvdPlusRw);
        let record = Record::Overwritable(Overwritable {
            formatted: 32,
            format: FormatState::Stopped,
            ..Overwritable::default()
        });
        assert_eq!(Record::read(&record.text(&stock), &stock, rules), Ok(record));
    }

    #[test]
    fn another_version_another_disc_and_nonsense_are_told_apart() {
        let (stock, rules) = stock(DiscKind::DvdPlusR);
        let told = |text: &str| Record::read(text, &stock, rules).unwrap_err().to_string();
        let changed = |from: &str, to: &str| told(&DVD_PLUS_R.replace(from, to));
        assert_eq!(told("version = 7\nfuture = true"), "it has version 7; this program knows version 1");
        assert!(told("not toml").starts_with("this is no state of a disc: "));
        assert!(changed("2295104", "2295120").starts_with("it is of a dvd+r YUDEN000-T03 of 2295120 sectors"));
        assert!(changed("dvd+r", "dvd+rw").contains("dvd+rw"));
        for (from, to) in [
            ("start = 0", "start = 2295104"),
            ("closed = true\n\n", "closed = false\n\n[[recorded.sequential.session]]\nclosed = true\n\n"),
            ("recorded = 736", "recorded = 737"),
        ] {
            assert_eq!(changed(from, to), "what it tells cannot be on such a disc", "{to}");
        }
    }
}
