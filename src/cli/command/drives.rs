//! This module knows the command `drives`.

/// List the drives here, what they are, what is in them, who holds them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  discwright drives
  discwright drives --json | jq -r 'select(.event == \"drive\") | .device'")]
pub struct Args {}
