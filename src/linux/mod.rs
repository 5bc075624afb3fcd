//! This module knows the kernel: every ioctl and every `unsafe` of the program.
