//! This module knows what the rules for UDF files (U09 to U12, U14, U17, U19 to U21) mean to a person.

use super::Explanation;
use crate::filesystem::rule::Rule;

pub(super) const EXPLAINED: &[(Rule, Explanation)] = &[];
