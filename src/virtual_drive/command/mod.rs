//! This module knows what a drive does on each command; files are named as in `mmc/command/`.
