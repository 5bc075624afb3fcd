//! This module knows what the files of a rip are called, and where an image's map is looked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Bytes that a safe name has at most, so that ` (99).iso.sha256` still fits into the 255 of a file name.
const NAME_BYTES: usize = 200;
/// After so many taken names the folder is not the place.
const TRIES: u32 = 10_000;
const FALLBACK: &str = "disc";

/// A volume label as a file name without its ending: readable, visible, and safe to type after a command. A label may be
/// anything; `disc` where nothing is left of it.
pub fn safe_name(label: &str) -> String {
    let mut name = String::new();
    for c in label.chars() {
        let c = match c {
            _ if c.is_control() || c.is_whitespace() => ' ',
            _ if is_invisible(c) => continue,
            // Unknown bytes, what separates folders here or elsewhere, and what FAT, NTFS and shells do not take.
            char::REPLACEMENT_CHARACTER | '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            _ => c,
        };
        let is_second_space = c == ' ' && name.ends_with(' ');
        if !is_second_space {
            name.push(c);
        }
    }
    // No hidden file, no option, no `..`; some filesystems drop dots and spaces at the end.
    let mut name = name.trim_matches([' ', '.']).trim_start_matches(['-', ' ', '.', '~']).to_owned();
    while name.len() > NAME_BYTES {
        name.pop();
    }
    let name = name.trim_end_matches([' ', '.']);
    if name.chars().any(char::is_alphanumeric) { name.to_owned() } else { FALLBACK.to_owned() }
}

/// Characters that change how the others look, or that cannot be seen.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}'
        | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
}

/// The name of an image for a disc with this label.
pub fn image_name(label: Option<&str>) -> String {
    format!("{}.iso", label.map_or_else(|| FALLBACK.to_owned(), safe_name))
}

/// `path`, or the first of `NAME (2).iso`, `NAME (3).iso`, .. that is not taken. `None` where thousands are.
pub fn first_free(path: &Path, mut is_taken: impl FnMut(&Path) -> bool) -> Option<PathBuf> {
    let numbered = |number: u32| {
        let mut name = path.file_stem().unwrap_or_default().to_owned();
        name.push(format!(" ({number})"));
        if let Some(ending) = path.extension() {
            name.push(".");
            name.push(ending);
        }
        path.with_file_name(name)
    };
    std::iter::once(path.to_owned()).chain((2..TRIES).map(numbered)).find(|path| !is_taken(path))
}

/// Where the bytes are until the image is finished.
pub fn part(output: &Path) -> PathBuf {
    with_added(output, ".part")
}

/// What is missing.
pub fn map(output: &Path) -> PathBuf {
    with_added(output, ".map")
}

/// The account of the rip.
pub fn account(output: &Path) -> PathBuf {
    with_added(output, ".json")
}

/// The hash list of one algorithm, which is named as the ending is: `sha256`.
pub fn hash_list(output: &Path, algorithm: &str) -> PathBuf {
    with_added(output, &format!(".{algorithm}"))
}

/// Where the map of an image may be, in the order in which to look.
pub fn maps_of(image: &Path) -> Vec<PathBuf> {
    let image = without(image, ".part").unwrap_or_else(|| image.to_owned());
    vec![map(&image), image.with_extension("map"), image.with_extension("mapfile")]
}

/// Where the image of a map may be, in the order in which to look.
pub fn images_of(map: &Path) -> Vec<PathBuf> {
    let Some(base) = without(map, ".map").or_else(|| without(map, ".mapfile")) else { return Vec::new() };
    let mut images = Vec::new();
    for image in [base.clone(), with_added(&base, ".iso"), with_added(&base, ".img"), with_added(&base, ".bin")] {
        images.push(part(&image));
        images.push(image);
    }
    images
}

fn with_added(path: &Path, ending: &str) -> PathBuf {
    let mut whole = OsString::from(path);
    whole.push(ending);
    whole.into()
}

/// `None` where the name does not end so, or has nothing before it.
fn without(path: &Path, ending: &str) -> Option<PathBuf> {
    let is_its_ending =
        path.extension().is_some_and(|found| Some(found.as_encoded_bytes()) == ending.as_bytes().get(1..));
    is_its_ending.then(|| path.with_extension(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_readable_label_stays_readable() {
        for label in ["DEBIAN_12_AMD64_1", "Grüße aus Köln", "日本語ディスク", "v1.2 (final)", "a-b.c"] {
            assert_eq!(safe_name(label), label);
        }
        assert_eq!(image_name(Some("MY DISC")), "MY DISC.iso");
        assert_eq!(image_name(None), "disc.iso");
    }

    #[test]
    fn a_hostile_label_becomes_a_harmless_name() {
        for (label, name) in [
            ("", "disc"),
            ("   ", "disc"),
            ("..", "disc"),
            ("___", "disc"),
            ("../../etc/passwd", "_.._etc_passwd"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("--. -x", "x"),
            ("~root", "root"),
            ("a\0b\x1b[31mc\n", "a b [31mc"),
            ("evil\u{202E}gpj.exe", "evilgpj.exe"),
            ("zero\u{200B}width\u{FEFF}", "zerowidth"),
            ("C:\\AUTO*?", "C__AUTO__"),
            ("bad\u{FFFD}", "bad_"),
            ("end. . ", "end"),
        ] {
            assert_eq!(safe_name(label), name, "{label:?}");
        }
    }

    #[test]
    fn the_first_free_name_is_numbered_from_two() {
        let taken = ["d/A.iso", "d/A (2).iso"];
        let free = |path: &str| first_free(Path::new(path), |p| taken.iter().any(|t| Path::new(t) == p));
        assert_eq!(free("d/B.iso"), Some("d/B.iso".into()));
        assert_eq!(free("d/A.iso"), Some("d/A (3).iso".into()));
        assert_eq!(first_free(Path::new("A"), |_| true), None);
    }

    #[test]
    fn files_of_a_rip_stand_beside_it() {
        let output = Path::new("/x/a.iso");
        assert_eq!(part(output), Path::new("/x/a.iso.part"));
        assert_eq!(map(output), Path::new("/x/a.iso.map"));
        assert_eq!(account(output), Path::new("/x/a.iso.json"));
        assert_eq!(hash_list(output, "sha256"), Path::new("/x/a.iso.sha256"));
    }

    #[test]
    fn an_image_and_its_map_find_each_other() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(maps_of(Path::new("d/a.iso.part")), paths(&["d/a.iso.map", "d/a.map", "d/a.mapfile"]));
        assert_eq!(maps_of(Path::new("d/a.iso")), paths(&["d/a.iso.map", "d/a.map", "d/a.mapfile"]));
        assert_eq!(images_of(Path::new("d/a.iso.map")).get(..2), Some(&*paths(&["d/a.iso.part", "d/a.iso"])));
        assert!(images_of(Path::new("d/a.mapfile")).contains(&PathBuf::from("d/a.iso")));
        assert!(images_of(Path::new("d/a.txt")).is_empty());
        for image in ["a.iso", "a.iso.part", "a.img"] {
            for map in maps_of(Path::new(image)) {
                assert!(images_of(&map).contains(&PathBuf::from(image)), "{image} {map:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_label_has_a_safe_name(label in any::<String>(), again in 1..50_usize) {
            let name = safe_name(&label.repeat(again));
            prop_assert!(!name.is_empty() && name.len() <= NAME_BYTES);
            prop_assert!(!name.contains(['/', '\0', '\n']) && !name.starts_with(['.', '-', ' ', '~']));
            prop_assert_eq!(Path::new(&name).file_name().and_then(|n| n.to_str()), Some(name.as_str()));
            prop_assert_eq!(safe_name(&name), name);
        }
    }
}
