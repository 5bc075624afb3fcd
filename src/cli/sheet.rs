//! This module knows how facts are laid out for reading: a word before each, all in one column.

use std::fmt;

/// Rows of a word and what there is to say to it.
#[derive(Debug, Default)]
pub struct Sheet {
    rows: Vec<(String, String)>,
}

impl Sheet {
    pub fn row(&mut self, word: impl Into<String>, text: impl Into<String>) -> &mut Self {
        self.rows.push((word.into(), text.into()));
        self
    }

    /// A row that goes on with the one before.
    pub fn more(&mut self, text: impl Into<String>) -> &mut Self {
        self.row("", text)
    }

    /// A row where there is something to say.
    pub fn row_if(&mut self, word: &str, text: Option<impl Into<String>>) -> &mut Self {
        if let Some(text) = text {
            self.row(word, text);
        }
        self
    }
}

/// Without a newline at the end.
impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LEAST: usize = 10;
        let width = self.rows.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0).max(LEAST);
        for (i, (word, text)) in self.rows.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{}", format!("{word:width$}  {text}").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_a_column() {
        let mut sheet = Sheet::default();
        sheet.row("drive", "A B").row_if("size", None::<String>).row("disc", "cd-rom").more("blank").row("", "");
        assert_eq!(sheet.to_string(), "drive       A B\ndisc        cd-rom\n            blank\n");
    }
}
