//! This module knows the digests that this program does not compute, so that they are told from those it does.

/// What names of lists say of the digests in them, in lower case. Their lengths alone would say something else.
const LIST_NAMES: [(&str, &str); 13] = [
    ("b3sum", "BLAKE3"),
    (".b3", "BLAKE3"),
    ("blake3", "BLAKE3"),
    ("b2sum", "BLAKE2b"),
    (".b2", "BLAKE2b"),
    ("blake2", "BLAKE2b"),
    ("sha3-", "SHA-3"),
    ("sha3sum", "SHA-3"),
    ("sm3sum", "SM3"),
    (".sm3", "SM3"),
    ("rmd160", "RIPEMD-160"),
    ("ripemd", "RIPEMD-160"),
    ("whirlpool", "Whirlpool"),
];

pub(super) fn by_list_name(file_name: &str) -> Option<&'static str> {
    let name = file_name.to_ascii_lowercase();
    let called = |sign: &str| if sign.starts_with('.') { name.ends_with(sign) } else { name.contains(sign) };
    LIST_NAMES.into_iter().find(|(sign, _)| called(sign)).map(|(_, foreign)| foreign)
}

pub(super) fn by_length(digits: usize) -> Option<&'static str> {
    match digits {
        56 => Some("SHA-224"),
        96 => Some("SHA-384"),
        _ => None,
    }
}

/// What stands before the parenthesis of a tagged line, in programs that are in use.
pub(super) fn is_tag(tag: &str) -> bool {
    let tag = tag.to_ascii_uppercase();
    ["SHA", "BLAKE", "SM3", "RMD", "RIPEMD", "MD", "KECCAK", "SHAKE", "TIGER", "WHIRLPOOL", "XXH", "CRC"]
        .iter()
        .any(|family| tag.starts_with(family))
}
