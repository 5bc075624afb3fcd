//! This module knows ISO 9660 and its extensions.
