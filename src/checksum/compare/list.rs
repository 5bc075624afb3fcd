//! This module knows what a hash list says of an image.

use crate::checksum::{Algorithm, Digest, HashList};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListVerdict {
    Match {
        /// The strongest that agreed; all that were computed did.
        algorithm: Algorithm,
        /// The list does not have the image's name, but this file has its content.
        other_name: Option<Vec<u8>>,
    },
    Mismatch {
        expected: Digest,
        computed: Digest,
        /// The list has the content under this name instead.
        other_name: Option<Vec<u8>>,
    },
    /// Neither yes nor no: neither the name nor the content is in the list.
    NotListed,
    /// The name is there, but none of the digests that stand with it was computed.
    NotComputed { wanted: Vec<Algorithm> },
}

/// What the list says of an image of this name with these digests. A name that stands in it several times, in several
/// folders, has to have the content in one of them.
pub fn against_list(list: &HashList, image_name: &[u8], digests: &[Digest]) -> ListVerdict {
    let mut strongest_first = digests.to_vec();
    strongest_first.sort_by_key(|digest| std::cmp::Reverse(digest.algorithm()));
    let named = list.for_name(image_name);
    let elsewhere = strongest_first.iter().find_map(|digest| {
        list.by_digest(digest).find(|entry| !named.iter().any(|named| std::ptr::eq(*named, *entry)))
    });
    let other_name = elsewhere.and_then(|entry| entry.name.clone());
    if named.is_empty() {
        return match elsewhere {
            Some(entry) => ListVerdict::Match { algorithm: entry.digest.algorithm(), other_name },
            None => ListVerdict::NotListed,
        };
    }
    let mut agreed = None;
    for computed in &strongest_first {
        let mut expected = named.iter().map(|e| &e.digest).filter(|d| d.algorithm() == computed.algorithm()).peekable();
        match expected.peek().copied().copied() {
            None => {}
            Some(_) if expected.any(|digest| digest == computed) => agreed = agreed.or(Some(computed.algorithm())),
            Some(expected) => {
                return ListVerdict::Mismatch { expected, computed: *computed, other_name };
            }
        }
    }
    match agreed {
        Some(algorithm) => ListVerdict::Match { algorithm, other_name: None },
        None => ListVerdict::NotComputed { wanted: list.wanted_algorithms(image_name) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checksum::Digester;

    const IMAGE: &[u8] = b"image";

    fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let mut digester = Digester::new(algorithm);
        digester.update(bytes);
        digester.finish()
    }

    fn digests() -> Vec<Digest> {
        Algorithm::DEFAULT.map(|algorithm| digest(algorithm, IMAGE)).to_vec()
    }

    /// `(algorithm, content, name)` a line.
    fn verdict(lines: &[(Algorithm, &[u8], &str)]) -> ListVerdict {
        let text: String =
            lines.iter().map(|(a, content, name)| format!("{}  {name}\n", digest(*a, content))).collect();
        against_list(&HashList::parse("sums.txt", text.as_bytes()).unwrap(), b"listed.iso", &digests())
    }

    fn matching(algorithm: Algorithm, other_name: Option<&str>) -> ListVerdict {
        ListVerdict::Match { algorithm, other_name: other_name.map(|name| name.as_bytes().to_vec()) }
    }

    use Algorithm::{Crc32, Md5, Sha1, Sha256, Sha512};

    #[test]
    fn a_listed_image_matches_with_the_strongest_digest() {
        let lines: [(_, &[u8], _); 3] =
            [(Md5, IMAGE, "listed.iso"), (Sha256, IMAGE, "./listed.iso"), (Sha1, b"x", "elsewhere.iso")];
        assert_eq!(verdict(&lines), matching(Sha256, None));
        assert_eq!(verdict(&[(Crc32, IMAGE, "listed.iso")]), matching(Crc32, None));
        assert_eq!(verdict(&[(Sha256, IMAGE, "-")]), matching(Sha256, None));
    }

    #[test]
    fn any_digest_that_differs_is_a_mismatch_with_both_shown() {
        let lines: [(_, &[u8], _); 2] = [(Sha256, IMAGE, "listed.iso"), (Md5, b"x", "listed.iso")];
        let expected =
            ListVerdict::Mismatch { expected: digest(Md5, b"x"), computed: digest(Md5, IMAGE), other_name: None };
        assert_eq!(verdict(&lines), expected);
    }

    #[test]
    fn the_right_content_under_another_name_is_told() {
        let lines: [(_, &[u8], _); 2] = [(Sha1, b"x", "other.iso"), (Sha1, IMAGE, "original.iso")];
        assert_eq!(verdict(&lines), matching(Sha1, Some("original.iso")));
        let lines: [(_, &[u8], _); 2] = [(Sha1, b"x", "listed.iso"), (Sha1, IMAGE, "original.iso")];
        assert!(
            matches!(verdict(&lines), ListVerdict::Mismatch { other_name: Some(name), .. } if name == b"original.iso")
        );
    }

    #[test]
    fn the_same_name_in_two_folders_has_to_match_in_one() {
        let lines: [(_, &[u8], _); 2] = [(Sha1, b"x", "a/listed.iso"), (Sha1, IMAGE, "b/listed.iso")];
        assert_eq!(verdict(&lines), matching(Sha1, None));
    }

    #[test]
    fn no_name_and_no_content_is_neither_yes_nor_no() {
        assert_eq!(verdict(&[(Sha1, b"x", "other.iso")]), ListVerdict::NotListed);
        assert_eq!(verdict(&[(Sha512, IMAGE, "listed.iso")]), ListVerdict::NotComputed { wanted: vec![Sha512] });
    }

    #[test]
    fn lists_as_people_keep_them_say_yes_or_no() {
        let sha256 = digest(Sha256, IMAGE).to_string();
        let crc = digest(Crc32, IMAGE).to_string().to_ascii_uppercase();
        let other = sha256.replace(|c: char| c.is_ascii_digit(), "0");
        let yes = matching(Sha256, None);
        let cases = [
            ("SHA256SUMS", format!("{sha256}  listed.iso\n{other}  not-here.iso\n"), yes.clone()),
            ("listed.iso.sha256", format!("{sha256} *listed.iso\r\n"), yes.clone()),
            ("CHECKSUM", format!("SHA256 (listed.iso) = {sha256}\n"), yes),
            ("x.sfv", format!("; comment\r\nlisted.iso {crc}\r\n"), matching(Crc32, None)),
            ("x.sha256", format!("{sha256}  original.iso\n"), matching(Sha256, Some("original.iso"))),
        ];
        let verdict = |file: &str, text: &str| {
            against_list(&HashList::parse(file, text.as_bytes()).unwrap(), b"listed.iso", &digests())
        };
        for (file, text, expected) in cases {
            assert_eq!(verdict(file, &text), expected, "{text}");
        }
        let one_digit = format!("{}{}  listed.iso", if sha256.starts_with('0') { '1' } else { '0' }, &sha256[1..]);
        assert!(
            matches!(verdict("x", &one_digit), ListVerdict::Mismatch { computed, .. } if computed.to_string() == sha256)
        );
    }
}
