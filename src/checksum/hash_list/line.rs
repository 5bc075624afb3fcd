//! This module knows the forms in which a line tells a digest: coreutils', BSD's, OpenSSL's, SFV's, and a bare digest.

use super::{ListEntry, ListProblem, Separators, escape, foreign};
use crate::checksum::{Algorithm, Digest};

/// What the list's own name says of its lines.
pub(super) struct LineReader {
    form: Form,
    /// All digests without a tag are of this kind, which is not computed here.
    foreign: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Name first, CRC-32 last.
    Sfv,
    DigestFirst,
}

/// What a line says, its name still escaped where it is.
struct Told<'a> {
    digest: Digest,
    name: Option<&'a [u8]>,
}

/// Whether a leading backslash announced escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Used,
    Unused,
}

impl LineReader {
    pub fn of(file_name: &str) -> Self {
        let sfv = file_name.to_ascii_lowercase().ends_with(".sfv");
        let form = if sfv { Form::Sfv } else { Form::DigestFirst };
        Self { form, foreign: foreign::by_list_name(file_name) }
    }

    /// `;` in all lists; `#` begins a name in an SFV.
    pub fn is_comment(&self, line: &[u8]) -> bool {
        match line.trim_ascii_start().first() {
            Some(b';') => true,
            Some(b'#') => self.form == Form::DigestFirst,
            Some(_) | None => false,
        }
    }

    pub fn entry(&self, number: usize, line: &[u8]) -> Result<ListEntry, ListProblem> {
        if line.contains(&0) {
            return Err(ListProblem::ZeroByte);
        }
        let as_sfv = if self.form == Form::Sfv { sfv(line) } else { None };
        let (told, escapes) = match as_sfv {
            Some(told) => (told, Escapes::Unused),
            None => self.digest_first(line)?,
        };
        let name = match (told.name, escapes) {
            (Some(b""), _) => return Err(ListProblem::NoName),
            (Some(b"-") | None, _) => None,
            (Some(name), Escapes::Unused) => Some(name.to_vec()),
            (Some(name), Escapes::Used) => Some(escape::unescaped(name)?),
        };
        let separators = match escapes {
            Escapes::Used => Separators::Slash,
            Escapes::Unused => Separators::SlashAndBackslash,
        };
        Ok(ListEntry { name, digest: told.digest, size: None, line: number, separators })
    }

    fn digest_first<'a>(&self, line: &'a [u8]) -> Result<(Told<'a>, Escapes), ListProblem> {
        let line = line.trim_ascii_start();
        let (line, escapes) = match line.strip_prefix(b"\\") {
            Some(line) => (line, Escapes::Used),
            None => (line, Escapes::Unused),
        };
        let told = match tagged(line) {
            Some(told) => told?,
            None => self.untagged(line)?,
        };
        Ok((told, escapes))
    }

    /// `digest  name`, `digest *name`, `digest name`, `digest`.
    fn untagged<'a>(&self, line: &'a [u8]) -> Result<Told<'a>, ListProblem> {
        let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(line.len());
        let (hex, rest) = line.split_at_checked(digits).ok_or(ListProblem::NotALine)?;
        let name = match rest {
            [] | [b' ' | b'\t'] | [b' ' | b'\t', b' ' | b'\t'] => None,
            [b' ' | b'\t', b' ' | b'*', name @ ..] if !name.is_empty() => Some(name),
            [b' ' | b'\t', name @ ..] => Some(name),
            _ => return Err(ListProblem::NotALine),
        };
        let algorithm = Algorithm::ALL.into_iter().find(|a| a.digest_bytes().saturating_mul(2) == digits);
        match (algorithm, self.foreign.or(foreign::by_length(digits))) {
            (_, Some(foreign)) if digits >= 32 => Err(ListProblem::Unsupported { name: foreign.to_owned() }),
            (Some(algorithm), _) => Ok(Told { digest: from_hex(algorithm, hex)?, name }),
            (None, _) if digits < 8 => Err(ListProblem::NotALine),
            (None, _) => Err(ListProblem::Length { digits }),
        }
    }
}

/// `SHA256 (name) = digest`, `SHA256(name)= digest`, `SHA2-256(name)= digest`; `None` for other forms. Names may hold
/// parentheses, so the last one counts.
fn tagged(line: &[u8]) -> Option<Result<Told<'_>, ListProblem>> {
    let open = line.iter().position(|byte| *byte == b'(')?;
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let tag = str::from_utf8(line.get(..open)?.trim_ascii_end()).ok()?;
    let name = line.get(open.checked_add(1)?..close)?;
    let hex = line.get(close.checked_add(1)?..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii();
    if hex.is_empty() || tag.is_empty() || tag.contains(char::is_whitespace) {
        return None;
    }
    let plain = tag.to_ascii_uppercase();
    let digest = match plain.strip_prefix("SHA2-").unwrap_or(&plain) {
        "256" => from_hex(Algorithm::Sha256, hex),
        "512" => from_hex(Algorithm::Sha512, hex),
        _ => match tag.parse() {
            Ok(algorithm) => from_hex(algorithm, hex),
            Err(_) if foreign::is_tag(tag) => Err(ListProblem::Unsupported { name: tag.to_owned() }),
            Err(_) => return None,
        },
    };
    Some(digest.map(|digest| Told { digest, name: Some(name) }))
}

/// `name crc32`: the name may hold blanks, in front of it too.
fn sfv(line: &[u8]) -> Option<Told<'_>> {
    let line = line.trim_ascii_end();
    let blank = line.iter().rposition(u8::is_ascii_whitespace)?;
    let (name, crc) = line.split_at_checked(blank)?;
    let digest = from_hex(Algorithm::Crc32, crc.trim_ascii()).ok()?;
    let name = name.trim_ascii_end();
    (!name.is_empty()).then_some(Told { digest, name: Some(name) })
}

fn from_hex(algorithm: Algorithm, hex: &[u8]) -> Result<Digest, ListProblem> {
    let wrong = ListProblem::LengthOf { algorithm, digits: hex.len() };
    if !hex.iter().all(u8::is_ascii_hexdigit) {
        return Err(ListProblem::NotALine);
    }
    str::from_utf8(hex).ok().and_then(|hex| Digest::from_hex(algorithm, hex).ok()).ok_or(wrong)
}
