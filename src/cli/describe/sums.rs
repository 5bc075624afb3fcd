//! This module knows how the sums are told that an image carries within itself.

use crate::cli::json::SumShape;
use crate::cli::quantity::{counted, grouped};
use crate::cli::sheet::Sheet;
use crate::filesystem::VolumeKind;
use crate::filesystem::sums::{EmbeddedSum, FileSums, SumState};
use crate::verify::{EmbeddedSums, Judgement};

/// One row each; that there is none, where there could be one.
pub fn sum_rows(sums: Option<&EmbeddedSums>, judgement: &Judgement, sheet: &mut Sheet) {
    let Some(sums) = sums else { return };
    let mut word = "sums";
    for text in sums.all.iter().map(sum_words).chain(sums.files.iter().map(file_words)) {
        sheet.row(std::mem::take(&mut word), text);
    }
    if !word.is_empty() && can_have_one(judgement) {
        sheet.row(word, "no sum embedded");
    }
}

/// The same as a list; `None` where nobody looked, or nothing could be there.
pub fn sum_shapes(sums: Option<&EmbeddedSums>, judgement: Option<&Judgement>) -> Option<Vec<SumShape>> {
    let sums = sums.filter(|sums| !sums.all.is_empty() || judgement.is_some_and(can_have_one))?;
    let shape = |sum: &EmbeddedSum| SumShape {
        kind: sum.kind.to_string(),
        lba: sum.range.start().0,
        sectors: sum.range.count().0,
        state: sum.state.to_string(),
    };
    Some(sums.all.iter().map(shape).collect())
}

/// Both kinds stand beside descriptors of ISO 9660.
fn can_have_one(judgement: &Judgement) -> bool {
    judgement.image.volumes.iter().any(|volume| matches!(volume.kind, VolumeKind::Iso9660 { .. }))
}

fn sum_words(sum: &EmbeddedSum) -> String {
    let EmbeddedSum { kind, range, state } = sum;
    match state {
        SumState::Holds => format!("{kind}: embedded sum holds, of sectors {range}"),
        SumState::Differs { .. } | SumState::TagLost { .. } => {
            format!("{kind}: embedded sum differs, of sectors {range}")
        }
        SumState::NotChecked(_) => format!("{kind}: embedded sum not checked"),
    }
}

fn file_words(files: &FileSums) -> String {
    let unchecked = match files.unchecked {
        0 => String::new(),
        unchecked => format!(", {} not checked", grouped(unchecked)),
    };
    format!("libisofs: {} as recorded, {} not{unchecked}", counted(files.hold, "file"), grouped(files.differ))
}
