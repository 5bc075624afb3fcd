//! This module knows each command with its answer, a file a command.

use crate::bytes::Truncated;
use crate::scsi::Cdb;

/// A command: the host makes a CDB of it, a drive makes it of a CDB.
pub trait Command: Sized {
    /// The first byte of its CDB.
    const OPCODE: u8;

    fn cdb(&self) -> Cdb;

    /// `None` where `cdb` is another command; fields that the standard reserves are ignored.
    fn from_cdb(cdb: &Cdb) -> Option<Self>;
}

/// The data that a command brings back: the host parses it, a drive emits it.
pub trait Answer: Sized {
    /// Takes what came, which may be less than was asked for: a field that did not come is absent.
    ///
    /// # Errors
    /// Where a field is missing without which the answer means nothing.
    fn parse(bytes: &[u8]) -> Result<Self, Truncated>;

    /// The whole answer; who sends it cuts it to the allocation length.
    fn emit(&self) -> Vec<u8>;
}
