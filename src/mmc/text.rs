//! This module knows how names come from a drive: ASCII in a field of fixed length, with blanks or zeros behind.

/// Up to the first zero, without the blanks around it; what cannot be printed has become `?`, since a name may be
/// shown on a terminal.
pub(super) fn name(field: &[u8]) -> String {
    let printable = |&b: &u8| if (0x20..0x7F).contains(&b) { char::from(b) } else { '?' };
    let until_zero = field.split(|&b| b == 0).next().unwrap_or_default();
    until_zero.iter().map(printable).collect::<String>().trim().to_owned()
}

/// The field again: cut where it is too long, blanks behind where it is too short.
pub(super) fn padded<const N: usize>(name: &str) -> [u8; N] {
    let mut field = [b' '; N];
    for (to, from) in field.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_blanks_around_it_and_nothing_that_moves_a_cursor() {
        assert_eq!(name(b"  ASUS    "), "ASUS");
        assert_eq!(name(b"A\x1b[2J\xFF\0x"), "A?[2J?");
        assert_eq!(name(b""), "");
    }

    #[test]
    fn a_field_has_its_length() {
        assert_eq!(padded::<8>("ASUS"), *b"ASUS    ");
        assert_eq!(padded::<4>("BW-16"), *b"BW-1");
    }
}
