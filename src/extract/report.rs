//! This module knows what is to be told of an extraction.

use std::io;

use super::names::WhyRenamed;
use crate::filesystem::NodeKind;
use crate::filesystem::content::Lost;

/// What is told one by one; beyond that it is counted.
const MOST_TOLD: usize = 10_000;

/// What was made, and what there is to say to it.
#[derive(Debug, Default)]
pub struct Report {
    /// With content of their own, or other names of such.
    pub files: u64,
    pub directories: u64,
    pub symlinks: u64,
    /// Of content that was written, holes not included.
    pub bytes: u64,
    /// In the order in which it came up; no more than ten thousand.
    pub told: Vec<Told>,
    /// Files that lack some of their bytes.
    pub damaged: u64,
    /// Bytes that they lack; of a file with several names once.
    pub lost_bytes: u64,
    /// Left alone because something is there already.
    pub kept: u64,
    /// On purpose: links that lead outside, devices.
    pub left_out: u64,
    /// With another name than on the disc.
    pub renamed: u64,
    /// Could not be made.
    pub failed: u64,
}

/// Something to be said of one name.
#[derive(Debug)]
pub struct Told {
    /// On the disc, from the root, without a slash in front; as recorded, not escaped.
    pub path: Vec<u8>,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    /// These bytes of it are missing.
    Damaged(Vec<Loss>),
    /// Something of this name was there, and was left alone.
    Kept,
    Renamed {
        to: Vec<u8>,
        why: WhyRenamed,
    },
    /// Another name in the same directory differs from this one in the size of letters alone.
    OnlyCase,
    /// A symbolic link that was not made, since it leads outside or none were wanted.
    LinkLeftOut {
        target: Vec<u8>,
    },
    /// No file and no directory: a device, say.
    LeftOut(NodeKind),
    Failed(io::Error),
}

/// Consecutive bytes of a file that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// From the start of the file, in bytes.
    pub offset: u64,
    /// In bytes.
    pub length: u64,
    /// Where they would be in the image, in bytes, as far as anything says so.
    pub at: Option<u64>,
    pub why: Lost,
}

impl Report {
    /// Whether every file that was asked for is here as it was on the disc, but those that were left out on purpose.
    pub fn is_whole(&self) -> bool {
        self.damaged == 0 && self.kept == 0 && self.failed == 0
    }

    pub(super) fn tell(&mut self, path: impl FnOnce() -> Vec<u8>, what: What) {
        let count = match &what {
            What::Damaged(_) => Some(&mut self.damaged),
            What::Kept => Some(&mut self.kept),
            What::Renamed { .. } => Some(&mut self.renamed),
            What::OnlyCase => None,
            What::LinkLeftOut { .. } | What::LeftOut(_) => Some(&mut self.left_out),
            What::Failed(_) => Some(&mut self.failed),
        };
        if let Some(count) = count {
            *count += 1;
        }
        if self.told.len() < MOST_TOLD {
            self.told.push(Told { path: path(), what });
        }
    }
}
