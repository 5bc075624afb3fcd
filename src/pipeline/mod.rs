//! This module knows threads, buffers and waiting, for all jobs.
