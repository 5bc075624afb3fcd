//! This module knows the discs that can lie in the virtual tray.
