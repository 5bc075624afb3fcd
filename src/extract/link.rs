//! This module knows where a symbolic link can lead.

/// Whether Linux has such a link.
pub(super) fn is_possible(target: &[u8]) -> bool {
    !target.is_empty() && !target.contains(&0)
}

/// Whether a link in a directory `depth` steps below the root leads to nothing above the root, whatever on its way is
/// itself such a link. Only steps up at its beginning can be followed for certain: those lead through real directories.
pub(super) fn stays_inside(target: &[u8], depth: u32) -> bool {
    if !is_possible(target) || target.starts_with(b"/") {
        return false;
    }
    let mut up = 0_u32;
    let mut is_down = false;
    for step in target.split(|&byte| byte == b'/') {
        match step {
            b"" | b"." => {}
            b".." if is_down => return false,
            b".." => up = up.saturating_add(1),
            _ => is_down = true,
        }
    }
    up <= depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_may_go_up_as_far_as_the_root() {
        for (target, depth) in [("a", 0), ("./a/b", 0), ("..", 1), ("../../x/y", 2), ("a//b/.", 0)] {
            assert!(stays_inside(target.as_bytes(), depth), "{target}");
        }
    }

    #[test]
    fn a_link_may_not_leave() {
        for (target, depth) in [("", 3), ("/", 3), ("/etc/passwd", 3), ("..", 0), ("../../x", 1), ("./..//..", 1)] {
            assert!(!stays_inside(target.as_bytes(), depth), "{target}");
        }
        // `link` can be a link to somewhere deeper or higher: where `..` leads from there is anybody's guess.
        assert!(!stays_inside(b"link/../x", 5));
    }
}
