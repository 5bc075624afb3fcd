//! This module knows how an image is looked at before it is burnt, and what there is against burning it.

use std::path::Path;
use std::sync::Arc;

use super::Args;
use crate::cli::command::{load_against, tell_bad_lines};
use crate::cli::describe::{comparison_words, finding_line, finding_words};
use crate::cli::escape::escaped;
use crate::cli::exit::Exit;
use crate::cli::explain::{About as Subject, against_failure, verify_failure};
use crate::cli::failure::Failure;
use crate::cli::listen::{Ending, audience};
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::event::About;
use crate::filesystem::{Content, CueTracks, ForeignKind, Rule, Severity};
use crate::image::{Disk, Storage};
use crate::verify::{Answer, Options, list_beside, verify_image};

/// Judges the image's filesystem, compares it with what was named or lies beside it, and tells what is wrong.
pub(super) fn doubts(path: &Path, args: &Args, session: &Session) -> Result<Vec<String>, Failure> {
    let mut against = load_against(&args.against)?;
    if against.is_empty() {
        against.extend(list_beside(path).map_err(|e| against_failure(&e))?);
    }
    tell_bad_lines(&against, session);
    let options = Options { against, ..Options::default() };
    let clock = Arc::clone(&session.clock);
    let mut audience = audience(&session.voice, Arc::clone(&clock), session.signals.clone());
    let result = verify_image(&Disk, path, &options, &*clock, session.signals.stop(), &mut *audience);
    audience.end(if result.is_ok() { Ending::Well } else { Ending::Badly });
    let name = path.display().to_string();
    let about = Subject { name: &name, signal: session.signals.received() };
    let report = result.map_err(|error| verify_failure(&error, about))?;
    if let Content::NotAnImage(kind) = report.look.content
        && kind.stands_for_an_image()
    {
        return Err(no_image(path, kind));
    }
    let mut doubts = Vec::new();
    for comparison in &report.comparisons {
        session.notice(About::Catalogue, &comparison_words(comparison));
        if comparison.answer() == Answer::No {
            doubts.push(format!("the image is not what {} says", escaped(&comparison.path.display().to_string())));
        }
    }
    let told =
        |finding: &&crate::filesystem::Finding| finding.severity >= Severity::Warning || finding.rule == Rule::S03;
    for finding in report.findings.iter().filter(told) {
        session.voice.json(&finding_line(finding));
        session.voice.tell(finding_words(finding));
    }
    let errors: Vec<_> = report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    if let Some(first) = errors.first() {
        let all = errors.iter().map(|finding| finding.more.saturating_add(1)).sum();
        doubts.push(format!("there is something wrong with the image ({}): {}", counted(all, "error"), first.text));
    }
    if report.trailing_bytes > 0 {
        let text = format!(
            "the image ends within a sector: {} are padded with zeros to 2,048",
            counted(report.trailing_bytes, "byte")
        );
        session.notice(About::Size, &text);
    }
    Ok(doubts)
}

/// Not even with -y.
fn no_image(path: &Path, kind: ForeignKind) -> Failure {
    let tracks = Some(path).filter(|_| kind == ForeignKind::CueSheet).and_then(tracks_words);
    let holds = tracks.map(|tracks| format!("; it lists {tracks}"));
    let message = format!("{}: no image: this is {kind}{}", path.display(), holds.unwrap_or_default());
    Failure::new(Exit::Refused, message)
        .hint("nothing was written; images of 2,048 bytes a sector are burnt, as in .iso files")
}

/// `1 track of data and 12 tracks of audio`.
fn tracks_words(path: &Path) -> Option<String> {
    /// No cue sheet of 99 tracks comes near.
    const LONGEST: u64 = 1 << 20;
    let CueTracks { data, audio } = CueTracks::read(&Disk.read_file(path, LONGEST).ok()?);
    let of = |count: u32, what: &str| (count > 0).then(|| format!("{} of {what}", counted(count.into(), "track")));
    let words: Vec<String> = [of(data, "data"), of(audio, "audio")].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" and "))
}
