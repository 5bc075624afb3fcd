//! This module knows UDF: ECMA-167 as OSTA's Universal Disk Format 1.02 to 2.60 narrows it.

pub mod descriptor;
mod survey;
pub mod tag;

pub(super) use survey::survey;
