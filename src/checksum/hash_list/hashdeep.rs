//! This module knows hashdeep's lists: a line that names the columns, and lines with commas in between.

use super::{ListEntry, ListProblem, Separators};
use crate::checksum::{Algorithm, Digest};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Size,
    Digest(Algorithm),
    /// A digest that is not computed here.
    Other,
}

/// What stands before the name, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<Column>);

/// More do not exist: hashdeep knows six digests.
const COLUMNS: usize = 16;

impl Columns {
    /// From what follows `%%%% `; `None` for the line that says which program wrote it.
    pub fn of(header: &[u8]) -> Result<Option<Self>, ListProblem> {
        if header.starts_with(b"HASHDEEP-") {
            return Ok(None);
        }
        let names = header.trim_ascii_end().strip_suffix(b",filename").ok_or(ListProblem::ColumnNames)?;
        let columns = names.split(|byte| *byte == b',').take(COLUMNS).map(|name| match name {
            b"size" => Column::Size,
            other => match str::from_utf8(other).ok().and_then(|name| name.parse().ok()) {
                Some(algorithm) => Column::Digest(algorithm),
                None => Column::Other,
            },
        });
        Ok(Some(Self(columns.collect())))
    }
}

/// As many as the line has digests.
pub(super) fn entries(columns: &Columns, number: usize, line: &[u8]) -> Result<Vec<ListEntry>, ListProblem> {
    let mut fields = line.splitn(columns.0.len().saturating_add(1), |byte| *byte == b',');
    let missing = || ListProblem::Columns { columns: columns.0.len().saturating_add(1) };
    let mut size = None;
    let mut digests = Vec::new();
    for column in &columns.0 {
        let text = String::from_utf8_lossy(fields.next().ok_or_else(missing)?);
        match column {
            Column::Size => {
                size = Some(text.parse().map_err(|_| ListProblem::Size { text: text.into_owned() })?);
            }
            Column::Digest(algorithm) => digests.push(
                Digest::from_hex(*algorithm, &text)
                    .map_err(|_| ListProblem::LengthOf { algorithm: *algorithm, digits: text.len() })?,
            ),
            Column::Other => {}
        }
    }
    if line.contains(&0) {
        return Err(ListProblem::ZeroByte);
    }
    let name = fields.next().filter(|name| !name.is_empty()).ok_or_else(missing)?;
    let entry = |digest| ListEntry {
        name: Some(name.to_vec()),
        digest,
        size,
        line: number,
        separators: Separators::SlashAndBackslash,
    };
    match digests.is_empty() {
        true => Err(ListProblem::Unsupported { name: "what this list has".to_owned() }),
        false => Ok(digests.into_iter().map(entry).collect()),
    }
}
