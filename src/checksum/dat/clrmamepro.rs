//! This module knows catalogues in the text form of ClrMamePro: words and values, lists in parentheses.

use super::source::{Place, Source};
use super::title::{File, Title};
use super::xml::{DEPTH, VALUE_BYTES};
use super::{DatError, Entry, Header};
use std::io::Read;

enum Token {
    Open,
    Close,
    /// With or without quotes around it.
    Word(String),
}

/// What a list in parentheses is about.
enum List {
    Header,
    Title(Title),
    File(File),
    Other,
}

pub(super) fn visit<R: Read>(mut source: Source<R>, visitor: &mut dyn FnMut(Entry)) -> Result<Header, DatError> {
    let mut header = None;
    let mut open: Vec<(List, u64)> = Vec::new();
    let mut word: Option<String> = None;
    let mut first = None;
    while let Some(token) = token(&mut source)? {
        let place = source.place();
        let line = place.line;
        match token {
            Token::Open if open.len() >= DEPTH => return Err(DatError::TooDeep { line, limit: DEPTH }),
            Token::Open => {
                let list = match (open.last(), word.take().unwrap_or_default().as_str()) {
                    (None, "clrmamepro" | "emulator") => {
                        header = Some(Header::default());
                        List::Header
                    }
                    (None, "game" | "machine" | "resource") => List::Title(Title::new(String::new())),
                    (Some((List::Title(_), _)), "rom") => List::File(File::default()),
                    (_, _) => List::Other,
                };
                open.push((list, line));
            }
            Token::Close => {
                word = None;
                match (open.pop(), open.last_mut()) {
                    (Some((List::File(file), _)), Some((List::Title(title), _))) => title.add(file, visitor),
                    (Some((List::Title(title), _)), _) => {
                        header.get_or_insert_default();
                        title.finish(visitor);
                    }
                    (Some(_), _) => {}
                    (None, _) => return Err(malformed(place, "a closing parenthesis too many")),
                }
            }
            Token::Word(text) => match word.take() {
                Some(word) => match open.last_mut() {
                    Some((list, _)) => list.set(&word, text, header.as_mut()),
                    None => return Err(not_a_catalogue(&word)),
                },
                None => {
                    first.get_or_insert_with(|| text.clone());
                    word = Some(text);
                }
            },
        }
    }
    match (open.last(), header) {
        (Some((_, line)), _) => Err(DatError::Truncated { line: *line }),
        (None, Some(header)) => Ok(header),
        (None, None) => Err(not_a_catalogue(&first.unwrap_or_default())),
    }
}

impl List {
    fn set(&mut self, word: &str, value: String, header: Option<&mut Header>) {
        match (self, word, header) {
            (Self::Header, "name", Some(header)) => header.name = value,
            (Self::Header, "version", Some(header)) => header.version = value,
            (Self::Title(title), "name", _) => title.rename(value),
            (Self::File(file), word, _) => file.set(word, &value),
            (Self::Header | Self::Title(_) | Self::Other, _, _) => {}
        }
    }
}

fn not_a_catalogue(word: &str) -> DatError {
    DatError::NotACatalogue { found: format!("{:?}", word.chars().take(40).collect::<String>()) }
}

fn malformed(Place { line, byte }: Place, problem: &str) -> DatError {
    DatError::Malformed { line, byte, problem: problem.to_owned() }
}

/// White space parts words; quotes keep it together, and know no escape.
fn token<R: Read>(source: &mut Source<R>) -> Result<Option<Token>, DatError> {
    let Some(first) = source.letter()? else { return Ok(None) };
    let line = source.place().line;
    let quoted = first == b'"';
    if quoted {
        source.byte()?;
    }
    let mut word = Vec::new();
    loop {
        match source.byte()? {
            Some(b'"') if quoted => break,
            Some(byte) if byte.is_ascii_whitespace() && !quoted => break,
            Some(byte) => word.push(byte),
            None if quoted => return Err(DatError::Truncated { line }),
            None => break,
        }
        if word.len() > VALUE_BYTES {
            return Err(DatError::TooLong { line, limit: VALUE_BYTES });
        }
    }
    Ok(Some(match word.as_slice() {
        b"(" if !quoted => Token::Open,
        b")" if !quoted => Token::Close,
        _ => Token::Word(String::from_utf8_lossy(&word).into_owned()),
    }))
}
