//! This module knows what the text of a state leaves out: what is not so, and what there is none of.

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
pub fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
pub fn is_zero(number: &u32) -> bool {
    *number == 0
}
