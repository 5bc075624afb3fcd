//! This module knows what can be wrong with a disc file, and how to say where.

use std::ops::Range;
use std::path::PathBuf;

use crate::virtual_drive::disc::WrongDisc;
use crate::virtual_drive::disc::content::ContentError;
use crate::virtual_drive::disc::recordable::RecordingError;

/// Why there is no virtual drive.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    #[error("cannot read {}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// The disc file says what it cannot.
    #[error("line {line}: {what}{}", hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Line { line: usize, what: String, hint: Option<String> },
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Disc(#[from] WrongDisc),
    #[error(transparent)]
    Recording(#[from] RecordingError),
}

impl SceneError {
    /// Something is wrong at a place of `text`.
    pub(super) fn at(text: &str, place: Range<usize>, what: impl Into<String>) -> Self {
        SceneError::Line { line: line_of(text, place.start), what: what.into(), hint: None }
    }

    /// The same, with what might have been meant.
    pub(super) fn hinting(self, hint: impl Into<String>) -> Self {
        match self {
            SceneError::Line { line, what, hint: _ } => SceneError::Line { line, what, hint: Some(hint.into()) },
            other => other,
        }
    }

    pub(super) fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let what = error.message().lines().next().unwrap_or("this is no TOML").to_owned();
        let at = Self::at(text, error.span().unwrap_or(0..0), what.clone());
        match nearest(&what) {
            Some(meant) => at.hinting(format!("did you mean `{meant}`?")),
            None => at,
        }
    }
}

/// Counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count().saturating_add(1)
}

/// Of a message that quotes what was found and then what would have been right, the right word that is most like it.
fn nearest(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let found = quoted.next()?;
    let close = found.len().div_ceil(3).saturating_add(1);
    let distances = quoted.map(|word| (distance(found, word), word));
    distances.filter(|(distance, _)| *distance < close).min().map(|(_, word)| word)
}

/// How many letters have to be changed, added or left out.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, letter) in from.chars().enumerate() {
        let mut next = vec![line.saturating_add(1)];
        for ((other, pair), left_out) in to.iter().zip(row.windows(2)).zip(row.iter().skip(1)) {
            let changed = pair.first().copied().unwrap_or(0).saturating_add(usize::from(letter != *other));
            let added = next.last().copied().unwrap_or(0).saturating_add(1);
            next.push(changed.min(added).min(left_out.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_offered_and_a_far_one_is_not() {
        let message = |found| format!("unknown field `{found}`, expected one of `image`, `speed`, `spin_up`");
        assert_eq!(nearest(&message("sped")), Some("speed"));
        assert_eq!(nearest(&message("spinup")), Some("spin_up"));
        assert_eq!(nearest(&message("temperature")), None);
        assert_eq!(nearest("nothing is quoted"), None);
        assert_eq!((distance("abc", "abc"), distance("", "abc"), distance("kitten", "sitting")), (0, 3, 3));
    }

    #[test]
    fn lines_are_counted_from_1() {
        assert_eq!((line_of("a\nb\nc", 0), line_of("a\nb\nc", 2), line_of("a\nb\nc", 99)), (1, 2, 3));
    }
}
