//! This module knows how that is told which was found on the way to the files.

use crate::cli::describe::{finding_counts, finding_line, finding_words};
use crate::cli::exit::Exit;
use crate::cli::failure::Report;
use crate::cli::json::Facts;
use crate::cli::quantity::counted;
use crate::cli::run::Session;
use crate::cli::voice::Form;
use crate::filesystem::{Finding, Severity};

/// Tells what is wrong; what is merely odd, those who asked for more. The status is that of what was found.
pub(super) fn tell(findings: &[Finding], session: &Session) -> (Exit, Facts) {
    for finding in findings {
        session.voice.json(&finding_line(finding));
        if session.voice.form() == Form::Text {
            match finding.severity {
                Severity::Error | Severity::Warning => session.voice.tell(finding_words(finding)),
                Severity::Info => session.voice.detail(finding_words(finding)),
            }
        }
    }
    let counts = finding_counts(findings);
    let exit = if counts.error == 0 { Exit::Ok } else { Exit::Damaged };
    (exit, Facts { findings: Some(counts), ..Facts::default() })
}

/// The end of a command that found that.
pub(super) fn report(exit: Exit, message: String, facts: Facts) -> Report {
    let errors = facts.findings.map_or(0, |counts| counts.error);
    let message = if errors == 0 { message } else { format!("{message}, {}", counted(errors, "error")) };
    Report { exit, message, facts }
}
