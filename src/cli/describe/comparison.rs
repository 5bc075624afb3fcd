//! This module knows how it is told what an image was compared with, and how that came out.

use std::sync::Arc;

use crate::checksum::{CatalogueVerdict, Form, Found, ListVerdict, Status};
use crate::cli::escape::escaped;
use crate::cli::quantity::{bytes, counted};
use crate::cli::sheet::Sheet;
use crate::verify::{Comparison, Likeness, Verdict};

/// Titles that are told of many.
const MOST_TITLES: usize = 5;

/// What was compared, told in lines: the first one with its word.
pub fn comparison_rows(comparison: &Comparison, sheet: &mut Sheet) {
    let (word, lines) = told(comparison);
    let mut lines = lines.into_iter();
    sheet.row_if(word, lines.next());
    for line in lines {
        sheet.more(line);
    }
}

/// The same as one line.
pub fn comparison_words(comparison: &Comparison) -> String {
    let (word, lines) = told(comparison);
    format!("{word}: {}", lines.join("; "))
}

/// The name that the content has in the list or catalogue; of another image its path.
pub fn matched_name(comparison: &Comparison) -> Option<String> {
    match &comparison.verdict {
        Verdict::List(ListVerdict::Match { other_name: Some(name), .. }) => Some(lossy(name)),
        Verdict::List(ListVerdict::Match { .. }) => Some(comparison.path.display().to_string()),
        Verdict::Catalogue(CatalogueVerdict::Match(found)) => found.first().map(|f| f.title.to_string()),
        Verdict::Image(likeness) if likeness.is_same() => Some(comparison.path.display().to_string()),
        Verdict::List(ListVerdict::Mismatch { .. } | ListVerdict::NotListed | ListVerdict::NotComputed { .. })
        | Verdict::Catalogue(
            CatalogueVerdict::SameSizeOtherContent { .. }
            | CatalogueVerdict::NotComparable { .. }
            | CatalogueVerdict::NotFound,
        )
        | Verdict::Image(_) => None,
    }
}

fn lossy(name: &[u8]) -> String {
    escaped(&String::from_utf8_lossy(name)).into_owned()
}

fn told(comparison: &Comparison) -> (&'static str, Vec<String>) {
    let file = escaped(&comparison.path.display().to_string()).into_owned();
    match &comparison.verdict {
        Verdict::List(verdict) => in_list(verdict, &file),
        Verdict::Catalogue(verdict) => in_catalogue(verdict, &file),
        Verdict::Image(likeness) => with_image(likeness, &file),
    }
}

const MATCHED: &str = "matched";
const DIFFERS: &str = "differs";
const UNKNOWN: &str = "not known";
const NOT_COMPARED: &str = "not compared";

fn in_list(verdict: &ListVerdict, file: &str) -> (&'static str, Vec<String>) {
    match verdict {
        ListVerdict::Match { algorithm, other_name: None } => (MATCHED, vec![format!("{file} ({algorithm})")]),
        ListVerdict::Match { algorithm, other_name: Some(name) } => {
            (MATCHED, vec![format!("{file} ({algorithm}), under the name {}", lossy(name))])
        }
        ListVerdict::Mismatch { expected, computed, other_name } => {
            let mut lines = vec![
                format!("{file} has another {}", expected.algorithm()),
                format!("expected  {expected}"),
                format!("computed  {computed}"),
            ];
            lines.extend(other_name.as_ref().map(|name| format!("that is what {} has there", lossy(name))));
            (DIFFERS, lines)
        }
        ListVerdict::NotListed => (UNKNOWN, vec![format!("{file} has neither this name nor this content")]),
        ListVerdict::NotComputed { wanted } => {
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            (NOT_COMPARED, vec![format!("{file} has {}, which was not computed", wanted.join(", "))])
        }
    }
}

fn in_catalogue(verdict: &CatalogueVerdict, file: &str) -> (&'static str, Vec<String>) {
    match verdict {
        CatalogueVerdict::Match(found) => {
            let mut lines: Vec<String> = found.iter().take(MOST_TITLES).map(found_words).collect();
            lines.push(format!("in {file}"));
            (MATCHED, lines)
        }
        CatalogueVerdict::SameSizeOtherContent { titles } => {
            (DIFFERS, vec![format!("{file} has titles of this size, but none of this content: {}", list(titles))])
        }
        CatalogueVerdict::NotComparable { titles, reason } => {
            (NOT_COMPARED, vec![format!("{file} has titles of this size, but {reason}: {}", list(titles))])
        }
        CatalogueVerdict::NotFound => (UNKNOWN, vec![format!("{file} has no title of this size and content")]),
    }
}

fn found_words(found: &Found) -> String {
    let mut words = vec![format!("\"{}\"", escaped(&found.title))];
    words.extend(match found.form {
        Form::Iso => None,
        Form::Raw => Some("by its raw sectors".to_owned()),
    });
    words.extend(found.track.filter(|t| t.of > 1).map(|t| format!("file {} of {}", t.number, t.of)));
    words.extend(match found.status {
        Status::Good => None,
        Status::Verified => Some("verified".to_owned()),
        Status::BadDump => Some("which the catalogue calls a bad dump".to_owned()),
        Status::NoDump => Some("which the catalogue calls missing".to_owned()),
    });
    words.join(", ")
}

fn list(titles: &[Arc<str>]) -> String {
    let mut names: Vec<String> = titles.iter().take(MOST_TITLES).map(|t| format!("\"{}\"", escaped(t))).collect();
    if let Some(more) = titles.len().checked_sub(MOST_TITLES).filter(|m| *m > 0) {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

fn with_image(likeness: &Likeness, file: &str) -> (&'static str, Vec<String>) {
    let length = match likeness.ours.cmp(&likeness.theirs) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => {
            let longer = bytes(likeness.ours.saturating_sub(likeness.theirs));
            Some(match likeness.data_behind {
                None => format!("{file} ends {longer} earlier; behind its end are zeros"),
                Some(at) => format!("{file} ends {longer} earlier; behind its end is data, from byte {at} on"),
            })
        }
        std::cmp::Ordering::Less => {
            Some(format!("{file} goes on for {}", bytes(likeness.theirs.saturating_sub(likeness.ours))))
        }
    };
    let (word, first) = if likeness.is_same() {
        (MATCHED, format!("{file}, sector by sector"))
    } else {
        let at = likeness.differing.first().map(|range| format!(", the first at {}", range.start()));
        let differing = counted(likeness.differing_count.0.into(), "sector");
        (DIFFERS, format!("{differing} from {file}{}", at.unwrap_or_default()))
    };
    let unread = (!likeness.unread.is_zero())
        .then(|| format!("{} could not be read, and so not compared", counted(likeness.unread.0.into(), "sector")));
    (word, [Some(first), unread, length].into_iter().flatten().collect())
}
