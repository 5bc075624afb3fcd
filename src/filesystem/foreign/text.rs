//! This module knows texts: descriptions of images, and what servers send in the place of one.

use super::ForeignKind;

/// By the first sector of a file of `length` bytes, filled up with zeros where the file is shorter.
pub(super) fn of(first: &[u8], length: u64) -> Option<ForeignKind> {
    let there = usize::try_from(length).unwrap_or(usize::MAX).min(first.len());
    let bytes = first.get(..there)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x20..=0x7E | 0x80..);
    if bytes.trim_ascii().is_empty() || !bytes.iter().all(is_text) {
        return None;
    }
    // Compressed data has no such bytes in it by accident, and text in other letters than Latin ones many.
    if bytes.iter().filter(|byte| !byte.is_ascii()).count() > bytes.len() / 2 && std::str::from_utf8(bytes).is_err() {
        return None;
    }
    let text = bytes.trim_ascii().to_ascii_lowercase();
    let begins = |with: &[u8]| text.starts_with(with);
    let has_line = |with: &[u8]| text.split(|&byte| byte == b'\n').any(|line| line.trim_ascii().starts_with(with));
    let contains = |what: &[u8]| text.windows(what.len()).any(|part| part == what);
    let is_page =
        begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<?xml") && contains(b"<html");
    if is_page {
        Some(ForeignKind::WebPage)
    } else if has_line(b"file ") && has_line(b"track ") {
        Some(ForeignKind::CueSheet)
    } else if begins(b"[clonecd]") {
        Some(ForeignKind::CloneCd)
    } else if has_line(b"cd_da") || has_line(b"cd_rom") {
        Some(ForeignKind::CdrdaoToc)
    } else if begins(b"# mapfile") || begins(b"# rescue logfile") {
        Some(ForeignKind::RescueMap)
    } else {
        // What is longer may go on as anything.
        (length <= first.len() as u64).then_some(ForeignKind::Text)
    }
}
