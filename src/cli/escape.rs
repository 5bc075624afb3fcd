//! This module knows how a name from a disc reaches a terminal without commanding it.

use std::borrow::Cow;
use std::fmt::Write;

/// The same text with control characters as `\x1b` and characters that turn the reading direction as `\u{202e}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let _ = match u32::from(c) {
            _ if !is_harmful(c) => out.write_char(c),
            code @ 0..=0xFF => write!(out, "\\x{code:02x}"),
            code => write!(out, "\\u{{{code:x}}}"),
        };
    }
    Cow::Owned(out)
}

/// C0, DEL, C1; what turns the reading direction; what ends a line.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_stay_as_they_are() {
        for name in ["HOLIDAY_2004", "Ærøskøbing 日本", "a\\b", ""] {
            assert_eq!(escaped(name), name);
        }
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(escaped("a\x1b[2Jb\nc\x7f\u{9b}"), "a\\x1b[2Jb\\x0ac\\x7f\\x9b");
        assert_eq!(escaped("exe.\u{202e}gpj"), "exe.\\u{202e}gpj");
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(name in any::<String>()) {
            prop_assert!(!escaped(&name).chars().any(is_harmful));
        }
    }
}
