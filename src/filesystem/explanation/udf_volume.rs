//! This module knows what the rules for UDF volumes (U01 to U08, U13, U15, U16, U18) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[];
