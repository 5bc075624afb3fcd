//! This module knows how the length of an image is told, and who claims which.

use crate::cli::json::{LengthLine, MissingShape, TailShape};
use crate::cli::quantity::{counted, grouped};
use crate::cli::sheet::Sheet;
use crate::filesystem::{Image, LengthState, LengthVerdict, SizeSource, TailKind};
use crate::sector::SECTOR_BYTES;

/// Each voice once: several volumes may say the same of themselves.
pub fn claims(image: &Image) -> impl Iterator<Item = (SizeSource, u64)> + '_ {
    let is_first = |index: usize, claim| !image.claims.iter().take(index).any(|before| *before == claim);
    image
        .claims
        .iter()
        .copied()
        .enumerate()
        .filter(move |(index, claim)| is_first(*index, *claim))
        .map(|(_, claim)| claim)
}

/// Who says how long the image should be, and what it comes to.
pub fn length_rows(image: &Image, sheet: &mut Sheet) {
    let mut word = "claims";
    for (source, bytes) in claims(image) {
        let missing = match bytes.saturating_sub(image.length) {
            0 => String::new(),
            missing => format!(", of which {} are missing", grouped(missing)),
        };
        sheet.row(std::mem::take(&mut word), format!("{:>16} bytes  {source}{missing}", grouped(bytes)));
    }
    sheet.row_if("length", image.length_verdict.as_ref().and_then(length_words));
}

/// One line; nothing where nobody says how long it should be.
fn length_words(verdict: &LengthVerdict) -> Option<String> {
    let missing = counted(verdict.missing(), "byte");
    let words = match verdict.state {
        LengthState::Unknown => return None,
        LengthState::Truncated => {
            let needed = grouped(verdict.needed_missing());
            format!("{missing} too short, and files or structures reach {needed} bytes into what is missing")
        }
        LengthState::TailMissing { is_padding: true } => format!("{missing} too short, all of them padding"),
        LengthState::TailMissing { is_padding: false } => {
            format!("{missing} too short, and no known file or structure reaches into them")
        }
        LengthState::Exact => "all that it should be".to_owned(),
        LengthState::Longer => "all that it should be, and more".to_owned(),
    };
    let behind = |kind: TailKind| {
        let parts = verdict.tail.iter().filter(|part| part.kind == kind);
        let bytes = parts.fold(0_u64, |sum, part| sum.saturating_add(part.length));
        (bytes > 0).then(|| format!("{} of {}", counted(bytes, "byte"), tail_words(kind)))
    };
    let kinds = [
        TailKind::Zeros,
        TailKind::Anchors,
        TailKind::Files,
        TailKind::Session,
        TailKind::Partition,
        TailKind::Unreadable,
        TailKind::Data,
    ];
    let tail: Vec<String> = kinds.into_iter().filter_map(behind).collect();
    Some(if tail.is_empty() { words } else { format!("{words}; behind the filesystem {}", tail.join(", ")) })
}

fn tail_words(kind: TailKind) -> &'static str {
    match kind {
        TailKind::Zeros => "zeros",
        TailKind::Anchors => "UDF anchors",
        TailKind::Files => "files or structures",
        TailKind::Session => "a later session",
        TailKind::Partition => "a partition or boot image",
        TailKind::Unreadable => "what cannot be read",
        TailKind::Data => "data that nothing claims",
    }
}

/// `None` where the length was not judged.
pub fn length_line(image: &Image) -> Option<LengthLine> {
    let verdict = image.length_verdict.as_ref()?;
    let missing = |bytes: u64| bytes.saturating_sub(verdict.have);
    Some(LengthLine {
        state: verdict.state.to_string(),
        bytes: verdict.have,
        needed: verdict.needed,
        declared: verdict.declared,
        missing_bytes: verdict.missing(),
        needed_missing_bytes: verdict.needed_missing(),
        claims: claims(image)
            .map(|(source, bytes)| MissingShape { source: source.to_string(), bytes, missing_bytes: missing(bytes) })
            .collect(),
        tail: verdict
            .tail
            .iter()
            .map(|part| TailShape {
                kind: part.kind.to_string(),
                lba: part.start / SECTOR_BYTES as u64,
                byte: part.start,
                bytes: part.length,
            })
            .collect(),
        looked_at: verdict.looked_at,
    })
}

/// Bytes that are missing at the end; `None` where nobody says how long it should be.
pub fn missing_at_end(image: &Image) -> Option<u64> {
    let verdict = image.length_verdict.as_ref()?;
    (verdict.state != LengthState::Unknown).then(|| verdict.missing())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filesystem::TailPart;

    fn verdict(state: LengthState, have: u64, needed: u64, declared: u64) -> LengthVerdict {
        let source = Some(SizeSource::Iso9660);
        LengthVerdict { have, needed, declared, source, state, tail: Vec::new(), looked_at: 0 }
    }

    #[test]
    fn a_verdict_is_one_line() {
        assert_eq!(length_words(&verdict(LengthState::Unknown, 5, 0, 0)), None);
        let cut = verdict(LengthState::Truncated, 1_000_000, 1_300_000, 1_607_200);
        assert_eq!(
            length_words(&cut).unwrap(),
            "607,200 bytes too short, and files or structures reach 300,000 bytes into what is missing"
        );
        let padding = verdict(LengthState::TailMissing { is_padding: true }, 4096, 2048, 6144);
        assert_eq!(length_words(&padding).unwrap(), "2,048 bytes too short, all of them padding");
        let mut longer = verdict(LengthState::Longer, 8192, 2048, 4096);
        longer.tail.push(TailPart { kind: TailKind::Zeros, start: 4096, length: 2048 });
        longer.tail.push(TailPart { kind: TailKind::Data, start: 6144, length: 2048 });
        assert_eq!(
            length_words(&longer).unwrap(),
            "all that it should be, and more; behind the filesystem 2,048 bytes of zeros, 2,048 bytes of data that \
             nothing claims"
        );
    }
}
