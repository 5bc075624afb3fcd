//! This module knows what can be wrong with a hash list.

use crate::checksum::Algorithm;

/// Why a file is of no use as a hash list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// No line is understood; the first of them.
    #[error(transparent)]
    NoUsableLine(ListWarning),
    /// Nothing but comments and empty lines, or not even these.
    #[error("the list has no line with a digest")]
    Empty,
}

/// A line that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ListWarning {
    /// Counted from 1.
    pub line: usize,
    pub problem: ListProblem,
}

/// Why a line was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListProblem {
    #[error("not a line of a hash list")]
    NotALine,
    #[error("no digest has {digits} hex digits")]
    Length { digits: usize },
    #[error("a {algorithm} digest has {} hex digits, not {digits}", algorithm.digest_bytes().saturating_mul(2))]
    LengthOf { algorithm: Algorithm, digits: usize },
    #[error("{name} is not among the digests this program computes")]
    Unsupported { name: String },
    #[error("a backslash in the name begins no escape")]
    Escape,
    #[error("a digest without a name")]
    NoName,
    #[error("a zero byte: a list is a text of bytes, not UTF-16 or binary data")]
    ZeroByte,
    #[error("a line of hashdeep's needs {columns} columns")]
    Columns { columns: usize },
    #[error("hashdeep's line of column names has to end with \"filename\"")]
    ColumnNames,
    #[error("{text:?} is not a size in bytes")]
    Size { text: String },
}
