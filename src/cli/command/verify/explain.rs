//! This module knows how a rule is explained.

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, Outcome, Report};
use crate::cli::run::Session;
use crate::filesystem::{Explanation, Rule};

/// What `--explain` says, for programs.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "rule")]
struct RuleLine {
    rule: &'static str,
    /// Where nothing speaks for another.
    severity: String,
    title: &'static str,
    meaning: Option<&'static str>,
    broken_by: Option<&'static str>,
    advice: Option<&'static str>,
}

/// Columns of a line.
const WIDTH: usize = 80;

/// Tells what the rule `id` means, who breaks it, and what to do.
pub fn explain(id: &str, session: &Session) -> Outcome {
    let Some(rule) = Rule::with_id(id) else {
        return Err(Failure::new(Exit::Usage, format!("there is no rule {id:?}"))
            .hint("a rule is called as a finding tells it: V11, D04, U09"));
    };
    let explanation = rule.explanation();
    session.voice.json(&RuleLine {
        rule: rule.id(),
        severity: rule.severity().to_string(),
        title: rule.title(),
        meaning: explanation.map(|e| e.meaning),
        broken_by: explanation.map(|e| e.broken_by),
        advice: explanation.map(|e| e.advice),
    });
    session.voice.print(words(rule, explanation));
    Ok(Report::ok(rule.title()))
}

fn words(rule: Rule, explanation: Option<Explanation>) -> String {
    let mut text = wrapped(&format!("{rule}  {}.", rule.title()));
    text.push_str(&format!("\nWhere it does not hold, that is: {}.", rule.severity()));
    if let Some(Explanation { meaning, broken_by, advice }) = explanation {
        for paragraph in [meaning, broken_by, advice] {
            text.push_str("\n\n");
            text.push_str(&wrapped(paragraph));
        }
    }
    text
}

fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_in_lines_that_fit() {
        let text = words(Rule::S04, Rule::S04.explanation());
        assert!(text.starts_with("S04 Every sector is there.\nWhere it does not hold, that is: error.\n\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    }
}
