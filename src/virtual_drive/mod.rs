//! This module knows a whole drive in software, with a disc in it.
