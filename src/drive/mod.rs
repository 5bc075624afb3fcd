//! This module knows one drive, spoken to in verbs.
